"""A municipality's records come in (R30): patient by patient, each in one transaction, never the same line twice. As the owner of the database."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connections, transaction

from access.domain.identity import Kind, check_identity
from access.domain.temporary import KIND as TEMPORARY
from access.models import OrgUnit, Patient, PatientIdentity, User
from journal.domain.importing import Fault, Group, Line, as_day, read_groups
from journal.models import ImportedEntry, ImportRun, ImportSource
from journal.services.import_checks import Checks, Report
from journal.services.import_codes import Author, Codes, ImportFault, read_codes
from journal.services.import_rows import Rows, add_entry
from lms_epj.core.clock import now, oslo_date, start_of_day
from lms_epj.core.folding import fold
from lms_epj.core.refusals import broken_constraint


def records_import(
    *, folder: Path, using: str, dry_run: bool = False, resume: bool = False, report_file: Path | None = None,
    told: Callable[[Report], None] = lambda report: None,
) -> Report:  # fmt: skip
    """Reads the folder through. A patient with a fault anywhere is left out whole and told of; correct the lines and run again.

    dry_run: in a read-only transaction. resume: goes on where an earlier run of this system stopped, or brings what it refused.
    Raises ImportFault when it cannot begin.
    """
    codes = read_codes(folder, using)
    files = sorted(folder.glob("*.ndjson"))
    if not files:
        raise ImportFault("Mappen har ingen filer som slutter på .ndjson.")
    with _alone(using), _faults_to(report_file) as tell:
        run = _Dry(codes, using, tell) if dry_run else _Run(codes, using, tell, resume)
        for file in files:
            with file.open(encoding="utf-8-sig", errors="replace") as lines:
                for number, group in enumerate(read_groups(file.name, lines), 1):
                    run.one(group)
                    if number % 100 == 0:
                        told(run.report)
        run.finish()
    return run.report


@contextmanager
def _alone(using: str) -> Iterator[None]:
    """One import at a time. Raises ImportFault."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('records_import'))")
        if not cursor.fetchone()[0]:
            raise ImportFault("En annen import er i gang. Vent til den er ferdig.")
        try:
            yield
        finally:
            if connections[using].connection is not None and not connections[using].connection.closed:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('records_import'))")


@contextmanager
def _faults_to(path: Path | None) -> Iterator[Callable[[Fault], None]]:
    """Every fault as a line of CSV as it is found: a large file may have many."""
    if path is None:
        yield lambda fault: None
        return
    with path.open("w", newline="", encoding="utf-8-sig") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(["fil", "linje", "slag", "id", "feil", "gjør"])
        yield lambda fault: writer.writerow(astuple(fault))


class _Dry(Checks):
    """Judges every line and writes nothing: the database would refuse."""

    def one(self, group: Group) -> None:
        with transaction.atomic(using=self.using):
            with connections[self.using].cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY" if not connections[self.using].savepoint_ids else "SELECT 1")
            super().one(group)

    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        self.count(lines, holder)
        return []

    def finish(self) -> None:
        """Nothing is left to do after a dry run."""


