"""The four states of CAVE. «Nobody has asked» must never look like «none known»."""

from dataclasses import dataclass
from enum import StrEnum

from lms_epj.core.words import gettext_noop


class CriticalState(StrEnum):
    KNOWN = "known"
    NONE_KNOWN = "none_known"
    NOT_RECORDED = "not_recorded"
    NOT_RETRIEVED = "not_retrieved"


class Statement(StrEnum):
    """What somebody last stated about the whole list."""

    NONE_KNOWN = "none_known"


class Refusal(StrEnum):
    ACTIVE_ITEMS = "active_items"


@dataclass(frozen=True)
class CriticalFacts:
    """``active_items``: entries the reader gets. ``retrieved`` is false when reading them failed, or
    when an entry is itself blocked for this reader: then the list cannot be called complete."""

    active_items: int = 0
    statement: Statement | None = None
    retrieved: bool = True


# Bokmål source texts: the caller passes them through gettext. The known state shows its items instead.
TEXTS = {
    CriticalState.NONE_KNOWN: gettext_noop("Ingen kjente"),
    CriticalState.NOT_RECORDED: gettext_noop("Ikke registrert. Det er ikke det samme som «ingen»."),
    CriticalState.NOT_RETRIEVED: gettext_noop("Kunne ikke hentes. Det er ikke det samme som «ingen»."),
}


def critical_state(facts: CriticalFacts) -> CriticalState:
    """Something known is always shown as known; «none» only when it was stated and all could be read."""
    if facts.active_items > 0:
        return CriticalState.KNOWN
    if not facts.retrieved:
        return CriticalState.NOT_RETRIEVED
    if facts.statement is Statement.NONE_KNOWN:
        return CriticalState.NONE_KNOWN
    return CriticalState.NOT_RECORDED


def list_may_be_incomplete(facts: CriticalFacts) -> bool:
    """True when known items are shown but others could not be read."""
    return facts.active_items > 0 and not facts.retrieved


def decide_state_none(facts: CriticalFacts) -> Refusal | None:
    """«Ingen kjente» cannot be stated while an active entry stands; it must be ended first."""
    return Refusal.ACTIVE_ITEMS if facts.active_items > 0 else None
