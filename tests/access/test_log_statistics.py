"""The statistical review of the log: each scenario hits what it is about and not what lies beside it; every point is explained."""

import json
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from access import gate, tasks
from access import models as access
from access.domain.codes import Action
from access.log_reference import RULES
from access.selectors import findings
from access.services import reviews as acts
from journal.models import VitalSet
from lms_epj.core.clock import from_oslo, now, oslo_date

NURSE, HOME, LOG = "lms.sykepleier", "aas.hjemmesykepleier", "logg.kontroll"
ADDRESS = "Skogveien 4, 1430 Ås"


@pytest.fixture
def day() -> date:
    return oslo_date(now()) - timedelta(days=1)


@pytest.fixture
def look(cast: Any, day: date) -> Any:
    """`look(NURSE, cast.anna)`: a row of yesterday's log, at ten in the morning unless another time is given."""

    def write(user: str, patient: Any, *, at: datetime | None = None, **values: Any) -> None:
        who = cast[user]
        unit = access.OrgUnit.objects.get(pk=cast.units[who.unit])
        row = {
            "request_id": str(uuid4()), "action": "read", "outcome": "allow", "user_id": str(who.id), "user_name": user, "role_name": who.role,
            "patient_id": str(patient.id), "unit_id": str(unit.pk), "legal_entity_id": str(unit.legal_entity_id), "template_code": "ADMITTED",
        } | values  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT auditlog.write(jsonb_populate_record(NULL::auditlog_entry, %s::jsonb))", [json.dumps(row, default=str)])
            cursor.execute("UPDATE auditlog_entry SET at = %s WHERE seq = (SELECT max(seq) FROM auditlog_entry)", [at or ten(day)])

    return write


def ten(day: date) -> datetime:
    return from_oslo(datetime(day.year, day.month, day.day, 10, 0))


@pytest.fixture
def score(day: date, as_app: Any) -> Any:
    """`score()`: goes through yesterday as the worker does; returns {(user, patient): {scenario: points}} of everything that got points."""

    def run() -> dict[tuple[UUID, UUID], dict[str, int]]:
        access.LogRule.objects.filter(scenario="work_list").update(threshold=0)
        with as_app():
            acts.day_score(day)
        found = access.LogFinding.objects.filter(day=day)
        return {(one.user_id, one.patient_id): {r["scenario"]: r["points"] for r in one.reasons or []} for one in found}

    return run


def only(*scenarios: str) -> None:
    """Leaves these rules; the rest do not count."""
    access.LogRule.objects.exclude(scenario__in=[*scenarios, "work_list"]).update(active=False)


def employ(cast: Any, user: str, patient: Any) -> None:
    """The patient is this employee."""
    access.StaffIdentity.objects.create(user_id=cast[user].id, number=patient.number, registered_at=now())


