"""A role demands courses: what is withheld, who registers, and that a demand is taken away by two."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from access.models import Course, CourseCompletion, RequiredCourse, RoleTemplate
from access.services.authorisations import AuthorisationError
from access.services.courses import course_completed, course_demand, course_demand_end, course_demand_keep, course_make, course_strike
from lms_epj.core.clock import oslo_date
from tests.access.staff import hire_administrator, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(cast, open_gate):
    with open_gate("tilgang.admin"):
        return course_make(code="legemidler", name="Legemiddelhåndtering", months=24)


@pytest.fixture
def demanded(course, open_gate):
    with open_gate("tilgang.admin") as gate:
        course_demand(role=RoleTemplate.objects.get(code="lms_nurse").id, course=course, valid_from=gate.now)
    return course


def test_without_the_course_the_role_opens_nothing_and_says_which(cast, demanded, client_for):
    nurse = client_for("lms.sykepleier")
    refused = nurse.get(f"/pasient/{cast.anna.id}/")
    assert refused.status_code in (302, 404)
    assert nurse.get("/tavle/")["Location"].startswith("/rolle/")
    page = nurse.get("/rolle/").content.decode()
    assert "Åpner ikke før du har kurset:" in page
    assert "Legemiddelhåndtering" in page
    assert client_for("lms.lege").get("/tavle/").status_code == 200


def test_a_course_that_is_registered_opens_the_role_at_once(cast, demanded, open_gate, client_for):
    with open_gate("lms.leder") as gate:
        course_completed(gate=gate, user=cast["lms.sykepleier"].id, course=demanded, on=oslo_date(gate.now) - timedelta(days=100))
    assert client_for("lms.sykepleier").get("/tavle/").status_code == 200
    held = CourseCompletion.objects.get(user=cast["lms.sykepleier"].id)
    assert timedelta(days=600) < held.valid_to - held.valid_from < timedelta(days=640)
    with open_gate("lms.leder"):
        course_strike(completion=held.id, reason="Gjaldt en annen")
    assert client_for("lms.sykepleier").get("/tavle/").status_code == 302


def test_a_course_taken_too_long_ago_does_not_open(cast, demanded, open_gate, client_for):
    with open_gate("lms.leder") as gate:
        course_completed(gate=gate, user=cast["lms.sykepleier"].id, course=demanded, on=oslo_date(gate.now) - timedelta(days=900))
    assert client_for("lms.sykepleier").get("/tavle/").status_code == 302
    assert "utløpt" in client_for("lms.sykepleier").get("/rolle/").content.decode()


def test_nobody_registers_for_oneself_or_for_strangers_or_ahead_of_time(cast, demanded, open_gate):
    with open_gate("lms.leder") as gate:
        today = oslo_date(gate.now)
        with pytest.raises(AuthorisationError, match="deg selv"):
            course_completed(gate=gate, user=gate.user_id, course=demanded, on=today)
        with pytest.raises(PermissionDenied):
            course_completed(gate=gate, user=cast["aas.hjemmesykepleier"].id, course=demanded, on=today)
        with pytest.raises(AuthorisationError, match="fram i tid"):
            course_completed(gate=gate, user=cast["lms.sykepleier"].id, course=demanded, on=today + timedelta(days=1))
    with open_gate("lms.lege") as gate, pytest.raises(PermissionDenied):
        course_completed(gate=gate, user=cast["lms.sykepleier"].id, course=demanded, on=today)


def test_a_demand_is_taken_away_by_two(cast, demanded, open_gate):
    demand = RequiredCourse.objects.get().id
    second = hire_administrator(cast)
    with open_gate("tilgang.admin"):
        assert course_demand_end(demand=demand) == "proposed"
        with pytest.raises(AuthorisationError, match="en annen administrator"):
            course_demand_end(demand=demand)
        course_demand_keep(demand=demand)
        assert course_demand_end(demand=demand) == "proposed"
    assert RequiredCourse.objects.get().valid_to is None
    with second():
        assert course_demand_end(demand=demand) == "ended"
    assert RequiredCourse.objects.get().valid_to is not None


def test_what_was_demanded_or_taken_cannot_be_rewritten(cast, demanded):
    with pytest.raises(IntegrityError), transaction.atomic():
        RequiredCourse.objects.update(course=Course.objects.create(code="annet", name="Annet"))
    with pytest.raises(IntegrityError), transaction.atomic():
        RequiredCourse.objects.all().delete()


def test_who_would_be_without_the_role_is_shown_before(cast, course, client_for):
    role = RoleTemplate.objects.get(code="lms_nurse").id
    shown = client_for("tilgang.admin").get(f"/register/kurs/krav/?course={course}&role={role}").content.decode()
    assert "2 ansatte mister rollen" in shown
    assert "Solberg Haugen, Ingrid" in shown
    assert RequiredCourse.objects.count() == 0
    sent = client_for("tilgang.admin").post("/register/kurs/krav/", {"course": str(course), "role": str(role), "from": "", "confirm": "1"})
    assert sent.status_code == 302
    assert RequiredCourse.objects.get().role_id == role


def test_an_administrator_of_the_unit_registers_too(cast, demanded, client_for):
    user = cast["lms.sykepleier"].id
    address = f"/register/person/{user}/kurs/"
    form = {"course": str(demanded), "on": "01.02.2026"}
    assert client_for("tilgang.admin").post(address, form).status_code == 403
    hold("tilgang.admin", cast.units["ward"])
    assert client_for("tilgang.admin").post(address, form | {"on": "31.02.2026"}).status_code == 422
    assert client_for("tilgang.admin").post(address, form).status_code == 302
    assert CourseCompletion.objects.filter(user=user).count() == 1
