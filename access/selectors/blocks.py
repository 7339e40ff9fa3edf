"""Blocks in words, for those who register them and for the letter to the patient. An entry is a date and a unit, nothing more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate, call, rows
from access.models import BlockOpening, LegalGround
from lms_epj.core.formatting import format_date, format_moment

ENTRIES = 200


def registrations(patient: UUID, now: datetime, titles: Mapping[UUID, str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """{in_force, ended}: each registration with what it blocks, for whom, since when, on whose wish, and the doctor's assessment.

    ``titles``: entry → title, for a reader who may read that entry.
    """
    found: dict[str, list[dict[str, Any]]] = {"in_force": [], "ended": []}
    every = sorted(rows("blocks_of", patient), key=lambda row: (-row["valid_from"].timestamp(), str(row["registration_id"])))
    for key, group in groupby(every, key=lambda row: row["registration_id"]):
        blocks = list(group)
        first = blocks[0]
        live = [row for row in blocks if row["valid_to"] is None or row["valid_to"] > now]
        shown = live or blocks
        found["in_force" if live else "ended"].append({
            "id": key, "what": list(dict.fromkeys(what(row, titles or {}) for row in shown)), "whom": list(dict.fromkeys(whom(row) for row in shown)),
            "stretch": stretch(first), "since": first["valid_from"], "until": max((r["valid_to"] for r in blocks if r["valid_to"]), default=None),
            "wish_of": first["wish_of"], "wish_kind": first["wish_kind"], "ground": first["ground"], "reason": first["reason"],
            "registered_by": first["registered_by"], "registered_in": first["registered_in"], "lifted_by": first["lifted_by"],
            "lift_wish_of": first["lift_wish_of"], "assessment": _assessment(first), "partly_lifted": bool(live) and len(live) < len(blocks),
            "assessable": first["block_id"] != key,
        })  # fmt: skip
    return found


def _assessment(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["assessed_at"] is None:
        return None
    return {key: row[key] for key in ("assessed_at", "assessed_by", "may_harm", "consequences", "patient_told")}


def what(row: dict[str, Any], titles: Mapping[UUID, str]) -> str:
    """What one block hides."""
    match row["scope"]:
        case "record":
            return _("Hele journalen, unntatt kritisk informasjon")
        case "category":
            return _("Alt av typen «%(name)s»") % {"name": row["category"]}
        case "document_type":
            return _("Alle dokumenter av typen «%(name)s»") % {"name": row["document_type"]}
        case "stay":
            return _("Oppholdet fra %(day)s, %(unit)s") % {"day": format_date(row["entry_at"]), "unit": row["entry_unit"]}
    if row["entry_at"] is None:
        return _("Et innslag som ikke lenger står i journalen")
    entry = _("Innslag %(moment)s, %(unit)s") % {"moment": format_moment(row["entry_at"]), "unit": row["entry_unit"]}
    title = titles.get(row["entry_id"])
    return f"{entry}: {title}" if title else entry


def whom(row: dict[str, Any]) -> str:
    """Whom one block is aimed at, and who is spared."""
    name, spared = row["target_name"], ", ".join(row["exceptions"])
    words = {
        "user": _("%(name)s") % {"name": name},
        "role": _("Alle med rollen %(name)s") % {"name": name},
        "unit": _("Alle på %(name)s") % {"name": name},
        "legal_entity": _("Alle i %(name)s") % {"name": name},
        "everyone": _("Alle"),
    }[row["target"]]
    return _("%(whom)s unntatt %(spared)s") % {"whom": words, "spared": spared} if spared else words


def stretch(row: dict[str, Any]) -> str:
    """Which part of the course a block covers, by when it happened."""
    first, last = row["entries_from"], row["entries_to"]
    if row["scope"] == "entry":
        return ""
    if first and last:
        return _("Det som er fra %(first)s til %(last)s") % {"first": format_moment(first), "last": format_moment(last)}
    if first:
        return _("Det som er fra %(first)s og framover") % {"first": format_moment(first)}
    if last:
        return _("Det som er fra før %(last)s") % {"last": format_moment(last)}
    return _("Både det som er ført, og det som føres senere")


def entries(patient: UUID, moments: Sequence[datetime] = ()) -> list[dict[str, Any]]:
    """What can be blocked one by one: [{entry_id, event_at, unit_name}], newest first; older ones only from the ``moments`` asked for."""
    found = {row["entry_id"]: row for row in rows("block_entries", patient, None, None, ENTRIES)}
    for at in moments[:ENTRIES]:
        found |= {row["entry_id"]: row for row in rows("block_entries", patient, at, at + timedelta(microseconds=1), 500)}
    return list(found.values())


def stays(patient: UUID) -> list[dict[str, Any]]:
    return rows("block_stays", patient)


def readers(patient: UUID) -> list[dict[str, Any]]:
    """Those who may know of the patient now, one line for each person and role."""
    return rows("block_readers", patient)


def seen_as(patient: UUID, authorisation: UUID) -> dict[str, Any] | None:
    """{seen: [{at, unit, hidden}], told: is the reader told that something is blocked}; None for a role that is not live."""
    found: dict[str, Any] | None = call("block_seen_as", patient, authorisation)
    for line in found["seen"] if found else ():
        line["at"] = datetime.fromisoformat(line["at"])
    return found


def grounds() -> list[LegalGround]:
    """What a block may rest on. Those of demands about the record's content are no ground for a block."""
    return list(LegalGround.objects.filter(in_use=True).exclude(code__startswith="record-"))


def opened(gate: Gate, patient: UUID) -> dict[str, Any] | None:
    """{until} of the acting person's own running openings, for the strip under the banner. Asks nothing: the request's facts have them."""
    if gate.known is None or gate.known.patient != patient:
        return None
    running = [one.valid_to for one in gate.known.openings if one.valid_from <= gate.now < one.valid_to]
    return {"until": max(running)} if running else None


def bases() -> list[tuple[str, str]]:
    """(code, words) of what may open a blocked entry."""
    return [(code.value, _(code.label)) for code in BlockOpening.Basis]
