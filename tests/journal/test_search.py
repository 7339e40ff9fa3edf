"""Words in the notes of one record: other forms, compounds, what is marked, and who finds what."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.searching import excerpt
from journal.models import Note
from journal.selectors.searching import stems_of
from tests import cast as casting
from tests.cast import ROWS

NURSE = "lms.sykepleier"


@pytest.fixture
def look(cast, client_for):
    """`look("ord")`: what the page of notes answers."""

    def asked(words: str, *, user: str = NURSE, **more: str) -> str:
        values = {"patient": str(cast.anna.id), "actor": str(cast[user].id), "ord": words, **more}
        answer = client_for(user).post(reverse("notes", args=[cast.anna.id]), values)
        assert answer.status_code == 200
        return answer.content.decode()

    return asked


@pytest.fixture
def told(cast):
    """`told("Trykksåret på hælen")`: a note of Anna's that says so; returns how it is named on the page."""

    def write(text: str) -> str:
        now = datetime.now(UTC)
        columns = casting._entry(cast, "anna", "note", *ROWS["note"][1:], now) | dict(casting._columns(cast, "anna", "note", now))
        note = Note(**columns | {"id": uuid4(), "content": {"text": text}, "event_at": now})
        Note.objects.bulk_create([note])
        return f"entry-{note.pk}"

    return write


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["trykksår", "TRYKKSÅRET", "trykksårene hæl", "sår", "og hælen", "hælen trykk"])
def test_a_word_is_found_in_its_other_forms_and_in_compounds(look, told, words):
    entry = told("Trykksåret på venstre hæl er rent og tørt.")
    page = look(words)
    assert entry in page
    assert "<mark>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["albue", "trykksår albue", "text", "nord", "100 %_", "<b>"])
def test_what_is_not_there_is_not_found(look, told, words):
    entry = told("Trykksåret på venstre hæl.\nOrd fra huset")
    page = look(words)
    assert entry not in page
    assert "Ingen notater du kan lese, har" in page
    assert 'value="&lt;b&gt;"' in page or words != "<b>"


@pytest.mark.django_db
def test_it_is_narrowed_along_with_the_rest_and_stands_in_no_address(look, told):
    entry = told("Trykksåret på venstre hæl.")
    assert entry in look("trykksår")
    assert entry not in look("trykksår", til="01.01.2001")
    assert "ord=" not in look("trykksår")


@pytest.mark.django_db
def test_what_is_blocked_is_not_found(look, cast):
    """The block of the cast: Anna's note against the home nurses of Ås."""
    word = Note.objects.get(pk=cast.anna.rows["note"]).content["text"].split()[0]
    assert f"entry-{cast.anna.rows['note']}" in look(word)
    assert f"entry-{cast.anna.rows['note']}" not in look(word, user="aas.hjemmesykepleier")


@pytest.mark.django_db
def test_words_that_stand_everywhere_are_left_out_unless_there_are_no_others():
    assert stems_of("og trykksårene i hælen") == ("trykksår", "hæl")
    assert stems_of("og") == ("og",)
    assert stems_of("  -- ") == ()


@given(st.text(st.sampled_from("abå \n.ÅÆ-"), max_size=600), st.lists(st.text(st.sampled_from("abåæ"), min_size=1, max_size=3), max_size=3))
def test_an_excerpt_is_a_stretch_of_the_text_with_every_hit_in_it_marked(text, stems):
    pieces = excerpt(text, stems)
    shown = "".join(piece.text for piece in pieces).removesuffix("…")
    assert shown.removeprefix("…") in text
    assert all(any(stem in piece.text.lower() for stem in stems) for piece in pieces if piece.hit)
    assert not any(stem in piece.text.lower() for stem in stems for piece in pieces if not piece.hit)
    assert any(piece.hit for piece in pieces) == any(stem in text.lower() for stem in stems)
