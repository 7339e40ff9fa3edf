"""Holes that were looked for by hand and shut, each test the attempt that once worked: one's own rights, and what is blocked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.types.json import Jsonb

from access import gate
from access.domain.codes import Action
from access.models import (
    AccessAuthorisation,
    AccessBlock,
    Course,
    DecidedMeasure,
    RequiredCourse,
    RightsChange,
    RoleTemplate,
)  # fmt: skip
from access.services.rights import RightsError, rights_decide
from journal.models import Task
from tests.access.blocking import readable, refused
from tests.access.rights_desk import FIRST, READ, SECOND, cell, propose
from tests.cast import identify

pytestmark = pytest.mark.django_db
REFUSED, CHECK = "42501", "23514"
NURSE, DOCTOR, HOME, ADMIN, TWO = "lms.sykepleier", "lms.lege", "aas.hjemmesykepleier", "tilgang.admin", "aas.to_roller"
MINUTE = timedelta(minutes=1)
# The first version of a note of one's own.
VERSION = (
    "INSERT INTO journal_noteversion (id, patient_id, category, document_type_id, unit_id, legal_entity_id, author_id, event_at, recorded_at,"
    " note_id, origin_id, number, title, content, state, reason) SELECT gen_random_uuid(), patient_id, category, document_type_id, unit_id,"
    " legal_entity_id, author_id, event_at, now(), id, {origin}, 1, title, content, '{state}', '' FROM journal_note WHERE id = %s"
)


def error_of(statement: str, *parameters: Any) -> str:
    """Code of the error, or '' when a row was changed; what was changed stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            assert cursor.rowcount == 1
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


def hold(cast: Any, user: str, role: str, unit: str) -> AccessAuthorisation:
    """One role more for a person, since yesterday."""
    return AccessAuthorisation.objects.create(
        id=uuid4(), user_id=cast[user].id, role=RoleTemplate.objects.get(code=role), unit_id=cast.units[unit],
        valid_from=datetime.now(UTC) - timedelta(days=1), reason="Ekstra rolle",
    )  # fmt: skip


def copied(open_gate: Any, source: str, code: str = "kopi") -> RoleTemplate:
    with open_gate(ADMIN):
        gate.call("role_new", code, "Kopiert rolle", "", RoleTemplate.objects.get(code=source).id, "Ny rolle")
    return RoleTemplate.objects.get(code=code)


# --- One's own rights ---


def test_a_copied_role_demands_the_courses_of_the_role_it_was_made_of(cast, open_gate):
    """Taking a demand away takes two; a copy without it would have taken one."""
    course = Course.objects.create(id=uuid4(), code="hlr", name="HLR", registered_at=datetime.now(UTC))
    with open_gate(ADMIN):
        gate.call("course_demand", RoleTemplate.objects.get(code="lms_nurse").id, course.id, datetime.now(UTC))
    copy = copied(open_gate, "lms_nurse")
    assert RequiredCourse.objects.filter(role=copy, course=course, valid_to=None).exists()


def test_a_copied_role_is_hit_by_the_blocks_against_the_role_it_was_made_of(cast, open_gate):
    nurse = RoleTemplate.objects.get(code="lms_nurse")
    AccessBlock.objects.create(
        id=uuid4(), patient_id=cast.anna.id, scope="record", target="role", target_id=nurse.id, wish_of="Pasienten",
        registered_at=datetime.now(UTC), valid_from=datetime.now(UTC) - MINUTE,
    )  # fmt: skip
    assert cast.anna.rows["note"] not in readable(open_gate, NURSE, cast.anna.id)
    copy = copied(open_gate, "lms_nurse")
    with connection.cursor() as cursor:  # as owner: what giving the role would lead to
        cursor.execute(
            "SELECT count(*) FROM gate.blocks_for(%s, %s, %s, %s, now(), ARRAY[%s::uuid])",
            [cast[NURSE].id, copy.id, cast.units["ward"], cast.entities["lms"], cast.anna.id],
        )
        assert cursor.fetchone()[0] == 1


def test_an_older_approval_does_not_undo_a_correction_that_came_meanwhile(cast, open_gate, set_clock):
    """The approving request began first, waited for its turn, and judged by the moment it began."""
    began = datetime.now(UTC)
    set_clock(began - 5 * MINUTE)
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", 4, READ | 16 | 32))
    assert made.proposed
    set_clock(began + MINUTE)
    propose(open_gate, cell("lms_nurse", "ADMITTED", 4, 1))
    set_clock(began)
    with pytest.raises(RightsError), open_gate(SECOND):
        rights_decide(change=made.proposed, verdict="approve", reason="")
    assert cell("lms_nurse", "ADMITTED", 4, 0).before == 1


@pytest.mark.parametrize("other", ["07", "7 ", "+7"])
def test_one_cell_does_not_stand_twice_in_a_change_in_another_spelling(cast, open_gate, other):
    one = cell("lms_nurse", "ADMITTED", 7, READ)
    row = {"role": str(one.role), "template": str(one.template), "before": one.before}
    cells = [row | {"category": "7", "after": 3}, row | {"category": other, "after": 1}]
    with open_gate(ADMIN):
        assert refused("rights_propose", Jsonb(cells), "Samme celle to ganger") == CHECK


def test_one_person_in_two_roles_or_units_is_not_two_administrators(cast, open_gate):
    made = propose(open_gate, cell("lms_nurse", "ADMITTED", 10, READ))
    other = hold(cast, FIRST, "access_admin", "custody")
    with open_gate(FIRST):
        pass
    gate.call("choose_role", cast[FIRST].secret, other.id, '{"request_id": "00000000-0000-0000-0000-000000000001", "action": "role"}')
    with pytest.raises(RightsError), open_gate(FIRST):
        rights_decide(change=made.proposed, verdict="approve", reason="")
    assert RightsChange.objects.get(id=made.proposed).state == "proposed"


