"""The address register, brought up to date from a file: the national register's, or a partner's own."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from access.gate import call
from access.models import OrgUnit
from lms_epj.core.words import gettext_noop
from messaging.domain.register_rows import Fault, PartyRow, RowsFault, rows_of
from messaging.models import CommunicationParty

FIELDS = ("kind", "name", "parent", "org_number", "service_type", "unit", "transport", "receives", "per_minute", "valid_from", "valid_to")
NEW, CHANGED, ENDED, SAME = "new", "changed", "ended", "same"


@dataclass(frozen=True)
class Change:
    """One HER-id: what stands in the register (None: nothing), what shall stand, and which columns differ. ``parent`` is a HER-id."""

    her_id: str
    what: str
    before: Mapping[str, Any] | None
    values: Mapping[str, Any]
    differs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.values["name"])


@dataclass
class Imported:
    """What an import did, in numbers of parties."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0

    def __str__(self) -> str:
        return f"added {self.added}, changed {self.changed}, unchanged {self.unchanged}, retired {self.retired}"


def addresses_plan(*, text: str, using: str, at: datetime, whole: bool = False, ours_fixed: bool = False) -> list[Change]:
    """What the file would do. Writes nothing. Legal entities come first.

    A HER-id is never used again, so a row always speaks of the same party. ``whole``: the file is the register, and a party that is not ours and
    not in it is ended at ``at``; what is under way to it is then held back and somebody is told. ``ours_fixed``: which address is which of our units,
    and how our own are reached, is not for the file. Raises RowsFault.
    """
    rows = rows_of(text)
    units = _units(rows, using, at)
    known = {one.her_id: one for one in CommunicationParty.objects.using(using).select_related("parent").order_by("her_id")}
    named = {row.her_id for row in rows}
    faults = [
        Fault(gettext_noop("Ingen har HER-id %(her)s, som står i kolonnen parent."), {"her": row.parent}, row.place)
        for row in rows if row.parent and row.parent not in named and row.parent not in known
    ]  # fmt: skip
    made = [_change(row, known.get(row.her_id), units, at) for row in sorted(rows, key=lambda one: one.kind != "entity")]
    if ours_fixed:
        places = {row.her_id: row.place for row in rows}
        ours = {one.her_id for one in known.values() if one.unit_id}
        faults += [Fault(gettext_noop("Adressen er vår egen. Hvilken enhet den er, og hvordan den nås, endres av driften."), {}, places[one.her_id])
                   for one in made if _touches_ours(one, ours)]  # fmt: skip
    if faults:
        raise RowsFault(faults)
    return [*made, *(_ended(one, at) for one in _absent(known.values(), named, at))] if whole else made


def addresses_import(*, text: str, using: str, at: datetime, whole: bool = False) -> Imported:
    """Writes what the file says, all of it or nothing. As owner. Raises RowsFault."""
    done = Imported()
    with transaction.atomic(using=using):
        known = {one.her_id: one for one in CommunicationParty.objects.using(using).select_for_update()}
        for change in addresses_plan(text=text, using=using, at=at, whole=whole):
            party = known.setdefault(change.her_id, CommunicationParty(her_id=change.her_id))
            for name, value in change.values.items():
                setattr(party, "unit_id" if name == "unit" else name, known.get(value) if name == "parent" else value)
            party.checked_at = at
            party.save(using=using)
            done.added += change.what == NEW
            done.unchanged += change.what == SAME
            retired = change.what == ENDED and change.differs == ("valid_to",) and whole
            done.retired += retired
            done.changed += change.what in (CHANGED, ENDED) and not retired
    return done


def addresses_write(*, changes: list[Change], file_name: str) -> int:
    """Writes a plan as the one who watches, all of it or nothing. Returns how many addresses differ from before."""
    told = [{"her_id": one.her_id, **one.values} for one in changes if one.what != SAME]
    with transaction.atomic():
        return call("addresses_write", json.dumps(told, default=str), [one.her_id for one in changes if one.what == SAME], file_name)


def digest(changes: Iterable[Change], *, but: datetime) -> str:
    """The same as long as the same would be written over the same, whenever: ``but`` is the moment of asking, which each asking has its own of."""

    def timeless(values: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
        return [(name, "now" if value == but else value) for name, value in (values or {}).items()]

    return hashlib.sha256(repr([(one.her_id, timeless(one.before), timeless(one.values)) for one in changes]).encode()).hexdigest()[:32]


def _units(rows: list[PartyRow], using: str, at: datetime) -> dict[str, OrgUnit]:
    valid = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    wanted = {row.unit for row in rows if row.unit}
    found = {unit.name: unit for unit in OrgUnit.objects.using(using).filter(valid, name__in=wanted)}
    missing = [row for row in rows if row.unit and row.unit not in found]
    if missing:
        raise RowsFault([Fault(gettext_noop("Ingen enhet i bruk heter «%(name)s»."), {"name": row.unit}, row.place) for row in missing])
    return found


def _standing(party: CommunicationParty) -> dict[str, Any]:
    values = {name: getattr(party, name) for name in FIELDS if name not in ("parent", "unit")}
    return values | {"parent": party.parent.her_id if party.parent else None, "unit": party.unit_id}


def _change(row: PartyRow, party: CommunicationParty | None, units: Mapping[str, OrgUnit], at: datetime) -> Change:
    values = {name: getattr(row, name) for name in FIELDS} | {"receives": dict(row.receives), "parent": row.parent or None}
    values["unit"] = units[row.unit].pk if row.unit else None
    if party is None:
        values["valid_from"] = row.valid_from or min(at, row.valid_to or at)
        return Change(row.her_id, NEW, None, values)
    before = _standing(party)
    values |= {name: before[name] for name in row.left_out if name in FIELDS}
    values["valid_from"] = before["valid_from"]
    if not row.unit:
        values["unit"] = before["unit"]  # the national register does not know which unit of ours a service is
    if row.valid_to and row.valid_to < party.valid_from:
        values["valid_from"] = row.valid_to  # it was gone before we heard of it
    differs = tuple(name for name in FIELDS if values[name] != before[name])
    ends = "valid_to" in differs and row.valid_to is not None
    return Change(row.her_id, (ENDED if ends else CHANGED) if differs else SAME, before, values, differs)


def _touches_ours(change: Change, ours: set[str]) -> bool:
    if change.before is None:
        return change.values["unit"] is not None
    return "unit" in change.differs or (change.her_id in ours and bool({"kind", "parent", "transport", "valid_from", "valid_to"} & {*change.differs}))


def _absent(known: Iterable[CommunicationParty], named: set[str], at: datetime) -> list[CommunicationParty]:
    """In use, not ours, no legal entity of ours, and not named."""
    listed = list(known)
    above_ours = {one.parent_id for one in listed if one.unit_id}
    return [
        one for one in listed
        if one.her_id not in named and not one.unit_id and one.pk not in above_ours and (one.valid_to is None or one.valid_to > at)
    ]  # fmt: skip


def _ended(party: CommunicationParty, at: datetime) -> Change:
    before = _standing(party)
    return Change(party.her_id, ENDED, before, before | {"valid_to": at}, ("valid_to",))
