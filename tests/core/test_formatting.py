"""How dates, ages, numbers and names read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lms_epj.core import formatting as f

NBSP = "\u00a0"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 24, 9, 44, tzinfo=UTC), "24.11.2026 kl.\u00a010:44"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "02.07.2026 kl.\u00a000:30"),
    ],
)
def test_a_moment_is_shown_on_the_oslo_clock_winter_and_summer(moment, shown):
    assert f.format_moment(moment) == shown


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        f.format_time(datetime(2026, 11, 24, 10, 44))  # noqa: DTZ001


def test_seconds_are_shown_only_when_asked_for():
    moment = datetime(2026, 11, 24, 9, 44, 5, tzinfo=UTC)
    assert (f.format_time(moment), f.format_time(moment, seconds=True)) == ("10:44", "10:44:05")


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 24), "i dag"),
        (date(2026, 11, 23), "i går"),
        (date(2026, 11, 25), "i morgen"),
        (date(2026, 11, 22), f"søn.{NBSP}22."),
        (date(2026, 11, 26), f"tors.{NBSP}26."),
        (date(2026, 11, 18), f"ons.{NBSP}18."),
        (date(2026, 11, 17), "17.11.2026"),
        (date(2026, 12, 1), "01.12.2026"),
    ],
)
def test_a_near_day_is_named_and_a_far_one_dated(day, shown):
    assert f.format_near_day(day, TODAY) == shown


def test_the_day_turns_at_midnight_in_oslo():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert f.format_near_moment(late, TODAY) == "00:30"
    assert f.format_near_moment(datetime(2026, 11, 23, 22, 30, tzinfo=UTC), TODAY) == f"i går kl.{NBSP}23:30"


def test_in_a_sentence_a_time_always_says_klokken_once():
    assert f.format_near_clock(datetime(2026, 11, 24, 5, 0, tzinfo=UTC), TODAY) == f"kl.{NBSP}06:00"
    assert f.format_near_clock(datetime(2026, 11, 23, 5, 0, tzinfo=UTC), TODAY) == f"i går kl.{NBSP}06:00"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 24), "I dag, tirsdag 24. november"),
        (date(2026, 11, 22), "Søndag 22. november"),
        (date(2025, 12, 31), "Onsdag 31. desember 2025"),
    ],
)
def test_a_day_heading_names_the_day_and_a_foreign_year(day, shown):
    assert f.format_day_heading(day, TODAY) == shown


@pytest.mark.parametrize(
    ("born", "age"),
    [
        (date(1942, 2, 3), "84 år"),
        (date(1942, 11, 24), "84 år"),
        (date(1942, 11, 25), "83 år"),
        (date(2024, 11, 24), "2 år"),
        (date(2024, 11, 25), "23 måneder"),
        (date(2026, 10, 24), "1 måned"),
        (date(2026, 11, 24), "0 måneder"),
    ],
)
def test_age_is_in_years_and_under_two_in_months(born, age):
    assert f.format_age(born, TODAY) == age.replace(" ", NBSP)


def test_one_born_on_leap_day_is_older_on_the_first_of_march():
    assert f.format_age(date(2020, 2, 29), date(2025, 2, 28)) == f"4{NBSP}år"
    assert f.format_age(date(2020, 2, 29), date(2025, 3, 1)) == f"5{NBSP}år"


def test_an_age_before_birth_is_refused():
    with pytest.raises(ValueError, match="born after"):
        f.format_age(date(2027, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("03824212081", "038242\u00a012081"), ("038242 12081", "038242\u00a012081"), ("H-2026-114", "H-2026-114"), ("", "")],
)
def test_an_eleven_digit_number_is_grouped_and_others_left(number, shown):
    assert f.format_identity_number(number) == shown


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("0.50", None, "0,5"),
        (".5", None, "0,5"),
        (Decimal("5.0"), None, "5"),
        (Decimal("100"), None, "100"),
        (Decimal("1E+2"), None, "100"),
        (37, 1, "37,0"),
        (Decimal("37.85"), 1, "37,9"),
        (1000, None, "1000"),
        (12500, None, f"12{NBSP}500"),
        (1234567.25, 2, f"1{NBSP}234{NBSP}567,25"),
        (-2, None, "\u22122"),
        (0, None, "0"),
    ],
)
def test_numbers_have_a_comma_no_trailing_zero_and_parted_thousands(value, places, shown):
    assert f.format_decimal(value, places) == shown


def test_a_unit_never_leaves_its_value():
    assert f.format_quantity("0.5", "mg") == f"0,5{NBSP}mg"


def test_names_read_by_family_name_in_lists_and_naturally_in_prose():
    assert f.format_list_name("Hansen", "Kari Marie") == "Hansen, Kari Marie"
    assert f.format_prose_name("Hansen", "Kari Marie") == "Kari Marie Hansen"
    assert (f.format_list_name("Ukjent", ""), f.format_prose_name("Ukjent", "")) == ("Ukjent", "Ukjent")


@pytest.mark.parametrize(("code", "word"), [("K", "Kvinne"), ("M", "Mann"), ("U", "Ukjent"), ("", "Ukjent")])
def test_sex_is_a_full_word(code, word):
    assert f.format_sex(code) == word


@pytest.mark.parametrize(("seconds", "shown"), [(3432, "57:12"), (59.9, "00:59"), (-4, "00:00"), (3600, "60:00")])
def test_a_countdown_stops_at_zero(seconds, shown):
    assert f.format_countdown(seconds) == shown
