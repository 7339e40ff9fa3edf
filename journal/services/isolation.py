"""Isolating a patient, and ending it: kind, why, who decided it, from when to when."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.models import Isolation
from journal.services.checks import refuse, require_past, require_text
from journal.services.entries import change, check_may, entry_columns, stay_of_unit


def isolation_begin(*, gate: Gate, patient: UUID, kind: str, reason: str, begins_at: datetime, ordered_by: UUID | None = None) -> Isolation:
    """Isolates from ``begins_at``. Another kind is another isolation: the one that runs is ended first.

    Raises JournalError when one runs already, also when another nurse began it in the same moment.
    """
    check_may(gate, Action.WRITE, Category.CRITICAL)
    if kind not in Isolation.Kind.values:
        raise refuse("missing", _("Velg hva slags isolering."), "kind")
    reason = require_text(reason, "reason", _("Skriv hvorfor, for eksempel påvist eller mistenkt smittestoff."))
    require_past(gate, begins_at, "begins_at")
    if in_force(patient) is not None:
        raise _running()
    columns = entry_columns(gate, patient, Category.CRITICAL, begins_at, stay_of_unit(gate, patient))
    row = Isolation(**columns, kind=kind, reason=reason, ordered_by_id=ordered_by or gate.user_id)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "isolation_one_at_a_time" not in str(error):
            raise
        raise _running() from error
    return row


def isolation_end(*, gate: Gate, row: Isolation, lock_version: int, ended_at: datetime, reason: str) -> Isolation:
    """Ends it. What was stays in the record.

    Raises Conflict when another has ended it.
    """
    check_may(gate, Action.WRITE, Category.CRITICAL)
    require_past(gate, ended_at, "ended_at")
    if ended_at < row.event_at:
        raise refuse("before", _("Slutten kan ikke være før begynnelsen."), "ended_at")
    reason = require_text(reason, "reason", _("Skriv hvorfor isoleringen slutter, for eksempel negativ prøve."))
    return change(row, lock_version=lock_version, ended_at=ended_at, ended_by_id=gate.user_id, end_reason=reason)


def isolation_ends_with_stay(*, gate: Gate, patient: UUID, at: datetime) -> None:
    """Whoever leaves is not isolated here any longer."""
    row = in_force(patient)
    if row is not None and gate.may(Action.WRITE, Category.CRITICAL):
        change(row, lock_version=row.lock_version, ended_at=max(at, row.event_at), ended_by_id=gate.user_id, end_reason="Utskrevet")


def in_force(patient: UUID) -> Isolation | None:
    """The one that runs, as far as this person sees it."""
    return Isolation.objects.filter(patient=patient, ended_at=None).order_by("-event_at").first()


def _running() -> Exception:
    return refuse("isolated", _("Pasienten er allerede isolert. Avslutt den isoleringen først."))
