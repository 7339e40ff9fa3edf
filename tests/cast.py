"""The people every test of access plays with: a centre, its municipalities, who works there, and five patients.

Loaded once per test database, committed, so that connections of their own see them too; what a test changes is rolled back.
Every patient has words of its own (`Person.markers`) in name, number and text: none of them may reach one who has no access.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from guardian.models import UserObjectPermission
from PIL import Image

from access import models as access
from access.domain.codes import Category as C
from access.domain.identity import synthetic_number
from journal import models as journal
from journal.domain.files import kept
from journal.domain.news2 import RULE_VERSION
from telemed import models as telemed

NAMESPACE = UUID("5b0d3f0e-6e2b-4a5e-9d52-1f7f0c9a4e10")
PASSWORD, PIN = "riktig hest batteri stift", "2580"
DEVICE = "cast-device-secret"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)

# key: name, kind, municipality number
ENTITIES = {
    "lms": ("Follo LMS", "lms", ""),
    "aas": ("Ås kommune", "municipality", "3218"),
    "frogn": ("Frogn kommune", "municipality", "3214"),
    "nordre_follo": ("Nordre Follo kommune", "municipality", "3207"),
    "ski": ("Ski kommune", "municipality", "0213"),
    "enebakk": ("Enebakk kommune", "municipality", "3220"),
    "ikt": ("Follo IKT", "operator", ""),
}
# key: entity, name, kind, service
UNITS = {
    "ward": ("lms", "Observasjonsposten", "observation_ward", 25),
    "aas_home": ("aas", "Hjemmesykepleien Ås nord", "home_nursing", 15),
    "aas_therapy": ("aas", "Fysio- og ergoterapi Ås", "therapy", 19),
    "aas_office": ("aas", "Tjenestekontoret i Ås", "allocation_office", 99),
    "frogn_home": ("frogn", "Hjemmesykepleien Frogn", "home_nursing", 15),
    "enebakk_home": ("enebakk", "Hjemmesykepleien Enebakk", "home_nursing", 15),
    "custody": ("lms", "Journalansvar, Follo LMS", "administration", None),
    "it": ("ikt", "Drift og tilgang, Follo IKT", "administration", None),
}
# username: given name, family name, licence, [(role, unit)]; the first role is the one their session works in
STAFF: dict[str, tuple[str, str, str, list[tuple[str, str]]]] = {
    "lms.sykepleier": ("Ingrid", "Solberg Haugen", "nurse", [("lms_nurse", "ward")]),
    "lms.lege": ("Jonas", "Amundsen", "doctor", [("lms_doctor", "ward")]),
    "lms.helsefag": ("Oda", "Brekke", "health_worker", [("health_worker", "ward")]),
    "aas.hjemmesykepleier": ("Hanne", "Moen", "nurse", [("home_nurse", "aas_home")]),
    "aas.fysioterapeut": ("Silje", "Rønning", "physiotherapist", [("physiotherapist", "aas_therapy")]),
    "aas.saksbehandler": ("Berit", "Nygård", "", [("case_officer", "aas_office")]),
    "aas.to_roller": ("Mona", "Li", "nurse", [("home_nurse", "aas_home"), ("lms_nurse", "ward")]),
    "frogn.hjemmesykepleier": ("Marte", "Lunde", "nurse", [("home_nurse", "frogn_home")]),
    "enebakk.hjemmesykepleier": ("Tone", "Vik", "nurse", [("home_nurse", "enebakk_home")]),
    "lms.leder": ("Ragnhild", "Tveit", "", [("unit_leader", "ward")]),
    "tilgang.admin": ("Tor Kristian", "Bakke", "", [("access_admin", "it")]),
    "tilgang.admin2": ("Ragnhild", "Vatne", "", [("access_admin", "it")]),
    "logg.kontroll": ("Anne Grethe", "Sørlie", "", [("log_reviewer", "it")]),
    "journalansvarlig": ("Berit", "Aune", "", [("custodian", "custody")]),
    "drift": ("Odd", "Lie", "", [("it_operator", "it")]),
    "meldingsansvarlig": ("Hege", "Lunde", "", [("message_watch", "it")]),
    "sluttet": ("Per", "Sluttet", "nurse", [("home_nurse", "aas_home")]),
}
# key: given name, family name (a word found nowhere else), birth, female, municipality, unit that charts
PATIENTS = {
    "kari": ("Kari Marie", "Kvistmyrhansen", date(1941, 3, 4), True, "3218", "aas_home"),
    "anna": ("Anna", "Sengemyrholt", date(1938, 7, 19), True, "3218", "ward"),
    "foreign": ("Fredrik", "Frognmyrstrand", date(1945, 11, 2), False, "3214", "frogn_home"),
    "blocked": ("Bjarne", "Sperremyrdal", date(1950, 1, 30), False, "3218", "aas_home"),
    "former": ("Frida", "Gåttmyrvik", date(1933, 5, 5), True, "3218", "aas_home"),
}
# patient: measures as (template, unit, begun days ago, ended days ago or None)
MEASURES = {
    "kari": [("SERVICE_HEALTH", "aas_home", 200, None), ("SERVICE_CASEWORK", "aas_office", 200, None), ("TASK", "aas_therapy", 2, None)],
    "anna": [("ADMITTED", "ward", 2, None), ("SERVICE_HEALTH", "aas_home", 90, None)],
    "foreign": [("SERVICE_HEALTH", "frogn_home", 200, None)],
    "blocked": [("SERVICE_HEALTH", "aas_home", 200, None), ("ADMITTED", "ward", 1, None)],
    "former": [("SERVICE_HEALTH", "aas_home", 300, 100), ("ADMITTED", "ward", 110, 100)],
}


def identify(*words: object) -> UUID:
    """The id of a named row of the cast: the same in every run."""
    return uuid5(NAMESPACE, "/".join(map(str, words)))


@dataclass(frozen=True)
class Person:
    """A patient of the cast. `rows`: model name → id of the patient's row of that kind."""

    key: str
    id: UUID
    number: str
    given_name: str
    family_name: str
    rows: dict[str, UUID]

    @property
    def markers(self) -> tuple[str, ...]:
        """What none but those with access may ever see: surname, number, and the word all texts of the patient carry."""
        return self.family_name, self.number, marker_of(self.key)


