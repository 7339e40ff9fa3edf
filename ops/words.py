"""Words for times, as pages and messages say them."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from lms_epj.core.formatting import WEEKDAYS_SHORT, format_date, format_time, oslo
from lms_epj.core.words import say

DAY = timedelta(days=1)


@lru_cache(maxsize=16384)
def on_the_wall(moment: datetime) -> datetime:
    """What clocks in Norway read, without a zone. Kept: where one shift ends the next begins, and a year has a thousand of them."""
    return oslo(moment).replace(tzinfo=None)


@lru_cache(maxsize=16384)
def edge_words(moment: datetime) -> str:
    """«tors. 26.11. 15:30»"""
    wall = on_the_wall(moment)
    return f"{say(WEEKDAYS_SHORT[wall.weekday()])} {wall.day}.{wall.month}. {wall:%H:%M}"


def span_words(begins: datetime, ends: datetime) -> str:
    """«tors. 26.11. 15:30 – 20:00», the second day where it is another."""
    last = on_the_wall(ends)
    same_day = on_the_wall(begins).date() == last.date()
    return f"{edge_words(begins)} – {f'{last:%H:%M}' if same_day else edge_words(ends)}"


def hours_words(begins: datetime, ends: datetime) -> str:
    """«9 timer», «4 t 30 min», «3 døgn 4 t»."""
    minutes = int((ends - begins).total_seconds() // 60)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days:
        return _("%(days)s døgn") % {"days": days} + (_(" %(hours)s t") % {"hours": hours} if hours else "")
    if left:
        return _("%(hours)s t %(minutes)s min") % {"hours": hours, "minutes": left} if hours else _("%(minutes)s min") % {"minutes": left}
    return _("1 time") if hours == 1 else _("%(hours)s timer") % {"hours": hours}


def until_words(moment: datetime | None, now: datetime) -> str:
    """«til i dag 15:30», «til fr. 27.11. 08:00»."""
    if moment is None:
        return ""
    there, here = oslo(moment), oslo(now)
    if there.date() == here.date():
        return _("til i dag %(clock)s") % {"clock": format_time(moment)}
    if there.date() - here.date() == DAY:
        return _("til i morgen %(clock)s") % {"clock": format_time(moment)}
    return _("til %(day)s %(date)s %(clock)s") % {
        "day": say(WEEKDAYS_SHORT[there.weekday()]), "date": f"{there.day}.{there.month}." if there.date() - here.date() < timedelta(days=300) else format_date(moment),
        "clock": format_time(moment),
    }  # fmt: skip
