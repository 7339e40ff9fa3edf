"""The address register of the demo: our own services, and those outside the community who are reached by message."""

from access.models import OrgUnit
from lms_epj.demo.load.organisation import OPENED, Organisation
from lms_epj.demo.places import LMS, MUNICIPALITIES
from messaging.models import CommunicationParty
from messaging.services.first import message_service_register

# suffix of the HER-id, service type (Volven 8663), unit of a member, name
MUNICIPAL = (
    (1, "KP02", "home", "Sykepleietjenesten"),
    (2, "KP01", "nursing", "Legetjenesten ved sykehjem"),
    (3, "KD0501", "office", "Saksbehandlertjenesten"),
)
PLO_IN = (
    "LOG_INNLAGT",
    "HELSEOPPL_SOKNAD",
    "LOG_UTSKRIVNINGSKLAR",
    "LOG_AVMELDING",
    "LOG_UTSKREVET",
    "UTSKRIVNINGSRAPPORT",
    "MEDISINSKE_OPPLYSNINGER",
    "LOG_DOD",
)
DIALOGUE_IN = {"DIALOG_FORESPORSEL": ["1.0"], "DIALOG_SVAR": ["1.0"], "DIALOG_AVVIK": ["1.0"], "DIALOG_HELSEFAGLIG": ["1.1"]}
DOCTOR_IN = DIALOGUE_IN | {"EPIKRISE": ["1.2"], "HELSEOPPLYSNINGER_LEGE": ["1.6"], "ORIENTERING_TJENESTETILBUD": ["1.6"], "LOG_DOD": ["1.6"]}
HOSPITAL_IN = DIALOGUE_IN | {"INNLEGGELSESRAPPORT": ["1.6"], "HENVISNING": ["1.1"]}
# HER-id of the entity, its name, organisation number; HER-id of the service, kind, type, name, what it takes
OUTSIDE = (
    ("80900", "Flateby legesenter", "999900011", "80901", "person", "", "Ragna Vik, fastlege", DOCTOR_IN),
    ("80910", "Akershus universitetssykehus", "999900012", "80911", "service", "SD01", "Somatikk, plo meldingsmottak", HOSPITAL_IN),
)


def load_addresses(org: Organisation) -> None:
    """Each municipality keeps its own three addresses; the centre has one for the beds. All are fed by files."""
    centre = _entity(org, "80100", LMS, org.units[LMS])
    _service(org, centre, "80101", "KX05", "Observasjonsposten, øyeblikkelig hjelp døgn", org.units[LMS])
    for number, (code, place) in enumerate(MUNICIPALITIES.items(), 2):
        ours = place.mode == "member"
        entity = _entity(org, f"80{number}00", code, org.units[f"{code}.office"] if ours else None)
        for suffix, kind, unit, name in MUNICIPAL:
            receives = DIALOGUE_IN | {one: ["1.6"] for one in PLO_IN}
            _service(org, entity, f"80{number}0{suffix}", kind, f"{name}, {place.name}", org.units[f"{code}.{unit}"] if ours else None, receives)
    for her, name, org_number, service_her, kind, service_type, service, receives in OUTSIDE:
        entity = org.add(CommunicationParty, her_id=her, kind="entity", name=name, org_number=org_number, valid_from=OPENED)
        _service(org, entity, service_her, service_type, service, None, receives, kind)
    message_service_register(unit=org.units["ikt"], using=org.using)


def _entity(org: Organisation, her_id: str, code: str, unit: OrgUnit | None) -> CommunicationParty:
    entity = org.entities[code]
    return org.add(CommunicationParty, her_id=her_id, kind="entity", name=entity.name, org_number=entity.org_number, unit=unit, valid_from=OPENED)


def _service(
    org: Organisation, parent: CommunicationParty, her_id: str, service_type: str, name: str, unit: OrgUnit | None,
    receives: dict[str, list[str]] | None = None, kind: str = "service",
) -> None:  # fmt: skip
    org.add(
        CommunicationParty, her_id=her_id, kind=kind, parent=parent, name=name, service_type=service_type, unit=unit, transport="files",
        receives=receives or {}, valid_from=OPENED,
    )  # fmt: skip
