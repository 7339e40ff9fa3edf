"""Files of one record: the list, a new one, one of them, its bytes, and marking it as wrong."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from access.domain.codes import Action
from journal.domain.files import LARGEST
from journal.domain.moments import write_moment
from journal.models import Attachment
from journal.selectors import attachments as selectors
from journal.selectors.composer import document_types
from journal.selectors.frame import patient_frame
from journal.services.attachments import FAULTS, attachment_add, attachment_strike
from journal.services.attachments import Fault as FileFault
from journal.services.checks import refuse
from journal.services.entries import NOT_HERE
from journal.services.errors import JournalError
from journal.views.common import after, is_uuid, messages, number, row_or_404
from journal.views.typed import Typed, act_page

# Whatever a file holds, the browser runs nothing of it and guesses nothing about it.
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin"}


def list_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    gate, page = request.gate, number(request.GET.get("side", ""))
    shown, following = selectors.listed(patient, page)
    here = reverse("attachments", args=[patient])
    context = patient_frame(gate, patient, "notes") | {
        "parts": selectors.parts(gate, patient, "attachments"), "messages": messages(request, patient), "files": shown, "struck": selectors.struck(patient),
        "new_url": reverse("attachment_new", args=[patient]) if gate.role["may_chart"] and document_types(gate) else "",
        "older_url": f"{here}?side={following}" if following else "", "newest_url": here if page else "",
    }  # fmt: skip
    return render(request, "journal/attachments.html", context)


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Takes one file; a script asks for the answer as data, so that what was chosen stays on the page when it is refused."""
    gate = request.gate
    types = document_types(gate) if gate.role["may_chart"] else []
    if not types:
        raise PermissionDenied(_(NOT_HERE))
    typed = Typed(request, {"event_at": write_moment(gate.now, gate.now), "document_type": types[0].code})
    chosen = typed.chosen("document_type", types, message=_("Velg type.")) if typed.posted else None
    taken_at = typed.moment("event_at")
    if typed.ready and chosen and taken_at:
        try:
            (raw,) = uploaded(request, "file", most=1)
            attachment_add(
                gate=gate, patient=patient, document_type=chosen, raw=raw, title=typed.text("title"), note=typed.text("note"), taken_at=taken_at,
                key=form_key(request),
            )  # fmt: skip
            return sent(request, after("attachments", patient, "vedlegg"))
        except JournalError as error:
            typed.refuse(error)
    return not_taken(request, typed) or act_page(
        request, patient, typed, title=_("Nytt vedlegg"), submit=_("Lagre i journalen"), active="notes", template="journal/attachment_new.html",
        cancel_url=reverse("attachments", args=[patient]), hidden={"key": str(form_key(request))}, file_error=typed.errors.get("file", ""),
        fields=[
            typed.field("title", _("Tittel"), maxlength=120, hint=_("For eksempel «Epikrise fra Ahus» eller «Utslett på ryggen»")),
            typed.select("document_type", _("Hører til"), [(one.code, one.name) for one in types], hint=_("Den som kan lese notater av denne typen, kan se vedlegget")),
            typed.field("event_at", _("Tatt eller datert"), autocomplete="off"), typed.field("note", _("Merknad"), rows=2, maxlength=2000),
        ],
    )  # fmt: skip


def uploaded(request: HttpRequest, name: str, *, most: int) -> list[bytes]:
    """The bytes of the files that were sent: at least one, at most so many.

    Raises JournalError. What is larger than the server takes has not been kept, and looks as if nothing had been sent.
    """
    found = request.FILES.getlist(name)
    if not found and number(request.META.get("CONTENT_LENGTH", "")) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise refuse("too_large", _(FAULTS[FileFault.TOO_LARGE]), name)
    found = [one for one in found if one.size or one.name]
    if not found:
        raise refuse("missing", _("Ta et bilde eller velg en fil."), name)
    if len(found) > most:
        raise refuse("many", _("Send én fil om gangen.") if most == 1 else _("Det er for mange bilder."), name)
    if any(one.size > LARGEST for one in found):
        raise refuse("too_large", _(FAULTS[FileFault.TOO_LARGE]), name)
    return [one.read() for one in found]


def form_key(request: HttpRequest) -> UUID:
    """The form's own key: what is sent twice with it is stored once."""
    posted = request.POST.get("key", "")
    return UUID(posted) if is_uuid(posted) else uuid4()


def sent(request: HttpRequest, answer: Any) -> HttpResponse:
    """Where to go on: to a script as data, else as a redirect."""
    return JsonResponse({"url": answer.url}, status=201) if from_script(request) else answer


def not_taken(request: HttpRequest, typed: Typed) -> HttpResponse | None:
    """What was wrong, to a script; None for a page."""
    if not (typed.posted and from_script(request)):
        return None
    return JsonResponse({"errors": typed.error_list()}, status=typed.status)


def from_script(request: HttpRequest) -> bool:
    return "X-EPJ-Upload" in request.headers


def one_view(request: HttpRequest, patient: UUID, attachment: UUID) -> HttpResponse:
    row = _row(patient, attachment)
    context = patient_frame(request.gate, patient, "notes") | selectors.whole(request.gate, row) | {
        "parts": selectors.parts(request.gate, patient, "attachments"), "messages": messages(request, patient), "shown": not row.struck_at or "vis" in request.GET,
    }  # fmt: skip
    return render(request, "journal/attachment.html", context)


def image_view(request: HttpRequest, patient: UUID, attachment: UUID) -> HttpResponse:
    """The image, to be seen on a page. A document is never shown in the record's own pages."""
    row = _row(patient, attachment)
    if not row.is_image:
        raise Http404
    return file_answer(row.content, row.media_type, f"bilde-{row.event_at:%Y-%m-%d}.jpg", download=False)


def file_view(request: HttpRequest, patient: UUID, attachment: UUID) -> HttpResponse:
    """The file to be taken out of the record: what may be printed may be taken."""
    row = _row(patient, attachment)
    if not selectors.may_row(request.gate, Action.PRINT, row):
        raise PermissionDenied(_(NOT_HERE))
    return file_answer(row.content, row.media_type, f"vedlegg-{row.event_at:%Y-%m-%d}.{'jpg' if row.is_image else 'pdf'}", download=True)


def file_answer(content: Any, media_type: str, name: str, *, download: bool) -> HttpResponse:
    disposition = content_disposition_header(download, name) or "inline"
    return HttpResponse(bytes(content), content_type=media_type, headers={"Content-Disposition": disposition, **SAFE})


def strike_view(request: HttpRequest, patient: UUID, attachment: UUID) -> HttpResponse:
    row, typed = _row(patient, attachment), Typed(request)
    if typed.ready:
        try:
            attachment_strike(gate=request.gate, row=row, reason=typed.text("reason"))
            return after("attachments", patient, "vedlegg-feil")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Merk vedlegget som feil"), submit=_("Merk som feil"), active="notes", lead=row.title,
        cancel_url=reverse("attachment", args=[patient, attachment]), notes=[_("Vedlegget blir stående med begrunnelsen, men vises ikke lenger.")],
        fields=[typed.field("reason", _("Hva er feil?"), maxlength=500, hint=_("For eksempel «Feil pasient» eller «Uskarpt»"))],
    )  # fmt: skip


def _row(patient: UUID, attachment: UUID) -> Attachment:
    row: Attachment = row_or_404(Attachment, patient, attachment)
    return row
