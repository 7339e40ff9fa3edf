"""The unit's leader is told how control of the unit's own people ended: who, when, which verdict; never which patient, nor why."""

from datetime import timedelta

import pytest

from access.models import ReviewCase, VerdictRead
from lms_epj.core.clock import now
from tests.access.blocking import refused
from tests.access.staff import hire

pytestmark = pytest.mark.django_db
LEADER, NURSE, CUSTODIAN = "lms.leder", "lms.sykepleier", "journalansvarlig"


@pytest.fixture
def closed(cast):
    """`closed(kind="log", verdict="lawful")`: a case of the ward's nurse that has been decided."""

    def made(**changes):
        values = {
            "kind": "emergency", "source_id": cast.units["ward"], "patient_id": cast.foreign.id, "user_id": cast[NURSE].id,
            "unit_id": cast.units["ward"], "happened_at": now() - timedelta(days=3), "reason": "hemmelig begrunnelse", "opened_at": now(),
            "due_at": now(), "state": "closed", "verdict": "unlawful", "closed_at": now() - timedelta(hours=1), "closed_by_id": cast[CUSTODIAN].id,
        }  # fmt: skip
        return ReviewCase.objects.create(**values | changes)

    return made


def test_a_verdict_is_told_read_and_stays_for_a_while(cast, client_for, closed, log_rows):
    case, client = closed(), client_for(LEADER)
    page = client.get("/enhet/").content.decode()
    assert "Kontroll av innsyn" in page
    assert "Urettmessig" in page
    assert "Berit Aune" in page
    assert 'epj-rail__count">1<' in page
    assert cast.foreign.family_name not in page
    assert "hemmelig" not in page
    assert client.post(f"/enhet/kontroll/{case.pk}/lest/").headers["Location"] == "/enhet/?gjort=lest"
    page = client.get("/enhet/").content.decode()
    assert "Jeg har lest" not in page
    assert "lest" in page
    assert "epj-rail__count" not in page
    assert log_rows(action="verdict_read")[0]["user_id"] == cast[LEADER].id
    client.post(f"/enhet/kontroll/{case.pk}/lest/")
    assert VerdictRead.objects.count() == 1
    VerdictRead.objects.update(read_at=now() - timedelta(days=100))
    ReviewCase.objects.update(closed_at=now() - timedelta(days=101))
    assert "Kontroll av innsyn" not in client.get("/enhet/").content.decode()


def test_one_that_is_judged_anew_is_read_anew(client_for, closed):
    case, client = closed(verdict="mistake"), client_for(LEADER)
    client.post(f"/enhet/kontroll/{case.pk}/lest/")
    ReviewCase.objects.update(closed_at=now() + timedelta(seconds=5), verdict="lawful")
    page = client.get("/enhet/").content.decode()
    assert "Rettmessig" in page
    assert "Jeg har lest" in page


def test_only_the_own_units_never_ones_own_and_of_the_log_only_what_was_reported(cast, client_for, closed):
    other, _ = hire("en.annen", "lms_nurse", cast.units["ward"])
    unseen = [
        closed(unit_id=cast.units["aas_home"], source_id=cast.units["aas_home"]), closed(user_id=cast[LEADER].id, source_id=cast.units["it"]),
        closed(kind="log", verdict="mistake", source_id=cast.entities["lms"]),
    ]  # fmt: skip
    client = client_for(LEADER)
    assert "Kontroll av innsyn" not in client.get("/enhet/").content.decode()
    for case in unseen:
        assert client.post(f"/enhet/kontroll/{case.pk}/lest/").headers["Location"] == "/enhet/?gjort="
    assert not VerdictRead.objects.exists()
    closed(kind="log", user_id=other, source_id=cast.entities["aas"])
    assert "Uvanlig oppslag" in client.get("/enhet/").content.decode()


@pytest.mark.parametrize("user", [NURSE, "tilgang.admin", CUSTODIAN])
def test_others_are_told_nothing(cast, open_gate, closed, user):
    case = closed()
    with open_gate(user):
        assert refused("unit_verdicts") == "42501"
        assert refused("verdict_read", case.pk) == "42501"
