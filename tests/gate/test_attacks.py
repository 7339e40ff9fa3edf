"""The application role as an attacker would use it: SQL of one's own, on a connection of its own, with no view in between."""

import os
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.types.json import Jsonb

from access import gate
from access.models import Patient
from journal.models import Note
from journal.policies import CURVE_TABLES
from tests.cast import Cast, build_cast, identify, marker_of
from tests.gate.loader import ENTRY_MODELS

RECORD = [*(f"journal_{name.lower()}" for name in ENTRY_MODELS), *CURVE_TABLES]
PATIENT_TABLES = [*RECORD, "access_patient", "access_patientidentity", "auditlog_entry"]
RULE_TABLES = [
    "access_accessauthorisation", "access_roleright", "access_decidedmeasure", "access_accessblock", "access_blockexception",
    "access_blockopening", "access_recordcommunity", "access_participation", "access_credential", "access_session",
    "access_loginattempt", "access_recordlink", "access_emergencycase", "access_registerperson", "gate.key", "gate.setting",
]  # fmt: skip
REFUSED = "42501"  # insufficient_privilege
NO_SUCH = "P0002"  # no_data_found
# Judged one by one, each with why it may be asked without a grant. A new function that is not here must refuse.
WITHOUT_GRANT = {
    # The session's own: they take its secret, and tell nothing without one.
    "choose_role", "enter", "enter_held", "facts", "lock", "login", "logout", "merged_to", "my_courses_lacking", "my_questions", "my_roles", "my_thread", "answer_question",
    "other_role", "pin_state", "second_factor_code", "second_factor_enrol", "second_factor_secret", "set_pin", "settle_login", "skip_pin",
    "my_account", "my_sessions", "my_session_end", "my_duty_roles", "password_change", "pin_asks", "second_factor_change", "settle_language", "choose_language",
    # The device's own: they take its secret. The public half of a hash, alike for names that nobody has.
    "locked_here", "unlock", "password_params",
    # They write a refusal and read nothing: noise at the worst, never a line that allows.
    "refused", "refused_number",
    # They answer for the grant, and say no without one.
    "allows", "current_grant", "booking_writable", "booking_takes", "manages_resource", "manages_plan", "registers_unit", "registers_resource", "kind_switched_on",
    "guests_of", "duty_rosters", "own_bells", "runs_system", "own_deviations", "duty_waiting",
    # A guest's own: they take the secret of the link, tell nothing without one, and nothing of the record but what was put before that guest.
    "guest_state", "guest_knock", "guest_material", "guest_image", "room_people",
    # The same of one who is asked, who has told a code as well: see tests/telemed/test_questions.py.
    "specialist_state", "specialist_code", "specialist_read", "specialist_image", "specialist_answer",
    # A calendar's own: it takes the secret of the link, and tells times and rooms. The worker's: when somebody is to be reminded, and where, never of what.
    "booking_feed_read", "reminders_take",
    # The worker's: what a print holds, sealed with a key that the database has not, and whether it is made.
    "print_take", "print_next", "print_made", "print_end", "print_sweep",
    # They answer for the grant: no communities, and no leader, without one.
    "own_communities", "leads_here",
    # A time and some numbers.
    "clock", "setting",
    # The worker's: they carry out what is due by rows already written, count, and tell of nobody.
    "cases_sweep", "exit_carry_out", "reapprovals_open", "score_day",
    # The worker's: they find, tell and count what is wrong with messages.
    "alarms_round", "alarm_queue", "alarm_claim", "alarm_told", "reports_make",
    # On call: whom to call stands on the log-in page; the worker finds, tells and counts what does not work, and goes on with plans by their
    # own rules; a calendar, a page at night and a building's event carry proofs of their own. None knows of a patient.
    "duty_now", "duty_addresses", "duty_to_extend", "duty_extend", "duty_message_claim", "duty_message_sent", "step_claim", "step_told", "monitor_tell", "duty_feed_read", "page_open", "page_acknowledge",
    "building_event",
    # The worker's, on a copy that the custodian has released and while it is being written: each patient is a line in the log. What whoever
    # holds the password could do with that is told in docs/security.md.
    "export_take", "export_page", "export_content", "export_written", "export_organisation", "export_end", "export_pause",
}  # fmt: skip

App = psycopg.Connection[Any]


@pytest.fixture
def people() -> Cast:
    """The committed cast. Not the fixture `cast`, whose transaction would hold the sessions locked."""
    return build_cast()


