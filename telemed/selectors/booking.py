"""One booking with all that belongs to it, as its page and the calendar's panel show it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, call
from access.models import Patient
from journal.models import Stay
from lms_epj.core.formatting import WEEKDAYS, format_age, format_date, format_list_name, format_sex
from lms_epj.core.words import say
from telemed.models import Booking, BookingPatient, ChecklistItem, Participant, Slot

ROOM_OPENS = timedelta(minutes=10)
COLOURS = {"booked": "neutral", "confirmed": "success", "running": "info", "held": "neutral", "cancelled": "warning"}
ICONS = {"booked": "Hourglass", "confirmed": "CheckmarkCircle", "running": "Play", "held": "Checkmark", "cancelled": "XMark"}
ANSWERS = {"waiting": "Hourglass", "coming": "CheckmarkCircle", "declined": "XMark"}


def visible_booking(key: UUID) -> Booking | None:
    """The booking, with its patients disclosed and so logged; None where the reader may see none of them."""
    from access.gate import current

    current().disclose(call("patients_of_booking", key))
    return Booking.objects.select_related("unit", "author", "series").filter(pk=key).first()


def patients_shown(booking: Booking) -> list[dict[str, Any]]:
    """Those of its patients that the reader sees, each with the way to the page of it."""
    parts = list(BookingPatient.objects.filter(booking=booking, withdrawn_at=None))
    people = Patient.objects.in_bulk([part.patient_id for part in parts])
    stays = {
        one.patient_id: one for one in Stay.objects.filter(patient__in=people, status__in=Stay.PRESENT).select_related("bed")
    }  # fmt: skip
    shown = []
    for part in parts:
        person, stay = people[part.patient_id], stays.get(part.patient_id)
        words = [f"{format_age(person.birth_date, booking.starts_at)} {format_sex(person.sex)[0]}" if person.birth_date else "",
                 _("født %(date)s") % {"date": format_date(person.birth_date)} if person.birth_date else "",
                 _("seng %(bed)s") % {"bed": stay.bed.number} if stay and stay.bed else ""]  # fmt: skip
        shown.append({
            "id": part.pk, "patient": part.patient_id, "name": format_list_name(person.family_name, person.given_name), "line": " · ".join(filter(None, words)),
            "part": part, "url": reverse("video_session", args=[part.patient_id, part.pk]),
        })  # fmt: skip
    return sorted(shown, key=lambda one: one["name"])


def booking_facts(gate: Gate, booking: Booking, heads: dict[UUID, dict[str, Any]] | None = None) -> dict[str, Any]:
    """What the panel and the page have in common."""
    slots = Slot.objects.filter(booking=booking, active=True).select_related("resource")
    if booking.status == Booking.Status.CANCELLED:
        slots = Slot.objects.filter(booking=booking).select_related("resource")
    people = [
        {
            "id": one.pk, "name": one.name, "organisation": one.organisation, "kind": one.kind, "initials": "".join(word[0] for word in one.name.split())[:3].upper(),
            "answer": one.get_response_display(), "icon": ANSWERS[one.response], "response": one.response, "mine": one.user_id == gate.user_id,
            "joined_at": one.joined_at, "left_at": one.left_at,
        }
        for one in Participant.objects.filter(booking=booking, part__withdrawn_at=None).order_by("kind", "name")
    ]  # fmt: skip
    kit = [
        {"id": slot.resource_id, "name": slot.resource.name, "place": slot.resource.place, "kind": slot.resource.kind, **(heads or {}).get(slot.resource_id, {})}
        for slot in slots if slot.resource.kind != "person"
    ]  # fmt: skip
    return {
        "booking": booking, "kind": booking.get_kind_display(), "status": booking.get_status_display(), "colour": COLOURS[booking.status],
        "icon": ICONS[booking.status], "people": people, "kit": sorted(kit, key=lambda one: one["name"]), "open": booking.status in Booking.OPEN,
        "checklist": [{"id": item.pk, "text": item.text, "done": item.done_at is not None} for item in ChecklistItem.objects.filter(booking=booking)],
        "room_opens": booking.starts_at - ROOM_OPENS, "is_open": booking.starts_at - ROOM_OPENS <= gate.now and booking.status in Booking.OPEN,
        "reason": booking.get_cancel_reason_display() if booking.cancel_reason else "",
    }  # fmt: skip


def may_book(gate: Gate) -> bool:
    """Whether the buttons of a patient's booking are offered; the patient's page is open."""
    return gate.may(Action.WRITE, Category.LOGISTICS)


def meeting_urls(booking: Booking) -> dict[str, str]:
    return {
        name: reverse(f"meeting_{name}", args=[booking.pk]) for name in ("move", "cancel", "check", "answer")
    } | {"page": reverse("meeting", args=[booking.pk])}  # fmt: skip


def session_urls(part: BookingPatient) -> dict[str, str]:
    names = ("move", "cancel", "check", "answer", "informed", "confirm")
    return {name: reverse(f"video_{name}", args=[part.patient_id, part.pk]) for name in names} | {
        "page": reverse("video_session", args=[part.patient_id, part.pk])
    }  # fmt: skip


def rule_words(booking: Booking) -> str:
    """«hver uke, mandag og torsdag, til 30.06.2027»"""
    if booking.series is None:
        return ""
    if len(booking.series.weekdays) == 7:
        return _("hver dag, til %(until)s") % {"until": format_date(booking.series.until)}
    days = _(" og ").join(say(WEEKDAYS[n]) for n in booking.series.weekdays)
    often = _("hver uke") if booking.series.interval == 1 else _("hver %(n)d. uke") % {"n": booking.series.interval}
    return _("%(often)s, %(days)s, til %(until)s") % {"often": often, "days": days, "until": format_date(booking.series.until)}
