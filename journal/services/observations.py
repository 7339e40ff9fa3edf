"""Pain, weight, glucose, stool, ESAS and fluids: one act stores what was filled in, each as a row of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.domain.observations import MEASURES, Finding, Kind, check_esas, check_measure, check_score
from journal.models import Observation
from journal.services.entries import check_event_at, check_may, entry_columns, stay_of_unit
from journal.services.errors import JournalError
from journal.services.vitals import Unusual
from lms_epj.core.formatting import format_decimal

FINDINGS = {
    Finding.MISSING: gettext_noop("Skriv et tall."),
    Finding.IMPOSSIBLE: gettext_noop("%(value)s er utenfor %(low)s–%(high)s. Sjekk tallet."),
    Finding.UNUSUAL: gettext_noop("Uvanlig verdi. Stemmer det?"),
    Finding.PLACES: gettext_noop("For mange desimaler."),
    Finding.CODE: gettext_noop("Velg hvordan."),
}


@dataclass(frozen=True)
class Observed:
    """One observation as it was typed. ``answers``: of ESAS, or of the score that ``code`` names."""

    kind: Kind
    value: Decimal | None = None
    code: str = ""
    answers: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""


def observations_record(*, gate: Gate, patient: UUID, observed: Sequence[Observed], taken_at: datetime, confirmed: bool = False) -> list[Observation]:
    """Stores them all, or none.

    Raises JournalError on what cannot be; Unusual, with the fields, when ``confirmed`` is still to come.
    """
    check_may(gate, Action.WRITE, Category.VITALS)
    check_event_at(gate, taken_at)
    if not observed:
        raise JournalError("empty", _("Skriv inn minst én måling."))
    check_observed(observed, confirmed)
    stay = stay_of_unit(gate, patient)
    with transaction.atomic():
        rows = [
            Observation(
                **entry_columns(gate, patient, Category.VITALS, taken_at, stay), kind=one.kind, value=one.value, code=one.code,
                answers=dict(one.answers), comment=one.comment,
            )
            for one in observed
        ]  # fmt: skip
        for row in rows:
            row.save(force_insert=True)
    return rows


def check_observed(observed: Sequence[Observed], confirmed: bool) -> None:
    """Raises JournalError or Unusual with a text per kind."""
    found = {one.kind: finding for one in observed if (finding := _finding(one))}
    wrong = {kind: finding for kind, finding in found.items() if finding is not Finding.UNUSUAL}
    if wrong:
        raise JournalError("impossible", _("Noe må rettes. Ingenting er lagret."), _texts(observed, wrong))
    if found and not confirmed:
        raise Unusual("unusual", _("Uvanlig verdi. Stemmer det?"), _texts(observed, found))


def _finding(one: Observed) -> Finding | None:
    if one.kind is Kind.SCORE:
        return check_score(one.code, one.value, one.answers)
    return check_esas(one.answers) if one.kind is Kind.ESAS else check_measure(one.kind, one.value, one.code)


def _texts(observed: Sequence[Observed], findings: Mapping[Kind, Finding]) -> dict[str, str]:
    texts = {}
    for one in observed:
        if finding := findings.get(one.kind):
            low, high = MEASURES[one.kind].possible if one.kind in MEASURES else (Decimal(0), Decimal(10))
            words = {"value": format_decimal(one.value) if one.value is not None else "", "low": format_decimal(low), "high": format_decimal(high)}
            texts[str(one.kind)] = _(FINDINGS[finding]) % words
    return texts


def observation_strike(*, gate: Gate, row: Observation, reason: str) -> Observation:
    """Marks one as entered in error. It stays readable, struck through, and no longer counts."""
    check_may(gate, Action.WRITE, Category.VITALS)
    if not reason.strip():
        raise JournalError("reason_missing", _("Skriv hvorfor målingen er feil."), {"reason": _("Skriv hvorfor målingen er feil.")})
    if row.struck_at:
        raise JournalError("already_struck", _("Målingen er allerede merket som feil."))
    row.struck_at, row.struck_by_id, row.struck_reason = gate.now, gate.user_id, reason.strip()
    row.save(update_fields=["struck_at", "struck_by_id", "struck_reason"])
    return row
