"""Three attempts, each with the session of each role and the application's database role in hand: read what is blocked, read without a line
in the log, change the log or one's own rights.

Every function that the application may call is called, under every grant the session can get, with arguments chosen to help the one who
tries: another patient's numbers and rows, oneself as the person, the custodian's role, every purpose, and the word that it is only a poll.
The functions come from the catalogue, so a new one is tried from the day it stands.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction

from access.models import RoleTemplate
from journal.policies import CURVE_TABLES
from tests.cast import ROWS, Cast, Person, identify, marker_of
from tests.gate.loader import ENTRY_MODELS
from tests.gate.test_routes import PATIENTS, Judge, leaks, log_mark

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROLES = (
    "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler", "lms.leder", "tilgang.admin", "tilgang.admin2", "logg.kontroll",
    "journalansvarlig", "drift", "meldingsansvarlig", "aas.to_roller", "sluttet",
)  # fmt: skip
PURPOSES = ("", "case_review", "log_review", "poll")
RECORD = [*(f"journal_{name.lower()}" for name in ENTRY_MODELS), *CURVE_TABLES]
# It answers from the population register alone, alike with and without a record.
REGISTER = {"lookup_number"}
# They name the patient whose cases or log they are about, each with a line in the log.
NAMES = {"who_at": "log_review", "cases": "log_review", "findings": "log_review", "case_read": "log_review"}
# They write a session's own end, or another's name into it, and would spoil the walk for the rest of it.
NOT_WALKED = {"login", "logout", "lock", "unlock", "choose_role", "settle_login"}


def functions() -> list[tuple[str, list[str], list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, coalesce(p.proargnames[1:p.pronargs], '{}'), array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)"
            " FROM pg_proc p WHERE p.pronamespace = 'gate'::regnamespace AND p.prorettype <> 'trigger'::regtype"
            " AND has_function_privilege('epj_app', p.oid, 'EXECUTE') ORDER BY 1"
        )
        return [row for row in cursor.fetchall() if row[0] not in NOT_WALKED]


def argument(name: str, kind: str, cast: Cast, me: Any, patient: Person, custodian: UUID) -> Any:
    """What would help the one who tries."""
    now = datetime.now(UTC)
    named = {
        "secret": me.secret, "patient": patient.id, "p_patient": patient.id, "patients": [patient.id], "p_entry": patient.rows["note"],
        "p_note": patient.rows["draft"], "p_stay": patient.rows["stay"], "p_task": patient.rows["task"], "p_user": me.id, "p_role": custodian,
        "p_source": custodian, "p_unit": cast.units[me.unit], "p_entity": cast.entities["aas"], "p_authorisation": me.authorisation_id,
        "authorisation": me.authorisation_id, "p_as": me.authorisation_id, "p_registration": identify("block", patient.key),
        "p_community": cast.community, "p_export": identify("export"), "p_change": identify("change"), "p_number": patient.number, "p_numbers": [patient.number],
        "p_basis": "weighty", "outcome": "deny", "p_view": "work", "template_codes": ["ADMITTED", "SERVICE_HEALTH", "NOTIFIED"],
        "request": '{"action": "read", "route": "attack"}', "p_to": now + timedelta(days=1), "terms": ["a"], "p_words": [], "wanted": 2,
        "p_authorisations": [me.authorisation_id], "p_held": True, "p_rows": json.dumps([{
            "user": str(me.id), "role": str(custodian), "unit": str(cast.units[me.unit]), "from": now.isoformat(), "reason": "x"}]),
        "whats": json.dumps([{"scope": "record", "target": "everyone", "exceptions": [{"user_id": str(me.id)}]}]),
        "wish": '{"kind": "patient", "wish_of": "x"}', "scope": '[{"categories": null, "since_days": null}]', "p_scenario": "",
        "p_block": None, "born": None, "p_category": patient.id and 7, "p_entity_id": cast.entities["aas"], "items": "[]",
    }  # fmt: skip
    if name in named:
        return named[name]
    by_kind = {
        "uuid": uuid4(), "text": "x", "integer": 5, "bigint": 1, "smallint": 7, "boolean": True, "jsonb": "{}", "date": now.date(),
        "timestamp with time zone": now, "uuid[]": [patient.id], "text[]": ["x"], "smallint[]": [7], "integer[]": [7],
        "double precision": 1.0, "bytea": b"x", "bytea[]": [b"x"],
    }  # fmt: skip
    return by_kind[kind]


def grants(me: Any, patient: Person) -> Iterator[tuple[str, list[Any]]]:
    for purpose in PURPOSES:
        request = {"action": "read", "route": "attack", "purpose": purpose, "quiet": purpose == "poll"}
        yield purpose, [me.secret, 2, [], json.dumps(request)]
    yield "patient", [me.secret, 2, [patient.id], '{"action": "read", "route": "attack"}']


# What the person holds, what the roles held may do: (roles, units administered, sum of rights, licences and courses). To keep a roster is no right to a record.
STANDING = """
    SELECT (SELECT count(*) FROM access_accessauthorisation WHERE user_id = '{me}' AND ended_at IS NULL AND (valid_to IS NULL OR valid_to > now())),
        (SELECT count(*) FROM guardian_userobjectpermission p JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'access' WHERE p.user_id = '{me}'),
        (SELECT coalesce(sum(r.actions), 0) FROM access_roleright r JOIN access_accessauthorisation a ON a.role_id = r.role_id
         WHERE a.user_id = '{me}' AND r.valid_to IS NULL),
        (SELECT count(*) FROM access_licence WHERE user_id = '{me}') + (SELECT count(*) FROM access_coursecompletion WHERE user_id = '{me}')
