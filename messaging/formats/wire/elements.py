"""Reading elements by what they are called, whatever the prefix: the same names mean the same in every version."""

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from messaging.formats.model.values import Code, Moment, Quantity
from messaging.formats.structure.validate import value_of

Elem: TypeAlias = etree._Element


def local(element: Elem) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def space(element: Elem) -> str:
    return element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag.startswith("{") else ""


def children(element: Elem | None, *names: str) -> Iterator[Elem]:
    """Children of these names, in the file's order; all when no name is given."""
    if element is not None:
        yield from element.iterchildren(*(f"{{*}}{name}" for name in names or ("*",)))


def child(element: Elem | None, *path: str) -> Elem | None:
    """The first child at a path of names."""
    for name in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{name}"), None)
    return element


def descendants(element: Elem | None, *names: str) -> Iterator[Elem]:
    """The element itself and all below it that bear one of these names, in the file's order."""
    if element is not None:
        yield from element.iter(*(f"{{*}}{name}" for name in names))


def text(element: Elem | None, *path: str) -> str:
    """The value at a path, without white space around it; empty when it is missing or empty."""
    found = child(element, *path)
    return "" if found is None else value_of(found).strip()


def prose(element: Elem | None, *path: str) -> str:
    """Text for people at a path: its lines as the sender broke them; markup becomes lines."""
    from messaging.formats.wire.markup import plain_text

    found = child(element, *path)
    return "" if found is None else plain_text(found)


def code(element: Elem | None, *path: str) -> Code | None:
    """A coded value (CS or CV); None when nothing is said."""
    found = child(element, *path)
    if found is None:
        return None
    made = Code(*(found.get(key, "").strip() for key in ("V", "DN", "S", "OT")))
    return made if any((made.value, made.text, made.original)) else None


def codes(element: Elem | None, name: str) -> tuple[Code, ...]:
    return tuple(filter(None, (code(one) for one in children(element, name))))


def moment(element: Elem | None, *path: str) -> Moment | None:
    """A date or time, in attribute V or as text."""
    found = child(element, *path)
    written = "" if found is None else (found.get("V") or value_of(found)).strip()
    return Moment(written) if written else None


def quantity(element: Elem | None, *path: str) -> Quantity | None:
    found = child(element, *path)
    return Quantity(found.get("V", "").strip(), found.get("U", "").strip()) if found is not None and found.get("V", "").strip() else None


def truth(element: Elem | None, *path: str) -> bool | None:
    found = child(element, *path)
    written = "" if found is None else (found.get("V") or value_of(found)).strip()
    return {"true": True, "1": True, "false": False, "0": False}.get(written)
