"""Those whom a shift concerns are told: asked, answered, put in, relieved; once, or once more when a worker died, and marked as such."""

from datetime import timedelta

import pytest

from access.gate import rows
from ops.models import DutyMessage, Notice
from ops.services.duty import duty_override
from ops.services.paging import due_send
from ops.services.swaps import Offered, swap_answer, swap_ask
from tests.ops.conftest import KEEPER, MEMBERS

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def box(monkeypatch):
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "ops.services.sending.channels", lambda: {"sms": lambda key, address, subject, text: sent.append((address, text)), "mailto": lambda *_: None}
    )
    return sent


def test_all_are_asked_and_the_asker_hears_the_answer(duty, box, open_gate, as_app):
    begins, ends = duty.shift_of("drift")
    with open_gate("drift"):
        swap = swap_ask(roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=None, note="Bryllup")
    with as_app():
        assert due_send() == len(MEMBERS) - 1
        assert due_send() == 0
    assert {address for address, _ in box} == {party.phone for name, party in duty.parties.items() if name != "drift"}
    assert all("spør om du kan ta vakten" in text and "Bryllup" in text and "/vakt/bytter/" in text for _, text in box)
    box.clear()
    with open_gate("lms.leder"):
        swap_answer(swap=swap, yes=True, party=duty.parties["lms.leder"].id)
    with as_app():
        due_send()
    assert [(address, "sa ja" in text) for address, text in box] == [(duty.parties["drift"].phone, True)]


def test_one_who_is_put_in_and_one_who_is_relieved_are_told(duty, box, open_gate, as_app):
    begins, ends = duty.shift_of("drift")
    with open_gate(KEEPER):
        duty_override(roster=duty.roster.id, level=1, begins=begins, ends=ends, party=duty.parties["lms.leder"].id, reason="Syk")
    with as_app():
        due_send()
    told = dict(box)
    assert "satt deg på vakt" in told[duty.parties["lms.leder"].phone] and "ikke lenger vakten" in told[duty.parties["drift"].phone]


def test_a_message_is_said_at_most_twice(duty, box, open_gate, as_app, set_clock):
    begins, ends = duty.shift_of("drift")
    set_clock(duty.now)
    with open_gate("drift"):
        swap_ask(roster=duty.roster.id, offered=Offered(1, begins, ends), giver=duty.parties["drift"].id, receiver=duty.parties["lms.leder"].id)
    with as_app():
        assert rows("duty_message_claim")  # and dies
        assert due_send() == 0
        set_clock(duty.now + MINUTE)
        assert due_send() == 1
        set_clock(duty.now + 5 * MINUTE)
        assert due_send() == 0
    assert len(box) == 1 and box[0][1].startswith("GJENTATT") and Notice.objects.get().repeated
    assert DutyMessage.objects.get().sent_at is not None
