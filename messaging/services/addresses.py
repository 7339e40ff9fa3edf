"""The address register, brought up to date from a file: the national register's, or a partner's own."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from access.models import OrgUnit
from messaging.domain.register_rows import PartyRow, RowsFault, rows_of
from messaging.models import CommunicationParty

_FIELDS = ("kind", "name", "org_number", "service_type", "transport", "receives", "per_minute", "valid_to")


@dataclass
class Imported:
    """What an import did, in numbers of parties."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0

    def __str__(self) -> str:
        return f"added {self.added}, changed {self.changed}, unchanged {self.unchanged}, retired {self.retired}"


def addresses_import(*, text: str, using: str, at: datetime, whole: bool = False) -> Imported:
    """Writes what the file says, all of it or nothing. As owner.

    A HER-id is never used again, so a row always speaks of the same party. ``whole``: the file is the register, and a party that is not ours and
    not in it is retired from ``at``; what is under way to it is then held back and somebody is told. Raises RowsFault.
    """
    rows = rows_of(text)
    units = _units(rows, using, at)
    done = Imported()
    with transaction.atomic(using=using):
        known = {one.her_id: one for one in CommunicationParty.objects.using(using).select_for_update()}
        for row in sorted(rows, key=lambda one: one.kind != "entity"):
            if row.parent and row.parent not in known:
                raise RowsFault([f"HER-id {row.her_id}: nobody has {row.parent}, its legal entity"])
            known[row.her_id] = _write(row, known, units, using, at, done)
        if whole:
            done.retired = _retire(frozenset(row.her_id for row in rows), using, at)
    return done


def _units(rows: list[PartyRow], using: str, at: datetime) -> dict[str, OrgUnit]:
    valid = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    wanted = {row.unit for row in rows if row.unit}
    found = {unit.name: unit for unit in OrgUnit.objects.using(using).filter(valid, name__in=wanted)}
    if missing := sorted(wanted - found.keys()):
        raise RowsFault([f"no unit in use is called «{name}»" for name in missing])
    return found


def _write(
    row: PartyRow, known: dict[str, CommunicationParty], units: dict[str, OrgUnit], using: str, at: datetime, done: Imported
) -> CommunicationParty:
    party = known.get(row.her_id)
    values = {name: getattr(row, name) for name in _FIELDS} | {"receives": dict(row.receives)}
    values |= {"parent": known.get(row.parent), "unit": units.get(row.unit)}
    if party is None:
        done.added += 1
        begins = row.valid_from or min(at, row.valid_to or at)
        return CommunicationParty.objects.using(using).create(her_id=row.her_id, valid_from=begins, checked_at=at, **values)
    if not row.unit:
        values.pop("unit")  # the national register does not know which unit of ours a service is
    if row.valid_to and row.valid_to < party.valid_from:
        values["valid_from"] = row.valid_to  # it was gone before we heard of it
    changed = [name for name, value in values.items() if getattr(party, name) != value]
    for name in changed:
        setattr(party, name, values[name])
    party.checked_at = at
    party.save(using=using, update_fields=[*changed, "checked_at"])
    done.changed += bool(changed)
    done.unchanged += not changed
    return party


def _retire(named: frozenset[str], using: str, at: datetime) -> int:
    gone = CommunicationParty.objects.using(using).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), unit__isnull=True).exclude(her_id__in=named)
    ours_above = CommunicationParty.objects.using(using).filter(unit__isnull=False).values("parent")
    return gone.exclude(id__in=ours_above).update(valid_to=at)
