"""A template changed on screen is in use at once; what was written before is shown as it was written (R9, R13)."""

import pytest

from access.domain.sections import Wrong, wrong_value
from access.models import DocumentTemplate, DocumentType
from access.reference_documents import DOCUMENT_TYPES
from access.reference_templates import READY_TEMPLATES
from access.services.template_form import Row, moved, rows_of, sections_from
from journal.models import Note
from journal.services import notes
from journal.services.errors import JournalError
from tests.journal import on_paper

pytestmark = pytest.mark.django_db
ADMIN, NURSE = "tilgang.admin", "lms.sykepleier"
MASK = "/roller/journaltyper/nurse_daily/mal/"


def posted(cast, *lines, **more):
    form = {"actor": cast[ADMIN].id, "count": str(len(lines)), "reason": "Ønsket av posten"}
    for place, line in enumerate(lines):
        form |= {f"{name}-{place}": value for name, value in line.items()}
    return form | more


STATE = {"key": "status", "label": "Tilstand", "kind": "text", "required": "1", "rows": "3", "carry": "1"}
PAIN = {"key": "", "label": "Smerte i hvile", "kind": "number", "unit": "NRS", "low": "0", "high": "10", "decimals": "0", "required": "1"}
SLEEP = {"key": "", "label": "Søvn", "kind": "choice", "options": "God; Urolig ; Våken"}


@pytest.fixture
def changed(cast, client_for):
    answer = client_for(ADMIN).post(MASK, posted(cast, PAIN, STATE, SLEEP))
    assert (answer.status_code, answer["Location"]) == (302, "/roller/journaltyper/nurse_daily/versjoner/?lagret=1")
    return DocumentType.objects.get(code="nurse_daily")


def begin(gate, cast, kind, content, **more):
    return notes.note_autosave(gate=gate, patient=cast.anna.id, document_type=kind, content=content, event_at=gate.now, **more)


def test_it_is_in_use_at_once_everywhere(cast, open_gate, client_for, changed):
    assert [one["key"] for one in changed.sections] == ["smerte_i_hvile", "status", "sovn"] and changed.version == 2
    nurse = client_for(NURSE)
    page = nurse.get(f"/pasient/{cast.anna.id}/journal/nytt/?template=nurse_daily").content.decode()
    assert 'name="section.smerte_i_hvile"' in page and "NRS" in page and "0–10" in page and '<option value="Urolig"' in page
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        signed = notes.note_sign(gate=gate, note=begin(gate, cast, changed, {"status": "Rolig", "smerte_i_hvile": "3", "sovn": "God"}))
        assert signed.template_version == 2
    base = f"/pasient/{cast.anna.id}/journal/"
    for address in (base, f"{base}?type=nurse_daily", f"{base}{signed.pk}/"):
        assert "3 NRS" in nurse.get(address).content.decode(), address
    assert "3 NRS" in on_paper.words(on_paper.press(nurse, cast[NURSE].id, cast.anna.id, what="note", note=signed.pk))
    api = client_for(NURSE, HTTP_ACCEPT="application/json").get(f"/api/v1/patients/{cast.anna.id}/notes/{signed.pk}/").json()
    assert (api["content"]["smerte_i_hvile"], api["template_version"]) == ("3", 2)


@pytest.mark.parametrize(
    ("value", "words"),
    [("11", "Kan ikke være over 10 NRS"), ("-1", "minst 0 NRS"), ("2,5", "Høyst 0 desimaler"), ("vondt", "Skriv et tall"), ("", "Må fylles ut")],
)
def test_limits_and_what_is_required_are_asked_for_at_signing_only(cast, open_gate, changed, value, words):
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        draft = begin(gate, cast, changed, {"status": "Rolig", "smerte_i_hvile": value, "sovn": "Dårlig"})
        with pytest.raises(JournalError) as refused:
            notes.note_sign(gate=gate, note=draft)
        assert words in refused.value.fields["section.smerte_i_hvile"]
        assert value == "" or refused.value.fields["section.sovn"] == "Velg et av valgene."
        assert Note.objects.get(pk=draft.pk).content["smerte_i_hvile"] == value


