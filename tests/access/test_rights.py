"""What roles may do is changed with a reason: what takes away at once and everywhere, what gives by two who are not the same and do not gain."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from access import gate
from access.models import AccessAuthorisation, RightsChange, RoleRight, RoleTemplate
from access.selectors import rights as selectors
from access.services.rights import RightsError, rights_decide, rights_propose
from journal.models import Note
from tests.access.rights_desk import CHART, FIRST, PRINT, READ, SECOND, bring_about, cell, decide_as, propose, state_of
from tests.journal.on_paper import press

pytestmark = pytest.mark.django_db
NURSE, NURSING, MENTAL = "lms.sykepleier", 7, 10


def test_what_takes_away_is_in_force_at_once_in_every_channel(cast, open_gate, client_for):
    client, note = client_for(NURSE, HTTP_ACCEPT="*/*"), str(cast.anna.rows["note"])
    base = f"/pasient/{cast.anna.id}/"
    pages = (base, f"{base}journal/", f"/api/v1/patients/{cast.anna.id}/notes/")
    assert all(note in client.get(page).content.decode() for page in pages)
    assert press(client, cast[NURSE].id, cast.anna.id, what="note", note=note).status_code == 200
    bring_about(open_gate, cell("lms_nurse", "ADMITTED", NURSING, 0))
    assert not any(note in client.get(page).content.decode() for page in pages)
    assert client.get(f"{base}journal/{note}/").status_code == 404
    assert press(client, cast[NURSE].id, cast.anna.id, what="note", note=note).status_code == 404
    with open_gate(NURSE, patient=cast.anna.id):
        assert not Note.objects.filter(id=note).exists()


def test_losing_every_category_takes_the_patient_out_of_lists_and_search(cast, open_gate, client_for):
    client = client_for("frogn.hjemmesykepleier")
    assert cast.foreign.family_name in client.get("/pasienter/").content.decode()
    standing = RoleRight.objects.filter(role__code="home_nurse", template__code="SERVICE_HEALTH", valid_to=None)
    bring_about(open_gate, *(cell("home_nurse", "SERVICE_HEALTH", row.category_id, 0) for row in standing))
    assert cast.foreign.family_name not in client.get("/pasienter/").content.decode()
    assert cast.foreign.family_name not in client.post("/pasienter/sok/", {"q": "frognmyr"}).content.decode().replace('value="frognmyr"', "")
    assert client.get(f"/pasient/{cast.foreign.id}/").status_code == 404


def test_what_gives_waits_for_a_second_administrator(cast, open_gate, log_rows):
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, READ), reason="Kriseplaner på posten")
    assert made.in_force is None
    assert MENTAL not in readable(open_gate, cast)
    with pytest.raises(RightsError, match="foreslo endringen selv"):
        decide_as(open_gate, FIRST, made.proposed)
    decide_as(open_gate, SECOND, made.proposed)
    assert state_of(made.proposed) == "in_force"
    assert MENTAL in readable(open_gate, cast)
    with pytest.raises(RightsError, match="avgjort fra før"):
        decide_as(open_gate, SECOND, made.proposed)
    assert log_rows(action="rights_propose")[0]["reason"] == "Kriseplaner på posten"
    assert log_rows(action="rights_approve")[0]["user_id"] == cast[SECOND].id


def readable(open_gate, cast):
    from access.domain.decide import categories

    with open_gate(NURSE, patient=cast.anna.id) as opened:
        return categories(opened.known)


def test_a_cell_that_gives_and_takes_is_split(cast, open_gate):
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", 4, READ | 32))
    assert made.in_force
    assert made.proposed
    assert cell("lms_nurse", "ADMITTED", 4, 0).before == READ
    decide_as(open_gate, SECOND, made.proposed)
    assert cell("lms_nurse", "ADMITTED", 4, 0).before == READ | 32


def test_nobody_approves_what_the_person_gains_by(cast, open_gate):
    AccessAuthorisation.objects.create(
        user_id=cast[SECOND].id, role=RoleTemplate.objects.get(code="lms_nurse"), unit_id=cast.units["ward"], valid_from=gate_now() + timedelta(days=7),
        reason="Begynner neste uke",
    )  # fmt: skip
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, READ))
    with pytest.raises(RightsError, match="får mer av endringen"):
        decide_as(open_gate, SECOND, made.proposed)
    decide_as(open_gate, SECOND, made.proposed, "reject", "Jeg får rollen selv")
    assert state_of(made.proposed) == "rejected"


def gate_now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.clock()")
        return cursor.fetchone()[0]


def test_rejecting_needs_a_reason_and_only_the_proposer_withdraws(cast, open_gate):
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, READ))
    with pytest.raises(RightsError, match="hvorfor"):
        decide_as(open_gate, SECOND, made.proposed, "reject")
    with pytest.raises(RightsError, match="Bare den som foreslo"):
        decide_as(open_gate, SECOND, made.proposed, "withdraw")
    decide_as(open_gate, FIRST, made.proposed, "withdraw")
    assert state_of(made.proposed) == "withdrawn"
    assert cell("lms_nurse", "ADMITTED", MENTAL, 0).before == 0


def test_what_was_seen_must_still_stand(cast, open_gate):
    wish = cell("lms_nurse", "ADMITTED", MENTAL, READ)
    waiting = propose(open_gate, wish)
    bring_about(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, PRINT))
    with pytest.raises(RightsError, match="endret siden"):
        decide_as(open_gate, SECOND, waiting.proposed)
    with pytest.raises(RightsError, match="Noen andre"):
        propose(open_gate, wish)
    with pytest.raises(RightsError, match="Ingenting"):
        propose(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, PRINT))
    with pytest.raises(RightsError, match="hvorfor"):
        propose(open_gate, wish, reason="  ")


@pytest.mark.parametrize("actions", [2, 4, 5, 128, -1])
def test_a_set_of_actions_that_makes_no_sense_is_refused_by_the_database(cast, open_gate, actions):
    with open_gate(FIRST), pytest.raises(DatabaseError), transaction.atomic():
        rights_propose(cells=[cell("lms_nurse", "ADMITTED", MENTAL, actions)], reason="Prøve")


@pytest.mark.parametrize("username", [NURSE, "logg.kontroll", "journalansvarlig", "drift"])
def test_none_but_administrators_ask_or_change(cast, open_gate, client_for, username):
    wish = cell("lms_nurse", "ADMITTED", MENTAL, READ)
    made = propose(open_gate, wish)
    acts = (
        lambda: selectors.matrix(wish.role), lambda: selectors.effect([wish]), selectors.changes, lambda: selectors.history(wish.role),
        lambda: selectors.people(wish.role), lambda: rights_propose(cells=[wish], reason="Prøve"),
        lambda: rights_decide(change=made.proposed, verdict="approve"), lambda: gate.call("category_new", "Skjult", False, "Prøve"),
        lambda: gate.call("role_new", "skjult", "Skjult", "", wish.role, "Prøve"),
        lambda: gate.call("document_type_save", "skjult", "Skjult", 7, [], "[]", "Prøve"),
    )  # fmt: skip
    for act in acts:
        with open_gate(username), pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert client_for(username).get("/roller/").status_code == 404
    assert state_of(made.proposed) == "proposed"


def test_the_database_itself_asks_for_two(cast, open_gate):
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", MENTAL, READ))
    change = RightsChange.objects.filter(id=made.proposed)
    with pytest.raises(DatabaseError), transaction.atomic():
        change.update(state="in_force", decided_by_id=cast[FIRST].id, decided_at=gate_now())
    with pytest.raises(DatabaseError), transaction.atomic():
        change.update(widens=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        change.delete()


def test_the_past_of_the_matrix_cannot_be_rewritten(cast, open_gate):
    right = RoleRight.objects.filter(role__code="lms_nurse", template__code="ADMITTED", category_id=NURSING)
    for act in (lambda: right.update(actions=1), lambda: right.update(valid_from=gate_now()), right.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    right.update(valid_to=gate_now())
    with pytest.raises(DatabaseError), transaction.atomic():
        right.update(valid_to=None)


def test_the_application_touches_no_right_by_itself(as_app):
    for statement in ("SELECT 1 FROM access_roleright", "UPDATE access_roleright SET actions = 127", "SELECT 1 FROM access_rightschange",
                      "INSERT INTO access_infocategory VALUES (20, 'Ny', false)", "UPDATE access_roletemplate SET administers_access = true",
                      "SELECT gate.rights_apply(gen_random_uuid(), '[]', now())"):  # fmt: skip
        with as_app(), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_matrix_answers_for_the_past_and_history_says_who_and_why(cast, open_gate):
    wish = cell("lms_nurse", "ADMITTED", NURSING, READ)
    bring_about(open_gate, wish)
    with open_gate(FIRST) as opened:
        assert selectors.matrix(wish.role)[wish.template, NURSING] == READ
        assert selectors.matrix(wish.role, opened.now - timedelta(days=1))[wish.template, NURSING] == CHART
        changed, start = selectors.history(wish.role, wish.template, NURSING)
    assert (changed["before"], changed["after"], changed["reason"]) == (CHART, READ, "Prøve av rettigheter")
    assert changed["proposed_by"] == "Tor Kristian Bakke"
    assert (start["after"], start["change_id"]) == (CHART, None)
