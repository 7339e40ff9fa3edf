"""Carried over: words, marked; never a measurement or a dose, however it is written."""

import pytest

from journal.domain.carrying import carried, may_carry, without_values

VALUES = [
    "NEWS2 5.", "BT 142/88.", "Puls 96.", "Temp 38,2.", "SpO₂ 91 % på luft.", "2 L O2 på nesekateter, 2 l/min.", "Vekt 71,4 kg.", "Furosemid 40 mg.", "Paracetamol 1 g x 3.",
    "Fikk 2 tabletter.", "Blodtrykket er stabilt rundt 130.", "CRP er falt til 84.", "Insulin 8 E.", "Smerte NRS 6 ved bevegelse.", "Ventoline 4 inhalasjoner.", "Metoprolol 1+1.",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_no_value_goes_along(value):
    text = f"Bor alene i annen etasje. {value} Datteren kommer på torsdag."
    assert without_values(text) == "Bor alene i annen etasje. Datteren kommer på torsdag."
    assert without_values(value) == ""


def test_words_with_numbers_that_are_no_values_go_along():
    text = "Bor i 3. etasje uten heis.\nGår med rullator. Ringte datteren kl. 14."
    assert without_values(text) == text


def test_each_section_is_marked_once_and_keeps_its_first_source():
    sections = [{"key": "plan", "label": "Plan"}, {"key": "findings", "label": "Funn"}, {"key": "tug", "label": "TUG", "kind": "number"},
                {"key": "own", "label": "Eget", "carry": False}, {"key": "empty", "label": "Tomt"}]  # fmt: skip
    content = {"plan": "Mobiliseres daglig.", "findings": "Ronki", "tug": "14", "own": "Nei", "empty": "Puls 80."}
    once = carried(sections, content, "22.11. 10:40, Ola Hansen")
    assert once == {"plan": "[Hentet fra 22.11. 10:40, Ola Hansen] Mobiliseres daglig."}
    assert carried(sections, once, "23.11. 09:00, Kari Lie") == once
    assert not may_carry(sections[2])
