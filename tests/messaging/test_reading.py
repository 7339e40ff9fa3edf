"""Everything valid is read, whatever prefix, encoding and optional part; what is not known is still shown."""

import base64
import re

import pytest
from lxml import etree

from messaging.formats.model.values import Moment
from messaging.formats.outcome import judge
from messaging.formats.read import Stage, read
from messaging.formats.showing.blocks import Text, strings
from messaging.formats.showing.document import as_document
from messaging.formats.standards import MSGHEAD
from tests.messaging import samples
from tests.messaging.samples import SAMPLES


def shown(message) -> str:
    return "\n".join(strings(as_document(message)))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_standard_is_read_and_accepted(name):
    file, version, message_type = SAMPLES[name]
    reading = read(file.encode())
    message = reading.message
    assert reading.problem is None, reading.problem
    assert (message.standard.version, message.header.type.value) == (version, message_type)
    assert message.header.message_id == samples.MESSAGE_ID
    assert message.header.patient.number("FNR") == samples.NUMBER
    assert message.header.sender.her_id in ("102", "202", "302")
    assert message.header.sender.her_id != message.header.receiver.her_id
    assert judge(reading).accepted
    assert "Kari" in shown(message)


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["Dialogmelding 1.1", "Svarrapport 1.4"])
def test_every_usual_encoding_is_read(name, encoding):
    file = SAMPLES[name][0].replace("Solberg", "Sørås")
    declared = encoding.replace("-sig", "")
    data = f'<?xml version="1.0" encoding="{declared}"?>\n{file}'.encode(encoding)
    reading = read(data)
    assert reading.problem is None
    assert "Sørås" in reading.message.header.patient.shown


@pytest.mark.parametrize("name", SAMPLES)
def test_prefixes_comments_and_white_space_change_nothing(name):
    """The same elements under other prefixes, with comments and instructions between them, tell the same."""
    root = etree.fromstring(SAMPLES[name][0])
    for element in list(root.iter("{*}*")):
        element.insert(0, etree.Comment("kommentar")) if len(element) else None
    spaces = {uri: f"p{place}" for place, uri in enumerate(sorted({e.tag[1:].split("}")[0] for e in root.iter("{*}*")}))}
    text = "<?xml version='1.0'?><!-- før --><?verktøy x?>" + _prefixed(root, spaces, top=True) + "<!-- etter -->"
    changed, plain = read(text.encode()), read(SAMPLES[name][0].encode())
    assert changed.problem is None, changed.problem
    assert changed.message == plain.message


def _prefixed(element, spaces, *, top=False) -> str:
    if not isinstance(element.tag, str):
        return f"<!--{element.text}-->{element.tail or ''}"
    space, _, local = element.tag[1:].partition("}")
    name = f"{spaces[space]}:{local}"
    declared = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in spaces.items()) if top else ""
    attributes = "".join(_attribute(key, value, place) for place, (key, value) in enumerate(element.attrib.items()))
    inner = _escaped(element.text) + "".join(_prefixed(child, spaces) for child in element)
    return f"<{name}{declared}{attributes}>{inner}</{name}>{_escaped(element.tail)}"


def _attribute(key: str, value: str, place: int) -> str:
    value = _escaped(value).replace('"', "&quot;")
    if not key.startswith("{"):
        return f' {key}="{value}"'
    space, _, local = key[1:].partition("}")
    return f' xmlns:a{place}="{space}" a{place}:{local}="{value}"'


def _escaped(text) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def test_conversation_and_event_of_a_care_message():
    message = read(SAMPLES["PLO 1.5 dødsfall"][0].encode()).message
    assert message.header.conversation.parent == samples.PARENT_ID
    assert [(e.code.value, e.time.shown, e.estimate) for e in message.content.events] == [("13", "19.11.2026", True)]
    assert "Anslag/endelig ikke sikkert" in shown(message)


