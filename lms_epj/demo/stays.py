"""A stay at the local medical centre, from notification to discharge, charted by all professions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from lms_epj.core.clock import from_oslo, to_oslo

from . import notes as plans
from .conditions import Condition
from .medications import ANTIBIOTICS, PENICILLIN_LIKE, prescribe
from .notes import NoteWriter, Plan
from .places import LMS
from .scene import antibiotic_text, lab_slots, stay_slots, vital_slots
from .shapes import Course, OxygenScale, Staff, Stay, Task, VitalSet
from .staff import Roster
from .vitals import measured_at, progress, vital_set

_REFERRERS = ("fastlege {gp}", "fastlege {gp}", "Follo legevakt", "Follo legevakt", "akuttmottaket på Ahus")


@dataclass
class StayWriter:
    """Writes one stay into a course. ``until`` is now for a running stay, else the discharge."""

    course: Course
    condition: Condition
    slots: dict[str, str]
    notes: NoteWriter
    roster: Roster
    now: datetime

    def write(self, key: str, admitted: datetime, end: datetime, bed: int, **fixed: object) -> Stay:
        rng = self.notes.rng
        self.key, self.admitted, self.end, self.bed, self.seed = key, admitted, end, bed, rng.getrandbits(32)
        self.nurse = self.roster.pick(rng, LMS, "lms_nurse")
        self.doctor = self.roster.pick(rng, LMS, "lms_doctor")
        if fixed.pop("cast", False):
            self.nurse, self.doctor = self.roster.named("lms.sykepleier"), self.roster.named("lms.lege")
        self.until = min(end, self.now)
        referrer = rng.choice(_REFERRERS).format(gp=self.course.person.gp)
        if self.condition.topic == "hofte":
            referrer = "ortopedisk avdeling på Ahus"
        self.slots = self.slots | {"henviser": referrer, "dit": self._destination()}
        self._prescribe()
        self._measure()
        self._chart()
        stay = self._stay(referrer)
        stay = replace(stay, **fixed)
        self.course.stays.append(stay)
        self._tasks()
        return stay

    def _destination(self) -> str:
        if self.condition.topic in ("hofte", "delir") and self.notes.rng.random() < 0.35:
            return "korttidsplass"
        return "eget hjem"

    def _stay(self, referrer: str) -> Stay:
        done = self.end <= self.now
        return Stay(
            key=self.key,
            status="discharged" if done else "admitted",
            cause=self.condition.cause,
            bed=self.bed,
            expected_at=self.admitted - timedelta(minutes=self.notes.rng.randint(50, 240)),
            admitted_at=self.admitted,
            referrer=referrer,
            responsible_nurse=self.nurse.key,
            responsible_doctor=self.doctor.key,
            planned_discharge_at=self.end,
            discharge_ready_at=self.end - timedelta(hours=4) if done else None,
            discharged_at=self.end if done else None,
            destination=self.slots["dit"],
            isolation=self.condition.isolation,
        )

    def _prescribe(self) -> None:
        started, stopped = self.admitted.date(), self.end.date() if self.end <= self.now else None
        names = list(self.condition.drugs)
        self.slots["antibiotika"] = ""
        if self.condition.antibiotic:
            usual, otherwise = ANTIBIOTICS[self.condition.topic]
            allergic = any("penicillin" in c.substance.lower() for c in self.course.critical)
            chosen = otherwise if allergic and usual in PENICILLIN_LIKE else usual
            self.slots["antibiotika"] = antibiotic_text(chosen)
            names.append(chosen)
        have = {m.generic for m in self.course.medications if m.stopped is None}
        for name in names:
            drug = prescribe(name, started, "Follo LMS", stopped)
            if drug.generic not in have:
                self.course.medications.append(drug)

    def _measure(self) -> None:
        rng = self.notes.rng
        self.vitals: list[VitalSet] = []
        if self.condition.scale2 and not self.course.oxygen_scales:
            reason = "Kjent KOLS med hyperkapni, mål 88–92 %"
            self.course.oxygen_scales.append(OxygenScale(2, self.doctor.key, reason, self.admitted))
        for at in measured_at(self.admitted, self.until, rng):
            done = progress(at, self.admitted, self.end)
            confused = self.condition.topic == "delir" and done < 0.4 and rng.random() < 0.8
            author = self.roster.pick(rng, LMS, "lms_nurse").key
            self.vitals.append(vital_set(self.condition, at, done, rng, stay=self.key, author=author, confused=confused))
        self.course.vitals.extend(self.vitals)

    def _scene(self, at: datetime, author: Staff) -> tuple[dict[str, str], float, VitalSet]:
        latest = next((v for v in reversed(self.vitals) if v.taken_at <= at), self.vitals[0])
        done = progress(at, self.admitted, self.end)
        nurse = author if author.profession == "lms_nurse" else self.nurse
        day = (to_oslo(at).date() - to_oslo(self.admitted).date()).days
        slots = (
            self.slots
            | stay_slots(self.course, self.condition, self.admitted, at, self.bed, nurse, self.doctor)
            | vital_slots(latest)
            | lab_slots(self.condition, min(1.0, day * timedelta(days=1) / (self.end - self.admitted)), self.seed + day)
        )
        slots["news0"] = vital_slots(self.vitals[0])["news"]
        slots["vekt"] = self._weight(done)
        return slots, done, latest

    def _weight(self, done: float) -> str:
        base = 52 + self.seed % 340 / 10 + self.condition.weight * (1 - done)
        return f"{base:.1f}".replace(".", ",")

    def _note(self, document: str, plan: Plan, at: datetime, author: Staff, title: str = "") -> None:
        slots, _, _ = self._scene(at, author)
        self.course.notes.append(
            self.notes.write(
                document, plan, slots, author, at, person_key=self.course.person.key, stay=self.key, title=title,
                recorded_by=self.now,
            )
        )  # fmt: skip

    def _chart(self) -> None:
        topic, rng = self.condition.topic, self.notes.rng
        first = self.admitted + timedelta(minutes=rng.randint(35, 70))
        if first < self.until:
            self._note("arrival_note", plans.arrival_plan(topic), first, self.nurse)
        second = self.admitted + timedelta(minutes=rng.randint(75, 150))
        if second < self.until:
            self._note("doctor_admission", plans.admission_plan(topic, bool(self.course.critical)), second, self.doctor)
        for at, kind in self._events(rng):
            self._event(at, kind)
        if self.end <= self.now:
            at = self.end - timedelta(minutes=rng.randint(45, 100))
            self._note("nurse_discharge", plans.discharge_plan(topic), at, self.nurse)

    def _events(self, rng: Random) -> list[tuple[datetime, str]]:
        """(time, kind) of all later notes, in order, from six hours after admission."""
        events: list[tuple[datetime, str]] = []
        day = to_oslo(self.admitted).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        with_ot = rng.random() < 0.35
        while from_oslo(day) < self.until:
            hours = [(6.2, "nurse"), (10.4, "doctor"), (14.0, "nurse"), (21.6, "nurse")]
            if rng.random() < (0.8 if self.condition.topic in ("hofte", "kols", "dehyd") else 0.35):
                hours.append((12.5, "physio"))
            if with_ot and rng.random() < 0.4:
                hours.append((13.1, "ot"))
            if rng.random() < 0.4:
                hours.append((rng.choice((3.5, 8.7, 16.5, 18.9)), "isbar"))
            for hour, kind in sorted(hours):
                events.append((from_oslo(day + timedelta(minutes=round(hour * 60) + rng.randint(-25, 30))), kind))
            day += timedelta(days=1)
        begin, stop = self.admitted + timedelta(hours=5), min(self.until, self.end - timedelta(hours=2))
        return [(at, kind) for at, kind in events if begin < at < stop]

    def _event(self, at: datetime, kind: str) -> None:
        rng, topic = self.notes.rng, self.condition.topic
        nurse = self.roster.pick(rng, LMS, "lms_nurse")
        _, done, latest = self._scene(at, nurse)
        worse = done < 0.45
        if kind == "nurse":
            breathless = latest.respiration >= 21
            plan = plans.nurse_daily_plan(topic, worse, latest.temperature > 38, breathless, at, rng)
            shift = {0: "natt", 1: "dag", 2: "kveld"}[0 if to_oslo(at).hour < 9 else 1 if to_oslo(at).hour < 17 else 2]
            self._note("nurse_daily", plan, at, nurse, f"Sykepleienotat, {shift}")
        elif kind == "doctor":
            self._note("doctor_daily", plans.doctor_daily_plan(topic, worse), at, self.doctor)
        elif kind == "physio":
            self._note("physio_note", plans.PHYSIO_PLAN, at, self.roster.pick(rng, LMS, "physiotherapist"))
        elif kind == "ot":
            self._note("ot_note", plans.OT_PLAN, at, self.roster.pick(rng, LMS, "occupational_therapist"))
        elif kind == "isbar" and int(vital_slots(latest)["news"]) >= 3:
            self._note("nurse_isbar", plans.isbar_plan(topic), at, nurse, "ISBAR til lege")

    def _tasks(self) -> None:
        if self.end <= self.now:
            return
        rng = self.notes.rng
        titles = (("Ny NEWS2", 1.0), ("Væskeregnskap", 3.5), ("Samstemme legemiddelliste", 5.0))
        for title, hours in rng.sample(titles, rng.choice((1, 2, 3))):
            due = self.now + timedelta(hours=hours, minutes=rng.randint(-90, 60))
            self.course.tasks.append(Task(title, due, LMS, "ward", self.key))
