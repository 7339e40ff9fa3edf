"""A stay from expected to admitted: each act leaves the measures that give access in step with it (R5, R7, R28)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate, call
from access.models import OrgUnit
from access.services.ways import check_decides
from journal.models import Bed, Placement, Stay, StayDecision
from journal.services.checks import refuse, require_past, require_text
from journal.services.entries import change, entry_columns

Status = Stay.Status


def stay_expect(*, gate: Gate, patient: UUID, cause: str, expected_at: datetime | None, referrer: str = "", bed: Bed | None = None) -> Stay:
    """Expects a notified patient in the acting ward. An expectation that stands already is brought up to date.

    ``bed`` is reserved, not taken: two may be expected in the same bed, one may lie in it.
    """
    cause = require_text(cause, "cause", _("Skriv hvorfor pasienten kommer."))
    require_ward(gate)
    require_own_bed(gate, bed)
    if not is_notified(patient):
        raise refuse("not_notified", _("Pasienten er ikke meldt til posten. Søk med fullt fødselsnummer og registrer ankomsten først."))
    values = {"cause": cause, "referrer": referrer.strip(), "expected_at": expected_at, "bed": bed}
    with transaction.atomic():
        stay = Stay.objects.filter(patient=patient, ward=gate.unit_id, status=Status.EXPECTED).first()
        if stay is not None:
            change(stay, lock_version=stay.lock_version, **values)
        else:
            columns = entry_columns(gate, patient, Category.LOGISTICS)
            del columns["stay_id"]
            stay = Stay(**columns, ward_id=gate.unit_id, status=Status.EXPECTED, **values)
            save_stay(stay)
        call("stay_changed", stay.id)
    return stay


def stay_admit(
    *, gate: Gate, stay: Stay, lock_version: int, bed: Bed, admitted_at: datetime, nurse: UUID | None = None, doctor: UUID | None = None
) -> Stay:
    """Admits an expected patient to a bed. From now on the ward's measure is ADMITTED, and NOTIFIED ends.

    Raises JournalError when the bed is taken or not ready.
    """
    check_decides(gate, "ADMITTED")
    require_own_ward(gate, stay)
    require_status(stay, Status.EXPECTED)
    require_ready_bed(gate, bed)
    require_past(gate, admitted_at, "admitted_at")
    with transaction.atomic():
        with_bed(
            stay, lock_version, bed,
            status=Status.ADMITTED, admitted_at=admitted_at, responsible_nurse_id=nurse, responsible_doctor_id=doctor,
        )  # fmt: skip
        placed(gate, stay, admitted_at)
        call("stay_changed", stay.id)
    return stay


def stay_transfer(*, gate: Gate, stay: Stay, lock_version: int, bed: Bed | None, ward: OrgUnit | None = None, reason: str = "") -> Stay:
    """Moves the patient to another bed, or to another ward – which then has the measure, while this one keeps its tail.

    The bed left behind has to be cleaned. Where the patient lay, and why the move, is kept. A note that somebody is writing meanwhile keeps its stay.
    """
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    to_ward = ward.id if ward else gate.unit_id
    if to_ward != stay.ward_id:
        check_decides(gate, "ADMITTED")
    if ward and ward.kind != OrgUnit.Kind.OBSERVATION_WARD:
        raise refuse("not_ward", _("Pasienten kan bare flyttes til en sengepost."), "ward")
    if to_ward == stay.ward_id and bed is None:
        raise refuse("missing", _("Velg en seng eller en annen post."), "bed")
    left, from_ward = stay.bed, stay.ward_id
    if bed is not None:
        if bed.unit_id != to_ward:
            raise refuse("bed_elsewhere", _("Sengen hører ikke til posten. Velg en seng der pasienten skal."), "bed")
        require_ready(bed)
    with transaction.atomic():
        if not Placement.objects.filter(stay=stay.pk).exists():  # admitted before places were kept
            placed(gate, stay, stay.admitted_at or gate.now, ward=from_ward, bed=left)
        with_bed(stay, lock_version, bed, ward_id=to_ward)
        placed(gate, stay, gate.now, reason=reason)
        if left is not None and left != bed:
            bed_set_status(gate=gate, bed=left, status=Bed.Status.CLEANING)
        call("stay_changed", stay.id)
    return stay


def placed(gate: Gate, stay: Stay, since: datetime, *, ward: UUID | None = None, bed: Bed | None = None, reason: str = "") -> Placement:
    """Where the patient lies from then on: as the stay says now, unless an earlier place is written down after the fact."""
    where = {"ward_id": ward, "bed": bed} if ward else {"ward_id": stay.ward_id, "bed_id": stay.bed_id}
    row = Placement(**entry_columns(gate, stay.patient_id, Category.LOGISTICS, since, stay.pk), **where, reason=reason.strip())
    row.save(force_insert=True)
    return row


def stay_assign(*, gate: Gate, stay: Stay, lock_version: int, nurse: UUID | None, doctor: UUID | None) -> Stay:
    """Names who is responsible now; shifts change, stays do not."""
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    return change(stay, lock_version=lock_version, responsible_nurse_id=nurse, responsible_doctor_id=doctor)


def stay_cancel(*, gate: Gate, stay: Stay, lock_version: int) -> Stay:
    """The expected patient did not come. The ward's access as notified ends at once."""
    require_own_ward(gate, stay)
    require_status(stay, Status.EXPECTED)
    with transaction.atomic():
        change(stay, lock_version=lock_version, status=Status.CANCELLED, bed=None)
        call("stay_changed", stay.id)
    return stay


