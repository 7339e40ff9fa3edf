"""Records of another system come in whole or not at all, once, and say where they are from."""

import contextlib
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from access.domain.identity import synthetic_numbers
from access.models import DecidedMeasure, Patient, PatientIdentity, User
from auditlog.models import AccessLogEntry
from journal.domain.importing import check_group, read_groups
from journal.models import ImportedEntry, ImportRun, ImportSource, Note, NoteVersion, ServiceDecision
from journal.services import importing, notes
from journal.services.errors import JournalError
from journal.services.import_codes import ImportFault

pytestmark = pytest.mark.django_db
START = datetime(2015, 3, 1, 9, tzinfo=UTC)
HOME = "aas.hjemmesykepleier"


def a_patient(chance, place, number):
    """One patient's lines with some of every kind."""
    key, born = f"P{place}", datetime(1930 + place % 60, 1 + place % 12, 1 + place % 28).date()
    lines = [{
        "kind": "patient", "id": key, "numbers": [number(born)], "family_name": f"Etternavn{place}", "given_name": "Prøve", "birth_date": str(born),
        "sex": "K", "municipality_number": "3218",
    }]  # fmt: skip
    common = {"patient": key, "author": "IH", "unit_text": "Sone nord"}

    def add(kind, **more):
        at = START + timedelta(hours=place * 100 + len(lines))
        lines.append({"kind": kind, "id": f"{key}-{len(lines)}", "event_at": at.isoformat(), **common, **more})

    add("service", type=15, executing_unit="sone-n", text="Hjemmesykepleie", starts_at=START.isoformat())
    for n in range(chance.randint(1, 4)):
        add("note", type="SPL", title="Rapport", text=f"Tilsyn {n} hos {key}", **({"author": None, "author_name": "Gerd Gammel"} if n else {}))
    add("diagnosis", text="Diabetes type 2", icpc2="T90", active=True)
    add("critical", type="allergy", substance="Penicillin", reaction="Utslett")
    add("medication", generic="metformin", dose="500 mg", frequency="2 ganger daglig", started_on="2015-01-02")
    add("vitals", pulse=72, systolic=130, diastolic=80, temperature=36.8)
    add("next_of_kin", name="Datter", relation="datter", phone="90000000")
    add("plan", problem="Fallfare", goal="Ingen fall")
    return [{name: value for name, value in line.items() if value is not None} for line in lines]


@pytest.fixture
def folder(tmp_path, cast):
    numbers = {}

    def number(born):
        return next(numbers.setdefault(born, synthetic_numbers(born, female=True, seed=500)))

    def write(count=4, change=lambda patients: patients, seed=1):
        chance = random.Random(seed)
        patients = change([a_patient(chance, place, number) for place in range(count)])
        text = "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for lines in patients for one in lines)
        (tmp_path / "a.ndjson").write_text(text + "\n", encoding="utf-8")
        return tmp_path

    entity = DecidedMeasure.objects.filter(unit_id=cast.units["aas_home"]).select_related("unit__legal_entity").first().unit.legal_entity
    entity.org_number = entity.org_number or "964948798"
    entity.save()
    unit = str(DecidedMeasure.objects.filter(unit_id=cast.units["aas_home"]).first().unit)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "epj-import-1", "system": "Gerica", "org_number": entity.org_number}))
    (tmp_path / "users.csv").write_text("local;name;profession;username\nIH;Hanne Moen;nurse;aas.hjemmesykepleier\nGG;Gerd Gammel;nurse;\n")
    (tmp_path / "document_types.csv").write_text("local;ours\nSPL;nurse_note\n")
    (tmp_path / "units.csv").write_text(f"local;ours\nsone-n;{unit}\n")
    return write


def bring(folder, **more):
    return importing.records_import(folder=folder, using="default", **more)


def stands():
    """What has been brought in, without ids and times of our own: {(kind, key): what the row says}."""
    found = {}
    for one in ImportedEntry.objects.all():
        if one.kind == "note":
            note = Note.objects.get(pk=one.entry_id)
            assert NoteVersion.objects.get(note=note).content == note.content
            found[one.kind, one.key] = (note.patient.family_name, note.content, note.event_at, note.author.get_full_name(), note.state)
        else:
            found[one.kind, one.key] = (one.original.get("author"),)
    return found


def test_a_record_comes_in_as_it_was_and_says_from_where(folder, client_for, cast):
    report = bring(folder())
    assert report.patients == Counter(new=4) and report.fault_count == 0
    note = Note.objects.get(pk=ImportedEntry.objects.filter(kind="note", original__author="Gerd Gammel").first().entry_id)
    assert (note.state, note.unit.name, note.legal_entity.name) == ("SIGNED", "Importert fra Gerica", DecidedMeasure.objects.filter(
        patient=note.patient).get().unit.legal_entity.name)  # fmt: skip
    assert note.event_at.year == 2015 and not note.author.is_active
    assert AccessLogEntry.objects.filter(action="record_import", patient_id=note.patient_id, user_name="Import fra Gerica").count() == 1
    # The rule is the same: the zone that has the service reads it, the ward does not.
    page = client_for(HOME).get(f"/pasient/{note.patient_id}/journal/")
    assert "Tilsyn" in page.content.decode() and "Importert fra Gerica" in page.content.decode()
    assert client_for("lms.lege").get(f"/pasient/{note.patient_id}/journal/").status_code == 404
    assert ServiceDecision.objects.filter(patient=note.patient).count() == 1


