from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.news2 import (
    PARAMETERS,
    RULE_VERSION,
    ActionLevels,
    Consciousness,
    Finding,
    Level,
    NotUsed,
    Scale,
    Vitals,
    check_values,
    next_due,
    score,
)

WELL = Vitals(16, 97, False, 120, 70, Consciousness.ALERT, Decimal("37.0"))
WORST = Vitals(25, 91, True, 90, 131, Consciousness.CONFUSION, Decimal("35.0"))
VITALS = st.builds(
    Vitals,
    st.integers(0, 60),
    st.integers(50, 100),
    st.booleans(),
    st.integers(40, 260),
    st.integers(20, 200),
    st.sampled_from(Consciousness),
    st.integers(330, 420).map(lambda t: Decimal(t) / 10),
)


def points(name, value, **options):
    return score(replace(WELL, **{name: value}), **options).points[name]


@pytest.mark.parametrize(("value", "expected"), [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)])
def test_respiration(value, expected):
    assert points("respiration", value) == expected


@pytest.mark.parametrize(("value", "expected"), [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)])
@pytest.mark.parametrize("oxygen", [True, False])
def test_spo2_scale_1_is_the_same_with_and_without_oxygen(value, expected, oxygen):
    assert score(replace(WELL, spo2=value, oxygen=oxygen)).points["spo2"] == expected


@pytest.mark.parametrize(
    ("value", "on_oxygen", "on_air"),
    [
        (83, 3, 3),
        (84, 2, 2),
        (85, 2, 2),
        (86, 1, 1),
        (87, 1, 1),
        (88, 0, 0),
        (92, 0, 0),
        (93, 1, 0),
        (94, 1, 0),
        (95, 2, 0),
        (96, 2, 0),
        (97, 3, 0),
        (100, 3, 0),
    ],
)
def test_spo2_scale_2(value, on_oxygen, on_air):
    for oxygen, expected in ((True, on_oxygen), (False, on_air)):
        result = score(replace(WELL, spo2=value, oxygen=oxygen), scale2_prescribed=True)
        assert (result.points["spo2"], result.scale) == (expected, Scale.TWO)


@pytest.mark.parametrize(("value", "expected"), [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)])
def test_systolic(value, expected):
    assert points("systolic", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)],
)
def test_pulse(value, expected):
    assert points("pulse", value) == expected


@pytest.mark.parametrize(("value", "expected"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)])
def test_consciousness(value, expected):
    assert points("consciousness", Consciousness(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("35.0", 3),
        ("35.1", 1),
        ("36.0", 1),
        ("36.1", 0),
        ("38.0", 0),
        ("38.1", 1),
        ("39.0", 1),
        ("39.1", 2),
    ],
)
def test_temperature(value, expected):
    assert points("temperature", Decimal(value)) == expected


def test_temperature_has_one_decimal():
    with pytest.raises(ValueError):
        score(replace(WELL, temperature=Decimal("38.05")))


def test_oxygen_alone_gives_two():
    assert points("oxygen", True) == 2
    assert points("oxygen", False) == 0


def test_published_vectors():
    assert score(WELL).total == 0
    assert score(WORST).total == 20
    for spo2, expected in ((92, 0), (94, 1), (96, 2), (97, 3)):
        on_oxygen = replace(WELL, spo2=spo2, oxygen=True)
        assert score(on_oxygen, scale2_prescribed=True).total == expected + 2
    assert score(replace(WELL, spo2=97), scale2_prescribed=True).total == 0


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_missing_value_gives_no_total_and_is_named(name):
    result = score(replace(WORST, **{name: None}))
    assert (result.total, result.level, result.missing) == (None, None, (name,))
    assert name not in result.points


def test_scale_2_needs_to_know_about_oxygen():
    result = score(replace(WELL, oxygen=None), scale2_prescribed=True)
    assert result.missing == ("spo2", "oxygen")


def test_not_used_for_children_and_in_pregnancy():
    assert score(WORST, age=15).not_used is NotUsed.UNDER_16
    assert score(WORST, age=16).total == 20
    pregnant = score(WORST, age=30, pregnant=True)
    assert (pregnant.not_used, pregnant.total, next_due(pregnant)) == (NotUsed.PREGNANT, None, None)


