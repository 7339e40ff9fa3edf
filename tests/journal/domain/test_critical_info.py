import pytest

from journal.domain.critical_info import (
    TEXTS,
    CriticalFacts,
    CriticalState,
    Refusal,
    Statement,
    critical_state,
    decide_state_none,
    list_may_be_incomplete,
)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (CriticalFacts(), CriticalState.NOT_RECORDED),
        (CriticalFacts(statement=Statement.NONE_KNOWN), CriticalState.NONE_KNOWN),
        (CriticalFacts(active_items=2), CriticalState.KNOWN),
        (CriticalFacts(active_items=1, statement=Statement.NONE_KNOWN), CriticalState.KNOWN),
        (CriticalFacts(active_items=1, retrieved=False), CriticalState.KNOWN),
        (CriticalFacts(retrieved=False), CriticalState.NOT_RETRIEVED),
        (CriticalFacts(statement=Statement.NONE_KNOWN, retrieved=False), CriticalState.NOT_RETRIEVED),
    ],
)
def test_the_four_states(facts, state):
    assert critical_state(facts) is state


def test_known_items_may_still_be_an_incomplete_list():
    assert list_may_be_incomplete(CriticalFacts(active_items=1, retrieved=False))
    assert not list_may_be_incomplete(CriticalFacts(active_items=1))


def test_none_cannot_be_stated_beside_an_active_entry():
    assert decide_state_none(CriticalFacts(active_items=1)) is Refusal.ACTIVE_ITEMS
    assert decide_state_none(CriticalFacts()) is None


def test_only_one_state_says_none():
    said_none = [state for state, text in TEXTS.items() if text == "Ingen kjente"]
    assert said_none == [CriticalState.NONE_KNOWN]
