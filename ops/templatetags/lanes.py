"""The bars of a lane, drawn in Python: a year of rosters has a thousand of them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from lms_epj.markup import markup
from lms_epj.templatetags.epj import icon

register = template.Library()


@register.simple_tag
def lane_bars(lane: dict[str, Any], fine: bool = False) -> SafeString:
    """``lane``: {name, bars} of ops.views.grid. ``fine``: there is room for whose account it is on."""
    return SafeString("".join(_bars(lane["bars"], lane["name"], fine)))


def _bars(bars: Iterable[dict[str, Any]], lane: str, fine: bool) -> Iterable[SafeString]:
    warning = icon("ExclamationmarkTriangleFill")
    for bar in bars:
        begins, ends = ("<span", "</span>") if bar["narrow"] else (markup('<a href="{}"', bar["url"]), "</a>")
        over = " data-over" if bar["over"] else ""
        if bar["gap"]:
            told, kind = bar["label"], 'class="epj-bar epj-bar--gap"'
            inside = markup('{}<span class="ds-sr-only">{}</span> <b>{}</b>', warning, told, bar["name"])
        else:
            told, kind = f"{bar['name']} · {bar['of']}" if bar["of"] else bar["name"], f'class="epj-bar" data-colour="{bar["colour"]}"'
            of = markup(" <span>· {}</span>", bar["of"]) if bar["of"] and fine else SafeString("")
            inside = markup("<b>{}</b>{}", bar["name"], of)
        yield markup(
            '<li class="{}">{} {}{} title="{}, {}">{}<span class="ds-sr-only">, {}, {}</span>{}</li>',
            bar["place"], SafeString(begins), SafeString(kind), SafeString(over), told, bar["when"], inside, lane, bar["when"], SafeString(ends),
        )  # fmt: skip
