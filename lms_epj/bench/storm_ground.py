"""What the kill test stands on: a ward, its nurse, some patients, one municipality outside, and the message service. Into an empty database, as owner."""

import hashlib
from datetime import timedelta

from access.domain.identity import synthetic_number
from access.models import (
    AccessAuthorisation,
    DecidedMeasure,
    LegalEntity,
    Licence,
    MeasureTemplate,
    OrgUnit,
    Patient,
    PatientIdentity,
    RoleTemplate,
    Session,
    User,
)
from lms_epj.core.clock import now
from messaging.formats.write import outgoing_standard
from messaging.models import CommunicationParty
from messaging.services.first import message_service_register

WARD, THEIRS = "80101", "80701"
MESSAGES_EACH = 25  # about one patient: each opens a task's measure, and no record has a thousand of those
NURSE = "storm.sykepleier"


def lay_ground(using: str, token: str, nurse_secret: str, *, messages: int) -> None:
    """``messages``: how many are to be sent each way, which says how many patients there are."""
    at, since = now(), now() - timedelta(days=100)
    lms = LegalEntity.objects.using(using).create(name="Follo LMS", org_number="999900001", kind="lms", valid_from=since)
    ward = OrgUnit.objects.using(using).create(
        legal_entity=lms, name="Observasjonsposten", kind="observation_ward", service_code=25, valid_from=since
    )
    nurse = User.objects.using(using).create(username=NURSE, given_name="Ingrid", family_name="Storm", initials="IS")
    Licence.objects.using(using).create(user=nurse, profession="nurse", hpr_number="9144897", valid_from=since)
    role = RoleTemplate.objects.using(using).get(code="lms_nurse")
    held = AccessAuthorisation.objects.using(using).create(user=nurse, role=role, unit=ward, valid_from=since, reason="Ansatt ved enheten")
    service = message_service_register(unit=ward, using=using, since=since)
    for user, authorisation, secret, purpose in (
        (nurse, held, nurse_secret, ""),
        (service, AccessAuthorisation.objects.using(using).get(user=service), token, "messaging"),
    ):
        Session.objects.using(using).create(
            user=user, authorisation=authorisation, secret_hash=hashlib.sha256(secret.encode()).digest(), device_hash=b"", purpose=purpose,
            second_factor=True, created_at=at, last_seen_at=at, expires_at=at + timedelta(days=30),
        )  # fmt: skip
    _addresses(using, ward)
    admitted = MeasureTemplate.objects.using(using).get(code="ADMITTED")
    for number in range(max(40, messages // MESSAGES_EACH)):
        born = (since - timedelta(days=20000 + 137 * number % 25000)).date()
        patient = Patient.objects.using(using).create(
            family_name=f"Storm{chr(97 + number % 26)}{number}", given_name="Kari", birth_date=born, sex="K", municipality_number="3220",
            registered_at=since, name_fold=f"kari storm{chr(97 + number % 26)}{number}",
        )  # fmt: skip
        PatientIdentity.objects.using(using).create(patient=patient, kind="FNR", value=synthetic_number(born, female=True, seed=number))
        DecidedMeasure.objects.using(using).create(
            patient=patient, template=admitted, unit=ward, starts_at=since, decided_at=since, source_kind="storm"
        )


def _addresses(using: str, ward: OrgUnit) -> None:
    since = ward.valid_from
    takes = {"DIALOG_HELSEFAGLIG": [outgoing_standard("DIALOG_HELSEFAGLIG").version]}
    for entity_her, name, her, service, unit in (
        ("80100", "Follo LMS", WARD, "Observasjonsposten", ward),
        ("80700", "Enebakk kommune", THEIRS, "Sykepleietjenesten", None),
    ):
        entity = CommunicationParty.objects.using(using).create(her_id=entity_her, kind="entity", name=name, unit=unit, valid_from=since)
        CommunicationParty.objects.using(using).create(
            her_id=her,
            kind="service",
            name=service,
            parent=entity,
            unit=unit,
            transport="files",
            valid_from=since,
            service_type="KP02",
            receives=takes,
        )