@pytest.mark.parametrize(
    ("change", "total", "level"),
    [
        ({}, 0, Level.LOW),
        ({"respiration": 21, "oxygen": True}, 4, Level.LOW),
        ({"systolic": 88}, 3, Level.LOW_MEDIUM),
        ({"systolic": 88, "pulse": 95}, 4, Level.LOW_MEDIUM),
        ({"systolic": 88, "oxygen": True}, 5, Level.MEDIUM),
        ({"respiration": 21, "oxygen": True, "spo2": 93}, 6, Level.MEDIUM),
        ({"respiration": 25, "oxygen": True, "spo2": 93}, 7, Level.HIGH),
    ],
)
def test_levels(change, total, level):
    result = score(replace(WELL, **change))
    assert (result.total, result.level, result.rule_version) == (total, level, RULE_VERSION)


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, timedelta(hours=12)),
        ({"pulse": 95}, timedelta(hours=6)),
        ({"systolic": 88}, timedelta(hours=1)),
        ({"systolic": 88, "oxygen": True}, timedelta(hours=1)),
        ({"respiration": 25, "oxygen": True, "spo2": 93}, timedelta(minutes=30)),
        ({"pulse": None}, timedelta(hours=1)),
    ],
)
def test_next_set_is_due_by_the_action_levels(change, due):
    assert next_due(score(replace(WELL, **change))) == due


def test_local_levels_are_used_and_must_be_in_order():
    local = ActionLevels(version="follo-2", low=timedelta(hours=4))
    assert next_due(score(replace(WELL, pulse=95)), local) == timedelta(hours=4)
    with pytest.raises(ValueError):
        ActionLevels(version="bakvendt", high=timedelta(hours=2))


@given(VITALS, st.booleans())
def test_total_is_the_sum_and_lies_between_0_and_20(vitals, scale2):
    result = score(vitals, scale2_prescribed=scale2)
    assert result.total == sum(result.points.values())
    assert 0 <= result.total <= 20
    assert set(result.points) == set(PARAMETERS)


@given(VITALS, st.integers(12, 60), st.integers(51, 200), st.integers(1, 30))
def test_faster_breath_or_pulse_is_never_fewer_points(vitals, respiration, pulse, step):
    for name, value in (("respiration", respiration), ("pulse", pulse)):
        base, worse = replace(vitals, **{name: value}), replace(vitals, **{name: value + step})
        assert score(worse).total >= score(base).total


@given(VITALS, st.integers(1, 30))
def test_lower_saturation_is_never_fewer_points_on_scale_1(vitals, step):
    assert score(replace(vitals, spo2=vitals.spo2 - step)).total >= score(vitals).total


@given(VITALS, st.booleans())
def test_more_points_are_never_due_later(vitals, scale2):
    result = score(vitals, scale2_prescribed=scale2)
    calmer = score(replace(WELL, spo2=90 if scale2 else 97), scale2_prescribed=scale2)
    assert next_due(result) <= next_due(calmer)


@pytest.mark.parametrize(
    ("change", "errors", "warnings"),
    [
        ({}, {}, {}),
        ({"spo2": 101}, {"spo2"}, set()),
        ({"spo2": 65}, set(), {"spo2"}),
        ({"temperature": Decimal("73.0")}, {"temperature"}, set()),
        ({"temperature": Decimal("33.9")}, set(), {"temperature"}),
        ({"pulse": 321}, {"pulse"}, set()),
        ({"pulse": 34}, set(), {"pulse"}),
        ({"respiration": 91}, {"respiration"}, set()),
        ({"systolic": 29}, {"systolic"}, set()),
        ({"systolic": 241}, set(), {"systolic"}),
    ],
)
def test_limits(change, errors, warnings):
    found = check_values(replace(WELL, **change))
    assert (set(found.errors), set(found.warnings)) == (set(errors), set(warnings))


def test_values_that_contradict_one_another():
    assert check_values(WELL, diastolic=120).errors == {"diastolic": Finding.DIASTOLIC_ABOVE_SYSTOLIC}
    assert check_values(WELL, diastolic=119).errors == {}
    flow = check_values(WELL, oxygen_flow=Decimal("2"))
    assert flow.errors == {"oxygen_flow": Finding.FLOW_WITHOUT_OXYGEN}
    assert check_values(replace(WELL, oxygen=True), oxygen_flow=Decimal("0.5")).errors == {}
