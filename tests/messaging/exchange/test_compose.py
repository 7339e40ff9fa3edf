"""A message from the record, as the person who sends it: what goes, what does not, what is shown, and what stops it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from access.domain.codes import Action
from access.models import AccessBlock, Patient
from journal.models import Stay, Task
from journal.selectors.stay import stay_facts
from journal.services import discharge
from journal.services.errors import JournalError
from messaging.composing.kinds import KINDS
from messaging.formats.read import read
from messaging.models import CommunicationParty, ExchangeRefusal, Message
from messaging.services.compose import Draft, letter_compose, letter_send
from messaging.services.exchange import refusal_register, refusal_withdraw
from tests.cast import marker_of

pytestmark = pytest.mark.django_db
NURSE, DOCTOR, HOME = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier"
REPORT = {"problem": "Dehydrering", "course": "Bedre på væske", "follow_up": "Drikkeliste"}


@pytest.fixture
def compose(cast: Any, open_gate: Any) -> Any:
    """`compose(kind, receiver, user)` gives the letter and, with `send`, the message that was queued."""

    def composed(slug: str, receiver: Any, *, user: str = NURSE, send: bool = True, **changes: Any) -> Any:
        kind = KINDS[slug]
        values = {
            "texts": {one.key: REPORT.get(one.key, f"Om {one.key}") for one in kind.fields},
            "choice": kind.options[0] if kind.options else None,
        }
        with open_gate(user, patient=cast.anna.id, action=Action.SEND) as gate:
            draft = Draft(kind, receiver, **(values | ({"at": gate.now} if kind.event else {}) | changes))
            letter = letter_compose(gate=gate, patient=cast.anna.id, draft=draft)
            if not send:
                return letter
            return Message.objects.get(id=letter_send(gate=gate, patient=cast.anna.id, letter=letter))

    return composed


def told(message: Message) -> Any:
    return read(bytes(message.raw)).message


def test_a_discharge_report_carries_the_record_and_is_filed_with_the_stay(compose, enebakk, cast, post):
    message = compose("utskrivningsrapport", enebakk)
    content = told(message).content
    assert [one.text for one in content.diagnoses] == [f"{marker_of('anna')} diagnosis"]
    assert len(content.medications) == len(content.critical) == len(content.relatives) == 1
    assert (message.type, message.document_type_id, message.stay_id) == ("UTSKRIVNINGSRAPPORT", "sent_utskrivningsrapport", cast.anna.rows["stay"])
    post.work()
    (raw,) = post.delivered()
    assert raw == bytes(message.raw)
    assert Message.objects.get(id=message.id).state == "sent"


def test_what_is_blocked_for_the_receiver_does_not_go_and_the_sender_is_told(compose, enebakk, cast):
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="entry", entry_id=cast.anna.rows["medication"], target="legal_entity", target_id=cast.entities["enebakk"],
        wish_of="Pasienten", registered_at=cast_now(), valid_from=cast_now() - timedelta(days=1),
    )  # fmt: skip
    letter = compose("utskrivningsrapport", enebakk, send=False)
    assert [(one.part, one.id) for one in letter.withheld] == [("medications", cast.anna.rows["medication"])]
    assert letter.message.content.medications == ()
    assert len(letter.message.content.diagnoses) == 1


def cast_now() -> datetime:
    return datetime.now(UTC)


def test_another_receiver_gets_what_is_blocked_for_enebakk_only(compose, enebakk, doctor, cast):
    test_what_is_blocked_for_the_receiver_does_not_go_and_the_sender_is_told(compose, enebakk, cast)
    letter = compose("epikrise", doctor, user=DOCTOR, send=False, texts={"reason": "Fall", "course": "Bra", "follow_up": "Kontroll"})
    assert letter.withheld == ()
    assert len(letter.message.content.medications) == 1


def test_what_the_sender_takes_away_does_not_go(compose, enebakk, cast):
    letter = compose("utskrivningsrapport", enebakk, send=False, left_out=frozenset([cast.anna.rows["diagnosis"]]))
    assert letter.message.content.diagnoses == ()
    assert letter.withheld == ()


def test_who_does_not_take_the_type_gets_a_dialogue_that_says_the_same(compose, doctor, enebakk):
    message = compose("dodsfall", doctor)
    content = told(message).content
    assert (message.type, message.document_type_id) == ("DIALOG_HELSEFAGLIG", "sent_dodsfall")
    assert "ORIENTERING OM DØDSFALL" in content.notes[0].text
    assert "Pasienten er død" in content.notes[0].text


def test_a_patient_who_refuses_exchange_is_not_written_about_until_it_is_withdrawn(compose, enebakk, cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        refusal_register(gate=gate, patient=cast.anna.id, reason="Vil ikke at kommunen skal vite")
        with pytest.raises(JournalError):
            refusal_register(gate=gate, patient=cast.anna.id, reason="En gang til")
    with pytest.raises(JournalError) as stopped:
        compose("utskrivningsrapport", enebakk)
    assert stopped.value.code == "refused"
    assert not Message.objects.filter(direction="out", patient=cast.anna.id).exists()
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        refusal_withdraw(gate=gate, patient=cast.anna.id)
    assert compose("utskrivningsrapport", enebakk).state == "queued"


def test_the_database_holds_the_refusal_also_where_the_service_is_passed_by(compose, enebakk, cast, open_gate):
    letter = compose("utskrivningsrapport", enebakk, send=False)
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        refusal_register(gate=gate, patient=cast.anna.id, reason="")
    with open_gate(NURSE, patient=cast.anna.id, action=Action.SEND) as gate, pytest.raises(DatabaseError), transaction.atomic():
        letter_send(gate=gate, patient=cast.anna.id, letter=letter)


def test_a_refusal_after_it_was_written_holds_it_back(compose, enebakk, cast, open_gate, post):
    message = compose("utskrivningsrapport", enebakk)
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        refusal_register(gate=gate, patient=cast.anna.id, reason="")
    post.work()
    assert post.delivered() == []
    assert Message.objects.get(id=message.id).state == "held"
    assert ExchangeRefusal.objects.get(patient=cast.anna.id).author_id == cast[NURSE].id


@pytest.mark.parametrize(
    ("slug", "user"), [("epikrise", NURSE), ("utskrivningsrapport", DOCTOR), ("orientering", NURSE), ("innleggelsesrapport", NURSE)]
)
def test_a_message_is_sent_by_those_whose_it_is(compose, enebakk, slug, user):
    with pytest.raises(JournalError) as said:
        compose(slug, enebakk, user=user)
    assert said.value.code == "not_yours"


def test_a_unit_without_an_address_cannot_send(compose, enebakk, post):
    CommunicationParty.objects.filter(unit__isnull=False).update(valid_to=cast_now() - timedelta(minutes=1))
    with pytest.raises(JournalError) as said:
        compose("dialog", enebakk)
    assert said.value.code == "no_address"


def test_an_incomplete_message_is_not_sent(compose, enebakk):
    with pytest.raises(JournalError) as said:
        compose("utskrivningsrapport", enebakk, texts={})
    assert "problem" in said.value.fields


# --- What a discharge owes ---


def leave(gate: Any, cast: Any, **more: Any) -> Stay:
    stay = Stay.objects.get(id=cast.anna.rows["stay"])
    return discharge.stay_discharge(
        gate=gate, stay=stay, lock_version=stay.lock_version, discharged_at=gate.now, destination="hjem", cancel_open_tasks=True,
        reason="Reiser raskt", **more,
    )  # fmt: skip


def test_a_stay_is_not_closed_in_silence_over_what_it_owes(compose, enebakk, cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate, pytest.raises(JournalError) as said:
        leave(gate, cast)
    assert said.value.code == "owed"
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        left = leave(gate, cast, send_later=True)
    assert [(one["kind"], one["sent_at"]) for one in left.owed] == [("epikrise", None), ("discharge_report", None)]
    owed = Task.objects.filter(patient=cast.anna.id, kind=discharge.OWED_TASK).order_by("title")
    assert [one.title for one in owed] == ["Send Epikrise til Ragna Vik", "Send Utskrivningsrapport til Hjemkommunen"]


def test_sending_after_the_discharge_pays_and_does_the_task(compose, enebakk, cast, open_gate):
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        leave(gate, cast, send_later=True)
    sent = compose("utskrivningsrapport", enebakk)
    with open_gate(NURSE, patient=cast.anna.id) as gate:
        owed = {one["text"]: one["sent_at"] for one in stay_facts(gate, Stay.objects.select_related("ward").get(id=cast.anna.rows["stay"]))["owed"]}
        assert owed == {"Epikrise": None, "Utskrivningsrapport": sent.recorded_at}
    tasks = Task.objects.filter(patient=cast.anna.id, kind=discharge.OWED_TASK)
    assert {one.title.split()[1]: one.done_at is not None for one in tasks} == {"Epikrise": False, "Utskrivningsrapport": True}


def test_a_stay_whose_messages_are_sent_is_closed_without_more_ado(compose, enebakk, doctor, cast, open_gate):
    Patient.objects.filter(id=cast.anna.id).update(general_practitioner="Ragna Vik")
    Stay.objects.filter(id=cast.anna.rows["stay"]).update(referrer="fastlege Ragna Vik")
    compose("utskrivningsrapport", enebakk)
    compose("epikrise", doctor, user=DOCTOR, texts={"reason": "Fall", "course": "Bra", "follow_up": "Kontroll"})
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        left = leave(gate, cast)
    assert all(one["sent_at"] for one in left.owed)
    assert not Task.objects.filter(patient=cast.anna.id, kind=discharge.OWED_TASK).exists()
