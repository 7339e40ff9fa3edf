"""The rows of an address register as they come from a file, checked before anything is written."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms_epj.core.clock import start_of_day

KINDS = ("entity", "service", "person")
TRANSPORTS = ("", "files", "rest")
COLUMNS = ("her_id", "kind", "name", "parent", "org_number", "service_type", "unit", "transport", "receives", "per_minute", "valid_from", "valid_to")


@dataclass(frozen=True)
class PartyRow:
    """One HER-id. ``parent`` is the HER-id of its legal entity, ``unit`` the name of the unit of ours that it is; both may be empty."""

    her_id: str
    kind: str
    name: str
    parent: str = ""
    org_number: str = ""
    service_type: str = ""
    unit: str = ""
    transport: str = ""
    receives: Mapping[str, list[str]] = field(default_factory=dict)
    per_minute: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class RowsFault(ValueError):
    """Why a file is not taken: every fault found, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults[:20]))
        self.faults = faults


def rows_of(text: str) -> list[PartyRow]:
    """From JSON (a list of objects) or CSV (semicolons, a first line of names). RowsFault names all that is wrong."""
    faults: list[str] = []
    made: list[PartyRow] = []
    for place, told in enumerate(_told(text), 1):
        try:
            made.append(_row(told))
        except (ValueError, TypeError) as error:
            faults.append(f"row {place}: {error}")
    faults += _together(made) if not faults else []
    if faults:
        raise RowsFault(faults)
    return made


def _told(text: str) -> Iterator[Mapping[str, Any]]:
    if text.lstrip().startswith("["):
        try:
            told = json.loads(text)
        except ValueError as error:
            raise RowsFault([f"not JSON: {error}"]) from error
        yield from told
        return
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    if "her_id" not in (reader.fieldnames or ()):
        raise RowsFault([f"the first line must name the columns: {';'.join(COLUMNS)}"])
    yield from reader


def _row(told: Mapping[str, Any]) -> PartyRow:
    if not isinstance(told, Mapping):
        raise ValueError("no object")
    values = {key: str(told.get(key) or "").strip() for key in COLUMNS if key not in ("receives", "per_minute", "valid_from", "valid_to")}
    if not _is_her(values["her_id"]):
        raise ValueError(f"«{values['her_id']}» is no HER-id (digits only)")
    if values["kind"] not in KINDS or values["transport"] not in TRANSPORTS or not values["name"]:
        raise ValueError("kind, transport or name is wrong")
    if (values["kind"] == "entity") == bool(values["parent"]):
        raise ValueError("a service or person has a parent, a legal entity has none")
    if values["org_number"] and not (len(values["org_number"]) == 9 and values["org_number"].isdigit()):
        raise ValueError("the organisation number has nine digits")
    most = told.get("per_minute") or None
    return PartyRow(
        **values, receives=_receives(told.get("receives")), per_minute=int(most) if most else None, valid_from=_day(told.get("valid_from")),
        valid_to=_day(told.get("valid_to")),
    )  # fmt: skip


def _is_her(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16


def _receives(told: Any) -> dict[str, list[str]]:
    """``{"EPIKRISE": ["1.2"]}``, or as text «EPIKRISE:1.1|1.2, LOG_INNLAGT:1.6»."""
    if isinstance(told, str):
        pairs = (one.partition(":") for one in told.split(",") if one.strip())
        return {kind.strip(): [one.strip() for one in versions.split("|") if one.strip()] for kind, _, versions in pairs}
    if not isinstance(told or {}, Mapping) or not all(isinstance(versions, list) for versions in (told or {}).values()):
        raise ValueError("receives: types with lists of versions")
    return {str(kind): [str(one) for one in versions] for kind, versions in (told or {}).items()}


def _day(told: Any) -> datetime | None:
    """Midnight in Oslo of a day, or an instant with its zone."""
    text = str(told or "").strip()
    if not text:
        return None
    at = datetime.fromisoformat(text)
    if len(text) <= 10:
        return start_of_day(at.date())
    if at.tzinfo is None:
        raise ValueError(f"«{text}» has no time zone")
    return at


def _together(rows: Iterable[PartyRow]) -> Iterator[str]:
    seen: dict[str, PartyRow] = {}
    for row in rows:
        if row.her_id in seen:
            yield f"HER-id {row.her_id} stands twice"
        seen[row.her_id] = row
    for row in seen.values():
        above = seen.get(row.parent)
        if above is not None and above.kind != "entity":
            yield f"HER-id {row.her_id}: {row.parent} is no legal entity"
