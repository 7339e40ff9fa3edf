"""What is not a message is refused at once, by a bounded reading, with the right code – and never by an exception."""

import base64
import zlib

import pytest

from messaging.formats.model.attachment import Attachment
from messaging.formats.model.values import Code
from messaging.formats.outcome import Rules, judge
from messaging.formats.read import read
from messaging.formats.wire.parse import Limits, Unreadable, parse
from tests.messaging import samples
from tests.messaging.samples import SAMPLES

GOOD = SAMPLES["Dialogmelding 1.1"][0]
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)) + "]><MsgHead>&j;</MsgHead>"
)
HOSTILE = {
    "entity bomb": BOMB.encode(),
    "entity bomb in an attribute": BOMB.replace("<MsgHead>&j;", '<MsgHead a="&j;">').encode(),
    "entity bomb in utf-16": BOMB.encode("utf-16"),
    "entity bomb in utf-16 without a mark": BOMB.encode("utf-16-le"),
    "external entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "external document type": b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><x/>',
    "parameter entity": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/p">%p;]><x/>',
    "document type far into the file": b"<?xml version='1.0'?>" + b" " * 70_000 + b"<!DOCTYPE x><x/>",
    "unusual encoding that hides a document type": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>',
    "ebcdic": '<?xml version="1.0" encoding="cp037"?><x/>'.encode("cp037"),
    "deep nesting": b"<a>" * 5_000 + b"</a>" * 5_000,
    "deep nesting never closed": b"<a>" * 200_000,
    "many elements": b"<a>" + b"<b/>" * 200_000 + b"</a>",
    "very many elements": b"<a>" + b"<b/>" * 2_000_000 + b"</a>",
    "truncated": GOOD.encode()[: len(GOOD) // 2],
    "truncated in a tag": GOOD.encode()[:-4],
    "wrong encoding": f'<?xml version="1.0" encoding="UTF-8"?>{GOOD}'.replace("Solberg", "Sørås").encode("latin-1"),
    "two roots": GOOD.encode() * 2,
    "empty": b"",
    "white space": b" \n\t ",
    "nothing but a mark": b"\xef\xbb\xbf",
    "null bytes": b"\x00" * 10_000,
    "json": b'{"MsgHead": {}}',
    "pdf": b"%PDF-1.7 nothing",
    "unbound prefix": b"<a:MsgHead/>",
    "mime without parts": b"Content-Type: multipart/related; boundary=x\r\n\r\n--x--",
    "mime of mime of mime": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
    + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_as_unreadable(name):
    outcome = judge(read(HOSTILE[name]))
    assert (outcome.accepted, outcome.code) == (False, "T01")
    assert outcome.reason


def test_a_file_larger_than_the_network_carries_is_refused_unread():
    outcome = judge(read(GOOD.encode() + b" " * 1_000, Limits(size=len(GOOD))))
    assert (outcome.code, outcome.receipt_due) == ("T01", True)


def test_a_broken_file_still_tells_whom_to_answer_when_its_head_is_whole():
    reading = read(GOOD.replace("</Dialogmelding>", "").encode())
    assert reading.message.header.message_id == samples.MESSAGE_ID
    assert reading.message.header.sender.her_id == "102"
    assert judge(reading).receipt_due
    assert not judge(read(HOSTILE["json"])).receipt_due


def test_a_bound_message_as_large_as_allowed_is_read():
    """Enclosed files go past the parser's own bound on one text (10 MB), up to ours."""
    encoded = base64.b64encode(b"%PDF-1.7" + b"\x00" * 9_000_000).decode()
    reading = read(samples.msghead("DIALOG_HELSEFAGLIG", samples.note("Se vedlegg"), more=samples.enclosed(encoded)).encode())
    assert judge(reading).accepted
    assert reading.message.attachments[0].size == pytest.approx(9_000_008, abs=2)


def test_the_parser_itself_refuses_what_slips_past_the_first_look():
    with pytest.raises(Unreadable):
        parse(b"<a><b><c/></b></a>", Limits(depth=2))
    with pytest.raises(Unreadable):
        parse(b"<a><b/><b/></a>", Limits(elements=2))


PROGRAM = base64.b64encode(b"MZ" + b"\x90" * 60).decode()


@pytest.mark.parametrize(
    ("encoded", "mime_type", "fits"),
    [
        (base64.b64encode(b"%PDF-1.4 ...").decode(), "application/pdf", True),
        (base64.b64encode(b"%PDF-1.4 ...").decode(), "image/jpeg", True),
        (base64.b64encode("Vanlig tekst æøå".encode()).decode(), "text/plain", True),
        (PROGRAM, "application/pdf", False),
        (base64.b64encode(b"#!/bin/sh\nrm").decode(), "text/plain", False),
        (base64.b64encode(b"\x01\x02\x03\x04" * 20).decode(), "application/pdf", False),
    ],
)
def test_enclosed_files_are_judged_by_their_bytes(encoded, mime_type, fits):
    reading = read(samples.msghead("DIALOG_HELSEFAGLIG", samples.note("Hei"), more=samples.enclosed(encoded, mime_type)).encode())
    outcome = judge(reading)
    assert (outcome.accepted, outcome.code) == (fits, "" if fits else "T10")


def test_broken_base64_is_refused_by_the_structure_and_else_as_a_format():
    reading = read(samples.msghead("DIALOG_HELSEFAGLIG", samples.note("Hei"), more=samples.enclosed("JVBERi0xLjc*")).encode())
    assert judge(reading).code == "T02"
    assert judge(reading, Rules(refuse_invalid=False)).code == "T10"


def test_a_packed_file_never_unpacks_beyond_its_bound():
    packed = base64.b64encode(zlib.compress(b"%PDF-" + b"0" * 5_000_000)).decode()
    file = Attachment(encoded=packed, compression=Code("DF", "Deflate"))
    assert file.sniffed == "application/pdf"
    with pytest.raises(ValueError, match="mer enn det som er tillatt"):
        file.data(limit=1_000_000)
    assert len(file.data()) == 5_000_005
    with pytest.raises(ValueError, match="pakkes ut"):
        Attachment(encoded=base64.b64encode(b"ikke pakket").decode(), compression=Code("DF")).data()