def stay_decide(*, gate: Gate, stay: Stay, outcome: str, reason: str) -> StayDecision:
    """Records the decision of an observation stay: stay, hospital or home, by whom and when (R5)."""
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    if outcome not in StayDecision.Outcome.values:
        raise refuse("missing", _("Velg om pasienten blir, sendes til sykehus eller sendes hjem."), "outcome")
    decision = StayDecision(
        **entry_columns(gate, stay.patient_id, Category.LOGISTICS, stay_id=stay.id), outcome=outcome,
        reason=require_text(reason, "reason", _("Skriv begrunnelsen for avgjørelsen.")),
    )  # fmt: skip
    decision.save(force_insert=True)
    return decision


def bed_set_status(*, gate: Gate, bed: Bed, status: str, ready_at: datetime | None = None, room: str | None = None, remark: str | None = None) -> Bed:
    """Cleaning, ready or out of service; ``room`` and ``remark`` where they are given. A bed has no patient; the stay names its bed."""
    require_own_bed(gate, bed)
    if status not in Bed.Status.values:
        raise refuse("missing", _("Velg en status for sengen."), "status")
    bed.status = status
    bed.ready_at = ready_at if status == Bed.Status.CLEANING else None
    bed.room = bed.room if room is None else room.strip()[:20]
    bed.remark = bed.remark if remark is None else remark.strip()[:120]
    if status == Bed.Status.OUT_OF_SERVICE and remark is not None and not bed.remark:
        raise refuse("missing", _("Skriv hvorfor sengen er ute av drift."), "remark")
    bed.save(update_fields=["status", "ready_at", "room", "remark"])
    return bed


def is_notified(patient: UUID) -> bool:
    """A stay that has ended leaves its tail, which reads; only a new notification lets a new stay begin."""
    return patient in call("unit_patients", ["NOTIFIED"])


def require_ward(gate: Gate) -> None:
    if gate.unit["kind"] != OrgUnit.Kind.OBSERVATION_WARD:
        raise refuse("not_ward", _("Bare en sengepost kan ta imot pasienter."))


def require_own_ward(gate: Gate, stay: Stay) -> None:
    """Several units may read and write logistics; only the ward where the patient lies moves the stay."""
    if stay.ward_id != gate.unit_id:
        raise refuse("other_ward", _("Oppholdet hører til en annen post. Be den posten om å gjøre endringen."))


def require_status(stay: Stay, *wanted: str) -> None:
    if stay.status not in wanted:
        raise refuse("status", _("Oppholdet er nå «%(status)s». Last siden på nytt.") % {"status": stay.get_status_display().lower()})


def require_own_bed(gate: Gate, bed: Bed | None) -> None:
    if bed is not None and bed.unit_id != gate.unit_id:
        raise refuse("bed_elsewhere", _("Sengen hører til en annen post."), "bed")


def require_ready_bed(gate: Gate, bed: Bed) -> None:
    require_own_bed(gate, bed)
    require_ready(bed)


def require_ready(bed: Bed) -> None:
    if bed.status != Bed.Status.READY:
        raise refuse(
            "bed_not_ready",
            _("Seng %(bed)s er ikke klar (%(status)s). Velg en annen seng, eller meld den klar på tavlen.")
            % {"bed": bed.number, "status": bed.get_status_display().lower()},
            "bed",
        )


def with_bed(stay: Stay, lock_version: int, bed: Bed | None, **values: object) -> None:
    """Changes a stay to lie in ``bed``; the database lets one patient lie there."""
    try:
        with transaction.atomic():
            change(stay, lock_version=lock_version, bed=bed, **values)
    except IntegrityError as error:
        if "stay_one_patient_per_bed" not in str(error):
            raise
        raise refuse(
            "bed_taken",
            _("Seng %(bed)s er opptatt. Pasienten er ikke flyttet. Velg en annen seng.") % {"bed": bed.number if bed else ""},
            "bed",
        ) from error


def save_stay(stay: Stay) -> None:
    """Inserts a stay. A patient has one open stay at a time, also when another ward has it."""
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        if "stay_one_open_per_patient" not in str(error):
            raise
        raise refuse("stay_open", _("Pasienten har allerede et åpent opphold. Det må avsluttes eller flyttes hit først.")) from error
