"""A period, or the whole record, chapter by chapter. What an app above the record keeps of a patient comes by ``around.PRINTED``."""

from collections.abc import Callable, Iterator
from uuid import UUID

from access.domain.codes import Action, Category
from access.gate import Gate
from journal import around
from journal.domain.paper import Block, heading, text
from journal.selectors.paper import course, curve, medicines, notes, ward
from journal.selectors.paper.asked import Asked

# title, category (None: several, each row is asked), blocks
Chapter = tuple[str, Category | None, Callable[[Gate, UUID, Asked], Iterator[Block]]]
CHAPTERS: tuple[Chapter, ...] = (
    ("Kritisk informasjon", Category.CRITICAL, lambda gate, patient, asked: course.critical_blocks(patient)),
    ("Diagnoser", Category.DIAGNOSIS, lambda gate, patient, asked: course.diagnosis_blocks(patient)),
    ("Pårørende", Category.ADMIN, lambda gate, patient, asked: course.kin_blocks(patient)),
    ("Legemidler i bruk nå", Category.MEDICATION, lambda gate, patient, asked: medicines.list_blocks(patient, level=3)),
    ("Opphold", Category.LOGISTICS, lambda gate, patient, asked: course.stay_blocks(patient, asked)),
    ("Isolering", Category.CRITICAL, lambda gate, patient, asked: ward.isolation_blocks(patient, asked)),
    ("Plassering og utskriving", Category.LOGISTICS, lambda gate, patient, asked: ward.place_blocks(patient, asked)),
    ("Notater", None, lambda gate, patient, asked: notes.note_blocks(patient, asked)),
    ("Tiltaksplan", None, lambda gate, patient, asked: course.plan_blocks(patient, asked)),
    ("Sår", None, lambda gate, patient, asked: ward.wound_blocks(patient, asked)),
    ("Filer og bilder", None, lambda gate, patient, asked: ward.file_blocks(patient, asked)),
    ("Sjekklister", None, lambda gate, patient, asked: course.checklist_blocks(patient, asked)),
    ("NEWS2 og vitale mål", Category.VITALS, lambda gate, patient, asked: curve.set_blocks(patient, asked)),
    ("SpO₂-skala", Category.VITALS, lambda gate, patient, asked: curve.scale_blocks(patient, asked)),
    ("Andre målinger", Category.VITALS, lambda gate, patient, asked: curve.observation_blocks(patient, asked)),
    ("Forordninger", Category.MEDICATION, lambda gate, patient, asked: medicines.order_blocks(patient, asked, gate.now)),
    ("Legemidler som er gitt", Category.MEDICATION, lambda gate, patient, asked: medicines.dose_blocks(patient, asked)),
    ("Samstemming av legemidler", Category.MEDICATION, lambda gate, patient, asked: medicines.reconciliation_blocks(patient, asked)),
    ("Tjenester", Category.CASEWORK, lambda gate, patient, asked: course.service_blocks(patient, asked)),
    ("Besøk", Category.LOGISTICS, lambda gate, patient, asked: course.visit_blocks(patient, asked)),
    ("Oppgaver", Category.TASKS, lambda gate, patient, asked: course.task_blocks(patient, asked)),
    ("Krav om retting og sletting", None, lambda gate, patient, asked: notes.claim_blocks(patient, asked)),
)


def record_blocks(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Block]:
    """Every chapter that has something in it. Where professions are chosen, their notes alone: the rest has no profession."""
    empty = True
    for title, category, build in (*CHAPTERS, *around.PRINTED):
        if asked.marks and title != "Notater":
            continue
        if category is not None and not (asked.wants(category) and gate.may(Action.PRINT, category)):
            continue
        for number, block in enumerate(build(gate, patient, asked)):
            if number == 0:
                yield heading(title)
            empty = False
            yield block
    if empty:
        yield text("Ingenting er ført i det som ble valgt.")
