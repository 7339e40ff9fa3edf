"""Paper: who may print what, what stands on each sheet, what is never on it, and the job of a print that is too long to wait for."""

import io
import os
import re
import resource
import time
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from django.db import DatabaseError, connection

from access.gate import call, rows
from access.models import AccessBlock, DocumentType
from access.services.secrets import seal_bytes, unseal_bytes
from auditlog.models import AccessLogEntry
from journal import tasks
from journal.domain.paper import sheaves as in_sheaves
from journal.models import Note, NoteVersion, PrintJob, PrintSheaf, Task, VitalSet
from journal.services import notes, print_work, prints
from lms_epj.core import pdf
from tests.cast import ROWS, identify, marker_of
from tests.journal.on_paper import press, sheets, sheets_of, words

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME, OFFICER = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "aas.saksbehandler"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.EPJ_FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]


@pytest.fixture
def pressing(cast, client_for):
    """`pressing(NURSE, cast.anna, what="record")`: what the form gives."""

    def pressed(user, patient, **form):
        return press(client_for(user), cast[user].id, patient.id, **form)

    return pressed


def log_of(patient, **found):
    return AccessLogEntry.objects.filter(patient_id=patient.id, action="print", **found)


# --- What stands on paper ---


def test_each_sheet_says_whose_it_is_who_printed_it_when_why_and_how_many_there_are(cast, pressing):
    response = pressing(NURSE, cast.anna, what="record", receiver="other", to="Ahus, akuttmottaket", purpose="Innleggelse i natt")
    found = sheets(response)
    for number, sheet in enumerate(found, 1):
        number_shown = f"{cast.anna.number[:6]} {cast.anna.number[6:]}"
        assert "Sengemyrholt, Anna" in sheet and number_shown in sheet
        assert f"Side {number} av {len(found)}" in sheet
        assert "av Ingrid Solberg Haugen, Sykepleier, Observasjonsposten" in sheet
        assert "Mottaker: Ahus, akuttmottaket. Formål: Innleggelse i natt." in sheet
    assert "Utskriften slutter her." in found[-1]
    document = pypdf.PdfReader(io.BytesIO(response.content)).trailer["/Root"]
    assert document["/MarkInfo"]["/Marked"] and document["/Lang"].startswith("nb")
    assert "pdfuaid:part" in response.content.decode("latin-1")
    assert "utskrift.pdf" in response["Content-Disposition"], "no name of the patient in the name of the file"


def test_the_whole_record_holds_every_kind_of_row_and_no_draft(cast, pressing):
    Note.objects.filter(pk=cast.anna.rows["draft"]).update(author=cast[NURSE].id)
    text = words(pressing(NURSE, cast.anna, what="record"))
    # They carry no words of their own here: a draft, a version that says what its note says, «asked, and none known», a second pair of eyes.
    kinds = set(ROWS) - {"draft", "noteversion", "criticalinfostatus", "dosecontrol"}
    assert {kind for kind in kinds if f"{marker_of('anna')} {kind}" in text} == kinds
    assert f"{marker_of('anna')} draft" not in text


@pytest.mark.parametrize(
    ("what", "kind"), [("medicines", "medication"), ("sheet", "medorder"), ("curve", "vitalset"), ("plan", "planproblem"), ("period", "note")]
)
def test_each_kind_of_print_holds_its_own(cast, pressing, what, kind):
    assert f"{marker_of('anna')} {kind}" in words(pressing(NURSE, cast.anna, what=what))


def test_a_period_is_narrowed_by_days_kinds_and_professions(cast, pressing):
    text = words(pressing(NURSE, cast.anna, what="period", category=["7", "6"]))
    assert f"{marker_of('anna')} note" in text and f"{marker_of('anna')} vitalset" in text and f"{marker_of('anna')} medorder" not in text
    assert "Innhold Målinger og kurve, Sykepleie" in text
    assert f"{marker_of('anna')} note" not in words(pressing(NURSE, cast.anna, what="period", first="01.01.2020", last="02.01.2020"))
    of_doctors = words(pressing(NURSE, cast.anna, what="period", mark=["L"]))
    assert marker_of("anna") not in of_doctors and "Ingenting er ført" in of_doctors
    assert "før fra-datoen" in pressing(NURSE, cast.anna, what="period", first="03.01.2020", last="02.01.2020").content.decode()


