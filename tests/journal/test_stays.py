"""A stay from arrival to discharge: every act leaves access in step with where the patient is (R5, R7, R28)."""

from datetime import timedelta

import pytest

from access.gate import Refusal, call
from access.models import DecidedMeasure, Patient
from journal.models import Bed, Stay, StayDecision, Task
from journal.services import discharge, stays, tasks
from journal.services.errors import Conflict, JournalError

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"


def arrive(cast, open_gate, key="kari"):
    with open_gate(NURSE):
        call("register_arrival", cast.patients[key].number, "Hjemmesykepleien", "Tung i pusten")


def expect(gate, patient, **more):
    return stays.stay_expect(gate=gate, patient=patient.id, cause="KOLS-forverring", expected_at=gate.now, **more)


def admit(cast, gate, stay, bed=4, **more):
    place = Bed.objects.get(pk=cast.beds[bed])
    return stays.stay_admit(gate=gate, stay=stay, lock_version=stay.lock_version, bed=place, admitted_at=gate.now, **more)


def live(patient, template, unit):
    return DecidedMeasure.objects.filter(patient=patient.id, template__code=template, unit=unit, end_reason="").exists()


def stay_of(patient):
    return Stay.objects.get(pk=patient.rows["stay"])


def test_admission_takes_over_from_notification(cast, open_gate):
    arrive(cast, open_gate)
    ward = cast.units["ward"]
    assert live(cast.kari, "NOTIFIED", ward)
    with open_gate(NURSE, patient=cast.kari.id) as gate:
        stay = admit(cast, gate, expect(gate, cast.kari), nurse=gate.user_id)
    assert (stay.status, stay.bed.number) == ("admitted", 5)
    assert live(cast.kari, "ADMITTED", ward)
    assert not live(cast.kari, "NOTIFIED", ward)


def test_expecting_twice_changes_the_one_there_is(cast, open_gate):
    arrive(cast, open_gate)
    with open_gate(NURSE, patient=cast.kari.id) as gate:
        first = expect(gate, cast.kari)
        again = stays.stay_expect(gate=gate, patient=cast.kari.id, cause="Pneumoni", expected_at=None, referrer="Follo legevakt")
        assert (again.id, again.cause, again.referrer) == (first.id, "Pneumoni", "Follo legevakt")


@pytest.mark.parametrize(("bed", "code"), [(0, "bed_taken"), (6, "bed_not_ready")])
def test_bed_that_cannot_be_had_is_refused_and_nothing_moves(cast, open_gate, bed, code):
    Bed.objects.filter(pk=cast.beds[6]).update(status="cleaning")
    arrive(cast, open_gate)
    with open_gate(NURSE, patient=cast.kari.id) as gate:
        stay = expect(gate, cast.kari)
        with pytest.raises(JournalError) as refused:
            admit(cast, gate, stay, bed=bed)
        assert refused.value.code == code
        assert "bed" in refused.value.fields
        assert Stay.objects.get(pk=stay.pk).status == "expected"
    assert live(cast.kari, "NOTIFIED", cast.units["ward"])


def test_admission_over_anothers_change_is_a_conflict(cast, open_gate):
    arrive(cast, open_gate)
    with open_gate(NURSE, patient=cast.kari.id) as gate:
        stay = expect(gate, cast.kari)
        expect(gate, cast.kari, referrer="Fastlege")
        with pytest.raises(Conflict):
            admit(cast, gate, stay)