def test_who_gains_by_it_does_not_take_a_demand_away(cast, open_gate):
    """The second person of the two must not be the one whom the demand holds back."""
    nurse = RoleTemplate.objects.get(code="lms_nurse")
    course = Course.objects.create(id=uuid4(), code="hlr", name="HLR", registered_at=datetime.now(UTC))
    with open_gate(FIRST):
        demand = gate.call("course_demand", nurse.id, course.id, datetime.now(UTC))
        assert gate.call("course_demand_end", demand) == "proposed"
    hold(cast, SECOND, "lms_nurse", "ward")
    with open_gate(SECOND):
        assert gate.call("course_demand_end", demand) == "refused"


@pytest.mark.parametrize("role", ["custodian", "log_reviewer", "lms_nurse", "access_admin"])
def test_an_administrator_makes_himself_nothing_by_a_copied_role(cast, open_gate, role):
    copy = copied(open_gate, role)
    unit, me, at = cast.units["it"], cast[ADMIN].id, datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guardian_userobjectpermission (permission_id, content_type_id, object_pk, user_id) SELECT id, content_type_id, %s, %s"
            " FROM auth_permission WHERE codename = 'administer_register' ON CONFLICT DO NOTHING",
            [str(unit), me],
        )
    with open_gate(ADMIN):
        assert refused("authorisation_give", me, copy.id, unit, at, None, "Til meg selv") == CHECK
        rows = [{"user": str(me), "role": str(copy.id), "unit": str(unit), "from": at.isoformat(), "reason": "x"}]
        assert refused("authorisations_import", Jsonb(rows), "meg.csv") == CHECK
        assert refused("holding_set", me, cast.units["ward"], True) == REFUSED
    assert not AccessAuthorisation.objects.filter(user_id=me, role=copy).exists()


def test_a_task_to_oneself_does_not_outlive_the_access_it_was_made_in(cast, open_gate):
    """Emergency access lasts an hour; a task in one's own name under another unit would have lasted until it was done."""
    with open_gate(NURSE):
        gate.call("open_emergency", cast.foreign.number, "acute", "Bevisstløs", Jsonb([{"categories": None, "since_days": None}]))
    with open_gate(NURSE, patient=cast.foreign.id, action=Action.WRITE) as opened:
        task = Task.objects.create(
            id=uuid4(), patient_id=cast.foreign.id, category_id=13, unit_id=opened.unit_id, legal_entity_id=opened.legal_entity_id,
            author_id=opened.user_id, event_at=opened.now, recorded_at=opened.now, title="x", due_at=opened.now + MINUTE,
            for_unit_id=cast.units["aas_home"], for_user_id=opened.user_id,
        )  # fmt: skip
        gate.call("task_changed", task.id)
    assert not DecidedMeasure.objects.filter(patient_id=cast.foreign.id, performer_id=cast[NURSE].id, template__code="TASK").exists()


# --- What is blocked ---


def test_a_block_is_not_lifted_by_the_one_it_hits_in_another_of_the_own_roles(cast, open_gate):
    hold(cast, ADMIN, "lms_nurse", "ward")
    block = identify("block", "blocked")
    with open_gate(ADMIN):
        assert gate.call("block_subject", cast.blocked.id)
        assert not [row for row in gate.rows("blocks_of", cast.blocked.id) if row["block_id"] == block]
        assert gate.call("blocks_lift", cast.blocked.id, block, None, "Pasienten") == 0
    assert AccessBlock.objects.get(id=block).valid_to is None


def test_what_a_blocked_note_said_before_is_blocked_with_it(cast, open_gate):
    """A version that did not name its note as its origin would be read where the note is not."""
    with open_gate(HOME, patient=cast.anna.id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM journal_noteversion WHERE note_id = %s", [cast.anna.rows["note"]])
        assert cursor.fetchone()[0] == 0
    with open_gate(NURSE, patient=cast.anna.id, action=Action.WRITE):
        for origin, expected in (("NULL", REFUSED), ("gen_random_uuid()", REFUSED), ("id", "")):
            assert error_of(VERSION.format(origin=origin, state="CONFIRMED"), cast.anna.rows["draft"]) == expected


def test_nor_by_one_who_treats_the_patient_in_another_unit(cast, open_gate):
    """The nurse works on the ward too, which is shut out."""
    with open_gate(TWO, patient=cast.blocked.id, action=Action.WRITE):
        assert gate.call("blocks_lift", cast.blocked.id, identify("block", "blocked"), None, "Pasienten") == 0
    with open_gate(HOME, patient=cast.blocked.id, action=Action.WRITE):
        assert gate.call("blocks_lift", cast.blocked.id, identify("block", "blocked"), None, "Pasienten") == 1


def test_facts_tell_of_blocks_only_where_there_is_a_measure_to_weigh(cast, as_app):
    """Whoever has nothing to do with the patient must not tell by the facts that something is blocked."""
    with as_app():
        foreign = gate.read_facts(cast["frogn.hjemmesykepleier"].secret, cast.anna.id)
        nobody = gate.read_facts(cast["frogn.hjemmesykepleier"].secret, uuid4())
        treats = gate.read_facts(cast[HOME].secret, cast.anna.id)
    assert foreign["blocks"] == nobody["blocks"] == []
    assert len(treats["blocks"]) == 1


def test_an_opening_under_one_patient_opens_nothing_of_another(cast, open_gate):
    with open_gate(HOME, patient=cast.kari.id):
        gate.call("open_blocked", cast.kari.id, cast.anna.rows["note"], "consent", "Feil pasient")
    assert cast.anna.rows["note"] not in readable(open_gate, HOME, cast.anna.id)
