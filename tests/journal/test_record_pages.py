"""The pages of one record: what each role is shown, and how few questions the database is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.models import OrgUnit
from journal.selectors import timeline

pytestmark = pytest.mark.django_db
NURSE, DOCTOR = "lms.sykepleier", "lms.lege"
PARTS = ("", "journal/", "kurve/", "legemidler/", "kritisk/", "diagnoser/", "parorende/", "tjenester/", "malinger/ny/", "journal/nytt/")


@pytest.mark.parametrize("part", PARTS)
def test_part_opens_for_the_ward_and_not_for_a_bystander(cast, client_for, part):
    url = f"/pasient/{cast.anna.id}/{part}"
    shown = client_for(NURSE).get(url)
    assert shown.status_code == 200
    assert cast.anna.family_name in shown.content.decode()
    refused = client_for("frogn.hjemmesykepleier").get(url)
    assert refused.status_code == 404
    assert not any(marker in refused.content.decode() for marker in cast.anna.markers)


@pytest.mark.parametrize(("part", "most"), [("", 18), ("journal/", 11)])
def test_page_asks_few_questions(cast, client_for, part, most):
    client = client_for(NURSE)
    client.get(f"/pasient/{cast.anna.id}/{part}")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/pasient/{cast.anna.id}/{part}")
    # The test's own savepoints and roles are not the page's.
    own = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and "current_user" not in query["sql"]]
    assert len(own) <= most, own


def test_blocked_note_leaves_no_trace_but_one_line(cast, client_for):
    page = client_for("aas.hjemmesykepleier").get(f"/pasient/{cast.anna.id}/").content.decode()
    assert "Noe er sperret for deg." in page
    assert str(cast.anna.rows["note"]) not in page
    assert client_for("aas.hjemmesykepleier").get(f"/pasient/{cast.anna.id}/journal/{cast.anna.rows['note']}/").status_code == 404


def test_none_known_takes_an_explicit_statement(cast, client_for):
    client, url = client_for(NURSE), f"/pasient/{cast.anna.id}/kritisk/"
    form = {"patient": cast.anna.id, "actor": cast[NURSE].id}
    assert client.post(f"{url}ingen/", form).status_code == 422
    row = cast.anna.rows["criticalinfo"]
    assert client.post(f"{url}{row}/avslutt/", {**form, "lock_version": 1}).status_code == 302
    assert "Ikke registrert." in client.get(url).content.decode()
    assert client.post(f"{url}ingen/", form).status_code == 302
    assert "Ingen kjente" in client.get(url).content.decode()
    assert client.post(f"{url}{row}/gjenapne/", form).status_code == 302
    assert 'data-cave="known"' in client.get(url).content.decode()


def test_changed_medicine_keeps_what_it_was(cast, client_for):
    client, url = client_for(DOCTOR), f"/pasient/{cast.anna.id}/legemidler/"
    form = {"patient": cast.anna.id, "actor": cast[DOCTOR].id, "generic": "prednisolon", "dose": "30 mg", "frequency": "én gang daglig"}
    assert client.post(f"{url}ny/", {**form, "dose": ""}).status_code == 422
    added = client.post(f"{url}ny/", form)
    row = added["Location"].rpartition("rad=")[2]
    assert client.post(f"{url}{row}/endre/", {**form, "dose": "40 mg", "lock_version": 1}).status_code == 302
    page = client.get(url).content.decode()
    assert "40 mg" in page
    assert "fra 30 mg" in page
    assert client.post(f"{url}{row}/endre/", {**form, "dose": "50 mg", "lock_version": 1}).status_code == 422


def test_diagnosis_is_found_by_code_or_word_and_written_by_the_doctor(cast, client_for):
    client, url = client_for(DOCTOR), f"/pasient/{cast.anna.id}/diagnoser/"
    assert "R95" in client.get(f"{url}ny/?sok=kols").content.decode()
    form = {"patient": cast.anna.id, "actor": cast[DOCTOR].id, "code": "R95", "text": ""}
    assert client.post(f"{url}ny/", {**form, "code": "Q99"}).status_code == 422
    assert client.post(f"{url}ny/", form).status_code == 302
    assert "Kols" in client.get(url).content.decode()
    assert client_for(NURSE).post(f"{url}ny/", {**form, "actor": cast[NURSE].id}).status_code == 404


def test_a_record_too_long_to_count_offers_every_filter(cast, client_for, monkeypatch):
    """Older notes may be of units and professions that the newest are not: none of them may be out of reach."""
    client, url = client_for(NURSE), f"/pasient/{cast.anna.id}/journal/"
    units = {f'<option value="{unit}"' for unit in OrgUnit.objects.values_list("id", flat=True)}
    whole = client.get(url).content.decode()
    assert not all(unit in whole for unit in units)
    monkeypatch.setattr(timeline, "COUNTED", 0)
    long = client.get(url).content.decode()
    assert all(unit in long for unit in units)
    assert all(f"?fag={mark}" in long for mark in timeline.MARKS)
