"""The care plan: shared by ward and municipality, line by line under the rule; its actions become tasks one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from journal.models import PlanAction, PlanEvaluation, PlanProblem, Stay, Task
from journal.services import plans
from journal.services.discharge import stay_discharge
from journal.services.errors import Conflict, JournalError
from journal.services.tasks import task_cancel, task_done, task_undo_done
from lms_epj.core.clock import to_oslo

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    """`page("action_new", problem, values={…})`: posts as the nurse; without values it asks."""

    def asked(route: str, row: Any = None, *, user: str = NURSE, values: dict[str, Any] | None = None) -> Any:
        path = reverse(route, args=[cast.anna.id, *([row.pk] if row else [])])
        client = client_for(user)
        return client.get(path) if values is None else client.post(path, {"patient": str(cast.anna.id), "actor": str(cast[user].id), **values})

    return asked


@pytest.fixture
def problem(cast: Any, page: Any) -> PlanProblem:
    assert page("problem_new", values={"problem": "Trykksår på hælen", "goal": "Hel hud", "goal_by": ""}).status_code == 302
    return PlanProblem.objects.get(patient=cast.anna.id, problem="Trykksår på hælen")


def tasks_of(action: PlanAction) -> list[Task]:
    return list(Task.objects.filter(origin_id=action.pk).order_by("recorded_at", "id"))


def daily(page: Any, cast: Any, problem: PlanProblem, **values: Any) -> PlanAction:
    posted = {"text": "Snu hver fjerde time", "for_unit": str(cast.units["ward"]), "times": "08 og 20:00", "every_days": "1", "ends_on": ""} | values
    answer = page("action_new", problem, values=posted)
    assert answer.status_code == 302, answer.content.decode()
    return PlanAction.objects.get(origin_id=problem.pk, ended_at=None, text=posted["text"])


def test_what_the_ward_plans_the_municipality_reads_and_goes_on_with(cast, page, problem):
    shown = page("plan", user=HOME).content.decode()
    assert "Trykksår på hælen" in shown
    assert "Hel hud" in shown
    answer = page("problem_evaluate", problem, user=HOME, values={"kind": "on_track", "text": "Såret er mindre."})
    assert answer.status_code == 302
    assert "Såret er mindre." in page("plan").content.decode()


def test_each_profession_charts_its_own_and_leaves_the_others_alone(cast, page, problem, open_gate):
    assert (
        page("action_new", problem, user=DOCTOR, values={"text": "Ta CRP", "for_unit": str(cast.units["ward"]), "every_days": "1"}).status_code == 302
    )
    assert PlanAction.objects.get(origin_id=problem.pk).category_id == 8
    assert page("problem_end", problem, user=DOCTOR, values={"outcome": "reached", "lock_version": "1"}).status_code in (403, 409)
    problem.refresh_from_db()
    assert problem.ended_at is None
    assert reverse("problem_end", args=[cast.anna.id, problem.pk]) not in page("plan", user=DOCTOR).content.decode()


def test_an_action_with_times_has_one_task_for_its_next_time(cast, page, problem, open_gate):
    action = daily(page, cast, problem)
    (task,) = tasks_of(action)
    assert to_oslo(task.due_at).hour in (8, 20)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        task_done(gate=gate, task=task, lock_version=1)
        assert not Task.objects.filter(pk=task.pk, done_at=None).exists()
        later = Task.objects.get(origin_id=action.pk, done_at=None)
        assert later.due_at >= gate.now
        task_undo_done(gate=gate, task=task, lock_version=2)
        assert [one.pk for one in tasks_of(action) if one.cancelled_at is None] == [task.pk], "the one that followed gives way"
        task.refresh_from_db()
        task_cancel(gate=gate, task=task, lock_version=task.lock_version, reason="Sover")
        assert sum(one.done_at is None and one.cancelled_at is None for one in tasks_of(action)) == 1


def test_what_is_needed_now_and_then_makes_no_task_and_one_that_stops_leaves_none(cast, page, problem):
    action = daily(page, cast, problem, times="")
    assert tasks_of(action) == []
    assert page("action_stop", action, values={"reason": "", "lock_version": "1"}).status_code == 422
    assert page("action_stop", action, values={"reason": "Hel hud", "lock_version": "1"}).status_code == 302
    running = daily(page, cast, problem)
    assert page("problem_end", problem, values={"outcome": "reached", "text": "Grodd", "lock_version": "1"}).status_code == 302
    assert [one.cancelled_at is None for one in tasks_of(running)] == [False]
    assert page("action_new", problem, values={"text": "Mer", "for_unit": str(cast.units["ward"]), "every_days": "1"}).status_code == 422
    assert page("problem_reopen", problem, values={"lock_version": "2"}).status_code == 302
    assert "Trykksår på hælen" in page("plan").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("times", "25:00"), ("times", "morgen"), ("every_days", "0"), ("ends_on", "01.01.2020"), ("ends_on", "x"), ("text", " ")]
)
def test_what_cannot_be_planned_is_told_at_its_field_and_nothing_typed_is_lost(cast, page, problem, field, value):
    posted = {"text": "Snu pasienten", "for_unit": str(cast.units["ward"]), "times": "08:00", "every_days": "1", "ends_on": ""} | {field: value}
    answer = page("action_new", problem, values=posted)
    assert answer.status_code == 422
    assert f'id="f-{field}"' in answer.content.decode()
    assert field == "text" or "Snu pasienten" in answer.content.decode()
    assert not PlanAction.objects.filter(origin_id=problem.pk).exists()


def test_two_who_change_one_plan_do_not_undo_each_other_and_what_stood_is_kept(cast, page, problem, open_gate):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        plans.problem_change(gate=gate, problem=problem, lock_version=1, text="Trykksår, grad 2", goal="Hel hud")
    answer = page("problem_change", problem, user=HOME, values={"problem": "Trykksår på høyre hæl", "goal": "Hel hud", "lock_version": "1"})
    assert answer.status_code == 409
    assert "Trykksår på høyre hæl" in answer.content.decode()
    assert PlanEvaluation.objects.get(origin_id=problem.pk).text == "Før: Trykksår på hælen – mål: Hel hud"
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(Conflict):
        plans.problem_end(gate=gate, problem=problem, lock_version=1, outcome="reached")
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(JournalError):
        plans.problem_change(gate=gate, problem=problem, lock_version=2, text="x", goal="y", goal_by=(gate.now - timedelta(days=2)).date())


def test_what_the_ward_does_ends_with_the_stay_and_what_is_done_at_home_goes_on(cast, page, problem, open_gate):
    here, at_home = daily(page, cast, problem), daily(page, cast, problem, for_unit=str(cast.units["aas_home"]), text="Se til såret hjemme")
    stay = Stay.objects.get(pk=cast.anna.rows["stay"])
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        stay_discharge(
            gate=gate,
            stay=stay,
            lock_version=stay.lock_version,
            discharged_at=gate.now,
            destination="Hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
    here.refresh_from_db()
    at_home.refresh_from_db()
    assert (here.end_reason, at_home.end_reason) == ("Utskrevet", "")
    assert [one.cancelled_at is None for one in (*tasks_of(here), *tasks_of(at_home))] == [False, True]
