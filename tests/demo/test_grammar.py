import re
from datetime import UTC, datetime
from random import Random

import pytest

from lms_epj.demo.grammar import Writer, normalise, split_sentences, topics

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_every_inserted_topic_exists_and_brackets_pair():
    for name, frames in topics().items():
        assert frames, name
        assert len(frames) == len(set(frames)), name
        for frame in frames:
            assert set(re.findall(r"\{@([^}]*)\}", frame)) <= set(topics()), frame
            assert frame.count("[") == frame.count("]") and frame.count("{") == frame.count("}"), frame


def test_abbreviations_never_look_like_the_end_of_a_sentence():
    for name, frames in topics().items():
        assert not [f for f in frames if re.search(r"[.!?]\s", f)], name


def test_choices_numbers_and_clock():
    writer = Writer(Random(1))
    text = writer.expand("{han} [gikk|sto] {i:3:3} ganger {kl:0:0} med {d:1.5:1.5} {@drikke}", {"han": "hun"}, AT)
    assert re.fullmatch(r"Hun (gikk|sto) 3 ganger kl 13:00 med 1,5 .+", text)


def test_one_takes_the_singular():
    writer = Writer(Random(1))
    assert writer.expand("Opp {i:1:1} ganger", {}, AT) == "Opp én gang"
    assert writer.expand("Opp {i:11:11} ganger", {}, AT) == "Opp 11 ganger"


def test_office_days_are_never_in_a_weekend():
    writer = Writer(Random(1))
    days = {writer.expand("{uke:1:14}", {}, AT).split()[0] for _ in range(200)}
    assert days == {"Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag"}


def test_a_word_list_is_not_used_twice_in_a_note():
    writer = Writer(Random(1))
    for _ in range(100):
        writer.begin_note()
        first, second = writer.expand("{@hudsted} - {@hudsted}", {}, AT).lower().split(" - ")
        assert first != second


def test_a_sentence_is_never_written_twice(monkeypatch):
    monkeypatch.setattr("lms_epj.demo.grammar.topics", lambda: {"t": ("Sett til {i:1:3}.",)})
    writer = Writer(Random(1))
    written = {writer.sentence("t", {}, AT, set()) for _ in range(3)}
    assert written == {"Sett til 1.", "Sett til 2.", "Sett til 3."}
    with pytest.raises(RuntimeError):
        writer.sentence("t", {}, AT, set())


def test_sentences_are_compared_without_case_spacing_and_last_mark():
    assert split_sentences("Sov godt. Spiste lite!\nVåken?") == ["Sov godt.", "Spiste lite!", "Våken?"]
    assert normalise("Sov  Godt.") == normalise("sov godt")
