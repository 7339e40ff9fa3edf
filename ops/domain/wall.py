"""Wall time in Norway to instants, also on the two days a year when the clock is moved."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=65536)
def instant(day: date, clock: time) -> datetime:
    """The first instant at which clocks in Norway read that or later, as UTC.

    In the hour that comes twice it is the first of the two; in the hour that is left out it is when the clock is moved. So a shift that ends at
    02:30 and one that begins then meet, whatever night it is.
    """
    wall = datetime.combine(day, clock)
    found = wall.replace(tzinfo=OSLO).astimezone(UTC)
    if found.astimezone(OSLO).replace(tzinfo=None) == wall:
        return found
    found = wall.replace(tzinfo=OSLO, fold=1).astimezone(UTC)
    while found.astimezone(OSLO).replace(tzinfo=None) < wall:
        found += MINUTE
    return found


def oslo(moment: datetime) -> datetime:
    return moment.astimezone(OSLO)
