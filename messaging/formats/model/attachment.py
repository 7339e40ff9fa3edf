"""Enclosed documents. The bytes are decoded when asked for, and looked at before they are believed."""

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from messaging.formats.model.values import Code, Moment

_SNIFFED = 3072  # base64 characters enough to know a file by


@dataclass(frozen=True)
class Attachment:
    """`encoded` is base64 as it came. `declared` is the sender's word for the type, `sniffed` ours."""

    title: str = ""
    declared: str = ""
    encoded: str = field(default="", repr=False)
    kind: Code | None = None
    issued: Moment | None = None
    number: str = ""
    reference: str = ""
    compression: Code | None = None

    @property
    def size(self) -> int:
        """Bytes when decoded, as near as can be told without decoding."""
        return len(self.encoded) * 3 // 4

    @cached_property
    def sniffed(self) -> str:
        """Media type by the bytes; empty when they are no type we know or cannot be decoded."""
        return sniff(self._start())

    @property
    def media_type(self) -> str:
        return self.sniffed or self.declared

    @property
    def lies(self) -> bool:
        """Whether the bytes are another type than declared."""
        return bool(self.sniffed and self.declared) and _canonical(self.declared) != self.sniffed

    def data(self, limit: int = 60_000_000) -> bytes:
        """The bytes. ValueError when they cannot be decoded, or unpack to more than `limit`."""
        try:
            packed = base64.b64decode(self.encoded, validate=False)
        except binascii.Error as error:
            raise ValueError("Vedlegget er ikke base64-kodet riktig.") from error
        return _inflate(packed, limit) if self.compression else packed

    def _start(self) -> bytes:
        start = "".join(self.encoded[: _SNIFFED * 2].split())[:_SNIFFED]
        try:
            packed = base64.b64decode(start[: len(start) // 4 * 4], validate=False)
            return _inflate(packed, _SNIFFED, whole=False) if self.compression else packed
        except ValueError:
            return b""


def _inflate(packed: bytes, limit: int, *, whole: bool = True) -> bytes:
    """Deflate with or without its wrapping, never more than `limit` bytes."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        worker = zlib.decompressobj(window)
        try:
            data = worker.decompress(packed, limit)
        except zlib.error:
            continue
        if whole and worker.unconsumed_tail:
            raise ValueError("Vedlegget pakker seg ut til mer enn det som er tillatt.")
        return data
    raise ValueError("Vedlegget kan ikke pakkes ut.")


_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
    (b"#!", "text/x-script"),
)
_SAME = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png", "text/rtf": "application/rtf", "image/tif": "image/tiff"}


def sniff(start: bytes) -> str:
    """Media type of a file by its first bytes; empty when it is none we know."""
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if b"%PDF-" in start[:1024]:
        return "application/pdf"
    return _sniff_text(start)


def _sniff_text(start: bytes) -> str:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith(b"<?xml"):
        return "text/xml"
    readable = bool(start) and not any(byte < 9 or 13 < byte < 32 for byte in start)
    return "text/plain" if readable else ""


def _canonical(declared: str) -> str:
    name = declared.partition(";")[0].strip().lower()
    return {"application/xml": "text/xml", "application/xhtml+xml": "text/html"}.get(name) or _SAME.get(name, name)
