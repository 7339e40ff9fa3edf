"""Element by element, our description and the official schemas say the same: also of what no sample holds."""

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from messaging.formats.structure.notation import Described, Element, Group, Name, Repeated
from messaging.formats.structure.validate import description
from tests.messaging.official import DIRECTORY, needs_standards

pytestmark = needs_standards
XS = "{http://www.w3.org/2001/XMLSchema}"
FAMILIES = [
    "plo/v1.5",
    "plo/v1.6",
    "dialogmelding/2006-10-11",
    "dialogmelding/2013-01-23",
    "henvisning",
    "epikrise",
    "svarrapport",
    "rekvisisjon",
    "applikasjonskvittering",
]
SINGLE = [
    "MsgHead-v1_2",
    "felleskomponent1",
    "kith-base64",
    "EPJ-cave-mv",
    "EPJ-journalnotat-mv",
    "EPJ-legemiddel-mv",
    "EPJEkstrakt",
    "EPJTilleggsinfo",
]
SIMPLE = {
    "string": "text",
    "ST": "text",
    "INT": "integer",
    "dateTime": "datetime",
    "gYear": "year",
    "anyURI": "uri",
    "anyType": "rich",
    "base64Binary": "base64",
}
COMMON = {"CS", "CV", "TS", "PQ", "BL", "URL"}
OCCURS = {("0", "1"): "?", ("0", "unbounded"): "*", ("1", "unbounded"): "+", ("1", "1"): ""}


@cache
def schemas() -> tuple[etree._Element, ...]:
    root = Path(DIRECTORY, "xsd")
    files = [path for family in FAMILIES for path in sorted((root / family).glob("*.xsd"))]
    files += [root / "felleskomponenter" / f"{name}.xsd" for name in SINGLE] + [root / "plo/v2.0/poKomponent-v2.0.xsd"]
    return tuple(etree.parse(path).getroot() for path in files)


@cache
def named_types() -> frozenset[tuple[str, str]]:
    return frozenset((s.get("targetNamespace"), t.get("name")) for s in schemas() for t in s.iterchildren(f"{XS}complexType"))


def qualified(node: etree._Element, written: str) -> tuple[str, str]:
    prefix, _, local = written.rpartition(":")
    return node.nsmap.get(prefix or None) or "", local


# --- The schemas' side ---


def official(node: etree._Element) -> str:
    """Canonical content of an element declaration or a complex type."""
    kind = node.get("type")
    if kind:
        return official_type(node, kind)
    inner = node if node.tag == f"{XS}complexType" else node.find(f"{XS}complexType")
    if inner is None:
        return "rich"
    if (extension := inner.find(f"{XS}simpleContent/{XS}extension")) is not None:
        return official_type(extension, extension.get("base"))
    if inner.find(f"{XS}complexContent/{XS}restriction") is not None:
        return "open"
    group = next((g for g in inner if g.tag in (f"{XS}sequence", f"{XS}choice")), None)
    return "{" + ("" if group is None else flat(official_particle(group))) + "}"


def official_type(node: etree._Element, written: str) -> str:
    space, local = qualified(node, written)
    if local in COMMON:
        return local.lower()
    if (space, local) in named_types():
        return f"{space}#{local}"
    return SIMPLE.get(local, local)


def official_particle(node: etree._Element) -> str:
    occurs = OCCURS[node.get("minOccurs", "1"), node.get("maxOccurs", "1")]
    if node.tag == f"{XS}element":
        if node.get("ref"):
            space, local = qualified(node, node.get("ref"))
            return f"->{space}#{local}{occurs}"
        space = node.getroottree().getroot().get("targetNamespace")
        fixed = f'"{node.get("fixed")}"' if node.get("fixed") else ""
        return f"{space}#{node.get('name')}{occurs}={official(node)}{fixed}"
    parts = [flat(official_particle(p)) for p in node if isinstance(p.tag, str) and p.tag != f"{XS}annotation"]
    return grouped(parts, choice=node.tag == f"{XS}choice", occurs=occurs)


# --- Our side ---


def ours(described: Described) -> str:
    if described.value is not None:
        return described.value.local
    return "{" + flat(our_group(described.content, "")) + "}"


def our_particle(part: Repeated) -> str:
    occurs = OCCURS[str(part.least), "unbounded" if part.many else "1"]
    if isinstance(part.what, Group):
        return our_group(part.what, occurs)
    assert isinstance(part.what, Element)
    name = f"{part.what.name.space}#{part.what.name.local}{occurs}"
    if part.what.type is None:
        return f"->{name}"
    fixed = f'"{part.what.fixed}"' if part.what.fixed else ""
    return f"{name}={our_type(part.what.type)}{fixed}"


def our_type(kind: Name) -> str:
    if kind not in description().types:
        return kind.local
    return f"{kind.space}#{kind.local}" if tuple(kind) in named_types() else ours(description().types[kind])


def our_group(group: Group, occurs: str) -> str:
    return grouped([flat(our_particle(part)) for part in group.parts], choice=group.choice, occurs=occurs)


# --- Both ---


def grouped(parts: list[str], *, choice: bool, occurs: str) -> str:
    """A choice of one, and a sequence in a sequence, say nothing of their own."""
    inside = " | ".join(re.sub(r"^\((.*)\)$", r"\1", p) if " | " in p and p.endswith(")") else p for p in parts) if choice else " ".join(parts)
    if not choice and not occurs:
        return inside
    return f"({inside}){occurs}"


def flat(text: str) -> str:
    """The schemas' own name for a text of white space, and values that are the same by another name."""
    return " ".join(text.split()).replace("#ID", "id")


CASES = [(s.get("targetNamespace"), e.get("name")) for s in schemas() for e in s.iterchildren(f"{XS}element")] if DIRECTORY else []


@pytest.mark.parametrize(("space", "name"), sorted(set(CASES)))
def test_an_element_is_described_as_the_schema_declares_it(space, name):
    declared = next(e for s in schemas() if s.get("targetNamespace") == space for e in s.iterchildren(f"{XS}element") if e.get("name") == name)
    assert ours(description().elements[Name(space, name)]) == official(declared)


def test_named_types_are_described_as_the_schemas_declare_them():
    for schema in schemas():
        space = schema.get("targetNamespace")
        for kind in schema.iterchildren(f"{XS}complexType"):
            name = Name(space, kind.get("name"))
            if name.local not in COMMON and name in description().types:
                assert ours(description().types[name]) == official(kind), name


def test_nothing_is_described_that_the_schemas_do_not_declare():
    spaces = {space for space, _ in CASES}
    assert {tuple(name) for name in description().elements if name.space in spaces} == set(CASES)
