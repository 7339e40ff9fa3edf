"""Who is let in and what the others are told: the rules of the receipt standard, one by one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from messaging.formats.outcome import Circumstances, Rules, judge
from messaging.formats.read import read
from messaging.formats.receipts import own_recipients, receipt_for, receipt_version
from messaging.formats.write import write
from tests.messaging import samples
from tests.messaging.samples import NUMBER, PATIENT, SAMPLES

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NOTE = samples.note("Hei")


def outcome_of(file: str, rules: Rules | None = None, **about):
    return judge(read(file.encode()), rules, Circumstances(**about))


@pytest.mark.parametrize("number", ["", "123", "25904950-a0fd-11-ad55-08002a9666", "FiktivTestdata0001"])
def test_a_number_that_is_no_uuid_is_refused(number):
    assert outcome_of(samples.msghead("DIALOG_HELSEFAGLIG", NOTE, message_id=number)).code == "E10"


@pytest.mark.parametrize(
    "number", [samples.MESSAGE_ID.upper(), f" {samples.MESSAGE_ID}\n", f"{{{samples.MESSAGE_ID}}}", samples.MESSAGE_ID.replace("-", "")]
)
def test_a_uuid_may_be_written_in_several_ways(number):
    assert outcome_of(samples.msghead("DIALOG_HELSEFAGLIG", NOTE, message_id=number)).accepted


def patient(inner: str) -> str:
    return samples.msghead("DIALOG_HELSEFAGLIG", NOTE, patient=f"<Patient>{inner}</Patient>")


def number(value: str, kind: str) -> str:
    return f'<Ident><Id>{value}</Id><TypeId V="{kind}" S="2.16.578.1.12.4.1.1.8116"/></Ident>'


NAME = "<FamilyName>Solberg</FamilyName>"
BORN, SEX = "<DateOfBirth>1941-03-02</DateOfBirth>", '<Sex V="2"/>'
H_NUMBER, D_NUMBER, COMMON = "02430099912", "42034100150", "80000000026"


@pytest.mark.parametrize(
    ("inner", "sufficient"),
    [
        (NAME + number(NUMBER, "FNR"), True),
        (NAME + number(D_NUMBER, "DNR"), True),
        (NAME + number(COMMON, "FHN"), True),
        (NAME + BORN + SEX, True),
        (NAME + BORN + SEX + number(H_NUMBER, "HNR"), True),
        (NAME + number(NUMBER, ""), True),
        (NAME + BORN, False),
        (NAME, False),
        (NAME + number(H_NUMBER, "HNR"), False),
        (NAME + BORN + number(H_NUMBER, "HNR"), False),
        (NAME + number("F16", "FNR"), False),
        (NAME + BORN + '<Sex V="9" DN="Ikke spesifisert"/>', False),
        (number(NUMBER, "FNR"), False),
        ("", False),
    ],
)
def test_a_patient_is_named_and_numbered_or_named_with_birth_and_sex(inner, sufficient):
    assert outcome_of(patient(inner)).code == ("" if sufficient else "E36")


def test_a_message_without_a_patient_is_refused():
    assert outcome_of(samples.msghead("DIALOG_HELSEFAGLIG", NOTE, patient="")).code == "E36"


def test_an_emergency_referral_is_taken_in_whoever_it_concerns():
    emergency = SAMPLES["Henvisning 2.0"][0].replace(PATIENT, "")
    assert outcome_of(emergency).accepted
    assert outcome_of(emergency).remarks
    assert outcome_of(emergency.replace('<Priority V="0"', '<Priority V="1"')).code == "E36"


def test_an_answer_about_an_animal_is_refused():
    file = SAMPLES["Svarrapport 1.4"][0]
    start, end = file.index("<Patient>"), file.index("</Patient>") + len("</Patient>")
    assert outcome_of(file[:start] + "<Animal><Name>Trofast</Name></Animal>" + file[end:]).code == "E36"


def test_schema_invalid_is_refused_unless_the_installation_says_otherwise():
    broken = SAMPLES["Svarrapport 1.4"][0].replace('<ServType V="N" DN="Ny"/>', "", 1)
    assert outcome_of(broken).code == "T02"
    lenient = outcome_of(broken, Rules(refuse_invalid=False))
    assert lenient.accepted
    assert "ServReport" in lenient.remarks[0] or "IssueDate" in lenient.remarks[0]


def test_a_wrong_code_is_no_reason_to_refuse():
    assert outcome_of(SAMPLES["Dialogmelding 1.1"][0].replace('TemaKodet V="6"', 'TemaKodet V="finnes ikke"')).accepted


def test_a_message_without_a_sender_cannot_be_answered():
    nobody = "<Sender><Organisation><OrganisationName/><Ident><Id/><TypeId/></Ident></Organisation></Sender>"
    outcome = outcome_of(samples.msghead("DIALOG_HELSEFAGLIG", NOTE, sender=nobody))
    assert (outcome.accepted, outcome.code, outcome.receipt_due) == (False, "X99", False)


def test_mail_for_others_gets_no_receipt_unless_the_older_rule_is_chosen():
    file = SAMPLES["Dialogmelding 1.1"][0]
    assert not outcome_of(file, ours=False).receipt_due
    older = outcome_of(file, Rules(answer_foreign=True), ours=False)
    assert (older.code, older.receipt_due) == ("E21", True)


def test_an_unknown_service_is_routed_by_hand_or_refused_by_setting():
    file = SAMPLES["Dialogmelding 1.1"][0]
    assert outcome_of(file, service_known=False).accepted
    assert outcome_of(file, Rules(refuse_unknown_service=True), service_known=False).code == "E21"


def test_an_answer_for_somebody_without_a_record_is_refused_but_a_dialogue_is_not():
    assert outcome_of(SAMPLES["Svarrapport 1.4"][0], has_record=False).code == "E35"
    assert outcome_of(SAMPLES["Dialogmelding 1.1"][0], has_record=False).accepted


def test_a_signature_that_fails_is_named():
    assert outcome_of(SAMPLES["Dialogmelding 1.1"][0], signature_error="S03").code == "S03"


def receipt(file: str, *, copy: bool = False):
    reading = read(file.encode())
    message = reading.message
    to = message.header.copies[0] if copy else message.header.receiver
    made = receipt_for(message, judge(reading), to, receipt_id=samples.PARENT_ID, now=NOW, software="LMS EPJ")
    return made, read(write(made)).message


def test_a_receipt_mirrors_the_addresses_and_answers_the_message():
    made, found = receipt(SAMPLES["Dialogmelding 1.1"][0])
    assert made.standard.version == "1.1"
    assert (found.header.sender.organisation.number("HER"), found.header.sender.her_id) == ("201", "202")
    assert (found.header.receiver.organisation.number("HER"), found.header.receiver.her_id) == ("101", "102")
    assert (found.header.sender.role.value, found.header.receiver.role.value) == ("PRIM", "AVS")
    assert (found.receipt.status.value, found.receipt.original_id) == ("1", samples.MESSAGE_ID)
    assert found.receipt.original_type.value == "DIALOG_HELSEFAGLIG"
    assert found.receipt.errors == ()


def test_a_refusal_tells_the_code_and_the_reason():
    _, found = receipt(patient(NAME))
    (error,) = found.receipt.errors
    assert (found.receipt.status.value, error.value, error.system) == ("2", "E36", "2.16.578.1.12.4.1.1.8221")
    assert error.original


@pytest.mark.parametrize(
    ("name", "version", "role"),
    [
        ("PLO 1.5 dødsfall", "1.0", "REQ"),
        ("Svarrapport 1.3", "1.0", "REQ"),
        ("Henvisning 1.0", "1.0", "SPR"),
        ("Rekvisisjon 1.5", "1.0", "SPR"),
        ("Rekvisisjon 1.6", "1.1", "PRIM"),
        ("Henvisning 2.0", "1.1", "PRIM"),
    ],
)
def test_version_and_roles_follow_the_message(name, version, role):
    made, found = receipt(SAMPLES[name][0])
    assert (made.standard.version, found.header.sender.role.value) == (version, role)


def test_each_own_recipient_is_owed_a_receipt_of_its_own():
    copy = samples.end("OtherReceiver", "Follo LMS", "201", "Legene", "203").replace("<OtherReceiver>", '<OtherReceiver><RoleReceiver V="COP"/>')
    file = SAMPLES["Dialogmelding 1.1"][0].replace("<Patient>", f"{copy}<Patient>")
    message = read(file.encode()).message
    assert [one.her_id for one in own_recipients(message, frozenset({"202", "203"}))] == ["202", "203"]
    assert [one.her_id for one in own_recipients(message, frozenset({"203"}))] == ["203"]
    _, found = receipt(file, copy=True)
    assert (found.header.sender.role.value, found.header.sender.her_id) == ("COP", "203")


def test_receipts_are_never_answered_nor_refused_for_their_numbers():
    made, _ = receipt(SAMPLES["Dialogmelding 1.1"][0])
    odd = replace(made, header=replace(made.header, message_id="20140607-214220-84523@dev"))
    reading = read(write(odd))
    outcome = judge(reading)
    assert outcome.accepted
    assert not outcome.receipt_due
    with pytest.raises(ValueError, match="No receipt"):
        receipt_for(reading.message, outcome, odd.header.receiver, receipt_id="x", now=NOW)


def test_a_message_dated_with_a_day_is_answered_with_an_instant():
    file = SAMPLES["Svarrapport 1.4"][0].replace('GenDate V="2026-11-20T07:30:00"', 'GenDate V="2026-11"')
    _, found = receipt(file)
    assert found.receipt.original_issued.written == "2026-11-01T00:00:00"


def test_an_unknown_format_is_answered_in_the_version_of_its_family():
    unknown = read(SAMPLES["Svarrapport 1.4"][0].replace("labsvar/2012-02-15", "labsvar/2040-01-01").encode()).message
    assert receipt_version(unknown) == "1.0"
    assert receipt_version(read(samples.msghead("X", "<a xmlns='urn:x'/>").encode()).message) == "1.1"
