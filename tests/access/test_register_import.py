"""Many roles from a file: looked through first, registered whole or not at all, undone whole (R23)."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from access.gate import call
from access.models import AccessAuthorisation, AuthorisationImport
from tests.access.staff import hire, hold

pytestmark = pytest.mark.django_db
HEAD = "brukernavn;rolle;enhet;fra;til;begrunnelse\n"
GOOD = HEAD + "en;Lege;Observasjonsposten;;;Sommervikar\nto;health_worker;Observasjonsposten, Follo LMS;01.01.2199;31.12.2199;Årsvikar\n"


@pytest.fixture
def temps(cast):
    hold("tilgang.admin", cast.units["ward"])
    for name in ("en", "to"):
        hire(name, "economy", cast.units["custody"])


def send(client, text, **more):
    file = SimpleUploadedFile("vikarer.csv", text.encode(), content_type="text/csv")
    return client.post("/register/import/", {"file": file} | more)


def test_a_file_is_looked_through_before_anything_is_registered(temps, client_for):
    page = send(client_for("tilgang.admin"), GOOD)
    assert page.status_code == 200
    assert "Registrer 2 roller" in page.content.decode()
    assert AuthorisationImport.objects.count() == 0


def test_one_fault_and_nothing_is_registered(temps, client_for):
    bad = GOOD + "tre;Lege;Observasjonsposten;;;Vikar\n"
    page = send(client_for("tilgang.admin"), bad).content.decode()
    assert "1 linje har feil" in page
    assert "Ingen bruker har dette brukernavnet." in page
    refused = client_for("tilgang.admin").post("/register/import/", {"text": bad, "name": "vikarer.csv", "confirm": "1"})
    assert refused.status_code == 422
    assert AuthorisationImport.objects.count() == 0
    assert not AccessAuthorisation.objects.filter(reason="Sommervikar").exists()


def test_all_of_it_is_registered_and_all_of_it_undone(cast, temps, client_for, log_rows):
    client = client_for("tilgang.admin")
    sent = client.post("/register/import/", {"text": GOOD, "name": "vikarer.csv", "confirm": "1"})
    assert sent["Location"] == "/register/import/?gjort=importert"
    batch = AuthorisationImport.objects.get()
    held = AccessAuthorisation.objects.filter(imported_in=batch)
    assert {one.user.username for one in held} == {"en", "to"}
    assert {one.given_by_id for one in held} == {cast["tilgang.admin"].id}
    assert str(held[0].id) in log_rows(action="authorisations_import")[0]["objects_shown"]
    again = client.post("/register/import/", {"text": GOOD, "name": "vikarer.csv", "confirm": "1"})
    assert again.status_code == 422
    assert "fra før" in again.content.decode()
    undone = client.post(f"/register/import/{batch.id}/angre/", {"reason": "Feil fil"})
    assert undone["Location"] == "/register/import/?gjort=angret"
    assert not AccessAuthorisation.objects.filter(imported_in=batch, valid_to=None).exists()
    assert {one.ended_reason for one in AccessAuthorisation.objects.filter(imported_in=batch)} == {"Feil fil"}
    assert client.post(f"/register/import/{batch.id}/angre/", {"reason": "Feil fil"}).status_code == 422


def test_a_unit_one_does_not_hold_is_a_fault_and_the_database_refuses_it_too(cast, temps, client_for, open_gate):
    text = GOOD.replace("Observasjonsposten;", "Hjemmesykepleien Frogn;")
    assert "Du forvalter ikke tilganger for denne enheten." in send(client_for("tilgang.admin"), text).content.decode()
    role = str(AccessAuthorisation.objects.filter(user=cast["lms.lege"].id).get().role_id)
    row = {"user": str(cast["lms.lege"].id), "role": role, "unit": str(cast.units["frogn_home"]), "from": "2199-01-01", "reason": "x"}
    with open_gate("tilgang.admin"), pytest.raises(DatabaseError, match="does not hold the unit"), transaction.atomic():
        call("authorisations_import", json.dumps([row]), "x")


def test_other_files_are_refused_in_words(temps, client_for):
    client = client_for("tilgang.admin")
    assert client.post("/register/import/", {}).status_code == 422
    for raw in (b"\x00\x01\x02PK", b"", b"navn\nx"):
        answer = client.post("/register/import/", {"file": SimpleUploadedFile("x.xlsx", raw)})
        assert answer.status_code == 422