def test_laboratory_results_become_rows_that_plot():
    message = read(SAMPLES["Svarrapport 1.4"][0].encode()).message
    first, second = message.content.results
    assert (first.analysis.label, first.value, first.unit, first.reference) == ("P-CRP", "12.4", "mg/L", "< 5")
    assert second.taken.shown == "19.11.2026 08:10"
    assert second.material == "Plasma"
    assert message.content.refers_to == ("R-5",)
    assert message.content.document_id == "S-9"


def test_a_discharge_summary_tells_diagnosis_period_and_text_without_scripts():
    message = read(SAMPLES["Epikrise 1.1"][0].encode()).message
    assert [(d.code.value, d.main) for d in message.content.diagnoses] == [("I50.9", True)]
    assert (message.content.start.shown, message.content.stop.shown) == ("10.11.2026", "18.11.2026")
    assert [t.text for t in message.content.texts] == ["Bedre."]
    rich = [b for section in as_document(message) for b in _texts(section) if b.html]
    assert rich
    assert not any("script" in one.html for one in rich)


def _texts(section):
    for block in section.blocks:
        if isinstance(block, Text):
            yield block
        elif hasattr(block, "blocks"):
            yield from _texts(block)


def test_an_extract_gathers_what_its_documents_tell():
    message = read(SAMPLES["EPJ-ekstrakt"][0].encode()).message
    assert [t.text for t in message.content.texts] == ["Bruker rullator ute"]


def test_an_extract_led_by_a_dialogue_is_still_an_extract():
    file = SAMPLES["EPJ-ekstrakt"][0]
    led = file.replace(
        "<Document>",
        f"<Document><RefDoc><MsgType V='XML'/><Content>{samples.note('Følger', samples.DIALOGUE_10)}</Content></RefDoc></Document><Document>",
        1,
    )
    message = read(led.encode()).message
    assert (message.standard.name, message.standard.version) == ("EPJ-ekstrakt", "1.4")
    assert [n.text for n in message.content.notes] == ["Følger"]


def test_a_requisition_tells_what_is_ordered():
    message = read(SAMPLES["Rekvisisjon 1.6"][0].encode()).message
    assert [(s.name, s.wanted) for s in message.content.services] == [("Røntgen thorax", True)]


def test_an_unknown_version_is_refused_but_its_head_is_read_and_all_of_it_shown():
    file = samples.msghead(
        "LOG_NYTT", f'<Nytt xmlns="{samples.KITH}/po/Nytt/2031-01-01"><Sted DN="Hjemme hos søster"/><Tekst>Kommer i morgen</Tekst></Nytt>'
    )
    reading = read(file.encode())
    assert reading.problem.stage is Stage.VERSION
    assert judge(reading).code == "T10"
    assert reading.message.header.patient.shown == "Kari Solberg"
    assert reading.message.header.sender.her_id == "102"
    assert {"Hjemme hos søster", "Kommer i morgen"} <= set(strings(as_document(reading.message)))


def test_a_head_of_a_later_year_is_read_by_what_its_elements_are_called():
    file = SAMPLES["Dialogmelding 1.1"][0].replace(MSGHEAD, f"{samples.KITH}/msghead/2032-01-01")
    reading = read(file.encode())
    assert judge(reading).code == "T10"
    assert reading.message.header.message_id == samples.MESSAGE_ID
    assert "Kan dere ta imot?" in shown(reading.message)


def test_any_other_xml_is_shown_as_it_is():
    reading = read(b"<Rapport xmlns='urn:x'><Del nr='4'>Innhold</Del></Rapport>")
    assert judge(reading).code == "T10"
    assert "Innhold" in shown(reading.message)


def test_a_message_wrapped_by_a_network_is_found():
    wrapped = f"<EI_fellesformat xmlns='urn:felles'>{SAMPLES['Dialogmelding 1.0'][0]}<Blokk a='1'/></EI_fellesformat>"
    assert judge(read(wrapped.encode())).accepted


