"""The calendar feed, read by another's parser: the same shifts as the page, over both changes of the clock; and whoever has no secret reads nothing."""

import re
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.utils.html import escape

from ops.domain.calendar import Calendar
from ops.domain.resolver import joined, resolve
from ops.domain.rules import Rule, Segment
from ops.domain.wall import instant, oslo
from ops.models import Shift
from ops.views.calendar_feed import calendar_of
from ops.words import span_words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def events(raw: bytes) -> list[tuple[datetime, datetime]]:
    calendar = icalendar.Calendar.from_ical(raw)
    return sorted((event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)) for event in calendar.walk("VEVENT"))


def made(client) -> str:
    page = client.post("/vakt/mine/kalender/", {"act": "make"}).content.decode()
    return re.search(r"<code>https?://[^/]+(/[^<]+)</code>", page)[1]


def test_it_holds_the_shifts_of_its_owner_and_nobody_elses(duty, client_for):
    client = client_for("drift")
    feed = client_for(None).get(made(client))
    assert feed["Content-Type"].startswith("text/calendar")
    rows = Shift.objects.filter(party=duty.parties["drift"]).order_by("level", "span").values_list("level", "span")
    expected = [one for level in (1, 2) for one in joined([Segment(span.lower, span.upper, "me") for number, span in rows if number == level])]
    assert events(feed.content) == sorted((one.begins.replace(microsecond=0), one.ends) for one in expected)
    assert len(expected) > 40


def clock_changes(now: datetime) -> list[date]:
    """The two days within a year on which the clock is moved."""
    days = [oslo(now).date() + n * DAY for n in range(1, 366)]
    return [day for day in days if oslo(instant(day, time(0))).utcoffset() != oslo(instant(day, time(23))).utcoffset()]


def test_the_screen_says_the_same_in_both_weeks_in_which_the_clock_is_moved(duty, client_for):
    client = client_for("drift")
    feed = events(client_for(None).get(made(client)).content)
    family = escape(duty.parties["drift"].name.rpartition(" ")[2])
    days = clock_changes(duty.now)
    assert len(days) == 2
    for day in days:
        monday = day - day.weekday() * DAY
        begins, ends = instant(monday, time(0)), instant(monday + 7 * DAY, time(0))
        page = client.get(f"/vakt/?uke={monday.isoformat()}").content.decode()
        shown = re.findall(rf'title="{family}[^"]*, ([^",]+)"', page)
        assert sorted(shown) == sorted(span_words(max(one, begins), min(two, ends)) for one, two in feed if one < ends and two > begins)
        assert shown


def test_over_both_changes_of_the_clock_it_says_what_the_roster_says():
    rule = Rule(1, 0, ("A",), date(2026, 3, 1), turn_days=1, starts=time(23), ends=time(7))
    line = resolve([rule], [], Calendar(), instant(date(2026, 3, 20), time(0)), instant(date(2026, 11, 10), time(0)))[1]
    rows = [
        {
            "roster": "r",
            "number": 1,
            "key": "p",
            "party": None,
            "name": "Natt, «EPJ»; vakt",
            "level": "Første\nlinje",
            "begins": one.begins.isoformat(),
            "ends": one.ends.isoformat(),
        }
        for one in line
    ]
    raw = calendar_of({"shifts": rows})
    assert events(raw) == [(one.begins, one.ends) for one in line]
    hours = {oslo(begins).date(): (ends - begins).total_seconds() / 3600 for begins, ends in events(raw)}
    assert [hours[day] for day in (date(2026, 3, 27), date(2026, 3, 28), date(2026, 10, 24))] == [8, 7, 9]
    assert all(len(part) <= 75 for part in raw.split(b"\r\n"))
    assert str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["SUMMARY"]) == "Vakt: Natt, «EPJ»; vakt – Første\nlinje"


def test_it_ends_when_its_owner_says_so_or_makes_another(duty, client_for):
    client, anyone = client_for("drift"), client_for(None)
    first = made(client)
    second = made(client)
    assert anyone.get(first).status_code == 404 and anyone.get(second).status_code == 200
    client.post("/vakt/mine/kalender/", {"act": "revoke"})
    assert anyone.get(second).status_code == 404
    assert anyone.get("/vakt/kalender/guessed/vakter.ics").status_code == 404
