"""One patient's messages: the list, one of them readable, and what a person does about it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate, call
from journal.selectors.composer import document_types
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.common import row_or_404
from journal.views.typed import Typed, act_page
from lms_epj.core.clock import oslo_date
from messaging.composing.versions import CANCELLED_TOO, CHANGED_TOO, kind_filed_as
from messaging.domain.carrying import medicines, prose
from messaging.formats.read import read
from messaging.formats.showing.document import as_document
from messaging.models import CommunicationParty, Message
from messaging.selectors.lists import message_row, of_patient, whole
from messaging.selectors.states import FAILED, acknowledged, answering, explanation, reading_order, steps
from messaging.services import handling, reception
from messaging.services.versions import is_with_receiver, message_cancel
from messaging.templatetags.document import kind_of

# code in the address → what the page says
DONE = {
    "vurdert": gettext_noop("Meldingen er markert som vurdert av deg. Oppgaven om den er gjort."),
    "fulgt-opp": gettext_noop("Oppfølgingen er lagret med navnet ditt."),
    "sendt": gettext_noop("Meldingen er lagt i kø og sendes på nytt."),
    "lagt-i-ko": gettext_noop("Meldingen er lagt i kø og sendes nå. Her ser du når den er kommet fram."),
    "trukket": gettext_noop("Meldingen er trukket tilbake. Mottakeren får beskjed nå. Her ser du når den er kommet fram."),
    "tatt-imot": gettext_noop("Pasienten er ventet på posten, og svaret er sendt. Overfør legemidler og plan når de er her."),
    "overfort": gettext_noop("Legemidlene står i listen, med meldingen som kilde."),
    "rettet": gettext_noop("Den rettede meldingen er lagt i kø. Den gamle er tatt vare på."),
}


def messages_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    here, before = reverse("patient_messages", args=[patient]), request.GET.get("for", "")
    rows, older = of_patient(request.gate, patient, before)
    context = patient_frame(request.gate, patient, "patient_messages") | {
        "rows": rows, "older_url": f"{here}?for={older}" if older else "", "newest_url": here if before else "", "acts": acts(request.gate, patient), "refused": call("exchange_stopped", patient),
    }  # fmt: skip
    return render(request, "messaging/patient_messages.html", context)


def acts(gate: Gate, patient: UUID) -> list[dict[str, str]]:
    """What this person may begin here."""
    names = [("message_kinds", _("Ny melding"), gate.may(Action.SEND, None)),
             ("exchange_refusal", _("Pasientens ønske om meldinger"), gate.may(Action.WRITE, Category.ADMIN))]  # fmt: skip
    return [{"label": label, "url": reverse(name, args=[patient])} for name, label, allowed in names if allowed]


def message_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """Read by this person from now on, which the page itself shows to the others."""
    row = row_or_404(Message, patient, message)
    call("message_seen", row.pk)
    if "fil" in request.GET:
        return _file(row, request.GET["fil"])
    return render(request, "messaging/message.html", _context(request, patient, message))


def _context(request: HttpRequest, patient: UUID, key: UUID, error: str = "") -> dict[str, Any]:
    gate = request.gate
    row = whole().defer(None).get(patient=patient, pk=key)
    shown = message_row(gate, row)
    ours = row.unit_id == gate.unit_id
    sends = row.direction == Message.Direction.OUT and ours and not row.superseded and bool(row.raw) and gate.may(Action.SEND, row.category_id)
    done = DONE.get(request.GET.get("gjort", ""))
    return {
        **patient_frame(gate, patient, "patient_messages"), "message": row, "row": shown, "why": explanation(row, gate.unit_id),
        "answers": answering(gate, row), "steps": steps(gate, row),
        "sections": reading_order(as_document(read(bytes(row.raw)).message)) if row.raw else [], "erased": not row.raw, "list_url": reverse("patient_messages", args=[patient]),
        "messages": [{"text": _(done)}] if done else [], "error": error, "file_url": shown["url"],
        "done_url": reverse("patient_message_done", args=[patient, key]) if _answers(request, row, shown) else "",
        "again_url": reverse("patient_message_again", args=[patient, key]) if sends and any(one.state in FAILED for one in row.outbox.all()) else "",
        "mend_url": reverse("patient_message_mend", args=[patient, key]) if sends and shown["state"]["follow_up"] and not shown["state"]["outdated"] else "",
        **_reception(gate, row), "carry_url": _carry_url(gate, row),
        **(_versions(row) if sends and is_with_receiver(row) else {}),
        "answer_url": reverse("message_kinds", args=[patient]) + f"?svar={key}" if shown["incoming"] and gate.may(Action.SEND, None) else "",
        "replaced_url": reverse("patient_message", args=[patient, row.superseded_by_id]) if row.superseded_by_id else "",
    }  # fmt: skip


def _reception(gate: Gate, row: Message) -> dict[str, Any]:
    """What a ward says to a hospital that says its patient is ready, and does when the hospital says that it was not so."""
    asked = reception.may_answer(gate, row) and not acknowledged(row.readings.all(), gate.unit_id)
    names = {"accept_url": "reception_accept", "decline_url": "reception_decline"} if asked else {}
    urls = {key: reverse(name, args=[row.patient_id, row.pk]) for key, name in names.items()}
    return urls | ({"gone_url": reverse("stay_cancel", args=[row.patient_id])} if reception.expected_here(gate, row) else {})


def _carry_url(gate: Gate, row: Message) -> str:
    """Where it holds something that this person may take into the record."""
    if row.direction != Message.Direction.IN or row.superseded or not (gate.may(Action.WRITE, Category.MEDICATION) or document_types(gate)):
        return ""
    told = read(bytes(row.raw)).message.content
    found = medicines(told, oslo_date(gate.now)) or prose(told)
    return reverse("message_carry", args=[row.patient_id, row.pk]) if found else ""


def _versions(row: Message) -> dict[str, str]:
    """How one that the receiver has is put right: by what its standard allows."""
    kind = kind_filed_as(row.document_type_id or "")
    label = _("Send ny utgave") if row.type in CHANGED_TOO else _("Trekk tilbake og skriv ny") if row.type in CANCELLED_TOO else _("Send rettelse")
    change = reverse("message_compose", args=[row.patient_id, kind.slug]) + f"?endrer={row.pk}" if kind and not kind.answers else ""
    return {"change_url": change, "change_label": label, "cancel_url": reverse("patient_message_cancel", args=[row.patient_id, row.pk])}


def cancel_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    row = row_or_404(Message, patient, message)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        sent = message_cancel(gate=request.gate, message=row, reason=request.POST.get("reason", ""))
    except JournalError as error:
        return render(request, "messaging/message.html", _context(request, patient, message, error.message), status=error.status)
    return HttpResponseRedirect(reverse("patient_message", args=[patient, sent]) + "?gjort=trukket")


def _answers(request: HttpRequest, row: Message, shown: dict[str, Any]) -> bool:
    """Whether this person's unit has not answered for it yet."""
    return request.gate.role["may_chart"] and (shown["state"]["unread"] if row.direction == Message.Direction.IN else shown["state"]["follow_up"])


