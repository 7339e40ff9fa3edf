"""What was agreed with who runs each system, and how it was kept (R66): answers, repairs, time up, and cover."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from lms_epj.core.formatting import oslo
from ops.domain.resolver import joined
from ops.domain.review import Span, gaps
from ops.domain.rules import Segment
from ops.models import Incident, System, Terms
from ops.selectors.lines import begun, lines_between, rosters

MINUTE = timedelta(minutes=1)


def terms_of(system: UUID) -> list[Terms]:
    """All that was agreed, the newest first."""
    return list(Terms.objects.filter(system_id=system).select_related("operator", "made_by").order_by("-valid_from", "-made_at"))


def in_force(among: Iterable[Terms], day: date) -> Terms | None:
    """``among``: of one system, the newest first."""
    return next((one for one in among if one.valid_from <= day), None)


@dataclass
class Kept:
    """One system in a period. `late`, `slow`: incidents that broke a limit. Minutes are means. None where nothing was agreed, or nothing measured."""

    system: System
    terms: Terms | None
    count: int = 0
    answered: list[float] = field(default_factory=list)
    mended: list[float] = field(default_factory=list)
    late: list[Incident] = field(default_factory=list)
    slow: list[Incident] = field(default_factory=list)
    up: float = 100.0
    cover: float | None = None

    @property
    def answer_mean(self) -> int | None:
        return round(sum(self.answered) / len(self.answered)) if self.answered else None

    @property
    def mend_mean(self) -> int | None:
        return round(sum(self.mended) / len(self.mended)) if self.mended else None

    @property
    def up_kept(self) -> bool:
        return self.terms is None or self.up >= float(self.terms.up_percent)

    @property
    def kept(self) -> bool:
        return not self.late and not self.slow and self.up_kept and (self.cover is None or self.cover > 99.99)


def service_levels(begins: datetime, ends: datetime, now: datetime) -> list[Kept]:
    """Each system from ``begins`` until ``ends``, or now. Each incident is measured by the terms of its day."""
    ends = min(ends, now)
    agreed: dict[UUID, list[Terms]] = {}
    for one in Terms.objects.select_related("operator").order_by("-valid_from", "-made_at"):
        agreed.setdefault(one.system_id, []).append(one)
    found = {system.id: Kept(system, in_force(agreed.get(system.id, ()), oslo(ends).date())) for system in System.objects.order_by("place", "name")}
    down: dict[UUID, list[Segment]] = {}
    for incident in Incident.objects.filter(opened_at__lt=ends).exclude(severity="notice").exclude(closed_at__lt=begins).order_by("opened_at"):
        kept = found[incident.system_id]
        if incident.severity == "critical":
            down.setdefault(incident.system_id, []).append(Segment(max(incident.opened_at, begins), min(incident.closed_at or now, ends), "down"))
        if incident.opened_at >= begins:
            weigh(kept, incident, in_force(agreed.get(incident.system_id, ()), oslo(incident.opened_at).date()), now)
    whole = (ends - begins) / MINUTE
    for system, spans in down.items():
        found[system].up = 100 - 100 * sum((one.ends - one.begins) / MINUTE for one in merged(spans)) / whole if whole > 0 else 100.0
    covers(found, begins, ends)
    return list(found.values())


def weigh(kept: Kept, incident: Incident, terms: Terms | None, now: datetime) -> None:
    """One incident. What nobody has answered yet is late from the moment the limit passes."""
    kept.count += 1
    answer = ((incident.acknowledged_at or incident.closed_at or now) - (incident.alarmed_at or incident.opened_at)) / MINUTE
    mend = ((incident.closed_at or now) - incident.opened_at) / MINUTE
    if incident.acknowledged_at or incident.closed_at:
        kept.answered.append(answer)
    if incident.closed_at:
        kept.mended.append(mend)
    if terms and answer > terms.answer_minutes:
        kept.late.append(incident)
    if terms and mend > terms.mend_minutes:
        kept.slow.append(incident)


def merged(spans: list[Segment]) -> list[Segment]:
    """Time that several cover is counted once."""
    found: list[Segment] = []
    for one in sorted(spans, key=lambda each: each.begins):
        if found and one.begins <= found[-1].ends:
            found[-1] = Segment(found[-1].begins, max(found[-1].ends, one.ends), one.party)
        else:
            found.append(one)
    return joined(found)


def covers(found: dict[UUID, Kept], begins: datetime, ends: datetime) -> None:
    """How much of the time somebody answered on the first line, from when there was a plan."""
    among = rosters()
    lines, since = lines_between(among, begins, ends), begun(among)
    for roster in among:
        first = max(begins, since.get(roster.id, ends))
        level = min((one.number for one in roster.levels.all() if one.promised), default=None)
        if level is not None and first < ends:
            missing = sum(hole.hours for hole in gaps(lines[roster.id, level], first, ends))
            found[roster.system_id].cover = 100 - 100 * missing / Span(first, ends).hours
