"""Control after the event: cases that come by themselves, question and answer, verdict, deadline, and whose they are."""

import json
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from access import gate
from access.domain.codes import Action
from access.models import AccessAuthorisation, EmergencyCase, OrgUnit, ReviewCase, ReviewMessage, RoleTemplate
from access.selectors import reviews
from access.services import reviews as acts
from access.services import ways
from access.services.reviews import ReviewError
from journal.models import VitalSet
from lms_epj.core.clock import now

NURSE, DOCTOR, CUSTODIAN, LOG = "lms.sykepleier", "lms.lege", "journalansvarlig", "logg.kontroll"
WHY = "Funnet bevisstløs, må vite om hun bruker insulin"


@pytest.fixture
def acting(cast: Any, as_app: Any) -> Any:
    """`with acting(CUSTODIAN) as gate:` – as in a request for the purpose of the control."""

    @contextmanager
    def opened(user: str, purpose: str = "case_review") -> Any:
        request = gate.Request(action="search", route="test", purpose=purpose)
        with as_app(), gate.enter(cast[user].secret, request, action=Action.SEARCH) as one:
            yield one

    return opened


@pytest.fixture
def emergency(cast, open_gate) -> UUID:
    """The case of the ward's nurse in the record of one she has nothing to do with."""
    with open_gate(NURSE, action=Action.SEARCH) as opened:
        ways.emergency_open(gate=opened, number=cast.foreign.number, reason_code="acute", reason=WHY, scope=["medication"], confirmed=True)
    return ReviewCase.objects.get(kind="emergency").pk


def listed(acting: Any, user: str, view: str = "work", purpose: str = "case_review") -> list[UUID]:
    with acting(user, purpose) as opened:
        return [row["id"] for row in reviews.cases(opened, view)[0]]


def test_emergency_access_lands_in_the_custodians_queue_by_itself(emergency, acting, cast, log_rows):
    assert listed(acting, CUSTODIAN) == [emergency]
    with acting(CUSTODIAN) as opened:
        case = reviews.case(opened, emergency)
        assert (case["kind_text"], case["reason"], case["user_name"]) == ("Nødrettstilgang", WHY, "Ingrid Solberg Haugen")
        assert case["until"] - case["happened_at"] == timedelta(minutes=60)
    assert case["due_at"] == EmergencyCase.objects.get().review_due
    assert {row["user_name"] for row in log_rows(action="case_review", patient_id=cast.foreign.id)} == {"Berit Aune"}


def test_an_opened_block_lands_there_too(cast, open_gate, acting):
    with open_gate(NURSE, patient=cast.blocked.id, action=Action.SEARCH):
        gate.call("open_blocked", cast.blocked.id, cast.blocked.rows["note"], "consent", "Pasienten sier ja nå")
    case = ReviewCase.objects.get(kind="opening")
    assert (case.user_id, case.unit_id, case.basis) == (cast[NURSE].id, cast.units["ward"], "consent")
    assert listed(acting, CUSTODIAN) == [case.pk]


def test_an_arrival_becomes_a_case_only_when_nobody_came(cast, open_gate, as_app, set_clock, acting):
    for patient in (cast.foreign, cast.former):
        with open_gate(NURSE, action=Action.SEARCH) as opened:
            ways.arrival_register(gate=opened, number=patient.number, caller="Legevakten", reason="Kommer med brystsmerter")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_decidedmeasure (id, patient_id, template_id, unit_id, starts_at, decided_at, reason, caller, user_selected, "
            "source_kind, end_reason) SELECT gen_random_uuid(), %s, id, %s, now(), now(), '', '', false, 'stay', '' "
            "FROM access_measuretemplate WHERE code = 'ADMITTED'",
            [cast.former.id, cast.units["ward"]],
        )
    with as_app():
        assert acts.cases_sweep()["arrivals"] == 0
    set_clock(now() + timedelta(hours=6))
    with as_app():
        assert acts.cases_sweep()["arrivals"] == 1
        assert acts.cases_sweep()["arrivals"] == 0
    case = ReviewCase.objects.get(kind="arrival")
    assert (case.patient_id, case.user_id, case.basis) == (cast.foreign.id, cast[NURSE].id, "Legevakten")


