"""Times as people write them, and what changed between two texts."""

from datetime import UTC, datetime

import pytest

from journal.domain.differences import changed_sections, differences
from journal.domain.moments import parse_moment, write_moment

NOW = datetime(2026, 11, 24, 9, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10:40", datetime(2026, 11, 24, 9, 40, tzinfo=UTC)),
        ("kl. 8.05", datetime(2026, 11, 24, 7, 5, tzinfo=UTC)),
        ("23.11. 22:15", datetime(2026, 11, 23, 21, 15, tzinfo=UTC)),
        ("23.11.2025 kl. 22:15", datetime(2025, 11, 23, 21, 15, tzinfo=UTC)),
        ("31.12. 10:00", datetime(2025, 12, 31, 9, 0, tzinfo=UTC)),
        ("1.7.2026 10:00", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
    ],
)
def test_moment_is_read_on_the_norwegian_clock(text, at):
    assert parse_moment(text, NOW) == at
    assert parse_moment(write_moment(at, NOW), NOW) == at


@pytest.mark.parametrize("text", ["", "i går", "25:00", "10:61", "32.11. 10:00", "10", "2026-11-24 10:40"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_moment(text, NOW)


def test_differences_give_both_texts_back():
    before, after = "Til stol to ganger daglig", "Til stol tre ganger daglig, med maske"
    pieces = differences(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert [key for key, _ in changed_sections({"a": "x", "b": "y"}, {"b": "z", "a": "x", "c": "w"}, ["b"])] == ["b", "c"]