"""


def log_until(mark: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(coalesce(string_agg(e::text, '' ORDER BY seq), '')) FROM auditlog_entry e WHERE seq <= %s", [mark])
        return cursor.fetchone()[0]


class Application:
    """The application's role inside the transaction that is open. Statements go together, for there are tens of thousands of them."""

    def __init__(self) -> None:
        self.cursor = psycopg.ClientCursor(connection.connection)
        self.cursor.execute("SAVEPOINT point")

    def do(self, statement: str, parameters: Any) -> None:
        """Does it, or is refused."""
        try:
            self.cursor.execute(f"SET LOCAL ROLE epj_app; {statement}; RESET ROLE; SAVEPOINT point", parameters)
        except psycopg.DatabaseError:
            self.cursor.execute("ROLLBACK TO SAVEPOINT point")

    def ask(self, statement: str, parameters: Any = (), then: str = "SELECT 1") -> tuple[str | None, tuple[Any, ...]]:
        """The answer as text, or None when it was refused; and what the owner finds after it. What was asked before is taken back."""
        try:
            self.cursor.execute(f"ROLLBACK TO SAVEPOINT point; SET LOCAL ROLE epj_app; {statement}; RESET ROLE; {then}", parameters)
        except psycopg.DatabaseError:
            self.cursor.execute("ROLLBACK TO SAVEPOINT point")
            return None, ()
        answer, after = [result.fetchall() for result in self.cursor.results() if result.description]
        return str(answer), after[0]


@pytest.mark.parametrize("username", ROLES)
def test_no_function_gives_what_the_session_may_not_have(username, cast):
    judge, me, custodian = Judge(cast, username), cast[username], RoleTemplate.objects.get(code="custodian").id
    called, faults, standing = functions(), [], STANDING.format(me=cast[username].id)
    first = log_mark()
    log = log_until(first)
    answered = 0
    with transaction.atomic():
        _, before = Application().ask("SELECT 1", then=standing)
    for patient in (cast.blocked, cast.anna, cast.foreign):
        for purpose, entering in grants(me, patient):
            with transaction.atomic():
                application = Application()
                application.do("SELECT gate.enter(%s, %s, %s, %s)", entering)
                for name, names, kinds in called:
                    values = [argument(one, kind, cast, me, patient, custodian) for one, kind in zip(names, kinds, strict=True)]
                    marks = ", ".join(f"%s::{kind}" for kind in kinds)
                    text, now = application.ask(f"SELECT x::text FROM gate.{name}({marks}) x", values, then=standing)
                    if text is None:
                        continue
                    answered += 1
                    told = [f"{name} as {username} for {patient.key} ({purpose or 'no purpose'}): {fault}" for key in PATIENTS
                            for fault in leaks("" if name in REGISTER else mine(text, patient), judge, key, NAMES.get(name, "block_list"), first)]  # fmt: skip
                    if any(after > was for after, was in zip(now, before, strict=True)):
                        told.append(f"{name} as {username} widened the own rights: {before} → {now}")
                    faults += told
                transaction.set_rollback(True)
    assert log_until(first) == log
    assert answered > 20
    assert not faults, "\n".join(faults[:20])


def mine(text: str, patient: Person) -> str:
    """The answer without what was put into the question."""
    return text.replace(patient.number, "")


@pytest.mark.parametrize("username", ROLES)
def test_no_table_gives_a_blocked_word_or_one_without_a_line_in_the_log(username, cast):
    judge, me, mark = Judge(cast, username), cast[username], log_mark()
    faults, seen = [], 0
    for key in PATIENTS:
        patient = cast.patients[key]
        for purpose, entering in grants(me, patient):
            with transaction.atomic():
                application = Application()
                application.do("SELECT gate.enter(%s, %s, %s, %s)", entering)
                application.do("SELECT gate.block_subject(%s)", [patient.id])
                application.do("SELECT gate.open_blocked(%s, %s, 'consent', 'x')", [cast.kari.id, patient.rows["note"]])
                for table in [*RECORD, "access_patient", "access_patientidentity"]:
                    text = application.ask(f"SELECT to_jsonb(x) FROM {table} x")[0] or ""
                    seen += table in RECORD and marker_of(key) in text
                    found = [fault for one in PATIENTS for fault in leaks(text, judge, one, "block_list", mark)]
                    faults += [f"{table} as {username} ({purpose}): {fault}" for fault in found]
                transaction.set_rollback(True)
    assert not faults, "\n".join(faults[:20])
    assert bool(seen) == any(judge.readable.values()), "what may be read must be seen, or the walk has seen nothing"


def test_the_walk_has_arguments_for_every_function(cast):
    me, custodian = cast["tilgang.admin"], uuid4()
    for _name, names, kinds in functions():
        for one, kind in zip(names, kinds, strict=True):
            argument(one, kind, cast, me, cast.anna, custodian)
    assert len(functions()) > 100
    assert not {name for name in NAMES if not any(name == one for one, _, _ in functions())}


def test_a_leak_would_be_noticed(cast):
    """The measure itself: a name without a line in the log, and a blocked row's word."""
    judge, mark = Judge(cast, "lms.sykepleier"), log_mark()
    assert list(leaks(f"{cast.blocked.family_name}", judge, "blocked", "x", mark))
    assert any("shows" in one for one in leaks(f"{marker_of('blocked')} note", judge, "blocked", "x", mark))
    assert re.search("note", " ".join(ROWS))