def test_the_tail_of_one_stay_does_not_begin_another(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        discharge.stay_discharge(
            gate=gate,
            stay=stay_of(cast.anna),
            lock_version=1,
            discharged_at=gate.now,
            destination="hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(JournalError) as refused:
        expect(gate, cast.anna)
    assert refused.value.code == "not_notified"


def test_who_did_not_come_is_closed_at_once(cast, open_gate):
    arrive(cast, open_gate)
    with open_gate(NURSE, patient=cast.kari.id) as gate:
        stay = expect(gate, cast.kari)
        stays.stay_cancel(gate=gate, stay=stay, lock_version=stay.lock_version)
    with pytest.raises(Refusal), open_gate(NURSE, patient=cast.kari.id):
        pass


def test_only_the_ward_moves_its_stay(cast, open_gate):
    with open_gate(HOME, patient=cast.anna.id) as gate:
        stay = stay_of(cast.anna)
        for act in (
            lambda: stays.stay_transfer(gate=gate, stay=stay, lock_version=1, bed=Bed.objects.get(pk=cast.beds[5])),
            lambda: stays.stay_decide(gate=gate, stay=stay, outcome="home", reason="Frisk"),
            lambda: discharge.stay_discharge(gate=gate, stay=stay, lock_version=1, discharged_at=gate.now, destination="hjem"),
            lambda: stays.stay_expect(gate=gate, patient=cast.anna.id, cause="Fall", expected_at=None),
        ):
            with pytest.raises(JournalError):
                act()
    assert Stay.objects.get(pk=cast.anna.rows["stay"]).status == "admitted"


def test_bed_left_behind_is_cleaned(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        moved = stays.stay_transfer(gate=gate, stay=stay_of(cast.anna), lock_version=1, bed=Bed.objects.get(pk=cast.beds[7]))
    assert moved.bed_id == cast.beds[7]
    assert Bed.objects.get(pk=cast.beds[0]).status == "cleaning"


def test_decision_keeps_who_and_when(cast, open_gate):
    with open_gate(DOCTOR, patient=cast.anna.id) as gate:
        stays.stay_decide(gate=gate, stay=stay_of(cast.anna), outcome="hospital", reason="Økende surstoffbehov")
        with pytest.raises(JournalError):
            stays.stay_decide(gate=gate, stay=stay_of(cast.anna), outcome="home", reason=" ")
        row = StayDecision.objects.get(stay=cast.anna.rows["stay"])
        assert (row.outcome, row.author_id, row.event_at) == ("hospital", cast[DOCTOR].id, gate.now)


def test_readiness_is_marked_and_taken_back(cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        ready = discharge.stay_mark_discharge_ready(
            gate=gate, stay=stay_of(cast.anna), lock_version=1, planned_discharge_at=gate.now + timedelta(hours=3), destination="hjem"
        )
        assert (ready.status, ready.discharge_ready_at) == ("discharge_ready", gate.now)
        back = discharge.stay_undo_discharge_ready(gate=gate, stay=ready, lock_version=2)
        assert (back.status, back.planned_discharge_at, back.destination) == ("admitted", None, "")


def test_discharge_asks_about_open_tasks_and_says_what_is_owed(cast, open_gate):
    Patient.objects.filter(pk=cast.anna.id).update(general_practitioner="Kirsten Eide")
    Stay.objects.filter(pk=cast.anna.rows["stay"]).update(referrer="fastlege Kirsten Eide")
    Task.objects.filter(pk=cast.anna.rows["task"]).update(for_unit=cast.units["ward"])
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        stay = stay_of(cast.anna)
        with pytest.raises(JournalError) as refused:
            discharge.stay_discharge(gate=gate, stay=stay, lock_version=1, discharged_at=gate.now, destination="hjem")
        assert refused.value.code == "open_tasks"
        left = discharge.stay_discharge(
            gate=gate,
            stay=stay,
            lock_version=1,
            discharged_at=gate.now,
            destination="hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
        assert left.owed == [{"kind": "epikrise", "to": "Kirsten Eide", "sent_at": None}]
        assert Task.objects.get(pk=cast.anna.rows["task"]).cancelled_at == gate.now
    assert Bed.objects.get(pk=cast.beds[0]).status == "cleaning"
    assert not live(cast.anna, "ADMITTED", cast.units["ward"])
    with open_gate(NURSE, patient=cast.anna.id):
        assert Stay.objects.get(pk=stay.pk).status == "discharged"


def test_municipality_outside_the_community_is_owed_a_report(cast, open_gate):
    Patient.objects.filter(pk=cast.anna.id).update(municipality_number="3220")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        left = discharge.stay_discharge(
            gate=gate,
            stay=stay_of(cast.anna),
            lock_version=1,
            discharged_at=gate.now,
            destination="hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
    assert [item["kind"] for item in left.owed] == ["epikrise", "discharge_report"]


def test_tail_closes_after_seven_days(cast, open_gate, set_clock):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        now = gate.now
        discharge.stay_discharge(
            gate=gate,
            stay=stay_of(cast.anna),
            lock_version=1,
            discharged_at=now,
            destination="hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
    for days, opens in ((6, True), (8, False)):
        set_clock(now + timedelta(days=days))
        DecidedMeasure.objects.filter(patient=cast.anna.id, template__code="SERVICE_HEALTH").update(ends_at=now)
        cast_wake(now + timedelta(days=days))
        if opens:
            with open_gate(NURSE, patient=cast.anna.id) as gate:
                assert gate.patients == [cast.anna.id]
        else:
            with pytest.raises(Refusal), open_gate(NURSE, patient=cast.anna.id):
                pass


def cast_wake(moment):
    """Sessions have been in use until now, whatever the clock says."""
    from access.models import Session

    Session.objects.update(last_seen_at=moment)


def test_task_opens_the_record_while_it_is_open(cast, open_gate):
    physio = "aas.fysioterapeut"
    with pytest.raises(Refusal), open_gate(physio, patient=cast.anna.id):
        pass
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        task = tasks.task_create(gate=gate, patient=cast.anna.id, title="Vurdere gangfunksjon", due_at=gate.now, for_unit=cast.units["aas_therapy"])
    with open_gate(physio, patient=cast.anna.id) as gate:
        mine = Task.objects.get(pk=task.pk)
        with pytest.raises(Conflict):
            tasks.task_done(gate=gate, task=mine, lock_version=7)
        done = tasks.task_done(gate=gate, task=mine, lock_version=1, outcome="Går med rullator")
        assert (done.done_by_id, done.outcome) == (cast[physio].id, "Går med rullator")
    with pytest.raises(Refusal), open_gate(physio, patient=cast.anna.id):
        pass


def test_task_done_is_taken_back_by_the_one_who_did_it(cast, open_gate):
    Task.objects.filter(pk=cast.anna.rows["task"]).update(for_unit=cast.units["ward"])
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        task = tasks.task_done(gate=gate, task=Task.objects.get(pk=cast.anna.rows["task"]), lock_version=1)
    with open_gate(DOCTOR, patient=cast.anna.id) as gate, pytest.raises(JournalError):
        tasks.task_undo_done(gate=gate, task=task, lock_version=2)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        assert tasks.task_undo_done(gate=gate, task=task, lock_version=2).done_at is None
        with pytest.raises(JournalError):
            tasks.task_cancel(gate=gate, task=task, lock_version=3, reason="")
