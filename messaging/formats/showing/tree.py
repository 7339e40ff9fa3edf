"""Any element as sections, whether we know its standard or not: every value in it is shown, under what it is called."""

import re
from collections.abc import Iterator

from messaging.formats.model.values import Moment, Quantity
from messaging.formats.showing.blocks import Block, Facts, Section, Text
from messaging.formats.showing.labels import label
from messaging.formats.structure.validate import value_of
from messaging.formats.wire.elements import Elem, children, local
from messaging.formats.wire.markup import is_marked_up, plain_text, safe_html

_XHTML = "http://www.w3.org/1999/xhtml"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"
_DATED = re.compile(r"-?\d{4}-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?)?$")
_LONG = 120
# Numbers of components and the like: technique that says nothing to a reader, and stays in the bytes kept.
_TECHNICAL = re.compile(r"^\{http://www\.w3\.org/2001/XMLSchema-instance\}|\}?(komponentID|komponenttype|basiskomponenttype|S)$")


def shown_tree(element: Elem) -> Section:
    """The element and all in it; the title is what it is called."""
    return Section(label(local(element)), tuple(_blocks(element)))


def _blocks(element: Elem) -> Iterator[Block]:
    rows: list[tuple[str, str]] = [(label(name), value) for name, value in _loose_attributes(element)]
    if (own := _own_text(element)) and len(element):
        rows.append(("Tekst", own))
    for child in children(element):
        if child.tag.startswith(_SIGNATURE):
            continue  # says nothing to a reader; the head tells that there is one
        if _is_prose(child):
            if rows:
                yield Facts(tuple(rows))
                rows = []
            yield _text(child)
        elif len(child):
            if rows:
                yield Facts(tuple(rows))
                rows = []
            yield shown_tree(child)
        elif value := shown_value(child):
            rows.append((label(local(child)), value))
    if rows:
        yield Facts(tuple(rows))


def _own_text(element: Elem) -> str:
    return " ".join(" ".join([element.text or "", *(child.tail or "" for child in element)]).split())


def _loose_attributes(element: Elem) -> list[tuple[str, str]]:
    """Attributes of an element that also holds elements."""
    return [(name.rpartition("}")[2], value) for name, value in element.attrib.items() if value.strip() and not _TECHNICAL.search(name)]


def _is_prose(element: Elem) -> bool:
    if len(element):
        inner = next(children(element), None)
        return inner is not None and isinstance(inner.tag, str) and inner.tag.startswith(f"{{{_XHTML}}}")
    written = element.text or ""
    return not element.attrib and (len(written) > _LONG or "\n" in written.strip())


def _text(element: Elem) -> Text:
    html = safe_html(element) if is_marked_up(element) else ""
    return Text(label(local(element)), plain_text(element), html)


def shown_value(element: Elem) -> str:
    """The value of an element without elements in it, for a reader."""
    written = value_of(element).strip()
    attributes = {name: value.strip() for name, value in element.attrib.items() if value.strip() and not _TECHNICAL.search(name)}
    parts = [_written(written)] if written else []
    value, words, other, unit = (attributes.pop(key, "") for key in ("V", "DN", "OT", "U"))
    if words or other:
        told = ": ".join(filter(None, (words, other)))
        parts.append(f"{told} ({value})" if value and value != told else told)
    elif value:
        parts.append(Quantity(value, unit).shown if unit else _written(value))
    parts += [f"{label(name.rpartition('}')[2])}: {one}" for name, one in attributes.items()]
    return ", ".join(parts)


def _written(value: str) -> str:
    if value in ("true", "false"):
        return "Ja" if value == "true" else "Nei"
    if _DATED.match(value):
        return Moment(value).shown
    return value.partition(":")[2] if value.startswith(("tel:", "mailto:")) else value
