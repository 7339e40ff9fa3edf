"""Opening hours, exceptions, duty and free times against a plain oracle that asks the wall clock quarter by quarter, over a year with both changes."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from lms_epj.core.clock import to_oslo
from telemed.domain.availability import STEP, Different, Hours, common, free_spans, next_free, open_spans
from telemed.domain.series import Weekly
from telemed.domain.spans import Span, intersect, subtract, union

YEAR = date(2026, 1, 1), date(2026, 12, 31)
DAY, CHANGE = timedelta(days=1), 5  # quarters round the hour that is skipped or comes twice


def quarters(first: date, last: date) -> list[datetime]:
    """Every quarter of the days on Norway's calendar."""
    start = datetime.combine(first, time(), UTC) - timedelta(hours=3)
    all_of_them = [start + n * STEP for n in range(int(((last - first).days + 1.5) * 96))]
    return [one for one in all_of_them if first <= to_oslo(one).date() <= last]


def wall(instant: datetime) -> datetime:
    return to_oslo(instant).replace(tzinfo=None)


def within(instant: datetime, day: date, opens: time, closes: time) -> bool:
    """The clock has shown ``opens`` or later, and will yet show less than ``closes``."""
    begins = datetime.combine(day, opens)
    ends = datetime.combine(day if closes > opens else day + DAY, closes)
    begun = any(wall(instant - n * STEP) >= begins for n in range(CHANGE))
    left = any(wall(instant + n * STEP) < ends for n in range(CHANGE))
    return begun and left and begins - DAY <= wall(instant) <= ends + DAY


def is_open(instant: datetime, hours: list[Hours], different: list[Different], duty: list[Span] | None) -> bool:
    today = wall(instant).date()
    for day in (today - DAY, today):
        others = [one for one in different if one.first <= day <= one.last]
        if others and others[-1].opens is None:
            continue
        spans = [(others[-1].opens, others[-1].closes)] if others else [
            (one.opens, one.closes) for one in hours if one.weekday == day.weekday() and one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
        ]  # fmt: skip
        if any(within(instant, day, opens, closes) for opens, closes in spans):
            return duty is None or any(span.start <= instant < span.end for span in duty)
    return False


def some_time(rng: Random) -> time:
    return time(rng.choice((0, 1, 2, 2, 3, 7, 8, 15, 16, 22)), rng.choice((0, 15, 30, 45)))


def some_resource(rng: Random) -> tuple[list[Hours], list[Different], list[Span] | None]:
    hours = [
        Hours(
            rng.randrange(7), some_time(rng), some_time(rng), rng.choice((date(2020, 1, 1), date(2026, 5, 1))), rng.choice((None, date(2026, 10, 30)))
        )
        for _ in range(rng.randint(1, 9))
    ]
    different = []
    for _ in range(rng.randint(0, 6)):
        first = rng.choice((date(2026, 3, 29), date(2026, 10, 25), YEAR[0] + rng.randrange(365) * DAY))
        closed = rng.random() < 0.5
        different.append(Different(first, first + rng.randrange(4) * DAY, None if closed else some_time(rng), None if closed else some_time(rng)))
    if rng.random() < 0.6:
        return hours, different, None
    starts = [datetime(2026, 1, 1, 6, tzinfo=UTC) + rng.randrange(365 * 96) * STEP for _ in range(200)]
    return hours, different, [Span(one, one + rng.randrange(1, 60) * STEP) for one in starts]


@pytest.mark.parametrize("seed", range(6))
def test_a_year_of_opening_hours_reads_as_the_clock_does(seed):
    rng = Random(seed)
    hours, different, duty = some_resource(rng)
    spans = open_spans(hours, different, duty, *YEAR)
    found = {start + n * STEP for start, end in spans for n in range(int((end - start) / STEP))}
    expected = {one for one in quarters(*YEAR) if is_open(one, hours, different, duty)}
    assert found == expected
    assert expected


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)])
def test_a_whole_day_is_as_long_as_the_day(day, length):
    (span,) = open_spans([Hours(day.weekday(), time(0), time(0))], [], None, day, day)
    assert span.end - span.start == timedelta(hours=length)


