"""What is written is valid, and reads back as what was meant."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from messaging.formats.model.facts import Critical, LabResult
from messaging.formats.model.message import Content, Message
from messaging.formats.model.parties import Organisation, Party, Person, Professional
from messaging.formats.outcome import judge
from messaging.formats.read import read
from messaging.formats.write import OUTGOING, Unwritable, write
from tests.messaging import made

# These messages are too large to shrink in reasonable time; the failing one is shown as it is.
QUICK = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate))


@pytest.mark.parametrize("message_type", [name for name in OUTGOING if name != "EPIKRISE"])
def test_a_written_message_reads_back_as_it_was_meant(message_type):
    @QUICK
    @given(made.messages(message_type))
    def check(message):
        reading = read(write(message))
        assert reading.problem is None
        assert comparable(reading.message) == comparable(message)

    check()


@QUICK
@given(made.messages("EPIKRISE"))
def test_an_epikrise_reads_back_as_it_was_meant(message):
    """Its parties and patient are written with names in one piece and numbers without an OID."""
    found, meant = read(write(message)).message, message
    told = replace(found.content, contacts=(), discipline=None)
    assert comparable_content(told) == comparable_content(meant.content)
    assert found.header.message_id == meant.header.message_id
    assert found.header.patient.shown == f"{meant.header.patient.family}, {meant.header.patient.given} {meant.header.patient.middle}".strip()
    assert found.header.sender.her_id == meant.header.sender.her_id
    assert [c.her_id for c in found.header.copies] == [c.her_id for c in meant.header.copies]
    assert found.attachments == meant.attachments


@QUICK
@given(made.receipts())
def test_a_receipt_reads_back_as_it_was_meant(message):
    reading = read(write(message))
    assert reading.problem is None
    assert replace(reading.message.header, structure_version="") == message.header
    assert reading.message.receipt == message.receipt


@QUICK
@given(st.sampled_from(sorted(OUTGOING)).flatmap(made.messages))
def test_what_we_write_we_would_accept(message):
    outcome = judge(read(write(message)))
    assert outcome.accepted, outcome.reason


@QUICK
@given(made.messages("LOG_DOD"))
def test_what_a_message_has_no_place_for_is_an_error_not_a_silence(message):
    burdened = replace(message, content=replace(message.content, critical=(Critical("cave", "Morfin"),)))
    with pytest.raises(Unwritable, match="critical"):
        write(burdened)


@QUICK
@given(made.messages("INNLEGGELSESRAPPORT"))
def test_laboratory_results_do_not_fit_an_admission_report(message):
    with pytest.raises(Unwritable, match="results"):
        write(replace(message, content=replace(message.content, results=(LabResult(value="4"),))))


def test_a_message_without_what_its_standard_demands_is_not_written():
    for one in OUTGOING:
        bare = Message(standard=made.outgoing_standard(one))
        with pytest.raises(Unwritable):
            write(bare)


@QUICK
@given(made.messages("DIALOG_NOTAT"), st.sampled_from(["\x00", "\x0b", "\ud800", "\uffff"]))
def test_characters_that_xml_cannot_hold_are_left_out(message, character):
    note = replace(message.content.notes[0], text=f"Kald{character} hånd")
    written = write(replace(message, content=replace(message.content, notes=(note,))))
    assert read(written).message.content.notes[0].text == "Kald hånd"


def comparable(message: Message) -> Message:
    """Leaves out what a writer decides, and takes rows of text in one order."""
    return replace(message, header=replace(message.header, structure_version=""), content=comparable_content(message.content))


def comparable_content(content: Content) -> Content:
    return replace(
        content,
        texts=tuple(sorted(content.texts, key=lambda one: one.section)),
        contacts=tuple(sorted(content.contacts, key=lambda one: one.function)),
    )


def test_the_innermost_party_is_the_address():
    service = Organisation("Sykepleietjenesten", (made.Identifier("2", made.kind("HER", "HER-id")),))
    entity = Organisation("Enebakk kommune", (made.Identifier("1", made.kind("HER", "HER-id")),), units=(service,))
    assert Party(entity).her_id == "2"
    assert Party(replace(entity, units=())).her_id == "1"
    doctor = Professional(Person(family="Lin", identifiers=(made.Identifier("3", made.kind("HER", "HER-id")),)))
    assert Party(replace(entity, units=(), professionals=(doctor,))).shown == "Enebakk kommune, Lin"
    assert Party(replace(entity, units=(), professionals=(doctor,))).her_id == "3"
