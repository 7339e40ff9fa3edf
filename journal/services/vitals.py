"""Vital signs and NEWS2 (R5, R6): one act stores one set with the score and the rule that gave it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from access.models import Patient
from journal.domain import news2
from journal.domain.news2 import Consciousness, Finding
from journal.models import OxygenScale, VitalSet
from journal.services.action_levels import levels_of
from journal.services.entries import check_event_at, check_may, entry_columns, stay_of_unit
from journal.services.errors import JournalError
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_decimal

FINDINGS = {
    Finding.IMPOSSIBLE: gettext_noop("%(value)s er utenfor %(low)s–%(high)s. Sjekk tallet."),
    Finding.UNUSUAL: gettext_noop("Uvanlig verdi. Stemmer det?"),
    Finding.DIASTOLIC_ABOVE_SYSTOLIC: gettext_noop("Undertrykket er ikke lavere enn overtrykket. Sjekk tallene."),
    Finding.FLOW_WITHOUT_OXYGEN: gettext_noop("Det står at pasienten puster luft. Velg oksygen, eller ta bort liter per minutt."),
}


@dataclass(frozen=True)
class Measured:
    """One set as it was typed. Units: /min, %, L/min, mmHg, °C; ``None`` is not measured."""

    respiration: int | None = None
    spo2: int | None = None
    on_oxygen: bool | None = None
    oxygen_flow: Decimal | None = None
    systolic: int | None = None
    diastolic: int | None = None
    pulse: int | None = None
    consciousness: str = ""
    temperature: Decimal | None = None
    comment: str = ""

    def for_score(self) -> news2.Vitals:
        return news2.Vitals(
            self.respiration, self.spo2, self.on_oxygen, self.systolic, self.pulse,
            Consciousness(self.consciousness) if self.consciousness else None, self.temperature,
        )  # fmt: skip

    @property
    def empty(self) -> bool:
        return self == Measured(comment=self.comment)


class Unusual(JournalError):
    """Values that happen, but seldom: saved only after «Ja, det stemmer»."""


def vitals_record(*, gate: Gate, patient: UUID, measured: Measured, taken_at: datetime, confirmed: bool = False, pregnant: bool = False) -> VitalSet:
    """Stores one set. An incomplete set gets its points and no total.

    Raises JournalError on impossible values; Unusual, with the fields, when ``confirmed`` is still to come.
    """
    check_may(gate, Action.WRITE, Category.VITALS)
    check_event_at(gate, taken_at)
    check_measured(measured, confirmed)
    born = Patient.objects.values_list("birth_date", flat=True).get(pk=patient)
    scale = newest_scale(patient)
    score = news2.score(measured.for_score(), scale2_prescribed=scale == 2, age=_age(born, taken_at), pregnant=pregnant)
    levels = levels_of(gate.unit_id)
    due = news2.next_due(score, levels)
    with transaction.atomic():
        row = VitalSet(
            **entry_columns(gate, patient, Category.VITALS, taken_at, stay_of_unit(gate, patient)), **vars(measured),
            spo2_scale=scale, news2_total=score.total, news2_points=dict(score.points), news2_level=score.level or "",
            rule_version="" if score.not_used else f"{score.rule_version}/{levels.version}",
            next_due_at=taken_at + due if due else None,
        )  # fmt: skip
        row.save(force_insert=True)
    return row


def check_measured(measured: Measured, confirmed: bool) -> None:
    """Raises JournalError or Unusual with a text per field."""
    if measured.empty:
        raise JournalError("empty", _("Skriv inn minst én måling."))
    check = news2.check_values(measured.for_score(), diastolic=measured.diastolic, oxygen_flow=measured.oxygen_flow)
    if check.errors:
        raise JournalError("impossible", _("Noen av tallene kan ikke stemme. Ingenting er lagret."), _texts(measured, dict(check.errors)))
    if check.warnings and not confirmed:
        raise Unusual("unusual", _("Uvanlig verdi. Stemmer det?"), _texts(measured, dict(check.warnings)))


def vitals_strike(*, gate: Gate, row: VitalSet, reason: str) -> VitalSet:
    """Marks a set as entered in error. It stays readable, struck through, and no longer counts."""
    check_may(gate, Action.WRITE, Category.VITALS)
    if not reason.strip():
        raise JournalError("reason_missing", _("Skriv hvorfor målingen er feil."), {"reason": _("Skriv hvorfor målingen er feil.")})
    if row.struck_at:
        raise JournalError("already_struck", _("Målingen er allerede merket som feil."))
    row.struck_at, row.struck_by_id, row.struck_reason = gate.now, gate.user_id, reason.strip()
    row.save(update_fields=["struck_at", "struck_by_id", "struck_reason"])
    return row


def oxygen_scale_prescribe(*, gate: Gate, patient: UUID, scale: int, reason: str) -> OxygenScale:
    """A doctor decides which SpO2 scale the patient is scored on, from now on. Earlier sets keep theirs."""
    check_may(gate, Action.WRITE, Category.VITALS)
    if not may_prescribe_scale(gate):
        raise JournalError("doctor_only", _("Bare lege bestemmer SpO₂-skala."))
    if scale not in (1, 2):
        raise JournalError("scale", _("Velg skala 1 eller 2."), {"scale": _("Velg skala 1 eller 2.")})
    if not reason.strip():
        raise JournalError("reason_missing", _("Skriv hvorfor."), {"reason": _("Skriv hvorfor, for eksempel «KOLS med kjent hyperkapni».")})
    row = OxygenScale(**entry_columns(gate, patient, Category.VITALS, None, stay_of_unit(gate, patient)), scale=scale, reason=reason.strip())
    row.save(force_insert=True)
    return row


def may_prescribe_scale(gate: Gate) -> bool:
    """A doctor's decision: by the profession that the role demands, not by the name of the role."""
    return gate.role["required_profession"] == "doctor" and gate.may(Action.WRITE, Category.VITALS)


def newest_scale(patient: UUID) -> int:
    row = OxygenScale.objects.filter(patient_id=patient).order_by("-event_at").first()
    return row.scale if row else 1


def _age(born: date | None, at: datetime) -> int | None:
    if born is None:
        return None
    day = oslo_date(at)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _texts(measured: Measured, findings: dict[str, Finding]) -> dict[str, str]:
    texts = {}
    for name, finding in findings.items():
        limits = news2.LIMITS[name].possible
        words = {"value": format_decimal(getattr(measured, name)), "low": format_decimal(limits[0]), "high": format_decimal(limits[1])}
        texts[name] = _(FINDINGS[finding]) % words if "%(" in FINDINGS[finding] else _(FINDINGS[finding])
    return texts
