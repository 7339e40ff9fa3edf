"""Norwegian names: folding for search, and a sort order that needs no ICU in the database.

Search must find «Aase Müller-Østby» from «åse muller ostby»-like near misses without giving every
Ø to those who typed O: æ, ø and å are letters of their own, other accents are not.
"""

import unicodedata

_RING, _DIAERESIS = "\u030a", "\u0308"
_LETTERS = str.maketrans({"đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "œ": "ø"})


def fold(text: str) -> str:
    """The form in which names are stored for search and in which a query is compared.

    Lower case; aa→å, ä→æ, ö→ø; other accents dropped; everything but letters and digits becomes
    a space; runs of spaces are one. ``fold(fold(x)) == fold(x)``.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    for marked, letter in (("a" + _RING, "å"), ("a" + _DIAERESIS, "æ"), ("o" + _DIAERESIS, "ø")):
        decomposed = decomposed.replace(marked, letter)
    plain = "".join(ch for ch in decomposed if unicodedata.category(ch) != "Mn").translate(_LETTERS)
    spaced = "".join(ch if ch.isalnum() else " " for ch in plain)
    return " ".join(spaced.split()).replace("aa", "å")


def fold_prefix_upper(prefix: str) -> str:
    """Exclusive upper end of all strings that begin with ``prefix`` under ``COLLATE "C"``.

    Row security lets only plain comparisons reach an index, so a prefix search is written
    ``fold >= prefix AND fold < fold_prefix_upper(prefix)`` instead of LIKE.
    """
    if not prefix:
        raise ValueError("an empty prefix has no upper end")
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


# '{', '|' and '}' follow 'z' in code point order: the three last letters of the Norwegian alphabet.
# ü sorts as y, as Norwegian lists have it.
SORT_FROM = "æäøöåüéèêëáàâãíìîïóòôõúùûýñçšžčćđ"
SORT_TO = "{{||}yeeeeaaaaiiiioooouuuyncszccd"


def sort_key_sql(column: str) -> str:
    """SQL for a stored generated column giving Norwegian order; order by it under ``COLLATE "C"``.

    ``column`` is a trusted identifier from a migration, never user text.
    """
    return f"""translate(replace(lower({column}), 'aa', 'å'), '{SORT_FROM}', '{SORT_TO}') COLLATE "C\""""


_SORT_TABLE = str.maketrans(SORT_FROM, SORT_TO)


def sort_key(name: str) -> str:
    """The same key as :func:`sort_key_sql`, for lists sorted in Python."""
    return name.lower().replace("aa", "å").translate(_SORT_TABLE)
