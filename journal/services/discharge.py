"""Discharge: what is owed and what is undone is said, never closed in silence."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call
from access.models import Patient
from journal import around
from journal.models import Bed, Stay, Task
from journal.services import leaving, plans
from journal.services.checks import refuse, require_past, require_text
from journal.services.entries import change
from journal.services.isolation import isolation_ends_with_stay
from journal.services.reconciliation import stay_orders_end
from journal.services.stays import bed_set_status, require_own_ward, require_status
from journal.services.tasks import task_cancel, task_create
from lms_epj.core.clock import end_of_day, oslo_date

Status = Stay.Status
EPIKRISE, REPORT = "epikrise", "discharge_report"
OWED_TITLES = {EPIKRISE: gettext_noop("Epikrise"), REPORT: gettext_noop("Utskrivningsrapport")}
OWED_TASK = "owed_message"


def stay_mark_discharge_ready(*, gate: Gate, stay: Stay, lock_version: int, planned_discharge_at: datetime | None, destination: str) -> Stay:
    """Ready to leave: from when, where to, and when it is planned. Marking again changes the plan."""
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    return change(
        stay, lock_version=lock_version, status=Status.DISCHARGE_READY, discharge_ready_at=stay.discharge_ready_at or gate.now,
        planned_discharge_at=planned_discharge_at, destination=require_text(destination, "destination", _("Skriv hvor pasienten skal.")),
    )  # fmt: skip


def stay_undo_discharge_ready(*, gate: Gate, stay: Stay, lock_version: int) -> Stay:
    """Not ready after all; the plan is withdrawn with it."""
    require_own_ward(gate, stay)
    require_status(stay, Status.DISCHARGE_READY)
    return change(stay, lock_version=lock_version, status=Status.ADMITTED, discharge_ready_at=None, planned_discharge_at=None, destination="")


def stay_discharge(
    *, gate: Gate, stay: Stay, lock_version: int, discharged_at: datetime, destination: str, cancel_open_tasks: bool = False, send_later: bool = False,
    reason: str = "",
) -> Stay:  # fmt: skip
    """Discharges: the ward's measure ends with its tail, the bed has to be cleaned, and what is owed is written down.

    ``reason``: why the patient leaves though something on the list is not done; it stands at each item. Raises JournalError when that is
    missing, when the ward has open tasks and nobody has confirmed that they lapse, or when a message is owed and nobody has confirmed that it is
    sent afterwards: then it becomes a task of the ward, due the same day.
    """
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    require_past(gate, discharged_at, "discharged_at")
    if stay.admitted_at and discharged_at < stay.admitted_at:
        raise refuse("before_admission", _("Utskrivingen kan ikke være før innleggelsen."), "discharged_at")
    destination = require_text(destination, "destination", _("Skriv hvor pasienten reiser."))
    tasks = open_tasks(gate, stay)
    if tasks and not cancel_open_tasks:
        raise refuse(
            "open_tasks",
            _("Posten har %(count)s oppgaver som ikke er gjort. Gjør dem, eller bekreft at de bortfaller.") % {"count": len(tasks)},
            "tasks",
        )
    owed = owed_messages(gate, stay)
    unsent = [one for one in owed if not one["sent_at"]]
    if unsent and not send_later:
        raise refuse("owed", _("Det skyldes meldinger som ikke er sendt. Send dem, eller bekreft at de sendes i dag."), "owed")
    lacking, reason = leaving.missing(stay), reason.strip()
    if lacking and not reason:
        lines = ", ".join(f"«{item.label}»" for item in lacking)
        raise refuse(
            "not_done", _("Ikke krysset av: %(items)s. Gjør det, eller skriv hvorfor pasienten skrives ut uten.") % {"items": lines}, "reason"
        )
    bed = stay.bed
    with transaction.atomic():
        leaving.left_without(gate=gate, stay=stay, items=lacking, reason=reason)
        for one in unsent:
            owe(gate, stay, one)
        for task in tasks:
            task_cancel(gate=gate, task=task, lock_version=task.lock_version, reason="Bortfalt ved utskriving")
        change(
            stay, lock_version=lock_version, status=Status.DISCHARGED, discharged_at=discharged_at, destination=destination, bed=None,
            owed=[{"kind": one["kind"], "to": one["to"], "sent_at": one["sent_at"] and one["sent_at"].isoformat()} for one in owed],
        )  # fmt: skip
        if bed is not None:
            bed_set_status(gate=gate, bed=bed, status=Bed.Status.CLEANING)
        stay_orders_end(gate=gate, patient=stay.patient_id, stay=stay.pk)
        plans.ward_actions_end(gate=gate, patient=stay.patient_id)
        isolation_ends_with_stay(gate=gate, patient=stay.patient_id, at=discharged_at)
        call("stay_changed", stay.id)
    return stay


def open_tasks(gate: Gate, stay: Stay) -> list[Task]:
    """What the ward itself has left to do for the patient; what it asked others to do goes on, and what its plan says ends with the stay."""
    mine = Q(for_unit=gate.unit_id) | Q(for_unit=None, for_user=gate.user_id)
    return list(Task.objects.filter(mine, patient=stay.patient_id, done_at=None, cancelled_at=None).exclude(kind=Task.PLAN).order_by("due_at"))


def owe(gate: Gate, stay: Stay, one: dict[str, Any]) -> None:
    """A task of the ward's for a message that the discharge owes; sending it does the task."""
    title = f"Send {OWED_TITLES[one['kind']]} til {one['to']}"
    task_create(gate=gate, patient=stay.patient_id, title=title, due_at=end_of_day(oslo_date(gate.now)), for_unit=gate.unit_id, kind=OWED_TASK)


def owed_messages(gate: Gate, stay: Stay) -> list[dict[str, Any]]:
    """The messages a discharge owes, and whether each is sent already: epikrise to the GP and the one who referred; a discharge report to a
    home municipality that stands outside the record community and so reads nothing here (R29, R30)."""
    gp = Patient.objects.values_list("general_practitioner", flat=True).get(pk=stay.patient_id)
    referrer = "" if gp and gp in stay.referrer else stay.referrer  # «fastlege Tor Eide» is the GP
    receivers = [name for name in (gp, referrer) if name] or [gettext_noop("Fastlegen (ikke registrert)")]
    owed = [{"kind": EPIKRISE, "to": name, "sent_at": None} for name in receivers]
    if call("municipality_mode", stay.patient_id) != "member":
        owed.append({"kind": REPORT, "to": gettext_noop("Hjemkommunen"), "sent_at": None})
    return around.with_sent(gate, stay, owed)
