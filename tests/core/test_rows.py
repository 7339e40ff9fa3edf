"""Rows drawn in Python escape everything that comes from the record, as the templates before them did."""

from datetime import UTC, date, datetime

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from lms_epj.markup import markup
from lms_epj.templatetags.controls import chip_row, field_box, tabs
from lms_epj.templatetags.rows import bed_rows, entries, patient_rows

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
EVIL = "<b>\"'&"


def clean(html: str) -> bool:
    return '<b>"' not in html and "&lt;b&gt;&quot;&#x27;&amp;" in html


def test_markup_is_what_format_html_gives():
    for value in (EVIL, 5, None, mark_safe("<i>x</i>")):
        assert markup("<p>{}{}</p>", value, "y") == format_html("<p>{}{}</p>", value, "y")
    assert hasattr(markup("<p>"), "__html__")


def test_an_entry():
    entry = {
        "id": EVIL, "at": NOW, "mark": EVIL, "profession": EVIL, "title": EVIL, "author": EVIL, "unit": EVIL, "state": "signed", "state_at": NOW,
        "text": EVIL, "long": True, "url": EVIL, "versions_url": EVIL, "emergency": True, "correct_url": EVIL, "continue_url": EVIL, "note": EVIL,
    }  # fmt: skip
    html = entries([entry], NOW)
    assert clean(html)
    assert html.count("&lt;b&gt;") == 16


def test_a_patient():
    row = {"family_name": EVIL, "given_name": EVIL, "birth_date": date(1950, 1, 1), "sex": "K", "number": EVIL, "deceased_at": NOW, "url": EVIL}
    html = patient_rows([row], NOW)
    assert clean(html)
    assert html.count("&lt;b&gt;") == 4


def test_a_bed_with_and_without_a_patient():
    news = {"status": "complete", "total": 7, "level": "high", "history": [1, 7], "previous": 1, "taken_at": NOW, "taken_text": EVIL}
    task = {"due_at": NOW, "text": EVIL}
    bed = {
        "id": EVIL, "number": EVIL, "free": False, "patient": dict.fromkeys(("name", "age", "sex", "municipality", "url"), EVIL), "day": EVIL,
        "cause": EVIL, "news": news, "tasks": [task | {"state": state} for state in ("overdue", "sign", "planned")], "more": 2,
        "flags": [{"kind": "cave", "text": EVIL}], "nurse": {"initials": EVIL, "name": EVIL}, "leaving": {"text": EVIL, "detail": EVIL, "state": "ok"},
    }  # fmt: skip
    empty = {"id": EVIL, "number": EVIL, "free": True, "free_label": EVIL, "free_text": EVIL, "ready": EVIL, "reserved_for": EVIL}
    for row in (bed, empty):
        assert clean(bed_rows([row], NOW))
    assert "&lt;div" not in bed_rows([bed, empty], NOW)


def test_a_field():
    field = {
        "id": "a", "name": EVIL, "label": EVIL, "hint": EVIL, "unit": EVIL, "error": EVIL, "value": EVIL, "autocomplete": EVIL,
    }  # fmt: skip
    html = field_box(field)
    assert clean(html)
    assert html.count("&lt;b&gt;") == 7
    assert 'aria-describedby="a-hint a-unit a-error"' in html
    assert field_box({"id": "a", "label": "", "options": [{"value": EVIL, "label": EVIL, "selected": True}]}).count("&lt;b&gt;") == 2


def test_a_text_that_begins_with_a_line_break_keeps_it():
    """A browser takes the first line break of a text area away."""
    assert ">\n\nNatt</textarea>" in field_box({"id": "a", "rows": 3, "value": "\nNatt"})


def test_filters_and_tabs():
    chips = chip_row([{"url": EVIL, "label": EVIL, "count": 0, "active": True}, {"url": "/", "mark": "SP"}], EVIL, id="live")
    assert clean(chips)
    assert chips.count("&lt;b&gt;") == 3
    assert "<b>0</b>" in chips and 'id="live-2"' in chips
    assert tabs([{"url": EVIL, "label": EVIL, "count": 2, "active": True}]).count("&lt;b&gt;") == 2
