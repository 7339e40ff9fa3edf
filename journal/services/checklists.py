"""Checklists carried out for a patient: begun from the version in force, answered point by point in the own name, finished, or struck out (R33)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate
from journal.models import ChecklistRun
from journal.selectors.procedures import in_force
from journal.services.checks import refuse, require_text
from journal.services.entries import NOT_HERE, change, entry_columns, stay_of_unit
from journal.services.plans import plan_category

Answer = tuple[str, str]  # state, note


def checklist_begin(*, gate: Gate, patient: UUID, series: UUID) -> ChecklistRun:
    """The unit's open list of this procedure, or a new one: two who begin at once work on the same."""
    category = plan_category(gate)
    if category is None:
        raise refuse("not_here", _("Rollen du har nå, fører ikke sjekklister."))
    procedure = in_force(series)
    if procedure is None or not procedure.steps:
        raise refuse("gone", _("Sjekklisten gjelder ikke lenger. Velg en annen."))
    run = ChecklistRun(
        **entry_columns(gate, patient, category, stay_id=stay_of_unit(gate, patient)), series=series, number=procedure.number, title=procedure.title,
        points=[{**step, "state": "", "note": ""} for step in procedure.steps],
    )  # fmt: skip
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        open_run = ChecklistRun.objects.filter(patient=patient, series=series, unit=gate.unit_id, finished_at=None, struck_at=None).first()
        if open_run is None:
            raise refuse(
                "elsewhere", _("Enheten har allerede begynt på denne sjekklisten. Du har ikke tilgang til den i rollen du har nå.")
            ) from None
        return open_run
    return run


def checklist_answer(*, gate: Gate, run: ChecklistRun, seen: Mapping[int, Answer], answers: Mapping[int, Answer], finish: bool) -> ChecklistRun:
    """Keeps what this person has answered, point by point: what a colleague answered meanwhile stands.

    ``seen``: what stood when the form was drawn. A point that both have changed is refused with both answers told. ``finish``: nothing more is answered.
    """
    with transaction.atomic():
        locked = ChecklistRun.objects.select_for_update(of=("self",)).filter(pk=run.pk).first()
        if locked is None:  # read by this person, and written by another profession
            raise PermissionDenied(_(NOT_HERE))
        run = locked
        if run.finished_at or run.struck_at:
            raise refuse("finished", _("Sjekklisten er allerede ferdig. Ingenting er lagret."))
        points, crossed = _merged(gate, run.points, seen, answers)
        if crossed:
            raise refuse(
                "crossed",
                _("En kollega har svart noe annet på %(points)s. Ingenting er lagret. Se svaret, og velg på nytt.") % {"points": ", ".join(crossed)},
            )
        values: dict[str, Any] = {"points": points}
        if finish:
            _require_complete(points)
            values |= {"finished_at": gate.now, "finished_by_id": gate.user_id}
        return change(run, lock_version=run.lock_version, **values)


def checklist_strike(*, gate: Gate, run: ChecklistRun, lock_version: int, reason: str) -> ChecklistRun:
    """Carried out in error, or for the wrong patient: it can still be read, with the reason."""
    if run.struck_at:
        raise refuse("struck", _("Sjekklisten er allerede strøket."))
    reason = require_text(reason, "reason", _("Skriv hvorfor."))
    return change(run, lock_version=lock_version, struck_at=gate.now, struck_by_id=gate.user_id, struck_reason=reason)


def _merged(
    gate: Gate, points: list[dict[str, Any]], seen: Mapping[int, Answer], answers: Mapping[int, Answer]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The points with the new answers, and those which somebody else has changed to something else since they were seen."""
    merged, crossed = [], []
    for place, point in enumerate(points):
        stands = (point["state"], point["note"])
        said = answers.get(place, stands)
        if said in (stands, seen.get(place, stands)):
            merged.append(point)
        elif stands != seen.get(place, stands):
            crossed.append(f"«{point['text']}»")
        else:
            if said[0] and said[0] not in ChecklistRun.State.values:
                raise refuse("state", _("Velg et av svarene."))
            merged.append(point | {"state": said[0], "note": said[1], "by": str(gate.user_id), "at": gate.now.isoformat()})
    return merged, crossed


def _require_complete(points: list[dict[str, Any]]) -> None:
    missing = [point["text"] for point in points if point["required"] and not point["state"]]
    unsaid = [point["text"] for point in points if point["state"] == "not_done" and not point["note"].strip()]
    if missing:
        raise refuse("unanswered", _("Svar på dette før du fullfører: %(points)s.") % {"points": "; ".join(missing)})
    if unsaid:
        raise refuse("unsaid", _("Skriv hvorfor dette ikke er gjort: %(points)s.") % {"points": "; ".join(unsaid)})