class _Run(Checks):
    """Writes. What is cut off is a patient that was not written; the journal (ImportedEntry) says where to go on."""

    def __init__(self, codes: Codes, using: str, tell: Callable[[Fault], None], resume: bool) -> None:
        super().__init__(codes, using, tell)
        found = self.source
        if found is None:
            with transaction.atomic(using=using):
                unit = OrgUnit.objects.using(using).create(
                    legal_entity=codes.entity,
                    name=f"Importert fra {codes.system}",
                    kind=OrgUnit.Kind.ADMINISTRATION,
                    valid_from=now(),
                    valid_to=now(),
                )
                found = ImportSource.objects.using(using).create(legal_entity=codes.entity, system=codes.system, unit=unit)
        elif not resume:
            raise ImportFault(
                f"Det er hentet inn journal fra {codes.system} før. Bruk --resume for å fortsette; det som er hentet, hentes ikke igjen."
            )
        self.source = self.into = found
        self.run = ImportRun.objects.using(using).create(source=found, started_at=now())
        self.people: dict[str, UUID] = {}

    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        people = dict(self.people)
        try:
            with transaction.atomic(using=self.using):
                self._write(group, lines, holder, known, people)
        except IntegrityError as error:
            what = broken_constraint(error) or "ukjent"
            number, line = group.lines[0]
            do = "Gi hvert innslag sin egen id." if what == "importedentry_once" else "Kontroller linjene til denne pasienten."
            return [Fault(group.file, number, "patient", line["id"], f"databasen tok ikke imot pasienten ({what})", do)]
        self.people = people
        self.count(lines, holder)
        return []

    def finish(self) -> None:
        self.run.finished_at, self.run.counts = now(), dict(self.report.rows)
        self.run.patients, self.run.refused = self.report.patients["new"] + self.report.patients["existing"], self.report.patients["refused"]
        self.run.save(using=self.using)

    def _write(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID], people: dict[str, UUID]) -> None:
        first = group.lines[0][1]
        patient = holder or self._patient(first)
        rows = Rows()
        if ("patient", first["id"]) not in known:
            rows.became.append(("patient", first["id"], patient, {}))
        for line in lines:
            if line["kind"] != "patient":
                author = self.codes.users[line["author"]] if line.get("author") in self.codes.users else Author(None, line["author_name"].strip())
                add_entry(rows, line, patient, self.codes, self.into.unit_id, author, author.user or self._person(author.name, people))
        for model, made in rows.by_model.items():
            model.objects.using(self.using).bulk_create(made)
        ImportedEntry.objects.using(self.using).bulk_create(
            ImportedEntry(source=self.into, run=self.run, kind=kind, key=key, entry_id=row, original=original)
            for kind, key, row, original in rows.became
        )
        self._log(patient, len(lines))

    def _patient(self, line: Line) -> UUID:
        protected = bool(line.get("protected_address"))
        died = as_day(line.get("deceased_on"))
        patient = Patient.objects.using(self.using).create(
            family_name=line["family_name"].strip(), given_name=(line.get("given_name") or "").strip(), birth_date=as_day(line.get("birth_date")),
            sex=line.get("sex") or "U", deceased_at=start_of_day(died) if died else None, municipality_number=line.get("municipality_number") or "",
            address="" if protected else line.get("address") or "", protected_address=protected, phone=line.get("phone") or "",
            general_practitioner=line.get("general_practitioner") or "", registered_at=now(),
            name_fold=fold(f"{line['family_name']} {line.get('given_name') or ''}"),
        )  # fmt: skip
        numbers = sorted((check_identity(text, self.mode) for text in line.get("numbers") or []), key=lambda one: one.kind is not Kind.FNR)
        found = [(str(one.kind), one.normalised) for one in numbers] or [(TEMPORARY, self._asked("SELECT gate.temporary_number()"))]
        today = oslo_date(now())
        PatientIdentity.objects.using(self.using).bulk_create(
            PatientIdentity(patient=patient, kind=kind, value=value, valid_to=today if place else None) for place, (kind, value) in enumerate(found)
        )
        return patient.pk

    def _person(self, name: str, people: dict[str, UUID]) -> UUID:
        """One who charted there and is nobody here: a name on what was written, who can never log in."""
        if name not in people:
            username = f"import-{hashlib.sha256(f'{self.into.pk}|{name}'.encode()).hexdigest()[:20]}"
            given, _, family = name.rpartition(" ")
            user, _ = User.objects.using(self.using).get_or_create(
                username=username, defaults={"given_name": given or "", "family_name": family, "initials": _initials(name), "is_active": False}
            )
            people[name] = user.pk
        return people[name]

    def _log(self, patient: UUID, count: int) -> None:
        row: dict[str, Any] = {
            "action": "record_import", "route": "import_records", "outcome": "allow", "user_name": f"Import fra {self.codes.system}",
            "legal_entity_id": str(self.codes.entity.pk), "legal_entity_name": self.codes.entity.name, "patient_id": str(patient),
            "objects_shown": {"import": str(self.run.pk), "lines": count},
        }  # fmt: skip
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                "SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb || jsonb_build_object('patient_name', "
                "btrim(p.given_name || ' ' || p.family_name)))) FROM access_patient p WHERE p.id = %s",
                [json.dumps(row), patient],
            )


def _initials(name: str) -> str:
    parts = name.split()
    return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else name[:2].upper()
