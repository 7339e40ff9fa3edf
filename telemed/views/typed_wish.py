"""The booking form: what was typed, kept when it is refused, with the next free times as buttons."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.models import User
from journal.domain.moments import parse_day
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import from_oslo, oslo_date, to_oslo
from lms_epj.core.formatting import format_at, format_date, format_near_day, format_time
from telemed.models import Kind, Resource
from telemed.selectors.resources import bookable, chosen_among, resource_groups
from telemed.selectors.times import free_starts
from telemed.services.bookings import Guest, Wish
from telemed.services.errors import NotFree
from telemed.services.series import Rule

LENGTHS = (15, 30, 45, 60, 90, 120)


class TypedWish:
    """The fields of a booking. ``start``: values of an empty form."""

    def __init__(self, request: HttpRequest, kinds: Sequence[Kind], start: dict[str, str] | None = None) -> None:
        self.request, self.gate = request, request.gate
        self.kinds = kinds
        coming = next_quarter(self.gate.now)
        start = {"day": format_date(coming), "time": format_time(coming), "minutes": "30"} | (start or {})
        given = {key: request.GET[key] for key in ("day", "time", "minutes", "kind") if request.GET.get(key)}
        self.typed = Typed(request, start | given)
        self.resources = bookable(self.gate)
        chosen = request.POST.getlist("resource") if self.typed.posted else request.GET.getlist("resource")
        self.chosen: list[Resource] = chosen_among(self.resources, chosen)
        self.starts: list[datetime] = []
        self.searched = False
        self.starts_at = self._starts_at(request.POST.get("pick", ""))
        self.minutes = self.typed.number("minutes")

    def _starts_at(self, picked: str) -> datetime | None:
        """The time that was typed, or the one of the offered times whose button was pressed."""
        day, clock = picked.split(" ") if picked.count(" ") == 1 else (self.typed.text("day"), self.typed.text("time"))
        if self.typed.posted and picked:
            self.typed.values = {**self.typed.values.dict(), "day": day, "time": clock}
        try:
            return parse_start(day, clock)
        except ValueError:
            if self.typed.posted:
                self.typed.errors["starts_at"] = _("Skriv dag og klokkeslett, for eksempel 24.11.2026 og 13:00.")
            return None

    @property
    def finding(self) -> bool:
        """Asked for free times, not for a booking."""
        return self.typed.posted and "find" in self.typed.values

    def find(self) -> None:
        """Offers the next times at which all that is chosen is free."""
        if not self.chosen:
            self.typed.errors["resources"] = _("Velg først hva som skal bestilles.")
            self.typed.status = 422
            return
        self.searched = True
        self.starts = free_starts(self.chosen, self.minutes or 30, max(self.gate.now, self.starts_at or self.gate.now))

    def refuse(self, error: JournalError) -> None:
        self.typed.refuse(error)
        if isinstance(error, NotFree):
            self.starts = error.starts
            self.searched = True

    def wish(self, *, at_home: bool = False, patient_name: str = "", title: str = "", ward_list: bool = False) -> Wish:
        """What was asked for. The one who books takes part; so does everyone whose time is taken."""
        guests = [
            Guest(name, self.typed.text(f"organisation{number}"))
            for number in ("", "2") if (name := self.typed.text(f"external{number}").strip())
        ]  # fmt: skip
        if at_home:
            guests.append(Guest(patient_name, kind="patient"))
        me = User.objects.get(pk=self.gate.user_id)
        staff = [me, *(one.user for one in self.chosen if one.user_id and one.user_id != me.pk)]
        return Wish(
            kind=self.typed.text("kind"), starts_at=self.starts_at or self.gate.now, minutes=self.minutes, resources=self.chosen, staff=staff,
            guests=guests, title=title, ward_list=ward_list,
        )  # fmt: skip

    def rule(self) -> Rule:
        """The series that was asked for: without weekdays, the first one's own. Raises JournalError without a last day."""
        assert self.starts_at is not None  # noqa: S101 - the form was ready
        try:
            first, until = oslo_date(self.starts_at), parse_day(self.typed.text("until"))
        except ValueError:
            raise JournalError("until", _("Skriv siste dag."), {"until": _("Skriv siste dag.")}) from None
        named = frozenset(int(one) for one in self.request.POST.getlist("weekday") if one in set("0123456"))
        return Rule(named or frozenset({first.weekday()}), self.typed.number("repeat"), to_oslo(self.starts_at).time(), first, until)

    def repeat_fields(self) -> dict[str, Any]:
        """Whether it comes again, and until when."""
        often = [("1", _("Hver uke")), ("2", _("Annenhver uke")), ("4", _("Hver fjerde uke"))]
        return {
            "repeat": self.typed.select("repeat", _("Gjentas"), often, empty=_("Nei")),
            "until": self.typed.field("until", _("Siste dag, når den gjentas"), inputmode="numeric", hint=_("For eksempel 30.06.2027")),
        }

    def context(self) -> dict[str, Any]:
        """What telemed/wish.html shows."""
        typed = self.typed
        return {
            "kind": typed.select("kind", _("Hva timen er"), [(kind.value, kind.label) for kind in self.kinds], empty=_("Velg")),
            "day": typed.field("day", _("Dag"), inputmode="numeric") | {"error": typed.errors.get("starts_at", "")},
            "time": typed.field("time", _("Klokken"), inputmode="numeric"),
            "minutes": typed.select("minutes", _("Varighet"), [(n, _("%(n)d minutter") % {"n": n}) for n in LENGTHS]),
            "groups": resource_groups(self.resources, self.chosen, self.gate.own_entities), "resource_error": typed.errors.get("resources", ""),
            "starts": offered(self.starts, self.gate.now), "searched": self.searched,
        }  # fmt: skip


def left_out_query(days: list[date]) -> str:
    """For the address of the page that is shown next: days of a series that could not be had."""
    return "&utelatt=" + ",".join(day.isoformat() for day in days) if days else ""


def left_out(request: HttpRequest) -> list[str]:
    """The days that ``left_out_query`` laid there; what is no day is passed over."""
    days = []
    for text in request.GET.get("utelatt", "").split(","):
        with suppress(ValueError):
            days.append(format_date(parse_day(text)))
    return days


def offered(starts: list[datetime], now: datetime) -> list[dict[str, str]]:
    """Times as buttons."""
    return [{"value": f"{to_oslo(one):%Y-%m-%d %H:%M}", "label": f"{format_near_day(one, now)} {format_at(one)}"} for one in starts]


def parse_start(day: str, clock: str) -> datetime:
    """«24.11.2026» and «9:30», as an instant. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", clock.strip())
    if not found:
        raise ValueError("not a time")
    return from_oslo(datetime.combine(parse_day(day), time(int(found[1]), int(found[2]))))


def next_quarter(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(minutes=15 - now.minute % 15)
