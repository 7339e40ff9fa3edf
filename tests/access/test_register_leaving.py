"""The unit's leader goes through who holds a role there, and closes one who leaves in one act (R23)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from access.gate import call
from access.models import AccessAuthorisation, Departure, ReapprovalCycle, ReapprovalDecision, Session, User
from access.selectors.register import unit_staff
from access.services.authorisations import AuthorisationError
from access.services.leaving import leaving_close, leaving_undo, reapproval_start, reapprove
from access.tasks import open_reapprovals
from journal.models import Note, Task
from tests.access.staff import hire, hold, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(cast, open_gate):
    hold("tilgang.admin", cast.units["ward"])
    with open_gate("tilgang.admin") as gate:
        reapproval_start(unit=cast.units["ward"], due_at=gate.now + timedelta(days=14))
    return ReapprovalCycle.objects.get()


def test_what_is_due_opens_by_itself_and_only_once(cast, as_app):
    with as_app():
        first, again = open_reapprovals(), open_reapprovals()
    assert first > 3
    assert again == 0
    assert ReapprovalCycle.objects.filter(unit=cast.units["ward"], closed_at=None).count() == 1


def test_the_leader_answers_for_all_but_oneself_and_the_cycle_closes_with_the_last(cast, cycle, open_gate):
    ward = cast.units["ward"]
    mine = cast["lms.leder"].authorisation_id
    with open_gate("lms.leder"):
        asked = [row["authorisation_id"] for row in unit_staff() if row["asked"]]
        ended = cast["lms.helsefag"].authorisation_id
        assert {mine, ended} <= set(asked)
        with pytest.raises(AuthorisationError, match="hvorfor"):
            reapprove(unit=ward, authorisations=[ended], approved=False)
        assert reapprove(unit=ward, authorisations=[ended], approved=False, reason="Sluttet på posten") == 1
        assert reapprove(unit=ward, authorisations=asked, approved=True) == len(asked) - 2
        with pytest.raises(AuthorisationError, match="Ingen roller"):
            reapprove(unit=ward, authorisations=[mine], approved=True)
    assert AccessAuthorisation.objects.get(id=ended).ended_reason == "Sluttet på posten"
    cycle.refresh_from_db()
    assert cycle.closed_at is None
    with open_gate("tilgang.admin"):
        reapprove(unit=ward, authorisations=[mine], approved=True)
    cycle.refresh_from_db()
    assert cycle.closed_at is not None
    assert ReapprovalDecision.objects.filter(cycle=cycle, approved=False).count() == 1


def test_others_answer_for_no_unit(cast, cycle, open_gate):
    held = cast["lms.lege"].authorisation_id
    for username, unit in (("lms.sykepleier", "ward"), ("lms.leder", "aas_home")):
        with open_gate(username), pytest.raises(PermissionDenied):
            reapprove(unit=cast.units[unit], authorisations=[held], approved=True)
    with open_gate("lms.sykepleier"), pytest.raises(DatabaseError, match="does not lead"), transaction.atomic():
        unit_staff()


def test_one_who_leaves_is_out_everywhere_at_once(cast, cycle, open_gate, client_for):
    leaver = cast["lms.sykepleier"]
    nurse = client_for("lms.sykepleier")
    assert nurse.get("/tavle/").status_code == 200
    with open_gate("lms.leder"):
        with pytest.raises(AuthorisationError, match="hvorfor"):
            leaving_close(user=leaver.id, reason=" ")
        before = call("leaving_preview", leaver.id)
        closed = leaving_close(user=leaver.id, reason="Sluttet 30.11.")
    assert closed["closed"] is True
    assert [one["role"] for one in closed["ends"]] == ["Sykepleier"]
    assert before["work"] == closed["work"]
    assert nurse.get("/tavle/")["Location"].startswith("/logg-inn/")
    assert not User.objects.get(id=leaver.id).is_active
    assert not Session.objects.filter(user=leaver.id, ended_at=None).exists()
    assert AccessAuthorisation.objects.get(id=leaver.authorisation_id).ended_by_id == cast["lms.leder"].id
    assert Departure.objects.get(user=leaver.id).open_work == closed["work"]


def test_what_is_left_undone_is_counted(cast, open_gate):
    """Who charts the ward's patients in the cast has a draft; a task and an unsigned note are given to the nurse."""
    nurse = cast["lms.sykepleier"].id
    Task.objects.filter(id=cast.anna.rows["task"]).update(for_user_id=nurse)
    with open_gate("lms.leder"):
        work = call("leaving_preview", nurse)["work"]
    assert work["tasks"] == 1
    assert work["drafts"] == Note.objects.filter(author_id=nurse, state="DRAFT").count() >= 1


