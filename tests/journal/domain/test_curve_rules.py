"""Fluid balance, the other measurements, CAVE against an order, and how the list's words are read."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from journal.domain.cave import Ordered, hits
from journal.domain.dose_text import Rhythm, read_dose, read_rhythm, read_times
from journal.domain.fluids import Amount, Into, Out, balances, fluid_day, span
from journal.domain.observations import ESAS_ITEMS, MEASURES, Finding, Kind, check_esas, check_measure
from lms_epj.core.clock import from_oslo

D = Decimal


def oslo(*parts):
    return from_oslo(datetime(*parts))


def test_balance_is_counted_from_seven_to_seven():
    amounts = [
        Amount(oslo(2026, 11, 24, 6, 59), Into.DRINK, 100), Amount(oslo(2026, 11, 24, 7, 0), Into.DRINK, 200),
        Amount(oslo(2026, 11, 24, 9, 0), Into.INTRAVENOUS, 1000), Amount(oslo(2026, 11, 24, 9, 0), Out.URINE, 450), Amount(oslo(2026, 11, 25, 1, 0), Out.URINE, 300),
    ]  # fmt: skip
    today, before = balances(amounts, oslo(2026, 11, 24, 22, 0))
    assert (today.day, today.total_in, today.total_out, today.net, today.whole) == (date(2026, 11, 24), 1200, 750, 450, False)
    assert (before.day, before.net, before.whole) == (date(2026, 11, 23), 100, True)
    assert today.out == {Out.URINE: 750}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 11, 24), 24)])
def test_a_fluid_day_over_the_change_of_clock(day, hours):
    first, last = span(day)
    assert (last - first) == timedelta(hours=hours)
    assert fluid_day(first) == day
    assert fluid_day(last - timedelta(seconds=1)) == day
    assert fluid_day(last) == day + timedelta(days=1)


@pytest.mark.parametrize("kind", [kind for kind in MEASURES if kind not in (Kind.FLUID_IN, Kind.FLUID_OUT)])
def test_limits_hold_at_their_edges(kind):
    measure = MEASURES[kind]
    step = D(1).scaleb(-measure.places)
    low, high = measure.possible
    assert check_measure(kind, low - step) is Finding.IMPOSSIBLE
    assert check_measure(kind, high + step) is Finding.IMPOSSIBLE
    assert check_measure(kind, low) is (None if low == measure.usual[0] else Finding.UNUSUAL)
    assert check_measure(kind, high) is (None if high == measure.usual[1] else Finding.UNUSUAL)
    assert check_measure(kind, measure.usual[0]) is None
    assert check_measure(kind, measure.usual[0] + step / 2) is Finding.PLACES


def test_answers_that_are_no_number():
    assert check_measure(Kind.STOOL, None, "none") is None
    assert check_measure(Kind.STOOL, None) is Finding.MISSING
    assert check_measure(Kind.FLUID_IN, D(200)) is Finding.CODE
    assert check_measure(Kind.FLUID_OUT, D(200), "drink") is Finding.CODE
    assert check_esas(dict.fromkeys(ESAS_ITEMS, 10)) is None
    assert check_esas({}) is Finding.MISSING
    assert check_esas({"nausea": 11}) is Finding.IMPOSSIBLE
    assert check_esas({"hunger": 1}) is Finding.IMPOSSIBLE


@pytest.mark.parametrize(("generic", "atc", "cave", "warns"), [
    ("benzylpenicillin", "J01CE01", "Penicillin", True), ("pivmecillinam", "J01CA08", "penicillin", True), ("cefotaksim", "J01DD01", "penicillin", False),
    ("naproksen", "M01AE02", "NSAIDs", True), ("ibuprofen", "M01AE01", "naproksen", True), ("acetylsalisylsyre", "B01AC06", "ASA", True),
    ("morfin", "N02AA01", "opioider", True), ("paracetamol", "N02BE01", "Penicillin", False), ("doksysyklin", "", "doksysyklin", True),
    ("trimetoprim og sulfametoksazol", "J01EE01", "Sulfa", True), ("paracetamol", "N02BE01", "pollen og mygg", False), ("metoprolol", "C07AB02", "betablokker", True),
])  # fmt: skip
def test_cave_meets_the_order(generic, atc, cave, warns):
    assert hits(Ordered(generic, atc=atc), [cave]) == ([cave] if warns else [])


@pytest.mark.parametrize(("text", "read"), [
    ("40 mg", (D(40), "mg")), ("0,5 mg", (D("0.5"), "mg")), ("2,5 mL", (D("2.5"), "mL")), ("1 tablett", (D(1), "tablett")), ("etter skala", None), ("mg", None), ("", None),
])  # fmt: skip
def test_dose_in_words(text, read):
    assert read_dose(text) == read


@pytest.mark.parametrize(("text", "read"), [
    ("én gang daglig", Rhythm((time(8),))), ("to ganger daglig", Rhythm((time(8), time(20)))), ("fire ganger daglig", Rhythm((time(8), time(12), time(18), time(22)))),
    ("morgen", Rhythm((time(8),))), ("kveld", Rhythm((time(20),))), ("morgen og kveld", Rhythm((time(8), time(20)))), ("én gang i uken", Rhythm((time(8),), 7)),
    ("annenhver dag", Rhythm((time(8),), 2)), ("inntil fire ganger daglig", Rhythm(as_needed=True, max_per_day=4)), ("ved behov", Rhythm(as_needed=True)),
    ("kl. 08:00, 20:30", Rhythm((time(8), time(20, 30)))), ("hver 7. dag kl. 08:00", Rhythm((time(8),), 7)), ("kl. 29:00", None),
    ("til måltid", None), ("etter plan", None), ("", None), ("to ganger i uken", None),
])  # fmt: skip
def test_rhythm_in_words(text, read):
    assert read_rhythm(text) == read


def test_times_as_they_are_written():
    assert read_times("20, 8 og 14:30, 8") == (time(8), time(14, 30), time(20))
    assert read_times("") == ()
    for wrong in ("25", "8:75", "åtte"):
        with pytest.raises(ValueError):
            read_times(wrong)
