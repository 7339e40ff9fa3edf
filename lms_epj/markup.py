"""Markup with values put in, escaped."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def markup(text: str, *values: Any) -> SafeString:
    """What Django's ``format_html`` gives for values that are text, numbers or finished markup; a page calls it a thousand times.

    ``text`` is written out in the program, never put together.
    """
    return SafeString(text.format(*[value if value.__class__ is SafeString else escape(str(value)) for value in values]))
