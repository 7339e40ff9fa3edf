"""Where doses fall, over clock changes too, and what state each is in."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.doses import AsNeeded, State, Status, Wait, decide_as_needed, state_of
from journal.domain.schedule import Schedule, due_at, is_planned, next_slot, slots
from lms_epj.core.clock import from_oslo

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 in Norway


def oslo(*parts):
    return from_oslo(datetime(*parts))


def test_doses_of_a_day_begin_with_the_order_and_end_with_the_course():
    schedule = Schedule((time(20), time(8), time(14)), oslo(2026, 11, 24, 10), oslo(2026, 11, 26, 0))
    found = [(slot.on.day, slot.at.hour) for slot in slots(schedule, oslo(2026, 11, 20, 0), oslo(2026, 12, 1, 0))]
    assert found == [(24, 14), (24, 20), (25, 8), (25, 14), (25, 20)]
    assert not is_planned(schedule, date(2026, 11, 24), time(8)), "before the order was written"
    assert not is_planned(schedule, date(2026, 11, 26), time(8)), "after the course"
    assert not is_planned(schedule, date(2026, 11, 25), time(9)), "no such time"
    assert next_slot(schedule, oslo(2026, 11, 25, 21)) is None


@pytest.mark.parametrize(("every", "days"), [(1, [24, 25, 26, 27]), (2, [24, 26]), (3, [24, 27]), (7, [24])])
def test_every_so_many_days_is_counted_from_the_first(every, days):
    schedule = Schedule((time(8),), oslo(2026, 11, 24, 0), every_days=every)
    assert [slot.on.day for slot in slots(schedule, oslo(2026, 11, 24, 0), oslo(2026, 11, 28, 0))] == days


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)])
def test_no_dose_is_lost_or_doubled_when_the_clock_changes(day, hours):
    schedule = Schedule((time(2, 30), time(8), time(20)), oslo(2026, 1, 1, 0))
    first = from_oslo(datetime.combine(day, time.min))
    found = list(slots(schedule, first, first + timedelta(hours=hours)))
    assert [(slot.on, slot.at) for slot in found] == [(day, time(2, 30)), (day, time(8)), (day, time(20))]
    assert len({slot.due_at for slot in found}) == 3


def test_the_skipped_hour_comes_an_hour_later_and_the_doubled_one_first():
    assert due_at(date(2026, 3, 29), time(2, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 in Norway
    assert due_at(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first 02:30


@pytest.mark.parametrize(("minutes", "state"), [(61, State.PENDING), (60, State.DUE), (0, State.DUE), (-60, State.DUE), (-61, State.LATE)])
def test_state_before_anything_is_charted(minutes, state):
    assert state_of(NOON + timedelta(minutes=minutes), None, NOON) is state


@pytest.mark.parametrize("status", Status)
def test_what_was_charted_is_the_state(status):
    assert state_of(NOON - timedelta(hours=9), status, NOON) == status.value


@pytest.mark.parametrize(("limits", "hours_ago", "answer"), [
    (AsNeeded(), [0.1, 0.2], None),
    (AsNeeded(timedelta(hours=4)), [4], None),
    (AsNeeded(timedelta(hours=4)), [3.9], (Wait.TOO_SOON, 0.1)),
    (AsNeeded(timedelta(hours=4)), [-1], (Wait.TOO_SOON, 5)),  # charted ahead of a dose that is added afterwards
    (AsNeeded(max_per_day=2), [23, 5], (Wait.TOO_MANY, 1)),
    (AsNeeded(max_per_day=2), [24, 5], None),
    (AsNeeded(max_per_day=3), [23, 5], None),
])  # fmt: skip
def test_as_needed(limits, hours_ago, answer):
    found = decide_as_needed(limits, [NOON - timedelta(hours=hours) for hours in hours_ago], NOON)
    assert found == (answer and (answer[0], NOON + timedelta(hours=answer[1])))