@pytest.fixture
def signed(cast, open_gate):
    """`signed("text")`: a note of the nurse's on Anna."""
    Note.objects.filter(pk=cast.anna.rows["draft"]).delete()
    kind = DocumentType.objects.get(code="nurse_note")

    def make(text, **more):
        with open_gate(NURSE, patient=cast.anna.id) as gate:
            draft = notes.note_autosave(gate=gate, patient=cast.anna.id, document_type=kind, content={"text": text}, event_at=gate.now, **more)
            return notes.note_sign(gate=gate, note=draft)

    return make


def test_a_corrected_note_is_printed_with_what_it_said_marked_as_old(cast, pressing, signed):
    note = signed("Gikk 20 meter")
    signed("Gikk 200 meter", corrects=note, reason="Skrivefeil")
    text = words(pressing(NURSE, cast.anna, what="note", note=note.pk))
    assert "Grunn: Skrivefeil. Teksten under gjelder" in text
    assert text.index("Gikk 200 meter") < text.index("Versjon 1, gjelder ikke lenger") < text.index("Gikk 20 meter")


def test_signs_that_the_fonts_lack_are_told_of_and_markup_stays_text(cast, pressing, signed):
    note = signed("Smil \U0001f642 og 中. #let x = 1 *ikke fet* $a$ <b> \u0001 æøa\u030a ÆØÅ čđŋ SpO₂ ≥ 92 %")
    text = words(pressing(NURSE, cast.anna, what="note", note=note.pk))
    assert "Smil [slightly smiling face] og [cjk unified ideograph-4e2d]. #let x = 1 *ikke fet* $a$ <b> æøå ÆØÅ čđŋ SpO₂ ≥ 92 %" in text


# --- Who prints what ---


def test_one_prints_what_one_reads_and_another_role_less(cast, pressing):
    assert f"{marker_of('kari')} servicedecision" in words(pressing(OFFICER, cast.kari, what="record"))
    text = words(pressing(OFFICER, cast.kari, what="record"))
    assert f"{marker_of('kari')} medication" not in text and f"{marker_of('kari')} vitalset" not in text
    assert "Ikke med Legemidler, Målinger og kurve" in text, "a copy does not look more whole than it is"
    assert pressing(OFFICER, cast.kari, what="medicines").status_code == 422
    assert pressing(NURSE, cast.foreign, what="record").status_code == 404
    assert pressing("lms.leder", cast.anna, what="record").status_code == 404


def test_reading_without_the_right_to_print_prints_nothing(cast, client_for, pressing):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE access_roleright DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE access_roleright SET actions = actions & ~16 WHERE category_id = 7 AND role_id = (SELECT id FROM access_roletemplate WHERE code = 'lms_nurse')"
        )
    assert f"{marker_of('anna')} note" in client_for(NURSE).get(f"/pasient/{cast.anna.id}/journal/").content.decode()
    text = words(pressing(NURSE, cast.anna, what="record"))
    assert f"{marker_of('anna')} note" not in text and f"{marker_of('anna')} planproblem" not in text and f"{marker_of('anna')} medorder" in text
    assert pressing(NURSE, cast.anna, what="note", note=cast.anna.rows["note"]).status_code == 404


