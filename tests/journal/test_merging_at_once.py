"""Somebody charts while the custodian merges: what was begun is waited for and follows, what begins afterwards is told. Nothing lies in between."""

import threading
import time

import pytest
from django.db import connection, transaction

from access import gate as gates
from access.domain.codes import Action
from access.models import MergedRows, RecordMerge
from journal.models import NextOfKin, Task
from journal.services import merging
from tests.conftest import set_role
from tests.journal.at_once import PATIENCE, ROUTE, as_one

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("own_transactions")]
WHY = "Samme person etter legitimasjon"


def desk(cast, act):
    """One request of the custodian, committed."""
    with transaction.atomic():
        set_role("epj_app")
        request = gates.Request(action="search", route=ROUTE, purpose="record_merge")
        with gates.enter(cast["journalansvarlig"].secret, request, action=Action.SEARCH) as gate:
            return act(gate)


def in_thread(act):
    """(thread, answers): what the act gave, or what it raised."""
    answers = []

    def run():
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, answers


def until(owner, query):
    deadline = time.monotonic() + PATIENCE
    while not owner.execute(query).fetchone()[0] and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.fixture
def case(cast, connect_as):
    """A proposal that is committed, and all of it taken away afterwards."""
    from tests.cast import wake_sessions

    wake_sessions()
    made = desk(cast, lambda gate: merging.merge_ask(gate=gate, numbers=(cast.anna.number, cast.kari.number), reason=WHY))
    yield made
    owner = connect_as("epj_owner")
    if RecordMerge.objects.get(pk=made).state == "done":
        desk(cast, lambda gate: merging.merge_undo(gate=gate, merge=made, reason=WHY))
    NextOfKin.objects.filter(name="Sent inn").delete()
    Task.objects.filter(kind="merge").delete()
    MergedRows.objects.filter(merge=made).delete()
    RecordMerge.objects.filter(pk=made).delete()
    owner.execute("DELETE FROM auditlog_entry WHERE route IN (%s, 'identify', 'record_merge')", [ROUTE])
    owner.commit()


def contact(gate, patient):
    return NextOfKin.objects.create(
        patient_id=patient, category_id=1, unit_id=gate.unit_id, legal_entity_id=gate.legal_entity_id, author_id=gate.user_id, event_at=gate.now,
        recorded_at=gate.now, name="Sent inn", relation="sønn",
    )  # fmt: skip


def do_merge(cast, case):
    seen = ["other_birth_date", "two_numbers", "two_plans", "two_medication_lists", "cave", "other_sex"]
    return lambda gate: merging.records_merge(gate=gate, merge=case, survivor=cast.anna.id, reason=WHY, seen=seen, confirmed=True)


def test_what_was_begun_is_waited_for_and_follows(cast, case, connect_as):
    owner, written, release = connect_as("epj_owner"), threading.Event(), threading.Event()
    owner.autocommit = True

    def charts():
        with as_one(cast["aas.hjemmesykepleier"].secret, cast.kari.id) as gate:
            row = contact(gate, cast.kari.id)
            written.set()
            assert release.wait(PATIENCE)
            return row.pk

    one, row = in_thread(charts)
    assert written.wait(PATIENCE)
    other, merged = in_thread(lambda: desk(cast, do_merge(cast, case)))
    until(owner, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
    release.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert merged == [None]
    assert NextOfKin.objects.get(pk=row[0]).patient_id == cast.anna.id


def test_what_begins_meanwhile_waits_and_is_told(cast, case, connect_as):
    owner, moved, release = connect_as("epj_owner"), threading.Event(), threading.Event()
    owner.autocommit = True

    def merges(gate):
        do_merge(cast, case)(gate)
        moved.set()
        assert release.wait(PATIENCE)

    one, _ = in_thread(lambda: desk(cast, merges))
    assert moved.wait(PATIENCE)

    def charts():
        with as_one(cast["aas.hjemmesykepleier"].secret, cast.kari.id) as gate:
            return contact(gate, cast.kari.id)

    other, told = in_thread(charts)
    until(owner, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    release.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert isinstance(told[0], gates.Refusal) and told[0].state == "deny"
    assert not NextOfKin.objects.filter(name="Sent inn").exists()
