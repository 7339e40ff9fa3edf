"""How long what the home municipality knows is lacking: shown, asked for, ended by the answer, and counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.domain.codes import Action
from access.models import AccessAuthorisation, AccessBlock, Patient
from journal.models import Stay
from journal.services import discharge
from journal.services.errors import JournalError
from messaging.formats.read import read
from messaging.models import CommunicationParty, InformationGap, Message
from messaging.selectors.gap import figures, notice
from messaging.services.exchange import municipality_ask
from tests.messaging.engine.letters import ENEBAKK_HOME, STRANGER, about, end, letter

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"


def gap(cast: Any) -> InformationGap:
    return InformationGap.objects.get(stay=cast.anna.rows["stay"])


def shown(cast: Any, open_gate: Any, user: str = NURSE) -> dict[str, Any] | None:
    with open_gate(user, patient=cast.anna.id) as gate:
        return notice(gate, cast.anna.id, Stay.objects.get(id=cast.anna.rows["stay"]))


def ask(cast: Any, open_gate: Any) -> Message:
    with open_gate(NURSE, patient=cast.anna.id, action=Action.SEND) as gate:
        stay = Stay.objects.get(id=cast.anna.rows["stay"])
        return Message.objects.get(id=municipality_ask(gate=gate, patient=cast.anna.id, stay=stay))


def test_every_stay_that_began_has_one_and_a_member_lacks_nothing(cast):
    counted = InformationGap.objects.get(stay=cast.former.rows["stay"])
    assert (counted.mode, counted.minutes) == ("record", 0)
    assert gap(cast).mode == "record"
    assert not InformationGap.objects.filter(stay=cast.kari.rows["stay"]).exists(), "she never came"


def test_one_who_comes_from_outside_lacks_from_the_moment_of_arrival(cast, enebakk):
    Stay.objects.filter(id=cast.kari.rows["stay"]).update(status="expected", admitted_at=None)
    Patient.objects.filter(id=cast.kari.id).update(municipality_number="3220")
    at = gap(cast).started_at
    Stay.objects.filter(id=cast.kari.rows["stay"]).update(status="admitted", admitted_at=at)
    begun = InformationGap.objects.get(stay=cast.kari.rows["stay"])
    assert (begun.mode, begun.started_at, begun.received_at, begun.minutes) == ("message", at, None, None)


def test_the_lack_is_shown_asked_for_once_and_gone_when_the_answer_is_filed(cast, enebakk, open_gate, post):
    first = shown(cast, open_gate)
    assert (first["municipality"], first["asked_at"], bool(first["ask_url"])) == ("Enebakk", None, True)
    question = ask(cast, open_gate)
    asked = read(bytes(question.raw)).message
    assert asked.header.type.value == "DIALOG_FORESPORSEL"
    assert asked.header.receiver.her_id == ENEBAKK_HOME
    waiting = shown(cast, open_gate)
    assert (waiting["asked_at"], waiting["ask_url"]) == (gap(cast).asked_at, "")
    assert gap(cast).question_id == question.id
    with pytest.raises(JournalError):
        ask(cast, open_gate)
    answer = post.receive(letter(about(cast.anna), parent=asked.header.message_id, root=asked.header.message_id))
    assert answer.state == "filed"
    assert shown(cast, open_gate) is None
    ended = gap(cast)
    assert (ended.answer_id, ended.received_at) == (answer.id, answer.recorded_at)
    assert ended.minutes == int((ended.received_at - ended.started_at).total_seconds() // 60) >= 300 - 1


def test_a_letter_from_another_does_not_end_it(cast, enebakk, open_gate, post):
    other = letter(about(cast.anna), sender=end("Nittedal kommune", "888", "Sykepleietjeneste", STRANGER))
    assert post.receive(other).state == "filed"
    assert gap(cast).received_at is None


def test_a_letter_that_came_before_the_patient_leaves_no_gap(cast, enebakk, post):
    InformationGap.objects.filter(stay=cast.anna.rows["stay"]).delete()
    post.receive(letter(about(cast.anna)))
    Stay.objects.filter(id=cast.anna.rows["stay"]).update(admitted_at=Message.objects.get(direction="in").recorded_at + timedelta(hours=1))
    assert gap(cast).minutes == 0


def test_one_who_leaves_unanswered_is_counted_as_never_told(cast, enebakk, open_gate):
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE) as gate:
        stay = Stay.objects.get(id=cast.anna.rows["stay"])
        discharge.stay_discharge(
            gate=gate,
            stay=stay,
            lock_version=stay.lock_version,
            discharged_at=gate.now,
            destination="hjem",
            cancel_open_tasks=True,
            send_later=True,
            reason="Reiser raskt",
        )
    left = gap(cast)
    assert left.received_at is None
    assert left.closed_at is not None
    assert left.minutes >= 299


def test_who_may_not_send_is_told_of_the_lack_and_not_offered_to_ask(cast, enebakk, open_gate):
    assert AccessAuthorisation.objects.filter(user=cast["aas.hjemmesykepleier"].id).exists()
    told = shown(cast, open_gate, "aas.hjemmesykepleier")
    assert told["municipality"] == "Enebakk"
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(transport="")
    unreachable = shown(cast, open_gate)
    assert (unreachable["reachable"], unreachable["ask_url"]) == (False, "")


def test_both_stories_are_counted_side_by_side_without_a_patient(cast, enebakk, open_gate, post):
    with open_gate(NURSE) as gate:
        _, message = figures(gate, gate.now - timedelta(days=400))
    assert message["stays"] == 0, "she has blocked a note: she is not counted"
    AccessBlock.objects.filter(patient=cast.anna.id).delete()
    with open_gate(NURSE) as gate:
        record, message = figures(gate, gate.now - timedelta(days=400))
    open_to_count = InformationGap.objects.filter(mode="record", unit=cast.units["ward"]).exclude(patient=cast.blocked.id)
    assert (record["mode"], record["stays"], record["median"]) == ("record", open_to_count.count(), 0)
    assert (message["stays"], message["lacking"], message["median"]) == (1, 1, None)
    post.receive(letter(about(cast.anna)))
    with open_gate(NURSE) as gate:
        _, message = figures(gate, gate.now - timedelta(days=400))
    assert (message["received"], message["lacking"]) == (1, 0)
    assert message["median"] >= 299
    with open_gate("aas.hjemmesykepleier") as gate:
        assert figures(gate, gate.now) == []


@pytest.mark.parametrize(("part", "most"), [("", 18), ("journal/", 11)])
def test_the_lack_costs_the_page_one_question(cast, enebakk, client_for, part, most):
    client, url = client_for(NURSE), f"/pasient/{cast.anna.id}/{part}"
    assert "er ikke mottatt" in client.get(url).content.decode()
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    own = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and "current_user" not in query["sql"]]
    assert len(own) <= most, own
