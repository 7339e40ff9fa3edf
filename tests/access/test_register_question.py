"""«Who may see this patient» and «what may this person see, and why»: now, and at a moment behind us."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from access import gate
from access.domain.codes import Action
from access.domain.decide import decide_patient
from access.domain.facts import Facts
from access.models import AccessAuthorisation, AccessBlock, Departure, Licence, User
from access.selectors.questions import who_at
from tests.access.staff import hold
from tests.cast import PATIENTS, STAFF

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(open_gate, username, number, *, ago=timedelta(), user=None):
    with open_gate(username) as opened:
        return who_at(number, opened.now - ago, opened.request, user=user)


def seen_by(answer):
    return {one.name for one in answer.people if one.sees}


@pytest.mark.parametrize("key", PATIENTS)
def test_the_answer_now_is_what_a_request_would_be_told(cast, open_gate, key):
    """Everyone of the cast, by the facts of their own session, against the answer that the custodian gets."""
    patient = cast.patients[key]
    expected = {}
    for username in STAFF:
        facts = gate.read_facts(cast[username].secret, patient.id)
        if "measures" in facts and facts["authorisation"]:
            known = Facts.from_json(facts, patient.id)
            expected[cast[username].authorisation_id] = (decide_patient(known).allow, decide_patient(known, Action.READ, 7).allow)
    for username in STAFF:
        answer = asked(open_gate, "journalansvarlig", patient.number, user=cast[username].id)
        held = AccessAuthorisation.objects.filter(id=cast[username].authorisation_id).select_related("role", "unit").get()
        found = [one for one in answer.people if (one.role, one.unit) == (held.role.name, held.unit.name)]
        allowed, nursing = expected.get(held.id, (False, False))
        assert [(one.sees, next(c["reads"] for c in one.categories if c["name"] == "Sykepleie")) for one in found] in ([(allowed, nursing)], [])
        assert found or username == "sluttet"


def test_who_saw_and_why_at_a_moment_behind_us(cast, open_gate):
    number = cast.former.number
    assert seen_by(asked(open_gate, "journalansvarlig", number)) == set()
    then = asked(open_gate, "journalansvarlig", number, ago=105 * DAY)
    assert {"Hanne Moen", "Ingrid Solberg Haugen", "Jonas Amundsen"} <= seen_by(then)
    assert next(one.why for one in then.people if one.name == "Jonas Amundsen") == "Pasienten er innlagt på Observasjonsposten"
    tail = asked(open_gate, "journalansvarlig", number, ago=97 * DAY)
    assert "bare etterarbeid" in next(one.why for one in tail.people if one.name == "Jonas Amundsen")
    assert seen_by(asked(open_gate, "journalansvarlig", number, ago=400 * DAY)) == set()


def test_what_counted_then_counts_for_then(cast, open_gate):
    """A role that has ended, a licence that has run out and one who has left are answered for as they were."""
    nurse, now = cast["lms.sykepleier"], AccessAuthorisation.objects.get(id=cast["lms.lege"].authorisation_id).registered_at
    Licence.objects.filter(user_id=nurse.id).update(valid_to=now - DAY)
    User.objects.filter(id=cast["lms.lege"].id).update(is_active=False)
    Departure.objects.create(user_id=cast["lms.lege"].id, valid_from=now - DAY / 2, reason="Sluttet")
    today = asked(open_gate, "journalansvarlig", cast.anna.number)
    before = asked(open_gate, "journalansvarlig", cast.anna.number, ago=1.5 * DAY)
    assert {"Jonas Amundsen", "Ingrid Solberg Haugen"} & seen_by(today) == set()
    assert {"Jonas Amundsen", "Ingrid Solberg Haugen"} <= seen_by(before)
    whys = {one.name: one.why for one in today.people}
    assert whys["Jonas Amundsen"] == "Brukeren er ikke aktiv"
    assert whys["Ingrid Solberg Haugen"] == "Godkjenningen som helsepersonell gjelder ikke"


def test_blocks_are_told_without_what_they_hide(cast, open_gate):
    AccessBlock.objects.all().update(wish_of="Pasienten selv")
    answer = asked(open_gate, "journalansvarlig", cast.blocked.number, user=cast["lms.lege"].id)
    assert answer.people[0].blocks == ["Hele journalen, unntatt kritisk informasjon"]
    assert asked(open_gate, "journalansvarlig", cast.blocked.number, user=cast["aas.hjemmesykepleier"].id).people[0].blocks == []


def test_an_administrator_is_told_of_the_units_held(cast, open_gate):
    none = asked(open_gate, "tilgang.admin", cast.anna.number)
    assert (none.people, none.elsewhere > 3) == ([], True)
    hold("tilgang.admin", cast.units["ward"])
    some = asked(open_gate, "tilgang.admin", cast.anna.number)
    assert {one.unit for one in some.people} == {"Observasjonsposten"}
    assert some.elsewhere < none.elsewhere


def test_others_are_told_nothing_and_the_future_is_not_answered(cast, open_gate, client_for):
    for username in ("lms.lege", "lms.leder", "logg.kontroll", "drift"):
        with open_gate(username) as opened, pytest.raises(DatabaseError, match="neither administrator nor custodian"), transaction.atomic():
            who_at(cast.anna.number, opened.now, opened.request)
    assert client_for("lms.leder").get("/register/innsyn/").status_code == 404
    form = {"number": cast.anna.number, "day": "01.01.2199", "clock": "12:00"}
    assert client_for("tilgang.admin").post("/register/innsyn/", form).status_code == 422


def test_the_question_is_in_the_patients_log_and_the_page_shows_no_content(cast, client_for, log_rows):
    hold("tilgang.admin", cast.units["ward"])
    page = client_for("tilgang.admin").post("/register/innsyn/", {"number": cast.anna.number}).content.decode()
    assert "Jonas Amundsen" in page
    assert not [word for word in ("annamarkørord",) if word in page]
    row = log_rows(action="access_question")[0]
    assert (row["patient_id"], row["user_id"]) == (cast.anna.id, cast["tilgang.admin"].id)
    assert row["reason"].startswith("Gjelder ")
    one = client_for("journalansvarlig").post("/journalansvar/innsyn/", {"number": cast.anna.number, "person": "lms.lege"}).content.decode()
    assert "Hva Jonas Amundsen kan se av" in one
    assert "Opplysninger ført av" in one
    assert str(cast["lms.lege"].id) in log_rows(action="access_question")[0]["objects_shown"]


def test_a_number_without_a_record_and_words_that_are_no_answer(cast, nobody, client_for):
    client = client_for("journalansvarlig")
    assert "Ingen journal har dette nummeret" in client.post("/journalansvar/innsyn/", {"number": nobody}).content.decode()
    for wrong in ({"number": ""}, {"number": nobody, "person": "ingen"}, {"number": nobody, "day": "x"}, {"number": nobody, "clock": "25:99"}):
        assert client.post("/journalansvar/innsyn/", wrong).status_code == 422
