"""A municipality's records come in (R30): patient by patient, each in one transaction, never the same line twice. As the owner of the database."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connections, transaction

from access.domain.identity import Kind, Mode, check_identity
from access.domain.temporary import KIND as TEMPORARY
from access.models import OrgUnit, Patient, PatientIdentity, User
from journal.domain.importing import Fault, Group, Line, as_day, check_group, read_groups
from journal.models import ImportedEntry, ImportRun, ImportSource
from journal.services.import_codes import Author, Codes, ImportFault, read_codes
from journal.services.import_rows import Rows, add_entry
from lms_epj.core.clock import now, oslo_date, start_of_day
from lms_epj.core.folding import fold

SHOWN_FAULTS = 200


@dataclass
class Report:
    """What was (or in a dry run would be) done. ``faults``: the first of them; all are in the file of the report."""

    patients: Counter[str] = field(default_factory=Counter)  # new, existing, already, refused, possible_duplicate
    rows: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0


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


class _Checks:
    """What dry run and run have in common: a group is judged, and its patient found."""

    def __init__(self, codes: Codes, using: str, tell: Callable[[Fault], None]) -> None:
        self.codes, self.using, self.tell, self.report = codes, using, tell, Report()
        self.source = ImportSource.objects.using(using).filter(legal_entity=codes.entity, system=codes.system).first()
        self.mode = Mode.TEST if settings.PLAIN_HTTP else Mode.PRODUCTION
        self.numbers: dict[str, str] = {}  # number → the old system's id, of those seen in this run

    def one(self, group: Group) -> None:
        known = self._known(group)
        lines = [(number, line) for number, line in group.lines if (line["kind"], line["id"]) not in known]
        if group.lines and not lines and not group.faults:
            self.report.patients["already"] += 1
            return
        faults = check_group(group) + list(self._code_faults(group))
        if not faults and group.patient is not None:
            holder, faults = self._holder(group, known)
            if not faults:
                faults = self.take(group, [line for _, line in lines], holder, known)
        if faults:
            self.report.patients["refused"] += 1
            self._told(faults)

    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        raise NotImplementedError

    def count(self, lines: list[Line], holder: UUID | None) -> None:
        self.report.patients["existing" if holder else "new"] += 1
        self.report.rows.update(line["kind"] for line in lines if line["kind"] != "patient")

    def finish(self) -> None:
        """Nothing is left to do after a dry run."""

    def _told(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.tell(fault)
        self.report.fault_count += len(faults)
        self.report.faults += faults[: max(0, SHOWN_FAULTS - len(self.report.faults))]

    def _known(self, group: Group) -> dict[tuple[str, str], UUID]:
        """Lines that have been brought in before, and the rows they became."""
        if self.source is None:
            return {}
        keys = [line["id"] for _, line in group.lines]
        found = ImportedEntry.objects.using(self.using).filter(source=self.source, key__in=keys).values_list("kind", "key", "entry_id")
        return {(kind, key): entry for kind, key, entry in found}

    def _code_faults(self, group: Group) -> Iterator[Fault]:
        """Codes that no list explains."""
        for number, line in group.lines:
            asked = [("author", self.codes.users, "users.csv")] if line.get("author") and not line.get("author_name") else []
            if line["kind"] == "note":
                asked.append(("type", self.codes.types, "document_types.csv"))
            if line["kind"] == "service":
                asked.append(("executing_unit", self.codes.units, "units.csv"))
                if line.get("type") not in self.codes.services:
                    yield Fault(group.file, number, line["kind"], line["id"], f"ukjent tjenestetype {line.get('type')!r}", "Bruk kodene i Volven 9151 som finnes her.")
            for name, known, file in asked:
                if line.get(name) and line[name] not in known:
                    self.report.unmapped[f"{file}: {line[name]}"] += 1
                    yield Fault(group.file, number, line["kind"], line["id"], f"koden {line[name]!r} står ikke i {file}", f"Legg den til i {file}.")

    def _holder(self, group: Group, known: dict[tuple[str, str], UUID]) -> tuple[UUID | None, list[Fault]]:
        """The record these lines belong to: where earlier lines went, or the one that has the number. None: a new one."""
        number, line = group.lines[0]
        if earlier := known.get(("patient", line["id"])):
            return self._asked("SELECT gate.surviving(%s)", earlier), []

        def wrong(what: str, do: str) -> tuple[None, list[Fault]]:
            return None, [Fault(group.file, number, "patient", line["id"], what, do)]

        checked = [check_identity(text, self.mode) for text in line.get("numbers") or []]
        if bad := next((one for one in checked if not one.ok), None):
            return wrong("et nummer er ikke gyldig", bad.message)
        values = [one.normalised for one in checked]
        if twice := next((self.numbers[value] for value in values if self.numbers.get(value, line["id"]) != line["id"]), None):
            return wrong(f"samme nummer står på en annen pasient i filene (id {twice})", "Slå dem sammen i det gamle systemet, eller rett nummeret.")
        self.numbers |= dict.fromkeys(values, line["id"])
        holders = set(PatientIdentity.objects.using(self.using).filter(value__in=values).values_list("patient_id", flat=True))
        if len(holders) > 1:
            return wrong("numrene står i to journaler her", "Be journalansvarlig avgjøre om de er samme person, og kjør på nytt.")
        born, name = as_day(line.get("birth_date")), fold(f"{line['family_name']} {line.get('given_name') or ''}")
        if holders:
            there = Patient.objects.using(self.using).get(pk=next(iter(holders)))
            if born and there.birth_date and born != there.birth_date:
                return wrong("nummeret har en journal her med en annen fødselsdato", "Kontroller nummeret og fødselsdatoen.")
            return there.pk, []
        if born and Patient.objects.using(self.using).filter(name_fold=name, birth_date=born).exists():
            self.report.patients["possible_duplicate"] += 1
            self._told([Fault(group.file, number, "patient", line["id"], "samme navn og fødselsdato som en pasient her", "Hentes inn som egen journal. Be journalansvarlig sammenligne dem.")])
        return None, []

    def _asked(self, question: str, *values: Any) -> Any:
        with connections[self.using].cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchone()[0]


class _Dry(_Checks):
    """Judges every line and writes nothing: the database would refuse."""

    def one(self, group: Group) -> None:
        with transaction.atomic(using=self.using):
            with connections[self.using].cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY" if not connections[self.using].savepoint_ids else "SELECT 1")
            super().one(group)

    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        self.count(lines, holder)
        return []


class _Run(_Checks):
    """Writes. What is cut off is a patient that was not written; the journal (ImportedEntry) says where to go on."""

    def __init__(self, codes: Codes, using: str, tell: Callable[[Fault], None], resume: bool) -> None:
        super().__init__(codes, using, tell)
        if self.source is None:
            with transaction.atomic(using=using):
                unit = OrgUnit.objects.using(using).create(
                    legal_entity=codes.entity, name=f"Importert fra {codes.system}", kind=OrgUnit.Kind.ADMINISTRATION, valid_from=now(), valid_to=now()
                )
                self.source = ImportSource.objects.using(using).create(legal_entity=codes.entity, system=codes.system, unit=unit)
        elif not resume:
            raise ImportFault(f"Det er hentet inn journal fra {codes.system} før. Bruk --resume for å fortsette; det som er hentet, hentes ikke igjen.")
        self.run = ImportRun.objects.using(using).create(source=self.source, started_at=now())
        self.people: dict[str, UUID] = {}

    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        people = dict(self.people)
        try:
            with transaction.atomic(using=self.using):
                self._write(group, lines, holder, known, people)
        except IntegrityError as error:
            what = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "ukjent"
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
        assert self.source is not None and group.patient is not None
        patient = holder or self._patient(group.patient)
        rows = Rows()
        if ("patient", group.patient["id"]) not in known:
            rows.became.append(("patient", group.patient["id"], patient, {}))
        for line in lines:
            if line["kind"] != "patient":
                author = self.codes.users[line["author"]] if line.get("author") in self.codes.users else Author(None, line["author_name"].strip())
                add_entry(rows, line, patient, self.codes, self.source.unit_id, author, author.user or self._person(author.name, people))
        for model, made in rows.by_model.items():
            model.objects.using(self.using).bulk_create(made)
        ImportedEntry.objects.using(self.using).bulk_create(
            ImportedEntry(source=self.source, run=self.run, kind=kind, key=key, entry_id=row, original=original) for kind, key, row, original in rows.became
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
        assert self.source is not None
        if name not in people:
            username = f"import-{hashlib.sha256(f'{self.source.pk}|{name}'.encode()).hexdigest()[:20]}"
            given, _, family = name.rpartition(" ")
            user, _ = User.objects.using(self.using).get_or_create(
                username=username, defaults={"given_name": given or "", "family_name": family, "initials": _initials(name), "is_active": False}
            )
            people[name] = user.pk
        return people[name]

    def _log(self, patient: UUID, count: int) -> None:
        name = " ".join(Patient.objects.using(self.using).values_list("given_name", "family_name").get(pk=patient)).strip()
        row: dict[str, Any] = {
            "action": "record_import", "route": "import_records", "outcome": "allow", "user_name": f"Import fra {self.codes.system}",
            "legal_entity_id": str(self.codes.entity.pk), "legal_entity_name": self.codes.entity.name, "patient_id": str(patient), "patient_name": name,
            "objects_shown": {"import": str(self.run.pk), "lines": count},
        }  # fmt: skip
        with connections[self.using].cursor() as cursor:
            cursor.execute("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", [json.dumps(row)])


def _initials(name: str) -> str:
    parts = name.split()
    return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else name[:2].upper()