def test_question_answer_and_verdict(emergency, acting, cast, as_app):
    with acting(CUSTODIAN) as opened:
        acts.case_ask(gate=opened, case=emergency, text="Hvor var pasienten da du åpnet journalen?")
    assert listed(acting, CUSTODIAN) == []
    assert listed(acting, CUSTODIAN, "asked") == [emergency]
    with as_app():
        assert gate.read_facts(cast[NURSE].secret)["questions"] == 1
        assert gate.read_facts(cast[DOCTOR].secret)["questions"] == 0
        acts.question_answer(secret=cast[NURSE].secret, case=emergency, text="På legevakten, jeg satt i ambulansen")
    assert listed(acting, CUSTODIAN) == [emergency]
    with acting(CUSTODIAN) as opened:
        acts.case_close(gate=opened, case=emergency, verdict="lawful", text="Bekreftet av legevakten")
    assert listed(acting, CUSTODIAN, "closed") == [emergency]
    with acting(CUSTODIAN):
        assert [row["kind"] for row in reviews.thread(emergency)] == ["question", "answer", "verdict"]
    closed = ReviewCase.objects.get(pk=emergency)
    assert (closed.verdict, closed.closed_by_id) == ("lawful", cast[CUSTODIAN].id)


def test_what_was_charted_afterwards_is_linked_without_its_words(emergency, acting, cast, set_clock):
    with acting(CUSTODIAN):
        assert reviews.charted(emergency) == []
    for author, minutes in ((NURSE, 20), ("frogn.hjemmesykepleier", 30)):
        row = VitalSet.objects.get(pk=cast.foreign.rows["vitalset"])
        row.pk, row.author_id, row.recorded_at, row.comment = uuid4(), cast[author].id, now() + timedelta(minutes=minutes), "Hemmelig"
        row.save(force_insert=True)
    set_clock(now() + timedelta(hours=1))
    wake(cast)
    with acting(CUSTODIAN):
        (entry,) = reviews.charted(emergency)
    assert entry["text"] == "Målinger"
    assert "Hemmelig" not in str(entry)


def test_what_was_looked_at_is_told_by_kind(emergency, acting, cast, client_for):
    client_for(NURSE).get(f"/pasient/{cast.foreign.id}/legemidler/")
    with acting(CUSTODIAN):
        shown = [row for row in reviews.look_ups(emergency) if row["kinds"]]
    assert "Legemidler" in shown[0]["kinds"]
    assert shown[0]["basis"] == "Nødrettstilgang"


def test_after_the_deadline_the_case_goes_to_every_custodian(emergency, acting, cast, as_app, set_clock, log_rows):
    """Ås gets a custodian of its own: the centre's cases are not hers, until their deadline has passed."""
    hire_custodian_in_aas(cast)
    assert listed(acting, DOCTOR) == []
    assert listed(acting, CUSTODIAN) == [emergency]
    set_clock(now() + timedelta(hours=80))
    wake(cast)
    with as_app():
        assert acts.cases_sweep()["escalated"] == 1
        assert acts.cases_sweep()["escalated"] == 0
    assert listed(acting, DOCTOR) == [emergency]
    (row,) = log_rows(action="case_escalate")
    assert (row["user_id"], row["purpose"], row["patient_id"]) == (None, "case_deadlines", cast.foreign.id)


