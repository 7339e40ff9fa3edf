"""What stands ready before a story begins, beside the cast: passwords, a bystander in Kari's own municipality, patients for one test each.

All of it is what an administrator or a register would have made. Nothing here opens Kari's record to anyone.
"""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from guardian.shortcuts import assign_perm

from access import models as access
from access.domain.identity import synthetic_numbers
from access.services.secrets import credential_set
from journal import models as journal
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.folding import fold
from tests.cast import PASSWORD, PIN, STAFF, Cast, build_cast, identify, load_cast

BYSTANDER = "aas.sykehjem"  # works in Ås, in a unit that has nothing to do with Kari


def set_stage() -> None:
    """The cast with passwords, as owner. One-time codes are not asked for, as in the demo."""
    cast = load_cast()
    hire_bystander()
    hold_every_unit(cast)
    users = [cast[username].id for username in STAFF] + [identify("user", BYSTANDER)]
    for user in users:
        credential_set(user_id=user, password=PASSWORD, pin=PIN, using="default")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gate.setting SET value = 0 WHERE name = 'second_factor_required'")


def hold_every_unit(cast: Cast) -> None:
    """The administrator holds the register of every unit of the cast."""
    administrator = access.User.objects.get(username="tilgang.admin")
    for unit in access.OrgUnit.objects.filter(id__in=cast.units.values()):
        assign_perm("administer_register", administrator, unit)


def hire_bystander() -> None:
    """A nurse at the nursing home in Ås."""
    since = datetime.now(UTC) - timedelta(days=500)
    unit = access.OrgUnit.objects.create(
        id=identify("unit", "aas_nursing_home"), legal_entity_id=identify("entity", "aas"), name="Moer sykehjem", kind="nursing_home",
        service_code=21, valid_from=since,
    )  # fmt: skip
    user = access.User.objects.create(id=identify("user", BYSTANDER), username=BYSTANDER, given_name="Nora", family_name="Wiik", initials="NW")
    access.Licence.objects.create(user=user, profession="nurse", hpr_number="9000999", valid_from=since)
    role = access.RoleTemplate.objects.get(code="home_nurse")
    access.AccessAuthorisation.objects.create(user=user, role=role, unit=unit, valid_from=since, reason="Ansatt ved enheten")


def admitted_patient(given_name: str, family_name: str) -> UUID:
    """A patient who lies on the ward, with nothing written yet: for a test that must not meet another test's drafts."""
    return _ward_patient(given_name, family_name, "admitted", "ADMITTED")


def expected_patient(given_name: str, family_name: str) -> UUID:
    """One who is notified to the ward and has not come."""
    return _ward_patient(given_name, family_name, "expected", "NOTIFIED")


def _ward_patient(given_name: str, family_name: str, status: str, template: str) -> UUID:
    cast, since = build_cast(), datetime.now(UTC) - timedelta(hours=3)
    born = date(1944, 6, 1)
    patient = access.Patient.objects.create(
        family_name=family_name, given_name=given_name, birth_date=born, sex="K", municipality_number="3218", registered_at=since,
        name_fold=fold(f"{family_name} {given_name}"),
    )  # fmt: skip
    taken = set(access.PatientIdentity.objects.values_list("value", flat=True))
    number = next(one for one in synthetic_numbers(born, female=True) if one not in taken)
    access.PatientIdentity.objects.create(patient=patient, kind="FNR", value=number)
    stay = journal.Stay(
        id=uuid4(), patient=patient, category_id=2, unit_id=cast.units["ward"], legal_entity_id=cast.entities["lms"],
        author_id=cast["lms.sykepleier"].id, event_at=since, recorded_at=since, ward_id=cast.units["ward"], status=status,
        cause="Observasjon", expected_at=since, admitted_at=since if status == "admitted" else None,
    )  # fmt: skip
    access.DecidedMeasure.objects.create(
        patient=patient, template=access.MeasureTemplate.objects.get(code=template), unit_id=cast.units["ward"], starts_at=since,
        ends_at=None if status == "admitted" else since + timedelta(hours=24), decided_at=since, source_kind="stay", source_id=stay.id,
    )  # fmt: skip
    stay.save(force_insert=True)
    return patient.pk


def emergency_case(username: str, patient: UUID, reason: str) -> UUID:
    """Emergency access that this person opened two hours ago; returns the case that it left with the custodian."""
    cast, at = build_cast(), datetime.now(UTC) - timedelta(hours=2)
    source = access.EmergencyCase.objects.create(
        patient_id=patient, user_id=cast[username].id, unit_id=cast.units[cast[username].unit], reason_code="acute", reason=reason, opened_at=at,
        review_due=at + timedelta(hours=72),
    )  # fmt: skip
    return access.ReviewCase.objects.get(source_id=source.pk).pk


def unusual_look_up(username: str, patient: UUID, number: str) -> UUID:
    """Yesterday this person read a record with the number that the employer knows as the person's own; the night's review has found it."""
    cast, day = build_cast(), oslo_date(datetime.now(UTC)) - timedelta(days=1)
    access.StaffIdentity.objects.create(user_id=cast[username].id, number=number, registered_at=datetime.now(UTC))
    row = {"request_id": str(uuid4()), "action": "read", "outcome": "allow", "user_id": str(cast[username].id), "patient_id": str(patient),
           "unit_id": str(cast.units[cast[username].unit]), "role_name": "Sykepleier", "template_name": "Innlagt"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", [json.dumps(row)])
        at = start_of_day(day) + timedelta(hours=22)
        cursor.execute("UPDATE auditlog_entry SET at = %s WHERE request_id = %s", [at, row["request_id"]])
        cursor.execute("SELECT gate.score_day(%s)", [day])
    return access.LogFinding.objects.get(user_id=cast[username].id, patient_id=patient).pk