@pytest.fixture
def app(connect_as: Callable[[str], App]) -> App:
    """The application role itself; the sessions of the cast are awake."""
    owner = connect_as("epj_owner")
    owner.execute("UPDATE access_session SET last_seen_at = now()")
    owner.commit()
    return connect_as("epj_app")


def enter(app: App, cast: Cast, user: str, *patients: UUID, wanted: int = 2) -> dict[str, Any]:
    request = Jsonb({"action": "read", "route": "attack"})
    return app.execute("SELECT gate.enter(%s, %s, %s, %s)", [cast[user].secret, wanted, list(patients), request]).fetchone()[0]


def code_of(app: App, statement: str, parameters: Any = ()) -> str:
    """The error's code, or '' when the statement was let through; it is taken back either way."""
    try:
        with app.transaction(force_rollback=True):
            app.execute(statement, parameters)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


def count(app: App, table: str) -> int:
    return app.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


# --- Rows ---


@pytest.mark.parametrize("table", PATIENT_TABLES)
def test_no_row_without_a_grant(app, table):
    assert count(app, table) == 0


def test_a_grant_shows_its_patient_alone(app, people):
    assert enter(app, people, "aas.hjemmesykepleier", people.kari.id)["granted"] == [str(people.kari.id)]
    for table in RECORD:
        assert {row[0] for row in app.execute(f"SELECT patient_id FROM {table}")} <= {people.kari.id}
    assert count(app, "journal_note") == 2
    assert count(app, "auditlog_entry") == 0


def test_rows_of_undisclosed_patients_are_refused_by_the_rule_itself(app, people):
    enter(app, people, "aas.hjemmesykepleier", people.kari.id)
    row = [people.anna.id, people.anna.rows["criticalinfo"], people.units["ward"], people.entities["lms"]]
    asked = "SELECT gate.allows(2, %s, 3, NULL, NULL, %s, NULL, %s, %s, now())"
    assert app.execute(asked, row).fetchone()[0] is False
    app.execute('SELECT gate.disclose(1, %s, \'{"action": "list"}\')', [[people.anna.id]])
    assert app.execute(asked, row).fetchone()[0] is True


def test_entering_to_write_needs_a_right_to_write(app, people):
    assert enter(app, people, "aas.fysioterapeut", people.kari.id, wanted=4)["granted"] == [str(people.kari.id)]
    app.rollback()
    assert enter(app, people, "aas.saksbehandler", people.kari.id, wanted=16)["granted"] == [str(people.kari.id)]
    app.rollback()
    assert enter(app, people, "aas.saksbehandler", people.kari.id, wanted=64)["granted"] == []


@pytest.mark.parametrize("value", ["x", "a" * 64 + "|1|(,,,)", "0" * 64 + "|"])
def test_a_forged_grant_is_an_error(app, value):
    app.execute("SELECT set_config('gate.grant', %s, true)", [value])
    assert code_of(app, "SELECT * FROM journal_note") == REFUSED


def test_a_grant_of_another_transaction_is_an_error(app, people):
    enter(app, people, "aas.hjemmesykepleier", people.kari.id)
    kept = app.execute("SELECT current_setting('gate.grant')").fetchone()[0]
    app.commit()
    assert count(app, "journal_note") == 0
    app.execute("SELECT set_config('gate.grant', %s, true)", [kept])
    assert code_of(app, "SELECT * FROM journal_note") == REFUSED


def test_a_changed_grant_is_an_error(app, people):
    enter(app, people, "aas.hjemmesykepleier", people.kari.id)
    grant = app.execute("SELECT current_setting('gate.grant')").fetchone()[0]
    app.execute("SELECT set_config('gate.grant', %s, true)", [grant.replace(str(people.kari.id), str(people.foreign.id))])
    assert code_of(app, "SELECT * FROM journal_note") == REFUSED


def test_row_security_cannot_be_switched_off(app):
    app.execute("SET row_security = off")
    for table in PATIENT_TABLES:
        assert code_of(app, f"SELECT * FROM {table}") == REFUSED


def test_a_function_of_ones_own_sees_no_hidden_row(app, people):
    """Where temporary functions can be made at all, row security comes before them."""
    told: list[str] = []
    app.add_notice_handler(lambda notice: told.append(notice.message_primary))
    try:
        app.execute(
            "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
        )
    except psycopg.errors.InsufficientPrivilege:
        return
    enter(app, people, "aas.hjemmesykepleier", people.kari.id)
    app.execute("SELECT * FROM journal_note WHERE pg_temp.leak(title)")
    assert told and all(marker_of("kari") in text for text in told)


