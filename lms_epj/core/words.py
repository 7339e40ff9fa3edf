"""The words of the interface in the language of the request, for code that must not know Django.

Bokmål is what the code is written in: there a text is itself, and looking it up costs nothing. Django's own look-up costs a hundred times as much,
and a page has hundreds of words.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Translate = Callable[[str], str]
_translate: ContextVar[Translate | None] = ContextVar("translate", default=None)


def gettext_noop(message: str) -> str:
    """Marks a text for the catalogue; it is looked up where it is shown."""
    return message


def say(message: str) -> str:
    """The text in the language of the request."""
    translate = _translate.get()
    return message if translate is None else translate(message)


def speak(translate: Translate | None) -> None:
    """From here on, in this thread. None: as the code is written."""
    _translate.set(translate)


@contextmanager
def spoken(translate: Translate | None) -> Iterator[None]:
    """The same for a while."""
    token = _translate.set(translate)
    try:
        yield
    finally:
        _translate.reset(token)
