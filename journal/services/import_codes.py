"""What the old system's codes mean here: manifest.json and the CSV files of an import folder (docs/import.md), read once and checked whole."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from access.models import DocumentType, LegalEntity, OrgUnit, RoleTemplate, ServiceType, User

FORMAT = "epj-import-1"
Thing = TypeVar("Thing")


class ImportFault(Exception):
    """Why the import did not begin; nothing was written."""


@dataclass(frozen=True)
class Author:
    """One who charted there: a user of ours, or a name only. ``mark``: of the profession, as notes show it."""

    user: UUID | None
    name: str
    mark: str = ""


@dataclass(frozen=True)
class Codes:
    """Everything the lines refer to. Looked up here, never again."""

    system: str
    entity: LegalEntity
    users: dict[str, Author]
    types: dict[str, DocumentType]
    units: dict[str, OrgUnit]
    services: dict[int, ServiceType]


def read_codes(folder: Path, using: str) -> Codes:
    """Raises ImportFault with everything that is wrong in these files at once."""
    manifest = _manifest(folder)
    entity = LegalEntity.objects.using(using).filter(org_number=manifest.get("org_number") or "-", valid_to=None).first()
    if entity is None:
        raise ImportFault(f"manifest.json: ingen virksomhet her har organisasjonsnummer {manifest.get('org_number')!r}.")
    wrong: list[str] = []
    users = _users(folder, using, wrong)
    by_code = {one.code: one for one in DocumentType.objects.using(using).all()}
    types = _mapped(folder / "document_types.csv", ("local", "ours"), by_code, "journaltype", wrong)
    live = {one.name: one for one in OrgUnit.objects.using(using).filter(legal_entity=entity, valid_to=None)}
    units = _mapped(folder / "units.csv", ("local", "ours"), live, f"enhet i {entity.name}", wrong)
    if wrong:
        raise ImportFault("\n".join(wrong))
    services = {one.code: one for one in ServiceType.objects.using(using).select_related("template")}
    return Codes(str(manifest["system"]), entity, users, types, units, services)


def _manifest(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / "manifest.json").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ImportFault(f"manifest.json kan ikke leses: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or not found.get("system"):
        raise ImportFault(f"manifest.json skal ha format {FORMAT!r}, system og org_number.")
    return found


def _rows(path: Path, head: tuple[str, ...], wrong: list[str]) -> list[tuple[int, dict[str, str]]]:
    """[(line number, row)]; a file that is not there has no rows."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as opened:
        reader = csv.DictReader(opened, delimiter=";")
        if not set(head) <= set(reader.fieldnames or ()):
            wrong.append(f"{path.name}: første linje skal være {';'.join(head)}")
            return []
        return [(number, {name: (row[name] or "").strip() for name in head}) for number, row in enumerate(reader, 2)]


def _mapped(path: Path, head: tuple[str, str], known: dict[str, Thing], what: str, wrong: list[str]) -> dict[str, Thing]:
    found: dict[str, Thing] = {}
    for number, row in _rows(path, head, wrong):
        thing = known.get(row[head[1]])
        if thing is None:
            wrong.append(f"{path.name} linje {number}: ingen {what} heter {row[head[1]]!r}")
        else:
            found[row[head[0]]] = thing
    return found


def _users(folder: Path, using: str, wrong: list[str]) -> dict[str, Author]:
    ours = dict(User.objects.using(using).filter(is_system=False).values_list("username", "pk"))
    marks = dict(RoleTemplate.objects.using(using).exclude(required_profession="").order_by("-code").values_list("required_profession", "mark"))
    found = {}
    for number, row in _rows(folder / "users.csv", ("local", "name", "profession", "username"), wrong):
        if row["username"] and row["username"] not in ours:
            wrong.append(f"users.csv linje {number}: ingen bruker her heter {row['username']!r}. La feltet stå tomt for en som har sluttet.")
        elif row["profession"] and row["profession"] not in marks:
            wrong.append(f"users.csv linje {number}: ukjent profession. Bruk en av {', '.join(sorted(marks))}, eller la det stå tomt.")
        elif not row["name"]:
            wrong.append(f"users.csv linje {number}: navnet mangler")
        else:
            found[row["local"]] = Author(ours.get(row["username"]), row["name"], marks.get(row["profession"], ""))
    return found