def test_what_is_blocked_is_not_on_paper_and_only_that_something_is(cast, pressing):
    text = words(pressing(HOME, cast.anna, what="record"))
    assert f"{marker_of('anna')} note" not in text and "recordclaim" not in text
    assert text.count("Noe er sperret for den som skrev ut, og er ikke med.") == 1
    assert pressing(HOME, cast.anna, what="note", note=cast.anna.rows["note"]).status_code == 404
    assert "sperret" not in words(pressing(NURSE, cast.anna, what="record")), "nothing is blocked for the ward"
    assert marker_of("blocked") not in words(pressing(NURSE, cast.blocked, what="record")).replace(
        f"{marker_of('blocked')} criticalinfo", ""
    ).replace(f"{marker_of('blocked')} isolation", ""), "but what everyone must know"


def test_a_draft_is_never_printed_not_even_by_its_author(cast, client_for, pressing):
    Note.objects.filter(pk=cast.anna.rows["draft"]).update(author=cast[NURSE].id)
    response = pressing(NURSE, cast.anna, what="note", note=cast.anna.rows["draft"])
    assert response.status_code == 422 and "En kladd skrives ikke ut" in response.content.decode()
    assert (
        "utskrift"
        not in client_for(NURSE)
        .get(f"/pasient/{cast.anna.id}/journal/{cast.anna.rows['draft']}/")
        .content.decode()
        .split("<article")[1]
        .split("</article")[0]
    )


def test_withheld_from_the_patient_is_left_out_of_the_patients_copy_and_marked_on_others(cast, pressing):
    Note.objects.filter(pk=cast.anna.rows["note"]).update(withheld_at=datetime.now(UTC), withheld_by=cast[NURSE].id, withheld_reason="Fare for liv")
    theirs = words(pressing(NURSE, cast.anna, what="record", receiver="patient"))
    assert f"{marker_of('anna')} note" not in theirs and "Fare for liv" not in theirs and "Skal ikke gis" not in theirs
    assert theirs.count("Noe er holdt tilbake etter pasient- og brukerrettighetsloven § 5-1. Du kan klage til statsforvalteren.") == 1
    ours = words(pressing(NURSE, cast.anna, what="record"))
    assert f"{marker_of('anna')} note" in ours and "Skal ikke gis til pasienten. Ingrid Solberg Haugen" in ours and "holdt tilbake" not in ours
    alone = pressing(NURSE, cast.anna, what="note", note=cast.anna.rows["note"], receiver="patient")
    assert alone.status_code == 422 and "Fjern merket først" in alone.content.decode()


def test_another_receiver_is_named_and_told_why(cast, pressing):
    response = pressing(NURSE, cast.anna, what="record", receiver="other")
    assert response.status_code == 422 and "Skriv hvem som skal ha utskriften." in response.content.decode()
    assert pressing(NURSE, cast.anna, what="record", receiver="").status_code == 422
    assert not log_of(cast.anna, reason__gt="").exists()


# --- The log ---


def test_a_print_is_a_line_of_its_own_with_what_to_whom_and_why(cast, client_for, pressing):
    client = client_for(NURSE)
    assert client.get(f"/pasient/{cast.anna.id}/utskrift/?hva=record").status_code == 200
    assert not log_of(cast.anna).exists(), "choosing is not printing"
    pressing(NURSE, cast.anna, what="medicines", receiver="patient", purpose="Vil ha den hjemme")
    row = log_of(cast.anna, outcome="allow").exclude(reason="").get()
    assert row.reason == "Legemiddelliste. Mottaker: Pasienten, eller den som svarer for pasienten. Formål: Vil ha den hjemme"
    shown = AccessLogEntry.objects.get(request_id=row.request_id, outcome="shown")
    assert shown.objects_shown["medication"] == [str(cast.anna.rows["medication"])]


def test_the_report_of_the_ward_is_a_line_for_each_patient_on_it(cast, client_for):
    response = client_for(NURSE).post("/rapport/utskrift/", {"actor": cast[NURSE].id, "hours": "24"})
    text = words(response)
    assert "Sengemyrholt, Anna" in text and f"{cast.anna.number[:6]} {cast.anna.number[6:]}" in text and f"{marker_of('blocked')} note" not in text
    for patient in (cast.anna, cast.blocked):
        assert log_of(patient, outcome="allow", reason__startswith="Rapport. Mottaker: Til bruk på Observasjonsposten").count() == 1
    assert not log_of(cast.kari).exists()
    assert "Kvistmyrhansen" not in text


