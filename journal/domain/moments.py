"""Times as people write them in a form: «10:40», «23.11. 10:40», «23.11.2026 kl. 10:40», on the clock in Norway."""

import re
from datetime import date, datetime, time, timedelta

from lms_epj.core.clock import from_oslo, plausible, to_oslo

_FORM = re.compile(r"\s*(?:(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?:(?P<year>\d{4}))?\s*)?(?:kl\.?)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*")


def parse_moment(text: str, now: datetime) -> datetime:
    """UTC instant; a time alone is today's, a date without a year the latest such date.

    Raises ValueError on what is not a time.
    """
    found = _FORM.fullmatch(text.replace("\u00a0", " "))
    if not found:
        raise ValueError("not a time")
    today = to_oslo(now).date()
    day = today
    if found["day"]:
        day = plausible(date(int(found["year"] or today.year), int(found["month"]), int(found["day"])))
        if not found["year"] and day > today + timedelta(days=1):
            day = day.replace(year=day.year - 1)
    return from_oslo(datetime.combine(day, time(int(found["hour"]), int(found["minute"]))))


def write_moment(moment: datetime, now: datetime) -> str:
    """What ``parse_moment`` reads back to the same minute: the time alone when it is today's."""
    local = to_oslo(moment)
    return f"{local:%H:%M}" if local.date() == to_oslo(now).date() else f"{local:%d.%m.%Y %H:%M}"


def parse_day(text: str) -> date:
    """«24.11.2026» or «2026-11-24». Raises ValueError."""
    text = text.strip()
    return plausible(date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%d.%m.%Y").date())  # noqa: DTZ007 - a date has no zone
