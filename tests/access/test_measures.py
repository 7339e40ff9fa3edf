"""A decided measure opens and closes at its moment, everywhere at once; the functions that open one refuse whom they should."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from access import gate
from access.domain.codes import Action
from access.models import AccessAuthorisation, BlockOpening, DecidedMeasure, EmergencyCase, MeasureTemplate, RoleRight, RoleTemplate
from journal.models import Note
from tests.cast import identify, wake_sessions

pytestmark = pytest.mark.django_db

NURSE, WARD_NURSE = "aas.hjemmesykepleier", "lms.sykepleier"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def at(set_clock):
    """Sets the clock, with the sessions in use at that time."""

    def stand(moment: datetime) -> None:
        set_clock(moment)
        wake_sessions()

    return stand


def measure_of(key: str, code: str) -> DecidedMeasure:
    return DecidedMeasure.objects.get(pk=identify("measure", key, code))


def logged(action: str, patient) -> list[tuple]:
    """Rows of the log for one act on one patient, oldest first: (user, template, reason, outcome)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, template_code, reason, outcome FROM auditlog_entry WHERE action = %s AND patient_id = %s ORDER BY seq", [action, patient]
        )
        return cursor.fetchall()


def refused(function: str, *arguments) -> str:
    """Code of the error of one of the gate's functions; '' when it let the act through (taken back)."""
    try:
        with transaction.atomic():
            gate.call(function, *arguments)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


def is_open(open_gate, user, patient) -> bool:
    try:
        with open_gate(user, patient=patient):
            return Note.objects.exists()
    except gate.Refusal as refusal:
        if refusal.state != "deny":
            raise
        return False


def everywhere(cast, open_gate, user, key) -> set[str]:
    """In which of the ways the person meets the patient now."""
    patient, ways = cast.patients[key], set()
    with open_gate(user):
        if patient.id in gate.call("search_patients", [patient.family_name.lower()[:6]], None):
            ways.add("search")
        if patient.id in gate.call("my_patients", None, 100):
            ways.add("mine")
        if patient.id in gate.call("unit_patients", ["SERVICE_HEALTH", "ADMITTED"]):
            ways.add("unit")
    if is_open(open_gate, user, patient.id):
        ways.add("record")
    return ways


def test_an_ended_measure_leaves_the_lists_at_once_and_the_record_with_its_tail(cast, open_gate, at):
    now = datetime.now(UTC)
    measure = measure_of("kari", "SERVICE_HEALTH")
    tail = timedelta(hours=measure.template.tail_hours)
    assert everywhere(cast, open_gate, NURSE, "kari") == {"search", "mine", "unit", "record"}
    DecidedMeasure.objects.filter(pk=measure.pk).update(ends_at=now)
    at(now - timedelta(microseconds=1))
    assert everywhere(cast, open_gate, NURSE, "kari") == {"search", "mine", "unit", "record"}
    at(now)
    assert everywhere(cast, open_gate, NURSE, "kari") == {"search", "mine", "record"}
    with open_gate(NURSE, patient=cast.kari.id, action=Action.WRITE):
        pass
    DecidedMeasure.objects.filter(pk=measure.pk).update(ends_at=now - tail)
    assert everywhere(cast, open_gate, NURSE, "kari") == set()


def test_a_closed_record_is_closed_on_its_page(cast, client_for):
    page = f"/pasient/{cast.kari.id}/"
    assert cast.kari.family_name in client_for(NURSE).get(page).content.decode()
    measure = measure_of("kari", "SERVICE_HEALTH")
    measure.ends_at = datetime.now(UTC) - timedelta(hours=measure.template.tail_hours) - HOUR
    measure.save()
    response = client_for(NURSE).get(page)
    assert response.status_code == 403
    assert "Tiltaket er avsluttet" in response.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason_code FROM auditlog_entry WHERE outcome = 'deny' AND patient_id = %s ORDER BY seq DESC LIMIT 1", [cast.kari.id])
        assert cursor.fetchone() == ("measure_ended",)
    assert not [marker for marker in cast.kari.markers if marker in response.content.decode()]


