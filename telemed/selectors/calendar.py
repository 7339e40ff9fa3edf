"""The calendar by day, by week and as a list. What one may not see the patient of is «Opptatt»: the booking's row does not even come."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate, call, rows
from access.models import Patient
from lms_epj.core.clock import OSLO, end_of_day, oslo_date, start_of_day, to_oslo
from lms_epj.core.formatting import format_list_name, format_long_day, format_time, weekday
from telemed.models import Booking, BookingPatient, Kind, Participant, Resource

QUARTER = timedelta(minutes=15)
FIRST_HOUR, LAST_HOUR = 8, 17
LONGEST = timedelta(days=14)  # nothing is booked for longer, so what began earlier need not be looked at


class Taken(NamedTuple):
    """One slot."""

    booking_id: UUID
    resource_id: UUID
    start: datetime
    end: datetime


@dataclass
class Shown:
    """The visible part of what is booked in a time: bookings, whose they are, and who comes from outside."""

    bookings: dict[UUID, Booking]
    names: dict[UUID, list[str]]
    outside: dict[UUID, str]
    at_home: set[UUID]


def load_shown(gate: Gate, start: datetime, end: datetime, resources: Iterable[UUID], keys: Iterable[UUID] | None = None) -> Shown:
    """Discloses, and so logs, the patients booked in the time, then reads what row security opens.

    ``keys``: ids of bookings; without them those of the acting unit.
    """
    gate.disclose(call("booking_patients", start, end, list(resources)))
    found = Booking.objects.filter(pk__in=list(keys)) if keys is not None else Booking.objects.filter(
        unit=gate.unit_id, starts_at__lt=end, starts_at__gt=start - LONGEST, ends_at__gt=start
    )  # fmt: skip
    bookings = {one.pk: one for one in found.exclude(status=Booking.Status.CANCELLED)}
    names, at_home = defaultdict(list), set()
    parts = list(BookingPatient.objects.filter(booking__in=[key for key, one in bookings.items() if one.about_patient], withdrawn_at=None))
    patients = Patient.objects.in_bulk([part.patient_id for part in parts])
    for part in parts:
        person = patients[part.patient_id]
        names[part.booking_id].append(format_list_name(person.family_name, person.given_name))
        if part.at_home:
            at_home.add(part.booking_id)
    outside = {
        one.booking_id: one.name for one in Participant.objects.filter(booking__in=bookings, kind=Participant.Kind.EXTERNAL)
    }  # fmt: skip
    return Shown(bookings, names, outside, at_home)


def described(shown: Shown, booking: UUID) -> dict[str, Any]:
    """{title, sub, look, url_key}: what one square says; «Opptatt» for what the reader may not see."""
    found = shown.bookings.get(booking)
    if found is None:
        return {"title": _("Opptatt"), "sub": "", "look": "taken", "key": None}
    kind = found.get_kind_display()
    names = sorted(shown.names.get(booking, []))
    if len(names) == 1 and found.kind != Kind.TEACH_GROUP:
        look = "home" if booking in shown.at_home else "patient"
        return {"title": names[0], "sub": shown.outside.get(booking) or kind, "look": look, "key": booking}
    sub = _("%(count)d deltakere") % {"count": len(names)} if names else shown.outside.get(booking, "")
    return {"title": found.title or kind, "sub": sub, "look": "meeting", "key": booking}


@dataclass(frozen=True)
class Grid:
    """The hours that are drawn of one day: whole ones, in time that has passed, so that the night of the change has 23 or 25."""

    start: datetime
    quarters: int

    def place(self, start: datetime, end: datetime) -> tuple[int, int]:
        """(from, to) in quarters, inside the grid and at least one long."""
        first = max(0, int((start - self.start) // QUARTER))
        last = min(self.quarters, -int((self.start - end) // QUARTER))
        return min(first, self.quarters - 1), max(last, min(first, self.quarters - 1) + 1)

    def hours(self) -> list[dict[str, Any]]:
        return [{"from": n, "text": format_time(self.start + n * QUARTER)} for n in range(0, self.quarters, 4)]


def grid_for(day: date, spans: Iterable[tuple[datetime, datetime]]) -> Grid:
    """From 8 to 17, or as far as something of the day reaches."""
    midnight, end = start_of_day(day), end_of_day(day)
    first = datetime.combine(day, datetime.min.time()).replace(hour=FIRST_HOUR, tzinfo=OSLO)
    last = first.replace(hour=LAST_HOUR)
    for start, stop in spans:
        if start > midnight:
            first = min(first, start)
        if stop < end:
            last = max(last, stop)
    start = max(midnight, first.astimezone(midnight.tzinfo).replace(minute=0))
    stop = last.astimezone(midnight.tzinfo)
    stop = min(end, stop if stop.minute == 0 else stop.replace(minute=0) + timedelta(hours=1))
    return Grid(start, int((stop - start) // QUARTER))


def day_view(gate: Gate, day: date, resources: Sequence[Resource], heads: dict[UUID, dict[str, Any]], selected: UUID | None) -> dict[str, Any]:
    """One column per resource. ``heads``: what stands under a name, and faults as {off: {title, sub}}."""
    start, end = start_of_day(day), end_of_day(day)
    slots = _slots([one.pk for one in resources], start, end)
    shown = load_shown(gate, start, end, [one.pk for one in resources], {slot.booking_id for slot in slots})
    grid = grid_for(day, [(slot.start, slot.end) for slot in slots])
    by_resource = defaultdict(list)
    for slot in slots:
        by_resource[slot.resource_id].append(_square(shown, slot, grid, day, selected))
    columns = []
    for one in resources:
        head = heads.get(one.pk, {})
        off = [{**head["off"], "look": "off", "from": 0, "to": grid.quarters, "url": head.get("url", "")}] if head.get("off") else []
        columns.append({"id": one.pk, "name": one.name, "head": head, "items": off + sorted(by_resource[one.pk], key=lambda item: item["from"])})
    return {"columns": columns, "grid": grid, "hours": grid.hours(), "now_at": now_at(gate, grid), "shown": shown}


def week_view(gate: Gate, monday: date, resource: Resource, head: dict[str, Any], selected: UUID | None) -> dict[str, Any]:
    """One column per day, for one resource."""
    days = [monday + timedelta(days=n) for n in range(7)]
    start, end = start_of_day(monday), end_of_day(days[-1])
    slots = _slots([resource.pk], start, end)
    shown = load_shown(gate, start, end, [resource.pk], {slot.booking_id for slot in slots})
    # All days have the height of the longest; the lines are those of an ordinary one.
    day_of = {day: [slot for slot in slots if slot.start < end_of_day(day) and slot.end > start_of_day(day)] for day in days}
    grids = {day: grid_for(day, [(s.start, s.end) for s in day_of[day]]) for day in days}
    first = min(to_oslo(grid.start).hour for grid in grids.values())
    last = max(to_oslo(grid.start).hour * 4 + grid.quarters for grid in grids.values())
    even = {day: Grid(datetime.combine(day, datetime.min.time()).replace(hour=first, tzinfo=OSLO).astimezone(UTC), last - first * 4) for day in days}
    columns = [
        {
            "id": day.isoformat(), "name": f"{weekday(day, short=True)} {day.day}.{day.month}.", "today": day == oslo_date(gate.now),
            "head": {"url": f"{reverse('video')}?dag={day.isoformat()}"}, "items": [_square(shown, slot, even[day], day, selected) for slot in day_of[day]],
        }
        for day in days
    ]  # fmt: skip
    return {"columns": columns, "grid": even[days[0]], "hours": even[days[0]].hours(), "now_at": None, "shown": shown, "head": head}


def list_view(gate: Gate, first: date, days: int = 14) -> dict[str, Any]:
    """What the acting unit has booked, in order."""
    start, end = start_of_day(first), end_of_day(first + timedelta(days=days - 1))
    shown = load_shown(gate, start, end, [])
    rows = []
    for booking in sorted(shown.bookings.values(), key=lambda one: (one.starts_at, one.pk)):
        words = described(shown, booking.pk)
        rows.append(words | {"booking": booking, "url": booking_url(booking.pk, oslo_date(booking.starts_at), "liste")})
    return {"rows": rows, "shown": shown}


def booking_url(booking: UUID, day: date, view: str = "") -> str:
    """The calendar with this booking beside it."""
    return f"{reverse('video')}?dag={day.isoformat()}{f'&vis={view}' if view else ''}&valgt={booking}"


def now_at(gate: Gate, grid: Grid) -> int | None:
    """The quarter that is now, where the grid holds it."""
    quarter = int((gate.now - grid.start) // QUARTER)
    return quarter if 0 <= quarter < grid.quarters else None


def day_name(day: date) -> str:
    return format_long_day(day)


def _slots(resources: Iterable[UUID], start: datetime, end: datetime) -> list[Taken]:
    found = rows("slots_between", list(resources), start, end)
    return [Taken(one["booking_id"], one["resource_id"], one["starts_at"], one["ends_at"]) for one in found]


def _square(shown: Shown, slot: Taken, grid: Grid, day: date, selected: UUID | None) -> dict[str, Any]:
    words = described(shown, slot.booking_id)
    first, last = grid.place(slot.start, slot.end)
    return words | {
        "from": first, "to": last, "short": last - first < 3, "time": f"{format_time(slot.start)}–{format_time(slot.end)}",
        "url": booking_url(words["key"], day) if words["key"] else "", "selected": words["key"] is not None and words["key"] == selected,
    }  # fmt: skip
