"""The MIME wrapping of ebXML over mail: which part is the envelope, and which the message."""

import re
from dataclasses import dataclass
from email import policy
from email.message import Message as MimeMessage
from email.parser import BytesParser

_HEADER = re.compile(rb"\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/", re.IGNORECASE)
_MAX_PARTS = 50
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
        boundary = data[2:].split(b"\n", 1)[0].strip().decode("latin-1").replace('"', "")
        data = f'Content-Type: multipart/related; boundary="{boundary}"\r\n\r\n'.encode("latin-1") + data
    message = BytesParser(policy=policy.compat32).parsebytes(data.lstrip())
    found = _leaves(message, 0)[:_MAX_PARTS]
    xml: list[bytes] = []
    others: list[str] = []
    for part in found:
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and _XML.match(body):
            xml.append(body)
        else:
            others.append(part.get_content_type())
    return Parts(tuple(xml), tuple(others))


def _leaves(message: MimeMessage, depth: int) -> list[MimeMessage]:
    inner = message.get_payload() if message.is_multipart() and depth < 4 else None
    if not isinstance(inner, list):
        return [message]
    return [leaf for part in inner[:_MAX_PARTS] if isinstance(part, MimeMessage) for leaf in _leaves(part, depth + 1)]
