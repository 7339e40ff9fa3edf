"""Something for those who control access to work with: a day of the log with a few unusual look-ups in it, and cases at every stage."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connections

from access.models import (
    AccessAuthorisation,
    DecidedMeasure,
    EmergencyCase,
    MeasureTemplate,
    Patient,
    PatientIdentity,
    ReviewCase,
    ReviewMessage,
    StaffIdentity,
    User,
)
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.ids import uuid7
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.places import LMS

NURSE, DOCTOR, HOME, CUSTODIAN = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "journalansvarlig"
LOG_COLUMNS = (
    "at", "request_id", "user_id", "user_name", "profession", "role_code", "role_name", "unit_id", "unit_name", "legal_entity_id",
    "legal_entity_name", "patient_id", "patient_name", "action", "route", "outcome", "measure_id", "template_code", "template_name", "purpose",
    "user_selected", "reason", "objects_shown", "categories", "epoch",
)  # fmt: skip


@dataclass
class Looker:
    """Writes look-ups as the gate would have."""

    org: Organisation
    rows: list[tuple[Any, ...]]
    epoch: int

    def look(self, held: AccessAuthorisation, patient: Patient, at: datetime, template: MeasureTemplate, measure: DecidedMeasure | None = None,
             categories: tuple[int, ...] = (6, 7)) -> None:  # fmt: skip
        """One page of a record, and what it showed."""
        request, user, unit = uuid7(), held.user, held.unit
        chosen, reason = (measure.user_selected, measure.reason) if measure else (False, "")
        who = (user.pk, user.get_full_name(), held.role.required_profession, held.role.code, held.role.name, unit.pk, unit.name)
        entity = unit.legal_entity
        self.rows.append((at, request, *who, entity.pk, entity.name, patient.pk, f"{patient.given_name} {patient.family_name}", "read", "patient",
                          "allow", measure.pk if measure else None, template.code, template.name, template.purpose, chosen, reason, None, None,
                          self.epoch))  # fmt: skip
        self.rows.append((at + timedelta(milliseconds=40), request, user.pk, "", "", "", "", unit.pk, "", entity.pk, "", patient.pk, "", "read",
                          "patient", "shown", None, "", "", "", False, "", json.dumps({"note": [str(uuid7())]}), list(categories),
                          self.epoch))  # fmt: skip

    def write(self) -> None:
        marks = ", ".join(["%s"] * len(LOG_COLUMNS))
        with connections[self.org.using].cursor() as cursor:
            cursor.executemany(f"INSERT INTO auditlog_entry ({', '.join(LOG_COLUMNS)}) VALUES ({marks})", self.rows)


def load_reviews(org: Organisation, now: datetime) -> None:
    """After the courses: it needs patients, staff and their measures."""
    using = org.using
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT number FROM auditlog.epoch")
        looker = Looker(org, [], cursor.fetchone()[0])
    templates = {t.code: t for t in MeasureTemplate.objects.using(using)}
    held = {a.user.username: a for a in AccessAuthorisation.objects.using(using).select_related("user", "role", "unit__legal_entity").order_by("pk")}
    day = start_of_day(oslo_date(now) - timedelta(days=1))
    _an_ordinary_day(looker, held, templates, day)
    _unusual_look_ups(looker, held, templates, day)
    _cases(looker, held, templates, now)
    looker.write()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT gate.cases_sweep()")
        cursor.execute("SELECT gate.score_day(%s)", [oslo_date(now) - timedelta(days=1)])


def _an_ordinary_day(looker: Looker, held: dict[str, AccessAuthorisation], templates: dict[str, MeasureTemplate], day: datetime) -> None:
    """The ward's nurses and doctors with those in the beds."""
    rng = Random("reviews")
    using, ward = looker.org.using, looker.org.units[LMS]
    inside = DecidedMeasure.objects.using(using).filter(unit=ward, template__code="ADMITTED", ends_at=None).select_related("patient")
    staff = sorted((a for a in held.values() if a.unit_id == ward.pk), key=lambda a: a.user.username)
    for measure in inside:
        for one in rng.sample(staff, 5):
            looker.look(one, measure.patient, day + timedelta(minutes=rng.randint(420, 1300)), templates["ADMITTED"], measure)


def _unusual_look_ups(looker: Looker, held: dict[str, AccessAuthorisation], templates: dict[str, MeasureTemplate], day: datetime) -> None:
    """A nurse of the ward who was a patient there, read by herself and by a colleague; and one who let herself in to a namesake."""
    using, ward = looker.org.using, looker.org.units[LMS]
    colleagues = sorted((a for a in held.values() if a.unit_id == ward.pk and a.user.username not in (NURSE, DOCTOR)), key=lambda a: a.user.username)
    former = DecidedMeasure.objects.using(using).filter(
        unit=ward, template__code="ADMITTED", ends_at__range=(day - timedelta(days=7), day), patient__sex="K",
        patient__identities__isnull=False,
    )  # fmt: skip
    stay = former.select_related("patient").order_by("patient_id").first()
    if stay is None:
        return
    number = PatientIdentity.objects.using(using).filter(patient=stay.patient).order_by("pk").values_list("value", flat=True)[0]
    employee, curious = colleagues[0], colleagues[1]
    StaffIdentity.objects.using(using).create(user=employee.user, number=number, registered_at=day)
    User.objects.using(using).filter(pk=employee.user_id).update(
        given_name=stay.patient.given_name, family_name=stay.patient.family_name, initials=stay.patient.given_name[0] + stay.patient.family_name[0]
    )
    employee.user.refresh_from_db(using=using)
    looker.look(employee, stay.patient, day + timedelta(hours=21, minutes=12), templates["ADMITTED"], stay)
    looker.look(curious, stay.patient, day + timedelta(hours=22, minutes=40), templates["ADMITTED"], stay)


