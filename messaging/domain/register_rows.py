"""The rows of an address register as they come from a file, checked before anything is written."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lms_epj.core.clock import start_of_day
from lms_epj.core.words import gettext_noop

KINDS = ("entity", "service", "person")
TRANSPORTS = ("", "files", "rest")
COLUMNS = ("her_id", "kind", "name", "parent", "org_number", "service_type", "unit", "transport", "receives", "per_minute", "valid_from", "valid_to")


@dataclass(frozen=True)
class PartyRow:
    """One HER-id. ``parent`` is the HER-id of its legal entity, ``unit`` the name of the unit of ours that it is; both may be empty.

    ``left_out``: columns that the file does not have, and so says nothing of.
    """

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
    left_out: frozenset[str] = field(default=frozenset(), compare=False)
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: ``place`` is «Linje 4» of a CSV or «Post 4» of a JSON, or empty. ``text`` takes ``values``."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    def __str__(self) -> str:
        said = self.text % self.values
        return f"{self.place}: {said}" if self.place else said


class RowsFault(ValueError):
    """Why a file is not taken: every fault found, each with its place, in words for the one who chose it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(one) for one in faults[:20]))
        self.faults = faults


class _Wrong(ValueError):
    def __init__(self, text: str, /, **values: Any) -> None:
        super().__init__(text % values)
        self.text, self.values = text, values


def rows_of(text: str) -> list[PartyRow]:
    """From JSON (a list of objects) or CSV (semicolons, a first line of names). RowsFault names all that is wrong."""
    faults: list[Fault] = []
    made: list[PartyRow] = []
    for place, told in _told(text):
        try:
            made.append(_row(told, place))
        except _Wrong as error:
            faults.append(Fault(error.text, error.values, place))
    if not made and not faults:
        faults.append(Fault(gettext_noop("Filen har ingen adresser.")))
    faults += _together(made) if not faults else []
    if faults:
        raise RowsFault(faults)
    return made


def _told(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(place, row as it stands)."""
    if text.lstrip().startswith("["):
        try:
            told = json.loads(text)
        except ValueError as error:
            raise RowsFault([Fault(gettext_noop("Filen er ikke gyldig JSON: %(why)s"), {"why": error})]) from error
        yield from ((f"Post {place}", one) for place, one in enumerate(told, 1))
        return
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    if "her_id" not in (reader.fieldnames or ()):
        raise RowsFault([Fault(gettext_noop("Første linje må ha navnene på kolonnene: %(columns)s"), {"columns": ";".join(COLUMNS)})])
    try:
        for row in reader:
            yield f"Linje {reader.line_num}", row
    except csv.Error as error:
        raise RowsFault([Fault(gettext_noop("Filen kan ikke leses som CSV: %(why)s"), {"why": error}, f"Linje {reader.line_num}")]) from error


def _row(told: Mapping[str, Any], place: str) -> PartyRow:
    if not isinstance(told, Mapping):
        raise _Wrong(gettext_noop("Her skal det stå et objekt."))
    values = {key: str(told.get(key) or "").strip() for key in COLUMNS if key not in ("receives", "per_minute", "valid_from", "valid_to")}
    if not _is_her(values["her_id"]):
        raise _Wrong(gettext_noop("«%(her)s» er ingen HER-id. Den har bare sifre."), her=values["her_id"])
    if values["kind"] not in KINDS:
        raise _Wrong(gettext_noop("«%(kind)s» er ingen slags adresse. Skriv entity, service eller person i kolonnen kind."), kind=values["kind"])
    if values["transport"] not in TRANSPORTS:
        raise _Wrong(
            gettext_noop("«%(transport)s» er ingen transport. Skriv files eller rest i kolonnen transport, eller la den stå tom."),
            transport=values["transport"],
        )
    if not values["name"]:
        raise _Wrong(gettext_noop("Navnet mangler (kolonnen name)."))
    if (values["kind"] == "entity") == bool(values["parent"]):
        raise _Wrong(gettext_noop("En tjeneste eller person skal ha virksomhetens HER-id i kolonnen parent. En virksomhet skal ikke ha det."))
    if values["org_number"] and not (len(values["org_number"]) == 9 and values["org_number"].isdigit()):
        raise _Wrong(gettext_noop("Organisasjonsnummeret «%(number)s» har ikke ni sifre."), number=values["org_number"])
    return PartyRow(
        **values, receives=_receives(told.get("receives")), per_minute=_number(told.get("per_minute")), valid_from=_day(told.get("valid_from")),
        valid_to=_day(told.get("valid_to")), left_out=frozenset(COLUMNS).difference(told), place=place,
    )  # fmt: skip


def _number(told: Any) -> int | None:
    text = str(told or "").strip()
    if text and not (text.isascii() and text.isdigit() and 0 < int(text) < 100_000):
        raise _Wrong(gettext_noop("«%(text)s» er intet antall meldinger i minuttet (kolonnen per_minute)."), text=text)
    return int(text) if text else None


def _is_her(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16


def _receives(told: Any) -> dict[str, list[str]]:
    """``{"EPIKRISE": ["1.2"]}``, or as text «EPIKRISE:1.1|1.2, LOG_INNLAGT:1.6»."""
    if isinstance(told, str):
        pairs = (one.partition(":") for one in told.split(",") if one.strip())
        return {kind.strip(): [one.strip() for one in versions.split("|") if one.strip()] for kind, _, versions in pairs}
    if not isinstance(told or {}, Mapping) or not all(isinstance(versions, list) for versions in (told or {}).values()):
        raise _Wrong(gettext_noop("Kolonnen receives skal ha typer med versjoner, som EPIKRISE:1.1|1.2, LOG_INNLAGT:1.6."))
    return {str(kind): [str(one) for one in versions] for kind, versions in (told or {}).items()}


def _day(told: Any) -> datetime | None:
    """Midnight in Oslo of a day, or an instant with its zone."""
    text = str(told or "").strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong(gettext_noop("«%(text)s» er ingen dato. Skriv den som 2026-11-23."), text=text) from None
    if len(text) <= 10:
        return start_of_day(at.date())
    if at.tzinfo is None:
        raise _Wrong(gettext_noop("«%(text)s» mangler tidssone. Skriv bare datoen, som 2026-11-23."), text=text)
    return at


def _together(rows: Iterable[PartyRow]) -> Iterator[Fault]:
    seen: dict[str, PartyRow] = {}
    for row in rows:
        if row.her_id in seen:
            yield Fault(
                gettext_noop("HER-id %(her)s står to ganger, også på %(other)s."),
                {"her": row.her_id, "other": seen[row.her_id].place.lower()},
                row.place,
            )
        seen[row.her_id] = row
    for row in seen.values():
        above = seen.get(row.parent)
        if above is not None and above.kind != "entity":
            yield Fault(gettext_noop("HER-id %(her)s i kolonnen parent er ingen virksomhet."), {"her": row.parent}, row.place)
