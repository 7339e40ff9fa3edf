"""The catalogue file held against the code: brought up to date, and judged."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django.apps import apps
from django.conf import settings

from lms_epj.catalogue.python import read_python
from lms_epj.catalogue.templates import read_templates
from lms_epj.catalogue.text import Text, Texts, placeholders

HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def all_texts() -> tuple[Texts, list[str]]:
    """Every text the product's code marks, and marks that do not work."""
    root = settings.BASE_DIR
    folders = sorted(Path(one.path).name for one in apps.get_app_configs() if Path(one.path).parent == root)
    texts: Texts = {}
    faults = read_python(root, folders, texts)
    read_templates(root, folders, texts)
    return texts, faults


def catalogue_path(language: str) -> Path:
    return settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """Those that are translated to; the source is none of them."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def update(language: str, texts: Texts) -> tuple[int, int]:
    """Writes the file anew in the code's order: kept translations, new texts without one, dead ones gone. Returns how many are new and were dead.

    A text that was changed is a new one: what looks almost the same may say the opposite.
    """
    path = catalogue_path(language)
    former = _entries(path)
    whole = polib.POFile(wrapwidth=0)
    whole.metadata = {"Language": language, **HEADER}
    for one in sorted(texts.values(), key=lambda text: (min(text.places), text.key)):
        whole.append(_entry(one, former.get(one.key)))
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.save(str(path))
    return len(texts.keys() - former.keys()), len(former.keys() - texts.keys())


def _entries(path: Path) -> dict[tuple[str, str], polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in (polib.pofile(str(path)) if path.exists() else [])}


def _entry(text: Text, former: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context or None, occurrences=[(place, "") for place in sorted(text.places)])
    same = former is not None and former.msgid_plural == text.plural
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = former.msgstr_plural if same else {0: "", 1: ""}
    elif same:
        entry.msgstr = former.msgstr
    if same:
        entry.flags, entry.tcomment = former.flags, former.tcomment
    return entry


def faults_in(language: str, texts: Texts) -> Iterator[str]:
    """What keeps a catalogue from being whole, one line each."""
    former = _entries(catalogue_path(language))
    for key in sorted(former.keys() - texts.keys()):
        yield f"dead: {key[1]!r} is no longer in the code"
    for key, text in sorted(texts.items()):
        entry = former.get(key)
        if entry is None or entry.msgid_plural != text.plural:
            yield f"unknown: {text.msgid!r} ({min(text.places)})"
        elif entry.obsolete or entry.fuzzy:
            yield f"fuzzy: {text.msgid!r} ({min(text.places)})"
        else:
            yield from _faults_of(text, list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr])


def _faults_of(text: Text, said: list[str]) -> Iterator[str]:
    place = min(text.places)
    if not all(said) or (text.plural and len(said) != 2):
        yield f"untranslated: {text.msgid!r} ({place})"
        return
    source = placeholders(text.msgid) | placeholders(text.plural)
    for one in said:
        # The form for one may leave its number out: «one patient».
        if placeholders(one) != source and not (text.plural and one is said[0] and placeholders(one) < source):
            yield f"other places to fill in: {text.msgid!r} → {one!r} ({place})"
        if (one[0].isspace(), one[-1].isspace()) != (text.msgid[0].isspace(), text.msgid[-1].isspace()):
            yield f"other space around it: {text.msgid!r} → {one!r} ({place})"
        if "%%" in text.msgid and one.count("%") - 2 * one.count("%%") != text.msgid.count("%") - 2 * text.msgid.count("%%"):
            yield f"a percent sign must be doubled: {text.msgid!r} → {one!r} ({place})"
