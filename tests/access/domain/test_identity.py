from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.domain.identity import (
    MESSAGES,
    Kind,
    Mode,
    Problem,
    Series,
    check_digits_valid,
    check_identity,
    classify,
    format_identity,
    normalise_hpr,
    normalise_org_number,
    synthetic_number,
    synthetic_numbers,
)

BIRTHS = st.dates(date(1900, 1, 1), date(2039, 12, 31))
PEOPLE = st.tuples(BIRTHS, st.booleans(), st.integers(0, 9999), st.booleans())
FROM_2032 = ["02013299997", "30108299920", "30108299939", "02013299903", "02013299806"]


def made(person, **changes):
    birth, female, seed, d_number = person
    return synthetic_number(birth, female=female, seed=seed, d_number=d_number)


def shifted(number, months):
    """The same person's number in another series, with new check digits."""
    for individual in range(1000):
        nine = f"{number[:2]}{int(number[2:4]) + months:02}{number[4:6]}{individual:03}"
        for k in range(100):
            candidate = f"{nine}{k:02}"
            if check_digits_valid(candidate, rule_2032=False):
                return candidate
    raise AssertionError


@pytest.mark.parametrize("number", FROM_2032)
def test_numbers_of_the_2032_rule_are_valid(number):
    assert check_digits_valid(number)
    kind, _ = classify(number)
    assert check_identity(number, Mode.PRODUCTION, declared=kind).problem in (
        None,
        Problem.SYNTHETIC_IN_PRODUCTION,
    )


@pytest.mark.parametrize("number", ["30108299939", "02013299903"])
def test_remainders_one_and_two_are_refused_by_the_old_rule(number):
    assert not check_digits_valid(number, rule_2032=False)


def test_the_published_tenor_example():
    found = check_identity("109155 96784", Mode.TEST)
    assert (found.kind, found.series, found.ok) == (Kind.FNR, Series.TENOR, True)
    assert found.normalised == "10915596784"
    assert found.oid == "2.16.578.1.12.4.1.4.1"


@pytest.mark.parametrize("number", ["15076500565", "13116900216"])
def test_official_test_actors_are_known_by_name_in_test_mode_only(number):
    assert check_identity(number, Mode.TEST).ok
    assert check_identity(number, Mode.TEST, allowed_test_actors=()).problem is Problem.REAL_IN_TEST
    assert check_identity(number, Mode.PRODUCTION).problem is Problem.SYNTHETIC_IN_PRODUCTION


@pytest.mark.parametrize("number", ["25436000305", "12457900499"])
def test_h_numbers_with_wrong_check_digits_are_not_refused(number):
    assert not check_digits_valid(number)
    found = check_identity(number, Mode.PRODUCTION)
    assert (found.kind, found.ok, found.oid) == (Kind.HNR, True, None)


@given(PEOPLE)
def test_synthetic_numbers_pass_in_test_and_are_refused_in_production(person):
    number = made(person)
    found = check_identity(number, Mode.TEST)
    assert found.ok
    assert found.kind is (Kind.DNR if person[3] else Kind.FNR)
    assert check_identity(number, Mode.PRODUCTION).problem is Problem.SYNTHETIC_IN_PRODUCTION


@given(PEOPLE)
def test_real_looking_numbers_pass_in_production_only(person):
    number = shifted(made(person), -80)
    assert check_identity(number, Mode.PRODUCTION).ok
    assert check_identity(number, Mode.TEST).problem is Problem.REAL_IN_TEST


@given(PEOPLE)
def test_nhn_numbers_are_synthetic(person):
    number = shifted(made(person), -15)
    assert classify(number)[1] is Series.NHN
    assert check_identity(number, Mode.TEST).ok
    assert check_identity(number, Mode.PRODUCTION).problem is Problem.SYNTHETIC_IN_PRODUCTION


@given(BIRTHS)
def test_month_plus_forty_follows_what_is_declared(birth):
    number = shifted(synthetic_number(birth, female=True), -40)
    assert check_identity(number, Mode.PRODUCTION).kind is Kind.HNR
    as_fnr = check_identity(number, Mode.PRODUCTION, declared=Kind.FNR)
    assert as_fnr.problem is Problem.SYNTHETIC_IN_PRODUCTION
    assert not as_fnr.declared_mismatch
    assert check_identity(number, Mode.TEST).series is Series.AMBIGUOUS


@given(PEOPLE, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(person, place, change):
    number = made(person)
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert not check_digits_valid(wrong, rule_2032=False)


@given(BIRTHS, st.booleans(), st.integers(0, 9999))
def test_generator_gives_distinct_numbers_that_carry_the_date(birth, female, seed):
    numbers = list(islice(synthetic_numbers(birth, female=female, seed=seed), 20))
    assert len(set(numbers)) == 20
    assert all(n[:6] == f"{birth.day:02}{birth.month + 80:02}{birth.year % 100:02}" for n in numbers)
    assert all((int(n[8]) % 2 == 0) == female for n in numbers)


def test_generator_refuses_years_without_a_series():
    with pytest.raises(ValueError):
        synthetic_number(date(2040, 1, 1), female=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.EMPTY),
        ("  ", Problem.EMPTY),
        ("1234", Problem.LENGTH),
        ("1091559678a", Problem.CHARACTERS),
        ("１０９１５５９６７８４", Problem.CHARACTERS),
        ("10915596785", Problem.CHECK_DIGITS),
        ("32915596784", Problem.DATE),
        ("31825596784", Problem.DATE),
        ("10205596784", Problem.DATE),
    ],
)
def test_each_problem_has_a_code_and_words(text, problem):
    found = check_identity(text, Mode.TEST)
    assert found.problem is problem
    assert found.message == MESSAGES[problem]


def test_duf_and_common_help_numbers():
    duf = check_identity("200812345678", Mode.PRODUCTION)
    assert (duf.kind, duf.ok) == (Kind.DUF, True)
    fhn = next(n for n in (f"81234567{i:03}" for i in range(1000)) if check_digits_valid(n, rule_2032=False))
    found = check_identity(fhn, Mode.PRODUCTION)
    assert (found.kind, found.oid, found.ok) == (Kind.FHN, "2.16.578.1.12.4.1.4.3", True)
    assert check_identity(fhn[:10] + str((int(fhn[10]) + 1) % 10), Mode.TEST).problem is Problem.CHECK_DIGITS


def test_the_declared_type_wins_and_the_mismatch_is_told():
    number = synthetic_number(date(1942, 2, 3), female=True, d_number=True)
    found = check_identity(number, Mode.TEST, declared=Kind.FNR)
    assert (found.kind, found.declared_mismatch) == (Kind.FNR, True)
    assert check_identity(number, Mode.TEST, declared=Kind.DUF).problem is Problem.LENGTH


def test_form_of_writing():
    assert format_identity("10915596784") == "109155 96784"
    assert format_identity("200812345678") == "200812345678"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("974 760 673", "974760673"),
        ("974760674", None),
        ("97476067", None),
        ("97476067x", None),
    ],
)
def test_organisation_numbers(text, number):
    assert normalise_org_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("009144897", "9144897"), ("9144900", "9144900"), ("0", None), ("A12", None), ("", None)],
)
def test_hpr_numbers_compare_without_leading_zeros(text, number):
    assert normalise_hpr(text) == number
