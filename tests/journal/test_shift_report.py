"""Everything since one was here last: others' work, short, without what is blocked, each patient logged; and what the composer offers to begin from."""

from datetime import timedelta

import pytest
from django.db import connection

from access.gate import call
from access.models import AccessBlock, DocumentType
from auditlog.models import AccessLogEntry
from journal.models import Note, Phrase, Task, VitalSet
from journal.selectors import shift_report
from journal.services import notes

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HELPER, HOME = "lms.sykepleier", "lms.lege", "lms.helsefag", "aas.hjemmesykepleier"


@pytest.fixture(autouse=True)
def _no_draft_yet(cast):
    """The cast's nurses have a draft of the kind already."""
    Note.objects.filter(state="DRAFT", patient_id=cast.anna.id).delete()


def sign(gate, cast, content, kind="nurse_shift"):
    kind = DocumentType.objects.get(code=kind)
    return notes.note_sign(
        gate=gate, note=notes.note_autosave(gate=gate, patient=cast.anna.id, document_type=kind, content=content, event_at=gate.now)
    )


HANDOVER = {"changed": "Mer slapp. Puls 104.", "handover": "Følg med på væske og ring pårørende."}


def test_the_report_holds_what_others_did_and_what_matters_first(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        sign(gate, cast, HANDOVER)
    VitalSet.objects.filter(pk=cast.anna.rows["vitalset"]).update(news2_total=7, news2_level="high")
    page = client_for(DOCTOR).get("/rapport/?timer=8").content.decode()
    assert cast.anna.family_name in page and "Vaktrapport" in page and "Ingrid Solberg Haugen" in page
    assert page.index("Følg med på væske") < page.index("Mer slapp")
    assert "<b>7</b>" in page and "1 måling" in page
    assert AccessLogEntry.objects.filter(route="shift_report", patient_id=cast.anna.id, outcome="shown").exists()
    own = client_for(NURSE).get("/rapport/?timer=8").content.decode()
    assert "Følg med på væske" not in own, "one knows one's own work"
    assert "Følg med på væske" in client_for(DOCTOR).get(f"/pasient/{cast.anna.id}/sammendrag/?timer=8").content.decode()


def test_what_is_blocked_is_not_in_it(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        note = sign(gate, cast, HANDOVER)
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=note.pk, target="user", target_id=cast[DOCTOR].id, wish_of="Pasienten", registered_at=note.recorded_at,
        valid_from=note.recorded_at - timedelta(days=1),
    )  # fmt: skip
    assert "Følg med på væske" not in client_for(DOCTOR).get("/rapport/?timer=8").content.decode()


def test_home_nursing_sees_those_with_something_new_alone(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        sign(gate, cast, HANDOVER)
    page = client_for(HOME).get("/rapport/?timer=8").content.decode()
    assert "Følg med på væske" in page and cast.anna.family_name in page
    assert not AccessLogEntry.objects.filter(route="shift_report", patient_id=cast.former.id).exists()


def test_last_here_is_the_end_of_the_shift_before_this_one(cast, open_gate):
    with open_gate(NURSE) as gate:
        assert call("last_here") is None
        start, chosen = shift_report.since(gate, "")
        assert (gate.now - start, chosen) == (shift_report.WITHOUT_LAST, "")
        assert shift_report.since(gate, "8") == (gate.now - timedelta(hours=8), "8")
        assert shift_report.since(gate, "9999")[1] == ""
        now = gate.now
    for hours in (40, 26, 25.5, 0.2):
        with open_gate(NURSE):
            pass
        AccessLogEntry.objects.filter(seq=AccessLogEntry.objects.filter(user_id=cast[NURSE].id).latest("seq").seq).update(
            at=now - timedelta(hours=hours)
        )
    AccessLogEntry.objects.filter(user_id=cast[NURSE].id, at__gt=now).update(at=now - timedelta(minutes=1))
    with open_gate(NURSE):
        assert call("last_here") == now - timedelta(hours=25.5)


def test_the_report_costs_the_same_for_many_notes_as_for_few(cast, open_gate, django_assert_max_num_queries):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        for number in range(12):
            sign(gate, cast, {"changed": f"Endring {number}", "handover": "Se til"})
    Task.objects.filter(pk=cast.anna.rows["task"]).update(due_at=cast_now() - timedelta(hours=1))
    with open_gate(DOCTOR) as gate, django_assert_max_num_queries(12):
        found = shift_report.ward_news(gate, gate.now - timedelta(hours=8))
    anna = next(one for one in found if one.patient.pk == cast.anna.id)
    assert (len(anna.notes), anna.more_notes) == (1, 12), "of each profession the newest; the cast's own note is the thirteenth"


def cast_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.clock()")
        return cursor.fetchone()[0]


def test_the_composer_offers_the_last_note_marked_and_without_values(cast, open_gate, client_for):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        sign(gate, cast, {"situation": "Puls 104. Ligger mye til sengs.", "assessment": "Redd for å falle."}, kind="nurse_isbar")
    page = client_for(HELPER).get(f"/pasient/{cast.anna.id}/journal/nytt/?template=nurse_isbar").content.decode()
    assert "Ingrid Solberg Haugen] Ligger mye til sengs." in page and "Ingrid Solberg Haugen] Redd for å falle." in page
    assert "Puls 104. Ligger" not in page


def test_phrases_are_ones_own_or_the_units(cast, client_for):
    nurse, doctor, home = client_for(NURSE), client_for(DOCTOR), client_for(HOME)
    form = {"actor": cast[NURSE].id, "name": "Uendret", "text": "Ingen endring siden forrige vakt."}
    assert nurse.post("/fraser/", form | {"text": ""}).status_code == 422
    assert nurse.post("/fraser/", form).status_code == 302
    assert nurse.post("/fraser/", form).status_code == 422
    phrase = Phrase.objects.get()
    assert "Ingen endring" not in doctor.get("/fraser/").content.decode()
    nurse.post(f"/fraser/{phrase.pk}/", form | {"shared": "1"})
    assert "Ingen endring" in doctor.get("/fraser/").content.decode() and "Ingen endring" not in home.get("/fraser/").content.decode()
    assert "Ingen endring" in client_for(HELPER).get(f"/pasient/{cast.anna.id}/journal/nytt/").content.decode()
    assert doctor.post(f"/fraser/{phrase.pk}/", {"actor": cast[DOCTOR].id, "act": "remove"}).status_code == 404
    nurse.post(f"/fraser/{phrase.pk}/", {"actor": cast[NURSE].id, "act": "remove"})
    assert not Phrase.objects.exists()
