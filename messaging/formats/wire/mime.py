"""The MIME wrapping of ebXML over mail: which part is the envelope, and which the message."""

import binascii
import quopri
import re
from dataclasses import dataclass
from email import policy
from email.parser import HeaderParser

_HEADER = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_MAX_PARTS, _MAX_DEPTH, _MAX_HEAD = 50, 4, 16_384
_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?<")


@dataclass(frozen=True)
class Parts:
    """XML parts in their order, and the names of those that are something else (encrypted, most often)."""

    xml: tuple[bytes, ...]
    others: tuple[str, ...]


def is_mime(data: bytes) -> bool:
    start = data[:16_384]
    return bool(_HEADER.match(start)) or (start.startswith(b"--") and b"content-type:" in start[:512].lower())


def split(data: bytes) -> Parts:
    """The parts of a multipart file, also where its first headers were cut away by the transport."""
    if data.startswith(b"--"):
        boundary = data[2:1_024].split(b"\n", 1)[0].strip()
        leaves = _pieces(data, boundary, 0)
    else:
        leaves = _leaves(data.lstrip(), 0)
    xml: list[bytes] = []
    others: list[str] = []
    for kind, body in leaves[:_MAX_PARTS]:
        if _XML.match(body) or body.startswith((b"\xff\xfe", b"\xfe\xff")):
            xml.append(body)
        else:
            others.append(kind)
    return Parts(tuple(xml), tuple(others))


def _leaves(part: bytes, depth: int, lead: bytes = b"") -> list[tuple[str, bytes]]:
    """Kind and decoded bytes of each part that holds no parts itself. `lead` stands before the part's own headers."""
    start = lead + part[:_MAX_HEAD]
    blank = _BLANK.search(start)
    if blank is None:
        return []
    head = HeaderParser(policy=policy.compat32).parsestr(start[: blank.start()].decode("latin-1"))
    begin = blank.end() - len(lead)
    kind, boundary = head.get_content_type(), head.get_boundary()
    if kind.startswith("multipart/") and boundary and depth < _MAX_DEPTH:
        return _pieces(part[begin:], boundary.encode("latin-1", "replace"), depth + 1)
    return [(kind, _decoded(memoryview(part)[begin:], str(head.get("Content-Transfer-Encoding", ""))))]


def _pieces(data: bytes, boundary: bytes, depth: int) -> list[tuple[str, bytes]]:
    if not boundary:
        return []
    pieces = data.split(b"--" + boundary, _MAX_PARTS + 1)[1:]
    found: list[tuple[str, bytes]] = []
    for piece in pieces:
        if piece.startswith(b"--") or len(found) > _MAX_PARTS:
            break
        # The line break that ends the boundary may also be the one before a part without headers.
        found += _leaves(piece, depth, b"X-Part: 1")
    return found


def _decoded(body: memoryview, encoding: str) -> bytes:
    match encoding.strip().lower():
        case "base64":
            try:
                return binascii.a2b_base64(body)
            except binascii.Error:
                return b""
        case "quoted-printable":
            return quopri.decodestring(bytes(body))
    return bytes(body)
