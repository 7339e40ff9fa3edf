"""The waiting list: who waits for a time, and what ends the wait."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate
from journal.services.checks import refuse, require_text
from journal.services.entries import change, entry_columns, stay_of_unit
from telemed.models import Booking, Kind, WaitingEntry


def waiting_add(*, gate: Gate, patient: UUID, kind: str, aim: str, minutes: int, not_before: date, urgent: bool) -> WaitingEntry:
    """Puts the patient on the acting unit's list."""
    if kind not in Kind.values:
        raise refuse("missing", _("Velg hva pasienten venter på."), "kind")
    entry = WaitingEntry(
        **entry_columns(gate, patient, Category.LOGISTICS, stay_id=stay_of_unit(gate, patient)), kind=kind, minutes=minutes or 30, not_before=not_before,
        urgent=urgent, for_unit_id=gate.unit_id, aim=require_text(aim, "aim", _("Skriv kort hva timen gjelder.")),
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def waiting_end(*, gate: Gate, entry: WaitingEntry, lock_version: int, reason: str = "", booking: Booking | None = None) -> WaitingEntry:
    """A time was found, or the patient no longer waits, with a reason."""
    if entry.ended_at:
        raise refuse("closed", _("Pasienten er tatt av listen fra før."))
    if booking is None:
        reason = require_text(reason, "reason", _("Skriv hvorfor pasienten tas av listen."))
    return change(entry, lock_version=lock_version, ended_at=gate.now, ended_reason=reason[:120], booking=booking)
