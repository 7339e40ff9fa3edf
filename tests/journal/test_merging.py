"""Two records of one person become one, and two again: nothing is lost, nothing is widened, and every row goes back where it stood."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from access import gate as gates
from access.domain.codes import Action
from access.models import AccessBlock, DecidedMeasure, DocumentType, PatientIdentity, RecordMerge
from auditlog.models import AccessLogEntry
from journal.models import CriticalInfoStatus, Note, Task
from journal.selectors import merging as selectors
from journal.services import merging, notes
from journal.services.errors import Conflict
from tests.cast import marker_of

pytestmark = pytest.mark.django_db
CUSTODIAN, NURSE, DOCTOR, HOME = "journalansvarlig", "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"
WHY = "Samme person etter legitimasjon"
OF_THE_MERGE = {"access_recordmerge", "access_mergedrows"}


@contextmanager
def custodian(cast, as_app, user=CUSTODIAN, purpose="record_merge"):
    request = gates.Request(action="search", route="record_merge", purpose=purpose)
    with as_app(), gates.enter(cast[user].secret, request, action=Action.SEARCH) as one:
        yield one


def ask(cast, as_app, one, other):
    with custodian(cast, as_app) as gate:
        return merging.merge_ask(gate=gate, numbers=(one.number, other.number), reason=WHY)


def merge(cast, as_app, survivor, gone):
    case = ask(cast, as_app, survivor, gone)
    with custodian(cast, as_app) as gate:
        seen = selectors.merge(gate, case)["codes"]
        merging.records_merge(gate=gate, merge=case, survivor=survivor.id, reason=WHY, seen=seen, confirmed=True)
    return case


def undo(cast, as_app, case):
    with custodian(cast, as_app) as gate:
        merging.merge_undo(gate=gate, merge=case, reason="Det var likevel to personer")


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def whole_database():
    """{table: {row as text}} of everything but the log and the merge itself."""
    tables = sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^(auditlog|django|access_session)'")
    return {name: {row for (row,) in sql(f"SELECT t::text FROM {name} t")} for (name,) in tables if name not in OF_THE_MERGE}


def open_entries(open_gate, user, patient):
    """Ids of every entry of a record that this person may read."""
    with open_gate(user, patient=patient):
        tables = sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^(journal|messaging|telemed)_'")
        readable = [
            name for (name,) in tables
            if sql("SELECT count(*) FROM pg_attribute WHERE attrelid = %s::regclass AND attname IN ('patient_id', 'event_at', 'legal_entity_id')", name) == [(3,)]
        ]  # fmt: skip
        return {id for name in readable for (id,) in sql(f"SELECT id FROM {name} WHERE patient_id = %s", patient)}


def test_every_column_that_names_a_patient_is_decided():
    found = {
        f"{table}.{column}"
        for table, column, decision in sql("SELECT table_name, column_name, decision FROM gate.patient_columns()")
        if decision is None
    }
    assert not found, f"say in gate.patient_table what a merge does with {found}"
    followed = sql("SELECT table_name, column_name FROM gate.patient_columns() WHERE decision = 'follows'")
    assert len(followed) > 35
    for table, column in followed:
        triggers = {name for (name,) in sql("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", table)}
        assert {f"{column}_kept", f"{column}_is_live"} <= triggers, f"{table} is not guarded: SELECT gate.guard_patient_tables()"


def test_merged_and_taken_apart_every_row_stands_where_it_stood(cast, as_app):
    before = whole_database()
    case = merge(cast, as_app, cast.anna, cast.kari)
    left = {
        table for table, column in sql("SELECT table_name, column_name FROM gate.patient_columns() WHERE decision = 'follows'")
        if sql(f"SELECT 1 FROM {table} WHERE {column} = %s LIMIT 1", cast.kari.id)
    }  # fmt: skip
    assert left == set()
    asked = Task.objects.filter(kind="merge")
    assert {task.patient_id for task in asked} == {cast.anna.id}
    assert {str(task.for_unit) for task in asked} >= {"Observasjonsposten"}
    undo(cast, as_app, case)
    assert all(task.cancelled_at for task in asked.all())
    asked.delete()
    after = whole_database()
    assert {name for name in before if before[name] != after[name]} == set()


def test_whoever_has_the_one_reads_it_all_by_own_rights_and_the_other_address_leads_there(cast, as_app, client_for, open_gate):
    merge(cast, as_app, cast.anna, cast.kari)
    page = client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/journal/")
    assert marker_of("kari") in page.content.decode() and marker_of("anna") in page.content.decode()
    led = client_for(HOME).get(f"/pasient/{cast.kari.id}/journal/")
    assert led.status_code == 200 and f"/pasient/{cast.anna.id}/journal/" in led.content.decode()
    assert client_for("frogn.hjemmesykepleier").get(f"/pasient/{cast.kari.id}/journal/").status_code == 404
    sent = client_for(HOME).post(f"/pasient/{cast.kari.id}/identitet/", {"patient": str(cast.kari.id)})
    assert sent.status_code == 409
    # Her own number finds the surviving record, also for messages that come in.
    assert PatientIdentity.objects.get(value=cast.kari.number).patient_id == cast.anna.id


def test_a_wide_block_hides_what_it_hid_and_nothing_more(cast, as_app, open_gate):
    Note.objects.filter(pk=cast.kari.rows["draft"]).delete()
    sql("UPDATE journal_isolation SET ended_at = event_at WHERE id = %s RETURNING 1", cast.kari.rows["isolation"])
    sql("DELETE FROM journal_checklistrun WHERE id = %s RETURNING 1", cast.kari.rows["checklistrun"])
    may = open_entries(open_gate, NURSE, cast.anna.id)
    categories = [c for (c,) in sql("SELECT DISTINCT category FROM gate.entries_of(%s) WHERE entry_id = ANY (%s)", cast.anna.id, list(may))]
    theirs = {id for (id,) in sql("SELECT entry_id FROM gate.entries_of(%s) WHERE category = ANY (%s)", cast.kari.id, categories)}
    before = open_entries(open_gate, NURSE, cast.blocked.id)
    whole = {id for (id,) in sql("SELECT entry_id FROM gate.entries_of(%s)", cast.blocked.id)}
    hidden = whole - before
    assert hidden
    # The two records' entries lie among each other, and some at the same time.
    note, moment = Note.objects.get(pk=cast.kari.rows["note"]), Note.objects.get(pk=cast.blocked.rows["note"]).event_at
    sql("UPDATE journal_diagnosis SET event_at = %s WHERE id = %s RETURNING 1", moment + timedelta(days=3), cast.blocked.rows["diagnosis"])
    sql("UPDATE journal_diagnosis SET event_at = %s WHERE id = %s RETURNING 1", note.event_at - timedelta(days=3), cast.kari.rows["diagnosis"])
    case = merge(cast, as_app, cast.blocked, cast.kari)
    now = open_entries(open_gate, NURSE, cast.blocked.id)
    assert not now & hidden
    assert theirs and theirs <= now
    undo(cast, as_app, case)
    assert open_entries(open_gate, NURSE, cast.blocked.id) == before
    block = AccessBlock.objects.get(patient=cast.blocked.id, valid_to=None)
    assert (block.scope, block.entries_from, block.entries_to) == ("record", None, None)


def test_what_is_charted_afterwards_follows_its_stay_and_the_rest_stays(cast, as_app, open_gate):
    Note.objects.filter(state="DRAFT").delete()
    case = merge(cast, as_app, cast.kari, cast.anna)
    kind = DocumentType.objects.get(code="nurse_note")

    def write(stay):
        with open_gate(NURSE, patient=cast.kari.id) as gate:
            draft = notes.note_autosave(gate=gate, patient=cast.kari.id, document_type=kind, content={"text": "x"}, event_at=gate.now)
            note = notes.note_sign(gate=gate, note=draft)
        return note.pk, stay

    in_stay, _ = write(True)
    assert str(Note.objects.get(pk=in_stay).stay_id) == str(cast.anna.rows["stay"])
    with open_gate(HOME, patient=cast.kari.id) as gate:
        CriticalInfoStatus.objects.create(
            patient_id=cast.kari.id, category_id=3, unit_id=gate.unit_id, legal_entity_id=gate.legal_entity_id, author_id=gate.user_id,
            event_at=gate.now, recorded_at=gate.now, none_known=False,
        )  # fmt: skip
    loose = CriticalInfoStatus.objects.order_by("-recorded_at").first()
    with custodian(cast, as_app) as gate:
        shown = selectors.merge(gate, case)
    assert shown["since_back"] and shown["since_stays"]
    undo(cast, as_app, case)
    assert Note.objects.get(pk=in_stay).patient_id == cast.anna.id
    assert CriticalInfoStatus.objects.get(pk=loose.pk).patient_id == cast.kari.id


def test_hindrances_stop_it_and_news_is_shown_first(cast, as_app):
    case = ask(cast, as_app, cast.anna, cast.blocked)
    with custodian(cast, as_app) as gate:
        shown = selectors.merge(gate, case)
    assert {"two_open_stays", "two_numbers", "other_birth_date", "wide_block"} <= set(shown["codes"])
    drafts = ask(cast, as_app, cast.kari, cast.blocked)
    with custodian(cast, as_app) as gate:
        assert {"two_drafts", "two_checklists"} <= set(selectors.merge(gate, drafts)["codes"])
    with pytest.raises(Conflict), custodian(cast, as_app) as gate:
        merging.records_merge(gate=gate, merge=case, survivor=cast.anna.id, reason=WHY, seen=shown["codes"], confirmed=True)
    other = ask(cast, as_app, cast.anna, cast.kari)
    with pytest.raises(Conflict), custodian(cast, as_app) as gate:
        merging.records_merge(gate=gate, merge=other, survivor=cast.anna.id, reason=WHY, seen=[], confirmed=True)
    assert RecordMerge.objects.filter(state="proposed").count() == 3
    assert not AccessLogEntry.objects.filter(action="record_merge").exists()


def test_only_the_custodian_for_this_purpose(cast, as_app):
    case = ask(cast, as_app, cast.anna, cast.kari)
    for user, purpose in ((DOCTOR, "record_merge"), (CUSTODIAN, "record_claims")):
        with pytest.raises(PermissionDenied), custodian(cast, as_app, user, purpose) as gate:
            merging.records_merge(gate=gate, merge=case, survivor=cast.anna.id, reason=WHY, seen=[], confirmed=True)
    with custodian(cast, as_app), pytest.raises(DatabaseError), transaction.atomic():
        sql("UPDATE access_recordmerge SET state = 'moving' RETURNING 1")


def test_nobody_moves_a_row_past_a_merge(cast):
    for statement in (
        "UPDATE journal_note SET patient_id = %s WHERE id = %s RETURNING 1",
        "UPDATE journal_note SET patient_id = %s, title = 'annet' WHERE id = %s RETURNING 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement, cast.anna.id, cast.kari.rows["note"])


def test_what_is_written_without_a_request_is_told_that_the_record_is_merged(cast, as_app):
    merge(cast, as_app, cast.anna, cast.kari)
    with pytest.raises(DatabaseError) as told, transaction.atomic():
        DecidedMeasure.objects.create(
            patient_id=cast.kari.id, template_id=DecidedMeasure.objects.first().template_id, unit_id=cast.units["ward"],
            starts_at=Note.objects.first().event_at, decided_at=Note.objects.first().event_at,
        )  # fmt: skip
    assert told.value.__cause__.sqlstate == "EPM01"


def test_the_log_of_each_is_whole(cast, as_app, client_for):
    client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/")
    client_for(HOME).get(f"/pasient/{cast.kari.id}/")
    case = merge(cast, as_app, cast.anna, cast.kari)
    client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/")
    for patient in (cast.anna, cast.kari):
        assert AccessLogEntry.objects.filter(patient_id=patient.id, action="record_merge", reason=WHY, user_id=cast[CUSTODIAN].id).count() == 1

    def lines(patient):
        with as_app(), gates.enter(cast["logg.kontroll"].secret, gates.Request("search", "log_review", purpose="log_review"), action=Action.SEARCH):
            return {(str(a), b is not None, c is not None) for a, b, c in sql("SELECT * FROM gate.log_of(%s)", patient.id)}

    assert lines(cast.anna) == {(str(cast.anna.id), False, False), (str(cast.kari.id), False, False)}
    assert lines(cast.kari) == {(str(cast.kari.id), False, False), (str(cast.anna.id), True, False)}
    undo(cast, as_app, case)
    assert lines(cast.anna) == {(str(cast.anna.id), False, False)}
    assert lines(cast.kari) == {(str(cast.kari.id), False, False), (str(cast.anna.id), True, True)}


def test_the_pages(cast, as_app, client_for):
    client = client_for(CUSTODIAN)
    made = client.post("/journalansvar/samme-person/", {"one": cast.anna.number, "other": cast.kari.number, "reason": WHY})
    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "Født" in page and not any(f"{marker_of(key)} {model}" in page for key in ("anna", "kari") for model in cast.anna.rows)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = {"act": "merge", "survivor": str(cast.anna.id), "reason": WHY, "seen": seen}
    assert client.post(made["Location"], form).status_code == 422  # not confirmed
    done = client.post(made["Location"], form | {"confirmed": "1"})
    assert done.status_code == 302 and "Opphev" in client.get(done["Location"]).content.decode()
    assert client.post(made["Location"], form | {"confirmed": "1"}).status_code == 409
    assert client.post(made["Location"], {"act": "undo", "reason": "Det var likevel to personer"}).status_code == 302
    assert client_for(DOCTOR).get("/journalansvar/samme-person/").status_code == 404
