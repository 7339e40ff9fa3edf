"""Holes that were looked for by hand and shut: reading without a line in the log, acting in another's name, and sessions."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.types.json import Jsonb

from access import gate
from access.domain.codes import Action
from journal.models import Task
from tests.access.blocking import refused
from tests.access.conftest import log_rows  # noqa: F401 - a fixture
from tests.cast import identify
from tests.gate.test_break_in import ADMIN, CHECK, DOCTOR, HOME, NURSE, REFUSED, TWO, VERSION, error_of

pytestmark = pytest.mark.django_db


# --- Without a line in the log ---


@pytest.mark.parametrize(("user", "page"), [
    (ADMIN, "/register/"), (ADMIN, "/roller/endringer/"), ("logg.kontroll", "/logg/"), ("journalansvarlig", "/kontroll/"), (NURSE, "/pasienter/"),
])  # fmt: skip
def test_saying_that_it_is_a_poll_does_not_keep_a_page_out_of_the_log(cast, client_for, log_rows, user, page):  # noqa: F811
    assert client_for(user).get(page, headers={"X-EPJ-Poll": "1"}).status_code == 200
    assert log_rows(user_id=cast[user].id)


@pytest.mark.parametrize(("user", "function", "arguments"), [
    (ADMIN, "register_keys", []), (ADMIN, "rights_changes", [None]), (ADMIN, "register_on", [datetime(2026, 1, 1, tzinfo=UTC), [], None, None, 0, 500]),
    ("lms.leder", "unit_staff", []), (NURSE, "lookup_number", ["00000000000"]), ("journalansvarlig", "case_messages", [uuid4()]),
    ("logg.kontroll", "log_rules", []),
])  # fmt: skip
def test_a_quiet_grant_answers_no_questions_of_control(cast, as_app, user, function, arguments):
    request = {"action": "search", "route": "attack", "quiet": True, "purpose": "log_review" if user == "logg.kontroll" else "case_review"}
    with as_app():
        assert gate.call("enter", cast[user].secret, 1, [], Jsonb(request))["state"] == "ok"
        assert refused(function, *arguments) == REFUSED
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM auditlog_entry")
            assert cursor.fetchone()[0] == 0


def test_what_was_shown_is_told_of_opened_patients_only(cast, as_app):
    """Lines about others would make noise in a log that somebody must be able to trust."""
    request = {"action": "read", "route": "attack"}
    with as_app():
        gate.call("enter", cast[HOME].secret, 2, [cast.kari.id], Jsonb(request))
        item = {"patient": str(cast.foreign.id), "objects": {"note": [str(uuid4())]}, "categories": [7]}
        assert refused("leave", Jsonb([item]), Jsonb(request)) == REFUSED


def test_a_number_without_a_record_is_logged_too_when_the_custodian_asks(cast, open_gate, log_rows):  # noqa: F811
    with open_gate("journalansvarlig"):
        assert gate.call("export_refuse", identify("export"), "00000000000", "Ås kommune") is None
    assert log_rows(action="export_refuse")


# --- In another's name ---


def test_nobody_signs_in_anothers_name(cast, open_gate):
    note = cast.anna.rows["draft"]
    sign = "UPDATE journal_note SET state = 'SIGNED', version = 1, signed_at = now(), signed_by_id = %s WHERE id = %s"
    with open_gate(NURSE, patient=cast.anna.id, action=Action.SIGN):
        assert error_of(VERSION.format(origin="id", state="SIGNED"), note) == ""
        assert error_of(sign, cast[DOCTOR].id, note) == REFUSED
        assert error_of(sign, cast[NURSE].id, note) == ""


@pytest.mark.parametrize(("table", "column"), [("journal_task", "done_by_id"), ("journal_visit", "done_by_id"), ("journal_vitalset", "struck_by_id")])
def test_nor_is_anything_done_in_anothers_name(cast, open_gate, table, column):
    row = cast.kari.rows[table.removeprefix("journal_")]
    with open_gate(HOME, patient=cast.kari.id, action=Action.WRITE):
        update = f"UPDATE {table} SET {column} = %s WHERE id = %s"
        assert error_of(update, cast[DOCTOR].id, row) == REFUSED
        assert error_of(update, cast[HOME].id, row) == ""


@pytest.mark.parametrize("ahead", [timedelta(days=-30), timedelta(days=1)])
def test_when_something_was_written_is_not_made_up(cast, open_gate, ahead):
    """The control asks whether somebody charted after looking; a date of one's own would answer it."""
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as opened:
        values = {
            "patient_id": cast.anna.id, "category_id": 13, "unit_id": opened.unit_id, "legal_entity_id": opened.legal_entity_id,
            "author_id": opened.user_id, "event_at": opened.now, "title": "x", "due_at": opened.now, "for_unit_id": opened.unit_id,
        }  # fmt: skip
        Task.objects.create(id=uuid4(), recorded_at=opened.now, **values)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Task.objects.create(id=uuid4(), recorded_at=opened.now + ahead, **values)


# --- Sessions ---


