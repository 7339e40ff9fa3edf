"""How a partner behaves: what it is told to do wrong, and how often."""

from dataclasses import dataclass, fields, replace
from typing import Any

from messaging.formats.outcome import ERROR_TEXTS


@dataclass(frozen=True)
class Conduct:
    """``delay`` and ``answer_delay`` in seconds: before a receipt, and before an answer to what was asked. ``refuse`` is a code of 8221, or empty.

    ``lose``, ``duplicate`` and ``garble`` are chances from 0 to 1 for each thing sent: gone on the way, sent twice, cut off in the middle.
    ``deaf`` is the chance that what comes in is lost before it is read. ``hold``: questions are kept until told to answer.
    """

    delay: float = 0.0
    answer_delay: float = 1.0
    refuse: str = ""
    lose: float = 0.0
    duplicate: float = 0.0
    garble: float = 0.0
    deaf: float = 0.0
    hold: bool = False


_CHANCES = ("lose", "duplicate", "garble", "deaf")


def changed(conduct: Conduct, told: Any) -> Conduct:
    """With the fields that are named. ValueError says what is wrong."""
    if not isinstance(told, dict):
        raise ValueError("conduct: an object is needed")
    kinds = {one.name: type(getattr(conduct, one.name)) for one in fields(Conduct)}
    for name, value in told.items():
        if name not in kinds:
            raise ValueError(f"conduct: {name} is unknown")
        if kinds[name] is float:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= (1 if name in _CHANCES else 86_400):
                raise ValueError(f"conduct: {name} is out of range")
        elif not isinstance(value, kinds[name]):
            raise ValueError(f"conduct: {name} is of the wrong kind")
    if told.get("refuse") and told["refuse"] not in ERROR_TEXTS:
        raise ValueError(f"conduct: refuse is one of {', '.join(ERROR_TEXTS)}")
    return replace(conduct, **{name: float(value) if kinds[name] is float else value for name, value in told.items()})