# --- Rights ---


def test_what_the_role_may_touch_is_exactly_this(app):
    may = {
        right: {
            name for (name,) in app.execute(
                "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
                " AND (has_table_privilege(c.oid, %s) OR (%s IN ('INSERT', 'UPDATE') AND has_any_column_privilege(c.oid, %s)))",
                [right, right, right if right in ("INSERT", "UPDATE", "SELECT") else "SELECT"],
            )
        }
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    }  # fmt: skip
    assert not may["DELETE"] | may["TRUNCATE"] | may["REFERENCES"] | may["TRIGGER"]
    # A patient's refusal of exchange is an entry of the record that stands with the messages. What is booked is written by those who book.
    assert all(name.startswith(("journal_", "telemed_")) or name == "messaging_exchangerefusal" for name in may["INSERT"] | may["UPDATE"]), may
    assert not may["SELECT"] & {table for table in RULE_TABLES if "." not in table}
    assert not {name for name in may["SELECT"] if name.startswith("auditlog_")} - {"auditlog_entry"}


def test_every_table_with_a_patient_has_row_security(app):
    open_tables = app.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'patient_id' AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
        " AND has_any_column_privilege(c.oid, 'SELECT') AND NOT c.relrowsecurity"
    ).fetchall()
    assert not open_tables


@pytest.mark.parametrize("table", RULE_TABLES)
def test_the_rules_own_tables_are_closed(app, table):
    for statement in ("SELECT * FROM {}", "INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"):
        assert code_of(app, statement.format(table)) == REFUSED


def test_the_log_is_only_written_through_the_gate(app, people):
    enter(app, people, "logg.kontroll")
    parts = app.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'auditlog_entry'::regclass").fetchall()
    assert len(parts) > 2
    for table in ("auditlog_entry", *(part for (part,) in parts)):
        for statement in ("INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET reason = ''", "DELETE FROM {}", "TRUNCATE {}", "LOCK {}"):
            assert code_of(app, statement.format(table)) == REFUSED
        assert table == "auditlog_entry" or code_of(app, f"SELECT * FROM {table}") == REFUSED
    assert code_of(app, "SELECT auditlog.write(NULL::auditlog_entry)") == REFUSED


@pytest.mark.parametrize("statement", [
    "ALTER TABLE journal_note DISABLE ROW LEVEL SECURITY", "DROP POLICY entry_read ON journal_note",
    "ALTER TABLE journal_note DISABLE TRIGGER ALL", "ALTER ROLE epj_app BYPASSRLS", "SET ROLE epj_owner",
    "SET SESSION AUTHORIZATION epj_owner", "SET session_replication_role = replica", "CREATE FUNCTION public.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION gate.leak() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TABLE public.mine (x int)", "CREATE SCHEMA mine",
    "SELECT gate.set_grant(NULL)", "SELECT gate.mac('x')", "COPY journal_note TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')",
    "UPDATE journal_noteversion SET title = ''", "DELETE FROM journal_noteversion", "DELETE FROM journal_note",
    "UPDATE journal_note SET patient_id = gen_random_uuid()", "UPDATE journal_note SET author_id = gen_random_uuid()",
    "UPDATE journal_note SET category = 1", "UPDATE journal_note SET recorded_at = now()", "UPDATE access_patient SET family_name = 'x'",
])  # fmt: skip
def test_refused_even_with_a_grant(app, people, statement):
    enter(app, people, "aas.hjemmesykepleier", people.kari.id)
    assert code_of(app, statement) == REFUSED


def test_temporary_objects_cannot_be_made_in_the_served_database():
    with psycopg.connect(os.environ["EPJ_TEST_APP_URL"]) as served:
        assert served.execute("SELECT has_database_privilege(current_database(), 'TEMP')").fetchone()[0] is False
        assert served.execute("SELECT has_schema_privilege('public', 'CREATE')").fetchone()[0] is False


def test_definer_functions_refuse_without_a_grant(app):
    functions = app.execute(
        "SELECT p.proname, array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) FROM pg_proc p"
        " WHERE p.pronamespace = 'gate'::regnamespace AND has_function_privilege(p.oid, 'EXECUTE')"
    ).fetchall()
    assert len(functions) > len(WITHOUT_GRANT)
    let_through = []
    for name, types in functions:
        arguments = ", ".join(f"NULL::{one}" for one in types)
        if name not in WITHOUT_GRANT and code_of(app, f"SELECT gate.{name}({arguments})") != REFUSED:
            let_through.append(name)
    assert not let_through
    assert not WITHOUT_GRANT - {name for name, _ in functions}


