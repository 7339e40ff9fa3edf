"""Orders and listed medicines of Anna's, written as a doctor or a nurse would."""

from datetime import timedelta
from decimal import Decimal

from journal.models import Medication
from journal.services import med_orders
from journal.services.doses import Place
from journal.services.entries import entry_columns
from lms_epj.core.clock import to_oslo

PREDNISOLON = {
    "kind": "regular",
    "generic": "prednisolon",
    "dose": Decimal(40),
    "unit_text": "mg",
    "route": "gjennom munnen",
    "indication": "KOLS-forverring",
}


def write(gate, cast, *, sign=True, hours_ago=1, **values):
    """An order with one dose a day, due ``hours_ago``."""
    due = gate.now - timedelta(hours=hours_ago)
    at = to_oslo(due).time().replace(second=0, microsecond=0)
    whole = PREDNISOLON | ({} if values.get("kind") == "as_needed" else {"times": [at]}) | values
    return med_orders.order_write(gate=gate, patient=cast.anna.id, values=whole, starts_at=due - timedelta(days=1, minutes=1), sign=sign)


def place_of(gate, order, hours_ago=1):
    due = to_oslo(gate.now - timedelta(hours=hours_ago))
    return Place(due.date(), order.times[0])


def listed_medicine(gate, cast, generic, dose, frequency):
    row = Medication(**entry_columns(gate, cast.anna.id, 5), generic=generic, dose=dose, frequency=frequency, source="Pasienten")
    row.save(force_insert=True)
    return row
