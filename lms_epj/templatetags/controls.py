"""Controls that stand several times on most pages, drawn in Python: their many small conditions cost more in the template engine.

Shapes of ``field``, ``chip`` and ``item`` as in ``templatetags/epj.py``; a key that is not there counts as empty.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms_epj.markup import markup
from lms_epj.templatetags.epj import icon, profession
from lms_epj.templatetags.rows import NOTHING, when

register = template.Library()
DESCRIBED_BY = ("hint", "unit", "error")
PASSED_ON = ("inputmode", "autocomplete", "maxlength")


def joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308


@register.simple_tag
def field_box(field: dict[str, Any]) -> SafeString:
    """One form field: label, hint, control, unit outside it, error. A field with options is a select, one with rows a text area."""
    id, hint, unit, error = field["id"], field.get("hint"), field.get("unit"), field.get("error")
    return markup(
        '<div class="epj-field">\n<label class="epj-field__label" for="{}">{}</label>\n{}<div class="epj-field__control">\n{}{}</div>\n{}</div>\n',
        id, field.get("label", ""),
        when(hint, '<span class="epj-field__hint" id="{}-hint">{}</span>\n', id, hint),
        _control(field), when(unit, '<span class="epj-field__unit" id="{}-unit">{}</span>\n', id, unit),
        markup('<p class="epj-field__error" id="{}-error">{}<span>{}</span></p>\n', id, icon("XMarkOctagonFill"), error) if error else NOTHING,
    )  # fmt: skip


def _control(field: dict[str, Any]) -> SafeString:
    id, name, value, attributes = field["id"], field.get("name", ""), field.get("value", ""), _attributes(field)
    if (options := field.get("options")) is not None:
        return markup('<select class="ds-input" id="{}" name="{}"{}>{}</select>\n', id, name, attributes, joined(map(_option, options)))
    value = "" if value is None else value
    if rows := field.get("rows"):
        # The line break after the tag belongs to the markup: a text that begins with one keeps its own.
        return markup('<textarea class="ds-input" id="{}" name="{}" rows="{}"{}>\n{}</textarea>\n', id, name, rows, attributes, value)
    return markup('<input class="ds-input" id="{}" name="{}" type="{}" value="{}"{}>\n', id, name, field.get("type") or "text", value, attributes)


def _option(option: dict[str, Any]) -> SafeString:
    selected = when(option.get("selected"), " selected")
    return markup('<option value="{}"{}>{}</option>', option["value"], selected, option["label"])


def _attributes(field: dict[str, Any]) -> SafeString:
    describes = " ".join(f"{field['id']}-{part}" for part in DESCRIBED_BY if field.get(part))
    return joined([
        when(describes, ' aria-describedby="{}"', describes),
        when(field.get("error"), ' aria-invalid="true"'),
        when(field.get("required"), " required"),
        when(field.get("focus"), " data-autofocus"),
        *(when(field.get(name), ' {}="{}"', name, field.get(name)) for name in PASSED_ON),
    ])  # fmt: skip


@register.simple_tag
def chip_row(chips: Iterable[dict[str, Any]], label: str, line: bool = False, id: str = "") -> SafeString:
    """Filters as plain links that double as counters. ``line``: one scrolling line on small screens; ``id``: of a live list."""
    return markup(
        '<nav class="epj-chips{}" aria-label="{}"{}>{}</nav>\n',
        when(line, " epj-chips--line"), label, when(id, ' id="{}" data-live-list', id),
        joined(_chip(chip, f"{id}-{number}" if id else "") for number, chip in enumerate(chips, 1)),
    )  # fmt: skip


def _chip(chip: dict[str, Any], id: str) -> SafeString:
    name, mark, count = chip.get("icon"), chip.get("mark"), chip.get("count")
    return markup(
        '<a class="epj-chip"{} href="{}"{}>{}{}{}{}</a>',
        when(id, ' id="{}"', id), chip["url"], when(chip.get("active"), ' aria-current="true"'),
        when(chip.get("alarm"), '<span class="epj-chip__alarm" aria-hidden="true"></span>'),
        icon(name) if name else NOTHING, profession(mark) if mark else chip.get("label", ""), when(count is not None, " <b>{}</b>", count),
    )  # fmt: skip


@register.simple_tag
def tabs(items: Iterable[dict[str, Any]]) -> SafeString:
    """The parts of one record, each an address of its own."""
    return markup('<nav class="epj-tabs" aria-label="{}"><ul>{}</ul></nav>\n', _("Deler av journalen"), joined(map(_tab, items)))


def _tab(item: dict[str, Any]) -> SafeString:
    count = item.get("count")
    return markup(
        '<li><a href="{}"{}>{}{}</a></li>',
        item["url"], when(item.get("active"), ' aria-current="page"'), item["label"],
        when(count, '<span class="epj-tabs__count">{}</span>', count),
    )  # fmt: skip
