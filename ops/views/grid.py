"""A span of days as lanes of bars. Positions are of the wall's clock, so every day is as wide, also the two when it is moved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ops.domain.review import gaps
from ops.models import Party, Roster
from ops.selectors.lines import Lines, levels_of
from ops.views.common import hours_words, shift_query, span_words
from ops.words import on_the_wall

DAY = timedelta(days=1)
COLOURS = 10
NARROW = 4.5  # per cent of the width: less is too little to hit with a finger, and only shown (a week shows it wider)


def colours_of(parties: Iterable[Party]) -> dict[UUID, int]:
    """Party → the colour of the one on whose account it is counted, the same on every page."""
    accounts = sorted({account(party) for party in parties})
    return {party.id: accounts.index(account(party)) % COLOURS + 1 for party in parties}


def account(party: Party) -> str:
    return party.legal_entity.name if party.legal_entity else party.name


def short(name: str) -> str:
    """«Nordre Follo kommune» is «Nordre Follo»."""
    return name.removesuffix(" kommune")


def shortest(party: Party) -> str:
    """As it stands on a bar: of a person the family name."""
    return party.name.rpartition(" ")[2] if party.kind == Party.Kind.PERSON else short(party.name)


class Grid:
    """The days from ``first`` on; `style` places the bars, since the page may carry no style of its own. ``since``: from when a roster is a plan at all; after what is published it is none yet."""

    def __init__(
        self, rosters: list[Roster], lines: Lines, parties: dict[UUID, Party], first: date, begins: datetime, ends: datetime, now: datetime,
        since: dict[UUID, datetime],
    ) -> None:  # fmt: skip
        self.start = datetime(first.year, first.month, first.day)  # noqa: DTZ001 - the wall's own
        self.whole = (on_the_wall(ends) - self.start).total_seconds()
        self.parties, self.begins, self.ends, self.now, self.since = parties, begins, ends, now, since
        self.colours = colours_of(parties.values())
        self.rules: list[str] = []
        self.shown: set[UUID] = set()
        self.rows = [self._row(roster, lines) for roster in rosters]
        self.now_class = self._place(now, now) if begins <= now < ends else ""

    def _row(self, roster: Roster, lines: Lines) -> dict[str, Any]:
        lanes = []
        path = reverse("duty_shift", args=[roster.id])
        missing = 0.0
        for level in levels_of(roster):
            line = lines[roster.id, level.number]
            bars = [self._bar(path, level.number, one, accounts=roster.unit_id is None) for one in line]
            if level.promised:
                holes = gaps(line, max(self.begins, self.since.get(roster.id, self.ends)), min(self.ends, roster.published_to or self.ends))
                missing += sum(hole.hours for hole in holes)
                bars += [self._gap(path, level.number, hole) for hole in holes]
            lanes.append({"name": level.name, "bars": sorted(bars, key=lambda bar: bar["begins"])})
        promised = sum(level.promised for level in roster.levels.all()) * (self.ends - self.begins).total_seconds() / 3600
        return {"roster": roster, "lanes": lanes, "covered": 100 - 100 * missing / promised if promised else 100, "missing": missing}

    def _bar(self, path: str, level: int, one: Any, *, accounts: bool) -> dict[str, Any]:
        """``accounts``: whose hours they are is worth the room; in a unit's plan all are the unit's."""
        party = self.parties[one.party]
        of = short(account(party)) if accounts else ""
        self.shown.add(party.id)
        return {
            "begins": one.begins, "place": self._place(one.begins, one.ends), "narrow": self._narrow(one.begins, one.ends), "colour": self.colours[party.id], "name": shortest(party),
            "of": of if of not in party.name else "", "when": span_words(one.begins, one.ends), "url": shift_query(path, level, one.begins, one.ends), "gap": False,
            "over": one.ends <= self.now,
        }  # fmt: skip

    def _gap(self, path: str, level: int, hole: Any) -> dict[str, Any]:
        return {
            "begins": hole.begins, "place": self._place(hole.begins, hole.ends), "narrow": self._narrow(hole.begins, hole.ends), "name": hours_words(hole.begins, hole.ends), "of": "", "gap": True,
            "when": span_words(hole.begins, hole.ends), "url": shift_query(path, level, hole.begins, hole.ends), "label": _("Udekket"), "over": hole.ends <= self.now,
        }  # fmt: skip

    def _place(self, begins: datetime, ends: datetime) -> str:
        left, right = (100 * (on_the_wall(moment) - self.start).total_seconds() / self.whole for moment in (begins, ends))
        name = f"epj-at{len(self.rules)}"
        self.rules.append(f".{name}{{left:{max(left, 0):.3f}%;width:{max(right - max(left, 0), 0):.3f}%}}")
        return name

    def _narrow(self, begins: datetime, ends: datetime) -> bool:
        return (self.ends - self.begins).days > 8 and 100 * (ends - begins).total_seconds() / self.whole < NARROW

    @property
    def style(self) -> str:
        return "".join(self.rules)

    def legend(self) -> list[dict[str, Any]]:
        shown = {short(account(self.parties[party])): self.colours[party] for party in self.shown}
        return [{"colour": colour, "name": name} for name, colour in sorted(shown.items())]