def test_the_log_names_the_measure(cast, open_gate):
    with open_gate(WARD_NURSE, patient=cast.anna.id) as opened:
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT measure_id, template_code FROM auditlog_entry WHERE request_id = %s AND outcome = 'allow'", [opened.request.id])
        assert cursor.fetchall() == [(identify("measure", "anna", "ADMITTED"), "ADMITTED")]


def test_a_role_without_a_right_in_the_scope_is_told_of_nobody(cast, open_gate):
    """A measure narrowed to what the role has no right in gives neither search nor a place on a list."""
    measure = measure_of("kari", "SERVICE_HEALTH")
    role = RoleTemplate.objects.get(code="home_nurse")
    RoleRight.objects.filter(role=role, template=measure.template, category_id=10).update(valid_to=timezone.now() - DAY)
    DecidedMeasure.objects.filter(pk=measure.pk).update(scope_categories=[10])
    assert everywhere(cast, open_gate, NURSE, "kari") == set()
    DecidedMeasure.objects.filter(pk=measure.pk).update(scope_categories=[10, 3])
    assert everywhere(cast, open_gate, NURSE, "kari") == {"search", "mine", "unit"}


def test_a_role_without_a_right_under_the_template_is_told_of_nobody(cast, open_gate):
    role = RoleTemplate.objects.get(code="home_nurse")
    RoleRight.objects.filter(role=role, template__code="SERVICE_HEALTH").update(valid_to=timezone.now() - DAY)
    assert everywhere(cast, open_gate, NURSE, "kari") == set()


def test_a_list_is_of_its_templates_only(cast, open_gate):
    with open_gate(NURSE):
        assert cast.kari.id in gate.call("unit_patients", ["SERVICE_HEALTH"])
        assert gate.call("unit_patients", ["ADMITTED", "NOTIFIED"]) == []


def test_an_opening_that_has_not_begun_opens_nothing(cast, open_gate):
    now = datetime.now(UTC)
    opening = {"patient_id": cast.blocked.id, "entry_id": cast.blocked.rows["note"], "user_id": cast["lms.lege"].id, "basis": "consent"}
    begun = BlockOpening.objects.create(**opening, reason="Ja", opened_at=now + DAY, valid_to=now + 2 * DAY)
    with open_gate("lms.lege", patient=cast.blocked.id):
        assert not Note.objects.filter(pk=cast.blocked.rows["note"]).exists()
    BlockOpening.objects.filter(pk=begun.pk).update(opened_at=now - DAY)
    with open_gate("lms.lege", patient=cast.blocked.id):
        assert Note.objects.filter(pk=cast.blocked.rows["note"]).exists()


# --- Ways in ---

EMERGENCY_ALL = '[{"categories": null, "since_days": null}]'


@pytest.mark.parametrize(("user", "function", "arguments"), [
    ("aas.fysioterapeut", "register_arrival", ["113", "Sykdom"]),
    (NURSE, "register_arrival", ["113", "Sykdom"]),
    ("aas.saksbehandler", "open_participation", ["Ber om råd"]),
    ("lms.helsefag", "open_emergency", ["acute", "Bevisstløs", EMERGENCY_ALL]),
    ("tilgang.admin", "open_emergency", ["acute", "Nysgjerrig", EMERGENCY_ALL]),
    ("logg.kontroll", "open_participation", ["Nysgjerrig"]),
    ("drift", "open_participation", ["Nysgjerrig"]),
])  # fmt: skip
def test_a_role_that_may_not_decide_is_refused(cast, open_gate, user, function, arguments):
    with open_gate(user):
        assert refused(function, cast.foreign.number, *arguments) == "42501"
    assert not logged("open_measure", cast.foreign.id)


@pytest.mark.parametrize(("function", "arguments"), [
    ("register_arrival", [" ", "Sykdom"]), ("register_arrival", ["113", ""]), ("open_participation", ["  "]),
    ("open_finishing", [""]), ("open_emergency", ["acute", " ", EMERGENCY_ALL]), ("open_emergency", ["acute", "Bevisstløs", "[]"]),
])  # fmt: skip
def test_a_reason_is_asked_for(cast, open_gate, function, arguments):
    with open_gate(WARD_NURSE):
        assert refused(function, cast.foreign.number, *arguments) == "23514"


