"""Legal entities, units, the record community, and who works where."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from access.models import AccessAuthorisation, LegalEntity, Licence, OrgUnit, Participation, RecordCommunity, RoleTemplate, User
from lms_epj.core.clock import start_of_day
from lms_epj.demo.load.agreement import load_agreement
from lms_epj.demo.places import FORMER, LMS, MERGER, MUNICIPALITIES, UNITS
from lms_epj.demo.shapes import Staff

OPENED = datetime(2016, 1, 31, 23, 0, tzinfo=UTC)  # the centre opened on 1 February 2016
FOUNDED = datetime(2011, 12, 31, 23, 0, tzinfo=UTC)
OFFICE_SERVICE = 99  # allocation of services takes part in the agreement as a service of its own
EXTRA_UNITS = {
    "ikt": ("Follo IKT", "administration", "Drift og tilgang, Follo IKT"),
    "lms.custodian": (LMS, "administration", "Journalansvar, Follo LMS"),
}
# username, given, family, role, unit: those who have no patients
OFFICERS = (
    ("tilgang.admin", "Tor Kristian", "Bakke", "access_admin", "ikt"),
    ("tilgang.admin2", "Ragnhild", "Vatne", "access_admin", "ikt"),
    ("lms.leder", "Ragnhild", "Tveit", "unit_leader", LMS),
    ("logg.kontroll", "Anne Grethe", "Sørlie", "log_reviewer", "ikt"),
    ("meldingsansvarlig", "Hege", "Lunde", "message_watch", "ikt"),
    ("vakt.nordre_follo", "Jan Erik", "Tangen", "it_operator", "ikt"),
    ("vakt.as", "Line", "Lien", "it_operator", "ikt"),
    ("vakt.frogn", "Geir", "Haugen", "it_operator", "ikt"),
    ("vakt.nesodden", "Mona", "Eng", "it_operator", "ikt"),
    ("vakt.vestby", "Stig", "Holt", "it_operator", "ikt"),
    ("vakt.enebakk", "Siri", "Dalen", "it_operator", "ikt"),
    ("journalansvarlig", "Berit", "Aune", "custodian", "lms.custodian"),
)
PROFESSIONS = {
    "lms_nurse": "nurse", "home_nurse": "nurse", "lms_doctor": "doctor", "physiotherapist": "physiotherapist",
    "occupational_therapist": "occupational_therapist", "psychologist": "psychologist", "health_worker": "health_worker",
}  # fmt: skip
MEMBER_SERVICES = (15, 18, 19, OFFICE_SERVICE)


@dataclass
class Organisation:
    """What the rest of the loader looks up: by key of the demo data."""

    using: str
    entities: dict[str, LegalEntity] = field(default_factory=dict)
    units: dict[str, OrgUnit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    community: UUID | None = None

    def add(self, model: type[Model], **values: Any) -> Any:
        return model._default_manager.using(self.using).create(**values)

    def entity_of(self, unit: str) -> UUID:
        return self.units[unit].legal_entity_id


def load_organisation(using: str, staff: list[Staff]) -> Organisation:
    """Everything that stands before the first patient."""
    org = Organisation(using)
    _entities(org)
    _units(org)
    _community(org)
    _staff(org, staff)
    load_agreement(org, OPENED)
    return org


def _entities(org: Organisation) -> None:
    merged = start_of_day(MERGER)
    for code, place in MUNICIPALITIES.items():
        org.entities[code] = org.add(
            LegalEntity, name=f"{place.name} kommune", org_number=f"99{place.number}001", kind="municipality",
            municipality_number=place.number, valid_from=merged if code == "nordre_follo" else FOUNDED,
        )  # fmt: skip
    for former in FORMER:
        org.entities[former.name] = org.add(
            LegalEntity, name=f"{former.name} kommune", org_number=f"99{former.number}001", kind="municipality",
            municipality_number=former.number, valid_from=FOUNDED, valid_to=merged, successor=org.entities[former.successor],
        )  # fmt: skip
    org.entities[LMS] = org.add(LegalEntity, name="Follo LMS", org_number="999900001", kind="lms", valid_from=OPENED)
    org.entities["Follo IKT"] = org.add(LegalEntity, name="Follo IKT", org_number="999900002", kind="operator", valid_from=FOUNDED)


def _units(org: Organisation) -> None:
    for key, unit in UNITS.items():
        entity = org.entities[unit.municipality or LMS]
        service = OFFICE_SERVICE if unit.kind == "allocation_office" else unit.service_code
        org.units[key] = org.add(OrgUnit, legal_entity=entity, name=unit.name, kind=unit.kind, service_code=service, valid_from=entity.valid_from)
    for key, (entity_key, kind, name) in EXTRA_UNITS.items():
        entity = org.entities[entity_key]
        org.units[key] = org.add(OrgUnit, legal_entity=entity, name=name, kind=kind, valid_from=entity.valid_from)


def _community(org: Organisation) -> None:
    """Ski and Oppegård were members until they merged; Enebakk takes part by messages only."""
    community = org.add(RecordCommunity, name="Felles journal i Follo", valid_from=OPENED)
    org.community = community.id
    members = [(LMS, 25), *((code, service) for code, place in MUNICIPALITIES.items() for service in MEMBER_SERVICES)]
    for code, service in [*members, *((former.name, service) for former in FORMER for service in MEMBER_SERVICES)]:
        entity = org.entities[code]
        mode = MUNICIPALITIES[code].mode if code in MUNICIPALITIES else "member"
        org.add(
            Participation, community=community, legal_entity=entity, service_code=service, mode=mode,
            valid_from=max(OPENED, entity.valid_from), valid_to=entity.valid_to,
        )  # fmt: skip


def _staff(org: Organisation, staff: list[Staff]) -> None:
    roles = {role.code: role for role in RoleTemplate.objects.using(org.using)}
    officers = [Staff(name, given, family, role, unit, "", name) for name, given, family, role, unit in OFFICERS]
    admin = None
    for person in sorted([*staff, *officers], key=lambda one: one.username != "tilgang.admin"):
        initials = "".join(part[0] for part in person.name.replace("-", " ").split())[:3].upper()
        user = org.add(User, username=person.username or person.key, given_name=person.given_name, family_name=person.family_name, initials=initials)
        admin = admin or user
        org.users[person.key] = user
        org.users[person.username or person.key] = user
        org.marks[person.key] = roles[person.profession].mark
        if profession := PROFESSIONS.get(person.profession):
            org.add(Licence, user=user, profession=profession, hpr_number=person.hpr_number, valid_from=FOUNDED)
        unit = org.units[person.unit]
        org.add(
            AccessAuthorisation, user=user, role=roles[person.profession], unit=unit, valid_from=max(OPENED, unit.valid_from),
            given_by=None if user == admin else admin, reason="Ansatt ved enheten",
        )  # fmt: skip
