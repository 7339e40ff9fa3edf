"""Two nurses and one dose, a stop and a dose, two doctors and one order: which comes first, the database decides, and the other is told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from journal.models import MedDose, MedOrder
from journal.services import doses, med_orders
from journal.services.doses import Place
from journal.services.errors import Conflict, JournalError
from lms_epj.core.clock import to_oslo
from tests.cast import build_cast
from tests.journal.at_once import at_once, committed, somebody_waits, take_away

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
TABLES = ("journal_dosecontrol", "journal_meddose", "journal_medorder")


@pytest.fixture
def ward(connect_as: Callable[..., Any]) -> Iterator[Any]:
    """A committed order of Anna's, due an hour ago, and two people at it; all of it is taken away afterwards.

    The sessions are woken by a transaction that ends: the test's own would hold their rows against those who act.
    """
    cast, owner, since = build_cast(), connect_as("epj_owner"), datetime.now(UTC) - timedelta(seconds=5)
    owner.autocommit = True
    owner.execute("UPDATE access_session SET last_seen_at = now()")

    class Ward:
        patient = cast.anna.id

        def order(self, *, sign: bool = True, **values: Any) -> MedOrder:
            def write(gate: Any) -> MedOrder:
                due = to_oslo(gate.now - timedelta(hours=1))
                whole = {
                    "kind": "regular",
                    "generic": "furosemid",
                    "dose": Decimal(40),
                    "unit_text": "mg",
                    "times": [due.time().replace(second=0, microsecond=0)],
                }
                self.place = Place(due.date(), whole["times"][0])
                return med_orders.order_write(
                    gate=gate, patient=cast.anna.id, values=whole | values, starts_at=gate.now - timedelta(days=2), sign=sign
                )

            return committed(cast[DOCTOR].secret, cast.anna.id, write)

        def together(self, first: tuple[str, Any], second: tuple[str, Any]) -> tuple[Any, Any]:
            return at_once(cast.anna.id, *[(cast[user].secret, act) for user, act in (first, second)], waiting=lambda: somebody_waits(owner))

    yield Ward()
    owner.autocommit = False
    take_away(owner, TABLES, cast.anna.id, since)


def test_two_nurses_give_the_same_dose_and_it_is_given_once(ward):
    order = ward.order()

    def give(gate):
        return doses.dose_record(gate=gate, order=order, place=ward.place)

    first, second = ward.together((NURSE, give), (DOCTOR, give))
    assert isinstance(first, MedDose)
    assert isinstance(second, Conflict) and "Ingrid Solberg Haugen har ført denne dosen som gitt" in second.message
    assert MedDose.objects.filter(order_id=order.pk).count() == 1


def test_two_nurses_give_as_needed_and_the_second_is_told(ward):
    order = ward.order(kind="as_needed", times=[], max_per_day=6)

    def give(gate):
        return doses.dose_record(gate=gate, order=order, place=Place())

    first, second = ward.together((NURSE, give), (DOCTOR, give))
    assert isinstance(first, MedDose) and isinstance(second, Conflict)
    assert MedDose.objects.filter(order_id=order.pk).count() == 1


def test_an_order_stopped_while_its_dose_is_charted(ward):
    order = ward.order()

    def give(gate):
        return doses.dose_record(gate=gate, order=order, place=ward.place)

    def stop(gate):
        return med_orders.order_stop(gate=gate, row=order, reason="Fall i blodtrykk", lock_version=order.lock_version)

    stopped, given = ward.together((DOCTOR, stop), (NURSE, give))
    assert stopped.stop_reason == "Fall i blodtrykk"
    assert isinstance(given, JournalError) and given.code == "dose_order_stopped"
    assert not MedDose.objects.filter(order_id=order.pk).exists()
    order = ward.order()
    given, stopped = ward.together((NURSE, give), (DOCTOR, stop))
    assert isinstance(given, MedDose) and isinstance(stopped, MedOrder), "given first: it stands, and the order is stopped after it"


def test_two_doctors_sign_the_same_orders(ward):
    one, two = ward.order(sign=False), ward.order(sign=False, generic="ramipril")

    def sign(gate):
        return med_orders.orders_sign(gate=gate, patient=ward.patient, versions={two.pk: two.lock_version, one.pk: one.lock_version})

    first, second = ward.together((DOCTOR, sign), (DOCTOR, sign))
    assert isinstance(second, Conflict) and not isinstance(first, Exception)
    assert MedOrder.objects.filter(pk__in=[one.pk, two.pk], lock_version=2, signed_at__isnull=False).count() == 2