def test_a_document_of_another_system_is_not_changed(folder, open_gate):
    bring(folder())
    note = Note.objects.get(pk=ImportedEntry.objects.filter(kind="note").first().entry_id)
    with open_gate(HOME, patient=note.patient_id) as gate, pytest.raises(JournalError) as told:
        notes.correction_draft(gate, Note.objects.get(pk=note.pk))
    assert told.value.code == "imported"
    version = NoteVersion.objects.get(note=note)
    version.pk, version.number, version.title = uuid4(), 2, "nytt"
    version.save(force_insert=True)
    with pytest.raises(DatabaseError, match="another system"), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(title="nytt", version=2)


def test_a_dry_run_writes_nothing(folder):
    tables = (Patient, PatientIdentity, User, Note, ImportedEntry, ImportSource, ImportRun, DecidedMeasure, AccessLogEntry)
    before = [model.objects.count() for model in tables]
    report = bring(folder(), dry_run=True)
    assert report.patients == Counter(new=4) and report.rows["plan"] == 4
    assert [model.objects.count() for model in tables] == before


@pytest.mark.parametrize("seed", range(4))
def test_cut_off_anywhere_and_gone_on_with_is_the_same_as_in_one_go(folder, monkeypatch, seed):
    """The cut falls at any statement, in the middle of a patient too."""
    with transaction.atomic():
        bring(folder(5, seed=seed))
        whole = stands()
        transaction.set_rollback(True)
    chance, usual = random.Random(seed), importing.add_entry

    class Killed(BaseException):
        pass

    again = False
    for _ in range(3):
        left = chance.randint(1, 25)

        def add(*args):
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed
            usual(*args)

        monkeypatch.setattr(importing, "add_entry", add)
        with contextlib.suppress(Killed):
            bring(folder(5, seed=seed), resume=again)
        again = True
    monkeypatch.setattr(importing, "add_entry", usual)
    last = bring(folder(5, seed=seed), resume=True)
    assert stands() == whole
    assert last.patients["new"] + last.patients["already"] == 5
    assert Patient.objects.filter(family_name__startswith="Etternavn").count() == 5
    assert bring(folder(5, seed=seed), resume=True).patients == Counter(already=5)
    assert ImportRun.objects.filter(finished_at=None).count() >= 1


def test_what_is_wrong_is_told_by_line_and_leaves_the_patient_out_whole(folder):
    def spoil(patients):
        patients[0][2] = '{"kind": "note", broken'
        patients[1][2]["type"] = "UKJENT"
        patients[2][0]["numbers"] = ["01010112345"]
        return patients

    report = bring(folder(change=spoil))
    assert (report.patients["new"], report.patients["refused"]) == (1, 3)
    assert report.unmapped["document_types.csv: UKJENT"] == 1
    said = {(fault.line, fault.what.split()[0]) for fault in report.faults}
    assert (3, "linjen") in said and all(fault.do for fault in report.faults)
    assert Patient.objects.filter(family_name__startswith="Etternavn").count() == 1
    assert bring(folder(), resume=True).patients == Counter(new=3, already=1)


def test_the_same_number_is_the_same_record_and_a_namesake_is_told_of(folder, cast):
    def meet(patients):
        patients[0][0] |= {"numbers": [cast.kari.number], "birth_date": "1941-03-04"}
        patients[1][0] |= {"numbers": [], "family_name": "Sengemyrholt", "given_name": "Anna", "birth_date": "1938-07-19"}
        patients[2][0] |= {"numbers": [cast.kari.number]}
        patients[3][0] |= {"numbers": [cast.anna.number], "birth_date": "1950-01-01"}
        return patients

    report = bring(folder(change=meet))
    assert report.patients == Counter(new=1, existing=1, refused=2, possible_duplicate=1)
    assert ImportedEntry.objects.get(kind="patient", key="P0").entry_id == cast.kari.id
    assert PatientIdentity.objects.get(patient=ImportedEntry.objects.get(kind="patient", key="P1").entry_id).kind == "TMP"


def test_it_does_not_begin_with_codes_that_mean_nothing_or_twice_by_mistake(folder):
    here = folder()
    (here / "document_types.csv").write_text("local;ours\nSPL;finnes_ikke\n")
    with pytest.raises(ImportFault, match="finnes_ikke"):
        bring(here)
    (here / "document_types.csv").write_text("local;ours\nSPL;nurse_note\n")
    bring(here)
    with pytest.raises(ImportFault, match="--resume"):
        bring(here)


@pytest.mark.parametrize(("line", "what"), [
    ({"kind": "note", "id": "1", "patient": "P"}, "mangler"), ({"kind": "annet", "id": "1"}, "ukjent kind"),
    ({"kind": "vitals", "id": "1", "patient": "P", "author": "a", "event_at": "2020-01-01T10:00:00", "pulse": 70}, "tidssone"),
    ({"kind": "vitals", "id": "1", "patient": "P", "author": "a", "event_at": "2020-01-01T10:00:00Z", "pulse": 900}, "tall"),
    ({"kind": "vitals", "id": "1", "patient": "Q", "author": "a", "event_at": "2020-01-01T10:00:00Z", "puls": 70}, "finnes ikke"),
])  # fmt: skip
def test_each_field_is_judged(line, what):
    text = [json.dumps({"kind": "patient", "id": "P", "family_name": "X"}), json.dumps(line)]
    (group,) = read_groups("a", text)
    assert any(what in fault.what and fault.line == 2 for fault in check_group(group))
