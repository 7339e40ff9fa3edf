"""How dates, ages, numbers, names and identity numbers read on screen and on paper. Pure: no Django, no clock.

Words are those of the request's language; figures, dates and clocks read the same in all.
One place, because a date or a dose that reads differently on two pages is misread. Times come in aware (UTC) and are shown in Oslo.
A value and its unit are joined by a no-break space, so that no line break parts them.
"""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from lms_epj.core.words import gettext_noop, say

OSLO = ZoneInfo("Europe/Oslo")
NBSP = "\u00a0"
WEEKDAYS = (
    gettext_noop("mandag"),
    gettext_noop("tirsdag"),
    gettext_noop("onsdag"),
    gettext_noop("torsdag"),
    gettext_noop("fredag"),
    gettext_noop("lørdag"),
    gettext_noop("søndag"),
)
WEEKDAYS_SHORT = (
    gettext_noop("man."),
    gettext_noop("tir."),
    gettext_noop("ons."),
    gettext_noop("tors."),
    gettext_noop("fre."),
    gettext_noop("lør."),
    gettext_noop("søn."),
)
MONTHS = (
    gettext_noop("januar"),
    gettext_noop("februar"),
    gettext_noop("mars"),
    gettext_noop("april"),
    gettext_noop("mai"),
    gettext_noop("juni"),
    gettext_noop("juli"),
    gettext_noop("august"),
    gettext_noop("september"),
    gettext_noop("oktober"),
    gettext_noop("november"),
    gettext_noop("desember"),
)
SEX_WORDS = {"K": gettext_noop("Kvinne"), "M": gettext_noop("Mann")}
SEX_LETTERS = {"K": gettext_noop("K"), "M": gettext_noop("M")}
NEAR_DAYS = {-1: gettext_noop("i går"), 0: gettext_noop("i dag"), 1: gettext_noop("i morgen")}

_SHORT_DAY = gettext_noop("{weekday}\u00a0{day}.")
_AT, _LONG_DAY, _UNKNOWN = gettext_noop("kl.\u00a0{time}"), gettext_noop("{weekday} {day}. {month}"), gettext_noop("Ukjent")
_YEARS, _MONTH, _MONTHS = gettext_noop("år"), gettext_noop("måned"), gettext_noop("måneder")


def oslo(moment: datetime) -> datetime:
    """The same moment on an Oslo clock. A naive time raises ValueError: it has no place, and guessing one moves a dose by an hour."""
    if moment.tzinfo is None:
        raise ValueError("a time without time zone cannot be shown")
    return moment.astimezone(OSLO)


def oslo_day(value: date | datetime) -> date:
    """The calendar day in Oslo; a plain date is itself."""
    return oslo(value).date() if isinstance(value, datetime) else value


def format_date(value: date | datetime) -> str:
    """24.11.2026"""
    return f"{oslo_day(value):%d.%m.%Y}"


def format_last_day(end: datetime) -> str:
    """24.11.2026: the last day of a span that ends, exclusively, at ``end``; midnight belongs to the day before."""
    return format_date(end - timedelta(microseconds=1))


def format_day_month(value: date | datetime) -> str:
    """24.11., for rows where the year is plain from the context."""
    return f"{oslo_day(value):%d.%m.}"


def format_time(moment: datetime, seconds: bool = False) -> str:
    """10:44, or 10:44:05"""
    return f"{oslo(moment):%H:%M:%S}" if seconds else f"{oslo(moment):%H:%M}"


def format_moment(moment: datetime) -> str:
    """24.11.2026 kl. 10:44"""
    return f"{format_date(moment)} {format_at(moment)}"


def format_at(moment: datetime) -> str:
    """«kl. 10:44», for the middle of a sentence."""
    return say(_AT).format(time=format_time(moment))


def format_near_day(value: date | datetime, today: date | datetime) -> str:
    """«i dag», «i går», «i morgen», «tir. 24.» within a week, else the full date."""
    day = oslo_day(value)
    distance = (day - oslo_day(today)).days
    if distance in NEAR_DAYS:
        return say(NEAR_DAYS[distance])
    if abs(distance) < 7:
        return say(_SHORT_DAY).format(weekday=weekday(day, short=True), day=day.day)
    return format_date(day)


