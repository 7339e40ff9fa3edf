import pytest

from journal.domain.signing import (
    Actor,
    NoteFacts,
    Reason,
    State,
    decide_confirm,
    decide_correct,
    decide_cosign,
    decide_discard,
    decide_edit,
    decide_sign,
    missing_sections,
)

AUTHOR = Actor(is_author=True, may_chart=True, may_sign=True)
COLLEAGUE = Actor(is_author=False, may_chart=True, may_sign=True, may_cosign=True)
STUDENT = Actor(is_author=True, may_chart=True, may_sign=True, may_cosign=False)
UNSIGNING = Actor(is_author=True, may_chart=True, may_sign=False)
IT = Actor(is_author=True, may_chart=False, may_sign=True, may_cosign=True)
TEXT = {"situation": "Tungpust", "advice": "Ring lege"}


def note(state, **changes):
    facts = {"content": TEXT, "required": ("situation", "advice")} | changes
    return NoteFacts(state=state, **facts)


def test_the_way_from_draft_to_cosigned():
    draft = note(State.DRAFT, needs_cosign=True)
    assert decide_confirm(draft, STUDENT).state is State.CONFIRMED
    signed = decide_sign(note(State.CONFIRMED, needs_cosign=True), STUDENT)
    assert signed.state is State.SIGNED
    cosigned = decide_cosign(note(State.SIGNED, needs_cosign=True), COLLEAGUE)
    assert (cosigned.allowed, cosigned.state) == (True, State.COSIGNED)


def test_a_draft_can_be_signed_at_once():
    assert decide_sign(note(State.DRAFT), AUTHOR).state is State.SIGNED


@pytest.mark.parametrize("act", [decide_edit, decide_confirm, decide_sign, decide_discard, decide_cosign])
@pytest.mark.parametrize("state", State)
def test_without_duty_to_chart_nothing_is_allowed(act, state):
    decision = act(note(state, needs_cosign=True), IT)
    assert (decision.allowed, decision.reason, decision.state) == (False, Reason.MAY_NOT_CHART, state)


@pytest.mark.parametrize("act", [decide_edit, decide_confirm, decide_sign, decide_discard])
def test_only_the_author_touches_unsigned_text(act):
    assert act(note(State.DRAFT), COLLEAGUE).reason is Reason.NOT_AUTHOR


@pytest.mark.parametrize(
    ("act", "state"),
    [(act, state) for act in (decide_edit, decide_confirm, decide_sign, decide_discard) for state in (State.SIGNED, State.COSIGNED)],
)
def test_signed_text_is_locked(act, state):
    decision = act(note(state), AUTHOR)
    assert (decision.reason, decision.state) == (Reason.ALREADY_SIGNED, state)


def test_only_a_draft_is_discarded():
    assert decide_discard(note(State.DRAFT), AUTHOR).allowed
    assert decide_discard(note(State.CONFIRMED), AUTHOR).reason is Reason.ALREADY_CONFIRMED


def test_confirming_twice_and_nothing():
    assert decide_confirm(note(State.CONFIRMED), AUTHOR).reason is Reason.ALREADY_CONFIRMED
    assert decide_confirm(note(State.DRAFT, content={"situation": " \n"}), AUTHOR).reason is Reason.NOTHING_WRITTEN


def test_an_unfinished_note_may_be_confirmed_but_not_signed():
    half = note(State.DRAFT, content={"situation": "Tungpust", "advice": "  "})
    assert decide_confirm(half, AUTHOR).allowed
    decision = decide_sign(half, AUTHOR)
    assert (decision.reason, decision.sections) == (Reason.SECTIONS_MISSING, ("advice",))


def test_missing_sections_keep_the_order_of_the_template():
    assert missing_sections({"b": "x"}, ("c", "b", "a")) == ("c", "a")


def test_without_right_to_sign():
    assert decide_sign(note(State.DRAFT), UNSIGNING).reason is Reason.MAY_NOT_SIGN


def test_an_empty_note_is_not_signed_even_without_mandatory_sections():
    assert decide_sign(note(State.DRAFT, content={}, required=()), AUTHOR).reason is Reason.NOTHING_WRITTEN


@pytest.mark.parametrize(
    ("facts", "actor", "reason"),
    [
        (note(State.SIGNED), COLLEAGUE, Reason.COSIGN_NOT_NEEDED),
        (note(State.CONFIRMED, needs_cosign=True), COLLEAGUE, Reason.NOT_SIGNED),
        (note(State.COSIGNED, needs_cosign=True), COLLEAGUE, Reason.ALREADY_SIGNED),
        (note(State.SIGNED, needs_cosign=True), Actor(True, True, True, True), Reason.COSIGNER_IS_AUTHOR),
        (note(State.SIGNED, needs_cosign=True), Actor(False, True, True, False), Reason.MAY_NOT_COSIGN),
    ],
)
def test_cosigning_is_refused_with_its_reason(facts, actor, reason):
    assert decide_cosign(facts, actor).reason is reason


def test_a_correction_is_signed_and_needs_cosigning_again():
    facts = note(State.COSIGNED, needs_cosign=True)
    decision = decide_correct(facts, COLLEAGUE, TEXT | {"advice": "Ring 113"}, "Feil råd")
    assert (decision.allowed, decision.state) == (True, State.SIGNED)


@pytest.mark.parametrize(
    ("state", "actor", "content", "why", "reason"),
    [
        (State.SIGNED, IT, {"situation": "a", "advice": "b"}, "feil", Reason.MAY_NOT_CHART),
        (State.CONFIRMED, AUTHOR, {"situation": "a", "advice": "b"}, "feil", Reason.NOT_SIGNED),
        (State.SIGNED, UNSIGNING, {"situation": "a", "advice": "b"}, "feil", Reason.MAY_NOT_SIGN),
        (State.SIGNED, AUTHOR, {"situation": "a", "advice": "b"}, " ", Reason.REASON_MISSING),
        (State.SIGNED, AUTHOR, {**TEXT, "situation": " Tungpust "}, "feil", Reason.NOTHING_CHANGED),
        (State.SIGNED, AUTHOR, {}, "feil", Reason.NOTHING_WRITTEN),
        (State.SIGNED, AUTHOR, {"situation": "a"}, "feil", Reason.SECTIONS_MISSING),
    ],
)
def test_a_correction_is_refused_with_its_reason(state, actor, content, why, reason):
    decision = decide_correct(note(state), actor, content, why)
    assert (decision.allowed, decision.reason, decision.state) == (False, reason, state)
