"""Rows drawn in Python escape everything that comes from the record, as the templates before them did."""

from datetime import UTC, date, datetime

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from lms_epj.markup import markup
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