def test_two_administrators_who_decide_at_once_wait_for_each_other(app, people, connect_as):
    other = connect_as("epj_app")
    enter(app, people, "tilgang.admin")
    enter(other, people, "tilgang.admin2")
    other.execute("SET LOCAL lock_timeout = '150ms'")
    assert app.execute("SELECT gate.rights_propose('[]', 'Først')").fetchone()[0] == {"state": "same"}
    assert code_of(other, "SELECT gate.rights_decide(%s, 'approve', '')", [uuid4()]) == "55P03"
    app.rollback()
    assert other.execute("SELECT gate.rights_decide(%s, 'approve', '')", [uuid4()]).fetchone()[0] == "decided"


def test_the_workers_functions_tell_nothing_while_no_copy_is_released(app, people):
    assert app.execute("SELECT gate.export_take()").fetchone()[0] is None
    export = identify("export")
    assert code_of(app, "SELECT * FROM gate.export_page(%s, 500)", [export]) == NO_SUCH
    assert code_of(app, "SELECT gate.export_organisation(%s, %s, %s, '{}')", [export, list(people.units.values()), []]) == "23514"
    assert code_of(app, "SELECT gate.export_written(%s, 1, %s, 0, 0)", [export, [people.kari.id]]) == "23514"
    app.execute("SELECT gate.export_end(%s, 'falsk', ''), gate.export_pause(%s)", [export, export])
    app.rollback()


@pytest.mark.parametrize("function", ["facts(%s, %s, true)", "enter(%s, 2, ARRAY[%s::uuid], '{}')"])
def test_a_wrong_secret_tells_nothing_of_a_patient(app, people, function):
    answers = {
        re.sub(r"\"now\": \"[^\"]*\"", "", str(app.execute(f"SELECT gate.{function}::text", ["guess", patient]).fetchone()[0]))
        for patient in (people.kari.id, uuid4())
    }
    assert len(answers) == 1
    assert str(people.kari.id) not in answers.pop()


# --- Absent or invisible: no difference ---


def both(app: App, cast: Cast, statement: str, **more: Any) -> tuple[str, str]:
    """The error for a patient who is elsewhere, and for one who is nowhere."""
    nowhere = {"patient": uuid4(), "stay": uuid4(), "note": uuid4(), "task": uuid4()}
    elsewhere = {"patient": cast.foreign.id, **{key: cast.foreign.rows[key] for key in ("stay", "note", "task")}}
    own = {"own": cast.kari.id, "own_note": cast.kari.rows["note"], "unit": cast.units["aas_home"], "entity": cast.entities["aas"],
           "me": cast["aas.hjemmesykepleier"].id}  # fmt: skip
    answers = []
    for values in (elsewhere, nowhere):
        enter(app, cast, "aas.hjemmesykepleier", cast.kari.id)
        answers.append(code_of(app, statement, {**own, **values, "id": uuid4(), **more}))
        app.rollback()
    return answers[0], answers[1]


ENTRY = "(%(id)s, {patient}, 13, {stay}, %(unit)s, %(entity)s, %(me)s, now(), now(), 'x', '', now(), %(unit)s, '', 1)"
TASK = (
    "INSERT INTO journal_task (id, patient_id, category, stay_id, unit_id, legal_entity_id, author_id, event_at, recorded_at, title, kind,"
    " due_at, for_unit_id, outcome, lock_version) VALUES " + ENTRY
)
VERSION = (
    "INSERT INTO journal_noteversion (id, patient_id, category, document_type_id, unit_id, legal_entity_id, author_id, event_at, recorded_at,"
    " note_id, origin_id, number, title, content, state, reason) VALUES (%(id)s, %(own)s, 7, 'nurse_note', %(unit)s, %(entity)s, %(me)s, now(), now(),"
    " %(note)s, %(note)s, 9, '', '{}', 'CONFIRMED', '')"
)
NOW = "; SET CONSTRAINTS ALL IMMEDIATE"