def test_the_report_of_one_patient_is_for_use_here_only(cast, pressing):
    assert "Rapport" in words(pressing(NURSE, cast.anna, what="report", hours="24"))
    assert pressing(NURSE, cast.anna, what="report", receiver="patient").status_code == 422


# --- Long ones ---


@pytest.fixture
def long_ones(monkeypatch):
    """Everything is too long to wait for, and a sheaf is a handful of blocks."""
    monkeypatch.setattr(prints, "AT_ONCE", 0)
    monkeypatch.setattr(prints, "sheaves", lambda blocks: in_sheaves(blocks, 1200))


@pytest.fixture
def queued(cast, pressing, long_ones):
    response = pressing(NURSE, cast.anna, what="record", receiver="other", to="Ahus", purpose="Innleggelse")
    assert response.status_code == 302
    return PrintJob.objects.get()


def worker(as_app):
    with as_app():
        return tasks.make_prints()


def test_a_long_print_is_read_here_and_set_by_the_worker(cast, as_app, client_for, queued):
    client, here = client_for(NURSE), f"/pasient/{cast.anna.id}/utskrift/{queued.pk}/"
    sheaves = PrintSheaf.objects.filter(job=queued).order_by("number")
    assert sheaves.count() > 2 and not [one for one in sheaves if marker_of("anna").encode() in bytes(one.spool)], "sealed"
    assert f"av {queued.entries} oppføringer, 0 %" in client.get(here).content.decode()
    assert client.get(f"{here}del/1/").status_code == 404
    assert worker(as_app) == str(queued.pk)
    assert not sheaves.filter(spool__isnull=False).exists(), "what was read for it is not kept"
    assert worker(as_app) is None
    total = sheaves.count()
    assert f"Åpne del {total} av {total}" in client.get(here).content.decode()
    text = ""
    for number in range(1, total + 1):
        response = client.get(f"{here}del/{number}/")
        text += words(response)
        assert f"Del {number} av {total}" in sheets(response)[0]
    assert f"{marker_of('anna')} note" in text and f"{marker_of('anna')} criticalinfo" in text and text.count("Utskriften slutter her.") == 1
    told = log_of(cast.anna, reason__startswith="Journalutskrift, del 1.").get()
    assert AccessLogEntry.objects.filter(request_id=told.request_id, outcome="shown", objects_shown__note=[str(cast.anna.rows["note"])]).exists()


def test_the_page_that_polls_tells_numbers_and_is_fetched_anew_when_it_has_ended(cast, as_app, client_for, queued):
    client, here = client_for(NURSE), f"/utskrift/{queued.pk}/framdrift/"
    before = AccessLogEntry.objects.count()
    response = client.get(here, HTTP_X_EPJ_POLL="1")
    assert "0 %" in response.content.decode() and "HX-Refresh" not in response.headers
    assert not [word for word in cast.anna.markers if word in response.content.decode()] and AccessLogEntry.objects.count() == before
    worker(as_app)
    assert client.get(here, HTTP_X_EPJ_POLL="1")["HX-Refresh"] == "true"
    assert client_for(DOCTOR).get(here).status_code == 404