@dataclass(frozen=True)
class Colleague:
    """A person who works, and the secret of a live session in the first of the roles."""

    username: str
    id: UUID
    secret: str
    role: str
    unit: str
    authorisations: dict[str, UUID]

    @property
    def authorisation_id(self) -> UUID:
        return self.authorisations[self.role]

    @property
    def session_id(self) -> UUID:
        return identify("session", self.username)


@dataclass
class Cast:
    entities: dict[str, UUID] = field(default_factory=dict)
    units: dict[str, UUID] = field(default_factory=dict)
    staff: dict[str, Colleague] = field(default_factory=dict)
    patients: dict[str, Person] = field(default_factory=dict)
    beds: list[UUID] = field(default_factory=list)
    community: UUID = field(default_factory=lambda: identify("community"))

    def __getitem__(self, username: str) -> Colleague:
        return self.staff[username]

    def __getattr__(self, key: str) -> Person:
        """`cast.kari`"""
        if key.startswith("_") or key not in PATIENTS:
            raise AttributeError(key)
        return self.patients[key]


def marker_of(patient: str) -> str:
    return f"{patient}markørord"


def build_cast() -> Cast:
    """The names and ids alone; nothing is read or written."""
    cast = Cast()
    cast.entities = {key: identify("entity", key) for key in ENTITIES}
    cast.units = {key: identify("unit", key) for key in UNITS}
    cast.beds = [identify("bed", number) for number in range(1, 11)]
    for username, (_, _, _, roles) in STAFF.items():
        held = {role: identify("authorisation", username, role) for role, _ in roles}
        cast.staff[username] = Colleague(username, identify("user", username), f"secret of {username}", *roles[0], held)
    for key, (given, family, birth, female, _, _) in PATIENTS.items():
        rows = {model: identify(model, key) for model in ROWS}
        cast.patients[key] = Person(key, identify("patient", key), synthetic_number(birth, female=female, seed=7), given, family, rows)
    return cast


