"""The agreement as its pages show it: versions, parties with services, changes, and what an exit leaves hanging."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call

Community = dict[str, Any]
MOMENTS = ("_at", "valid_from", "valid_to", "_until")
# What hangs on a leaver: kind → name, what happens with it. In the order of the page. None of `KEPT` is ended.
HANGING = {
    "authorisation": (gettext_noop("Roller i kommunens enheter"), gettext_noop("Avsluttes når enhetene stenges.")),
    "account": (gettext_noop("Brukere som bare arbeider der"), gettext_noop("Kan ikke lenger logge inn. Navnet blir stående på det de har ført.")),
    "session": (gettext_noop("Åpne økter"), gettext_noop("Avsluttes.")),
    "permission": (gettext_noop("Enheter med egne forvaltere"), gettext_noop("Forvalteransvaret fjernes.")),
    "measure": (gettext_noop("Besluttede tiltak"), gettext_noop("Avsluttes. De står i journalen som grunnlag for det som ble gjort.")),
    "emergency": (gettext_noop("Nødrettstilganger som pågår"), gettext_noop("Avsluttes. Saken går til kontroll som før.")),
    "opening": (gettext_noop("Åpnede sperringer"), gettext_noop("Lukkes.")),
    "service": (gettext_noop("Vedtak om tjenester"), gettext_noop("Avsluttes her og følger uttrekket til kommunens eget system.")),
    "visit": (gettext_noop("Planlagte besøk"), gettext_noop("Avlyses her og følger uttrekket.")),
    "task": (gettext_noop("Åpne oppgaver til kommunen"), gettext_noop("Avlyses med forklaring, så den som ba om dem ser det.")),
    "stay": (gettext_noop("Opphold i kommunens egne avdelinger"), gettext_noop("Avsluttes her og følger uttrekket.")),
    "draft": (gettext_noop("Kladder"), gettext_noop("Følger uttrekket merket som kladd. Be dem signere før dagen.")),
    "unsigned": (gettext_noop("Bekreftede notater uten signatur"), gettext_noop("Følger uttrekket som bekreftet. Be dem signere før dagen.")),
    "inpatient": (gettext_noop("Innbyggere som ligger hos andre"), gettext_noop("Blir der. De andre beholder det de har ført.")),
}
KEPT = ("draft", "unsigned", "inpatient")


def communities() -> list[Community]:
    """All agreements, newest version and change first (shape: gate.communities). For administrators of access and custodians."""
    return _with_moments(call("communities"))


def community_of(community: UUID) -> Community | None:
    return next((one for one in communities() if one["id"] == str(community)), None)


def version_of(version: UUID) -> tuple[Community, dict[str, Any]] | None:
    return _part_of("versions", version)


def change_of(change: UUID) -> tuple[Community, dict[str, Any]] | None:
    return _part_of("changes", change)


def exports() -> list[tuple[Community, dict[str, Any]]]:
    """Exits that have a copy ordered, the newest first; `change["export"]` is the copy."""
    return [(one, change) for one in communities() for change in one["changes"] if change["export"] and change["state"] != "cancelled"]


def export_of(export: UUID) -> tuple[Community, dict[str, Any]] | None:
    return next((found for found in exports() if found[1]["export"]["id"] == str(export)), None)


def _part_of(part: str, wanted: UUID) -> tuple[Community, dict[str, Any]] | None:
    return next(((one, row) for one in communities() for row in one[part] if row["id"] == str(wanted)), None)


def holds(row: dict[str, Any], at: datetime) -> bool:
    """Whether a dated row holds at a moment: its start, not its end."""
    return row["valid_from"] <= at and (row["valid_to"] is None or at < row["valid_to"])


def version_at(community: Community, at: datetime) -> dict[str, Any] | None:
    return next((version for version in community["versions"] if holds(version, at)), None)


def latest(community: Community) -> dict[str, Any]:
    """The version without an end, which a new one is written from; {} before the first."""
    return next((version for version in community["versions"] if version["valid_to"] is None), {})


def parties(community: Community, at: datetime) -> list[dict[str, Any]]:
    """Who takes part at a moment: {id, name, mode, kind, services [name], since, until}."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in community["participations"]:
        if holds(row, at):
            found[row["legal_entity_id"], row["mode"]].append(row)
    return [
        {
            "id": entity, "name": rows[0]["entity"], "mode": mode, "kind": rows[0]["kind"], "services": [row["service"] for row in rows],
            "since": min(row["valid_from"] for row in rows), "until": min((row["valid_to"] for row in rows if row["valid_to"]), default=None),
        }
        for (entity, mode), rows in found.items()
    ]  # fmt: skip


def members(community: Community, at: datetime) -> list[dict[str, Any]]:
    """Those who must sign a version that begins then."""
    return [party for party in parties(community, at) if party["mode"] == "member"]


def hanging(entity: UUID | str, at: datetime) -> list[dict[str, Any]]:
    """[{kind, name, rows, patients, handling, kept}] of what an exit of the entity finds; kinds with nothing are left out."""
    return describe_hanging(call("exit_findings", entity, at))


def describe_hanging(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """The same from stored counts, {kind: rows} or {kind: {rows, patients}}."""
    return [
        {"kind": kind, "name": _(name), "handling": _(handling), "kept": kind in KEPT, **_count(counts[kind])}
        for kind, (name, handling) in HANGING.items()
        if kind in counts
    ]


def _count(value: Any) -> dict[str, int]:
    return value if isinstance(value, dict) else {"rows": value, "patients": 0}


def _with_moments(value: Any) -> Any:
    """Texts of the JSON that are moments become datetimes, by the name they stand under."""
    if isinstance(value, list):
        return [_with_moments(one) for one in value]
    if isinstance(value, dict):
        return {
            key: datetime.fromisoformat(one) if isinstance(one, str) and key.endswith(MOMENTS) else _with_moments(one) for key, one in value.items()
        }
    return value
