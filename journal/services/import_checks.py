"""What an import says of a patient's lines before anything is written: codes that nobody knows, whose number it is, who may be the same."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from access.domain.identity import Mode, check_identity
from access.models import Patient, PatientIdentity
from journal.domain.importing import Fault, Group, Line, as_day, check_group
from journal.models import ImportedEntry, ImportSource
from journal.services.import_codes import Codes
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


class Checks(ABC):
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

    @abstractmethod
    def take(self, group: Group, lines: list[Line], holder: UUID | None, known: dict[tuple[str, str], UUID]) -> list[Fault]:
        """Says or does what follows for a group without faults so far; returns the faults that came up."""

    def count(self, lines: list[Line], holder: UUID | None) -> None:
        self.report.patients["existing" if holder else "new"] += 1
        self.report.rows.update(line["kind"] for line in lines if line["kind"] != "patient")

    @abstractmethod
    def finish(self) -> None:
        """What is left to do when all are seen."""

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
                    yield Fault(
                        group.file,
                        number,
                        line["kind"],
                        line["id"],
                        f"ukjent tjenestetype {line.get('type')!r}",
                        "Bruk kodene i Volven 9151 som finnes her.",
                    )
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
            self._told(
                [
                    Fault(
                        group.file,
                        number,
                        "patient",
                        line["id"],
                        "samme navn og fødselsdato som en pasient her",
                        "Hentes inn som egen journal. Be journalansvarlig sammenligne dem.",
                    )
                ]
            )
        return None, []

    def _asked(self, question: str, *values: Any) -> Any:
        with connections[self.using].cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchone()[0]
