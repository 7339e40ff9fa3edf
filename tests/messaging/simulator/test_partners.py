"""The partners: what they answer, what they send, and what they do wrong when told to."""

from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import pytest

from messaging.formats.model.facts import Question
from messaging.formats.model.message import Content, Message
from messaging.formats.model.values import Code
from messaging.formats.outcome import judge
from messaging.formats.read import read
from messaging.formats.receipts import own_recipients, receipt_for
from messaging.formats.write import write
from messaging.simulator.addresses import OID, addresses
from messaging.simulator.conduct import Conduct, changed
from messaging.simulator.letters import LETTERS, Occasion, composed, professional_dialogue
from messaging.simulator.partner import OHD, ROLES, Outgoing, Partner
from messaging.simulator.people import PEOPLE, described

NOW = 1_800_000_000.0
PER = PEOPLE["per"]
ENEBAKK, GP, HOSPITAL = "8100101", "8100201", "8100301"
WARD = addresses()[OHD].party


def to(her_id: str, patient=PER) -> Occasion:
    return Occasion(WARD, addresses()[her_id].party, patient, datetime.fromtimestamp(NOW, UTC))


def question(her_id: str) -> bytes:
    asked = Question(kind=Code("1", "Helseopplysninger", f"{OID}9154"), text="Hva vet dere?")
    return write(composed("DIALOG_FORESPORSEL", Content(questions=(asked,)), to(her_id)))


def partner(code: str = "enebakk", **conduct) -> Partner:
    return Partner(code, Random(3), Conduct(**conduct))


def messages(out: list[Outgoing]) -> list[Message]:
    readings = [read(one.raw) for one in out]
    assert [one.problem for one in readings] == [None] * len(out)
    return [one.message for one in readings]


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for code, kinds in ROLES.items() for kind in kinds])
def test_what_a_partner_sends_of_its_own_accord_is_taken_in_by_the_standards_rules(code, kind):
    (out,) = partner(code).send(kind, PER, NOW)
    reading = read(out.raw)
    message = reading.message
    assert judge(reading).accepted, judge(reading).reason
    assert message.header.type.value == kind
    assert message.header.sender.her_id == ROLES[code][kind]
    assert message.header.receiver.her_id == OHD
    assert message.header.patient.number("FNR") == PER.number("FNR")


def test_a_good_message_gets_one_receipt_from_the_address_it_was_sent_to():
    one = partner("fastlege")
    raw = professional_dialogue(to("8100211"))
    (receipt,) = messages(one.take(raw, "8100211", NOW))
    assert receipt.receipt.status.value == "1"
    assert receipt.receipt.original_id == read(raw).message.header.message_id
    assert receipt.header.sender.her_id == "8100211"
    assert receipt.header.receiver.her_id == OHD


def test_a_message_to_somebody_else_is_not_answered():
    assert partner("sykehus").take(professional_dialogue(to(ENEBAKK)), ENEBAKK, NOW) == []


def test_a_refusal_says_the_code_it_was_told_and_answers_no_question():
    (receipt,) = messages(partner(refuse="E35").take(question(ENEBAKK), ENEBAKK, NOW))
    assert receipt.receipt.status.value == "2"
    assert [one.value for one in receipt.receipt.errors] == ["E35"]


def test_a_broken_message_is_refused_as_the_standards_say():
    raw = question(ENEBAKK).replace(b"<TypeForesp", b"<Feil", 1).replace(b"</TypeForesp>", b"</Feil>")
    (receipt,) = messages(partner().take(raw, ENEBAKK, NOW))
    assert [one.value for one in receipt.receipt.errors] == ["T02"]


def test_the_municipality_answers_a_question_with_its_report_in_the_same_conversation():
    raw = question(ENEBAKK)
    asked = read(raw).message.header.message_id
    out = partner(answer_delay=30.0).take(raw, ENEBAKK, NOW)
    receipt, report, answer = messages(out)
    assert [one.at for one in out] == [NOW, NOW + 30, NOW + 30]
    assert receipt.receipt
    assert [report.header.type.value, answer.header.type.value] == ["INNLEGGELSESRAPPORT", "DIALOG_SVAR"]
    assert {one.header.conversation.parent for one in (report, answer)} == {asked}
    assert report.content.is_answer
    assert len(report.content.medications) == 4
    assert report.content.critical
    assert answer.content.questions[0].text == "Hva vet dere?"


def test_the_gp_has_nothing_and_says_so():
    receipt, answer = messages(partner("fastlege").take(question(GP), GP, NOW))
    assert receipt.receipt.status.value == "1"
    assert answer.content.notes[0].theme.value == "3"


def test_a_question_that_is_held_is_answered_when_told_to_or_by_the_report_sent_later():
    one = partner(hold=True)
    (receipt,) = messages(one.take(question(ENEBAKK), ENEBAKK, NOW))
    assert receipt.receipt
    assert one.status()["waiting"] == ["Per Kristian Brekke"]
    asked = one.questions[0].asked.header.message_id
    (report,) = messages(one.send("INNLEGGELSESRAPPORT", PER, NOW + 7200))
    assert report.header.conversation.parent == asked
    assert one.answer_all(NOW + 7300) == [], "the report has answered it"


def test_a_report_about_another_leaves_the_question_waiting():
    one = partner(hold=True)
    one.take(question(ENEBAKK), ENEBAKK, NOW)
    (report,) = messages(one.send("INNLEGGELSESRAPPORT", PEOPLE["kari"], NOW))
    assert report.header.conversation is None
    assert len(messages(one.answer_all(NOW))) == 2


def test_a_receipt_is_remembered_and_not_answered():
    one = partner()
    (out,) = one.send("INNLEGGELSESRAPPORT", PER, NOW)
    reading = read(out.raw)
    ours = own_recipients(reading.message, frozenset((OHD,)))[0]
    receipt = write(receipt_for(reading.message, judge(reading), ours, receipt_id=str(uuid4()), now=datetime.fromtimestamp(NOW, UTC)))
    assert one.status()["unreceipted"] == 1
    assert one.take(receipt, ENEBAKK, NOW) == []
    assert one.status()["unreceipted"] == 0


def test_what_it_is_told_to_do_wrong_it_does():
    assert partner(lose=1.0).send("INNLEGGELSESRAPPORT", PER, NOW) == []
    first, second = partner(duplicate=1.0).send("INNLEGGELSESRAPPORT", PER, NOW)
    assert first.raw == second.raw
    (broken,) = partner(garble=1.0).send("INNLEGGELSESRAPPORT", PER, NOW)
    assert judge(read(broken.raw)).code == "T01"
    (late,) = partner("fastlege", delay=90.0).take(professional_dialogue(to(GP)), GP, NOW)
    assert late.at == NOW + 90


@pytest.mark.parametrize(
    "told", [{"lose": 2}, {"lose": True}, {"delay": -1}, {"refuse": "Q1"}, {"hold": 1}, {"naps": 1}, [], {"delay": float("nan")}]
)
def test_conduct_that_makes_no_sense_is_refused(told):
    with pytest.raises(ValueError):
        changed(Conduct(), told)


@pytest.mark.parametrize("told", ["nobody", {"given": "A"}, {**dict.fromkeys(("given", "family", "number"), "1"), "born": "x", "sex": "K"}, 7])
def test_a_patient_that_is_not_described_is_refused(told):
    with pytest.raises(ValueError):
        described(told)


def test_every_letter_has_somebody_who_sends_it():
    assert {kind for kinds in ROLES.values() for kind in kinds} == set(LETTERS)
