"""The texts that templates mark. Django's own engine parses them, with our tags, so what is found is what would be shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.template import engines
from django.template.base import FilterExpression, Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.text import unescape_string_literal
from django.utils.translation import trim_whitespace

from lms_epj.catalogue.text import Texts, add
from lms_epj.templatetags.literals import Words

_STRING = r"""\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"""
# A marked text, or any other: so that one that stands inside quotation marks is not taken for a mark.
_QUOTED = re.compile(rf"_\(({_STRING})\)|{_STRING}")


def template_files(root: Path, folders: list[str]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((root / folder / "templates").rglob("*.html"))


def read_templates(root: Path, folders: list[str], texts: Texts) -> None:
    """Fills ``texts``."""
    engine = engines["django"]
    with uncollected_files():
        for path in template_files(root, folders):
            parsed = engine.from_string(path.read_text(encoding="utf-8")).template  # type: ignore[attr-defined]
            place = path.relative_to(root).as_posix()
            for marked in _marked(parsed.nodelist, set()):
                add(texts, place, *marked)


@contextmanager
def uncollected_files() -> Iterator[None]:
    """Our templates look up the files they name while they are parsed. Here nobody will ask for them, and they may not have been collected."""
    former, staticfiles_storage._wrapped = staticfiles_storage._wrapped, StaticFilesStorage()
    try:
        yield
    finally:
        staticfiles_storage._wrapped = former


def _marked(part: Any, seen: set[int]) -> Iterator[tuple[str, ...]]:
    """(text, form for several, context) of everything below a part of a template, whatever tag holds it."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from _marked(one, seen)
    elif isinstance(part, dict):
        yield from _marked(list(part.values()), seen)
    elif isinstance(part, FilterExpression):
        yield from _constants(part.token)
    elif _holds_parts(part) and id(part) not in seen:
        seen.add(id(part))
        yield from _own(part)
        yield from _marked([value for name, value in vars(part).items() if name not in ("origin", "token")], seen)


def _holds_parts(part: Any) -> bool:
    # The parts of {% if %} are objects of no common class.
    return isinstance(part, Node) or type(part).__module__ in ("django.template.smartif", "django.template.defaulttags")


def _constants(expression: str) -> Iterator[tuple[str]]:
    """The `_("…")` of a variable and its filters. Django doubles percent signs in them, as in its own tags."""
    for found in _QUOTED.finditer(expression):
        if found[1]:
            yield (unescape_string_literal(found[1]).replace("%", "%%"),)


def _own(part: Any) -> Iterator[tuple[str, ...]]:
    match part:
        case Words():
            yield (part.text,)
        case TranslateNode():
            literal = part.filter_expression.var.literal
            if literal is not None:
                yield literal.replace("%", "%%"), "", _constant(part.message_context)
        case BlockTranslateNode():
            yield _block(part, part.singular), _block(part, part.plural) if part.plural else "", _constant(part.message_context)


def _block(node: BlockTranslateNode, tokens: Any) -> str:
    text, _ = node.render_token_list(tokens)
    return trim_whitespace(text) if node.trimmed else text


def _constant(expression: FilterExpression | None) -> str:
    return str(expression.var) if expression is not None and isinstance(expression.var, str) else ""