# model name → (model, category, document type, columns beside those of every entry); `text` is filled with the patient's marker
ROWS: dict[str, tuple[Any, C, str | None]] = {
    "note": (journal.Note, C.NURSING, "nurse_note"),
    "noteversion": (journal.NoteVersion, C.NURSING, "nurse_note"),
    "draft": (journal.Note, C.NURSING, "nurse_note"),
    "task": (journal.Task, C.TASKS, None),
    "criticalinfo": (journal.CriticalInfo, C.CRITICAL, None),
    "criticalinfostatus": (journal.CriticalInfoStatus, C.CRITICAL, None),
    "diagnosis": (journal.Diagnosis, C.DIAGNOSIS, None),
    "medication": (journal.Medication, C.MEDICATION, None),
    "nextofkin": (journal.NextOfKin, C.ADMIN, None),
    "servicedecision": (journal.ServiceDecision, C.CASEWORK, None),
    "visit": (journal.Visit, C.LOGISTICS, None),
    "vitalset": (journal.VitalSet, C.VITALS, None),
    "oxygenscale": (journal.OxygenScale, C.VITALS, None),
    "observation": (journal.Observation, C.VITALS, None),
    "medorder": (journal.MedOrder, C.MEDICATION, None),
    "meddose": (journal.MedDose, C.MEDICATION, None),
    "dosecontrol": (journal.DoseControl, C.MEDICATION, None),
    "medreconciliation": (journal.MedReconciliation, C.MEDICATION, None),
    "planproblem": (journal.PlanProblem, C.NURSING, None),
    "planaction": (journal.PlanAction, C.NURSING, None),
    "planevaluation": (journal.PlanEvaluation, C.NURSING, None),
    "attachment": (journal.Attachment, C.NURSING, "nurse_note"),
    "wound": (journal.Wound, C.NURSING, None),
    "woundassessment": (journal.WoundAssessment, C.NURSING, None),
    "specialistquestion": (telemed.SpecialistQuestion, C.NURSING, None),
    "checklistrun": (journal.ChecklistRun, C.NURSING, None),
    "stay": (journal.Stay, C.LOGISTICS, None),
    "isolation": (journal.Isolation, C.CRITICAL, None),
    "placement": (journal.Placement, C.LOGISTICS, None),
    "dischargecheck": (journal.DischargeCheck, C.LOGISTICS, None),
    "bookingpatient": (telemed.BookingPatient, C.LOGISTICS, None),
    "waitingentry": (telemed.WaitingEntry, C.LOGISTICS, None),
    "recordclaim": (journal.RecordClaim, C.NURSING, "nurse_note"),
}


def load_cast() -> Cast:
    """Writes the cast as owner, all or nothing."""
    cast = build_cast()
    now = datetime.now(UTC)
    with transaction.atomic():
        _organisation(cast, now - 3000 * DAY, now)
        _staff(cast, now)
        _bookings(cast, now)
        for key in PATIENTS:
            _patient(cast, key, now)
        _block(cast, now)
        _agreement(cast, now)
    return cast


