"""The catalogue is whole, and what finds the texts finds them all."""

from pathlib import Path

import polib
import pytest

from lms_epj.catalogue import po
from lms_epj.catalogue.python import read_python
from lms_epj.catalogue.templates import read_templates
from lms_epj.catalogue.text import Text, placeholders
from lms_epj.core import words


def test_every_text_of_the_product_is_translated():
    texts, faults = po.all_texts()
    assert len(texts) > 3000, "the reader sees the code"
    for language in po.languages():
        faults += po.faults_in(language, texts)
    assert not faults, "python3 manage.py translations\n" + "\n".join(faults)


def read(folder: Path, **files: str) -> tuple[dict, list[str]]:
    """What is found in an app with these files: {name without ending: text}."""
    for name, text in files.items():
        path = folder / "app" / (f"templates/{name}.html" if "{%" in text else f"{name}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    texts: dict = {}
    faults = read_python(folder, ["app"], texts)
    read_templates(folder, ["app"], texts)
    return texts, faults


def test_texts_are_found_wherever_they_are_marked(tmp_path):
    texts, faults = read(
        tmp_path,
        code="""
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
from django.db.models import TextChoices
LATER = _("Senere")
class Kind(TextChoices):
    ONE = "one", "Den første"
def shown(translate, __):
    return [ngettext("%(n)s dag", "%(n)s dager", 2), pgettext("måned", "Mai"), translate("Med " "skjøt"), __("Annet"), translate(LATER)]
""",
        page="""{% load i18n epj %}{% translate "Lagre" %}{% translate "80 %" as words %}{% if x == _("Valgt") %}{% icon "Person" _("Ikon") %}{% endif %}
{{ x|default:_("Ingen") }}{% with label="_(ikke denne)" %}{% blocktranslate count n=n trimmed %}
  {{ n }} seng
{% plural %}{{ n }} senger{% endblocktranslate %}{% endwith %}""",
    )
    assert {(one.context, one.msgid, one.plural) for one in texts.values()} == {
        ("", "Senere", ""), ("", "Den første", ""), ("", "%(n)s dag", "%(n)s dager"), ("måned", "Mai", ""), ("", "Med skjøt", ""), ("", "Annet", ""),
        ("", "Lagre", ""), ("", "80 %%", ""), ("", "Valgt", ""), ("", "Ikon", ""), ("", "Ingen", ""), ("", "%(n)s seng", "%(n)s senger"),
    }  # fmt: skip
    assert not faults


@pytest.mark.parametrize("code", [
    'WORD = _("Nå")', 'class A:\n    word = _("Nå")', 'def a(word=_("Nå")): ...', '@cache\ndef a():\n    return _("Nå")', 'def a(x):\n    return _(f"{x} nå")',
])  # fmt: skip
def test_a_mark_that_would_freeze_or_miss_a_language_is_a_fault(tmp_path, code):
    _texts, faults = read(tmp_path, code=f"from django.utils.translation import gettext as _\n{code}")
    assert len(faults) == 1


GOOD = {"msgid": "Lagre {what}", "msgstr": "Save {what}"}


@pytest.mark.parametrize(("entry", "said"), [
    (GOOD, ""), (GOOD | {"msgstr": ""}, "untranslated"), (GOOD | {"flags": ["fuzzy"]}, "fuzzy"), (GOOD | {"msgid": "Lagre"}, "dead"),
    (GOOD | {"msgstr": "Save {that}"}, "other places"), (GOOD | {"msgstr": "Save"}, "other places"), (GOOD | {"msgstr": "Save {what} "}, "other space"),
])  # fmt: skip
def test_what_is_wrong_with_a_translation_is_told(tmp_path, monkeypatch, entry, said):
    path = tmp_path / "django.po"
    monkeypatch.setattr(po, "catalogue_path", lambda language: path)
    file = polib.POFile()
    file.append(polib.POEntry(**entry))
    file.save(str(path))
    text = Text("Lagre {what}", places={"page.html"})
    found = list(po.faults_in("en", {text.key: text}))
    assert found[:1] == [one for one in found if one.startswith(said)][:1] and bool(found) == bool(said)


def test_new_texts_come_in_and_dead_ones_go_out_without_losing_words(tmp_path, monkeypatch):
    path = tmp_path / "en" / "django.po"
    monkeypatch.setattr(po, "catalogue_path", lambda language: path)
    one, other = Text("Én", places={"a.py"}), Text("To", places={"b.py"})
    assert po.update("en", {one.key: one}) == (1, 0)
    file = polib.pofile(str(path))
    file[0].msgstr = "One"
    file.save()
    assert po.update("en", {one.key: one, other.key: other}) == (1, 0)
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))] == [("Én", "One"), ("To", "")]
    assert po.update("en", {other.key: other}) == (0, 1)


def test_places_to_fill_in():
    assert placeholders("%(n)s av {total:02d}, %s, 100 %%") == {"n", "total", "s"}
    assert placeholders("80 % av dagen") == set()


def test_bokmal_is_the_text_itself_and_another_language_is_asked():
    with words.spoken(str.upper):
        assert words.say("Lagre") == "LAGRE"
    assert words.say("Lagre") == "Lagre"
