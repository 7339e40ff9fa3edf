"""When resources are open, taken and free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from access.gate import rows
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day
from telemed.domain.availability import Different, Hours, common, free_spans, next_free, open_spans
from telemed.domain.spans import Span, holds, subtract
from telemed.models import Duty, Fault, Opening, OpeningException, Resource

AHEAD_DAYS = 14
OFFERED = 5


def open_times(resources: Iterable[Resource], first: date, last: date) -> dict[UUID, list[Span]]:
    """When each can be booked, whatever is booked already. What is out of order is closed until it is expected back."""
    wanted = {one.pk: one for one in resources}
    hours: dict[UUID, list[Hours]] = defaultdict(list)
    for row in Opening.objects.filter(resource__in=wanted).order_by("weekday", "opens"):
        hours[row.resource_id].append(Hours(row.weekday, row.opens, row.closes, row.valid_from, row.valid_to))
    different: dict[UUID, list[Different]] = defaultdict(list)
    for row in OpeningException.objects.filter(resource__in=wanted, first__lte=last, last__gte=first - timedelta(days=1)).order_by("id"):
        different[row.resource_id].append(Different(row.first, row.last, row.opens, row.closes))
    duty: dict[UUID, list[Span]] = defaultdict(list)
    on_duty = [key for key, one in wanted.items() if one.by_duty]
    for row in Duty.objects.filter(resource__in=on_duty, starts_at__lt=end_of_day(last), ends_at__gt=start_of_day(first)) if on_duty else ():
        duty[row.resource_id].append(Span(row.starts_at, row.ends_at))
    broken: dict[UUID, list[Span]] = defaultdict(list)
    for fault in Fault.objects.filter(equipment__in=wanted, closed_at=None):
        broken[fault.equipment_id].append(Span(fault.reported_at, fault.expected_at or end_of_day(last) + timedelta(days=1)))
    return {
        key: subtract(open_spans(hours[key], different[key], duty[key] if one.by_duty else None, first, last), broken[key])
        for key, one in wanted.items()
    }  # fmt: skip


def taken_times(resources: Iterable[UUID], start: datetime, end: datetime, *, but: UUID | None = None) -> dict[UUID, list[Span]]:
    """What is booked; ``but``: a booking that is to be moved counts for nothing."""
    taken: dict[UUID, list[Span]] = defaultdict(list)
    for slot in rows("slots_between", list(resources), start, end):
        if slot["booking_id"] != but:
            taken[slot["resource_id"]].append(Span(slot["starts_at"], slot["ends_at"]))
    return taken


def is_open(resources: Sequence[Resource], wanted: Span) -> list[Resource]:
    """Those that are not open for all of ``wanted``."""
    open_now = open_times(resources, oslo_date(wanted.start), oslo_date(wanted.end))
    return [one for one in resources if not holds(open_now[one.pk], wanted)]


def free_starts(
    resources: Sequence[Resource], minutes: int, not_before: datetime, *, count: int = OFFERED, days: int = AHEAD_DAYS, but: UUID | None = None
) -> list[datetime]:
    """The next times at which all of them are open and free at once."""
    first = oslo_date(not_before)
    last = first + timedelta(days=days)
    open_now = open_times(resources, first, last)
    taken = taken_times([one.pk for one in resources], not_before, end_of_day(last), but=but)
    free = common([free_spans(open_now[one.pk], taken[one.pk]) for one in resources])
    return next_free(free, timedelta(minutes=minutes), not_before, count)