def test_a_leader_closes_the_own_legal_entity_only(cast, open_gate):
    both = cast["aas.to_roller"]
    with open_gate("lms.leder"):
        closed = leaving_close(user=both.id, reason="Slutter på LMS")
    assert closed["closed"] is False
    assert [one["entity"] for one in closed["stays"]] == ["Ås kommune"]
    assert User.objects.get(id=both.id).is_active
    assert AccessAuthorisation.objects.get(id=both.authorisations["home_nurse"]).valid_to is None
    assert AccessAuthorisation.objects.get(id=both.authorisations["lms_nurse"]).valid_to is not None
    with open_gate("lms.leder"), pytest.raises(PermissionDenied):
        leaving_close(user=both.id, reason="En gang til")


def test_no_one_closes_oneself_or_a_stranger(cast, open_gate, client_for):
    for user in (cast["lms.leder"].id, cast["frogn.hjemmesykepleier"].id):
        with open_gate("lms.leder"), pytest.raises(PermissionDenied):
            leaving_close(user=user, reason="Nei")
    assert client_for("lms.leder").get(f"/enhet/person/{cast['frogn.hjemmesykepleier'].id}/").status_code == 404
    assert client_for("lms.sykepleier").get("/enhet/").status_code == 404


def test_one_who_left_is_taken_in_again_without_a_role(cast, open_gate):
    user, held = hire("ward.vikar", "lms_nurse", cast.units["ward"])
    log_in(user, held, "vikar")
    with open_gate("lms.leder"):
        leaving_close(user=user, reason="Vikariatet er over")
    with open_gate("tilgang.admin"):
        leaving_undo(user=user, reason="Ny kontrakt")
        with pytest.raises(AuthorisationError, match="ikke registrert som sluttet"):
            leaving_undo(user=user, reason="Ny kontrakt")
    assert User.objects.get(id=user).is_active
    assert AccessAuthorisation.objects.get(id=held).valid_to is not None


def test_the_pages_of_the_leader(cast, cycle, client_for):
    leader, nurse = client_for("lms.leder"), cast["lms.sykepleier"]
    page = leader.get("/enhet/").content.decode()
    assert "Solberg Haugen, Ingrid" in page
    assert "Av administrator" in page
    assert leader.get(f"/enhet/person/{nurse.id}/").status_code == 200
    assert leader.get(f"/enhet/rolle/{nurse.authorisation_id}/avslutt/").status_code == 200
    assert leader.post("/enhet/godkjenn/", {"authorisation": str(nurse.authorisation_id)})["Location"] == "/enhet/?gjort=godkjent"
    assert leader.get(f"/enhet/rolle/{nurse.authorisation_id}/avslutt/").status_code == 404
    assert leader.post("/enhet/godkjenn/", {})["Location"] == "/enhet/?gjort=alle"
    assert leader.post(f"/enhet/person/{nurse.id}/slutter/", {"reason": ""}).status_code == 422
    assert leader.post(f"/enhet/person/{nurse.id}/slutter/", {"reason": "Slutter"})["Location"] == "/enhet/?gjort=sluttet"


def test_each_act_is_in_the_log(cast, cycle, open_gate, log_rows):
    with open_gate("lms.leder"):
        leaving_close(user=cast["lms.sykepleier"].id, reason="Sluttet 30.11.")
    assert log_rows(action="reapproval_start")[0]["user_id"] == cast["tilgang.admin"].id
    row = log_rows(action="leaving_close")[0]
    assert (row["user_id"], row["reason"]) == (cast["lms.leder"].id, "Sluttet 30.11.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auditlog_entry WHERE action = 'leaving_close' AND patient_id IS NOT NULL")
        assert cursor.fetchone()[0] == 0
