"""What the roll-out asks those who take part to have learnt, as a session's page shows it (R52)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from access.gate import Gate, call
from access.models import Course
from lms_epj.core.clock import oslo_date
from telemed.models import Booking, FeaturePeriod, Participant


def course_demanded(gate: Gate, kind: str, day: date) -> Course | None:
    """The course that the acting entity's roll-out asks for in sessions of this kind."""
    found = FeaturePeriod.objects.filter(plan__legal_entity__in=gate.own_entities, kind=kind, valid_from__lte=day, course__isnull=False)
    period = found.exclude(valid_to__lt=day).select_related("course").first()
    return period.course if period else None


def trained_among(course: Course, people: Collection[UUID], at: datetime) -> set[UUID]:
    """Those who will have the course at the time."""
    return {UUID(str(one)) for one in call("trained", list(people), course.pk, at)}


def training_of(gate: Gate, booking: Booking) -> dict[str, Any] | None:
    """{course, names of those who have it, mine: whether the reader has it}; None where no course is asked for, or the session is over.

    Who lacks it is not named: that is between the colleague and the leader.
    """
    course = course_demanded(gate, booking.kind, oslo_date(booking.starts_at)) if booking.about_patient and booking.status in Booking.OPEN else None
    if course is None:
        return None
    staff = {one.user_id: one.name for one in Participant.objects.filter(booking=booking, kind=Participant.Kind.STAFF)}
    have = trained_among(course, [key for key in {*staff, gate.user_id} if key], booking.starts_at)
    return {"course": course.name, "names": sorted(staff[key] for key in have if key in staff), "mine": gate.user_id in have}
