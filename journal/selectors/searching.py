"""Full text of the notes, in Norwegian: a word finds its other forms, and the compounds it stands in (R14).

`trykksåret` finds «trykksår» and «trykksårbehandling», `sår` finds them too. The database finds the stem; what stands in the note is then
compared letter for letter, because an index of words would not find the latter part of a compound. Row security has its say first.
"""

from django.db import connection
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from journal.domain.searching import words_of
from journal.models import Note


class Texts(Func):
    """All texts of a note's sections, without the names of the sections."""

    template = "(SELECT string_agg(value, ' ') FROM jsonb_each_text(%(expressions)s))"
    output_field = TextField()


TEXT = Lower(Concat(F("title"), Value(" "), Texts(F("content")), output_field=TextField()))
_STEMS = "SELECT coalesce((ts_lexize('norwegian_stem', word))[1], '') FROM unnest(%s::text[]) WITH ORDINALITY w (word, place) ORDER BY place"


def stems_of(typed: str) -> tuple[str, ...]:
    """What to look for. Words that stand everywhere («og», «i») are left out, unless there are no others."""
    words = words_of(typed)
    if not words:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [words])
        stems = [stem for (stem,) in cursor.fetchall() if stem]
    return tuple(stems or words)


def narrow(notes: QuerySet[Note], stems: tuple[str, ...]) -> QuerySet[Note]:
    """Notes that hold every one of them."""
    for stem in stems:
        notes = notes.alias(text=TEXT).filter(text__contains=stem)
    return notes