def hire_custodian_in_aas(cast: Any) -> None:
    """The ward's doctor leaves the ward and answers for the record of Ås."""
    unit = OrgUnit.objects.create(
        legal_entity_id=cast.entities["aas"], name="Journalansvar, Ås", kind="administration", valid_from=now() - timedelta(days=9)
    )
    held = AccessAuthorisation.objects.create(
        user_id=cast[DOCTOR].id, role=RoleTemplate.objects.get(code="custodian"), unit=unit, valid_from=now() - timedelta(days=1), reason="Ny oppgave"
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET authorisation_id = %s WHERE id = %s", [held.pk, cast[DOCTOR].session_id])


def wake(cast: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET last_seen_at = gate.clock(), expires_at = gate.clock() + interval '1 hour'")


def test_nobody_judges_own_access(emergency, acting, cast):
    held = AccessAuthorisation.objects.create(
        user_id=cast[NURSE].id, role=RoleTemplate.objects.get(code="custodian"), unit_id=cast.units["custody"], valid_from=now() - timedelta(days=1),
        reason="Vikar",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET authorisation_id = %s WHERE id = %s", [held.pk, cast[NURSE].session_id])
    assert listed(acting, NURSE) == []
    with acting(NURSE) as opened:
        assert reviews.case(opened, emergency) is None
        with pytest.raises(ReviewError):
            acts.case_close(gate=opened, case=emergency, verdict="lawful", text="Det var meg")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCase.objects.filter(pk=emergency).update(state="closed", verdict="lawful", closed_at=now(), closed_by=cast[NURSE].id)


@pytest.mark.parametrize(("user", "purpose"), [(NURSE, "case_review"), ("tilgang.admin", "case_review"), (CUSTODIAN, ""), (CUSTODIAN, "log_review")])
def test_the_database_gives_cases_to_no_other_role_and_for_no_other_purpose(emergency, acting, user, purpose):
    for statement in ("SELECT gate.cases('work', NULL, 10, '{}')", "SELECT gate.case_read(%s, '{}')", "SELECT gate.case_look_ups(%s)",
                      "SELECT gate.case_figures(now(), now())"):  # fmt: skip
        with acting(user, purpose), pytest.raises(ProgrammingError, match="reviews no cases"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [emergency] if "%s" in statement else [])


def test_the_log_reviewer_does_not_get_the_custodians_cases(emergency, acting):
    assert listed(acting, LOG, purpose="log_review") == []
    with acting(LOG, "log_review") as opened:
        assert reviews.case(opened, emergency) is None
        assert reviews.thread(emergency) == []
        assert reviews.look_ups(emergency) == []


def test_another_cannot_answer_or_read_a_question(emergency, acting, cast, as_app, client_for):
    with acting(CUSTODIAN) as opened:
        acts.case_ask(gate=opened, case=emergency, text="Hvorfor åpnet du journalen?")
    with as_app(), pytest.raises(ReviewError):
        acts.question_answer(secret=cast[DOCTOR].secret, case=emergency, text="Det var for en kollega")
    with as_app():
        assert gate.rows("my_thread", cast[DOCTOR].secret, emergency) == []
    assert client_for(DOCTOR).get(f"/sporsmal/{emergency}/").status_code == 404
    page = client_for(NURSE).get(f"/sporsmal/{emergency}/")
    assert "Hvorfor åpnet du journalen?" in page.content.decode()


def test_the_one_who_is_asked_sees_it_in_the_menu_and_answers_once(emergency, acting, cast, client_for):
    client = client_for(NURSE)
    assert "/sporsmal/" not in client.get("/tavle/").content.decode()
    with acting(CUSTODIAN) as opened:
        acts.case_ask(gate=opened, case=emergency, text="Hvorfor åpnet du journalen?")
    assert "/sporsmal/" in client.get("/tavle/").content.decode()
    form = {"actor": str(cast[NURSE].id), "answer": "Hun lå bevisstløs på venteværelset"}
    assert client.post(f"/sporsmal/{emergency}/", form | {"answer": " "}).status_code == 422
    assert client.post(f"/sporsmal/{emergency}/", form | {"actor": str(cast[DOCTOR].id)}).status_code == 409
    assert client.post(f"/sporsmal/{emergency}/", form).status_code == 302
    assert client.post(f"/sporsmal/{emergency}/", form).status_code == 422
    assert ReviewMessage.objects.filter(case=emergency, kind="answer").count() == 1


def test_what_was_said_in_a_case_stays(emergency, acting):
    with acting(CUSTODIAN) as opened:
        acts.case_close(gate=opened, case=emergency, verdict="mistake", text="Feil pasient, meldt fra selv")
        with pytest.raises(ReviewError):
            acts.case_close(gate=opened, case=emergency, verdict="lawful", text="Ombestemte meg")
        acts.case_reopen(gate=opened, case=emergency, text="Nye opplysninger fra legevakten")
    assert ReviewCase.objects.get(pk=emergency).state == "open"
    assert list(ReviewMessage.objects.filter(case=emergency).order_by("at").values_list("kind", flat=True)) == ["verdict", "reopened"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewMessage.objects.filter(case=emergency).update(text="Ingenting")


def test_figures_count_cases_per_unit(emergency, acting, cast):
    with acting(CUSTODIAN) as opened:
        acts.case_close(gate=opened, case=emergency, verdict="unlawful", text="Ingen tjenstlig grunn")
        (row,) = reviews.figures(opened.now - timedelta(days=1), opened.now + timedelta(days=1))
    assert (row["unit_name"], row["kind"], row["opened"], row["waiting"], row["unlawful"], row["in_time"]) == (
        "Observasjonsposten", "emergency", 1, 0, 1, 1,
    )  # fmt: skip
    assert json.dumps(str(row)).count("Ingrid") == 0


def test_the_pages_of_a_case(emergency, client_for, cast):
    client = client_for(CUSTODIAN)
    assert WHY in client.get("/kontroll/").content.decode()
    address = f"/kontroll/{emergency}/"
    form = {"actor": str(cast[CUSTODIAN].id)}
    assert client.post(address, form | {"act": "close", "assessment": "x"}).status_code == 422
    assert client.post(address, form | {"act": "ask", "question": "Hvorfor nå?"}).url == address + "?gjort=spurt"
    assert client.post(address, form | {"act": "ask", "question": "Og hvorfor da?"}).status_code == 422
    assert client.post(address, form | {"act": "close", "verdict": "lawful", "assessment": "Klar sak"}).url == address + "?gjort=avgjort"
    assert "Klar sak" in client.get(address + "?gjort=avgjort").content.decode()
    assert client.post(address, form | {"act": "riot"}).status_code == 404
    assert client.get("/kontroll/tall/?dager=90").status_code == 200
