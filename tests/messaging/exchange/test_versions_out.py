"""What we have sent is put right: changed or cancelled as its standard allows, told in words where it allows neither."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from access.gate import call
from access.models import AccessBlock, Licence
from auditlog.models import AccessLogEntry
from journal.models import Note
from journal.services.errors import JournalError
from messaging.composing.kinds import KINDS
from messaging.formats.read import read
from messaging.models import CommunicationParty, ExchangeRefusal, Message
from messaging.services.versions import message_cancel
from tests.messaging.engine.conftest import add_party
from tests.messaging.engine.letters import receipt
from tests.messaging.exchange.test_compose import DOCTOR, HOME, NURSE, compose, told  # noqa: F401 - a fixture
from tests.messaging.exchange.test_pages import TEXTS, page  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
EVERYTHING = {one.type: ["1.0", "1.1", "1.2", "1.6"] for one in KINDS.values()}


@pytest.fixture
def taker(post: Any, enebakk: Any) -> CommunicationParty:
    """Somebody who takes every kind we write."""
    CommunicationParty.objects.filter(id=enebakk.id).update(receives=EVERYTHING)
    return CommunicationParty.objects.select_related("parent").get(id=enebakk.id)


@pytest.fixture
def sent(compose: Any, post: Any) -> Any:  # noqa: F811
    """`sent("utskrivningsrapport", taker)`: composed, and handed over."""

    def made(slug: str, receiver: Any, **how: Any) -> Message:
        message = compose(slug, receiver, **how)
        post.work()
        post.delivered()
        return Message.objects.get(id=message.id)

    return made


def cancel(open_gate: Any, cast: Any, message: Message, user: str = NURSE, reason: str = "Feil pasient") -> Message:
    with open_gate(user, patient=cast.anna.id) as gate:
        return Message.objects.get(id=message_cancel(gate=gate, message=Message.objects.get(id=message.id), reason=reason))


SENDERS = {"epikrise": DOCTOR}
CANCELLED = [
    "utskrivningsrapport", "epikrise", "helseopplysninger", "innlagt", "utskrivningsklar", "avmelding", "utskrevet", "dodsfall",
]  # fmt: skip


@pytest.mark.parametrize("slug", CANCELLED)
def test_what_has_a_cancellation_is_cancelled_by_it(sent, taker, open_gate, cast, post, slug):
    user = SENDERS.get(slug, NURSE)
    first = sent(slug, taker, user=user)
    back = cancel(open_gate, cast, first, user)
    post.work()
    (raw,) = post.delivered()
    reading, old = read(raw), told(first)
    assert reading.problem is None, reading.problem.reason
    message = reading.message
    assert (back.status, back.type, back.document_type_id) == ("C", first.type, first.document_type_id) and message.header.message_id != first.msg_id
    if slug == "epikrise":
        assert message.content.document_id == old.content.document_id
    else:
        assert (message.header.conversation.parent, message.header.conversation.root) == (first.msg_id, first.msg_id)
    assert not message.content.texts and not message.content.diagnoses and not message.content.medications
    first.refresh_from_db()
    assert (first.superseded, first.superseded_by_id) == ("cancelled", back.id)
    assert AccessLogEntry.objects.get(action="message_cancelled").reason == "Feil pasient"
    with pytest.raises(JournalError, match="kan ikke trekkes tilbake"):
        cancel(open_gate, cast, first, user)


def test_what_has_none_is_taken_back_in_words_in_the_same_conversation(sent, taker, open_gate, cast, post):
    first = sent("dialog", taker)
    back = cancel(open_gate, cast, first)
    post.work()
    (raw,) = post.delivered()
    message = read(raw).message
    assert (back.type, message.header.conversation.parent) == ("DIALOG_HELSEFAGLIG", first.msg_id)
    assert "er sendt ved en feil. Se bort fra den." in message.content.notes[0].text and "Feil pasient" in message.content.notes[0].text


def test_a_change_is_the_whole_anew_and_a_cancellation_takes_back_both(sent, taker, compose, open_gate, cast, post):  # noqa: F811
    first = sent("utskrivningsrapport", taker)
    second = compose(
        "utskrivningsrapport", taker, changes=first, texts={"problem": "Dehydrering, rettet", "course": "Bedre", "follow_up": "Drikkeliste"}
    )
    post.work()
    (raw,) = post.delivered()
    message = read(raw).message
    assert message.content.status.value == "M" and message.header.conversation.parent == message.header.conversation.root == first.msg_id
    assert len(message.content.medications) == 1, "complete, not what differs"
    first.refresh_from_db()
    assert (first.superseded, first.superseded_by_id) == ("changed", second.id)
    back = cancel(open_gate, cast, Message.objects.get(id=second.id))
    kept = {one.id: (one.superseded, one.superseded_by_id) for one in Message.objects.filter(id__in=[first.id, second.id])}
    assert kept == {first.id: ("cancelled", back.id), second.id: ("cancelled", back.id)}
    assert told(back).header.conversation.parent == second.msg_id and told(back).header.conversation.root == first.msg_id


def test_an_epikrise_keeps_its_number_through_its_versions(sent, taker, compose):  # noqa: F811
    first = sent("epikrise", taker, user=DOCTOR)
    second = compose("epikrise", taker, user=DOCTOR, changes=first)
    assert told(second).content.document_id == told(first).content.document_id and told(second).content.status.value == "M"


def test_a_dialogue_goes_on_where_it_was(sent, taker, compose):  # noqa: F811
    first = sent("dialog", taker)
    second = told(compose("dialog", taker, changes=first))
    assert (second.header.conversation.parent, second.content.status) == (first.msg_id, None)
    first.refresh_from_db()
    assert first.superseded == "changed"


def test_where_there_is_no_change_it_is_cancelled_and_written_anew(sent, taker, compose, post):  # noqa: F811
    first = sent("utskrivningsklar", taker)
    second = compose("utskrivningsklar", taker, changes=first)
    post.work()
    statuses = [(read(raw).message.content.status.value, read(raw).message.header.conversation) for raw in post.delivered()]
    assert {status for status, _ in statuses} == {"C", "N"} and all((thread is None) == (status == "N") for status, thread in statuses)
    first.refresh_from_db()
    assert first.superseded == "cancelled" and first.superseded_by_id != second.id


def test_it_goes_though_the_patient_has_blocked_or_refused_since(sent, taker, open_gate, cast, post):
    first = sent("utskrivningsrapport", taker)
    now = timezone.now()
    AccessBlock.objects.create(
        patient_id=cast.anna.id, scope="document_type", document_type=first.document_type_id, target="legal_entity", target_id=cast.entities["enebakk"],
        wish_of="Pasienten", registered_at=now, valid_from=now - timedelta(days=1),
    )  # fmt: skip
    ExchangeRefusal.objects.create(
        patient_id=cast.anna.id, category_id=1, unit_id=cast.units["ward"], legal_entity_id=cast.entities["lms"], author_id=cast[NURSE].id,
        event_at=now, recorded_at=now,
    )  # fmt: skip
    back = cancel(open_gate, cast, first)
    post.work()
    assert Message.objects.get(id=back.id).state == "sent" and len(post.delivered()) == 1


def test_only_the_unit_that_sent_it_and_only_what_was_taken_in(sent, taker, open_gate, cast, post):
    first = sent("utskrivningsrapport", taker)
    with open_gate(HOME, patient=cast.anna.id) as gate, pytest.raises(JournalError):
        message_cancel(gate=gate, message=Message.objects.get(id=first.id), reason="Feil")
    with open_gate(HOME, patient=cast.anna.id), pytest.raises(DatabaseError), transaction.atomic():
        call("message_replaced", first.id, first.id, "cancelled", "")
    post.receive(receipt(first.msg_id, status="2"))
    with pytest.raises(JournalError, match="kan ikke trekkes tilbake"):
        cancel(open_gate, cast, first)


def test_a_note_corrected_after_it_was_sent_is_told_to_the_unit_until_somebody_acts(sent, taker, page, cast, client_for):  # noqa: F811
    """By its state in the unit's list, on the message, and on the note; a new version begins with what the note says now."""
    note = Note.objects.get(id=cast.anna.rows["note"])
    first = sent("utskrivningsrapport", taker)
    Message.objects.filter(id=first.id).update(origin_id=note.id)
    base = f"/pasient/{cast.anna.id}/meldinger/{first.id}/"
    client = client_for(NURSE)
    before = client.get(base).content.decode()
    assert "Send ny utgave" in before and "Notatet er rettet" not in before
    corrected(note)
    text = client.get(base).content.decode()
    assert "Notatet er rettet etter at meldingen ble sendt" in text and "Rett og send på nytt" not in text
    assert "Notatet er rettet etterpå" in client.get("/meldinger/?mappe=oppfolging").content.decode()
    assert "Notatet er rettet etterpå" in client.get(reverse("note", args=[cast.anna.id, note.id])).content.decode()
    form = page("message_compose", "utskrivningsrapport", query=f"?endrer={first.id}").content.decode()
    assert "Mottakeren får hele meldingen på nytt." in form and "Dehydrering" in form
    values = {"receiver": str(taker.id), **TEXTS, "look": "1"}
    look = page("message_compose", "utskrivningsrapport", values=values, query=f"?endrer={first.id}")
    seen = look.content.decode().split('name="seen" value="')[1].split('"')[0]
    gone = page("message_compose", "utskrivningsrapport", values=values | {"send": "1", "seen": seen}, query=f"?endrer={first.id}")
    assert gone.status_code == 302
    first.refresh_from_db()
    assert first.superseded == "changed" and "Erstattet av en nyere utgave" in client.get(base).content.decode()


