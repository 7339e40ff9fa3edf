"""The sets of actions that the matrix offers, and any set in words. Few and named, so that a matrix of them can be read (R11)."""

from collections.abc import Callable
from typing import Final

from access.domain.codes import Action
from lms_epj.core.words import gettext_noop

Translate = Callable[[str], str]

_READ: Final = int(Action.SEARCH | Action.READ)
_PRINT: Final = _READ | int(Action.PRINT)
_CHART: Final = _PRINT | int(Action.WRITE | Action.SIGN | Action.SEND)
# set of actions → (short word in a cell, look, what it means)
LEVELS: Final = {
    0: (gettext_noop("Ingen"), "none", gettext_noop("ser ikke opplysningene")),
    1: (gettext_noop("Søke"), "search", gettext_noop("finner pasienten i lister og søk, ser ikke opplysningene")),
    _READ: (gettext_noop("Bare lese"), "read", gettext_noop("leser på skjerm, kan ikke skrive ut")),
    _PRINT: (gettext_noop("Lese"), "read", gettext_noop("leser og skriver ut")),
    _CHART: (gettext_noop("Skrive"), "write", gettext_noop("leser, skriver, signerer, skriver ut og sender")),
    127: (gettext_noop("Alt"), "write", gettext_noop("som Skrive, og kan hente ut samlet")),
}
_ACTIONS: Final = {
    Action.SEARCH: gettext_noop("søke"),
    Action.READ: gettext_noop("lese"),
    Action.WRITE: gettext_noop("skrive"),
    Action.SIGN: gettext_noop("signere"),
    Action.PRINT: gettext_noop("skrive ut"),
    Action.SEND: gettext_noop("sende"),
    Action.EXPORT: gettext_noop("hente ut"),
}


def word(actions: int, translate: Translate) -> str:
    """«Lese», or the actions one by one for a set that the matrix does not offer."""
    if actions in LEVELS:
        return translate(LEVELS[actions][0])
    return ", ".join(translate(_ACTIONS[one]) for one in Action if actions & one).capitalize()


def look(actions: int) -> str:
    """none, search, read or write: by the most that it lets one do."""
    if actions in LEVELS:
        return LEVELS[actions][1]
    return "write" if actions & Action.WRITE else "read" if actions & Action.READ else "search"
