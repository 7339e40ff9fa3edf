"""Municipal services: the decision opens the executing unit's access, its end closes it (R28)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from access.models import OrgUnit, ServiceType
from journal.models import ServiceDecision
from journal.services.checks import refuse, require_text
from journal.services.entries import change, entry_columns


def service_decide(
    *, gate: Gate, patient: UUID, service_type: ServiceType, executing_unit: OrgUnit, starts_at: datetime, ends_at: datetime | None,
    text: str, primary_contact: UUID | None = None,
) -> ServiceDecision:  # fmt: skip
    """Decides a service that a unit of the same legal entity carries out; a named primary contact gets a measure of their own."""
    require_own_entity(gate, executing_unit.legal_entity_id)
    if ends_at is not None and ends_at <= starts_at:
        raise refuse("ends_before", _("Slutt må være etter start."), "ends_at")
    decision = ServiceDecision(
        **entry_columns(gate, patient, Category.CASEWORK), service_type=service_type, executing_unit=executing_unit, starts_at=starts_at,
        ends_at=ends_at, primary_contact_id=primary_contact, text=require_text(text, "text", _("Skriv hva vedtaket gjelder.")),
    )  # fmt: skip
    with transaction.atomic():
        decision.save(force_insert=True)
        call("service_changed", decision.id)
    return decision


def service_end(*, gate: Gate, decision: ServiceDecision, lock_version: int, ends_at: datetime) -> ServiceDecision:
    """Ends a service; the executing unit keeps its tail, the primary contact theirs."""
    require_own_entity(gate, decision.legal_entity_id)
    if ends_at < decision.starts_at:
        raise refuse("ends_before", _("Slutt må være etter start."), "ends_at")
    with transaction.atomic():
        change(decision, lock_version=lock_version, ends_at=ends_at)
        call("service_changed", decision.id)
    return decision


def primary_contact_name(*, gate: Gate, decision: ServiceDecision, lock_version: int, user: UUID | None) -> ServiceDecision:
    """Names the primary contact of a service, or relieves the one there is."""
    require_own_entity(gate, decision.legal_entity_id)
    with transaction.atomic():
        change(decision, lock_version=lock_version, primary_contact_id=user)
        call("service_changed", decision.id)
    return decision


def require_own_entity(gate: Gate, legal_entity: UUID) -> None:
    """A municipality decides over its own services only (R28)."""
    if legal_entity not in gate.own_entities:
        raise refuse("other_entity", _("Vedtaket hører til en annen kommune."))