def test_what_was_written_before_stands_as_it_was_and_a_draft_goes_on_in_its_own_form(cast, open_gate, client_for):
    old = DocumentType.objects.get(code="nurse_daily")
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        signed = notes.note_sign(gate=gate, note=begin(gate, cast, old, {"status": "Rolig", "plan": "Følges", "contact": "Ringte datter"}))
        draft = begin(gate, cast, old, {"status": "Kladd", "contact": "Sønnen kommer"})
    client_for(ADMIN).post(MASK, posted(cast, PAIN, STATE))
    nurse = client_for(NURSE)
    page = nurse.get(f"/pasient/{cast.anna.id}/journal/{signed.pk}/").content.decode()
    assert "Samtale og pårørende" in page and "Ringte datter" in page and "Smerte i hvile" not in page
    page = nurse.get(f"/pasient/{cast.anna.id}/journal/nytt/?template=nurse_daily").content.decode()
    assert "Sønnen kommer" in page and 'name="template_version" value="1"' in page
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        again = begin(gate, cast, DocumentType.objects.get(code="nurse_daily"), {"contact": "Begge kommer"}, note_id=draft.pk, lock_version=1)
        assert again.content["contact"] == "Begge kommer"


def test_versions_are_kept_told_and_taken_up_again(cast, client_for, changed):
    admin = client_for(ADMIN)
    page = admin.get("/roller/journaltyper/nurse_daily/versjoner/").content.decode()
    assert "Versjon 2" in page and "Ønsket av posten" in page and "Tor Kristian Bakke" in page and "Versjon 1" in page
    assert "Ernæring og utskillelse" in admin.get(f"{MASK}?fra=1").content.decode()
    back = [
        {name: str(value) for name, value in one.items() if name in ("key", "label")} | {"kind": "text"}
        for one in DocumentTemplate.objects.get(document_type=changed, number=1).sections
    ]
    admin.post(MASK, posted(cast, *back))
    assert [one["key"] for one in DocumentType.objects.get(code="nurse_daily").sections] == ["status", "nutrition", "activity", "contact", "plan"]


def test_what_is_wrong_with_a_template_is_said_and_nothing_is_saved(cast, client_for):
    wrong = [
        PAIN | {"low": "10", "high": "0"},
        SLEEP | {"options": "Bare en"},
        STATE,
        STATE | {"key": ""},
        {"key": "", "label": "", "hint": "uten overskrift"},
    ]
    answer = client_for(ADMIN).post(MASK, posted(cast, *wrong))
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Øvre grense må være høyere", "minst to ulike valg", "samme overskrift", "Skriv en overskrift"):
        assert words in text
    assert DocumentType.objects.get(code="nurse_daily").version == 1
    moving = client_for(ADMIN).post(MASK, posted(cast, STATE, PAIN, act="up-1"))
    assert moving.status_code == 200 and moving.content.decode().index("Smerte i hvile") < moving.content.decode().index("Tilstand")
    assert client_for(NURSE).get(MASK).status_code == 404


def test_every_ready_template_is_one_an_administrator_could_have_typed():
    kinds = {(role, code) for code, _name, _category, roles, _sections in [*DOCUMENT_TYPES, *READY_TEMPLATES] for role in roles}
    for role in ("lms_nurse", "lms_doctor", "physiotherapist", "occupational_therapist", "psychologist", "case_officer"):
        assert len([code for held, code in kinds if held == role]) >= 4, role
    for code, _name, _category, _roles, sections in READY_TEMPLATES:
        made, rows = sections_from(rows_of(sections), frozenset(one["key"] for one in sections))
        assert not [row.errors for row in rows if row.errors], code
        assert [{**one} for one in made] == [{"unit": "", **one} if one.get("kind") == "number" else one for one in sections], code
        assert DocumentType.objects.get(code=code).sections == sections


def test_values_at_their_limits():
    number = {"key": "n", "kind": "number", "min": 0, "max": 10.5, "decimals": 1}
    found = {text: wrong_value(number, text) for text in ("", "0", "0,0", "10,5", "10.5", "10,50", "10,6", "-0,1", "1,25", "1e3", "١", "1 000")}
    assert [text for text, wrong in found.items() if wrong is None] == ["", "0", "0,0", "10,5", "10.5", "10,50"]
    assert (found["10,6"], found["-0,1"], found["1,25"], found["1e3"]) == (Wrong.ABOVE, Wrong.BELOW, Wrong.DECIMALS, Wrong.NOT_A_NUMBER)
    assert (
        wrong_value({"key": "d", "kind": "date"}, "31.02.2026") is Wrong.NOT_A_DATE
        and wrong_value({"key": "d", "kind": "date"}, "28.02.2026") is None
    )


def test_moving_a_line_changes_nothing_else():
    rows = [Row(label="a"), Row(label="b"), Row(label="c")]
    assert [row.label for row in moved(rows, "down-0")] == ["b", "a", "c"]
    assert [row.label for row in moved(rows, "up-0")] == ["a", "b", "c"] == [row.label for row in moved(rows, "tull")]
    assert len(moved(rows, "more")) > 3
