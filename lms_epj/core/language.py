"""Which language Django and our own words speak: always the same one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import activate, gettext, override

from lms_epj.core import words


def begin(language: str) -> None:
    """For the request that begins. The installation's own is named too: where Django finds none it looks for it at every word, which costs more."""
    activate(language)
    words.speak(None if language == settings.LANGUAGE_CODE else gettext)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """For a while."""
    with override(language), words.spoken(None if language == settings.LANGUAGE_CODE else gettext):
        yield


@contextmanager
def in_bokmal() -> Iterator[None]:
    """For what is stored, sent or handed over: the record, letters and messages have one language, whoever writes. Also as a decorator."""
    with speaking(settings.LANGUAGE_CODE):
        yield
