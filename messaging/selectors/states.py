"""Where a message stands, in words and colours, and how it came there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from access.gate import Gate
from messaging.formats.showing.blocks import Section
from messaging.models import Message, OutboxItem, Reading, Receipt

ABOUT, WHOSE = "Melding", "Pasient"
FAILED = {"dead", "rejected", "held"}


def shown_state(gate: Gate, message: Message) -> dict[str, Any]:
    """{text, color, icon, follow_up}. ``follow_up``: somebody in the unit must do something. Wants receipts, outbox and readings prefetched."""
    if message.superseded:
        return _state(message.get_superseded_display(), "neutral", "ArrowsCirclepath")
    if message.direction == Message.Direction.IN:
        return _incoming(gate, message)
    if note_corrected(message, gate.unit_id):
        return _state(_("Notatet er rettet etterpå"), "danger", "ExclamationmarkTriangleFill", follow_up=True, outdated=True)
    if acknowledged(message.readings.all(), gate.unit_id):
        return _state(_("Fulgt opp"), "neutral", "CheckmarkCircle")
    return _outgoing(message)


def note_corrected(message: Message, unit: Any) -> bool:
    """Whether the note it was taken from was corrected after it was written, and the unit has not dealt with that. Wants `whole()`."""
    corrected = getattr(message, "origin_corrected", None)
    return bool(corrected) and not any(
        one.unit_id == unit and one.acknowledged_at and one.acknowledged_at > corrected for one in message.readings.all()
    )


def _incoming(gate: Gate, message: Message) -> dict[str, Any]:
    readings = list(message.readings.all())
    if acknowledged(readings, gate.unit_id):
        return _state(_("Vurdert"), "success", "CheckmarkCircle")
    if any(one.user_id == gate.user_id for one in readings):
        return _state(_("Lest, ikke vurdert"), "oransje", "Hourglass", unread=True)
    return _state(_("Ulest"), "info", "EnvelopeClosed", unread=True)


def _outgoing(message: Message) -> dict[str, Any]:
    receipts = list(message.receipts.all())
    outbox = list(message.outbox.all())
    if any(one.state == "refused" for one in receipts):
        return _state(_("Avvist av mottaker"), "danger", "XMarkOctagonFill", follow_up=True)
    if any(one.state == "held" for one in outbox):
        return _state(_("Holdt tilbake"), "danger", "XMarkOctagonFill", follow_up=True)
    if any(one.state in FAILED for one in outbox):
        return _state(_("Ikke levert"), "danger", "XMarkOctagonFill", follow_up=True)
    if any(one.state == "missing" for one in receipts):
        return _state(_("Ingen kvittering innen fristen"), "danger", "ExclamationmarkTriangleFill", follow_up=True)
    if any(one.state == "awaited" for one in receipts):
        waiting = any(one.state == "waiting" for one in outbox)
        return _state(_("Skal sendes") if waiting else _("Venter på kvittering"), "oransje", "Hourglass", awaits=True)
    return _state(_("Kvittert"), "success", "CheckmarkCircleFill")


def _state(text: str, color: str, icon: str, **flags: bool) -> dict[str, Any]:
    return {"text": text, "color": color, "icon": icon, "follow_up": False, "awaits": False, "unread": False, "outdated": False} | flags


def acknowledged(readings: Iterable[Reading], unit: Any) -> bool:
    return any(one.unit_id == unit and one.acknowledged_at for one in readings)


def answering(gate: Gate, message: Message) -> list[dict[str, Any]]:
    """Who answers for it, by name: [{text, at, remark}]. Says so where nobody of the unit does yet."""
    incoming = message.direction == Message.Direction.IN
    text = _("Vurdert av %(name)s, %(unit)s") if incoming else _("Fulgt opp av %(name)s, %(unit)s")
    found = [
        {"text": text % {"name": one.user.get_full_name(), "unit": one.unit.name}, "at": one.acknowledged_at, "remark": one.remark}
        for one in sorted(message.readings.all(), key=lambda one: one.seen_at) if one.acknowledged_at
    ]  # fmt: skip
    if not incoming and message.author:
        found.insert(0, {"text": _("Sendt av %(name)s") % {"name": message.author.get_full_name()}, "at": message.recorded_at, "remark": ""})
    if incoming and not acknowledged(message.readings.all(), gate.unit_id) and not message.superseded:
        found.insert(0, {"text": _("Ingen på %(unit)s har vurdert den ennå.") % {"unit": gate.unit["name"]}, "at": None, "remark": ""})
    return found


def explanation(message: Message, unit: Any) -> dict[str, str] | None:
    """What is wrong with one of ours, in plain words: {title, text, code}. None where nothing is."""
    if message.direction != Message.Direction.OUT or message.superseded:
        return None
    if note_corrected(message, unit):
        text = _("Mottakeren har den gamle teksten. Send en ny utgave, eller trekk meldingen tilbake. Er ingen av delene nødvendig, skriv det under.")
        return {"title": _("Notatet er rettet etter at meldingen ble sendt"), "text": text, "code": ""}
    for receipt in message.receipts.all():
        if receipt.state == "refused":
            said = "; ".join(" – ".join(dict.fromkeys(filter(None, (one.get("text"), one.get("detail"))))) for one in receipt.errors)
            codes = ", ".join(one["code"] for one in receipt.errors if one.get("code"))
            return {
                "title": _("Mottakeren har ikke fått meldingen"),
                "text": _("%(who)s avviste den: %(why)s. Rett det som er feil og send på nytt, eller ring.")
                % {"who": message.receiver_name, "why": said or _("uten å si hvorfor")},
                "code": _("Feilkode %(code)s") % {"code": codes} if codes else "",
            }
        if receipt.state == "missing":
            return {
                "title": _("Mottakeren har ikke kvittert"),
                "text": _("Det er gått over 96 timer. Vi vet ikke om meldingen er lest. Ring mottakeren, og send på nytt om den ikke er kommet."),
                "code": "",
            }
    for item in message.outbox.all():
        if item.state in FAILED:
            return {"title": _("Meldingen er ikke levert"), "text": _why_not(item), "code": ""}
    return None


def _why_not(item: OutboxItem) -> str:
    if item.state == "held":
        return _("Den ble holdt tilbake før den gikk: %(why)s") % {"why": item.last_error}
    return _("Nettet fikk ikke levert den etter %(tries)s forsøk: %(why)s") % {"tries": item.attempts, "why": item.last_error or _("uten svar")}


def reading_order(sections: Iterable[Section], *, whose_first: bool = False) -> list[Section]:
    """What the message tells comes first; what the page says already – whose it is, who sent it – after that."""
    place = {WHOSE: -1 if whose_first else 1, ABOUT: 2}
    return sorted(sections, key=lambda one: 3 if one.detail else place.get(one.title, 0))


def steps(gate: Gate, message: Message) -> list[dict[str, Any]]:
    """«Hva har skjedd», in order: [{state: done|failed|open, text, at, detail}]."""
    found = _steps_in(message) if message.direction == Message.Direction.IN else _steps_out(message)
    for reading in sorted(message.readings.all(), key=lambda one: one.seen_at):
        who = _("%(name)s, %(unit)s") % {"name": reading.user.get_full_name(), "unit": reading.unit.name}
        found.append(_step("done", _("Lest av %(who)s") % {"who": who}, reading.seen_at))
        if reading.acknowledged_at:
            text = _("Vurdert av %(who)s") if message.direction == Message.Direction.IN else _("Fulgt opp av %(who)s")
            found.append(_step("done", text % {"who": who}, reading.acknowledged_at, reading.remark))
    if not acknowledged(message.readings.all(), gate.unit_id) and not message.superseded:
        if message.direction == Message.Direction.IN:
            found.append(_step("open", _("Venter på at noen vurderer den")))
        elif shown_state(gate, message)["follow_up"]:
            found.append(_step("open", _("Venter på at noen følger opp")))
    return found


def _steps_in(message: Message) -> list[dict[str, Any]]:
    found = [_step("done", _("Sendt av %(who)s") % {"who": message.sender_name}, message.generated_at)] if message.generated_at else []
    found += [_step("done", _("Mottatt"), message.received_at), _step("done", _("Journalført"), message.recorded_at)]
    for receipt in message.receipts.all():
        words = _("Kvittert OK") if receipt.state == "ok" else _("Kvittert: %(state)s") % {"state": receipt.get_state_display()}
        found.append(_step("done", words, receipt.given_at, _("Etter fristen på 96 timer.") if receipt.late else ""))
    return found


def _steps_out(message: Message) -> list[dict[str, Any]]:
    found = [_step("done", _("Skrevet og lagt i kø"), message.recorded_at)]
    receipts = {one.recipient_her: one for one in message.receipts.all()}
    for item in message.outbox.all():
        to = item.party.name if item.party else item.recipient_her
        if item.handed_over_at:
            found.append(_step("done", _("Overlevert til nettet, til %(to)s") % {"to": to}, item.handed_over_at))
        if item.state in FAILED:
            found.append(_step("failed", item.get_state_display(), item.settled_at, item.last_error))
        found.append(_receipt_step(receipts[item.recipient_her], to)) if item.recipient_her in receipts else None
    return found


def _receipt_step(receipt: Receipt, to: str) -> dict[str, Any]:
    match receipt.state:
        case "ok" | "partial":
            return _step("done", _("Kvittert av %(who)s") % {"who": to}, receipt.given_at, _("Etter fristen på 96 timer.") if receipt.late else "")
        case "refused":
            return _step("failed", _("Avvist av %(who)s") % {"who": to}, receipt.given_at)
        case "missing":
            return _step("failed", _("Ingen kvittering innen fristen"), receipt.due_at)
    return _step("open", _("Venter på kvittering"), None, _("Frist %(at)s") % {"at": ""}, due=receipt.due_at)


def _step(state: str, text: str, at: datetime | None = None, detail: str = "", **more: Any) -> dict[str, Any]:
    return {"state": state, "text": text, "at": at, "detail": detail, **more}
