"""A new person in the register, start passwords, licences: who may, what is refused, and that it takes two to log in as somebody else."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from access.models import AccessAuthorisation, Credential, Licence, Session, User
from access.services.authorisations import AuthorisationError
from access.services.hiring import factor_remove, start_password_give
from access.services.rights import RightsError
from lms_epj.core.clock import oslo_date
from tests.access.rights_desk import FIRST, READ, SECOND, cell, decide_as, propose
from tests.access.staff import hire, hire_administrator, hold
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
ADMIN, NURSE = "tilgang.admin", "lms.sykepleier"
FORM = {
    "given_name": "Astrid Bø", "family_name": "Nyansattmyr", "username": "astrid.nyansattmyr", "profession": "nurse", "number": "9123456",
    "from": "01.11.2026", "to": "31.12.2027", "reason": "Ansatt fra 1.12.",
}  # fmt: skip


def create(client, **changes):
    return client.post("/register/ny/", FORM | changes)


def start_password(answer):
    return re.findall(r"<dd><code>([^<]+)</code></dd>", answer.content.decode())[1]


def test_a_new_person_logs_in_with_the_start_password_and_chooses_an_own_one(client_for, cast, credentials, log_rows):
    answer = create(client_for(ADMIN))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    user = User.objects.get(username=FORM["username"])
    held = Licence.objects.get(user=user)
    assert (user.initials, held.profession, held.hpr_number, oslo_date(held.valid_from).day) == ("ABN", "nurse", "9123456", 1)
    assert not AccessAuthorisation.objects.filter(user=user).exists()
    assert len(log_rows(action="user_create", outcome="allow")) == 1
    client, password = client_for(None), start_password(answer)
    sent = {"username": user.username, "password": password}
    assert client.post("/logg-inn/", sent).headers["Location"].startswith("/konto/passord/")
    changed = client.post("/konto/passord/", {"old": password, "new": "lyng og einer i li", "again": "lyng og einer i li"})
    assert changed.status_code == 302
    assert client_for(None).post("/logg-inn/", sent).status_code == 422
    page = client_for(ADMIN).get("/register/?navn=nyansattmyr").content.decode()
    assert "Uten rolle" in page
    assert str(user.id) in page


@pytest.mark.parametrize(("changes", "text"), [
    ({"username": NURSE}, "Brukernavnet er tatt"), ({"username": "Kåre Ås"}, "minst tre tegn"), ({"given_name": " "}, "fornavn og etternavn"),
    ({"number": "12"}, "sju til ni sifre"), ({"number": "9000014"}, "en annen person"), ({"from": "32.01.2026"}, "Datoen finnes ikke"),
    ({"to": "01.10.2026"}, "slutte før den begynner"), ({"reason": " "}, "Skriv hvorfor"), ({"profession": "pave"}, "Velg hva"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(client_for, cast, changes, text):
    answer = create(client_for(ADMIN), **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert text in page
    for name, value in (FORM | changes).items():
        assert name in ("profession", "reason") or f'value="{value}"' in page
    assert not User.objects.filter(family_name="Nyansattmyr").exists()


def test_only_administrators_make_people_and_nobody_changes_oneself(client_for, cast, open_gate):
    assert create(client_for("lms.leder")).status_code == 404
    me = cast[ADMIN].id
    for path in ("passord/", "kodeapp/", "godkjenning/"):
        assert client_for(ADMIN).get(f"/register/person/{me}/{path}").status_code == 404
    with open_gate(ADMIN), pytest.raises(PermissionDenied):
        start_password_give(user=me, reason="Til meg selv")
    with open_gate(ADMIN), pytest.raises(PermissionDenied):
        start_password_give(user=cast[NURSE].id, reason="Enheten forvaltes av en annen")


def test_a_forgotten_password_is_replaced_and_ends_all(client_for, cast, credentials):
    hold(ADMIN, cast.units["ward"])
    nurse = cast[NURSE]
    answer = client_for(ADMIN).post(f"/register/person/{nurse.id}/passord/", {"reason": "Glemt. Kjenner henne igjen."})
    assert answer.status_code == 200
    assert not Session.objects.filter(user_id=nurse.id, ended_at=None).exists()
    client = client_for(None)
    assert client.post("/logg-inn/", {"username": NURSE, "password": PASSWORD}).status_code == 422
    assert client.post("/logg-inn/", {"username": NURSE, "password": start_password(answer)}).headers["Location"].startswith("/konto/passord/")


def test_it_takes_two_administrators_to_log_in_as_somebody_else(cast, open_gate, credentials):
    hold(ADMIN, cast.units["ward"])
    nurse = cast[NURSE].id
    second = hire_administrator(cast)
    hold("tilgang.andre", cast.units["ward"])
    with open_gate(ADMIN):
        start_password_give(user=nurse, reason="Glemt")
        with pytest.raises(AuthorisationError, match="en annen administrator"):
            factor_remove(user=nurse, reason="Mistet telefonen")
    with second():
        factor_remove(user=nurse, reason="Mistet telefonen")
        with pytest.raises(AuthorisationError, match="en annen administrator"):
            start_password_give(user=nurse, reason="Glemt")
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(user_id=nurse).update(start_given_by=User.objects.get(username="tilgang.andre"))


def test_one_who_was_given_the_password_by_the_proposer_is_not_the_second_person(cast, open_gate):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_credential (user_id, password_params, totp_secret, pin_params, start_given_by_id) VALUES (%s, '', '', '', %s)",
            [cast[SECOND].id, cast[FIRST].id],
        )
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", 10, READ))
    with pytest.raises(RightsError, match="tredje administrator"):
        decide_as(open_gate, SECOND, made.proposed)


def test_licences_are_added_and_their_span_changed_with_what_stood_before_in_the_log(client_for, cast, log_rows):
    hold(ADMIN, cast.units["ward"])
    client, nurse = client_for(ADMIN), cast[NURSE].id
    address = f"/register/person/{nurse}/"
    added = client.post(address + "godkjenning/", {"profession": "psychologist", "number": "9333444", "from": "", "to": "", "reason": "Ny utdanning"})
    assert added.headers["Location"] == address + "?gjort=godkjenning"
    licence = Licence.objects.get(user_id=nurse, profession="psychologist")
    path = f"{address}godkjenning/{licence.id}/"
    assert client.post(path, {"from": "01.11.2026", "to": "01.10.2026", "reason": "x"}).status_code == 422
    assert client.post(path, {"from": "01.11.2026", "to": "30.11.2026", "reason": "Midlertidig"}).status_code == 302
    assert 'value="30.11.2026"' in client.get(path).content.decode()
    assert "30.11.2026" in client.get(address).content.decode()
    assert re.search(r"Midlertidig \[psychologist: .*–.* → 01.11.2026–", log_rows(action="licence_change")[0]["reason"])
    assert client.get(f"{address}godkjenning/{nurse}/").status_code == 404


def test_one_without_a_role_is_closed_by_any_administrator(client_for, cast):
    create(client_for(ADMIN))
    user = User.objects.get(username=FORM["username"])
    assert client_for(ADMIN).post(f"/register/person/{user.id}/slutter/", {"reason": "Kom aldri"}).status_code == 302
    user.refresh_from_db()
    assert not user.is_active
    other, _ = hire("egen.enhet", "lms_nurse", cast.units["ward"])
    assert client_for(ADMIN).get(f"/register/person/{other}/slutter/").status_code == 404
