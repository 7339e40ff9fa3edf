"""An administrator makes roles, categories and document types; who lacks the category sees nothing of what is written in it (R11, R13)."""

import pytest
from django.db import DatabaseError, transaction

from access import gate
from access.models import AccessAuthorisation, DocumentType, InfoCategory, RoleRight, RoleTemplate, Session
from access.services.classification import ClassificationError, category_new, code_of, document_type_save, role_new, sections_of
from journal.models import Note
from journal.services import notes
from tests.access.rights_desk import CHART, FIRST, READ, bring_about, cell
from tests.journal.on_paper import press, words

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"


def copy_of(open_gate, source="lms_nurse", name="Sykepleier, rehabilitering"):
    with open_gate(FIRST):
        return RoleTemplate.objects.get(id=role_new(name=name, mark="R", source=RoleTemplate.objects.get(code=source).id, reason="Ny avdeling"))


def test_a_new_role_is_another_to_the_letter(cast, open_gate, log_rows):
    made, source = copy_of(open_gate), RoleTemplate.objects.get(code="lms_nurse")
    assert (made.code, made.mark, made.required_profession, made.decides) == ("sykepleier_rehabilitering", "R", "nurse", source.decides)
    rights = [set(RoleRight.objects.filter(role=role, valid_to=None).values_list("template", "category", "actions")) for role in (made, source)]
    assert rights[0] == rights[1]
    assert made.code in DocumentType.objects.get(code="nurse_isbar").written_by
    assert log_rows(action="role_new")[0]["reason"] == "Ny avdeling"
    with pytest.raises(ClassificationError, match="finnes en rolle"):
        copy_of(open_gate, name="sykepleier,  rehabilitering")


def test_the_new_role_works_when_someone_is_given_it(cast, open_gate):
    made = copy_of(open_gate)
    held = AccessAuthorisation.objects.create(user_id=cast[NURSE].id, role=made, unit_id=cast.units["ward"], valid_from=made_at(), reason="Prøve")
    Session.objects.filter(user_id=cast[NURSE].id).update(authorisation=held)
    with open_gate(NURSE, patient=cast.anna.id) as opened:
        assert opened.role["code"] == made.code
        assert Note.objects.filter(id=cast.anna.rows["note"]).exists()


def made_at():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.clock()")
        return cursor.fetchone()[0]


def category(open_gate, name="Rus og avhengighet"):
    with open_gate(FIRST):
        return category_new(name=name, strict=True, reason="Skal styres for seg")


def test_a_new_category_is_closed_to_all_until_rights_are_given(cast, open_gate):
    code = category(open_gate)
    assert code == 15
    assert not RoleRight.objects.filter(category_id=code).exists()
    with pytest.raises(ClassificationError, match="finnes en kategori"):
        category(open_gate, "rus og avhengighet")
    InfoCategory.objects.bulk_create(InfoCategory(code=n, name=f"Kategori {n}") for n in range(16, 31))
    with pytest.raises(ClassificationError, match="ikke plass"):
        category(open_gate, "Enda en")


def test_what_is_written_in_a_made_type_reaches_only_those_with_the_category(cast, open_gate, client_for):
    code = category(open_gate)
    with open_gate(FIRST):
        kind = document_type_save(code="", name="Rusnotat", category=code, written_by=["lms_doctor"], headings="Samtale\nPlan", reason="Nytt tilbud")
    assert kind == "rusnotat"
    bring_about(open_gate, cell("lms_doctor", "ADMITTED", code, CHART))
    text = "Rusmerketekst"
    with open_gate(DOCTOR, patient=cast.anna.id) as opened:
        draft = notes.note_autosave(
            gate=opened,
            patient=cast.anna.id,
            document_type=DocumentType.objects.get(code=kind),
            content={"samtale": text, "plan": text},
            event_at=opened.now,
        )
        note = notes.note_sign(gate=opened, note=draft)
    base = f"/pasient/{cast.anna.id}/"
    pages = (base, f"{base}journal/", f"/api/v1/patients/{cast.anna.id}/notes/", f"{base}journal/{note.id}/")
    doctor, nurse = (client_for(one, HTTP_ACCEPT="*/*") for one in (DOCTOR, NURSE))
    assert all(text in doctor.get(page).content.decode() for page in pages)
    assert not any(text in nurse.get(page).content.decode() for page in pages)
    assert not any("Rusnotat" in nurse.get(page).content.decode() for page in pages)
    paper = {"what": "note", "note": note.id}
    assert text in words(press(doctor, cast[DOCTOR].id, cast.anna.id, **paper))
    bring_about(open_gate, cell("lms_nurse", "ADMITTED", code, READ))
    assert all(text in nurse.get(page).content.decode() for page in pages)
    assert press(nurse, cast[NURSE].id, cast.anna.id, **paper).status_code == 404
    bring_about(open_gate, cell("lms_doctor", "ADMITTED", code, 0))
    assert not any(text in doctor.get(page).content.decode() for page in pages)


def test_a_document_type_keeps_its_category_and_the_keys_of_its_headings(cast, open_gate):
    old = DocumentType.objects.get(code="nurse_daily")
    with open_gate(FIRST):
        document_type_save(code=old.code, name=old.name, category=7, written_by=["lms_nurse"], headings="Tilstand\nPårørende", reason="Kortere")
        with pytest.raises(DatabaseError), transaction.atomic():
            gate.call("document_type_save", old.code, old.name, 8, ["lms_nurse"], "[]", "Prøve")
        with pytest.raises(ClassificationError, match="finnes en journaltype"):
            document_type_save(code="", name="Visitt", category=8, written_by=["lms_doctor"], headings="", reason="Prøve")
        with pytest.raises(ClassificationError, match="minst én rolle"):
            document_type_save(code="", name="Ny", category=8, written_by=[], headings="", reason="Prøve")
    changed = DocumentType.objects.get(code=old.code).sections
    assert changed[0] == old.sections[0]
    assert (changed[1]["key"], changed[1]["label"]) == ("parorende", "Pårørende")


def test_headings_become_sections_with_keys_of_their_own():
    made = sections_of("Plan\n  \nPlan\nPlan!", [{"key": "plan", "label": "Gammel", "hint": "", "rows": 3, "required": True}])
    assert [(x["key"], x["label"]) for x in made] == [("plan_2", "Plan"), ("plan_3", "Plan!")]
    assert [x["label"] for x in sections_of("", [])] == ["Notat"]
    assert code_of("Sykepleier, Ås – øst") == "sykepleier_as_ost"
