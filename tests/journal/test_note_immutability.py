"""A note that is confirmed is never rewritten: not by the application, and not by the owner either without a version that says the same."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db

NURSE = "aas.hjemmesykepleier"


def tried(statement: str, parameters: list | None = None) -> str:
    """'' when the statement held, else the error's code; it is taken back either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            if cursor.description is None and cursor.rowcount == 0:
                return "no row"
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


REWRITES = [
    "content = '{\"text\": \"noe annet\"}'", "title = 'noe annet'", "state = 'DRAFT', version = 0", "state = 'CONFIRMED'", "version = version + 1",
    "version = version - 1", "version = version + 2", "event_at = event_at - interval '1 day'", "signed_at = now()", "signed_by_id = author_id, signed_at = now()",
    "confirmed_at = NULL, state = 'CONFIRMED'",
]  # fmt: skip


@pytest.mark.parametrize("change", REWRITES)
@pytest.mark.parametrize("role", ["application", "owner"])
def test_a_signed_note_is_not_rewritten(cast, open_gate, change, role):
    statement = f"UPDATE journal_note SET {change} WHERE id = %s"
    if role == "owner":
        assert tried(statement, [cast.kari.rows["note"]]) in ("23001", "23514")
        return
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried(statement, [cast.kari.rows["note"]]) in ("23001", "23514", "42501")


@pytest.mark.parametrize("change", ["patient_id = gen_random_uuid()", "author_id = gen_random_uuid()", "document_type_id = 'home_visit'",
                                    "recorded_at = now()", "mark = 'L'", "needs_cosign = true"])  # fmt: skip
def test_whose_and_of_which_kind_is_never_changed(cast, open_gate, change):
    statement = f"UPDATE journal_note SET {change} WHERE id = %s"
    assert tried(statement, [cast.kari.rows["note"]]) == "23001"
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried(statement, [cast.kari.rows["note"]]) == "42501"


@pytest.mark.parametrize("statement", [
    "UPDATE journal_noteversion SET content = '{}'", "UPDATE journal_noteversion SET number = 7", "DELETE FROM journal_noteversion",
    "TRUNCATE journal_noteversion CASCADE",
])  # fmt: skip
def test_versions_are_only_added(cast, open_gate, statement):
    assert tried(statement) == "23001"
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried(statement) == "42501"


def test_a_signed_note_is_not_removed(cast, open_gate):
    assert tried("DELETE FROM journal_note WHERE id = %s", [cast.kari.rows["note"]]) == "23001"
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried("DELETE FROM journal_note WHERE id = %s", [cast.kari.rows["note"]]) == "42501"


def test_a_correction_is_a_version_that_says_the_same(cast, open_gate):
    note, new = cast.kari.rows["note"], '{"text": "rettet"}'
    version = (
        "INSERT INTO journal_noteversion (id, patient_id, category, document_type_id, unit_id, legal_entity_id, author_id, event_at,"
        " recorded_at, note_id, origin_id, number, title, content, state, reason) SELECT %s, patient_id, category, document_type_id, unit_id,"
        " legal_entity_id, author_id, event_at, now(), id, id, version + 1, title, %s, 'SIGNED', 'Feil ord' FROM journal_note WHERE id = %s"
    )
    change = "UPDATE journal_note SET content = %s, version = version + 1, corrected_at = now() WHERE id = %s"
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried(change, [new, note]) == "23001"
        with connection.cursor() as cursor:
            cursor.execute(version, [uuid4(), new, note])
        assert tried(change, ['{"text": "noe tredje"}', note]) == "23001"
        assert tried(change, [new, note]) == ""


def test_a_note_begins_as_a_draft(cast, open_gate):
    insert = (
        "INSERT INTO journal_note (id, patient_id, category, document_type_id, unit_id, legal_entity_id, author_id, event_at, recorded_at,"
        " title, content, state, mark, version, lock_version, correction_reason, needs_cosign, emergency, signed_by_id, signed_at)"
        " VALUES (gen_random_uuid(), %s, 7, 'home_visit', %s, %s, %s, now(), now(), '', '{}', %s, 'H', %s, 1, '', false, false, %s, now())"
    )
    me = cast[NURSE].id
    row = [cast.kari.id, cast.units["aas_home"], cast.entities["aas"], me]
    with open_gate(NURSE, patient=cast.kari.id):
        assert tried(insert, [*row, "SIGNED", 1, me]) == "42501"
        assert tried(insert, [*row, "DRAFT", 0, me]) == ""
        assert tried(insert, [*row[:3], cast["lms.lege"].id, "DRAFT", 0, me]) == "42501"
        assert tried(insert, [row[0], cast.units["ward"], *row[2:], "DRAFT", 0, me]) == "42501"


def test_anothers_draft_can_not_be_touched(cast, open_gate):
    draft = cast.anna.rows["draft"]
    with open_gate("lms.lege", patient=cast.anna.id):
        assert tried("UPDATE journal_note SET title = 'x' WHERE id = %s", [draft]) == "no row"
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate.discard_draft(%s)", [draft])
            assert cursor.fetchone()[0] is False
    with open_gate("lms.sykepleier", patient=cast.anna.id):
        assert tried("UPDATE journal_note SET title = 'x' WHERE id = %s", [draft]) == ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate.discard_draft(%s)", [draft])
            assert cursor.fetchone()[0] is True
