"""A municipality leaves: closed at midnight in Norway, nothing left hanging, its records copied whole and read in elsewhere as they stood."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from access import gate as gates
from access.models import CommunityChange, User
from access.selectors.community import KEPT
from access.services import community as acting
from access.services.community import CommunityError
from journal.models import CriticalInfo, Note, ServiceDecision, Task, Visit
from journal.tasks import carry_out_exits
from lms_epj.core.clock import oslo_date, start_of_day

pytestmark = pytest.mark.django_db
ADMIN, CUSTODIAN, NURSE, WARD = "tilgang.admin", "journalansvarlig", "aas.hjemmesykepleier", "lms.sykepleier"
SECOND = timedelta(seconds=1)


def sees(open_gate: Any, user: str, patient: Any, model: type, row: str) -> bool:
    try:
        with open_gate(user, patient=patient.id):
            return model.objects.filter(id=patient.rows[row]).exists()
    except gates.Refusal:
        return False


def test_at_midnight_in_norway_the_leaver_and_the_others_part(cast, open_gate, leave, at):
    change = leave(stay_open=10)
    at(change.effective_at - SECOND)
    assert sees(open_gate, NURSE, cast.anna, CriticalInfo, "criticalinfo"), "what the ward has charted, on the last evening"
    assert sees(open_gate, "lms.lege", cast.blocked, CriticalInfo, "criticalinfo"), "what Ås has charted"
    at(change.effective_at)
    assert not sees(open_gate, NURSE, cast.anna, CriticalInfo, "criticalinfo")
    assert not sees(open_gate, "lms.lege", cast.blocked, CriticalInfo, "criticalinfo")
    assert sees(open_gate, NURSE, cast.kari, Note, "note"), "its own it reads until its units close"
    assert sees(open_gate, WARD, cast.anna, Note, "note"), "the centre keeps what it charted"
    at(change.closes_at - SECOND)
    assert sees(open_gate, NURSE, cast.kari, Note, "note")
    at(change.closes_at)
    assert not sees(open_gate, NURSE, cast.kari, Note, "note"), "closed by the date itself, before anything was swept"


def dangling(cast: Any, change: CommunityChange) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, count(*) FROM gate.exit_dangling(%s, %s) GROUP BY 1", [cast.entities["aas"], change.closes_at])
        return dict(cursor.fetchall())


def test_nothing_is_left_hanging(cast, leave, at, as_app):
    change = leave()
    found = dangling(cast, change)
    assert {"authorisation", "account", "session", "measure", "service", "visit", "task", "draft"} <= found.keys()
    at(change.closes_at - SECOND)
    with as_app():
        assert carry_out_exits() == 0, "not before its time"
    at(change.closes_at)
    with as_app():
        assert carry_out_exits() == 1
        assert carry_out_exits() == 0
    assert dangling(cast, change).keys() <= set(KEPT)
    change.refresh_from_db()
    assert change.details["handled"] == found
    assert ServiceDecision.objects.get(id=cast.kari.rows["servicedecision"]).ends_at == change.closes_at
    assert Visit.objects.get(id=cast.kari.rows["visit"]).status == "cancelled"
    assert "meldt ut" in Task.objects.get(id=cast.kari.rows["task"]).outcome
    assert not User.objects.get(username=NURSE).is_active
    both = User.objects.get(username="aas.to_roller")
    assert both.is_active, "works on the ward too"
    assert Task.objects.get(id=cast.anna.rows["task"]).cancelled_at is None
    assert Note.objects.get(id=cast.kari.rows["draft"]).state == "DRAFT"


def test_one_who_has_begun_to_leave_cannot_be_called_back(cast, open_gate, leave, at):
    change = leave(stay_open=5)
    at(change.effective_at)
    with open_gate(ADMIN) as gate, pytest.raises(CommunityError, match="begynt"):
        acting.change_cancel(gate=gate, change=change.id, reason="Ombestemt")


def test_the_host_does_not_leave(cast, open_gate):
    with open_gate(ADMIN) as gate:
        day = start_of_day(oslo_date(gate.now) + timedelta(days=9))
        with pytest.raises(CommunityError, match="vert"):
            acting.exit_plan(
                gate=gate, community=cast.community, entity=cast.entities["nordre_follo"], valid_from=day, closes_at=day, rule="own", reason="Vedtak"
            )
