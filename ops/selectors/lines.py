"""Who answers when, as it stands: the rows of the rosters one may look at, by roster and level."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from ops.domain.calendar import Calendar
from ops.domain.resolver import joined
from ops.domain.review import Span, gaps
from ops.domain.rules import Segment
from ops.models import Party, Roster, RosterLevel, Shift

Lines = dict[tuple[UUID, int], list[Segment]]


@dataclass(frozen=True)
class Gap:
    """A time in which nobody answers though it was promised."""

    roster: Roster
    level: RosterLevel
    span: Span


def rosters(*, units: bool = False) -> list[Roster]:
    """Those of systems, in their order; with ``units`` the shift plans that one may look at instead."""
    found = Roster.objects.select_related("system", "unit").prefetch_related("levels", "parties")
    return list(found.filter(unit__isnull=False).order_by("name") if units else found.filter(system__isnull=False).order_by("system__place", "name"))


def levels_of(roster: Roster) -> list[RosterLevel]:
    return sorted(roster.levels.all(), key=lambda level: level.number)


def lines_between(among: Iterable[Roster], begins: datetime, ends: datetime) -> Lines:
    """(roster, level) → who answers, cut to the time; an empty list where nobody does."""
    among = list(among)
    found: Lines = {(roster.id, level.number): [] for roster in among for level in roster.levels.all()}
    rows = Shift.objects.filter(roster__in=among, span__overlap=(begins, ends)).order_by("roster", "level", "span")
    for roster, level, lower, upper, party in rows.values_list("roster_id", "level", "span__startswith", "span__endswith", "party_id"):
        found.setdefault((roster, level), []).append(Segment(max(lower, begins), min(upper, ends), party))
    return {key: joined(line) for key, line in found.items()}


def begun(among: Iterable[Roster]) -> dict[UUID, datetime]:
    """When the first shift of each began: before that there was no plan, and so no gap."""
    return dict(Shift.objects.filter(roster__in=list(among)).values_list("roster").annotate(Min("span__startswith")))


def parties() -> dict[UUID, Party]:
    """Everyone that can answer, with the legal entity they are counted on."""
    return {party.id: party for party in Party.objects.select_related("legal_entity")}


def open_gaps(among: Iterable[Roster], lines: Lines, begins: datetime, ends: datetime) -> list[Gap]:
    """Uncovered times, the first first."""
    found = [
        Gap(roster, level, span)
        for roster in among
        for level in roster.levels.all()
        if level.promised
        for span in gaps(lines[roster.id, level.number], begins, ends)
    ]
    return sorted(found, key=lambda gap: (gap.span.begins, gap.roster.name))


def covered(gaps_found: Iterable[Gap], levels: int, begins: datetime, ends: datetime) -> float:
    """How much of what was promised is covered, in per cent."""
    whole = (ends - begins).total_seconds() * levels
    missing = sum(
        (min(gap.span.ends, ends) - max(gap.span.begins, begins)).total_seconds()
        for gap in gaps_found
        if gap.span.begins < ends and gap.span.ends > begins
    )
    return 100 - 100 * missing / whole if whole else 100.0


def calendar_of(roster: Roster) -> Calendar:
    return Calendar(frozenset(roster.eves))
