"""Holds a message up against the described structure and says where it first breaks it, in plain bokmål.

Agrees with the official schemas (tests/messaging/test_official_schemas.py holds both together); where a wildcard or free
text lets anything in, elements we have described are still checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from messaging.formats.structure.content import START, ContentModel, admits, build
from messaging.formats.structure.described import ALL
from messaging.formats.structure.notation import Attribute, Described, Description, Element, Name, Wildcard, read_description
from messaging.formats.structure.values import CHECKS, NAMES, fold

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSI_FREE = {f"{{{_XSI}}}schemaLocation", f"{{{_XSI}}}noNamespaceSchemaLocation", f"{{{_XSI}}}type"}


@dataclass(frozen=True)
class Breach:
    """The first place where a message breaks its structure. `line` is the line in the file, 0 where it is unknown."""

    element: str
    what: str
    line: int = 0

    def __str__(self) -> str:
        place = f" (linje {self.line})" if self.line else ""
        return f"«{self.element}»{place}: {self.what}"


def validate(root: etree._Element) -> Breach | None:
    """None when the element and all in it are as described; an element not described is a breach."""
    described = _known(root.tag)
    if described is None:
        return Breach(_local(root.tag), "elementet er ikke kjent", root.sourceline or 0)
    return next(_element(root, described, None), None)


def is_described(tag: str) -> bool:
    """Whether `{namespace}name` is an element of a standard we know."""
    return _known(tag) is not None


@cache
def description() -> Description:
    """Everything described, read once; a slip in the notation is an error at first use."""
    return read_description(ALL)


@dataclass(frozen=True)
class _Type:
    described: Described
    model: ContentModel
    attributes: dict[str, Attribute]


@cache
def _compiled(described: Described) -> _Type:
    return _Type(described, build(described.content), {a.name.tag: a for a in described.attributes})


def _known(tag: str) -> Described | None:
    return _by_tag().get(tag)


@cache
def _by_tag() -> dict[str, Described]:
    return {name.tag: described for name, described in description().elements.items()}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


# Types that stand everywhere: a value in attribute V, and what qualifies it.
def _attributes(**kinds: str) -> Described:
    return Described(attributes=tuple(Attribute(Name("", name), Name("", kind)) for name, kind in kinds.items()))


_OPEN = Described(any_attribute=None)
_COMMON_TYPES = {
    "cs": _attributes(V="token", DN="text"),
    "cv": _attributes(V="token", S="oid", DN="text", OT="text"),
    "ts": _attributes(V="moment"),
    "pq": _attributes(V="double", U="token"),
    "bl": _attributes(V="truth"),
    "url": _attributes(V="uri"),
}


def _element(element: etree._Element, described: Described, fixed: str | None) -> Iterator[Breach]:
    if described.value is not None and not described.attributes:
        yield from _typed(element, described.value, fixed)
        return
    compiled = _compiled(described)
    yield from _check_attributes(element, compiled)
    if described.value is not None:
        yield from _check_value(element, described.value, fixed)
    else:
        yield from _check_content(element, compiled)


def _check_attributes(element: etree._Element, compiled: _Type) -> Iterator[Breach]:
    for tag, value in element.attrib.items():
        if tag in _XSI_FREE:
            continue
        attribute = compiled.attributes.get(tag)
        if attribute is None:
            if not admits(compiled.described.any_attribute, tag):
                yield _breach(element, f"attributtet {_local(tag)} hører ikke hjemme her")
        elif problem := _value_problem(attribute.type, value, attribute.fixed):
            yield _breach(element, f"attributtet {_local(tag)}: {problem}")
    for attribute in compiled.described.attributes:
        if attribute.required and attribute.name.tag not in element.attrib:
            yield _breach(element, f"attributtet {attribute.name.local} mangler")


def _check_content(element: etree._Element, compiled: _Type) -> Iterator[Breach]:
    model, position = compiled.model, START
    if not model.particles and not compiled.described.mixed and value_of(element):
        yield _breach(element, "elementet skal være tomt; selv mellomrom er tekst her")
    elif not compiled.described.mixed and _has_text(element):
        yield _breach(element, "tekst står der bare elementer kan stå")
    for child in element:
        if not isinstance(child.tag, str):
            continue
        following = model.step(position, child.tag)
        if following is None:
            yield _breach(child, f"elementet er ikke ventet her.{_expected(model, position)}")
            return
        position = following
        yield from _check_child(child, model.particles[position])
    if position not in model.ends:
        yield _breach(element, f"innhold mangler.{_expected(model, position)}")


def _has_text(element: etree._Element) -> bool:
    return bool(value_of(element).strip(" \t\r\n"))


def _expected(model: ContentModel, position: int) -> str:
    names = model.expected(position)
    return f" Ventet: {', '.join(names[:8])}{' …' if len(names) > 8 else ''}." if names else " Ingenting mer er ventet."


def _check_child(child: etree._Element, particle: Element | Wildcard) -> Iterator[Breach]:
    if isinstance(particle, Wildcard):
        yield from _anything(child, strict=particle.strict)
    elif particle.type is None:
        yield from _element(child, description().elements[particle.name], particle.fixed)
    else:
        yield from _typed(child, particle.type, particle.fixed)


def _typed(element: etree._Element, kind: Name, fixed: str | None) -> Iterator[Breach]:
    own = description().types.get(kind)
    if own is not None:
        yield from _element(element, own, fixed)
    elif kind.local in _COMMON_TYPES:
        yield from _element(element, _COMMON_TYPES[kind.local], None)
    elif kind.local == "rich":
        yield from _inside(element)
    elif kind.local == "open":
        yield from _open(element)
    else:
        yield from _check_attributes(element, _compiled(_OPEN))
        yield from _check_value(element, kind, fixed)


def _open(element: etree._Element) -> Iterator[Breach]:
    yield from _check_attributes(element, _compiled(_OPEN))
    if _has_text(element):
        yield _breach(element, "tekst står der bare elementer kan stå")
    for child in element.iterchildren("*"):
        yield from _anything(child, strict=True)


def _anything(element: etree._Element, *, strict: bool) -> Iterator[Breach]:
    described = _known(element.tag)
    if described is not None:
        yield from _element(element, described, None)
    elif strict:
        yield _breach(element, "elementet er ikke kjent")
    else:
        yield from _inside(element)


def _inside(element: etree._Element) -> Iterator[Breach]:
    for child in element.iterchildren("*"):
        yield from _anything(child, strict=False)


def _check_value(element: etree._Element, kind: Name, fixed: str | None) -> Iterator[Breach]:
    for child in element.iterchildren("*"):
        yield _breach(child, "elementet kan ikke stå inne i en verdi")
    value = value_of(element)
    if fixed is not None and not value:
        return  # an empty element stands for its fixed value
    if problem := _value_problem(kind, value, fixed):
        yield _breach(element, problem)


def value_of(element: etree._Element) -> str:
    """The text of an element, with comments and instructions left out."""
    if not len(element):
        return element.text or ""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _value_problem(kind: Name, value: str, fixed: str | None) -> str | None:
    if fixed is not None and value != fixed:
        return f"verdien skal være «{fixed}»"
    if kind.local in CHECKS:
        if CHECKS[kind.local](value):
            return None
        return f"{_shown(value)} er ikke {NAMES[kind.local]}"
    allowed = description().lists[kind]
    return None if value in allowed or fold(value) in allowed else f"{_shown(value)} er ikke blant de tillatte verdiene"


def _shown(value: str) -> str:
    return f"«{value[:40]}»" if value.strip() else "tom verdi"


def _breach(element: etree._Element, what: str) -> Breach:
    return Breach(_local(element.tag), what, element.sourceline or 0)
