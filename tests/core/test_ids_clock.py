from datetime import UTC, date, datetime, timedelta

import pytest

from lms_epj.core import clock
from lms_epj.core.ids import uuid7


def test_uuid7_has_version_variant_and_time():
    made = uuid7(0x0123456789AB)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == 0x0123456789AB


def test_uuid7_sorts_by_time_and_does_not_repeat():
    ids = [uuid7(ms) for ms in range(1000, 3000)]
    assert ids == sorted(ids)
    assert len({uuid7(5) for _ in range(1000)}) == 1000


def test_uuid7_refuses_times_outside_its_field():
    with pytest.raises(ValueError):
        uuid7(1 << 48)


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 14, 23, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 14, 22, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_norwegian_midnight(day, midnight):
    assert clock.start_of_day(day) == midnight


def test_days_of_clock_change_last_23_and_25_hours():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert clock.end_of_day(spring) - clock.start_of_day(spring) == timedelta(hours=23)
    assert clock.end_of_day(autumn) - clock.start_of_day(autumn) == timedelta(hours=25)


def test_the_doubled_hour_follows_fold():
    first = clock.from_oslo(datetime(2026, 10, 25, 2, 30))
    second = clock.from_oslo(datetime(2026, 10, 25, 2, 30, fold=1))
    assert second - first == timedelta(hours=1)


def test_wall_clock_and_back():
    instant = datetime(2026, 5, 17, 21, 59, tzinfo=UTC)
    assert clock.to_oslo(instant).hour == 23
    assert clock.oslo_date(instant) == date(2026, 5, 17)
    assert clock.oslo_date(instant + timedelta(minutes=1)) == date(2026, 5, 18)


def test_zone_less_times_are_refused_where_they_would_be_a_guess():
    with pytest.raises(ValueError):
        clock.to_oslo(datetime(2026, 1, 1))
    with pytest.raises(ValueError):
        clock.from_oslo(datetime(2026, 1, 1, tzinfo=UTC))


def test_now_is_utc():
    assert clock.SystemClock().now().utcoffset() == timedelta(0)