def _file(row: Message, place: str) -> HttpResponse:
    """An enclosed file, always as a download and never opened in the page."""
    files = read(bytes(row.raw)).message.attachments if row.raw else []
    if not place.isdigit() or int(place) >= len(files):
        raise Http404
    one = files[int(place)]
    try:
        content = one.data()
    except ValueError:
        raise Http404 from None
    name = f"vedlegg-{int(place) + 1}{kind_of(one.sniffed)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def done_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """Assessed, or followed up in another way. Goes on to the unit's list: with the task done the record may be closed to this unit."""
    row = row_or_404(Message, patient, message)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    remark = request.POST.get("remark", "")
    outgoing = row.direction == Message.Direction.OUT
    if outgoing and not remark.strip():
        return render(request, "messaging/message.html", _context(request, patient, message, _("Skriv hva som er gjort.")), status=422)
    handling.message_acknowledge(gate=request.gate, message=row, remark=remark)
    return HttpResponseRedirect(reverse("unit_messages") + f"?gjort={'fulgt-opp' if outgoing else 'vurdert'}")


def again_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    row = row_or_404(Message, patient, message)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        handling.message_again(message=row)
    except JournalError as error:
        return render(request, "messaging/message.html", _context(request, patient, message, error.message), status=error.status)
    return HttpResponseRedirect(reverse("patient_message", args=[patient, message]) + "?gjort=sendt")


def mend_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """Another receiver and the patient's present numbers; the text itself is mended in the record it was written from."""
    gate = request.gate
    row = row_or_404(Message, patient, message)
    typed = Typed(request, {"receiver": "", "remark": ""})
    addresses = list(
        CommunicationParty.objects.filter(unit=None, valid_to=None).exclude(transport="").select_related("parent").order_by("parent__name", "name")
    )
    receiver = typed.chosen("receiver", addresses)
    if typed.ready:
        try:
            sent = handling.message_mend(gate=gate, message=row, receiver=receiver, remark=typed.text("remark"))
            return HttpResponseRedirect(reverse("patient_message", args=[patient, sent]) + "?gjort=rettet")
        except JournalError as error:
            typed.refuse(error)
    options = [(one.pk, f"{one.parent.name}: {one.name}" if one.parent else one.name) for one in addresses]
    return act_page(
        request, patient, typed, title=_("Rett og send på nytt"), submit=_("Send på nytt"), active="patient_messages",
        cancel_url=reverse("patient_message", args=[patient, message]),
        lead=_("«%(title)s» til %(who)s sendes under nytt nummer, med pasientens numre slik de er i dag. Den gamle meldingen tas vare på.")
        % {"title": row.title, "who": row.receiver_name},
        fields=[
            typed.select("receiver", _("Mottaker"), options, empty=_("Samme mottaker: %(who)s") % {"who": row.receiver_name}),
            typed.field("remark", _("Hva er rettet?"), maxlength=300, hint=_("For eksempel «D-nummeret er byttet» eller «Feil tjeneste»."), required=True),
        ],
    )  # fmt: skip
