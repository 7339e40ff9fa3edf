"""Procedures and checklists of the community (R33), links to knowledge (R38), and tasks that close only with what they ask for."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from access.models import AccessAuthorisation, LegalEntity, Participation, Session
from journal.domain.code_refs import read_refs, speaks_of
from journal.domain.procedure_steps import read_steps, write_steps
from journal.models import ChecklistRun, KnowledgeLink, Procedure, Task
from journal.services import checklists, procedures
from journal.services.errors import Conflict, JournalError
from journal.services.procedures import Proposal
from journal.services.tasks import task_create, task_done

NURSE, HELPER, LEADER, OTHER, HOME = "lms.sykepleier", "lms.helsefag", "lms.leder", "tilgang.admin2", "aas.hjemmesykepleier"
database = pytest.mark.django_db


@pytest.fixture
def other_leader(cast: Any) -> str:
    """Somebody else leads the home nursing of Ås."""
    held = AccessAuthorisation.objects.get(pk=cast[LEADER].authorisation_id)
    leads = AccessAuthorisation.objects.create(
        user_id=cast[OTHER].id, role_id=held.role_id, unit_id=cast.units["aas_home"], valid_from=held.valid_from, reason="Leder hjemmesykepleien"
    )
    Session.objects.filter(pk=cast[OTHER].session_id).update(authorisation=leads)
    return OTHER


def typed(**values: Any) -> Proposal:
    usual = {
        "title": "Fall på posten", "text": "Se til pasienten først.", "steps": "! Vitale mål\nPårørende varslet", "keywords": "falle", "codes": "icpc2:A80",
        "changed": "Første utgave", "review_on": date(2031, 5, 1),
    }  # fmt: skip
    return Proposal(**usual | values)


@pytest.fixture
def approved(cast: Any, open_gate: Any, other_leader: str) -> Procedure:
    with open_gate(LEADER) as gate:
        made = procedures.procedure_propose(gate=gate, typed=typed())
    with open_gate(other_leader) as gate:
        procedures.procedure_approve(gate=gate, procedure=made)
    return Procedure.objects.get(pk=made)


@pytest.fixture
def run(cast: Any, open_gate: Any, approved: Procedure) -> ChecklistRun:
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        return checklists.checklist_begin(gate=gate, patient=cast.anna.id, series=approved.series)


def answer(gate: Any, run: ChecklistRun, answers: dict[int, tuple[str, str]], *, seen: Any = None, finish: bool = False) -> ChecklistRun:
    return checklists.checklist_answer(gate=gate, run=run, seen=seen or dict.fromkeys(answers, ("", "")), answers=answers, finish=finish)


@given(
    st.lists(
        st.builds(dict, text=st.from_regex(r"[A-Za-zÆØÅæøå0-9][A-Za-zæøå 0-9]{0,20}[a-zæøå]", fullmatch=True), required=st.booleans()), max_size=8
    )
)
def test_points_read_back_as_they_were_written(steps):
    steps = [step | {"text": " ".join(step["text"].split())} for step in steps]
    assert read_steps(write_steps(steps)) == steps


def test_codes_are_read_by_their_beginning():
    assert read_refs("ICD-10:l89, atc:B01") == ["atc:B01", "icd10:L89"]
    assert speaks_of("icd10:L89", "icd10", "L89.2") and speaks_of("icd10:L89.2", "icd10", "l892")
    assert not speaks_of("icd10:L89", "icpc2", "L89") and not speaks_of("icd10:L89.2", "icd10", "L89")
    with pytest.raises(ValueError, match="trykksår"):
        read_refs("icd10:L89 trykksår")


@database
def test_another_leader_approves_and_then_it_counts_for_all_members(cast, open_gate, client_for, other_leader):
    with open_gate(LEADER) as gate:
        made = procedures.procedure_propose(gate=gate, typed=typed())
        with pytest.raises(JournalError):
            procedures.procedure_approve(gate=gate, procedure=made)
    assert client_for(NURSE).get(reverse("procedure", args=[made])).status_code == 404
    with open_gate(other_leader) as gate:
        procedures.procedure_approve(gate=gate, procedure=made)
    for user in (NURSE, HOME):
        assert "Fall på posten" in client_for(user).get(reverse("procedures"), {"sok": "vitale FALL"}).content.decode()
    assert "Fall på posten" not in client_for(NURSE).get(reverse("procedures"), {"sok": "trykksår"}).content.decode()


@database
def test_the_version_in_use_stands_until_the_next_is_approved_and_old_ones_can_be_read(cast, open_gate, client_for, approved, other_leader):
    with open_gate(LEADER) as gate:
        second = procedures.procedure_propose(
            gate=gate, typed=typed(text="Se til pasienten. Ring lege.", changed="Lege"), series=approved.series, base=1
        )
    shown = client_for(NURSE).get(reverse("procedures")).content.decode()
    assert str(approved.pk) in shown and str(second) not in shown
    with open_gate(other_leader) as gate, pytest.raises(Conflict):
        procedures.procedure_propose(gate=gate, typed=typed(), series=approved.series, base=1)
    with open_gate(other_leader) as gate:
        procedures.procedure_approve(gate=gate, procedure=second)
    assert str(second) in client_for(NURSE).get(reverse("procedures")).content.decode()
    assert "tidligere versjon" in client_for(NURSE).get(reverse("procedure", args=[approved.pk])).content.decode()
    with open_gate(LEADER) as gate:
        procedures.procedure_withdraw(gate=gate, procedure=second, reason="Erstattet av regional")
    assert str(approved.pk) not in client_for(NURSE).get(reverse("procedures")).content.decode(), "an earlier version never comes back"


@database
def test_what_is_typed_badly_is_told_field_by_field_and_kept(cast, client_for):
    values = {
        "title": "x",
        "text": "",
        "steps": "",
        "codes": "sår",
        "changed": "",
        "review_on": "01.01.2020",
        "base": "0",
        "actor": str(cast[LEADER].id),
        "keywords": "æøå",
    }
    page = client_for(LEADER).post(reverse("procedure_new"), values)
    assert page.status_code == 422
    assert {one["field"] for one in page.context["errors"]} == {"f-title", "f-text", "f-codes", "f-changed", "f-review_on"}
    assert "æøå" in page.content.decode()
    assert not Procedure.objects.exists()


@database
def test_only_leaders_write_and_others_outside_the_community_read_nothing(cast, open_gate, client_for, approved):
    assert client_for(NURSE).get(reverse("procedure_new")).status_code == 404
    with open_gate(NURSE), pytest.raises(Error), transaction.atomic():
        Procedure.objects.filter(pk=approved.pk).update(title="Omskrevet")
    Participation.objects.filter(legal_entity=LegalEntity.objects.get(pk=cast.entities["aas"])).update(mode="message_only")
    with open_gate(HOME):
        assert not Procedure.objects.exists()


@database
def test_a_checklist_is_answered_by_several_and_finished_when_nothing_required_is_open(cast, open_gate, run, approved):
    with open_gate(HELPER, patient=cast.anna.id) as gate:
        assert checklists.checklist_begin(gate=gate, patient=cast.anna.id, series=approved.series).pk == run.pk, "one open list a unit"
        with pytest.raises(JournalError, match="Vitale mål"):
            answer(gate, run, {1: ("done", "")}, finish=True)
        answer(gate, run, {1: ("not_done", "")})
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        with pytest.raises(JournalError, match="Pårørende varslet"):
            answer(gate, run, {0: ("done", "BT 130/80")}, finish=True)
        done = answer(gate, run, {0: ("done", "BT 130/80"), 1: ("not_done", "Ingen svarer")}, seen={1: ("not_done", "")}, finish=True)
    assert [UUID(point["by"]) for point in done.points] == [cast[NURSE].id, cast[NURSE].id]
    assert done.finished_by_id == cast[NURSE].id
    with open_gate(NURSE, patient=cast.anna.id) as gate, pytest.raises(JournalError):
        answer(gate, run, {0: ("not_done", "likevel ikke")})


@database
def test_two_who_answer_at_once_keep_both_answers_and_are_told_where_they_cross(cast, open_gate, run):
    with open_gate(HELPER, patient=cast.anna.id) as gate:
        answer(gate, run, {0: ("done", "")})
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        kept = answer(gate, run, {0: ("", ""), 1: ("done", "ringt kl. 14")})
        assert [point["state"] for point in kept.points] == ["done", "done"]
        with pytest.raises(JournalError, match="Vitale mål"):
            answer(gate, run, {0: ("not_done", "fikk ikke")})


@database
def test_the_database_lets_nobody_answer_for_another_or_make_up_points(cast, open_gate, run):
    forged = [run.points[0] | {"state": "done", "by": str(cast[HELPER].id), "at": run.recorded_at.isoformat()}, run.points[1]]
    for points in (forged, run.points[:1], [run.points[0] | {"text": "Ingenting"}, run.points[1]]):
        with open_gate(NURSE, patient=cast.anna.id), pytest.raises(Error), transaction.atomic():
            ChecklistRun.objects.filter(pk=run.pk).update(points=points)
    with open_gate(NURSE, patient=cast.anna.id):
        copy = ChecklistRun.objects.get(pk=run.pk)
        copy.pk, copy.title, copy.series = None, "Egen liste", UUID(int=1)
        with pytest.raises(Error), transaction.atomic():
            copy.save(force_insert=True)


@database
def test_a_list_made_in_error_is_struck_and_can_be_read(cast, client_for, run):
    values = {"patient": str(cast.anna.id), "actor": str(cast[NURSE].id), "lock_version": "1", "reason": "Feil pasient"}
    assert client_for(NURSE).post(reverse("checklist_strike", args=[cast.anna.id, run.pk]), values).status_code == 302
    assert "Feil pasient" in client_for(NURSE).get(reverse("checklist", args=[cast.anna.id, run.pk])).content.decode()


@database
def test_the_page_keeps_what_was_typed_when_it_is_refused(cast, client_for, run):
    values = {
        "patient": str(cast.anna.id),
        "actor": str(cast[NURSE].id),
        "act": "finish",
        "note-1": "Ingen svarer, prøver igjen",
        "state-1": "not_done",
    }
    page = client_for(NURSE).post(reverse("checklist_save", args=[cast.anna.id, run.pk]), values)
    assert page.status_code == 422
    assert "Ingen svarer, prøver igjen" in page.content.decode()
    assert ChecklistRun.objects.get(pk=run.pk).points[1]["state"] == ""


@database
def test_another_profession_reads_the_list_and_is_told_that_it_is_not_theirs_to_answer(cast, client_for, run):
    doctor = client_for("lms.lege")
    values = {"patient": str(cast.anna.id), "actor": str(cast["lms.lege"].id), "act": "save", "state-0": "done"}
    assert doctor.get(reverse("checklist", args=[cast.anna.id, run.pk])).status_code == 200
    assert doctor.post(reverse("checklist_save", args=[cast.anna.id, run.pk]), values).status_code in (403, 404)
    assert ChecklistRun.objects.get(pk=run.pk).points[0]["state"] == ""


@database
def test_a_task_closes_only_with_what_it_asks_for(cast, open_gate, run):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        due = gate.now + timedelta(hours=1)
        task = task_create(gate=gate, patient=cast.anna.id, title="Etter fallet", due_at=due, for_unit=cast.units["ward"], asks_series=run.series)
        noted = task_create(gate=gate, patient=cast.anna.id, title="Skriv notat", due_at=due, for_unit=cast.units["ward"], asks_note="nurse_isbar")
        for one, words in ((task, "Fall på posten"), (noted, "ISBAR")):
            with pytest.raises(JournalError, match=words):
                task_done(gate=gate, task=one, lock_version=1)
        assert not Task.objects.filter(pk__in=[task.pk, noted.pk], done_at__isnull=False).exists()
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        answer(gate, run, {0: ("done", ""), 1: ("done", "")}, finish=True)
        assert task_done(gate=gate, task=task, lock_version=1).done_at


@database
def test_knowledge_is_found_by_code_and_no_patient_goes_along(cast, open_gate, client_for, approved):
    with open_gate(LEADER) as gate:
        procedures.knowledge_add(gate=gate, system="icpc2", prefix="A8", title="Oppslagsverk", address="https://example.org/sok?q={code}")
        with pytest.raises(JournalError):
            procedures.knowledge_add(gate=gate, system="icpc2", prefix="", title="Usikker", address="http://example.org")
        with pytest.raises(JournalError):
            procedures.knowledge_add(gate=gate, system="icpc2", prefix="A8", title="En gang til", address="https://example.org/sok?q={code}")
    shown = client_for(NURSE).get(reverse("knowledge"), {"system": "icpc2", "kode": "A80"}).content.decode()
    assert "https://example.org/sok?q=A80" in shown and "Fall på posten" in shown
    assert "https://example.org" not in client_for(NURSE).get(reverse("knowledge"), {"system": "icd10", "kode": "A80"}).content.decode()
    assert KnowledgeLink.objects.filter(ended_at=None).count() == 1
