"""Bytes to an element tree, within bounds of time and memory.

What no sender needs is refused before the parser meets it: a document type (and so every entity), unusual encodings, a file
larger than the network carries. The parser is then fed piece by piece, and stopped at the first piece that nests too deep or
holds too many elements.
"""

import re
from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True)
class Limits:
    """`size` in bytes (the network's own bound is 51 200 000); `depth` of nesting; `elements` in all."""

    size: int = 51_200_000
    depth: int = 90
    elements: int = 150_000
    prolog: int = 65_536


class Unreadable(Exception):
    """Not to be read as XML. The text says why, in bokmål, for the receipt."""


_CHUNK = 65_536
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ENCODINGS = {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "iso-8859-15", "latin1", "windows-1252", "us-ascii", "ascii"}
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_MISC = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def parse(data: bytes, limits: Limits | None = None) -> etree._Element:
    """The root element; :class:`Unreadable` with the reason when there is none to trust."""
    limits = limits or Limits()
    if len(data) > limits.size:
        raise Unreadable(f"Filen er større enn {limits.size // 1_000_000} MB.")
    # Known without reading it: what the parser would build is bounded by the signs that begin it.
    if data.count(b"<") > 3 * limits.elements or data.count(b"=") > 2 * limits.elements:
        raise Unreadable(f"Filen har flere elementer eller attributter enn {limits.elements}.")
    _check_prolog(data[: limits.prolog], whole=len(data) <= limits.prolog)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = count = 0
    root: etree._Element | None = None
    try:
        for offset in range(0, len(data), _CHUNK):
            parser.feed(data[offset : offset + _CHUNK])
            for event, element in parser.read_events():
                if event == "start":
                    root = element if root is None else root
                    depth, count = depth + 1, count + 1
                    _check_bounds(depth, count, limits)
                else:
                    depth -= 1
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"Filen er ikke velformet XML: {error}") from None
    if root is None:
        raise Unreadable("Filen har ikke noe rotelement.")
    return root


def _check_bounds(depth: int, count: int, limits: Limits) -> None:
    if depth > limits.depth:
        raise Unreadable(f"Elementene er nøstet dypere enn {limits.depth} nivåer.")
    if count > limits.elements:
        raise Unreadable(f"Filen har flere enn {limits.elements} elementer.")


def _check_prolog(start: bytes, *, whole: bool) -> None:
    """Refuses a document type, and an encoding in which one could hide."""
    text = _decode_start(start)
    declared = _DECLARED.match(text)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise Unreadable(f"Tegnsettet «{declared[1][:40]}» støttes ikke.")
    position = 0
    while misc := _MISC.match(text, position):
        position = misc.end()
    rest = text[position : position + 9]
    if not rest:
        raise Unreadable("Filen er tom." if whole else "Filen begynner ikke med en melding.")
    if rest.startswith("<!DOCTYPE"):
        raise Unreadable("Filen har en dokumenttype (DOCTYPE). Slike filer leses ikke.")
    if not rest.startswith("<") or rest.startswith(("<!", "<?")):
        raise Unreadable("Filen er ikke XML.")


def _decode_start(start: bytes) -> str:
    """Enough of the text to see what comes before the root; every accepted encoding agrees on those characters."""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return start.decode(encoding, "replace").lstrip("\ufeff")
    if start.startswith(b"<\x00"):
        return start.decode("utf-16-le", "replace")
    if start.startswith(b"\x00<"):
        return start.decode("utf-16-be", "replace")
    return start.decode("latin-1")


def salvage(data: bytes, limit: int = 262_144) -> etree._Element | None:
    """The root of what can be read at the beginning of a broken file, for its address and number alone."""
    try:
        _check_prolog(data[:_CHUNK], whole=False)
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(data[:limit], parser)
    except (Unreadable, etree.XMLSyntaxError, ValueError):
        return None