def measure(cast: Any, user: str, patient: Any, template: str, **more: Any) -> UUID:
    who = cast[user]
    personal = template in ("PARTICIPATION", "EMERGENCY")
    values = {"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1), "decided_at": now(), "reason": "Vikar"} | more
    return access.DecidedMeasure.objects.create(
        patient_id=patient.id, template=access.MeasureTemplate.objects.get(code=template), unit_id=None if personal else cast.units[who.unit],
        performer_id=who.id if personal else None, decided_by_id=who.id, user_selected=True, **values,
    ).pk  # fmt: skip


def test_own_record_and_colleagues(cast, look, score):
    employ(cast, NURSE, cast.anna)
    look(NURSE, cast.anna)
    look("lms.lege", cast.anna)
    look(HOME, cast.anna)
    look(NURSE, cast.kari)
    only("own_record", "colleague")
    assert score() == {
        (cast[NURSE].id, cast.anna.id): {"own_record": 900}, (cast["lms.lege"].id, cast.anna.id): {"colleague": 400},
        (cast[HOME].id, cast.anna.id): {}, (cast[NURSE].id, cast.kari.id): {},
    }  # fmt: skip


def test_same_name_counts_until_it_is_common(cast, look, score):
    access.Patient.objects.filter(pk=cast.anna.id).update(family_name="MOEN")
    look(HOME, cast.anna)
    look(HOME, cast.kari)
    only("same_name")
    pair = cast[HOME].id, cast.anna.id
    assert score() == {pair: {"same_name": 200}, (cast[HOME].id, cast.kari.id): {}}
    access.LogRule.objects.filter(scenario="same_name").update(threshold=0)
    assert score()[pair] == {}


def test_same_address_is_found_by_the_population_register(cast, look, score):
    number = "02814112300"
    access.StaffIdentity.objects.create(user_id=cast[HOME].id, number=number, registered_at=now())
    access.RegisterPerson.objects.create(
        number=number, kind="FNR", family_name="Moen", given_name="Hanne", birth_date=date(1980, 1, 2), sex="K", address=ADDRESS, name_fold="moen"
    )
    access.Patient.objects.filter(pk=cast.anna.id).update(address=ADDRESS)
    look(HOME, cast.anna)
    look(HOME, cast.kari)
    only("same_address")
    assert score() == {(cast[HOME].id, cast.anna.id): {"same_address": 400}, (cast[HOME].id, cast.kari.id): {}}


def test_access_that_one_opened_oneself(cast, look, score):
    mine = measure(cast, HOME, cast.foreign, "PARTICIPATION")
    look(HOME, cast.foreign, measure_id=mine, user_selected=True)
    look(NURSE, cast.anna)
    only("self_opened")
    assert score() == {(cast[HOME].id, cast.foreign.id): {"self_opened": 150}, (cast[NURSE].id, cast.anna.id): {}}


def test_an_arrival_that_a_colleague_registered_is_not_ones_own_choice(cast, look, score):
    theirs = measure(cast, NURSE, cast.foreign, "NOTIFIED", source_kind="arrival", caller="Legevakten")
    for user in (NURSE, "lms.lege"):
        look(user, cast.foreign, measure_id=theirs, user_selected=True)
    only("self_opened", "arrival_in_vain")
    assert score() == {
        (cast[NURSE].id, cast.foreign.id): {"self_opened": 150, "arrival_in_vain": 300}, (cast["lms.lege"].id, cast.foreign.id): {},
    }  # fmt: skip


def test_who_charted_is_told_from_who_did_not(cast, look, score, day):
    row = VitalSet.objects.get(pk=cast.anna.rows["vitalset"])
    row.pk, row.author_id, row.recorded_at = uuid4(), cast[NURSE].id, ten(day) + timedelta(hours=1)
    row.save(force_insert=True)
    look(NURSE, cast.anna)
    look("lms.lege", cast.anna)
    look("lms.helsefag", cast.anna, template_code="EMERGENCY")
    only("no_note", "emergency_no_note")
    assert score() == {
        (cast[NURSE].id, cast.anna.id): {}, (cast["lms.lege"].id, cast.anna.id): {"no_note": 60},
        (cast["lms.helsefag"].id, cast.anna.id): {"emergency_no_note": 250},
    }  # fmt: skip


def test_outside_duty_counts_only_when_a_roster_is_known(cast, look, score):
    look(NURSE, cast.anna)
    look("lms.lege", cast.anna)
    look(HOME, cast.anna)
    only("off_duty")
    assert all(hits == {} for hits in score().values())
    with connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE FUNCTION gate.roster_known() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION gate.on_duty(p_unit uuid, p_at timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS "
            f"$$ SELECT CASE WHEN p_unit = '{cast.units['ward']}' THEN ARRAY['{cast[NURSE].id}'::uuid] END $$"
        )
    assert score() == {
        (cast[NURSE].id, cast.anna.id): {}, (cast["lms.lege"].id, cast.anna.id): {"off_duty": 300}, (cast[HOME].id, cast.anna.id): {},
    }  # fmt: skip


def test_many_patients_in_a_short_time_counts_those_above_the_limit(cast, look, score, day):
    access.LogRule.objects.filter(scenario="many_patients").update(threshold=2)
    for minute, key in enumerate(("kari", "anna", "foreign")):
        look(NURSE, cast.patients[key], at=ten(day) + timedelta(minutes=minute))
        look(HOME, cast.patients[key], at=ten(day) + timedelta(hours=2 * minute))
    only("many_patients")
    hit = {pair for pair, hits in score().items() if hits}
    assert hit == {(cast[NURSE].id, cast.foreign.id)}


def test_long_after_discharge(cast, look, score, day):
    at = ten(day)
    for key, left in (("kari", 5), ("foreign", 1)):
        measure(cast, NURSE, cast.patients[key], "ADMITTED", starts_at=at - timedelta(days=9), ends_at=at - timedelta(days=left))
        look(NURSE, cast.patients[key])
    look(NURSE, cast.anna)
    only("after_discharge")
    assert {pair[1] for pair, hits in score().items() if hits} == {cast.kari.id}


def test_opened_block_and_other_municipality(cast, look, score):
    look(HOME, cast.kari)
    look(HOME, cast.kari, action="open_blocked")
    look(HOME, cast.foreign)
    look(NURSE, cast.foreign)
    only("opened_block", "other_municipality")
    assert score() == {
        (cast[HOME].id, cast.kari.id): {"opened_block": 250}, (cast[HOME].id, cast.foreign.id): {"other_municipality": 150},
        (cast[NURSE].id, cast.foreign.id): {},
    }  # fmt: skip


def test_what_the_whole_unit_reads_counts_less(cast, look, score):
    employ(cast, NURSE, cast.anna)
    access.LogRule.objects.filter(scenario="usual").update(threshold=1)
    for user in (NURSE, "lms.lege"):
        look(user, cast.anna)
    only("own_record", "usual")
    assert score()[cast[NURSE].id, cast.anna.id] == {"own_record": 900, "usual": -150}
    assert access.LogFinding.objects.get(user_id=cast[NURSE].id).score == 750


def test_lists_refusals_and_the_log_itself_are_no_look_ups_in_a_record(cast, look, score):
    look(NURSE, cast.anna, action="search")
    look(NURSE, cast.kari, outcome="deny")
    look(LOG, cast.foreign, action="log_review")
    assert score() == {}


def test_only_what_scores_to_the_limit_is_kept(cast, look, day, as_app):
    employ(cast, NURSE, cast.anna)
    look(NURSE, cast.anna)
    look(NURSE, cast.kari)
    with as_app():
        assert acts.day_score(day) == {"look_ups": 2, "pairs": 2, "findings": 1}
    (found,) = access.LogFinding.objects.all()
    assert (found.patient_id, found.score) == (cast.anna.id, sum(r["points"] for r in found.reasons))


def test_again_changes_nothing_but_what_is_new_and_leaves_what_a_human_decided(cast, look, day, as_app, log_gate):
    employ(cast, NURSE, cast.anna)
    look(NURSE, cast.anna)
    with as_app():
        acts.day_score(day)
    first = access.LogFinding.objects.get()
    with log_gate() as opened:
        acts.finding_usual(gate=opened, finding=first.pk, remark="Avtalt med leder")
    look(NURSE, cast.anna)
    with as_app():
        acts.day_score(day)
    again = access.LogFinding.objects.get()
    assert (again.pk, again.state, again.look_ups) == (first.pk, "usual", 1)
    with log_gate() as opened:
        assert acts.finding_undo(gate=opened, finding=first.pk)
    access.StaffIdentity.objects.all().delete()
    with as_app():
        acts.day_score(day)
    assert not access.LogFinding.objects.exists()


def test_the_run_is_logged_under_its_purpose(look, cast, day, as_app, log_rows):
    look(NURSE, cast.anna)
    with as_app():
        tasks.review_log()
    row = log_rows(action="log_score")[0]
    assert (row["user_id"], row["user_name"], row["purpose"]) == (None, "Statistisk loggkontroll", "log_statistics")
    assert access.LogReviewRun.objects.filter(day=day, look_ups=1).count() == 1


def test_the_command_goes_through_the_days_and_says_how_far(look, cast, day, as_app):
    look(NURSE, cast.anna)
    out, err = StringIO(), StringIO()
    with as_app():
        call_command("review_log", "--from", f"{day - timedelta(days=1):%d.%m.%Y}", "--to", f"{day:%d.%m.%Y}", stdout=out, stderr=err)
    assert out.getvalue().startswith("Days: 2. Look-ups: 1.")
    assert "100 %" in err.getvalue()


def test_every_rule_has_words_and_every_reason_can_be_told():
    assert set(RULES) == {findings.WORK_LIST, *findings.SCENARIOS}
    facts = {"unit": "u", "bearers": 3, "template": "t", "reason": "r", "limit": 24, "count": 3, "days": 4, "entity": "e", "caller": "c",
             "at": now().isoformat(), "points": 1}  # fmt: skip
    for code in findings.SCENARIOS:
        told = findings.explained(facts | {"scenario": code})
        assert told["name"] and told["text"] and "%(" not in told["text"]
    assert findings.explained({"scenario": "unheard_of", "points": 5})["name"] == "unheard_of"


# --- The work list ---


@pytest.fixture
def log_gate(cast: Any, as_app: Any) -> Any:
    """`with log_gate() as gate:` – as in a request of the log reviewer."""

    def opened(user: str = LOG) -> Any:
        return _Opened(as_app(), gate.enter(cast[user].secret, gate.Request("search", "test", purpose="log_review"), action=Action.SEARCH))

    return opened


class _Opened:
    """Two contexts as one: the role of the application, and in it the gate."""

    def __init__(self, outer: Any, inner: Any) -> None:
        self.outer, self.inner = outer, inner

    def __enter__(self) -> Any:
        self.outer.__enter__()
        return self.inner.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.inner.__exit__(*error)
        self.outer.__exit__(*error)


@pytest.fixture
def finding(cast: Any, look: Any, day: date, as_app: Any) -> UUID:
    employ(cast, NURSE, cast.anna)
    look(NURSE, cast.anna)
    with as_app():
        acts.day_score(day)
    return access.LogFinding.objects.get().pk


def test_from_the_work_list_to_a_case(finding, client_for, cast, log_rows):
    client, form = client_for(LOG), {"actor": str(cast[LOG].id)}
    page = client.get("/logg/arbeidsliste/").content.decode()
    assert "Den ansatte åpnet sin egen journal." in page and "+900" in page
    assert {row["patient_id"] for row in log_rows(action="log_review", user_id=cast[LOG].id)} == {cast.anna.id}
    taken = client.post(f"/logg/arbeidsliste/{finding}/", form | {"act": "case"})
    case = access.ReviewCase.objects.get(kind="log")
    assert taken.url == f"/logg/saker/{case.pk}/"
    assert client.post(f"/logg/arbeidsliste/{finding}/", form | {"act": "case"}).url == taken.url
    assert access.ReviewCase.objects.filter(kind="log").count() == 1
    answer = client.post(taken.url, form | {"act": "close", "verdict": "unlawful", "assessment": "Egen journal, ingen tjenstlig grunn"})
    assert answer.status_code == 302
    assert "Ingen uvanlige oppslag venter." in client.get("/logg/arbeidsliste/").content.decode()


def test_put_away_and_taken_back(finding, client_for, cast):
    client, address, form = client_for(LOG), f"/logg/arbeidsliste/{finding}/", {"actor": str(cast[LOG].id)}
    assert client.post(address, form | {"act": "usual", "remark": ""}).status_code == 422
    assert client.post(address, form | {"act": "usual", "remark": "Avtalt med leder"}).status_code == 302
    assert client.post(address, form | {"act": "usual", "remark": "En gang til"}).status_code == 422
    assert "Avtalt med leder" in client.get(address).content.decode()
    assert client.post(address, form | {"act": "undo"}).url.endswith("gjort=angret")
    assert client.post(address, form | {"act": "undo"}).status_code == 404


def test_nobody_sees_or_judges_a_finding_about_oneself(finding, cast, client_for):
    role = access.RoleTemplate.objects.get(code="log_reviewer")
    held = access.AccessAuthorisation.objects.create(
        user_id=cast[NURSE].id, role=role, unit_id=cast.units["it"], valid_from=now() - timedelta(days=1), reason="Vikar"
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET authorisation_id = %s WHERE id = %s", [held.pk, cast[NURSE].session_id])
    client = client_for(NURSE)
    assert cast.anna.family_name not in client.get("/logg/arbeidsliste/").content.decode()
    address, form = f"/logg/arbeidsliste/{finding}/", {"actor": str(cast[NURSE].id)}
    assert client.get(address).status_code == 404
    assert client.post(address, form | {"act": "case"}).status_code == 404
    assert client.post(address, form | {"act": "usual", "remark": "Helt i orden"}).status_code in (404, 422)
    assert access.LogFinding.objects.get().state == "new"


def test_a_rule_is_changed_with_its_reason_and_its_history(client_for, cast, as_app, look, day):
    client, form = client_for(LOG), {"actor": str(cast[LOG].id), "regel": "many_patients", "weight": "100", "threshold": "60", "active": "1"}
    assert client.post("/logg/regler/", form | {"reason": ""}).status_code == 422
    assert client.post("/logg/regler/", form | {"reason": "Legevakten har mange", "weight": "1,5"}).status_code == 422
    assert client.post("/logg/regler/", form | {"reason": "Legevakten har mange", "weight": "1001"}).status_code == 422
    assert client.post("/logg/regler/", form | {"reason": "Legevakten har mange"}).status_code == 302
    was, is_now = access.LogRule.objects.filter(scenario="many_patients").order_by("valid_from")
    assert (was.threshold, was.valid_to) == (40, is_now.valid_from)
    assert (is_now.weight, is_now.threshold, is_now.changed_by_id, is_now.reason) == (100, 60, cast[LOG].id, "Legevakten har mange")
    page = client.get("/logg/regler/?regel=many_patients").content.decode()
    assert "Legevakten har mange" in page and "Startverdi" in page
    assert client.get("/logg/regler/?regel=nonsense").status_code == 404


@pytest.mark.parametrize("user", [NURSE, "tilgang.admin", "journalansvarlig"])
def test_the_database_gives_the_work_list_to_no_other_role(user, log_gate):
    for statement in ("SELECT gate.findings('', NULL, 10, '{}')", "SELECT gate.log_rules()", "SELECT gate.log_rule_set('usual', 0, 3, false, 'x')",
                      "SELECT gate.log_runs(3)"):  # fmt: skip
        with log_gate(user), pytest.raises(ProgrammingError, match="not a log review"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_staff_numbers_come_from_the_employers_list_whole_or_not_at_all(cast, tmp_path, settings):
    settings.DATABASE_OWNER_ALIAS = "default"
    file = tmp_path / "ansatte.csv"
    file.write_text(f"{NURSE};{cast.anna.number}\nukjent;{cast.kari.number}\n{HOME};123\n")
    with pytest.raises(CommandError, match="line 2: no such user; line 3: not an identity number"):
        call_command("import_staff_numbers", str(file))
    assert not access.StaffIdentity.objects.exists()
    file.write_text(f"{NURSE};{cast.anna.number}\n")
    call_command("import_staff_numbers", str(file), stdout=StringIO())
    assert access.StaffIdentity.objects.get().user_id == cast[NURSE].id
