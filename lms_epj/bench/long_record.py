"""What a long record costs against a short one: two patients of the same home nursing, 500 and 5 000 entries over ten years.

Beside the demo's own people, so that their figures are not touched. Written as the owner; read like everybody else.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from django.db import models

from access.domain.codes import Category
from access.domain.identity import synthetic_numbers
from access.models import AccessAuthorisation, DecidedMeasure, MeasureTemplate, Patient, PatientIdentity
from journal.models import Diagnosis, Note, NoteVersion, Observation, ServiceDecision, Task, Visit, VitalSet
from lms_epj.bench.client import Answer
from lms_epj.bench.inside import costs
from lms_epj.bench.report import Times, machine
from lms_epj.bench.run import visit
from lms_epj.bench.scenarios import HOME, OLDER, Act, Scenario, Visitor, World
from lms_epj.core.clock import now, to_oslo
from lms_epj.core.folding import fold
from lms_epj.core.ids import uuid7

SIZES, YEARS, FAMILY_NAME = (500, 5000), 10, "Lengdemyrås"
BORN = date(1938, 3, 1)
# kind of row → how many of a hundred
MIX: dict[type[models.Model], int] = {Note: 46, VitalSet: 30, Observation: 12, Task: 6, Visit: 6}
SENTENCES = (
    "Sov godt, spiste frokost i stolen.", "Klager over smerter i høyre hofte ved gange.", "Tung pust ved trapper, lette ankler om kvelden.",
    "Fikk hjelp til dusj, huden er hel.", "Datteren var innom og hjalp til med handling.", "Blodtrykket er jevnt, tar medisinene selv.",
)  # fmt: skip


def lay(using: str) -> dict[int, UUID]:
    """{entries: patient}; what an earlier run wrote is used again."""
    found = dict(Patient.objects.using(using).filter(family_name=FAMILY_NAME).values_list("given_name", "pk"))
    return {size: found.get(f"Post {size}") or _write(using, size) for size in SIZES}


def _write(using: str, size: int) -> UUID:
    at, rng = now(), Random(size)
    first = at - timedelta(days=365 * YEARS)
    works = AccessAuthorisation.objects.using(using).select_related("unit").filter(user__username=HOME, valid_to=None).first()
    if works is None:
        raise LookupError(f"{HOME} works nowhere")
    patient = Patient(
        id=uuid7(), family_name=FAMILY_NAME, given_name=f"Post {size}", birth_date=BORN, sex="K",
        municipality_number=works.unit.legal_entity.municipality_number, registered_at=first, name_fold=fold(f"Post {size} {FAMILY_NAME}"),
    )  # fmt: skip
    patient.save(using=using, force_insert=True)
    taken = set(PatientIdentity.objects.using(using).values_list("value", flat=True))
    number = next(one for one in synthetic_numbers(BORN, female=True) if one not in taken)
    PatientIdentity.objects.using(using).create(patient=patient, kind="FNR", value=number)

    def entry(category: Category, moment: datetime) -> dict[str, Any]:
        return {
            "id": uuid7(int(moment.timestamp() * 1000)), "patient_id": patient.pk, "category_id": int(category), "unit_id": works.unit_id,
            "legal_entity_id": works.unit.legal_entity_id, "author_id": works.user_id, "event_at": moment, "recorded_at": moment,
        }  # fmt: skip

    service = ServiceDecision(
        **entry(Category.CASEWORK, first), service_type_id=15, executing_unit_id=works.unit_id, text="Hjemmesykepleie", starts_at=first
    )
    service.save(using=using, force_insert=True)
    DecidedMeasure.objects.using(using).create(
        patient=patient, template=MeasureTemplate.objects.using(using).get(code="SERVICE_HEALTH"), unit_id=works.unit_id, starts_at=first, decided_at=first,
        source_kind="service", source_id=service.pk,
    )  # fmt: skip
    for model, share in MIX.items():
        moments = sorted(first + (at - timedelta(hours=2) - first) * rng.random() for _ in range(size * share // 100))
        rows = [model(**_columns(model, entry, moment, rng, works)) for moment in moments]
        model._default_manager.using(using).bulk_create(rows, batch_size=1000)
        if model is Note:
            _versions(using, rows)
    Diagnosis.objects.using(using).bulk_create(
        Diagnosis(**entry(Category.DIAGNOSIS, first), text=text, icpc2=code)
        for text, code in (("Hjertesvikt", "K77"), ("Hofteartrose", "L89"), ("KOLS", "R95"))
    )
    return patient.pk


def _columns(model: type[models.Model], entry: Callable[..., dict[str, Any]], at: datetime, rng: Random, works: Any) -> dict[str, Any]:
    if model is Note:
        signed = {"state": "SIGNED", "version": 1, "confirmed_at": at, "signed_by_id": works.user_id, "signed_at": at, "mark": "S"}
        return entry(Category.NURSING, at) | signed | {"document_type_id": "nurse_note", "content": {"text": " ".join(rng.sample(SENTENCES, 4))}}
    if model is VitalSet:
        values = {
            "respiration": rng.randint(12, 24),
            "spo2": rng.randint(88, 98),
            "on_oxygen": False,
            "systolic": rng.randint(110, 160),
            "diastolic": rng.randint(60, 90),
        }
        return (
            entry(Category.VITALS, at)
            | values
            | {"pulse": rng.randint(58, 104), "consciousness": "A", "temperature": "37.0", "news2_total": 2, "news2_level": "low"}
        )
    if model is Observation:
        return entry(Category.VITALS, at) | {"kind": "weight", "value": f"{rng.uniform(66, 74):.1f}"}
    if model is Task:
        return entry(Category.TASKS, at) | {
            "title": "Bestille time",
            "due_at": at,
            "for_unit_id": works.unit_id,
            "done_at": at,
            "done_by_id": works.user_id,
        }
    return entry(Category.LOGISTICS, at) | {
        "visiting_unit_id": works.unit_id,
        "planned_at": at,
        "minutes": 30,
        "status": "done",
        "done_at": at,
        "done_by_id": works.user_id,
    }


def _versions(using: str, notes: list[Any]) -> None:
    own = (
        "patient_id",
        "category_id",
        "document_type_id",
        "stay_id",
        "unit_id",
        "legal_entity_id",
        "author_id",
        "event_at",
        "recorded_at",
        "content",
        "state",
    )
    NoteVersion.objects.using(using).bulk_create(
        (NoteVersion(**{name: getattr(note, name) for name in own}, note=note, origin_id=note.pk, number=1) for note in notes), batch_size=1000
    )


def _page(part: str) -> Callable[[UUID], Callable[[Visitor, World], Act]]:
    return lambda patient: lambda _visitor, _world: lambda visitor: visitor.expect(visitor.get(f"/pasient/{patient}/{part}"))


def _search(words: str) -> Callable[[UUID], Callable[[Visitor, World], Act]]:
    def search(patient: UUID) -> Callable[[Visitor, World], Act]:
        def act(visitor: Visitor) -> Answer:
            return visitor.expect(visitor.post(f"/pasient/{patient}/journal/", {"ord": words, "patient": str(patient)}))

        return lambda _visitor, _world: act

    return search


def _page_ten(patient: UUID) -> Callable[[Visitor, World], Act]:
    def prepare(visitor: Visitor, _world: World) -> Act:
        path = f"/pasient/{patient}/journal/"
        for _ in islice(range(10), 9):
            older = OLDER.findall(visitor.expect(visitor.get(path)).text)
            if not older:
                break
            path = unescape(older[-1])
        return lambda visitor: visitor.expect(visitor.get(path))

    return prepare


# name, whether it is paged (and so must cost the same), what is asked
VIEWS: tuple[tuple[str, bool, Callable[[UUID], Callable[[Visitor, World], Act]]], ...] = (
    ("Patient page (timeline, first page)", True, _page("")),
    ("Notes, page 1", True, _page("journal/")),
    ("Notes, page 10", True, _page_ten),
    ("Search, a word that stands in many notes", False, _search("smerter hofte")),
    ("Search, a word that stands nowhere", False, _search("nyrestein")),
    ("Curve, 7 days", True, _page("kurve/?periode=168")),
    ("Curve, a year", False, _page("kurve/?periode=8760")),
    ("Tasks", True, _page("oppgaver/")),
)


def measure(address: str, using: str, requests: int, size: str) -> str:
    """A section of docs/benchmarks.md."""
    load, patients, world = os.getloadavg()[0], lay(using), World("")
    lines = list(_lines(address, patients, world, requests))
    return "\n".join([
        "## A long record", "",
        f"{to_oslo(now()):%d.%m.%Y}, {machine()}; load of the machine before: {load:.1f}. `python3 manage.py bench record`: two patients of one home nursing with 500 and 5 000",
        f"entries over ten years (46 % notes, 30 % sets of vital signs, 12 % weights, tasks and visits), beside the data of size `{size}`; one at a time over HTTP, median / p95 of",
        f"{requests} requests in ms, queries and the database's share of one request in process. The aim for paged views is 1.2 times at most.", "",
        "| View | 500 entries | 5 000 entries | times | queries | in the database, 500 | 5 000 |", "|---|--:|--:|--:|--:|--:|--:|", *lines, "",
    ])  # fmt: skip


def _lines(address: str, patients: dict[int, UUID], world: World, requests: int) -> Iterator[str]:
    for name, paged, asked in VIEWS:
        times, inside = {}, {}
        for size, patient in patients.items():
            scenario = Scenario(name, name, HOME, asked(patient))
            times[size] = Times.of(visit(address, scenario, world, requests))
            inside[size] = costs(scenario, world, max(10, requests // 4))
        few, many = SIZES
        ratio = times[many].median / times[few].median
        cells = [
            name + ("" if paged else " (not paged)"), *(f"{times[size].median:.1f} / {times[size].p95:.1f}" for size in SIZES), f"{ratio:.2f}",
            f"{inside[few]['queries']}, {inside[many]['queries']}", *(f"{inside[size]['database']:.1f}" for size in SIZES),
        ]  # fmt: skip
        yield "| " + " | ".join(cells) + " |"
