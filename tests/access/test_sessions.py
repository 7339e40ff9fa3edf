"""Sessions as the database judges them, without a page in between: throttle, lock, PIN, hand-over, role, and worthless old secrets."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from access import gate
from access.models import Session
from access.services.secrets import credential_set, password_candidate, slow_hash
from tests.cast import DEVICE, PASSWORD, PIN

pytestmark = pytest.mark.django_db

USER = "aas.to_roller"
NEW, UNLOCKED = "ny økt", "etter lås"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def known(cast):
    """The person has a password and a PIN."""
    credential_set(user_id=cast[USER].id, password=PASSWORD, pin=PIN, using="default")
    return cast


def login(as_app, password: str = PASSWORD, *, user: str = USER, secret: str = NEW, address: str = "10.0.0.1") -> str:
    with as_app():
        return gate.call("login", user, password_candidate(user, password), secret, DEVICE, "Testmaskin", address)["state"]


def state(as_app, secret: str) -> str:
    with as_app():
        return gate.read_facts(secret, active=False)["state"]


def call(as_app, function: str, *arguments):
    with as_app():
        return gate.call(function, *arguments)


def pin_try(as_app, cast, pin: str, secret: str = UNLOCKED, device: str = DEVICE) -> dict:
    with as_app():
        rows = gate.rows("locked_here", DEVICE)
        params = next((row["pin_params"] for row in rows if row["session_id"] == cast[USER].session_id), "")
        candidate = slow_hash(pin, params) if params else "00"
        return gate.call("unlock", device, cast[USER].session_id, candidate, secret)


def test_login_opens_a_session_and_waits_for_a_second_factor(known, as_app):
    assert login(as_app) == "ok"
    assert state(as_app, NEW) == "second_factor"
    assert state(as_app, "noe annet") == "none"


def test_five_wrong_tries_for_a_name_wait_a_quarter(known, as_app, set_clock):
    set_clock(now := datetime.now(UTC))
    assert [login(as_app, "feil") for _ in range(5)] == ["wrong"] * 5
    assert login(as_app) == "wait"
    set_clock(now + 14 * MINUTE)
    assert login(as_app) == "wait"
    set_clock(now + 16 * MINUTE)
    assert login(as_app) == "ok"


def test_a_right_try_forgets_the_wrong_ones(known, as_app):
    assert [login(as_app, "feil") for _ in range(4)] == ["wrong"] * 4
    assert login(as_app) == "ok"
    assert login(as_app, "feil", secret="x") == "wrong"
    assert login(as_app, secret="en til") == "ok"


def test_thirty_wrong_tries_from_an_address_wait_for_every_name(known, as_app):
    for number in range(30):
        assert login(as_app, "feil", user=f"ukjent{number}") == "wrong"
    assert login(as_app) == "wait"
    assert login(as_app, address="10.0.0.2") == "ok"


def test_unknown_names_have_parameters_of_their_own_that_stay(known, as_app):
    first, again, other = (call(as_app, "password_params", name) for name in ("ukjent", "ukjent", "også ukjent"))
    assert first == again != other
    assert first.split("$")[0] == call(as_app, "password_params", USER).split("$")[0]


def test_an_inactive_person_can_not_log_in_and_loses_the_session(known, as_app):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_user SET is_active = false WHERE id = %s", [known[USER].id])
    assert login(as_app) == "wrong"
    assert state(as_app, known[USER].secret) == "none"


@pytest.mark.parametrize("change", [{"ended_at": datetime(2026, 1, 1, tzinfo=UTC)}, {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_an_ended_or_expired_session_opens_nothing(known, as_app, change):
    Session.objects.filter(pk=known[USER].session_id).update(**change)
    assert state(as_app, known[USER].secret) == "none"
    answer = call(as_app, "enter", known[USER].secret, 1, [known.kari.id], '{"action": "read"}')
    assert (answer["state"], answer["granted"]) == ("none", [])


def test_idle_session_is_locked_and_opens_nothing_until_the_pin(known, as_app, set_clock):
    set_clock(datetime.now(UTC) + timedelta(seconds=200))
    assert state(as_app, known[USER].secret) == "locked"
    assert call(as_app, "enter", known[USER].secret, 1, [known.kari.id], '{"action": "read"}')["granted"] == []
    assert pin_try(as_app, known, PIN)["state"] == "ok"
    assert state(as_app, UNLOCKED) == "ok"
    assert state(as_app, known[USER].secret) == "none"  # the old cookie is worth nothing


def test_five_wrong_pins_end_the_session(known, as_app):
    call(as_app, "lock", known[USER].secret)
    assert [pin_try(as_app, known, "9999").get("left") for _ in range(4)] == [4, 3, 2, 1]
    assert pin_try(as_app, known, "9999")["state"] == "ended"
    assert pin_try(as_app, known, PIN)["state"] == "ended"
    assert state(as_app, known[USER].secret) == "none"


def test_the_pin_opens_on_its_own_device_only(known, as_app):
    call(as_app, "lock", known[USER].secret)
    assert pin_try(as_app, known, PIN, device="en annen maskin")["state"] == "ended"
    assert pin_try(as_app, known, PIN)["state"] == "ok"


def test_an_open_session_is_not_unlocked(known, as_app):
    assert pin_try(as_app, known, PIN)["state"] == "ended"
    assert state(as_app, known[USER].secret) == "ok"


def test_hand_over_ends_ones_own_locked_session_and_leaves_the_others(known, as_app):
    call(as_app, "lock", known[USER].secret)
    call(as_app, "lock", known["lms.lege"].secret)
    assert login(as_app) == "ok"
    call(as_app, "settle_login", NEW)
    assert Session.objects.get(pk=known[USER].session_id).ended_at is not None
    assert Session.objects.get(pk=known["lms.lege"].session_id).ended_at is None


def test_role_switch_changes_what_is_seen(known, as_app, open_gate):
    person = known[USER]
    with pytest.raises(gate.Refusal), open_gate(USER, patient=known.kari.id, category=10):
        pass
    with open_gate(USER, patient=known.kari.id):
        pass
    assert call(as_app, "choose_role", person.secret, person.authorisations["lms_nurse"], '{"action": "choose_role"}') is True
    with pytest.raises(gate.Refusal), open_gate(USER, patient=known.kari.id):
        pass
    with open_gate(USER, patient=known.anna.id) as opened:
        assert opened.role["code"] == "lms_nurse"


def test_another_persons_role_is_refused(known, as_app):
    other = known["lms.lege"].authorisation_id
    assert call(as_app, "choose_role", known[USER].secret, other, '{"action": "choose_role"}') is False
    Session.objects.filter(pk=known[USER].session_id).update(authorisation_id=other)  # as if it had been let through
    with as_app():
        assert gate.read_facts(known[USER].secret)["authorisation"] is None
        assert gate.call("enter", known[USER].secret, 1, [known.anna.id], '{"action": "read"}')["state"] == "no_role"


def test_an_ended_role_is_refused(known, as_app, set_clock):
    sluttet = known["sluttet"]
    assert call(as_app, "choose_role", sluttet.secret, sluttet.authorisation_id, '{"action": "choose_role"}') is False
    assert call(as_app, "enter", sluttet.secret, 1, [known.kari.id], '{"action": "read"}')["state"] == "no_role"


def test_logged_out_is_over(known, as_app):
    call(as_app, "logout", known[USER].secret)
    assert state(as_app, known[USER].secret) == "none"


def test_secrets_are_not_stored(known):
    session = Session.objects.get(pk=known[USER].session_id)
    assert known[USER].secret.encode() not in bytes(session.secret_hash)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM access_credential c WHERE user_id = %s", [known[USER].id])
        stored = cursor.fetchone()[0]
    assert PASSWORD not in stored
    assert PASSWORD.encode().hex() not in stored