def test_emergency_closes_by_itself_after_its_minutes(cast, open_gate, at):
    at(now := datetime.now(UTC))
    with open_gate(WARD_NURSE):
        assert gate.call("open_emergency", cast.foreign.number, "acute", "Bevisstløs", EMERGENCY_ALL) == cast.foreign.id
    case = EmergencyCase.objects.get(patient=cast.foreign.id)
    assert (case.user_id, case.review_due - case.opened_at) == (cast[WARD_NURSE].id, 72 * HOUR)
    assert logged("open_measure", cast.foreign.id) == [(cast[WARD_NURSE].id, "EMERGENCY", "Bevisstløs", "allow")]
    assert is_open(open_gate, WARD_NURSE, cast.foreign.id)
    assert not is_open(open_gate, "lms.lege", cast.foreign.id)
    at(now + HOUR)
    assert not is_open(open_gate, WARD_NURSE, cast.foreign.id)


def test_arrival_is_the_units_and_participation_the_persons(cast, open_gate, at):
    at(now := datetime.now(UTC))
    with open_gate(WARD_NURSE):
        gate.call("register_arrival", cast.foreign.number, "113", "Sykdom")
    assert is_open(open_gate, "lms.lege", cast.foreign.id)
    at(now + 4 * HOUR)
    assert not is_open(open_gate, "lms.lege", cast.foreign.id)
    at(now)
    with open_gate(NURSE):
        gate.call("open_participation", cast.foreign.number, "Ber om råd")
    assert is_open(open_gate, NURSE, cast.foreign.id)
    assert not is_open(open_gate, "aas.to_roller", cast.foreign.id)
    DecidedMeasure.objects.filter(patient=cast.foreign.id, template__code="PARTICIPATION").update(ends_at=now)
    assert not is_open(open_gate, NURSE, cast.foreign.id)
    assert MeasureTemplate.objects.get(code="PARTICIPATION").max_hours == 24


def test_finishing_presumes_work_and_shows_the_own_unit_only(cast, open_gate):
    with open_gate("frogn.hjemmesykepleier"):
        assert gate.call("open_finishing", cast.former.number, "Etterslep") is None
    with open_gate(WARD_NURSE):
        assert gate.call("open_finishing", cast.former.number, "Etterslep") == cast.former.id
    assert not is_open(open_gate, WARD_NURSE, cast.former.id)  # the notes are home nursing's
    with open_gate(NURSE):
        assert gate.call("open_finishing", cast.former.number, "Etterslep") == cast.former.id
    assert is_open(open_gate, NURSE, cast.former.id)


def test_a_blocked_entry_is_opened_by_one_person_for_a_time(cast, open_gate, at):
    at(now := datetime.now(UTC))
    note = cast.blocked.rows["note"]

    def sees(user: str) -> bool:
        with open_gate(user, patient=cast.blocked.id):
            return Note.objects.filter(pk=note).exists()

    assert sees(NURSE) and not sees("lms.lege")
    with open_gate("lms.lege", patient=cast.blocked.id):
        assert refused("open_blocked", cast.blocked.id, note, "consent", " ") == "23514"
        assert refused("open_blocked", cast.blocked.id, note, "curiosity", "Vil vite") == "23514"
        assert refused("open_blocked", cast.foreign.id, note, "consent", "Sier ja") == "23514"
        gate.call("open_blocked", cast.blocked.id, note, "consent", "Pasienten sier ja")
    assert sees("lms.lege") and not sees("lms.sykepleier")
    assert logged("open_blocked", cast.blocked.id)[0][2] == "Pasienten sier ja"
    at(now + HOUR)
    assert not sees("lms.lege")


def test_an_authorisation_is_ended_never_changed_or_removed(cast):
    held = AccessAuthorisation.objects.filter(pk=cast[NURSE].authorisation_id)
    for change in ({"unit_id": cast.units["ward"]}, {"valid_from": datetime(2020, 1, 1, tzinfo=UTC)}, {"user_id": cast["lms.lege"].id}):
        with pytest.raises(DatabaseError), transaction.atomic():
            held.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_accessauthorisation WHERE id = %s", [cast[NURSE].authorisation_id])
    assert held.update(valid_to=datetime.now(UTC), ended_reason="Sluttet") == 1
