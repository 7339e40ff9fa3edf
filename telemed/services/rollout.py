"""Switching functions on by entity and stage, grades of what was held, and what a place tells the others (R51)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from guardian.core import ObjectPermissionChecker

from access.gate import Gate, call
from access.models import Course, User
from journal.services.checks import refuse, require_text
from lms_epj.core.clock import oslo_date
from telemed.models import Booking, Evaluation, Experience, FeaturePeriod, Kind, Resource, RollOutPlan
from telemed.selectors.training import course_demanded, trained_among

GRADES = range(1, 6)


def manages(gate: Gate, plan: RollOutPlan) -> bool:
    """Whether the acting person holds the plan (an object permission); the database asks again."""
    return ObjectPermissionChecker(User(id=gate.user_id, is_active=True)).has_perm("manage_rollout", plan)


def require_switched_on(gate: Gate, kind: str, day: date) -> None:
    """Raises JournalError where the acting entity has not come so far."""
    if not call("kind_switched_on", gate.legal_entity_id, kind, day):
        raise refuse(
            "switched_off", _("«%(kind)s» er ikke tatt i bruk i virksomheten din den dagen. Se Utrulling.") % {"kind": Kind(kind).label}, "kind"
        )


def require_trained(gate: Gate, kind: str, at: datetime, people: Collection[UUID]) -> None:
    """Raises JournalError where the roll-out asks for a course and nobody who takes part has it; says who could be asked."""
    course = course_demanded(gate, kind, oslo_date(at))
    if course is None or trained_among(course, people, at):
        return
    colleagues = {
        one.user_id: one.name for one in Resource.objects.filter(kind=Resource.Kind.PERSON, ended_at=None, unit__legal_entity__in=gate.own_entities)
    }
    names = sorted(colleagues[one] for one in trained_among(course, [key for key in colleagues if key], at))
    words = _("Ingen av dem som er med, har kurset «%(course)s», som utrullingen krever.") % {"course": course.name}
    more = _("Disse har det: %(names)s.") % {"names": ", ".join(names[:5])} if names else _("Spør lederen din om når det holdes.")
    raise refuse("untrained", f"{words} {more}", "resources")


def stage_set(
    *, gate: Gate, plan: RollOutPlan, kind: str, stage: str, valid_from: date, valid_to: date | None, remark: str, course: Course | None = None
) -> FeaturePeriod:
    """From a day on the kind is at this stage; what stood before ends the day before, and what began the same day never held.

    ``course``: one who takes part must have it.
    """
    if not manages(gate, plan):
        raise PermissionDenied(_("Du styrer ikke utrullingen i denne virksomheten. Forsøket er logget."))
    if kind not in Kind.values or stage not in FeaturePeriod.Stage.values:
        raise refuse("missing", _("Velg hva som skal tas i bruk, og trinnet."), "kind")
    if valid_to and valid_to < valid_from:
        raise refuse("order", _("Siste dag må komme etter første."), "valid_to")
    with transaction.atomic():
        before = FeaturePeriod.objects.filter(plan=plan, kind=kind).exclude(valid_to__lt=valid_from)
        for one in before:
            if one.valid_from > valid_from:
                raise refuse(
                    "overlap", _("Det er alt satt et trinn fra %(day)s. Velg en senere dag.") % {"day": f"{one.valid_from:%d.%m.%Y}"}, "valid_from"
                )
            one.valid_to = valid_from - timedelta(days=1)
            one.save(update_fields=["valid_to"])
        made = FeaturePeriod(
            plan=plan,
            kind=kind,
            stage=stage,
            valid_from=valid_from,
            valid_to=valid_to,
            remark=remark.strip()[:200],
            course=course,
            set_by_id=gate.user_id,
            set_at=gate.now,
        )
        made.save(force_insert=True)
    return made


def evaluate(*, gate: Gate, booking: Booking, useful: int, technical: int, prepared: int, again: bool, patient: int | None = None) -> None:
    """One's own grades of a held session, once. ``patient``: what the patient answered, where somebody asked."""
    if booking.status != Booking.Status.HELD:
        raise refuse("status", _("Timen er ikke holdt."))
    if not all(grade in GRADES for grade in (useful, technical, prepared)):
        raise refuse("missing", _("Gi alle tre en karakter fra 1 til 5."), "useful")
    if patient is not None and patient not in GRADES:
        raise refuse("missing", _("Pasientens svar er fra 1 til 5, eller ikke spurt."), "patient")
    made = Evaluation(
        booking=booking,
        author_id=gate.user_id,
        recorded_at=gate.now,
        useful=useful,
        technical=technical,
        prepared=prepared,
        again=again,
        patient=patient,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise refuse("twice", _("Du har vurdert timen fra før.")) from None


def experience_share(*, gate: Gate, kind: str, text: str) -> Experience:
    """Told to all members of the community. No patient belongs in it, and the page says so."""
    if kind not in Kind.values:
        raise refuse("missing", _("Velg hva erfaringen gjelder."), "kind")
    made = Experience(
        legal_entity_id=gate.legal_entity_id, kind=kind, text=require_text(text, "text", _("Skriv hva dere har erfart.")), author_id=gate.user_id,
        recorded_at=gate.now,
    )  # fmt: skip
    made.save(force_insert=True)
    return made