def test_a_pin_is_not_set_before_the_second_factor(cast, as_app):
    """With the password alone, a new PIN would open the same person's locked session on this device, past the second factor."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET second_factor = false WHERE id = %s", [cast[NURSE].session_id])
        cursor.execute("INSERT INTO access_credential (user_id, password_params, totp_secret, pin_params) VALUES (%s, '', '', '')", [cast[NURSE].id])
    with as_app():
        assert gate.call("set_pin", cast[NURSE].secret, "argon2id$64$1$1$00", "00") is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET second_factor = true WHERE id = %s", [cast[NURSE].session_id])
    with as_app():
        assert gate.call("set_pin", cast[NURSE].secret, "argon2id$64$1$1$00", "00") is True


def test_log_ins_of_one_name_wait_for_each_other(cast, connect_as):
    """Guesses sent at the same moment would otherwise not see each other's failure, and the throttle would count none of them."""
    first, second = connect_as("epj_app"), connect_as("epj_app")
    ask = "SELECT gate.login(%s, 'ff', %s, 'enhet', 'x', '10.9.9.9')"
    first.execute(ask, ["ingen.slik", "a"])
    second.execute("SET lock_timeout = '150ms'")
    second.commit()
    with pytest.raises(psycopg.errors.LockNotAvailable):
        second.execute(ask, ["ingen.slik", "b"])
    second.rollback()
    assert second.execute(ask.replace("10.9.9.9", "10.9.9.8"), ["en.annen", "c"]).fetchone()[0]["state"] == "wrong"


@pytest.mark.parametrize("function", ["facts", "my_roles", "other_role", "my_questions", "set_pin", "unlock"])
def test_the_session_of_one_who_was_closed_is_worth_nothing(cast, as_app, function):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_user SET is_active = false WHERE id = %s", [cast[TWO].id])
    secret = cast[TWO].secret
    with as_app():
        assert gate.read_facts(secret, cast.kari.id)["state"] == "none"
        assert gate.call("enter", secret, 2, [cast.kari.id], "{}")["granted"] == []
        match function:
            case "my_roles":
                assert gate.rows("my_roles", secret) == []
            case "other_role":
                assert gate.rows("other_role", secret, cast.kari.number) == []
            case "my_questions":
                assert refused("my_questions", secret, None, Jsonb({})) == REFUSED
            case "set_pin":
                assert gate.call("set_pin", secret, "x", "00") is None
            case "unlock":
                assert gate.call("unlock", "cast-device-secret", cast[TWO].session_id, "00", "ny")["state"] == "ended"


def test_the_statistics_are_not_run_for_a_day_that_has_not_been(cast, as_app):
    with as_app():
        assert refused("score_day", (datetime.now(UTC) + timedelta(days=2)).date()) == CHECK


def test_other_connections_of_the_application_do_not_show_what_they_ask(connect_as):
    """pg_stat_activity shows a role the text of its own role's statements, and with it names and words of a record."""
    other, app = connect_as("epj_app"), connect_as("epj_app")
    other.execute("SELECT 'hemmelig ord'")
    seen = app.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.info.backend_pid]).fetchone()
    assert "hemmelig" not in (seen[0] or "")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("SET track_activities = on")


# --- What is tried is written down ---


def test_codes_and_log_outs_are_in_the_log(cast, as_app, log_rows):  # noqa: F811
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_session SET second_factor = false WHERE id = %s", [cast[NURSE].session_id])
    with as_app():
        assert gate.call("second_factor_code", cast[NURSE].secret, None) is False
        assert gate.call("second_factor_code", cast[NURSE].secret, 4711) is True
        gate.call("logout", cast[NURSE].secret)
        gate.call("logout", cast[NURSE].secret)
    told = [(row["action"], row["outcome"], row["reason_code"]) for row in log_rows(user_id=cast[NURSE].id)]
    assert told == [("logout", "allow", ""), ("second_factor", "allow", ""), ("second_factor", "deny", "wrong_code")]


def test_another_patients_form_is_refused_and_logged(cast, client_for, log_rows):  # noqa: F811
    """Kari's form sent to Anna's address: the form of one and the ids of another."""
    form = {"patient": str(cast.kari.id), "actor": str(cast[HOME].id), "lock_version": "1"}
    address = f"/pasient/{cast.anna.id}/oppgave/{cast.anna.rows['task']}/gjort/"
    assert client_for(HOME).post(address, form).status_code == 409
    row = log_rows(reason_code="other_form")[0]
    assert (row["outcome"], row["patient_id"], row["user_id"]) == ("deny", cast.anna.id, cast[HOME].id)
    # The right form with another patient's row in the address finds no row.
    address = f"/pasient/{cast.anna.id}/oppgave/{cast.kari.rows['task']}/gjort/"
    assert client_for(HOME).post(address, form | {"patient": str(cast.anna.id)}).status_code == 404


def test_every_answer_tells_the_browser_how_to_treat_it(client_for):
    for page in ("/logg-inn/", "/tavle/", "/finnes-ikke/"):
        headers = client_for(NURSE).get(page).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"], headers["X-Frame-Options"]) == ("nosniff", "same-origin", "DENY")
        assert "Access-Control-Allow-Origin" not in headers
        assert page == "/finnes-ikke/" or "no-store" in headers["Cache-Control"]


def test_cookies_are_for_this_site_and_no_script(client_for):
    answer = client_for(None).get("/logg-inn/")
    assert {"epj_device", "csrftoken"} <= set(answer.cookies)
    assert all(one["httponly"] and one["samesite"] == "Strict" and not one["domain"] for one in answer.cookies.values())
