"""What seldom happens and must not go wrong: each case ends where it should, and whoever must act is told in plain words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from access.domain.identity import synthetic_number
from access.gate import call
from access.models import AccessBlock, Patient, PatientIdentity
from journal.models import Task
from messaging.domain import matching
from messaging.formats.model.parties import Identifier
from messaging.formats.model.values import Moment
from messaging.formats.read import read
from messaging.models import CommunicationParty, Message
from messaging.simulator.referral import EMERGENCY, referral
from tests.messaging.engine.conftest import post  # noqa: F401 - a fixture
from tests.messaging.engine.letters import ENEBAKK_HOME, FNR, FROM, LMS, STRANGER, TO_WARD, about, end, letter, report
from tests.messaging.engine.test_sending import send  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
NURSE, WATCH = "lms.sykepleier", "meldingsansvarlig"
NOW = datetime.now(UTC).replace(microsecond=0)


def page_of(client: Any, message: Message) -> str:
    return client.get(f"/pasient/{message.patient_id}/meldinger/{message.id}/").content.decode()


def numbers(*values: str) -> tuple[Identifier, ...]:
    return tuple(Identifier(value, FNR) for value in values)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("wrong patient", matching.OTHER_NAME),
        ("wrong birth", matching.OTHER_BIRTH),
        ("one name, two numbers", matching.TWO),
        ("one name, no number", matching.NO_NUMBER),
        ("nobody has it", matching.UNKNOWN),
    ],
)
def test_whom_it_is_about_is_doubtful(post, cast, client_for, case, says):  # noqa: F811
    """Two patients bear one name: only a number that agrees with name and birth is enough. All else waits in the tray, with why and for how long."""
    namesake = Patient.objects.create(
        family_name=cast.foreign.family_name, given_name=cast.foreign.given_name, birth_date="1955-05-05", sex="M", registered_at=NOW
    )
    PatientIdentity.objects.create(patient=namesake, kind="FNR", value=synthetic_number(date(1955, 5, 5), female=False), valid_from=NOW)
    other = namesake.identities.get().value
    named = {
        "wrong patient": {"family": "Olsen", "given": "Bodil"},
        "wrong birth": {"identifiers": numbers(other), "born": Moment("1945-11-02")},
        "one name, two numbers": {"identifiers": numbers(cast.foreign.number, other)},
        "one name, no number": {"identifiers": (), "born": Moment("1945-11-02")},
        "nobody has it": {"identifiers": numbers(synthetic_number(date(1901, 2, 3), female=True))},
    }[case]
    waiting = post.receive(letter(about(cast.foreign, **named)))
    assert (waiting.state, waiting.patient_id, post.delivered()) == ("tray", None, [])
    tray = client_for(NURSE).get("/meldinger/uten-pasient/").content.decode()
    assert says in tray and " t igjen av 96" in tray


@pytest.mark.parametrize("target", ["unit", "legal_entity", "everyone"])
@pytest.mark.parametrize("scope", ["record", "category", "entry"])
def test_the_patient_has_blocked_it_for_those_who_should_read_it(post, cast, client_for, scope, target):  # noqa: F811
    """They learn nothing, not even by the task; the one who watches learns that somebody else must act, and not whom it is about."""
    filed = post.receive(letter(about(cast.foreign)))
    what = {"record": {}, "category": {"category": filed.category_id}, "entry": {"entry_id": filed.id}}[scope]
    aim = {"unit": cast.units["ward"], "legal_entity": cast.entities["lms"], "everyone": None}[target]
    assert filed.sender_name in client_for(NURSE).get("/oppgaver/").content.decode()
    AccessBlock.objects.create(
        patient_id=cast.foreign.id, scope=scope, target=target, target_id=aim, wish_of="Pasienten", registered_at=NOW, valid_from=NOW - timedelta(days=9), **what
    )  # fmt: skip
    client = client_for(NURSE)
    seen = client.get("/oppgaver/").content.decode() + client.get("/meldinger/").content.decode()
    assert filed.sender_name not in seen and client.get(f"/pasient/{cast.foreign.id}/meldinger/{filed.id}/").status_code == 404
    watch = client_for(WATCH).get("/meldingsvakt/").content.decode()
    assert "1 melding er sperret for alle i enheten. Ingen der ser den. Spør journalansvarlig hvem som skal lese den." in watch
    assert cast.foreign.family_name not in watch and Task.objects.get(origin_id=filed.id).done_at is None


def test_the_patient_is_dead(post, cast, client_for):  # noqa: F811
    Patient.objects.filter(id=cast.anna.id).update(deceased_at=NOW - timedelta(hours=2))
    filed = post.receive(letter(about(cast.anna)))
    assert filed.state == "filed" and read(post.delivered()[0]).message.receipt.status.value == "1"
    client = client_for(NURSE)
    assert "Pasienten er registrert som død. Avsenderen vet det kanskje ikke. Si fra til avsenderen." in page_of(client, filed)
    written = client.get(reverse("message_compose", args=[cast.anna.id, "dialog"])).content.decode()
    assert "Pasienten er registrert som død" in written and "Kontroller at meldingen fortsatt skal sendes." in written


def test_a_d_number_has_become_a_fodselsnummer(post, cast, client_for):  # noqa: F811
    """The same record, whichever number it bears; what we send bears the new one."""
    old = f"4{cast.foreign.number[1:]}"
    PatientIdentity.objects.create(
        patient_id=cast.foreign.id, kind="DNR", value=old, valid_from=NOW - timedelta(days=900), valid_to=NOW - timedelta(days=9)
    )
    filed = post.receive(letter(about(cast.foreign, identifiers=numbers(old))))
    assert (filed.state, filed.patient_id) == ("filed", cast.foreign.id)
    assert "Meldingen bruker et nummer som pasienten ikke har lenger, for eksempel et D-nummer. Gi avsenderen det nye." in page_of(
        client_for(NURSE), filed
    )
    both = post.receive(letter(about(cast.foreign, identifiers=numbers(old, cast.foreign.number))))
    assert (both.patient_id, both.remarks) == (cast.foreign.id, [])


def test_the_partner_is_unknown(post, cast, client_for):  # noqa: F811
    """Taken in and answered by the way it came; the reader is warned, and cannot be made to answer one who has no address."""
    filed = post.receive(letter(about(cast.foreign), sender=end("Ukjent AS", "998", "Resepsjon", STRANGER)))
    client = client_for(NURSE)
    assert "Avsenderen står ikke i adresseregisteret. Finn ut hvem det er før du stoler på innholdet." in page_of(client, filed)
    answer = client.get(reverse("message_compose", args=[cast.foreign.id, "avvik"]) + f"?svar={filed.id}").content.decode()
    assert "Ingen i adresseregisteret tar imot denne meldingen. Gi beskjed på annen måte." in answer


def test_the_one_who_wrote_is_retired(post, cast, client_for):  # noqa: F811
    incoming = post.receive(letter(about(cast.anna)))
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(valid_to=NOW - timedelta(minutes=5))
    answer = client_for(NURSE).get(reverse("message_compose", args=[cast.anna.id, "avvik"]) + f"?svar={incoming.id}").content.decode()
    assert "Ingen i adresseregisteret tar imot denne meldingen." in answer


def test_what_waits_for_a_retired_receiver_is_held_and_says_so(post, cast, client_for, send):  # noqa: F811
    queued = Message.objects.get(id=send())
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(valid_to=NOW - timedelta(minutes=5))
    post.work()
    client = client_for(NURSE)
    shown = page_of(client, queued)
    assert "Den ble holdt tilbake før den gikk: Mottakeren er ikke lenger i adresseregisteret." in shown and "Rett og send på nytt" in shown
    assert "Må følges opp" in client.get("/meldinger/").content.decode()
    again = {"patient": str(cast.anna.id), "actor": str(cast[NURSE].id), "remark": "Prøver igjen"}
    mended = client.post(f"/pasient/{cast.anna.id}/meldinger/{queued.id}/rett/", again)
    assert mended.status_code == 422 and "ikke lenger i adresseregisteret. Ingenting er sendt. Velg en annen mottaker." in mended.content.decode()


def test_a_service_of_ours_is_retired(post, cast, client_for):  # noqa: F811
    filed = post.receive(letter(about(cast.foreign), to=end("Follo LMS", LMS, "Nedlagt tjeneste", "299")))
    assert (filed.state, filed.unit_id) == ("filed", cast.units["ward"])
    told = "Tjenesten meldingen er adressert til, er ikke i bruk her. Follo LMS har fått den. Gi avsenderen riktig adresse."
    assert told in page_of(client_for(NURSE), filed)


@pytest.mark.parametrize(
    ("written", "event", "says"),
    [
        (timedelta(days=3), "ours", "Meldingen er datert fram i tid. Avsenderens klokke går trolig feil. Tiden den kom, gjelder."),
        (timedelta(minutes=5), "ours", ""),
        (timedelta(days=-5), "theirs", "Meldingen ble skrevet for over 96 timer siden. Avsenderen kan ha regnet den som tapt."),
    ],
)
def test_the_senders_clock_is_wrong_or_it_comes_late(post, cast, client_for, written, event, says):  # noqa: F811
    at = datetime.now(UTC) + written
    filed = post.receive(letter(about(cast.foreign), at=at))
    assert filed.state == "filed" and filed.event_at == (filed.received_at if event == "ours" else at)
    assert bool(filed.remarks) == bool(says) and says in page_of(client_for(NURSE), filed)


def test_a_change_comes_before_what_it_changes(post, cast, client_for):  # noqa: F811
    root = str(uuid4())
    filed = post.receive(report(about(cast.foreign), status="M", root=root))
    assert "Meldingen endrer eller kansellerer noe som ikke er mottatt." in page_of(client_for(NURSE), filed)


@pytest.mark.parametrize("identified", [True, False])
def test_an_emergency_is_taken_in_whoever_it_concerns(post, cast, client_for, open_gate, identified):  # noqa: F811
    """Its sender is told at once that it is here; who it concerns is found by a person, and it is never refused nor answered twice."""
    named = about(cast.foreign) if identified else about(cast.foreign, identifiers=(), given="", sex=None)
    filed = post.receive(referral(FROM, TO_WARD, named, NOW, urgency=EMERGENCY))
    (answer,) = post.delivered()
    assert read(answer).message.receipt.status.value == "1" and filed.state == ("filed" if identified else "tray")
    if identified:
        return
    client, address = client_for(NURSE), f"/meldinger/uten-pasient/{filed.id}/"
    assert "Ø-hjelp, avklar straks" in client.get("/meldinger/uten-pasient/").content.decode()
    page = client.get(address).content.decode()
    assert "Dette er ø-hjelp." in page and "Ring avsenderen hvis du ikke finner pasienten." in page and "Avvis meldingen" not in page
    with open_gate(NURSE), pytest.raises(DatabaseError, match="taken in"), transaction.atomic():
        call("tray_decide", filed.id, "", "Ikke til oss")
    asked = {"actor": str(cast[NURSE].id), "number": cast.foreign.number, "shown": cast.foreign.number, "match": "1"}
    assert client.post(address, asked).status_code == 302
    post.work()
    filed.refresh_from_db()
    assert (filed.state, filed.patient_id, post.delivered()) == ("filed", cast.foreign.id, [])


def test_one_that_is_no_emergency_waits_or_is_refused(post, cast):  # noqa: F811
    unnamed = about(cast.foreign, identifiers=(), given="", sex=None)
    refused = post.receive(referral(FROM, TO_WARD, unnamed, NOW))
    assert (refused.state, refused.code) == ("refused", "E36")


def test_an_emergency_without_a_number_is_matched_to_the_one_who_lies_here(post, cast, client_for):  # noqa: F811
    """Nobody knows who came in. The referral is joined to that patient of the ward's, and to no other."""
    nurse = client_for(NURSE)
    known = {"actor": str(cast[NURSE].id)}
    person = {"family_name": "Ukjent", "given_name": "", "birth_date": "", "sex": "U", "caller": "AMK", "reason": "Funnet bevisstløs"}
    assert nurse.post(reverse("arrival_unknown"), known | person).status_code == 302
    unknown = Patient.objects.get(family_name="Ukjent")
    waiting = post.receive(referral(FROM, TO_WARD, about(cast.foreign, family="Ukjent", given="", identifiers=(), sex=None), NOW, urgency=EMERGENCY))
    path = f"/meldinger/uten-pasient/{waiting.id}/"
    assert "Ukjent, " in nurse.get(path).content.decode()
    assert "Velg hvilken pasient" in nurse.post(path, known | {"own": "1"}).content.decode()
    assert "Velg hvilken pasient" in nurse.post(path, known | {"own": "1", "patient_without": str(cast.anna.id)}).content.decode(), (
        "Anna has a number"
    )
    assert nurse.post(path, known | {"own": "1", "patient_without": str(unknown.id)}).status_code == 302
    post.work()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.patient_id) == ("filed", unknown.id)
