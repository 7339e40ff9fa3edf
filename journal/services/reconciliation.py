"""Reconciling the list of medicines: at admission it becomes proposals for orders, at discharge the orders become the list that goes home."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.codes.medicines import wants_double_control
from journal.domain import cave
from journal.domain.dose_text import read_dose, read_rhythm
from journal.models import Medication, MedOrder, MedReconciliation
from journal.services.clinical import medication_add, medication_change, medication_stop
from journal.services.entries import check_may, entry_columns, stay_of_unit
from journal.services.errors import JournalError
from journal.services.med_orders import cave_hits, order_write, orders_end, rhythm, signs_orders
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date, format_quantity
from lms_epj.core.language import in_bokmal

CONTINUE, PAUSE, STOP = "continue", "pause", "stop"
HOME, END = "home", "end"


def reconcile(
    *, gate: Gate, patient: UUID, occasion: str, sources: Sequence[str], decisions: Mapping[UUID, str], comment: str
) -> tuple[MedReconciliation, list[Medication]]:
    """What is decided of each medicine in use. Those that go on become proposals that a doctor signs; those that stop leave the list.

    Returns also those that go on but whose dose or rhythm is written in words an order cannot hold, or that meet what the patient has reacted
    to: they are ordered by hand.
    """
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if not sources:
        raise JournalError("sources", _("Velg minst én kilde."), {"sources": _("Velg minst én kilde.")})
    rows = {row.pk: row for row in Medication.objects.filter(patient_id=patient, stopped_at__isnull=True)}
    carried = set(
        MedOrder.objects.filter(patient_id=patient, stopped_at__isnull=True, medication_id__isnull=False).values_list("medication_id", flat=True)
    )
    by_hand = []
    with transaction.atomic():
        for key, decision in decisions.items():
            row = rows.get(key)
            if row is None:
                raise JournalError("changed", _("Listen er endret mens du arbeidet. Ingenting er lagret. Se listen på nytt."))
            if decision == STOP:
                medication_stop(gate=gate, row=row, lock_version=row.lock_version)
            elif decision == CONTINUE and key not in carried and not _propose(gate, row):
                by_hand.append(row)
        stated = _state(gate, patient, occasion, sources, {str(key): decision for key, decision in decisions.items()}, comment)
    return stated, by_hand


def _propose(gate: Gate, row: Medication) -> bool:
    """An unsigned order of this medicine as it is taken at home, if its words can be read and nothing warns."""
    dose, taken = read_dose(row.dose), read_rhythm(row.frequency)
    if dose is None or taken is None or cave_hits(row.patient_id, cave.Ordered(row.generic, row.brand, row.atc)):
        return False
    kind = MedOrder.Kind.AS_NEEDED if taken.as_needed else MedOrder.Kind.REGULAR
    values = {
        "kind": kind, "generic": row.generic, "brand": row.brand, "atc": row.atc, "form": row.form, "strength": row.strength, "dose": dose[0],
        "unit_text": dose[1], "route": row.route, "times": list(taken.times), "every_days": taken.every_days, "max_per_day": taken.max_per_day,
        "indication": row.indication, "double_control": wants_double_control(row.atc), "medication_id": row.pk,
    }  # fmt: skip
    order_write(gate=gate, patient=row.patient_id, values=values, starts_at=gate.now.replace(second=0, microsecond=0))
    return True


def _state(gate: Gate, patient: UUID, occasion: str, sources: Sequence[str], decisions: Mapping[str, str], comment: str) -> MedReconciliation:
    columns = entry_columns(gate, patient, Category.MEDICATION, None, stay_of_unit(gate, patient))
    row = MedReconciliation(**columns, occasion=occasion, sources=list(sources), decisions=dict(decisions), comment=comment.strip())
    row.save(force_insert=True)
    return row


def carry_home(*, gate: Gate, patient: UUID, orders: Mapping[UUID, str], comment: str) -> MedReconciliation:
    """At discharge the doctor says of each running order whether it goes on at home. The list of medicines in use becomes what was said, with
    the ward as its source: what the municipality reads, and what the discharge messages are written from.

    ``orders``: {order: HOME or END}; every running signed order must be among them. May be done again: nothing comes twice.
    """
    if not signs_orders(gate):
        raise JournalError("doctor_only", _("Bare lege bestemmer hva pasienten skal bruke hjemme."))
    rows = running_orders(patient)
    if missing := [row for row in rows if orders.get(row.pk) not in (HOME, END)]:
        raise JournalError("undecided", _("Velg for hvert legemiddel."), {str(row.pk): _("Velg.") for row in missing})
    with transaction.atomic():
        for row in rows:
            _carry(gate, row, orders[row.pk] == HOME)
        return _state(gate, patient, MedReconciliation.Occasion.DISCHARGE, [], {str(row.pk): orders[row.pk] for row in rows}, comment)


def running_orders(patient: UUID) -> list[MedOrder]:
    return list(MedOrder.objects.filter(patient_id=patient, signed_at__isnull=False, stopped_at__isnull=True).order_by("generic", "pk"))


def home_list_missing(patient: UUID, since: datetime | None) -> int:
    """How many orders run without the list for home having been made ready in this stay; 0 when it is, or nothing runs."""
    stated = MedReconciliation.objects.filter(patient_id=patient, occasion=MedReconciliation.Occasion.DISCHARGE)
    if stated.filter(event_at__gte=since).exists() if since else stated.exists():
        return 0
    return len(running_orders(patient))


def _carry(gate: Gate, order: MedOrder, home: bool) -> None:
    listed = on_the_list(order)
    if not home:
        if listed:
            medication_stop(gate=gate, row=listed, lock_version=listed.lock_version)
        return
    words = as_listed(order)
    if listed is None:
        whole = words | {
            "generic": order.generic,
            "brand": order.brand,
            "atc": order.atc,
            "form": order.form,
            "started_on": oslo_date(order.starts_at),
        }
        medication_add(gate=gate, patient=order.patient_id, values=whole | {"source": _source(gate)}, origin=order.pk)
    elif any(getattr(listed, name) != value for name, value in words.items()) and not _says_the_same(order, listed):
        medication_change(gate=gate, row=listed, values=words | {"source": _source(gate)}, lock_version=listed.lock_version)


@in_bokmal()
def as_listed(order: MedOrder) -> dict[str, object]:
    """The order as the list of medicines in use says it: words that ``read_rhythm`` reads again."""
    return {
        "strength": order.strength, "dose": format_quantity(order.dose, order.unit_text).replace("\u00a0", " "), "route": order.route, "frequency": rhythm(order),
        "as_needed": order.kind == MedOrder.Kind.AS_NEEDED, "indication": order.indication,
    }  # fmt: skip


def _says_the_same(order: MedOrder, listed: Medication) -> bool:
    """The home list in its own words, as «to ganger daglig», read as the order has it: then it stays as it is."""
    dose, taken = read_dose(listed.dose), read_rhythm(listed.frequency)
    if dose is None or taken is None:
        return False
    same = dose == (order.dose, order.unit_text) and taken.as_needed == (order.kind == MedOrder.Kind.AS_NEEDED)
    return same and (taken.as_needed or (list(taken.times) == list(order.times) and taken.every_days == order.every_days))


def on_the_list(order: MedOrder) -> Medication | None:
    """The row of the list that this order carries on, or that it became: changed rows go on as newer ones."""
    known = {order.pk} | ({order.medication_id} if order.medication_id else set())
    rows = list(Medication.objects.filter(patient_id=order.patient_id).order_by("recorded_at", "pk"))
    for row in rows:
        if row.origin_id in known:
            known.add(row.pk)
    return next((row for row in reversed(rows) if row.pk in known and row.stopped_at is None), None)


def _source(gate: Gate) -> str:
    return f"{gate.unit['name']}, utskriving {format_date(gate.now)}"


def stay_orders_end(*, gate: Gate, patient: UUID, stay: UUID) -> None:
    """The orders of a stay end with it; what goes on at home stands on the list."""
    rows = MedOrder.objects.filter(patient_id=patient, stay_id=stay, stopped_at__isnull=True)
    orders_end(gate=gate, rows=rows, reason="Utskrevet", at=gate.now)