def test_anothers_print_is_not_there_nor_ones_own_in_another_role(cast, as_app, client_for, queued):
    worker(as_app)
    here = f"/pasient/{cast.anna.id}/utskrift/{queued.pk}/"
    form = {"patient": cast.anna.id, "actor": cast[DOCTOR].id}
    assert client_for(NURSE).get(f"{here}del/1/").status_code == 200
    for address in (here, f"{here}del/1/"):
        assert client_for(DOCTOR).get(address).status_code == 404
    for act in ("avbryt/", "igjen/"):
        assert client_for(DOCTOR).post(here + act, form).status_code == 404
    assert "Dine utskrifter" in client_for(NURSE).get(f"/pasient/{cast.anna.id}/utskrift/").content.decode()
    assert "Dine utskrifter" not in client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/utskrift/").content.decode()
    PrintJob.objects.update(authorisation_id=identify("authorisation", DOCTOR, "lms_doctor"))
    assert client_for(NURSE).get(here).status_code == 404
    PrintJob.objects.update(authorisation_id=queued.authorisation_id)
    assert client_for(NURSE).get(f"/pasient/{cast.blocked.id}/utskrift/{queued.pk}/").status_code == 404


def test_what_one_may_no_longer_print_is_not_handed_out(cast, as_app, client_for, queued):
    worker(as_app)
    now = datetime.now(UTC)
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=cast.anna.rows["note"], target="unit", target_id=cast.units["ward"], wish_of="Pasienten",
        registered_at=now, valid_from=now - timedelta(days=1),
    )  # fmt: skip
    response = client_for(NURSE).get(f"/pasient/{cast.anna.id}/utskrift/{queued.pk}/del/1/")
    assert response.status_code == 422 and "ikke lenger tilgang til alt" in response.content.decode()


def test_taken_back_it_is_gone_while_it_is_made_too(cast, as_app, client_for, queued, monkeypatch):
    def taken_back(*_):
        client_for(NURSE).post(f"/pasient/{cast.anna.id}/utskrift/{queued.pk}/avbryt/", {"patient": cast.anna.id, "actor": cast[NURSE].id})
        return b"%PDF"

    monkeypatch.setattr(print_work, "typeset_apart", taken_back)
    worker(as_app)
    queued.refresh_from_db()
    assert queued.state == "cancelled" and not PrintSheaf.objects.exists() and queued.objects_read == {}
    assert worker(as_app) is None


def dies_after_one_sheaf(as_app):
    """A worker that takes the print, makes a sheaf, and is never heard of again."""
    with as_app():
        job = call("print_take")
        found = rows("print_next", job)
        assert call("print_made", job, found[0]["number"], seal_bytes(b"made before it died"))
        return job


def test_after_a_workers_death_another_goes_on_where_it_stopped(cast, as_app, set_clock, queued):
    assert dies_after_one_sheaf(as_app) == queued.pk
    assert worker(as_app) is None, "it may still be at work"
    set_clock(datetime.now(UTC) + timedelta(minutes=4))
    assert worker(as_app) == str(queued.pk)
    queued.refresh_from_db()
    assert queued.state == "done"
    first, *others = PrintSheaf.objects.filter(job=queued).order_by("number")
    assert unseal_bytes(first.file) == b"made before it died" and all(unseal_bytes(one.file).startswith(b"%PDF") for one in others)


def test_three_deaths_over_the_same_sheaf_are_told_of_and_it_can_be_tried_again(cast, as_app, set_clock, client_for, queued):
    for minute in (0, 4, 8):
        set_clock(datetime.now(UTC) + timedelta(minutes=minute))
        with as_app():
            assert call("print_take") == queued.pk
    set_clock(datetime.now(UTC) + timedelta(minutes=12))
    assert worker(as_app) is None
    set_clock(None)
    client, here = client_for(NURSE), f"/pasient/{cast.anna.id}/utskrift/{queued.pk}/"
    assert "stanset av en teknisk feil" in client.get(here).content.decode()
    client.post(f"{here}igjen/", {"patient": cast.anna.id, "actor": cast[NURSE].id})
    assert worker(as_app) == str(queued.pk) and "Åpne del 1" in client.get(here).content.decode()


def test_a_fault_stops_the_print_and_its_words_are_not_logged(as_app, queued, monkeypatch, caplog):
    def fails(*_):
        raise RuntimeError(f"could not set «{marker_of('anna')}»")

    monkeypatch.setattr(print_work, "typeset_apart", fails)
    worker(as_app)
    queued.refresh_from_db()
    assert queued.state == "failed" and "RuntimeError" in caplog.text and marker_of("anna") not in caplog.text


