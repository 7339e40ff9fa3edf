"""One text of the interface, as the code writes it."""

import re
from dataclasses import dataclass, field

# What is filled in: %(name)s, a bare %s, {name} or {name:format}. A double %% stands for itself.
_PLACES = re.compile(r"%\((\w+)\)[a-z]|%([sd])|\{(\w*)[^{}]*\}")


@dataclass
class Text:
    """``msgid`` in bokmål, and where it stands. ``plural``: its form for several, where the code gives one."""

    msgid: str
    plural: str = ""
    context: str = ""
    places: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.msgid)


def placeholders(text: str) -> set[str]:
    """The names of what is filled in."""
    return {name or bare or braced for name, bare, braced in _PLACES.findall(text.replace("%%", ""))}


Texts = dict[tuple[str, str], Text]


def add(texts: Texts, place: str, msgid: str, plural: str = "", context: str = "") -> None:
    """The text, or one more place where it stands."""
    if not msgid:
        return
    one = texts.setdefault((context, msgid), Text(msgid, plural, context))
    one.plural = one.plural or plural
    one.places.add(place)