def format_near_moment(moment: datetime, today: date | datetime) -> str:
    """The time alone today, else the near day before it: 10:44, «i går kl. 10:44»."""
    if oslo_day(moment) == oslo_day(today):
        return format_time(moment)
    return f"{format_near_day(moment, today)} {format_at(moment)}"


def format_near_clock(moment: datetime, today: date | datetime) -> str:
    """As format_near_moment, for the middle of a sentence: «kl. 10:44», «i går kl. 10:44»."""
    return format_at(moment) if oslo_day(moment) == oslo_day(today) else format_near_moment(moment, today)


def weekday(value: date | datetime, *, short: bool = False) -> str:
    """«tirsdag», or «tir.»."""
    return say((WEEKDAYS_SHORT if short else WEEKDAYS)[oslo_day(value).weekday()])


def month(number: int) -> str:
    """«november» of 11."""
    return say(MONTHS[number - 1])


def format_long_day(value: date | datetime) -> str:
    """«tirsdag 24. november»"""
    day = oslo_day(value)
    return say(_LONG_DAY).format(weekday=weekday(day), day=day.day, month=month(day.month))


def format_day_heading(value: date | datetime, today: date | datetime) -> str:
    """«I dag, tirsdag 24. november», the year added when it is not this year's."""
    day, now = oslo_day(value), oslo_day(today)
    words = format_long_day(day)
    if day.year != now.year:
        words = f"{words} {day.year}"
    near = NEAR_DAYS.get((day - now).days)
    heading = f"{say(near)}, {words}" if near else words
    return heading[0].upper() + heading[1:]


def format_age(born: date, on: date | datetime) -> str:
    """Whole years; under two years, months. Born 29 February, one is a year older on 1 March.

    Raises:
        ValueError: the birth date lies ahead of the day.
    """
    day = oslo_day(on)
    if born > day:
        raise ValueError("born after the day the age is asked for")
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months >= 24:
        return f"{months // 12}{NBSP}{say(_YEARS)}"
    return f"{months}{NBSP}{say(_MONTH if months == 1 else _MONTHS)}"


def format_sex(code: str) -> str:
    """The full word, for the banner; anything but K and M is «Ukjent»."""
    return say(SEX_WORDS.get(code, _UNKNOWN))


def format_sex_letter(code: str) -> str:
    """K or M beside the age, where room is scarce; other codes as they are."""
    return say(SEX_LETTERS.get(code, code))


def format_identity_number(number: str) -> str:
    """DDMMÅÅ NNNNN for eleven digits, U26-00017-6 for a temporary number; other kinds stay as they are."""
    compact = re.sub(r"\s", "", number)
    if re.fullmatch(r"U\d{8}", compact):
        return f"{compact[:3]}-{compact[3:8]}-{compact[8:]}"
    return f"{compact[:6]}{NBSP}{compact[6:]}" if re.fullmatch(r"\d{11}", compact) else number


def format_decimal(value: Decimal | float | int | str, places: int | None = None) -> str:
    """Decimal comma, a zero before it, thousands parted by no-break space.

    Without `places` trailing zeros go (a dose of 5,0 is read as 50); with `places` exactly so many digits stand (temperature: one).
    A true minus sign. Raises decimal.InvalidOperation on what is not a number.
    """
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(number):f}"
    whole, _, fraction = text.partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    # Four digits stand together (1000 mL), five or more are parted: 10 000.
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", NBSP)
    sign = "\u2212" if number < 0 else ""
    return f"{sign}{whole},{fraction}" if fraction else f"{sign}{whole}"


def format_quantity(value: Decimal | float | int | str, unit: str, places: int | None = None) -> str:
    """«0,5 mg»: the number, a no-break space, the unit."""
    return f"{format_decimal(value, places)}{NBSP}{unit}"


def format_list_name(family_name: str, given_name: str) -> str:
    """«Etternavn, Fornavn», for lists and the banner."""
    return f"{family_name}, {given_name}" if given_name else family_name


def format_prose_name(family_name: str, given_name: str) -> str:
    """Natural order, for sentences."""
    return f"{given_name} {family_name}".strip()


def format_countdown(seconds: float) -> str:
    """Time left as mm:ss, never below 00:00."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes:02d}:{rest:02d}"
