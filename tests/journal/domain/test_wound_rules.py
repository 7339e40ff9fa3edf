"""Area, its change, the bed that makes 100, and the body's regions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain import wounds
from journal.domain.body import HEIGHT, LEFT, REGIONS, RIGHT, WIDTH
from journal.domain.wounds import BED, LIMITS, SIGNS, Fault, area, bed, change, check, span
from journal.models import Wound, WoundAssessment

LENGTHS = st.integers(*LIMITS["length_mm"])


@given(length=LENGTHS, width=LENGTHS)
def test_area_is_length_times_width_in_square_centimetres(length, width):
    found = area(length, width)
    assert found == area(width, length) and abs(found - Decimal(length) * width / 100) <= Decimal("0.05")
    assert found.as_tuple().exponent == -1
    assert area(length, None) is area(None, width) is None


@pytest.mark.parametrize(("length", "width", "expected"), [(42, 30, "12.6"), (5, 5, "0.3"), (1, 1, "0.0"), (600, 600, "3600.0"), (15, 7, "1.1")])
def test_area_by_hand(length, width, expected):
    assert area(length, width) == Decimal(expected)


def test_change_is_told_in_whole_per_cent_of_the_first():
    assert [change(Decimal(first), Decimal(last)) for first, last in (("12.6", "6.3"), ("10", "12.5"), ("8", "8"), ("10", "0"))] == [-50, 25, 0, -100]
    assert change(None, Decimal(1)) is change(Decimal(1), None) is change(Decimal("0.0"), Decimal(1)) is None


@given(st.fixed_dictionaries({name: st.none() | st.integers(-5, 110) for name in BED}))
def test_a_bed_is_told_whole_or_not_at_all(shares):
    given_ = [value for value in shares.values() if value is not None]
    inside = all(0 <= value <= 100 for value in given_)
    assert (not check(shares)) == (not given_ or (inside and sum(given_) == 100))
    stored = bed(shares)
    assert not given_ or not inside or sum(given_) != 100 or sum(stored.values()) == 100
    assert given_ or set(stored.values()) == {None}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_hold_at_their_edges(name):
    low, high = LIMITS[name]
    assert check({name: low - 1}).get(name) is check({name: high + 1}).get(name) is Fault.LIMITS
    assert Fault.LIMITS not in {**check({name: low}), **check({name: high})}.values()


def test_length_and_width_go_together():
    assert check({"length_mm": 4}) == {"width_mm": Fault.TOGETHER}
    assert check({"width_mm": 4}) == {"length_mm": Fault.TOGETHER}
    assert not check({"depth_mm": 4}) and not check({})


@given(st.lists(st.tuples(st.integers(0, 10**9), st.floats(0, 3600)), min_size=1, max_size=20))
def test_a_plot_stays_inside_its_frame_and_in_its_order(measured):
    measured.sort()
    points = span([float(at) for at, _area in measured], [value for _at, value in measured], 500, 120)
    assert all(-0.001 <= x <= 500.001 and -0.001 <= y <= 120.001 for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)


def test_every_region_lies_in_its_picture_with_its_twin_on_the_other_side():
    for region in REGIONS.values():
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in region.outline), region.code
        if region.side:
            other = REGIONS[region.code.removesuffix(region.side) + {LEFT: RIGHT, RIGHT: LEFT}[region.side]]
            assert other.name == region.name and sorted(other.outline) == sorted((WIDTH - x, y) for x, y in region.outline)
    front, back = REGIONS["hand_left"], REGIONS["heel_left"]
    assert front.centre[0] > WIDTH / 2 > back.centre[0], "the patient's left is to the right from the front, and to the left from behind"


def test_what_the_rules_name_is_what_the_record_has():
    assert tuple(WoundAssessment.Sign.values) == SIGNS
    columns = {field.name for field in WoundAssessment._meta.fields}
    assert set(LIMITS) <= columns
    longest = max(map(len, REGIONS))
    assert longest <= Wound._meta.get_field("site").max_length
    assert wounds.BED == ("granulation", "fibrin", "necrosis")