def _organisation(cast: Cast, since: datetime, now: datetime) -> None:
    merged = now - 1000 * DAY
    access.LegalEntity.objects.bulk_create(
        access.LegalEntity(
            id=cast.entities[key], name=name, org_number=f"88{number:07}", kind=kind, municipality_number=place, valid_from=since,
            valid_to=merged if key == "ski" else None, successor_id=cast.entities["nordre_follo"] if key == "ski" else None,
        )
        for number, (key, (name, kind, place)) in enumerate(ENTITIES.items())
    )  # fmt: skip
    access.OrgUnit.objects.bulk_create(
        access.OrgUnit(id=cast.units[key], legal_entity_id=cast.entities[entity], name=name, kind=kind, service_code=service, valid_from=since)
        for key, (entity, name, kind, service) in UNITS.items()
    )
    access.RecordCommunity.objects.create(id=cast.community, name="Felles journal i Follo", valid_from=since)
    joined = [("lms", 25), *((key, service) for key in ("aas", "frogn", "nordre_follo", "enebakk") for service in (15, 18, 19, 99))]
    access.Participation.objects.bulk_create(
        access.Participation(
            id=identify("participation", key, service), community_id=cast.community, legal_entity_id=cast.entities[key],
            service_code=service, mode="message_only" if key == "enebakk" else "member", valid_from=since,
        )
        for key, service in joined
    )  # fmt: skip
    journal.Bed.objects.bulk_create(journal.Bed(id=bed, unit_id=cast.units["ward"], number=n) for n, bed in enumerate(cast.beds, 1))


def _staff(cast: Cast, now: datetime) -> None:
    roles = dict(access.RoleTemplate.objects.values_list("code", "id"))
    since = now - 1000 * DAY
    for username, (given, family, licence, held) in STAFF.items():
        one = cast[username]
        access.User.objects.create(id=one.id, username=username, given_name=given, family_name=family, initials=given[0] + family[0])
        if licence:
            access.Licence.objects.create(
                id=identify("licence", username), user_id=one.id, profession=licence, hpr_number=str(9_000_000 + len(username)), valid_from=since
            )
        for role, unit in held:
            access.AccessAuthorisation.objects.create(
                id=one.authorisations[role], user_id=one.id, role_id=roles[role], unit_id=cast.units[unit], valid_from=since,
                valid_to=now - DAY if username == "sluttet" else None, reason="Ansatt ved enheten",
            )  # fmt: skip
        access.Session.objects.create(
            id=one.session_id, user_id=one.id, secret_hash=hashlib.sha256(one.secret.encode()).digest(),
            device_hash=hashlib.sha256(DEVICE.encode()).digest(), device_name="Testmaskin", authorisation_id=one.authorisation_id,
            second_factor=True, created_at=now, last_seen_at=now, expires_at=now + 3650 * DAY,
        )  # fmt: skip


def _bookings(cast: Cast, now: datetime) -> None:
    """A room at the ward with a time for each patient, one whose patient no row names, and a meeting. Whose they are stands in the patients' rows."""
    room = telemed.Resource.objects.create(id=identify("room"), kind="room", name="Videorom", unit_id=cast.units["ward"])
    telemed.Opening.objects.bulk_create(
        telemed.Opening(resource=room, weekday=day, opens=time(0), closes=time(0), valid_from=date(2020, 1, 1)) for day in range(7)
    )
    cart = telemed.Resource.objects.create(id=identify("cart"), kind="equipment", name="Videovogn", unit_id=cast.units["ward"], place="Lager 2")
    telemed.Equipment.objects.create(resource=cart, type="cart", owner_id=cast.entities["lms"], support_name="IKT-vakt", support_phone="64 00 00 00")
    telemed.Opening.objects.bulk_create(
        telemed.Opening(resource=cart, weekday=day, opens=time(8), closes=time(16), valid_from=date(2020, 1, 1)) for day in range(7)
    )
    for key in ("lms", "aas", "frogn"):
        plan = telemed.RollOutPlan.objects.create(id=identify("plan", key), legal_entity_id=cast.entities[key])
        telemed.FeaturePeriod.objects.bulk_create(
            telemed.FeaturePeriod(plan=plan, kind=kind, stage="in_use", valid_from=date(2020, 1, 1), set_at=now) for kind in telemed.ABOUT_ONE
        )
    holds = Permission.objects.get(codename="manage_rollout", content_type__app_label="telemed")
    UserObjectPermission.objects.create(
        user_id=cast["lms.leder"].id, permission=holds, content_type=holds.content_type, object_pk=str(identify("plan", "lms"))
    )
    for number, key in enumerate((*PATIENTS, "hidden", "meeting")):
        unit = PATIENTS[key][5] if key in PATIENTS else "ward"
        nurse = charting_nurse(key) if key in PATIENTS else "lms.sykepleier"
        start = now + (number + 1) * HOUR
        booking = telemed.Booking.objects.create(
            id=identify("booking", key), kind="meeting" if key == "meeting" else "wound", title="Fagmøte" if key == "meeting" else "", starts_at=start,
            ends_at=start + HOUR / 2, about_patient=key != "meeting", ward_list=key == "meeting", unit_id=cast.units[unit],
            legal_entity_id=cast.entities[UNITS[unit][0]], author_id=cast[nurse].id, recorded_at=now - HOUR, room=f"room {key}",
        )  # fmt: skip
        telemed.Slot.objects.create(booking=booking, resource=room, during=(start, booking.ends_at))


