"""Who we can write to, and what each takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from access.models import LegalEntity
from lms_epj.core.folding import fold
from messaging.composing.kinds import ANY, CASEWORKERS, DOCTOR, FALLBACK, HOSPITAL, NURSES, Kind
from messaging.composing.pieces import Subject
from messaging.formats.write import outgoing_standard
from messaging.models import CommunicationParty

_DOCTORS = ("KA01",)
EVERYONE_TAKES = ("DIALOG_AVVIK",)


@dataclass(frozen=True)
class Receiver:
    """``takes``: the type itself; else it goes as a professional dialogue. ``likely``: the patient's own municipality or GP."""

    party: CommunicationParty
    takes: bool
    likely: bool

    @property
    def name(self) -> str:
        return f"{self.party.parent.name}, {self.party.name}"


def parties_in_use(at: datetime) -> QuerySet[CommunicationParty]:
    """Services and people (level 2) that can be written to, with their legal entity."""
    valid = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    return CommunicationParty.objects.filter(valid, parent__isnull=False).exclude(transport="").select_related("parent")


def our_address(unit: object, at: datetime) -> CommunicationParty | None:
    """The address that a unit sends under."""
    return parties_in_use(at).filter(unit_id=unit).order_by("her_id").first()


def takes(party: CommunicationParty, kind: str) -> bool:
    """Whether the party takes this type in the version we write. That a message was wrong, everyone who gives health care must take."""
    return kind in EVERYONE_TAKES or outgoing_standard(kind).version in party.receives.get(kind, ())


def receivers(kind: Kind, subject: Subject, at: datetime) -> list[Receiver]:
    """Parties outside the community that a message of this kind is for, those that are the patient's own first."""
    home = home_of(subject.municipality)
    fitting = [one for one in parties_in_use(at).filter(unit__isnull=True).order_by("parent__name", "name") if _fits(kind, one)]
    found = [
        Receiver(one, takes(one, kind.type), _is_own(one, subject, home)) for one in fitting if takes(one, kind.type) or takes(one, FALLBACK.type)
    ]
    return sorted(found, key=lambda one: (not one.likely, not one.takes))


def home_party(municipality: str, kinds: Sequence[str], at: datetime) -> CommunicationParty | None:
    """The nursing service of a municipality outside, if it takes one of these types."""
    home = home_of(municipality)
    if not home:
        return None
    services = parties_in_use(at).filter(unit__isnull=True, service_type=NURSES, parent__org_number=home).order_by("her_id")
    return next((one for one in services if any(takes(one, kind) for kind in kinds)), None)


def home_of(municipality: str) -> str:
    """Organisation number of a municipality, or empty."""
    rows = LegalEntity.objects.filter(municipality_number=municipality, kind=LegalEntity.Kind.MUNICIPALITY, valid_to=None)
    return rows.values_list("org_number", flat=True).first() or "" if municipality else ""


def _fits(kind: Kind, party: CommunicationParty) -> bool:
    is_doctor = party.kind == CommunicationParty.Kind.PERSON or party.service_type in _DOCTORS
    is_municipal = party.service_type.startswith("K")
    role = DOCTOR if is_doctor else party.service_type if party.service_type in (NURSES, CASEWORKERS) else HOSPITAL if not is_municipal else ""
    return ANY in kind.to or role in kind.to


def _is_own(party: CommunicationParty, subject: Subject, home: str) -> bool:
    if home and party.parent.org_number == home:
        return True
    doctor, named = fold(subject.gp), fold(party.name)
    return bool(doctor) and (doctor in named or named in doctor)