@pytest.mark.parametrize("statement", [
    TASK.format(patient="%(patient)s", stay="NULL"),
    TASK.format(patient="%(own)s", stay="%(stay)s"),
    VERSION,
    "SELECT gate.stay_changed(%(stay)s)",
    "SELECT gate.task_changed(%(task)s)",
    "SELECT gate.service_changed(%(note)s)",
    "SELECT gate.open_blocked(%(patient)s, %(note)s, 'consent', 'x')",
])  # fmt: skip
def test_probing_fails_alike_for_a_foreign_and_an_absent_patient(app, people, statement):
    elsewhere, nowhere = both(app, people, statement)
    assert elsewhere == nowhere != ""


@pytest.mark.parametrize("statement", [
    "SELECT gate.discard_draft(%(note)s)", "SELECT gate.end_emergency(%(patient)s)", "SELECT gate.something_blocked(%(patient)s)",
    "SELECT gate.my_measures(%(patient)s)", "UPDATE journal_note SET title = 'x' WHERE id = %(note)s",
    "SELECT gate.disclose(1, ARRAY[%(patient)s::uuid], '{\"action\": \"x\"}')",
])  # fmt: skip
def test_asking_answers_alike_for_a_foreign_and_an_absent_patient(app, people, statement):
    assert both(app, people, statement) == ("", "")
    answers = []
    for patient, note in ((people.foreign.id, people.foreign.rows["draft"]), (uuid4(), uuid4())):
        enter(app, people, "aas.hjemmesykepleier", people.kari.id)
        cursor = app.execute(statement, {"patient": patient, "note": note})
        answers.append((cursor.rowcount, cursor.fetchall() if cursor.description else []))
        app.rollback()
    assert answers[0] == answers[1]


def test_entering_answers_alike_for_a_foreign_and_an_absent_patient(app, people):
    assert enter(app, people, "aas.hjemmesykepleier", people.foreign.id) == enter(app, people, "aas.hjemmesykepleier", uuid4())


def test_a_number_is_answered_from_the_register_alike_with_and_without_a_record(app, people, connect_as):
    owner = connect_as("epj_owner")
    owner.execute(
        "INSERT INTO access_registerperson (number, kind, family_name, given_name, birth_date, sex, municipality_number, address,"
        " protected_address, name_fold) VALUES ('00000000000', 'FNR', 'Uten', 'Journal', '1950-01-01', 'K', '', '', false, 'uten journal')"
    )
    owner.commit()
    try:
        enter(app, people, "aas.hjemmesykepleier")
        ask = "SELECT gate.lookup_number(%s)"
        with_record, without = (app.execute(ask, [number]).fetchone()[0] for number in (people.foreign.number, "00000000000"))
        assert with_record.keys() == without.keys()
        assert with_record["patient_id"] is without["patient_id"] is None
        assert app.execute(ask, [people.kari.number]).fetchone()[0]["patient_id"] == str(people.kari.id)
    finally:
        owner.execute("DELETE FROM access_registerperson WHERE number = '00000000000'")
        owner.commit()


# --- The log ---


@pytest.mark.django_db
def test_each_opened_patient_has_a_line_in_the_same_transaction(cast, open_gate, as_owner):
    with open_gate("lms.sykepleier", patient=cast.anna.id) as opened:
        opened.disclose([cast.blocked.id, cast.foreign.id])
        shown = set(Patient.objects.values_list("id", flat=True))
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT patient_id FROM auditlog_entry WHERE request_id = %s AND xid = pg_current_xact_id()::text::bigint",
                [opened.request.id],
            )
            logged = {row[0] for row in cursor.fetchall()}
    assert shown == logged == {cast.anna.id, cast.blocked.id}


@pytest.mark.django_db
def test_without_a_log_no_byte_of_a_patient_leaves(cast, client_for):
    pages = [f"/pasient/{cast.kari.id}/", f"/pasient/{cast.kari.id}/journal/", "/pasienter/", "/dagsliste/"]
    client = client_for("aas.hjemmesykepleier")
    assert any(cast.kari.family_name in client.get(page).content.decode() for page in pages)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION auditlog.write(VARIADIC entries auditlog_entry[]) RETURNS void LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$"
        )
    for page in pages:
        try:
            response = client.get(page)
        except Exception as error:
            answer = str(error)
        else:
            assert response.status_code >= 500
            answer = response.content.decode()
        for patient in cast.patients.values():
            assert not [marker for marker in patient.markers if marker in answer]


@pytest.mark.django_db
def test_after_the_gate_has_closed_nothing_is_seen(cast, open_gate, as_app):
    with open_gate("aas.hjemmesykepleier", patient=cast.kari.id):
        assert Note.objects.exists()
    with as_app():
        assert not Note.objects.exists()
        assert gate.call("current_grant") is None