def _patient(cast: Cast, key: str, now: datetime) -> None:
    given, family, birth, female, place, _ = PATIENTS[key]
    patient = cast.patients[key]
    access.Patient.objects.create(
        id=patient.id, family_name=family, given_name=given, birth_date=birth, sex="K" if female else "M", municipality_number=place,
        registered_at=now - 300 * DAY, name_fold=f"{family} {given}".lower().replace("å", "a"), address=f"{marker_of(key)} vei 1",
    )  # fmt: skip
    access.PatientIdentity.objects.create(id=identify("identity", key), patient_id=patient.id, kind="FNR", value=patient.number)
    access.RegisterPerson.objects.create(
        number=patient.number, kind="FNR", family_name=family, given_name=given, birth_date=birth, sex="K" if female else "M",
        municipality_number=place, name_fold=f"{family} {given}".lower().replace("å", "a"),
    )  # fmt: skip
    templates = dict(access.MeasureTemplate.objects.values_list("code", "id"))
    for code, unit, begun, ended in MEASURES[key]:
        access.DecidedMeasure.objects.create(
            id=identify("measure", key, code), patient_id=patient.id, template_id=templates[code], unit_id=cast.units[unit],
            starts_at=now - begun * DAY, ends_at=None if ended is None else now - ended * DAY, decided_at=now - begun * DAY,
            source_kind="cast", source_id=patient.rows["stay"] if code == "ADMITTED" else None,
        )  # fmt: skip
    for model in ("stay", *(m for m in ROWS if m != "stay")):
        make, category, document_type = ROWS[model]
        make.objects.bulk_create([make(**_entry(cast, key, model, category, document_type, now), **dict(_columns(cast, key, model, now)))])


def charting_nurse(key: str) -> str:
    """Username of the nurse who charts this patient in the cast."""
    unit = PATIENTS[key][5]
    return next(username for username, (_, _, licence, held) in STAFF.items() if licence == "nurse" and held[0][1] == unit)


def _entry(cast: Cast, key: str, model: str, category: C, document_type: str | None, now: datetime) -> dict[str, Any]:
    unit = PATIENTS[key][5]
    at = now - (5 * HOUR if key != "former" else 105 * DAY)
    values = {
        "id": cast.patients[key].rows[model], "patient_id": cast.patients[key].id, "category_id": int(category),
        "document_type_id": document_type, "unit_id": cast.units[unit], "legal_entity_id": cast.entities[UNITS[unit][0]],
        "author_id": cast[charting_nurse(key)].id, "event_at": at, "recorded_at": at,
    }  # fmt: skip
    if model != "stay" and key in ("anna", "blocked"):
        values["stay_id"] = cast.patients[key].rows["stay"]
    return values