def test_a_slice_of_time_lets_another_print_come_in_between(as_app, queued):
    with as_app():
        print_work.print_work(seconds=-1)
    queued.refresh_from_db()
    assert queued.state == "waiting" and PrintSheaf.objects.filter(job=queued, file__isnull=False).count() == 1


def test_after_a_day_it_is_really_gone(cast, as_app, set_clock, client_for, queued):
    worker(as_app)
    set_clock(queued.expires_at - timedelta(seconds=1))
    with as_app():
        assert tasks.sweep_prints() == 0
    set_clock(queued.expires_at)
    with as_app():
        assert tasks.sweep_prints() == 1
    assert not PrintJob.objects.exists() and not PrintSheaf.objects.exists()


def test_a_note_that_is_deleted_stands_in_no_print_that_is_kept(cast, queued):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_note DISABLE TRIGGER note_kept; ALTER TABLE journal_noteversion DISABLE TRIGGER version_kept")
        cursor.execute("DELETE FROM journal_noteversion WHERE note_id = %s", [cast.anna.rows["note"]])
        cursor.execute("DELETE FROM journal_note WHERE id = %s", [cast.anna.rows["note"]])
    assert not PrintJob.objects.exists() and not PrintSheaf.objects.exists()


def test_nobody_queues_a_print_in_anothers_name(cast, open_gate, queued):
    values = {"patient_id": cast.anna.id, "title": "x", "about": "x", "entries": 0}
    for who in (
        {"user_id": cast[DOCTOR].id, "authorisation_id": cast[NURSE].authorisation_id},
        {"user_id": cast[NURSE].id, "authorisation_id": cast[DOCTOR].authorisation_id},
    ):
        with pytest.raises(DatabaseError), open_gate(NURSE, patient=cast.anna.id) as gate:
            PrintJob.objects.create(asked_at=gate.now, expires_at=gate.now + prints.KEPT, **values, **who)


@pytest.mark.parametrize("statement", [
    "UPDATE journal_printjob SET state = 'done'", "DELETE FROM journal_printjob", "UPDATE journal_printsheaf SET file = 'x'",
    "SELECT spool FROM journal_printsheaf", "DELETE FROM journal_printsheaf",
])  # fmt: skip
def test_the_application_changes_no_print_by_itself_and_reads_no_spool(cast, open_gate, queued, statement):
    with pytest.raises(DatabaseError), open_gate(NURSE, patient=cast.anna.id), connection.cursor() as cursor:
        cursor.execute(statement)


def test_without_a_grant_no_print_is_seen(as_app, queued):
    with as_app():
        assert not PrintJob.objects.exists()
        assert not PrintSheaf.objects.values_list("file", flat=True).exists()


# --- How much it takes: `EPJ_PRINT_ENTRIES=5000 python3 manage.py test tests/journal/test_print.py -k long_record -s` for the figures ---

ENTRIES = int(os.environ.get("EPJ_PRINT_ENTRIES", "60"))
SAID = (
    "Pasienten er våken og klar, sitter oppe til frokost og spiser godt. Puster lettere enn i går, går til badet med rullator og tilsyn. "
    "Måler blodtrykk og puls etter oppsatt plan. Ønsker å snakke med datteren om hjemreise. Huden er hel, sår på høyre legg er skiftet på. "
)


