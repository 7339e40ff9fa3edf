"""Building elements. What is None or empty is left out, so that a writer reads like the structure it follows."""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lxml import etree

from messaging.formats.model.values import Code, Moment, Quantity

Elem: TypeAlias = etree._Element
Child = Elem | None | Iterable["Elem | None"]
# Characters XML cannot hold.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


class Maker:
    """Makes elements of one namespace: `make("Navn", "Kari")`, `make("Sender", child, child)`, `make("Type", V="N")`."""

    def __init__(self, namespace: str, nsmap: dict[str | None, str] | None = None) -> None:
        self.namespace = namespace
        self.nsmap = nsmap

    def __call__(self, name: str, *content: str | Child, attributes: dict[str, str] | None = None) -> Elem:
        made = etree.Element(f"{{{self.namespace}}}{name}", nsmap=self.nsmap or {None: self.namespace})
        for key, value in (attributes or {}).items():
            made.set(key, clean(value))
        for one in content:
            if isinstance(one, str):
                made.text = _lines(clean(one))
            else:
                made.extend(flat(one))
        return made

    def text(self, name: str, value: str) -> Elem | None:
        return self(name, value) if value else None

    def code(self, name: str, value: Code | None, *, system: bool = False, always: bool = False) -> Elem | None:
        """CS, or CV when `system` is asked for; `always` writes an empty one where the structure demands it."""
        if value is None:
            return self(name) if always else None
        written = {"V": value.value, "DN": value.text}
        if system:
            written |= {"S": value.system, "OT": value.original}
        return self(name, attributes={key: text for key, text in written.items() if text})

    def moment(self, name: str, value: Moment | None, *, always: bool = False) -> Elem | None:
        """As an attribute; `written` writes it as text."""
        if value is None:
            return self(name) if always else None
        return self(name, attributes={"V": value.written})

    def written(self, name: str, value: Moment | None) -> Elem | None:
        return self(name, value.written) if value else None

    def truth(self, name: str, value: bool | None) -> Elem | None:
        return None if value is None else self(name, "true" if value else "false")

    def quantity(self, name: str, value: Quantity | None) -> Elem | None:
        return self(name, attributes={"V": value.value} | ({"U": value.unit} if value.unit else {})) if value else None

    def holder(self, name: str, *content: Child) -> Elem | None:
        """An element only if something stands in it."""
        inside = list(flat(content))
        return self(name, inside) if inside else None


def flat(content: object) -> Iterator[Elem]:
    if content is None:
        return
    if isinstance(content, etree._Element):
        yield content
        return
    for one in content:  # type: ignore[attr-defined]
        yield from flat(one)


def _lines(text: str) -> str:
    """Forced line breaks, as the national practice writes them: carriage return and line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def serialise(root: Elem) -> bytes:
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
