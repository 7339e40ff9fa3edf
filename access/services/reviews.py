"""Acts of the control: ask, answer, decide, reopen; take a finding into a case or leave it; change a rule. The database checks who acts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate, call
from access.models import ReviewCase

SHORTEST = 5


class ReviewError(Exception):
    """What stops the act: ``errors`` is field → message in bokmål."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def _check_text(name: str, text: str, message: str, errors: dict[str, str] | None = None) -> None:
    errors = errors or {}
    if len(text.strip()) < SHORTEST:
        errors[name] = message
    if errors:
        raise ReviewError(errors)


def case_ask(*, gate: Gate, case: UUID, text: str) -> None:
    """Puts a question to the employee; a new one only after the last is answered.

    Raises ReviewError.
    """
    _check_text("question", text, _("Skriv hva du vil vite."))
    with transaction.atomic():
        if not call("case_ask", case, text.strip()):
            raise ReviewError({"question": _("Spørsmålet er ikke sendt. Saken er avsluttet, eller et spørsmål venter allerede på svar.")})


def case_close(*, gate: Gate, case: UUID, verdict: str, text: str) -> None:
    """Decides the case.

    Raises ReviewError.
    """
    errors = {} if verdict in ReviewCase.Verdict.values else {"verdict": _("Velg hva du kom fram til.")}
    _check_text("assessment", text, _("Skriv hva vurderingen bygger på."), errors)
    with transaction.atomic():
        if not call("case_close", case, verdict, text.strip()):
            raise ReviewError({"verdict": _("Vurderingen er ikke lagret. Saken er allerede avsluttet av en annen.")})


def case_reopen(*, gate: Gate, case: UUID, text: str) -> None:
    """Takes the verdict back; it stays in the history.

    Raises ReviewError.
    """
    _check_text("why", text, _("Skriv hvorfor saken må vurderes på nytt."))
    with transaction.atomic():
        if not call("case_reopen", case, text.strip()):
            raise ReviewError({"why": _("Saken er ikke gjenåpnet. Den er allerede åpen.")})


def question_answer(*, secret: str, case: UUID, text: str) -> None:
    """The employee's answer.

    Raises ReviewError.
    """
    _check_text("answer", text, _("Skriv hvorfor du åpnet journalen."))
    with transaction.atomic():
        if not call("answer_question", secret, case, text.strip()):
            raise ReviewError({"answer": _("Svaret er ikke sendt. Spørsmålet er allerede besvart, eller saken er avsluttet.")})


def finding_usual(*, gate: Gate, finding: UUID, remark: str) -> None:
    """A human has found the look-up in order.

    Raises ReviewError.
    """
    _check_text("remark", remark, _("Skriv kort hvorfor oppslaget er i orden."))
    with transaction.atomic():
        if not call("finding_usual", finding, remark.strip()):
            raise ReviewError({"remark": _("Oppslaget er allerede vurdert av en annen.")})


def finding_undo(*, gate: Gate, finding: UUID) -> bool:
    """Back to the work list. False where there is nothing to take back."""
    with transaction.atomic():
        return call("finding_undo", finding)


def finding_case(*, gate: Gate, finding: UUID) -> UUID | None:
    """The finding's case, made if there is none; None when it is not ours to take."""
    with transaction.atomic():
        return call("finding_case", finding)


def log_rule_set(*, gate: Gate, scenario: str, weight: int, threshold: int | None, active: bool, reason: str) -> None:
    """Changes one rule from now on; the next night's review goes by it.

    Raises ReviewError.
    """
    _check_text("reason", reason, _("Skriv hvorfor regelen endres."))
    try:
        with transaction.atomic():
            changed = call("log_rule_set", scenario, weight, threshold, active, reason.strip())
    except IntegrityError:
        raise ReviewError({"weight": _("Vekten må ligge mellom −1000 og 1000, og grensen kan ikke være under 0.")}) from None
    if not changed:
        raise ReviewError({"weight": _("Ingenting er endret.")})


def day_score(day: date) -> dict[str, Any]:
    """Goes through one day of the log: {look_ups, pairs, findings}. The system's own act, for the purpose of log statistics; may be run again."""
    with transaction.atomic():
        return call("score_day", day)


def cases_sweep() -> dict[str, int]:
    """Arrivals in vain become cases, and cases past their deadline go to all custodians: {arrivals, escalated}."""
    with transaction.atomic():
        return call("cases_sweep")
