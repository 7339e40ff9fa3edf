"""Zones and staff of the whole region: home nursing in zones of a size that one team can know."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from access.models import AccessAuthorisation, Licence, OrgUnit, RoleTemplate, User
from lms_epj.demo.bulk import PERSONS, Bulk
from lms_epj.demo.load.organisation import FOUNDED, OPENED, PROFESSIONS, Organisation
from lms_epj.demo.places import LMS, MUNICIPALITIES, UNITS

ACTIVE = 7_100  # with a service that runs, in the whole region
PER_ZONE = 100
AT_HOME = 0.75  # of those with a service
LMS_SHARE = 40  # so many of those drawn as LMS nurses; the rest nurse in the municipalities' own wards


@dataclass(frozen=True)
class Author:
    id: UUID
    mark: str


@dataclass(frozen=True)
class Place:
    """A unit as a row of the record needs it."""

    key: str
    id: UUID
    entity: UUID
    kind: str


@dataclass
class Patient:
    """A patient of the bulk: key, where the course is written, and whether a service runs now."""

    id: str
    name: str
    home: Place
    active: bool


@dataclass
class Region:
    """What the loaders share."""

    org: Organisation
    now: datetime
    scale: float
    places: dict[str, Place] = field(default_factory=dict)
    zones: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    authors: dict[UUID, list[Author]] = field(default_factory=lambda: defaultdict(list))
    patients: list[Patient] = field(default_factory=list)


def load_units_and_staff(org: Organisation, source: Bulk) -> Region:
    """Units, users, licences and authorisations. The bulk's people have no password: only the cast logs in."""
    region = Region(org, source.now, source.people / PERSONS)
    _units(region)
    _authors_that_are(region)
    _staff(region, source)
    for place in region.places.values():  # in a small load some units get nobody
        if not region.authors[place.id] and place.kind != "allocation_office":
            region.authors[place.id] = region.authors[region.places[f"{place.key.split('.')[0]}.home"].id]
    return region


def _units(region: Region) -> None:
    for key, unit in UNITS.items():
        _place(region, key, region.org.units[key], unit.kind)
    members = [m for m in MUNICIPALITIES.values() if m.mode == "member"]
    people = sum(m.weight for m in members)
    for m in members:
        first = region.places[f"{m.code}.home"]
        region.zones[m.code].append(first)
        for number in range(2, round(ACTIVE * AT_HOME * m.weight / people / PER_ZONE) + 1):
            row = region.org.add(
                OrgUnit, legal_entity_id=first.entity, name=f"Hjemmesykepleien sone {number}, {m.name}", kind=first.kind, service_code=15,
                valid_from=region.org.units[first.key].valid_from,
            )  # fmt: skip
            region.org.units[f"{first.key}.{number}"] = row
            region.zones[m.code].append(_place(region, f"{first.key}.{number}", row, first.kind))


def _place(region: Region, key: str, row: OrgUnit, kind: str) -> Place:
    region.places[key] = place = Place(key, row.pk, row.legal_entity_id, kind)
    return place


def _authors_that_are(region: Region) -> None:
    """Those of the ward data: they write in the bulk too."""
    held = AccessAuthorisation.objects.using(region.org.using).filter(role__may_chart=True).exclude(role__code="case_officer")
    for user, unit, mark in held.values_list("user_id", "unit_id", "role__mark"):
        region.authors[unit].append(Author(user, mark))


def _staff(region: Region, source: Bulk) -> None:
    using = region.org.using
    roles = {role.code: role for role in RoleTemplate.objects.using(using)}
    admin = region.org.users["tilgang.admin"]
    users, licences, held = [], [], []
    for chunk in source.staff():
        for index, given, family, drawn, _unit in chunk:
            code, place = _work(region, drawn, index)
            user = User(username=f"ansatt.{index + 1:05}", given_name=given, family_name=family, initials=(given[0] + family[0]).upper())
            users.append(user)
            region.authors[place.id].append(Author(user.pk, roles[code].mark))
            if profession := PROFESSIONS.get(code):
                licences.append(Licence(user_id=user.pk, profession=profession, hpr_number=str(9_800_000 + index), valid_from=FOUNDED))
            started = max(OPENED, region.org.units[place.key].valid_from)
            held.append(AccessAuthorisation(
                user_id=user.pk, role_id=roles[code].pk, unit_id=place.id, valid_from=started, given_by_id=admin.pk, reason="Ansatt ved enheten",
            ))  # fmt: skip
    User.objects.using(using).bulk_create(users, batch_size=2000)
    Licence.objects.using(using).bulk_create(licences, batch_size=2000)
    AccessAuthorisation.objects.using(using).bulk_create(held, batch_size=2000)


def _work(region: Region, drawn: str, index: int) -> tuple[str, Place]:
    """(role, place) of one drawn from the bulk: by size of the municipality, in a unit where the role works."""
    if drawn == "lms_nurse":
        if index // 6 < LMS_SHARE * region.scale:
            return drawn, region.places[LMS]
        drawn = "home_nurse"
        suffix = "nursing"
    else:
        suffix = {"physiotherapist": "therapy", "case_officer": "office"}.get(drawn, "")
    every = [zone for zones in region.zones.values() for zone in zones]
    zone = every[(index * 7919) % len(every)]
    return drawn, region.places[f"{zone.key.split('.')[0]}.{suffix}"] if suffix else zone
