"""What is ordered and given to those who lie on the ward now, and what else is measured on them. Earlier stays have their list alone."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from access.domain.codes import Category
from journal.codes.medicines import wants_double_control
from journal.domain import cave
from journal.domain.dose_text import read_dose, read_rhythm
from journal.domain.schedule import Schedule, slots
from journal.models import DoseControl, MedDose, Medication, MedOrder, MedReconciliation, Observation
from lms_epj.core.clock import to_oslo
from lms_epj.demo import shapes
from lms_epj.demo.places import LMS

if TYPE_CHECKING:
    from lms_epj.demo.load.courses import CourseLoader

OPEN_FOR = timedelta(minutes=60)  # doses of the last hour wait for whoever tries the demo
DEVIATIONS = (("refused", "does_not_want", ""), ("not_given", "nausea", "Lege er varslet"), ("not_given", "asleep", ""))


class Treatment:
    """One stay's orders, doses and measurements, as rows in the loader's tables."""

    def __init__(self, loader: "CourseLoader", course: shapes.Course, stay: shapes.Stay, listed: list[Medication]) -> None:
        self.loader, self.course, self.stay, self.listed = loader, course, stay, listed
        self.rng = Random(f"{course.person.key}-treatment")
        self.begins = (stay.admitted_at or loader.now) + timedelta(minutes=40)

    def write(self) -> None:
        if self.begins >= self.loader.now:
            return
        known = [one.substance for one in self.course.critical if one.kind in ("allergy", "intolerance")]
        for row in self.listed:
            dose, rhythm = read_dose(row.dose), read_rhythm(row.frequency)
            if row.stopped_at is None and dose and rhythm and not cave.hits(cave.Ordered(row.generic, row.brand, row.atc), known):
                self._order(row, dose, rhythm)
        self._ordered_here()
        self._reconciled()
        for one in self._observed():
            self.loader.rows[Observation].append(one)

    def _entry(self, category: int, at: Any, author: str) -> dict[str, Any]:
        return self.loader.entry(category, at, author, LMS, stay=self.stay.key)

    def _order(self, row: Medication, dose: tuple[Decimal, str], rhythm: Any) -> None:
        doctor = self.stay.responsible_doctor
        infusion = row.atc.startswith("B05")
        order = MedOrder(
            **self._entry(Category.MEDICATION, self.begins, doctor), origin_id=row.id, medication_id=row.id,
            kind="as_needed" if rhythm.as_needed else "infusion" if infusion else "regular",
            generic=row.generic, brand=row.brand, atc=row.atc, form=row.form, strength=row.strength, dose=dose[0], unit_text=dose[1], route=row.route,
            times=list(rhythm.times), every_days=rhythm.every_days, max_per_day=rhythm.max_per_day if rhythm.as_needed else None,
            min_interval=240 if rhythm.as_needed else None, volume_ml=int(dose[0]) if infusion and dose[1] == "mL" else None, rate="100 mL/t" if infusion else "",
            indication=row.indication, starts_at=self.begins, signed_by=self.loader.org.users[doctor], signed_at=self.begins, double_control=wants_double_control(row.atc),
        )  # fmt: skip
        self.loader.rows[MedOrder].append(order)
        if order.kind == "as_needed":
            self._needed(order)
            return
        for slot in slots(Schedule(order.times, order.starts_at, None, order.every_days), self.begins, self.loader.now - OPEN_FOR):
            at = min(slot.due_at + timedelta(minutes=self.rng.randint(-10, 25)), self.loader.now)
            deviates = self.rng.choice(DEVIATIONS) if self.rng.random() < 0.03 else ("given", "", "")
            self._dose(order, at, *deviates, slot_on=slot.on, slot_at=slot.at)

    def _ordered_here(self) -> None:
        """One medicine of the ward's own, due now whatever the hour: so there is always a round to try."""
        at = to_oslo(self.loader.now).time().replace(minute=0, second=0, microsecond=0)
        values = {
            "generic": "pantoprazol",
            "atc": "A02BC02",
            "form": "enterotablett",
            "strength": "40 mg",
            "unit_text": "mg",
            "route": "gjennom munnen",
        }
        doctor = self.stay.responsible_doctor
        order = MedOrder(
            **self._entry(Category.MEDICATION, self.begins, doctor), **values, kind="regular", dose=Decimal(40), times=[at], indication="forebygging av magesår",
            starts_at=self.begins, signed_by=self.loader.org.users[doctor], signed_at=self.begins,
        )  # fmt: skip
        self.loader.rows[MedOrder].append(order)
        for slot in slots(Schedule([at], self.begins), self.begins, self.loader.now - OPEN_FOR):
            self._dose(order, slot.due_at, "given", "", "", slot_on=slot.on, slot_at=slot.at)

    def _needed(self, order: MedOrder) -> None:
        at = self.loader.now - timedelta(hours=self.rng.randint(5, 11))
        if at > self.begins and self.rng.random() < 0.5:
            self._dose(order, at, "given", "", "")

    def _dose(self, order: MedOrder, at: Any, status: str, code: str, reason: str, **place: Any) -> None:
        common = {"order_id": order.id, "origin_id": order.id, **place}
        if order.double_control and status == "given":
            self.loader.rows[DoseControl].append(DoseControl(**self._entry(Category.MEDICATION, at, self.stay.responsible_doctor), **common))
        dose = MedDose(**self._entry(Category.MEDICATION, at, self.stay.responsible_nurse), **common, status=status, reason_code=code, reason=reason)
        self.loader.rows[MedDose].append(dose)

    def _reconciled(self) -> None:
        decisions = {str(row.id): "continue" for row in self.listed if row.stopped_at is None}
        row = MedReconciliation(
            **self._entry(Category.MEDICATION, self.begins, self.stay.responsible_doctor), occasion="admission", sources=["patient", "gp", "prescriptions"],
            decisions=decisions, comment="",
        )  # fmt: skip
        self.loader.rows[MedReconciliation].append(row)

    def _observed(self) -> Iterator[Observation]:
        """Two days back at most: fluids through the day, pain and weight, glucose where it is followed."""
        rng, now = self.rng, self.loader.now
        at = max(self.begins, now - timedelta(hours=46))
        weight, pain = Decimal(rng.randint(520, 880)) / 10, rng.randint(3, 7)
        diabetic = any(row.atc.startswith("A10") for row in self.listed)
        while at < now:
            if rng.random() < 0.6:
                yield self._one(at, "fluid_in", Decimal(rng.choice((100, 150, 200, 250))), "drink")
            if rng.random() < 0.5:
                yield self._one(at + timedelta(minutes=20), "fluid_out", Decimal(rng.choice((150, 200, 250, 300, 400))), "urine")
            if rng.random() < 0.35:
                pain = max(0, min(10, pain + rng.choice((-2, -1, -1, 0, 1))))
                yield self._one(at, "pain", Decimal(pain), "rest")
            if diabetic and rng.random() < 0.4:
                yield self._one(at, "glucose", Decimal(rng.randint(52, 148)) / 10, "before_meal")
            at += timedelta(minutes=rng.randint(100, 170))
        for days in (1, 0):
            if (morning := now - timedelta(days=days, hours=2)) > self.begins:
                yield self._one(morning, "weight", weight - Decimal(days) / 2, "")
        if self.begins < now - timedelta(hours=9):
            yield self._one(now - timedelta(hours=8), "stool", Decimal(rng.randint(3, 5)), "medium")

    def _one(self, at: Any, kind: str, value: Decimal, code: str) -> Observation:
        at = min(at, self.loader.now)
        return Observation(**self._entry(Category.VITALS, at, self.stay.responsible_nurse), kind=kind, value=value, code=code)