def corrected(note: Note) -> None:
    """As the service does it: the version first."""
    from journal.models import NoteVersion

    old = NoteVersion.objects.filter(note=note).order_by("-number").first()
    columns = {one.attname: getattr(old, one.attname) for one in NoteVersion._meta.concrete_fields if one.attname != "id"}
    now = timezone.now()
    NoteVersion.objects.create(**columns | {"number": note.version + 1, "reason": "Feil dato", "recorded_at": now})
    Note.objects.filter(id=note.id).update(version=note.version + 1, corrected_at=now + timedelta(seconds=1))


def test_the_page_takes_it_back_by_one_press_with_a_reason(sent, taker, page, cast):  # noqa: F811
    first = sent("utskrivningsrapport", taker)
    assert page("patient_message_cancel", first.id).status_code == 405
    refused = page("patient_message_cancel", first.id, values={"reason": " "})
    assert "Skriv hvorfor meldingen trekkes tilbake." in refused.content.decode()
    done = page("patient_message_cancel", first.id, values={"reason": "Feil pasient"})
    assert done.status_code == 302 and done["Location"].endswith("?gjort=trukket")
    assert "Kansellert av avsenderen" in page("patient_message", first.id).content.decode()


@pytest.mark.parametrize(("slug", "user"), [("utskrivningsrapport", NURSE), ("epikrise", DOCTOR), ("dialog", NURSE), ("innlagt", NURSE)])
def test_who_writes_is_named_with_profession_and_hpr_number(compose, taker, cast, slug, user):  # noqa: F811
    number = Licence.objects.get(user=cast[user].id).hpr_number
    contact = told(compose(slug, taker, user=user)).content.contacts[0]
    who = contact.professional or contact.organisation.professionals[0]
    assert {one.kind.value: one.value for one in who.person.identifiers} == {"HPR": number}
    assert who.kind.value == {NURSE: "SP", DOCTOR: "LE"}[user]


def test_a_receiver_who_takes_no_dialogue_is_to_be_rung(sent, taker, open_gate, cast, post):
    office = add_party("801", "Legekontoret", None, None, "")
    gp = add_party("802", "Kari Lege", office, None, "double")
    CommunicationParty.objects.filter(id=gp.id).update(kind="person", receives={"DIALOG_FORESPORSEL": ["1.0"]})
    first = sent("foresporsel", CommunicationParty.objects.select_related("parent").get(id=gp.id))
    with pytest.raises(JournalError, match="Ring mottakeren"):
        cancel(open_gate, cast, first)