def fill(cast, count):
    """So many entries of Anna's over ten years: three notes of some 650 characters to one set of measurements and one task."""
    now = datetime.now(UTC)
    common = {"patient_id": cast.anna.id, "unit_id": cast.units["ward"], "legal_entity_id": cast.entities["lms"], "author_id": cast[NURSE].id}
    made = {Note: [], NoteVersion: [], VitalSet: [], Task: []}
    for number in range(count):
        at = now - timedelta(days=3650) * (count - number) / count
        own = common | {"event_at": at, "recorded_at": at}
        if number % 5 < 3:
            content = {"situation": SAID, "assessment": SAID[:300], "plan": f"Plan {number}: {SAID[:90]}"}
            note = Note(**own, category_id=7, document_type_id="nurse_isbar", title=f"Vaktnotat {number}", content=content, state="SIGNED", mark="S", version=1,
                        confirmed_at=at, signed_by_id=cast[NURSE].id, signed_at=at)  # fmt: skip
            made[Note].append(note)
            made[NoteVersion].append(
                NoteVersion(
                    **own,
                    category_id=7,
                    document_type_id="nurse_isbar",
                    note=note,
                    origin_id=note.pk,
                    number=1,
                    title=note.title,
                    content=content,
                    state="SIGNED",
                )
            )
        elif number % 5 == 3:
            made[VitalSet].append(VitalSet(**own, category_id=6, respiration=16, spo2=96, on_oxygen=False, systolic=130, diastolic=80, pulse=70, consciousness="A",
                                           temperature="37.1", news2_total=0, news2_level="low"))  # fmt: skip
        else:
            made[Task].append(Task(**own, category_id=13, title=f"Bestille time {number}", due_at=at, for_unit_id=cast.units["ward"]))
    for model, found in made.items():
        model.objects.bulk_create(found, batch_size=1000)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.fixture
def sheaf_memory(monkeypatch):
    """What each process that sets a sheaf held at most, in MB. (What the system counts of a child begins with a copy of its parent.)"""
    held, real = [], pdf.subprocess.run

    def run(command, **more):
        program = f"import sys\nsys.argv = {command[2:]!r}\nfrom lms_epj.core import pdf\npdf.main()\nprint(open('/proc/self/status').read(), file=sys.stderr)"
        done = real([command[0], "-c", program], **more)
        held.append(int(re.search(rb"VmHWM:\s+(\d+)", done.stderr)[1]) // 1024)
        return done

    monkeypatch.setattr(pdf.subprocess, "run", run)
    return held


def test_a_long_record_is_whole_in_sheaves_of_bounded_size(cast, as_app, pressing, client_for, monkeypatch, sheaf_memory):
    fill(cast, ENTRIES)
    if ENTRIES < 1000:
        monkeypatch.setattr(prints, "AT_ONCE", 0)
        monkeypatch.setattr(prints, "sheaves", lambda blocks: in_sheaves(blocks, 15_000))
    client_for(NURSE).get(f"/pasient/{cast.anna.id}/utskrift/")  # the program is loaded
    memory, begun = peak(), time.monotonic()
    assert pressing(NURSE, cast.anna, what="record").status_code == 302
    read, grown = time.monotonic() - begun, peak() - memory
    begun = time.monotonic()
    while worker(as_app):
        pass
    made, job = time.monotonic() - begun, PrintJob.objects.get()
    assert job.state == "done"
    files = [unseal_bytes(one.file) for one in PrintSheaf.objects.filter(job=job).order_by("number")]
    begun = time.monotonic()
    assert client_for(NURSE).get(f"/pasient/{cast.anna.id}/utskrift/{job.pk}/del/1/").status_code == 200
    opened = time.monotonic() - begun
    set_sheets = [sheets_of(one) for one in files]
    text = " ".join(" ".join(found) for found in set_sheets)
    assert all(
        f"Vaktnotat {number} " in text if number % 5 < 3 else number % 5 == 3 or f"Bestille time {number} " in text for number in range(ENTRIES)
    )
    print(
        f"\n{job.entries} entries: read, logged and sealed in {read:.1f} s (+{grown} MB); {len(files)} files, {sum(map(len, set_sheets))} sheets, "
        f"{sum(map(len, files)) // 1024} kB set in {made:.1f} s, a sheaf's process at most {max(sheaf_memory)} MB; opened again in {opened:.2f} s"
    )
