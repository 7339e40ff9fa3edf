"""The resolver says in every minute what plain counting says; and what it says is never two, in order, and on the wall's clock."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest

from ops.domain.calendar import Calendar, easter, feasts
from ops.domain.resolver import resolve
from ops.domain.review import burdens, doubles, gaps, short_rests
from ops.domain.rules import Holidays, Rule, Segment
from ops.domain.wall import instant, oslo
from tests.ops.oracle import EASTERS, Oracle
from tests.ops.random_rosters import BEGINS, ENDS, random_roster, telling_minutes

HOUR = timedelta(hours=1)


def differing(seed: int, minutes: list[datetime] | None = None, days: int = 1) -> list[str]:
    """Where resolver and oracle part, over ten years of a random roster."""
    rules, acts, calendar = random_roster(seed)
    found = resolve(rules, acts, calendar, BEGINS, ENDS)
    oracle = Oracle(rules, acts, calendar.eves)
    told = []
    for level in (1, 2):
        line = found.get(level, [])
        starts = [one.begins for one in line]
        for minute in minutes or telling_minutes(Random(seed), acts, days):
            place = bisect_right(starts, minute) - 1
            resolved = line[place].party if place >= 0 and minute < line[place].ends else None
            expected = oracle.answer(level, minute)
            if resolved != expected:
                told.append(f"seed {seed} level {level} {minute}: {resolved} instead of {expected}")
    return told


@pytest.mark.parametrize("part", range(3))
def test_it_says_what_counting_minute_by_minute_says(part):
    assert not [fault for seed in range(part * 7, part * 7 + 7) for fault in differing(seed)][:5]


def test_nobody_answers_twice_and_neighbours_differ():
    for seed in range(30):
        for line in resolve(*random_roster(seed), BEGINS, ENDS).values():
            assert all(one.begins < one.ends for one in line)
            for one, after in pairwise(line):
                assert one.ends < after.begins or (one.ends == after.begins and one.party != after.party)


def test_a_part_of_the_time_is_resolved_as_the_whole():
    for seed in range(30):
        rules, acts, calendar = random_roster(seed)
        begins = datetime(2028, 3, 20, 4, 7, tzinfo=UTC)
        ends = begins + timedelta(days=40)
        whole = resolve(rules, acts, calendar, BEGINS, ENDS)
        for level, line in resolve(rules, acts, calendar, begins, ends).items():
            assert line == [
                Segment(max(one.begins, begins), min(one.ends, ends), one.party) for one in whole[level] if one.begins < ends and one.ends > begins
            ]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 3, 27), 8), (date(2026, 10, 24), 9)])
def test_a_night_shift_is_as_long_as_the_night(day, hours):
    rule = Rule(1, 0, ("Ås",), date(2026, 1, 1), starts=time(23), ends=time(7))
    line = resolve([rule], [], Calendar(), instant(day, time(12)), instant(day + timedelta(days=1), time(12)))[1]
    assert [(one.ends - one.begins) / HOUR for one in line] == [hours]
    assert (oslo(line[0].begins).hour, oslo(line[0].ends).hour) == (23, 7)


def test_holidays_are_those_of_the_law():
    assert all(easter(year) == day for year, day in EASTERS.items())
    assert [day.isoformat() for day in feasts(2026)] == [
        "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-17", "2026-05-24", "2026-05-25",
        "2026-12-25", "2026-12-26",
    ]  # fmt: skip
    assert feasts(2012)[date(2012, 5, 17)] == ("Kristi himmelfartsdag", 2012) and feasts(2027)[date(2027, 5, 17)] == ("pinse", 2027)
    assert Calendar(frozenset({"new_years_eve"})).feast(date(2026, 12, 31)) == Calendar().feast(date(2027, 1, 1))


def test_feasts_go_round_before_anyone_has_the_same_again():
    six = ("A", "B", "C", "D", "E", "F")
    rule = Rule(1, 0, six, date(2026, 1, 1), starts=time(0), ends=time(0), holidays=Holidays.ONLY, fair=True)
    begins, ends = instant(date(2026, 1, 1), time(0)), instant(date(2032, 1, 1), time(0))
    had = burdens(resolve([rule], [], Calendar(), begins, ends).values(), Calendar())
    for one in six:
        names = [name for name, _ in had[one].feasts]
        assert len(names) == len(set(names)), f"{one} had the same feast twice in six years"
    assert max(one.holiday for one in had.values()) - min(one.holiday for one in had.values()) <= 3 * 24


def test_what_should_be_looked_over_is_found():
    days = Rule(1, 0, ("A",), date(2026, 1, 5), starts=time(8), ends=time(20), weekdays=frozenset(range(5)))
    other = Rule(1, 0, ("B",), date(2026, 1, 7), starts=time(18), ends=time(22), weekdays=frozenset({2}))
    begins, ends = instant(date(2026, 1, 5), time(0)), instant(date(2026, 1, 10), time(0))
    line = resolve([days, other], [], Calendar(), begins, ends)[1]
    assert [(oslo(one.begins).strftime("%d%H"), oslo(one.ends).strftime("%d%H")) for one in gaps(line, begins, ends)] == [
        ("0500", "0508"), ("0520", "0608"), ("0620", "0708"), ("0722", "0808"), ("0820", "0908"), ("0920", "1000"),
    ]  # fmt: skip
    assert [oslo(one.begins).strftime("%d%H") for one in doubles([days, other], Calendar(), begins, ends)] == ["0718"]
    late, early = instant(date(2026, 1, 5), time(23)), instant(date(2026, 1, 6), time(7))
    resting = short_rests([[Segment(late - 8 * HOUR, late, "A")], [Segment(early, early + 8 * HOUR, "A")]])
    assert [(party, span.hours) for party, span in resting] == [("A", 8)]
