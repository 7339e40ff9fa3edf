"""Printing. What goes on paper is read here, in the request of the person who prints, under that person's grant, and logged with it. What is short is set
at once; what is long is sealed and set by the worker, which never reads the record (docs/decisions.md)."""

import json
import zlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.gate import Gate, call
from access.services.secrets import seal_bytes, unseal_bytes
from access.shown import current_shown
from journal.domain.paper import heading, listed, sheaves
from journal.models import PrintJob, PrintSheaf
from journal.selectors import shift_report
from journal.selectors.paper import course
from journal.selectors.paper.asked import Asked, Receiver, printable
from journal.selectors.paper.documents import KINDS, cover, purpose_text, receiver_text, ward_cover
from journal.selectors.paper.notes import given
from journal.services.errors import JournalError
from lms_epj.core.language import in_bokmal
from lms_epj.core.pdf import typeset

TEMPLATE = Path(__file__).parent.parent / "typst" / "print.typ"
KEPT = timedelta(hours=24)
# What is set while the person waits: some seventy sheets, well below two seconds (docs/benchmarks.md).
AT_ONCE = 150_000


@dataclass(frozen=True)
class Printed:
    """The file, or the job that makes it."""

    pdf: bytes = b""
    job: PrintJob | None = None


def print_make(*, gate: Gate, patient: UUID, asked: Asked) -> Printed:
    """Reads and logs what was asked for, and sets it or leaves it to the worker.

    Raises JournalError where a note is not to be given to this receiver, or does not say to whom and why.
    """
    _check(patient, asked)
    call("printed", patient, log_text(gate, asked), gate.request.as_json())
    with in_bokmal():
        about = cover(gate, patient, asked)
        found = sheaves(KINDS[asked.what].build(gate, patient, asked))
        first = next(found)
        second = next(found, None)
        if second is None and first.weight <= AT_ONCE:
            return Printed(typeset(TEMPLATE, about | {"blocks": first.blocks}, tagged=True))
        spools = [(one.entries, _spool(about, one.blocks)) for one in (first, *([second] if second else []), *found)]
    return Printed(job=_queue(gate, patient, asked, about, spools))


def ward_print(*, gate: Gate, asked: Asked) -> bytes:
    """The shift report of a unit: one row in the log for each patient, with what it was printed for."""
    start, _chosen = shift_report.since(gate, asked.hours)
    with in_bokmal():
        found = shift_report.ward_news(gate, start, action=Action.PRINT, narrow=printable)
        for one in found:
            call("printed", one.patient.pk, log_text(gate, asked), gate.request.as_json())
        new = [one for one in found if one.new]
        blocks = [*course.report_blocks(new, named=True), *_nothing_new([one for one in found if not one.new])]
        return typeset(TEMPLATE, ward_cover(gate, asked, start) | {"blocks": blocks}, tagged=True)


def _nothing_new(found: list[Any]) -> list[dict[str, Any]]:
    names = [f"{one.stay.bed.number if one.stay and one.stay.bed else ''} {shift_report.name_of(one.patient)}".strip() for one in found]
    return [heading("Ikke noe nytt"), listed(names)] if names else []


def log_text(gate: Gate, asked: Asked) -> str:
    """What the log says was printed: what, of which period, to whom, why."""
    parts = [
        KINDS[asked.what].title + (f" {asked.period}" if asked.period else ""),
        f"Mottaker: {receiver_text(gate, asked)}",
        f"Formål: {purpose_text(asked)}",
    ]
    return ". ".join(parts)


def _check(patient: UUID, asked: Asked) -> None:
    if asked.receiver is Receiver.OTHER and not (asked.to and asked.purpose):
        wrong = {name: words for name, words, said in (("to", _("Skriv hvem som skal ha utskriften."), asked.to), ("purpose", _("Skriv hva utskriften skal brukes til."), asked.purpose)) if not said}  # fmt: skip
        raise JournalError("receiver", _("Skriv hvem som skal ha utskriften, og hvorfor."), wrong)
    if KINDS[asked.what].here and asked.receiver is not Receiver.OWN:
        raise JournalError("here", _("Rapporten er til bruk på enheten. Velg «Til bruk her»."), {"receiver": _("Rapporten er til bruk på enheten.")})
    if asked.first and asked.last and asked.first > asked.last:
        raise JournalError("period", _("Til-datoen er før fra-datoen."), {"last": _("Til-datoen er før fra-datoen.")})
    if asked.note and asked.for_patient and not given(patient, asked).exists():
        raise JournalError(
            "withheld", _("Notatet er merket «Ikke gi til pasienten» og skrives ikke ut til pasienten. Fjern merket først hvis pasienten kan få det.")
        )


# --- Long ones ---


def _spool(about: dict[str, Any], blocks: list[dict[str, Any]]) -> bytes:
    return seal_bytes(zlib.compress(json.dumps(about | {"blocks": blocks}, ensure_ascii=False).encode(), 3))


def _queue(gate: Gate, patient: UUID, asked: Asked, about: dict[str, Any], spools: list[tuple[int, bytes]]) -> PrintJob:
    shown = current_shown()
    job = PrintJob.objects.create(
        patient_id=patient, user_id=gate.user_id, authorisation_id=gate.authorisation_id, title=KINDS[asked.what].title + (f" {asked.period}" if asked.period else ""),
        about=f"{receiver_text(gate, asked)}. {purpose_text(asked)}", entries=sum(entries for entries, _data in spools), asked_at=gate.now, expires_at=gate.now + KEPT,
        objects_read={name: sorted(ids) for name, ids in shown.rows[patient].items()} if shown else {},
    )  # fmt: skip
    PrintSheaf.objects.bulk_create(
        PrintSheaf(job=job, number=number, entries=entries, spool=data) for number, (entries, data) in enumerate(spools, 1)
    )
    return job


def print_file(*, gate: Gate, job: PrintJob, number: int) -> bytes | None:
    """A finished sheaf, or None where there is none. Every entry in it is asked for again, and stands in the log as shown.

    Raises JournalError when something in it is no longer this person's to print.
    """
    sealed = PrintSheaf.objects.filter(job=job, number=number).values_list("file", flat=True).first()
    if sealed is None:
        return None
    if not still_printable(job):
        raise JournalError("access", _("Du har ikke lenger tilgang til alt som står i utskriften, så den utleveres ikke. Lag en ny."))
    call("printed", job.patient_id, f"{job.title}, del {number}. {job.about}", gate.request.as_json())
    shown = current_shown()
    if shown:
        for name, ids in job.objects_read.items():
            shown.rows[job.patient_id][name].update(ids)
    try:
        return unseal_bytes(sealed)
    except InvalidToken as error:
        raise JournalError("damaged", _("Filen er skadet eller laget med en annen nøkkel. Lag utskriften på nytt.")) from error


def still_printable(job: PrintJob) -> bool:
    """Whether every entry that was read may be printed by this person now: nothing blocked since, no right taken away, nothing deleted."""
    kinds: dict[str, type[models.Model]] = {model._meta.model_name or "": model for model in apps.get_models() if hasattr(model, "legal_entity_id")}
    return all(
        printable(kinds[name]._default_manager.filter(patient=job.patient_id, pk__in=ids)).count() == len(ids)
        for name, ids in job.objects_read.items()
    )  # fmt: skip


def print_cancel(*, job: UUID) -> bool:
    """Takes a print back; what was read for it, and made of it, is gone. False where there is none."""
    return bool(call("print_cancel", job))


def print_again(*, job: UUID) -> bool:
    return bool(call("print_again", job))
