"""Writing a message about a patient: which kind, what it says, how it will look, and off it goes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate
from journal.domain.moments import write_moment
from journal.models import Note
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.formatting import format_moment
from lms_epj.core.ids import uuid7
from messaging.composing.kinds import KINDS, Kind
from messaging.composing.pieces import Material, Piece
from messaging.composing.versions import said_before
from messaging.formats.read import read
from messaging.models import Message
from messaging.selectors.parties import Receiver, parties_in_use, receivers, takes
from messaging.selectors.record import material_of
from messaging.services.compose import Draft, Letter, letter_compose, letter_send, sending_category
from messaging.services.versions import is_with_receiver

PARTS = {
    "diagnoses": gettext_noop("Diagnoser"), "critical": gettext_noop("Kritisk informasjon"), "medications": gettext_noop("Legemidler i bruk"),
    "services": gettext_noop("Tjenester"), "relatives": gettext_noop("Pårørende"),
}  # fmt: skip


def kinds_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What this person may send from here; in answer to a message only what answers it."""
    gate = request.gate
    answered = answered_of(request, patient)
    kinds = [kind for kind in KINDS.values() if _offered(gate, kind, answered)]
    query = f"?svar={answered.pk}" if answered else ""
    context = patient_frame(gate, patient, "patient_messages") | {
        "answered": answered, "list_url": reverse("patient_messages", args=[patient]),
        "kinds": [{"title": _(kind.title), "url": reverse("message_compose", args=[patient, kind.slug]) + query} for kind in kinds],
    }  # fmt: skip
    return render(request, "messaging/kinds.html", context)


def compose_view(request: HttpRequest, patient: UUID, kind: str) -> HttpResponse:
    """The form; «Se over» shows the message as it will be, «Send» sends that."""
    chosen = KINDS.get(kind)
    gate = request.gate
    if chosen is None or sending_category(gate, chosen) is None:
        raise Http404
    answered, changed_one = answered_of(request, patient), changed_of(request, patient)
    if chosen.answers and answered is None:
        raise Http404
    material = material_of(patient)
    offered = _receivers(chosen, material, answered, changed_one, gate.now)
    typed = Typed(request, _start(chosen, material, offered, gate) | (_said_before(chosen, material, changed_one) if changed_one else {}))
    draft = _draft(request, typed, chosen, offered, answered, changed_one) if typed.posted else None
    letter: Letter | None = None
    changed = False
    if typed.ready and draft is not None:
        try:
            letter = letter_compose(gate=gate, patient=patient, draft=draft)
            changed = "send" in request.POST and request.POST.get("seen") != letter.digest
            if "send" in request.POST and not changed:
                sent = _send_once(request, patient, letter)
                return HttpResponseRedirect(reverse("patient_message", args=[patient, sent]) + "?gjort=lagt-i-ko")
        except JournalError as error:
            typed.refuse(error)
    page = _page(request, patient, chosen, material, offered, typed, answered, letter) | {"changed": changed, "changes": changed_one}
    return render(request, "messaging/compose.html", page, status=typed.status)


def _send_once(request: HttpRequest, patient: UUID, letter: Letter) -> UUID:
    """Under the key that the page was given when it was looked over: a second press, or another tab, finds what the first one sent."""
    key = UUID(request.POST["key"]) if _is_uuid(request.POST.get("key", "")) else uuid7()
    try:
        return letter_send(gate=request.gate, patient=patient, letter=letter, key=key)
    except IntegrityError:
        if not Message.objects.filter(pk=key, patient=patient, author=request.gate.user_id).exists():
            raise
        return key


def answered_of(request: HttpRequest, patient: UUID) -> Message | None:
    """The message that is answered, named in the address. One that cannot be read here is as one that is not there."""
    named = request.GET.get("svar", "")
    if not named:
        return None
    try:
        return Message.objects.get(pk=UUID(named), patient=patient, direction="in")
    except (ValueError, Message.DoesNotExist):
        raise Http404 from None


def changed_of(request: HttpRequest, patient: UUID) -> Message | None:
    """The message of the unit's own that this is to take the place of, named in the address."""
    named = request.GET.get("endrer", "")
    if not named:
        return None
    row = Message.objects.filter(pk=named if _is_uuid(named) else None, patient=patient, unit=request.gate.unit_id).first()
    if row is None or not row.raw or not is_with_receiver(row):
        raise Http404
    return row


def _said_before(kind: Kind, material: Material, changed: Message) -> dict[str, str]:
    """What it said; where its note has been corrected since, what the note says now."""
    noted = {one.id for one in material.of("note")}
    now = {field.key: material.text(field.sources) for field in kind.fields}
    before = {key: text for key, text in said_before(kind, read(bytes(changed.raw)).message).items() if text}
    if kind.type.startswith("DIALOG_") and "text" in before:
        before["text"] = _("Rettelse av melding sendt %(at)s:") % {"at": format_moment(changed.sent_at)} + f"\n\n{before['text']}"
    corrected = Note.objects.filter(pk=changed.origin_id, corrected_at__gt=changed.recorded_at).exists()
    return before | {key: text for key, (text, note) in now.items() if corrected and note == changed.origin_id and note in noted}


def _offered(gate: Gate, kind: Kind, answered: Message | None) -> bool:
    if answered is None:
        return not kind.answers and sending_category(gate, kind) is not None
    fits = answered.type in kind.answers or (kind.slug == "dialog" and not kind.answers)
    return fits and sending_category(gate, kind) is not None


