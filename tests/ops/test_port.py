"""Who was on duty in a unit: what access asks, answered by the shift plan."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from ops.models import Party, Roster, RosterLevel, Shift

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def on_duty(unit, at):
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.on_duty(%s, %s), gate.roster_known()", [unit, at])
        return cursor.fetchone()


def test_without_a_plan_nothing_is_known(cast):
    assert on_duty(cast.units["ward"], datetime.now(UTC)) == (None, False)


def test_the_plan_of_the_unit_answers_for_the_time_it_was_made_for(cast, client_for):
    now = datetime.now(UTC)
    plan = Roster.objects.create(name="Turnus", unit_id=cast.units["ward"], published_to=now + 30 * DAY)
    nurse = Party.objects.create(kind="person", name="Ingrid", phone="1", user_id=cast["lms.sykepleier"].id)
    doctor = Party.objects.create(kind="person", name="Jonas", phone="2", user_id=cast["lms.lege"].id)
    for level, party in ((1, nurse), (2, doctor)):
        RosterLevel.objects.create(roster=plan, number=level, name=party.name)
        Shift.objects.create(roster=plan, level=level, span=(now - DAY, now + DAY), party=party)
    people, known = on_duty(cast.units["ward"], now)
    assert set(people) == {cast["lms.sykepleier"].id, cast["lms.lege"].id} and known
    assert on_duty(cast.units["ward"], now + 2 * DAY)[0] == []
    assert on_duty(cast.units["ward"], now - 2 * DAY)[0] is None
    assert on_duty(cast.units["aas_home"], now)[0] is None
    assert "Du har vakt her nå" in client_for("lms.sykepleier").get("/rolle/").content.decode()
