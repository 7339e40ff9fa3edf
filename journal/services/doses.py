"""What was done about a dose. Two people may do it at once: which of them did, the database decides, and the other is told who was first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from journal.domain.doses import NEEDS_REASON, Status
from journal.domain.schedule import Schedule, due_at, is_planned
from journal.models import DoseControl, MedDose, MedOrder
from journal.services.checks import refuse
from journal.services.entries import check_event_at, check_may, entry_columns, stay_of_unit
from journal.services.errors import Conflict, JournalError
from lms_epj.core.formatting import format_near_clock
from lms_epj.core.refusals import broken_constraint

# What the database answers, by the name of the rule that was broken.
REFUSALS = {
    "dose_order_unknown": gettext_noop("Forordningen finnes ikke."),
    "dose_order_unsigned": gettext_noop("Forordningen er ikke signert av lege. Den kan ikke gis ennå."),
    "dose_order_stopped": gettext_noop("Forordningen ble stoppet. Dosen er ikke ført."),
    "dose_place": gettext_noop("Det er ingen dose på dette tidspunktet. Se listen på nytt."),
    "dose_ahead": gettext_noop("Tidspunktet er fram i tid. Sjekk klokkeslettet."),
    "dose_uncontrolled": gettext_noop("Dosen skal kontrolleres av en annen før den gis."),
    "dose_too_soon": gettext_noop("Det har ikke gått lang nok tid siden forrige dose."),
    "dose_too_many": gettext_noop("Pasienten har fått så mange doser som er forordnet på 24 timer."),
}
EARLIEST = timedelta(hours=12)  # before its time; what is given earlier still is another dose
DOUBLED = {"dose_once_per_slot", "dose_follows_last"}


@dataclass(frozen=True)
class Place:
    """A planned dose by ``on`` and ``at`` (Norwegian wall clock), or, as needed, the one after ``previous`` (None: the first)."""

    on: date | None = None
    at: time | None = None
    previous: UUID | None = None

    @property
    def columns(self) -> dict[str, date | time | UUID | None]:
        return {"slot_on": self.on, "slot_at": self.at, "previous_id": self.previous}


@dataclass(frozen=True)
class Done:
    """``dose``: how much, where it is not what was ordered. ``given_at``: None is now."""

    status: Status = Status.GIVEN
    dose: Decimal | None = None
    reason_code: str = ""
    reason: str = ""
    given_at: datetime | None = None


def schedule_of(order: MedOrder) -> Schedule:
    return Schedule(order.times, order.starts_at, order.ends_at, order.every_days)


def dose_record(*, gate: Gate, order: MedOrder, place: Place, done: Done = Done()) -> MedDose:
    """Charts one dose.

    Raises Conflict when somebody has charted it already (``theirs`` is that dose), JournalError when it may not be given.
    """
    check_may(gate, Action.WRITE, Category.MEDICATION)
    check_done(order, done)
    if done.given_at:
        check_event_at(gate, done.given_at)
    if place.at is not None and not (place.on and is_planned(schedule_of(order), place.on, place.at)):
        raise JournalError("dose_place", _(REFUSALS["dose_place"]))
    if place.on and place.at and (done.given_at or gate.now) < due_at(place.on, place.at) - EARLIEST:
        raise refuse("early", _("Det er for tidlig å føre denne dosen."), "given_at")
    columns = entry_columns(gate, order.patient_id, Category.MEDICATION, done.given_at, stay_of_unit(gate, order.patient_id), origin=order.pk)
    row = MedDose(
        **columns, order=order, origin_id=order.pk, **place.columns, status=done.status, dose=done.dose, reason_code=done.reason_code,
        reason=done.reason.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refusal(gate, order, place, error) from None
    return row


def check_done(order: MedOrder, done: Done) -> None:
    """Raises JournalError on a deviation without a reason, or a part that is no part."""
    if done.status in NEEDS_REASON and done.reason_code not in MedDose.ReasonCode.values:
        raise refuse("reason", _("Velg hvorfor."), "reason_code")
    if done.reason_code == MedDose.ReasonCode.OTHER and not done.reason.strip():
        raise refuse("reason", _("Skriv hvorfor."), "reason")
    if done.status is Status.PARTLY and (done.dose is None or not 0 < done.dose < order.dose):
        raise refuse("dose", _("Skriv hvor mye som ble gitt. Det er mindre enn det som er forordnet."), "dose")


def refusal(gate: Gate, order: MedOrder, place: Place, error: DatabaseError) -> JournalError:
    """The database's answer in words. Of a dose that another has charted: who, when and what."""
    name = broken_constraint(error)
    if name in DOUBLED:
        theirs = _standing(order, place)
        if theirs is None:
            return Conflict(_("Noen andre har ført denne dosen. Den er ikke ført på nytt."), None)
        words = {"who": theirs.author, "when": format_near_clock(theirs.event_at, gate.now), "what": theirs.get_status_display().lower()}
        return Conflict(_("%(who)s har ført denne dosen som %(what)s %(when)s. Den er ikke ført på nytt.") % words, theirs)
    if name in REFUSALS:
        return JournalError(name, _(REFUSALS[name]))
    raise error


def _standing(order: MedOrder, place: Place) -> MedDose | None:
    found = MedDose.objects.filter(order_id=order.pk, struck_at__isnull=True).select_related("author")
    if place.at is not None:
        found = found.filter(slot_on=place.on, slot_at=place.at)
    return found.order_by("-recorded_at", "-pk").first()


def dose_control(*, gate: Gate, order: MedOrder, place: Place) -> DoseControl:
    """One person has checked the dose that another will give. Doing it twice is once."""
    check_may(gate, Action.WRITE, Category.MEDICATION)
    found = DoseControl.objects.filter(order_id=order.pk, author_id=gate.user_id, **place.columns).first()
    if found:
        return found
    columns = entry_columns(gate, order.patient_id, Category.MEDICATION, None, stay_of_unit(gate, order.patient_id), origin=order.pk)
    row = DoseControl(**columns, order=order, origin_id=order.pk, **place.columns)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refusal(gate, order, place, error) from None
    return row


def dose_strike(*, gate: Gate, row: MedDose, reason: str) -> MedDose:
    """Marks a dose as charted in error. It stays readable, struck through, and its place is open again."""
    check_may(gate, Action.WRITE, Category.MEDICATION)
    if not reason.strip():
        raise refuse("reason_missing", _("Skriv hvorfor føringen er feil."), "reason")
    kept = MedDose.objects.filter(pk=row.pk, struck_at__isnull=True)
    if not kept.update(struck_at=gate.now, struck_by_id=gate.user_id, struck_reason=reason.strip()):
        raise JournalError("already_struck", _("Føringen er allerede merket som feil."))
    row.refresh_from_db()
    return row