def _receivers(kind: Kind, material: Material, answered: Message | None, changed: Message | None, at: datetime) -> list[Receiver]:
    """An answer goes to whom the message came from, a changed version to whom it went; otherwise whoever the kind is for."""
    if answered is None and changed is None:
        return receivers(kind, material.subject, at)
    sender = parties_in_use(at).filter(her_id=answered.sender_her if answered else changed.receiver_her).first()
    return [Receiver(sender, takes(sender, kind.type), True)] if sender else []


def _start(kind: Kind, material: Material, offered: list[Receiver], gate: Gate) -> dict[str, str]:
    """What the form begins with: texts from the notes, the patient's own receiver, and the time that the stay knows."""
    values = {field.key: material.text(field.sources)[0] for field in kind.fields}
    likely = [one for one in offered if one.likely]
    values["receiver"] = str(likely[0].party.pk) if likely or (len(offered) == 1 and (likely := offered)) else ""
    course = material.course
    known = {
        "LOG_INNLAGT": course and course.admitted_at, "HELSEOPPL_SOKNAD": course and course.admitted_at, "LOG_UTSKREVET": course and course.discharged_at,
        "LOG_UTSKRIVNINGSKLAR": course and (course.planned_at or course.ready_at), "LOG_DOD": material.subject.deceased_at,
    }.get(kind.type)  # fmt: skip
    values["at"] = write_moment(known or gate.now, gate.now)
    values["choice"] = kind.options[0].value if len(kind.options) == 1 or kind.slug in ("dialog", "foresporsel", "svar") else ""
    return values


def _draft(
    request: HttpRequest, typed: Typed, kind: Kind, offered: list[Receiver], answered: Message | None, changed: Message | None
) -> Draft | None:
    receiver = next((one for one in offered if str(one.party.pk) == typed.text("receiver")), None)
    if receiver is None:
        typed.errors["receiver"] = _("Velg hvem meldingen skal til.")
    at = typed.moment("at") if kind.event else None
    choice = next((one for one in kind.options if one.value == typed.text("choice")), None)
    kept = set(request.POST.getlist("piece"))
    shown = {UUID(one) for one in request.POST.getlist("shown") if _is_uuid(one)}
    if receiver is None:
        return None
    return Draft(
        kind, receiver.party, {field.key: typed.text(field.key) for field in kind.fields}, choice, at,
        frozenset(one for one in shown if str(one) not in kept), typed.text("phone"), answered, changed,
    )  # fmt: skip


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _page(
    request: HttpRequest, patient: UUID, kind: Kind, material: Material, offered: list[Receiver], typed: Typed, answered: Message | None,
    letter: Letter | None,
) -> dict[str, Any]:  # fmt: skip
    gate = request.gate
    receiver = next((one for one in offered if letter and one.party.pk == letter_receiver(letter, offered)), None)
    return {
        **patient_frame(gate, patient, "patient_messages"), "kind": kind, "title": _(kind.title), "errors": typed.error_list(), "answered": answered,
        "fields": _fields(kind, typed, offered), "texts": [typed.field(one.key, _(one.label), rows=one.rows) for one in kind.fields],
        "parts": _parts(request, kind, material, letter), "nobody": not offered, "letter": letter, "receiver": receiver,
        "withheld": [{"part": _(PARTS.get(one.part, "Notat")), "label": one.label} for one in letter.withheld] if letter else [],
        "sections": letter.sections if letter else (), "blocked_here": bool(gate.decision and gate.decision.blocked),
        "cancel_url": reverse("patient_messages", args=[patient]), "posted": typed.posted, "key": uuid7(),
        "vault": "-".join(filter(None, ("message", kind.slug, str(answered.pk) if answered else ""))),
        "died_at": material.subject.deceased_at if kind.type != "LOG_DOD" else None,
    }  # fmt: skip


def letter_receiver(letter: Letter, offered: list[Receiver]) -> Any:
    wanted = letter.message.header.receiver.her_id if letter.message.header.receiver else ""
    return next((one.party.pk for one in offered if one.party.her_id == wanted), None)


def _fields(kind: Kind, typed: Typed, offered: list[Receiver]) -> list[dict[str, Any]]:
    options = [(one.party.pk, one.name if one.takes else _("%(name)s (som helsefaglig dialog)") % {"name": one.name}) for one in offered]
    made = [typed.select("receiver", _("Til"), options, empty="" if len(options) == 1 else _("Velg mottaker"))]
    if kind.options:
        made.append(typed.select("choice", _(kind.choice), [(one.value, one.text) for one in kind.options], empty=_("Velg")))
    if kind.event:
        made.append(typed.field("at", _("Tidspunkt"), hint=_("For eksempel 14:00 eller 25.11.2026 14:00"), inputmode="numeric"))
    made.append(typed.field("phone", _("Telefon for svar"), inputmode="tel", maxlength=20))
    return made


def _parts(request: HttpRequest, kind: Kind, material: Material, letter: Letter | None) -> list[dict[str, Any]]:
    """What goes along, ticked; what was ticked away stays so. What is withheld is not offered."""
    kept = set(request.POST.getlist("piece")) if request.method == "POST" else None
    hidden = {one.id for one in letter.withheld} if letter else set()

    def shown(piece: Piece) -> dict[str, Any]:
        return {"id": piece.id, "label": piece.label, "kept": kept is None or str(piece.id) in kept}

    groups = [(part, [shown(piece) for piece in material.of(part) if piece.id not in hidden]) for part in kind.parts]
    return [{"title": _(PARTS[part]), "pieces": pieces} for part, pieces in groups if pieces]
