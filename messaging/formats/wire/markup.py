"""Marked up text (XHTML in free text fields): only what reads safely is kept, the words always."""

from html import escape

from lxml import etree

_BLOCKS = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol", "hr", "blockquote"}
_KEPT = {
    "h1",
    "h2",
    "h3",
    "p",
    "em",
    "b",
    "i",
    "strong",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "thead",
    "br",
    "pre",
    "hr",
    "ul",
    "ol",
    "li",
    "sub",
    "sup",
}
_EMPTY = {"br", "hr"}
_SILENT = {"script", "style", "head"}


def is_marked_up(element: etree._Element) -> bool:
    return any(isinstance(child.tag, str) for child in element)


def plain_text(element: etree._Element) -> str:
    """The words, a line for each block; runs of white space inside marked up text folded."""
    if not is_marked_up(element):
        return "".join([element.text or "", *(child.tail or "" for child in element)]).replace("\r\n", "\n").replace("\r", "\n").strip()
    pieces: list[str] = []
    _collect(element, pieces, keep=False)
    lines = (" ".join(line.split()) for line in "".join(pieces).replace("\x00", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: etree._Element, pieces: list[str], *, keep: bool) -> None:
    name = _name(element)
    if name in _SILENT:
        return
    keep = keep or name == "pre"
    pieces.append("\x00" if name in _BLOCKS else " " if name in ("td", "th") else "")
    pieces.append(_piece(element.text, keep))
    for child in element:
        if isinstance(child.tag, str):
            _collect(child, pieces, keep=keep)
        pieces.append(_piece(child.tail, keep))
    pieces.append("\x00" if name in _BLOCKS else "")


def _piece(text: str | None, keep: bool) -> str:
    if not text:
        return ""
    return text if keep else text.replace("\n", " ").replace("\r", " ")


def safe_html(element: etree._Element) -> str:
    """The content as HTML of a few harmless elements without attributes; everything else is left as its words."""
    if _name(element) in _SILENT:
        return ""
    inner = [escape(element.text or "")]
    for child in element:
        if isinstance(child.tag, str):
            inner.append(_wrapped(child))
        inner.append(escape(child.tail or ""))
    return "".join(inner)


def _wrapped(element: etree._Element) -> str:
    name = _name(element)
    if name in _EMPTY:
        return f"<{name}>"
    inner = safe_html(element)
    return f"<{name}>{inner}</{name}>" if name in _KEPT else inner


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
