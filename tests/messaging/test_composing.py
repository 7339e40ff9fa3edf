"""What a message of each kind tells, from material and what the sender wrote; everything that is put together can be written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from access.domain.identity import synthetic_number
from messaging.composing.contents import Incomplete, Written, content_of, dialogue_of, in_words, with_reader
from messaging.composing.heads import READERS, message_of, professional_of
from messaging.composing.kinds import KINDS, Kind, document_types
from messaging.composing.pieces import Course, Material, Piece, Subject
from messaging.formats.model import facts
from messaging.formats.model.parties import Person
from messaging.formats.model.values import Code, Moment, Quantity
from messaging.formats.outcome import judge
from messaging.formats.read import read
from messaging.formats.write import OUTGOING, write

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BORN = date(1939, 9, 21)
PER = Subject("Per Kristian", "Brekke", BORN, "M", synthetic_number(BORN, female=False), "FNR", "Ragna Vik", "3220")
STAY = Course(uuid4(), "Hjertesvikt", "fastlege Ragna Vik", NOW - timedelta(days=2), NOW, NOW + timedelta(hours=3), None, "hjem")
ICPC = "2.16.578.1.12.4.1.1.7170"


def piece(part: str, fact: object = None, document_type: str | None = None, **texts: str) -> Piece:
    return Piece(uuid4(), part, part, 7, document_type, None, None, NOW, fact, texts)


FURIX = facts.Medication(
    name="Furix",
    atc=Code("C03CA01", "furosemid"),
    generic="furosemid",
    strength=Quantity("40", "mg"),
    dose="1 tablett kl. 08",
    purpose="Ødem",
    use=Code("1", "Fast"),
    start=Moment("2024-02-01"),
    note="Vei daglig",
)
PIECES = (
    piece("diagnoses", facts.Diagnosis(Code("K77", "Hjertesvikt", ICPC), "Hjertesvikt", main=True)),
    piece("diagnoses", facts.Diagnosis(None, "Uten kode", main=False)),
    piece("critical", facts.Critical("allergy", "Penicillin (utslett)")),
    piece("critical", facts.Critical("infection", "Smitte: MRSA")),
    piece("medications", FURIX),
    piece("medications", facts.Medication(name="Paracet", use=Code("3", "Ved behov"))),
    piece("services", facts.Service(Code("15", "Helsetjenester i hjemmet", "2.16.578.1.12.4.1.1.9151"), "Hjemmesykepleie", False, "Sone 2", start=Moment("2025-01-01"))),
    piece("relatives", facts.Relative(Person(family="Brekke", given="Ingunn"), Code("DA", "Datter"), note="Nærmeste pårørende")),
    piece("note", None, "nurse_discharge", course="Gikk fint", function="Går med rullator", follow_up="Vekt daglig", informed=""),
    piece("note", None, "nurse_daily", status="Våken", plan="Observere"),
)  # fmt: skip
MATERIAL = Material(PER, STAY, PIECES)
NURSE = professional_of("Ingrid", "Haugen", "nurse", "64 92 00 40")
_LMS = SimpleNamespace(her_id="8200001", name="Follo LMS", kind="entity", parent=None, org_number="999900001")
_OUTSIDE = SimpleNamespace(her_id="8100100", name="Enebakk kommune", kind="entity", parent=None, org_number="993220001")
WARD = SimpleNamespace(her_id="8200011", name="ØHD", kind="service", parent=_LMS)
HOME = SimpleNamespace(her_id="8100101", name="Sykepleietjeneste", kind="service", parent=_OUTSIDE)
DOCTOR = SimpleNamespace(her_id="8100201", name="Ragna Vik", kind="person", parent=_OUTSIDE)


def written(kind: Kind, **changes: object) -> Written:
    texts = {field.key: f"Om {field.label.lower()}.\nOg mer <til>." for field in kind.fields}
    asked = (facts.Question(kind=Code("1", "Helseopplysninger", "2.16.578.1.12.4.1.1.9154"), text="Hva vet dere?"),)
    return replace(Written(texts, kind.options[0] if kind.options else None, NOW - timedelta(hours=1), asked), **changes)


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_is_written_as_its_standard_says_and_tells_all_that_was_given(slug):
    kind = KINDS[slug]
    content = content_of(kind, MATERIAL, written(kind), NURSE, NOW)
    for receiver in (HOME, DOCTOR):
        raw = write(message_of(kind.type, content, sender=WARD, receiver=receiver, subject=PER, now=NOW))
        reading = read(raw)
        assert judge(reading).accepted, judge(reading).reason
        message = reading.message
        assert (message.header.type.value, message.header.sender.her_id, message.header.receiver.her_id) == (kind.type, "8200011", receiver.her_id)
        assert message.header.patient.number("FNR") == PER.number
        for part in kind.parts:
            assert len(getattr(message.content, part)) == len(MATERIAL.of(part)), part
        for field in kind.fields:
            assert f"Om {field.label.lower()}." in raw.decode(), field.key


def test_what_is_sent_of_each_type_is_a_type_we_can_write_and_has_a_place():
    assert {kind.type for kind in KINDS.values()} <= set(OUTGOING)
    codes = [code for code, _, _ in document_types()]
    assert len(codes) == len(set(codes))
    assert max(map(len, codes)) <= 40


def test_a_discharge_report_tells_when_the_stay_began_and_ended():
    content = content_of(KINDS["utskrivningsrapport"], MATERIAL, written(KINDS["utskrivningsrapport"]), NURSE, NOW)
    assert [(one.code.value, one.time.instant) for one in content.events] == [("1", STAY.admitted_at), ("2", NOW)]


@pytest.mark.parametrize(("slug", "changes", "field"), [
    ("utskrivningsrapport", {"texts": {"problem": "Ja", "course": "  "}}, "course"),
    ("foresporsel", {"choice": None}, "choice"),
    ("innlagt", {"at": None}, "at"),
])  # fmt: skip
def test_what_is_demanded_and_missing_is_named(slug, changes, field):
    with pytest.raises(Incomplete) as said:
        content_of(KINDS[slug], MATERIAL, written(KINDS[slug], **changes), NURSE, NOW)
    assert said.value.field == field


def test_no_services_is_nothing_to_tell_of_and_no_stay_no_epikrise():
    with pytest.raises(Incomplete):
        content_of(KINDS["orientering"], Material(PER, STAY), written(KINDS["orientering"]), NURSE, NOW)
    with pytest.raises(Incomplete):
        content_of(KINDS["epikrise"], Material(PER, None), written(KINDS["epikrise"]), NURSE, NOW)


def test_texts_begin_from_the_first_note_that_says_something():
    text, note = MATERIAL.text(("nurse_discharge.informed", "nurse_daily.plan"))
    assert (text, note) == ("Observere", PIECES[-1].id)
    assert MATERIAL.text(("stay.cause",)) == ("Hjertesvikt", None)
    gone = MATERIAL.without([PIECES[-1].id])
    assert gone.text(("nurse_daily.plan",)) == ("", None)
    assert len(gone.pieces) == len(PIECES) - 1


def test_an_answer_encloses_what_was_asked():
    content = content_of(KINDS["svar"], MATERIAL, written(KINDS["svar"]), NURSE, NOW)
    assert content.questions[0].text == "Hva vet dere?"


def test_an_opening_dialogue_names_the_sender_and_whom_it_is_for():
    told = with_reader(dialogue_of(Code("6", "Henvendelse om pasient"), "Hei", NURSE, NOW), READERS["KP02"])
    message = read(write(message_of("DIALOG_HELSEFAGLIG", told, sender=WARD, receiver=HOME, subject=PER, now=NOW))).message
    author, reader = message.content.contacts
    assert author.professional.person.shown == "Ingrid Haugen"
    assert author.professional.person.telecoms[0].address == "tel:64920040"
    assert (reader.role.value, reader.professional.kind.value) == ("24", "SP")


def test_a_message_in_words_has_its_headings():
    assert in_words("Utskrivningsrapport", [("Diagnoser", "Hjertesvikt"), ("Tomt", "")]) == "UTSKRIVNINGSRAPPORT\n\nDiagnoser\nHjertesvikt"


def test_a_patient_without_a_number_is_named_by_birth_date_and_sex():
    kind = KINDS["dialog"]
    unnumbered = replace(PER, number="", kind="")
    raw = write(message_of(kind.type, content_of(kind, MATERIAL, written(kind), NURSE, NOW), sender=WARD, receiver=HOME, subject=unnumbered, now=NOW))
    assert judge(read(raw)).accepted
