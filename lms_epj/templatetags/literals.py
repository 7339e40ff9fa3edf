"""Tags whose argument is written out in the template, worked out once instead of on every page.

The library ``epj`` takes these in place of Django's own ``static`` and ``translate`` and for its ``icon``; a tag with anything but
one literal falls back to the ordinary one. A page has some eighty of them.
"""

from collections.abc import Callable
from typing import Any

from django.template import Context, Node
from django.template.base import Parser, TextNode, Token
from django.templatetags.i18n import do_translate
from django.templatetags.static import StaticNode, static
from django.utils.html import conditional_escape
from django.utils.text import unescape_string_literal

from lms_epj.core.words import say

Compile = Callable[[Parser, Token], Node]


class Words(Node):
    """A text of the interface in the language of the request."""

    def __init__(self, text: str) -> None:
        self.shown = text
        self.text = text.replace("%", "%%")  # as in Django's own tags

    def render(self, context: Context) -> str:
        said = say(self.text)
        return self.shown if said is self.text else said.replace("%%", "%")


def with_literal(literal: Callable[[str], Node], otherwise: Compile) -> Compile:
    """A tag that is ``literal(text)`` where it has one quoted argument and nothing more."""

    def compiled(parser: Parser, token: Token) -> Any:
        bits = token.split_contents()
        quoted = len(bits) == 2 and bits[1][0] in "\"'" and bits[1][-1] == bits[1][0]
        return literal(unescape_string_literal(bits[1])) if quoted else otherwise(parser, token)

    return compiled


translate_tag = with_literal(Words, do_translate)
static_tag = with_literal(lambda path: TextNode(conditional_escape(static(path))), StaticNode.handle_token)
