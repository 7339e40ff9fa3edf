"""One who has a live link and nothing else, at every address there is: what was put before that guest is all that comes out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from access.domain.codes import Action, Category
from access.routes import all_routes
from telemed.models import Booking, Participant
from telemed.services import sessions
from telemed.services.bookings import Guest, booking_for_patient
from tests.cast import PATIENTS, marker_of
from tests.gate.test_routes import path_for, rule_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NURSE = "lms.sykepleier"
WRITE = {"action": Action.WRITE, "category": Category.LOGISTICS}
NOTE = f"{marker_of('anna')} note"


@pytest.fixture
def session(open_gate, cast, room, wish):
    """Anna's session with both guests let in and one note shown: (part, {kind: secret})."""
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        guests = [Guest("Lungelege i vakt", "Ahus"), Guest("Anna", kind="patient")]
        part = booking_for_patient(
            gate=gate, patient=cast.anna.id, wish=wish(gate.now + timedelta(minutes=5), room, guests=guests, minutes=15), aim="Blir?"
        )
        people = {one.kind: one for one in Participant.objects.filter(booking=part.booking).exclude(kind="staff")}
        secrets = {kind: sessions.guest_link(participant=one) for kind, one in people.items()}
        sessions.session_open(gate=gate, booking=part.booking)
        sessions.share(part=part, entries=[cast.anna.rows["note"]])
    for kind, secret in secrets.items():
        with connection.cursor() as cursor:
            cursor.execute("SELECT gate.guest_knock(%s)", [secret])
        with open_gate(NURSE, patient=cast.anna.id, **WRITE):
            sessions.guest_admit(participant=people[kind], let_in=True)
    return part, secrets


@pytest.mark.parametrize("kind", ["external", "patient"])
def test_a_guest_reaches_what_was_given_and_nothing_else(kind, session, open_gate, cast, client_for):
    part, secrets = session
    client = client_for(None)
    # The link's secret also where a session's would be.
    for name in ("epj_session", "epj_device"):
        client.cookies[name] = secrets[kind]
    words = [word for key in PATIENTS for word in cast.patients[key].markers]

    def tried(*, public_only=False):
        found = {}
        for route, pattern in all_routes():
            public = rule_of(pattern).subject == "public"
            if public_only and not public:
                continue
            address = path_for(route, cast.anna).replace("not-a-secret", secrets[kind]).replace("nobodys", part.booking.room)
            # As JSON, so that what takes a signed body gets to read it.
            answers = [client.get(address)] + ([client.post(address, {}, content_type="application/json")] if public else [])
            for answer in answers:
                text = answer.content.decode(errors="replace") if not answer.streaming else ""
                if not public:
                    assert answer.status_code in (302, 401, 403, 404, 405), (pattern.name, answer.status_code)
                leaks = [word for word in words if word in text]
                if leaks:
                    found[pattern.name] = text
        return found

    shown = tried()
    if kind == "patient":
        assert shown == {}
    else:
        assert shown.keys() == {"guest_material"} and NOTE in shown["guest_material"]
        rest = shown["guest_material"].replace(NOTE, "")
        assert not [word for word in words if word in rest]
    with open_gate(NURSE, patient=cast.anna.id, **WRITE) as gate:
        sessions.session_close(gate=gate, booking=Booking.objects.get(pk=part.booking_id))
    assert "Timen er over" in client.get(reverse("guest", args=[secrets[kind]])).content.decode()
    assert tried(public_only=True) == {}
