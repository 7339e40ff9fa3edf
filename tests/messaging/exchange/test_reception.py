"""A patient whom the hospital says is ready to leave it is taken in or not, and what the hospital tells goes along into the record (R7)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from access.models import DecidedMeasure
from journal.domain.signing import State
from journal.models import Medication, Note, Stay
from messaging.formats.read import read
from messaging.models import CommunicationParty, Message
from messaging.simulator.letters import LETTERS, Occasion
from tests.messaging.engine.letters import FROM, TO_HOME, TO_WARD, about

pytestmark = pytest.mark.django_db
NURSE = "lms.sykepleier"


@pytest.fixture
def page(cast: Any, client_for: Any) -> Any:
    def asked(route: str, message: Message, *, user: str = NURSE, values: dict[str, Any] | None = None) -> Any:
        path = reverse(route, args=[message.patient_id, message.id])
        if values is None:
            return client_for(user).get(path)
        return client_for(user).post(path, {"patient": str(message.patient_id), "actor": str(cast[user].id), **values})

    return asked


def told(post: Any, kind: str, person: Any, to: Any = TO_WARD, her: str = "202") -> Message:
    return post.receive(LETTERS[kind](Occasion(FROM, to, about(person), datetime.now(UTC))), her)


def answers() -> list[str]:
    return [read(bytes(one.raw)).message.content.notes[0].text for one in Message.objects.filter(direction="out", type="DIALOG_HELSEFAGLIG")]


def notified(person: Any) -> bool:
    return DecidedMeasure.objects.filter(template__code="NOTIFIED", patient=person.id, end_reason="").exists()


def expected(person: Any) -> bool:
    return Stay.objects.filter(patient=person.id, status="expected").exists()


def written(cast: Any, user: str = NURSE) -> str:
    """What stands under «Videre» of one's own draft."""
    draft = Note.objects.get(patient=cast.anna.id, state=State.DRAFT, document_type="nurse_daily", author=cast[user].id)
    return str(draft.content["plan"])


def test_taken_in_the_patient_is_expected_and_the_hospital_is_told(post, enebakk, cast, page):
    message = told(post, "LOG_UTSKRIVNINGSKLAR", cast.foreign)
    assert notified(cast.foreign), "the ward reads before it answers"
    assert reverse("reception_accept", args=[message.patient_id, message.id]) in page("patient_message", message).content.decode()
    answer = page("reception_accept", message, values={"cause": "Utskrivningsklar", "answer": "Velkommen klokken 15.", "expected_at": "", "bed": ""})
    assert answer.status_code == 302
    assert expected(cast.foreign)
    sent = Message.objects.get(direction="out", type="DIALOG_HELSEFAGLIG")
    content = read(bytes(sent.raw)).message.content
    assert (content.notes[0].theme.value, content.notes[0].text) == ("7", "Velkommen klokken 15.")
    assert read(bytes(sent.raw)).message.header.conversation.parent == message.msg_id
    again = page("reception_accept", message, values={"cause": "Igjen", "answer": "Nei, vent litt.", "expected_at": "", "bed": ""})
    assert "Nei, vent litt." in again.content.decode(), "what was typed is not lost"
    assert answers() == ["Velkommen klokken 15."]


def test_declined_the_hospital_is_told_why_and_the_record_closes(post, enebakk, cast, page):
    message = told(post, "LOG_UTSKRIVNINGSKLAR", cast.foreign)
    empty = page("reception_decline", message, values={"answer": " "})
    assert empty.status_code == 422
    assert page("reception_decline", message, values={"answer": "Fullt i natt. Ledig fra torsdag."}).status_code == 302
    assert answers() == ["Fullt i natt. Ledig fra torsdag."]
    assert not notified(cast.foreign)
    assert page("patient_message", message).status_code == 403
    assert not expected(cast.foreign)


def test_when_the_hospital_cannot_be_reached_nothing_is_half_done(post, cast, page):
    message = told(post, "LOG_UTSKRIVNINGSKLAR", cast.foreign)
    CommunicationParty.objects.filter(her_id=message.sender_her).update(valid_to=message.received_at)
    answer = page("reception_accept", message, values={"cause": "Utskrivningsklar", "answer": "Velkommen.", "expected_at": "", "bed": ""})
    assert "Ring dem" in answer.content.decode()
    assert not expected(cast.foreign)


def test_a_municipality_that_is_told_gets_no_ward_s_access(post, enebakk, cast):
    told(post, "LOG_UTSKRIVNINGSKLAR", cast.foreign, TO_HOME, "302")
    assert not notified(cast.foreign)


def test_medicines_and_plan_are_carried_with_their_source_and_once(post, enebakk, cast, page):
    message = told(post, "INNLEGGELSESRAPPORT", cast.anna)
    shown = page("message_carry", message).content.decode()
    assert "Furix" in shown
    types = {"medicine": ["0", "1"], "text": ["0"], "into": "nurse_daily"}
    answer = page("message_carry", message, values=types)
    assert answer.status_code == 302
    carried = Medication.objects.filter(patient=cast.anna.id, origin_id=message.id)
    assert sorted(one.generic for one in carried) == ["furosemid", "ramipril"]
    assert all(one.source.startswith(message.sender_name) for one in carried)
    assert "Økende tung pust" in written(cast)
    assert "Står i listen med samme dose" in page("message_carry", message).content.decode()


def test_what_one_has_written_in_the_draft_stays(post, enebakk, cast, page):
    message = told(post, "INNLEGGELSESRAPPORT", cast.anna)
    for text in ("0", "1"):
        page("message_carry", message, values={"text": [text], "into": "nurse_daily"})
    assert written(cast).index("Økende tung pust") < written(cast).index("Hjertesvikt kjent")


def test_nothing_chosen_and_no_form_are_said(post, enebakk, cast, page):
    message = told(post, "INNLEGGELSESRAPPORT", cast.anna)
    assert "Velg noe som skal overføres" in page("message_carry", message, values={}).content.decode()
    answer = page("message_carry", message, values={"medicine": ["0"], "text": ["0"], "into": "doctor_daily"})
    assert answer.status_code == 422
    assert not Medication.objects.filter(origin_id=message.id).exists(), "all or nothing"
