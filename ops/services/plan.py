"""A roster's rules: tried out, shown, and published. The resolver works here; the database takes its rows under the roster's lock."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from lms_epj.core.clock import start_of_day
from ops.domain.calendar import Calendar
from ops.domain.resolver import resolve
from ops.domain.rules import Act, Away, Holidays, Rule, Segment
from ops.models import Act as ActRow
from ops.models import Roster, Rotation
from ops.services.acting import DutyError, acting

MONTHS_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Named:
    """A rule and what it is called."""

    name: str
    rule: Rule


@dataclass(frozen=True)
class Lost:
    """Cover that was promised and would go."""

    level: int
    begins: datetime
    ends: datetime


class CoverLost(DutyError):
    def __init__(self, spans: list[Lost]) -> None:
        super().__init__(_("Planen gir opp vakter som er lovet. Skriv hvorfor, eller dekk dem."))
        self.spans = spans


def rule_of(row: Rotation) -> Rule:
    return Rule(
        level=row.level, rank=row.rank, members=tuple(row.members), anchor=row.anchor, turn_days=row.turn_days, starts=row.starts, ends=row.ends,
        weekdays=frozenset(row.weekdays), holidays=Holidays(row.holidays), fair=row.fair, until=row.until,
        away=tuple(Away(UUID(one["member"]), date.fromisoformat(one["first"]), date.fromisoformat(one["last"])) for one in row.away),
        never=frozenset((UUID(member), day) for member, day in row.never),
    )  # fmt: skip


def as_row(named: Named) -> dict[str, Any]:
    """A rule as gate.duty_publish takes it."""
    rule = named.rule
    return {
        "level": rule.level, "rank": rule.rank, "name": named.name, "members": [str(one) for one in rule.members], "anchor": rule.anchor.isoformat(),
        "turn_days": rule.turn_days, "starts": rule.starts.isoformat(), "ends": rule.ends.isoformat(), "weekdays": sorted(rule.weekdays),
        "holidays": rule.holidays.value, "fair": rule.fair, "until": rule.until and rule.until.isoformat(),
        "away": [{"member": str(one.member), "first": one.first.isoformat(), "last": one.last.isoformat()} for one in rule.away],
        "never": [[str(member), day] for member, day in sorted(rule.never, key=str)],
    }  # fmt: skip


def live_rules(roster: Roster) -> list[Named]:
    """Every rule in force of a roster, by level and rank."""
    rows = Rotation.objects.filter(roster=roster, retired_at=None).order_by("level", "rank")
    return [Named(row.name, rule_of(row)) for row in rows]


def acts_of(roster: Roster, since: datetime) -> list[Act]:
    """What has been changed on top of the rules and is not over, in the order it was made."""
    rows = ActRow.objects.filter(roster=roster, span__endswith__gt=since).order_by("id")
    return [Act(row.level, row.span.lower, row.span.upper, row.party_id, row.instead_of_id) for row in rows]


def plan_try(roster: Roster, rules: Sequence[Named], begins: datetime, ends: datetime) -> dict[int, list[Segment]]:
    """What the rules would give, with all acts on top. Nothing is saved."""
    return resolve([one.rule for one in rules], acts_of(roster, begins), Calendar(frozenset(roster.eves)), begins, ends)


def horizon(roster: Roster, now: datetime) -> datetime:
    """How far a plan is made: a good year, and never less far than it has been."""
    ahead = start_of_day((now + MONTHS_AHEAD).astimezone(UTC).date())
    return max(ahead, roster.published_to) if roster.published_to else ahead


def plan_publish(*, roster: Roster, rules: Sequence[Named], version: int, now: datetime, release: str = "", reason: str = "") -> None:
    """The rules take effect from now on. ``version``: of the roster, as the preview showed it.

    Raises CoverLost, DutyError when somebody was first, and PermissionDenied.
    """
    ends = horizon(roster, now)
    lines = plan_try(roster, rules, now, ends)
    with acting():
        answer = call(
            "duty_publish", roster.id, version, now, ends, json.dumps([as_row(one) for one in rules]), rows_of(lines), release.strip(), reason.strip()
        )
    if answer["state"] == "stale":
        raise DutyError(_("Planen ble endret mens du så på forhåndsvisningen. Ingenting er lagret. Se på den nye forhåndsvisningen."))
    if answer["state"] == "lost":
        raise CoverLost([Lost(one["level"], *(datetime.fromisoformat(one[edge]) for edge in ("begins", "ends"))) for one in answer["lost"]])


def rows_of(lines: dict[int, Iterable[Segment]]) -> str:
    return json.dumps([
        {"level": level, "begins": one.begins.isoformat(), "ends": one.ends.isoformat(), "party": str(one.party)}
        for level, line in lines.items() for one in line
    ])  # fmt: skip


def plans_extend(now: datetime) -> int:
    """Every plan goes on by its own rules until a good year ahead. Run each night, by nobody. Returns how many went on."""
    ends = start_of_day((now + MONTHS_AHEAD).astimezone(UTC).date())
    done = 0
    for one in call("duty_to_extend", ends):
        rules = [rule_of(Rotation(**_typed(row))) for row in one["rules"]]
        begins = datetime.fromisoformat(one["published_to"])
        lines = resolve(rules, [], Calendar(frozenset(one["eves"])), begins, ends)
        with acting():
            done += bool(call("duty_extend", UUID(one["id"]), one["version"], ends, rows_of(lines)))
    return done


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    plain = {name: row[name] for name in ("level", "rank", "turn_days", "weekdays", "holidays", "fair", "away", "never")}
    return plain | {
        "members": [UUID(one) for one in row["members"]], "anchor": date.fromisoformat(row["anchor"]), "until": row["until"] and date.fromisoformat(row["until"]),
        "starts": time.fromisoformat(row["starts"]), "ends": time.fromisoformat(row["ends"]),
    }  # fmt: skip
