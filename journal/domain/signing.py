"""The life of a note: draft, confirmed, signed, co-signed, corrected (R1, R3).

Pure decisions with reason codes; services act on them, pages explain them. A signed text is never
changed: a correction is a new version with its reason, and the old one stays readable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFT = "DRAFT"  # only its author sees it
    CONFIRMED = "CONFIRMED"  # visible, not locked
    SIGNED = "SIGNED"  # locked
    COSIGNED = "COSIGNED"


class Act(StrEnum):
    EDIT = "edit"
    CONFIRM = "confirm"
    SIGN = "sign"
    COSIGN = "cosign"
    CORRECT = "correct"
    DISCARD = "discard"


class Reason(StrEnum):
    OK = "ok"
    MAY_NOT_CHART = "may_not_chart"
    NOT_AUTHOR = "not_author"
    MAY_NOT_SIGN = "may_not_sign"
    MAY_NOT_COSIGN = "may_not_cosign"
    COSIGNER_IS_AUTHOR = "cosigner_is_author"
    COSIGN_NOT_NEEDED = "cosign_not_needed"
    ALREADY_SIGNED = "already_signed"
    NOT_SIGNED = "not_signed"
    ALREADY_CONFIRMED = "already_confirmed"
    SECTIONS_MISSING = "sections_missing"
    NOTHING_WRITTEN = "nothing_written"
    REASON_MISSING = "reason_missing"
    NOTHING_CHANGED = "nothing_changed"


@dataclass(frozen=True)
class Actor:
    """What the gate and the role say about the one who acts, now and for this patient.

    ``takes_over``: the author can no longer act in the unit, so that the text would never be signed by whoever wrote it.
    """

    is_author: bool
    may_chart: bool
    may_sign: bool
    may_cosign: bool = False
    takes_over: bool = False


@dataclass(frozen=True)
class NoteFacts:
    """``content`` maps section key to text; ``required`` are the template's mandatory keys."""

    state: State
    content: Mapping[str, str]
    required: tuple[str, ...] = ()
    needs_cosign: bool = False


@dataclass(frozen=True)
class Decision:
    """``state`` is the note's state afterwards (unchanged when refused); ``sections`` what is missing."""

    allowed: bool
    reason: Reason
    state: State
    sections: tuple[str, ...] = ()


def missing_sections(content: Mapping[str, str], required: Iterable[str]) -> tuple[str, ...]:
    """Mandatory keys without text, in the template's order."""
    return tuple(key for key in required if not content.get(key, "").strip())


def decide_edit(note: NoteFacts, actor: Actor) -> Decision:
    """Unsigned text belongs to its author; after signing only correction is left."""
    return _finish(note, note.state, _author_of_unsigned(note, actor))


def decide_discard(note: NoteFacts, actor: Actor) -> Decision:
    """Only a draft can be thrown away: nobody else has seen it, so nobody has relied on it."""
    reason = _author_of_unsigned(note, actor)
    if reason is Reason.OK and note.state is not State.DRAFT:
        reason = Reason.ALREADY_CONFIRMED
    return _finish(note, note.state, reason)


def decide_confirm(note: NoteFacts, actor: Actor) -> Decision:
    """Make a draft visible to colleagues before it is locked; anything written will do."""
    reason = _author_of_unsigned(note, actor)
    if reason is Reason.OK and note.state is State.CONFIRMED:
        reason = Reason.ALREADY_CONFIRMED
    if reason is Reason.OK and _empty(note.content):
        reason = Reason.NOTHING_WRITTEN
    return _finish(note, State.CONFIRMED, reason)


def decide_sign(note: NoteFacts, actor: Actor) -> Decision:
    """Lock the text. Mandatory sections must be filled; an author without signing right confirms instead.

    What one who left has made visible, a colleague takes over: the author stands, and the signer answers for it.
    """
    reason = _author_of_unsigned(note, actor)
    if reason is Reason.NOT_AUTHOR and actor.takes_over and note.state is State.CONFIRMED:
        reason = Reason.OK
    if reason is Reason.OK and not actor.may_sign:
        reason = Reason.MAY_NOT_SIGN
    if reason is Reason.OK and _empty(note.content):
        reason = Reason.NOTHING_WRITTEN
    missing = missing_sections(note.content, note.required)
    if reason is Reason.OK and missing:
        return Decision(False, Reason.SECTIONS_MISSING, note.state, missing)
    return _finish(note, State.SIGNED, reason)


def decide_cosign(note: NoteFacts, actor: Actor) -> Decision:
    """A second, entitled person takes the content on; never the author."""
    return _finish(note, State.COSIGNED, _cosign_reason(note, actor))


def decide_correct(note: NoteFacts, actor: Actor, new_content: Mapping[str, str], reason: str) -> Decision:
    """A new version of a signed note, with its reason.

    Whoever may sign here can correct, also a colleague's note (the author may have left); author
    and corrector both stand. A note that needs co-signing needs it again for the new version.
    """
    found = _correct_reason(note, actor, new_content, reason)
    missing = missing_sections(new_content, note.required)
    if found is Reason.OK and missing:
        return Decision(False, Reason.SECTIONS_MISSING, note.state, missing)
    return _finish(note, State.SIGNED, found)


def _author_of_unsigned(note: NoteFacts, actor: Actor) -> Reason:
    if not actor.may_chart:
        return Reason.MAY_NOT_CHART
    if not actor.is_author:
        return Reason.NOT_AUTHOR
    return Reason.OK if note.state in (State.DRAFT, State.CONFIRMED) else Reason.ALREADY_SIGNED


def _cosign_reason(note: NoteFacts, actor: Actor) -> Reason:
    if not actor.may_chart:
        return Reason.MAY_NOT_CHART
    if note.state is State.COSIGNED:
        return Reason.ALREADY_SIGNED
    if not note.needs_cosign:
        return Reason.COSIGN_NOT_NEEDED
    if note.state is not State.SIGNED:
        return Reason.NOT_SIGNED
    if actor.is_author:
        return Reason.COSIGNER_IS_AUTHOR
    return Reason.OK if actor.may_cosign else Reason.MAY_NOT_COSIGN


def _correct_reason(note: NoteFacts, actor: Actor, new_content: Mapping[str, str], reason: str) -> Reason:
    if not actor.may_chart:
        return Reason.MAY_NOT_CHART
    if note.state not in (State.SIGNED, State.COSIGNED):
        return Reason.NOT_SIGNED
    if not actor.may_sign:
        return Reason.MAY_NOT_SIGN
    if not reason.strip():
        return Reason.REASON_MISSING
    if _texts(new_content) == _texts(note.content):
        return Reason.NOTHING_CHANGED
    return Reason.NOTHING_WRITTEN if _empty(new_content) else Reason.OK


def _texts(content: Mapping[str, str]) -> dict[str, str]:
    return {key: text.strip() for key, text in content.items() if text.strip()}


def _empty(content: Mapping[str, str]) -> bool:
    return not _texts(content)


def _finish(note: NoteFacts, after: State, reason: Reason) -> Decision:
    allowed = reason is Reason.OK
    return Decision(allowed, reason, after if allowed else note.state)