def _cases(looker: Looker, held: dict[str, AccessAuthorisation], templates: dict[str, MeasureTemplate], now: datetime) -> None:
    """An emergency that waits, one past its deadline, one that was decided, and an arrival that nobody came to, with a question about it."""
    using, org = looker.org.using, looker.org
    harald = Patient.objects.using(using).get(family_name="Moe", given_name="Harald")
    others = list(Patient.objects.using(using).exclude(pk=harald.pk).filter(deceased_at=None).order_by("pk")[100:104])
    doctor = next(a for a in held.values() if a.role.code == "lms_doctor" and a.user.username != DOCTOR)
    _emergency(looker, doctor, harald, now - timedelta(hours=5), templates, "danger",
               "Hypoglykemi i venterommet. Må vite hvilket insulin han bruker, og om han står på blodfortynnende.")  # fmt: skip
    _emergency(looker, held["frogn.hjemmesykepleier"], others[0], now - timedelta(days=4), templates, "acute",
               "Falt i trappen hos naboen. Ambulansen ba om legemidler og allergier.")  # fmt: skip
    done = _emergency(looker, held[HOME], others[1], now - timedelta(days=9), templates, "arrived", "Pasienten sto i døren uten å være meldt.")
    _say(using, done, "question", org.users[CUSTODIAN], "Hvorfor ble ikke ankomsten registrert på vanlig måte?", now - timedelta(days=8))
    _say(using, done, "answer", org.users[HOME], "Nettet på basen var nede. Jeg ringte LMS først.", now - timedelta(days=8) + timedelta(hours=3))
    _say(using, done, "verdict", org.users[CUSTODIAN], "LMS bekrefter samtalen. Notat er ført.", now - timedelta(days=7))
    ReviewCase.objects.using(using).filter(pk=done).update(
        state="closed", verdict="lawful", closed_at=now - timedelta(days=7), closed_by=org.users[CUSTODIAN], opened_at=now - timedelta(days=9)
    )
    ReviewCase.objects.using(using).filter(state="open").update(opened_at=now - timedelta(days=4))
    arrival = _arrival(org, held[NURSE], others[2], now - timedelta(hours=30), templates)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT gate.cases_sweep()")
    waiting = ReviewCase.objects.using(using).get(source_id=arrival)
    looker.look(held[NURSE], others[2], waiting.happened_at + timedelta(minutes=3), templates["NOTIFIED"])
    _say(using, waiting.pk, "question", org.users[CUSTODIAN], "Pasienten kom aldri. Hvem ringte, og hva ble dere enige om?", now - timedelta(hours=2))
    ReviewCase.objects.using(using).filter(pk=waiting.pk).update(state="asked", answer_due=now + timedelta(hours=34))


def _emergency(looker: Looker, held: AccessAuthorisation, patient: Patient, at: datetime, templates: dict[str, MeasureTemplate], code: str,
               reason: str) -> UUID:  # fmt: skip
    """An hour's access with three look-ups; returns the review case that it left."""
    using = looker.org.using
    case = EmergencyCase.objects.using(using).create(
        patient=patient, user=held.user, unit=held.unit, reason_code=code, reason=reason, opened_at=at, review_due=at + timedelta(hours=72)
    )
    measure = DecidedMeasure.objects.using(using).create(
        patient=patient, template=templates["EMERGENCY"], performer=held.user, starts_at=at, ends_at=at + timedelta(hours=1), decided_by=held.user,
        decided_in_unit=held.unit, decided_at=at, reason=reason, user_selected=True, source_kind="emergency", source_id=case.pk, case=case,
        scope_categories=[3, 5],
    )  # fmt: skip
    for minute in (1, 4, 11):
        looker.look(held, patient, at + timedelta(minutes=minute), templates["EMERGENCY"], measure, (3, 5))
    return ReviewCase.objects.using(using).get(source_id=case.pk).pk


def _arrival(org: Organisation, held: AccessAuthorisation, patient: Patient, at: datetime, templates: dict[str, MeasureTemplate]) -> UUID:
    return DecidedMeasure.objects.using(org.using).create(
        patient=patient, template=templates["NOTIFIED"], unit=held.unit, starts_at=at, ends_at=at + timedelta(hours=4), decided_by=held.user,
        decided_in_unit=held.unit, decided_at=at, reason="Magesmerter og feber, legevakten ber om observasjon", caller="Legevakten i Follo",
        user_selected=True, source_kind="arrival",
    ).pk  # fmt: skip


def _say(using: str, case: UUID, kind: str, author: User, text: str, at: datetime) -> None:
    ReviewMessage.objects.using(using).create(case_id=case, kind=kind, author=author, text=text, at=at)