def _columns(cast: Cast, key: str, model: str, now: datetime) -> Iterator[tuple[str, Any]]:
    """The columns of one kind of row; every free text carries the patient's marker."""
    text = f"{marker_of(key)} {model}"
    patient, nurse, home = cast.patients[key], cast[charting_nurse(key)].id, cast.units[PATIENTS[key][5]]
    status = {"anna": "admitted", "blocked": "admitted", "former": "discharged"}.get(key, "cancelled")
    bed = {"anna": cast.beds[0], "blocked": cast.beds[1]}.get(key)
    at = now - 5 * HOUR
    columns: dict[str, dict[str, Any]] = {
        "note": {"title": text, "content": {"text": text}, "state": "SIGNED", "mark": "S", "version": 1, "confirmed_at": at,
                 "signed_by_id": nurse, "signed_at": at},
        "noteversion": {"note_id": patient.rows["note"], "origin_id": patient.rows["note"], "number": 1, "title": text.replace("noteversion", "note"),
                        "content": {"text": text.replace("noteversion", "note")}, "state": "SIGNED"},
        "draft": {"title": text, "content": {"text": text}, "state": "DRAFT", "mark": "S"},
        "task": {"title": text, "due_at": now + HOUR, "for_unit_id": home},
        "criticalinfo": {"kind": "allergy", "substance": text, "reaction": text},
        "criticalinfostatus": {"none_known": False},
        "diagnosis": {"text": text, "icpc2": "R81"},
        "medication": {"generic": text, "dose": "1 tablett", "indication": text},
        "nextofkin": {"name": text, "relation": "datter", "phone": "90000000"},
        "servicedecision": {"service_type_id": 15, "executing_unit_id": home, "text": text, "starts_at": now - 200 * DAY},
        "visit": {"visiting_unit_id": home, "planned_at": now + HOUR, "minutes": 30, "remark": text, "chores": [{"text": text, "done": False}]},
        "vitalset": {"respiration": 16, "spo2": 97, "on_oxygen": False, "systolic": 130, "diastolic": 80, "pulse": 70, "consciousness": "A",
                     "temperature": "37.1", "news2_total": 0, "news2_level": "low", "rule_version": RULE_VERSION, "comment": text},
        "oxygenscale": {"scale": 1, "reason": text},
        "bookingpatient": {"booking_id": identify("booking", key), "aim": text},
        "recordclaim": {"kind": "correction", "wish_of": "patient", "text": text, "about_id": patient.rows["note"], "origin_id": patient.rows["note"],
                        "responsible_unit_id": home},
        "waitingentry": {"kind": "wound", "aim": text, "minutes": 30, "not_before": now.date(), "for_unit_id": home},
        "observation": {"kind": "pain", "value": 3, "code": "rest", "comment": text},
        "medorder": {"kind": "as_needed", "generic": text, "dose": 1, "unit_text": "tablett", "max_per_day": 4, "starts_at": at - 40 * DAY,
                     "signed_by_id": cast["lms.lege"].id, "signed_at": at - 40 * DAY, "indication": text},
        "meddose": {"order_id": patient.rows["medorder"], "origin_id": patient.rows["medorder"], "status": "given", "reason": text},
        "dosecontrol": {"order_id": patient.rows["medorder"], "origin_id": patient.rows["medorder"]},
        "medreconciliation": {"occasion": "admission", "sources": ["patient"], "comment": text},
        "planproblem": {"problem": text, "goal": text},
        "planaction": {"origin_id": patient.rows["planproblem"], "text": text, "for_unit_id": home},
        "planevaluation": {"origin_id": patient.rows["planproblem"], "kind": "on_track", "text": text},
        "attachment": {"title": text, **file_columns()},
        "wound": {"site": "heel_left", "kind": "pressure", "pressure_category": "2", "description": text},
        "woundassessment": {"origin_id": patient.rows["wound"], "length_mm": 30, "width_mm": 20, "comment": text},
        "specialistquestion": {"origin_id": patient.rows["wound"], "question": text, "name": "Sårsykepleier", "valid_to": now + 7 * DAY,
                               "authorisation_id": cast[charting_nurse(key)].authorisation_id},
        "isolation": {"kind": "contact", "reason": text},
        "placement": {"ward_id": cast.units["ward"], "reason": text},
        "dischargecheck": {"item": "kin", "state": "not_needed", "remark": text},
        "checklistrun": {"series": identify("procedure"), "number": 1, "title": text, "points": [{"text": text, "required": True, "state": "", "note": ""}]},
        "stay": {"ward_id": cast.units["ward"], "bed_id": bed, "status": status, "cause": text, "expected_at": at,
                 "admitted_at": at if bed or key == "former" else None, "discharged_at": at if key == "former" else None},
    }  # fmt: skip
    yield from columns[model].items()