def test_copy_recipients_and_a_signature_are_read():
    copy = samples.end("OtherReceiver", "Fastlegene", "401", "Legekontor", "402").replace(
        "<OtherReceiver>", '<OtherReceiver><RoleReceiver V="COP" DN="Kopimottaker"/>'
    )
    signature = (
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><CanonicalizationMethod Algorithm="urn:a"/><SignatureMethod Algorithm="urn:b"/>'
        '<Reference URI=""><DigestMethod Algorithm="urn:c"/><DigestValue>YWJj</DigestValue></Reference></SignedInfo><SignatureValue>YWJj</SignatureValue></Signature>'
    )
    file = SAMPLES["Dialogmelding 1.1"][0].replace("<Patient>", f"{copy}<Patient>").replace("</MsgHead>", f"{signature}</MsgHead>")
    message = read(file.encode()).message
    assert [(one.role.value, one.her_id) for one in message.header.copies] == [("COP", "402")]
    assert message.signed
    assert judge(read(file.encode())).accepted


def test_an_enclosed_file_is_decoded_when_asked_and_known_by_its_bytes():
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()
    file = samples.msghead("DIALOG_HELSEFAGLIG", samples.note("Se bildet"), more=samples.enclosed(picture, "image/jpeg", "Sår på legg"))
    reading = read(file.encode())
    (one,) = reading.message.attachments
    assert (one.title, one.sniffed, one.lies) == ("Sår på legg", "image/png", True)
    assert one.data().startswith(b"\x89PNG")
    outcome = judge(reading)
    assert outcome.accepted
    assert "image/png" in outcome.remarks[0]


@pytest.mark.parametrize("headed", [True, False])
def test_the_message_in_an_ebxml_envelope_is_read_with_what_the_envelope_says(headed):
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/xml"; boundary="b1"\r\n\r\n' if headed else ""
    body = SAMPLES["Dialogmelding 1.1"][0]
    encoded = base64.encodebytes(body.encode()).decode()
    file = (
        f"{head}--b1\r\nContent-Type: text/xml\r\n\r\n{samples.ENVELOPE}\r\n--b1\r\nContent-Type: text/xml\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b1--\r\n"
    )
    reading = read(file.encode())
    assert judge(reading).accepted
    assert reading.message.header.message_id == samples.MESSAGE_ID
    assert (reading.message.envelope.action, reading.message.envelope.sender) == ("DIALOG_HELSEFAGLIG", "102")


def test_an_envelope_with_an_encrypted_message_is_shown_alone():
    file = f"--b1\r\nContent-Type: text/xml\r\n\r\n{samples.ENVELOPE}\r\n--b1\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB\r\n--b1--"
    message = read(file.encode()).message
    assert message.envelope.message_id == "m1"
    assert "102_202" in shown(message)


def test_empty_elements_are_missing_values():
    file = re.sub(r"<FamilyName>.*?</FamilyName>", "<FamilyName> </FamilyName>", SAMPLES["Dialogmelding 1.1"][0])
    assert read(file.encode()).message.header.patient.family == ""


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_a_message_is_shown(name):
    message = read(SAMPLES[name][0].encode()).message
    seen = "".join(shown(message).split())
    for element in (one for one in message.source.iter("{*}*") if not one.tag.endswith("}script")):
        for value in (element.text or "", *(element.get(key, "") for key in ("DN", "OT"))):
            words = "".join(value.split())
            dated = Moment(value.strip()).shown if re.match(r"\d{4}-", value.strip()) else value
            answered = {"true": "Ja", "false": "Nei"}.get(words, words)
            assert words in seen or "".join(dated.split()) in seen or answered in seen, (element.tag, value)


def test_a_laboratory_message_may_hold_several_reports():
    file = SAMPLES["Svarrapport 1.3"][0]
    start, end = file.index("<ServReport>"), file.index("</ServReport>") + len("</ServReport>")
    message = read(file.replace(file[start:end], file[start:end] + file[start:end].replace("P-CRP", "P-Natrium")).encode()).message
    assert [one.analysis.label for one in message.content.results] == ["P-CRP", "P-Glukose", "P-Natrium", "P-Glukose"]
