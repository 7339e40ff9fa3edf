"""What two patients on the ward have asked to have blocked, so that every page about blocks has something to show."""

from datetime import datetime, timedelta

from access.models import AccessBlock, BlockAssessment, BlockRegistration, LegalGround, Patient
from journal.models import Note
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.places import LMS


def load_blocks(org: Organisation, now: datetime) -> None:
    """Solveig Berg hides a note from home nursing from the ward; Odd Karlsen hid his medicines from a neighbour, and lifted it."""
    ground = LegalGround.objects.using(org.using).get(code="object")
    _solveig(org, now, ground)
    _odd(org, now, ground)


def _register(org: Organisation, patient: Patient, at: datetime, by: str, ground: LegalGround, reason: str) -> BlockRegistration:
    return BlockRegistration.objects.using(org.using).create(
        patient=patient,
        wish_of="Pasienten selv",
        ground=ground,
        reason=reason,
        registered_by=org.users[by],
        registered_in=org.units[LMS],
        registered_at=at,
    )


def _solveig(org: Organisation, now: datetime, ground: LegalGround) -> None:
    patient = Patient.objects.using(org.using).get(given_name="Solveig", family_name="Berg")
    ward = org.units[LMS]
    note = Note.objects.using(org.using).filter(patient=patient).exclude(unit=ward).order_by("-event_at").first()
    if note is None:
        return
    at = now - timedelta(hours=20)
    wish = _register(org, patient, at, "lms.lege", ground, "Vil ikke at posten skal lese om det som skjedde hjemme.")
    AccessBlock.objects.using(org.using).create(
        patient=patient, registration=wish, scope="entry", entry_id=note.id, target="unit", target_id=ward.id, valid_from=at,
        wish_of=wish.wish_of, registered_by=wish.registered_by, registered_at=at,
    )  # fmt: skip


def _odd(org: Organisation, now: datetime, ground: LegalGround) -> None:
    patient = Patient.objects.using(org.using).get(given_name="Odd", family_name="Karlsen")
    neighbour, doctor = org.users["aas.hjemmesykepleier"], org.users["lms.lege"]
    at, lifted = now - timedelta(days=3), now - timedelta(days=1)
    wish = _register(org, patient, at, "lms.sykepleier", ground, "Naboen arbeider i hjemmetjenesten.")
    block = {"patient": patient, "target": "user", "target_id": neighbour.id, "wish_of": wish.wish_of, "registered_by": wish.registered_by}
    AccessBlock.objects.using(org.using).create(
        **block, registration=wish, scope="category", category=5, registered_at=at, valid_from=at, valid_to=lifted,
        lifted_by=org.users["lms.sykepleier"], lift_wish_of="Pasienten selv",
    )  # fmt: skip
    BlockAssessment.objects.using(org.using).create(
        registration=wish, assessed_by=doctor, unit=org.units[LMS], assessed_at=at + timedelta(hours=2), may_harm=True, patient_told=True,
        consequences="Den som gir multidose hjemme, ser ikke at antibiotika er lagt til. Avtalt at primærkontakten gir legemidlene.",
    )  # fmt: skip
    again = _register(org, patient, lifted, "lms.sykepleier", ground, "Naboen arbeider i hjemmetjenesten.")
    AccessBlock.objects.using(org.using).create(**block, registration=again, scope="category", category=8, registered_at=lifted, valid_from=lifted)