@cache
def file_columns() -> dict[str, Any]:
    """What a row says of its file: a small image of one colour."""
    drawn = BytesIO()
    Image.new("RGB", (24, 16), "teal").save(drawn, "PNG")
    made = kept(drawn.getvalue())
    return {"media_type": made.media_type, "content": made.content, "thumbnail": made.thumbnail, "size": len(made.content), "sha256": made.digest,
            "width": made.width, "height": made.height}  # fmt: skip


def _block(cast: Cast, now: datetime) -> None:
    """`blocked` does not want the centre's ward to read the record; `anna` has blocked one note of it for home nursing."""
    common = {"wish_of": "Pasienten", "registered_at": now, "valid_from": now - DAY, "target": "unit"}
    access.AccessBlock.objects.create(
        id=identify("block", "blocked"), patient_id=cast.blocked.id, scope="record", target_id=cast.units["ward"], **common
    )
    access.AccessBlock.objects.create(
        id=identify("block", "anna"), patient_id=cast.anna.id, scope="entry", entry_id=cast.anna.rows["note"],
        target_id=cast.units["aas_home"], **common,
    )  # fmt: skip


def _agreement(cast: Cast, now: datetime) -> None:
    """The agreement in force, signed by all members and held by `tilgang.admin`; Enebakk's coming exit, which changes no date yet."""
    version = access.AgreementVersion.objects.create(
        id=identify("agreement"), community_id=cast.community, number=1, valid_from=now - 2000 * DAY, coverage="Felles journal ved opphold og i hjemmet",
        patient_rights="Pasienten henvender seg ett sted", processing="Felles system med felles logg", controller="Hver virksomhet for det den fører",
        rights_contact="Journalansvarlig, Follo LMS", host_id=cast.entities["nordre_follo"], operator_id=cast.entities["ikt"], notice_months=12,
        export_rule="residents", exit_plan="Uttrekk med sjekksummer", law="pasientjournalloven § 9", reason="Første avtale", registered_at=now - 2000 * DAY,
    )  # fmt: skip
    for key in ("lms", "aas", "frogn", "nordre_follo"):
        access.AgreementSignature.objects.create(
            id=identify("signature", key), version=version, legal_entity_id=cast.entities[key], signer="Kari Direktør", title="Kommunedirektør",
            signed_on=(now - 2010 * DAY).date(), registered_at=now - 2000 * DAY,
        )  # fmt: skip
    change = access.CommunityChange.objects.create(
        id=identify("change"), community_id=cast.community, kind="exit", legal_entity_id=cast.entities["enebakk"], effective_at=now + 3000 * DAY,
        closes_at=now + 3000 * DAY, reason="Kommunestyrets vedtak", registered_at=now - DAY, details={"ended": [], "closed": []},
    )  # fmt: skip
    access.RecordExport.objects.create(id=identify("export"), change=change, rule="residents")
    may = Permission.objects.get(codename="administer_community")
    UserObjectPermission.objects.create(
        user_id=cast["tilgang.admin"].id, permission=may, content_type=may.content_type, object_pk=str(cast.community)
    )


def wake_sessions() -> None:
    """Marks every session of the cast as used just now, or a long run would lock them. As owner."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET last_seen_at = gate.clock()")