def test_the_skipped_hour_is_not_open_and_the_double_one_is_open_twice():
    night = [Hours(6, time(2), time(3))]
    assert open_spans(night, [], None, date(2026, 3, 29), date(2026, 3, 29)) == []
    (span,) = open_spans(night, [], None, date(2026, 10, 25), date(2026, 10, 25))
    assert span.end - span.start == timedelta(hours=2)


@pytest.mark.parametrize("seed", range(40))
def test_next_free_times_are_those_a_plain_search_finds(seed):
    rng = Random(seed)
    days = date(2026, 10, 23), date(2026, 10, 27)
    opened, taken = [], []
    for _ in range(rng.randint(1, 3)):
        hours, _, duty = some_resource(rng)
        opened.append(open_spans([*hours, *(Hours(n, time(8), time(16)) for n in range(7))], [], duty and None, *days))
        starts = [datetime(2026, 10, 23, tzinfo=UTC) + rng.randrange(96 * 4) * timedelta(minutes=5) for _ in range(12)]
        taken.append([Span(one, one + timedelta(minutes=rng.choice((5, 20, 45, 90)))) for one in starts])
    length, count = timedelta(minutes=rng.choice((15, 30, 45, 120))), rng.randint(1, 8)
    not_before = datetime(2026, 10, 23, 5, rng.randrange(60), rng.randrange(60), tzinfo=UTC)
    free = common([free_spans(one, busy) for one, busy in zip(opened, taken, strict=True)])

    def fits(start: datetime) -> bool:
        wanted = Span(start, start + length)
        return start >= not_before and all(
            any(span.start <= wanted.start and wanted.end <= span.end for span in one) and not any(busy.overlaps(wanted) for busy in busies)
            for one, busies in zip(opened, taken, strict=True)
        )  # fmt: skip

    assert next_free(free, length, not_before, count) == [one for one in quarters(*days) if fits(one)][:count]


@pytest.mark.parametrize("seed", range(40))
def test_sets_of_time_behave_as_sets(seed):
    rng, zero = Random(seed), datetime(2026, 1, 1, tzinfo=UTC)

    def some() -> list[Span]:
        starts = [rng.randrange(60) for _ in range(rng.randrange(9))]
        return [Span(zero + one * STEP, zero + (one + rng.randrange(0, 12)) * STEP) for one in starts]

    def points(spans: list[Span]) -> set[datetime]:
        return {start + n * STEP for start, end in spans for n in range(int((end - start) / STEP))}

    one, other = union(some()), some()
    assert points(union(other)) == points(other)
    assert points(intersect(one, union(other))) == points(one) & points(other)
    assert points(subtract(one, other)) == points(one) - points(other)


def test_a_series_keeps_its_time_on_the_wall_over_both_changes():
    rule = Weekly(date(2026, 3, 1), date(2026, 11, 30), frozenset({6}), time(8), 30, skipped=frozenset({date(2026, 7, 5)}),
                  moved={date(2026, 8, 2): datetime(2026, 8, 3, 9)})  # fmt: skip
    found = dict(rule.occurrences())
    assert date(2026, 7, 5) not in found
    assert wall(found[date(2026, 8, 2)].start) == datetime(2026, 8, 3, 9)
    assert {wall(span.start).time() for day, span in found.items() if day != date(2026, 8, 2)} == {time(8)}
    assert found[date(2026, 3, 22)].start.hour == 7 and found[date(2026, 3, 29)].start.hour == 6
    assert found[date(2026, 10, 18)].start.hour == 6 and found[date(2026, 10, 25)].start.hour == 7


def test_every_other_week_counts_weeks_from_the_first():
    rule = Weekly(date(2026, 1, 7), date(2026, 2, 8), frozenset({0, 2}), time(9), 60, interval=2)
    assert [day for day, _ in rule.occurrences()] == [date(2026, 1, 7), date(2026, 1, 19), date(2026, 1, 21), date(2026, 2, 2), date(2026, 2, 4)]
