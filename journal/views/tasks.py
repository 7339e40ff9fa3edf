"""Tasks: the work list, giving one, and closing one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate
from access.models import DocumentType, OrgUnit
from journal.domain.moments import write_moment
from journal.models import Task
from journal.selectors.frame import patient_frame
from journal.selectors.procedures import all_in_force
from journal.selectors.tasks import MINE, patient_tasks, tasks_context
from journal.selectors.ward import staff_of
from journal.services import tasks
from journal.services.errors import JournalError
from journal.views.common import number
from journal.views.typed import Typed, act_page

TREATING = ("observation_ward", "home_nursing", "nursing_home", "therapy", "mental_health", "allocation_office")
CLINICAL = ("lms_nurse", "lms_doctor", "home_nurse", "health_worker", "physiotherapist", "occupational_therapist", "psychologist", "case_officer")


def work_list(request: HttpRequest) -> HttpResponse:
    """What the unit and oneself have to do."""
    context = tasks_context(request.gate, request.GET.get("vis", ""), request.GET.get("gjort", ""))
    return render(request, "journal/tasks.html", context)


def of_patient(request: HttpRequest, patient: UUID) -> HttpResponse:
    """All open tasks of one patient."""
    gate = request.gate
    context = patient_frame(gate, patient, "patient_tasks")
    context |= {
        "rows": patient_tasks(gate, patient),
        "new_url": reverse("task_new", args=[patient]) if gate.may(Action.WRITE, Category.TASKS) else "",
    }
    return render(request, "journal/patient_tasks.html", context)


def task_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Gives a task to a unit, or to a colleague in one's own."""
    gate = request.gate
    typed = Typed(request, {"receiver": str(gate.unit_id), "due_at": write_moment(gate.now + timedelta(hours=1), gate.now)})
    units = list(OrgUnit.objects.filter(kind__in=TREATING, valid_to=None).order_by("name"))
    people = staff_of(gate.unit_id, *CLINICAL)
    receiver = typed.chosen("receiver", [*units, *people], message=_("Velg hvem som skal gjøre oppgaven."))
    due_at = typed.moment("due_at")
    if typed.ready and due_at and receiver:
        to_unit = receiver in units
        try:
            tasks.task_create(
                gate=gate, patient=patient, title=typed.text("title"), due_at=due_at, for_unit=receiver.pk if to_unit else gate.unit_id,
                for_user=None if to_unit else receiver.pk, **_asked(gate, typed.text("asks")),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("patient_tasks", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    options = [(unit.pk, unit.name) for unit in units] + [(person.pk, person.get_full_name()) for person in people]
    return act_page(
        request, patient, typed, title=_("Ny oppgave"), submit=_("Opprett oppgave"), active="patient_tasks", cancel_url=reverse("patient_tasks", args=[patient]),
        lead=_("En enhet som ikke har tilgang fra før, får se det oppgaven krever så lenge den er åpen."),
        fields=[
            typed.field("title", _("Hva skal gjøres?"), maxlength=200), typed.field("due_at", _("Frist"), inputmode="numeric"),
            typed.select("receiver", _("Hvem skal gjøre det?"), options),
            typed.select("asks", _("Krever før den lukkes"), _askable(gate), empty=_("Ingenting")),
        ],
    )  # fmt: skip


def task_done(request: HttpRequest, patient: UUID, task: UUID) -> HttpResponse:
    return _act(request, patient, task, tasks.task_done, outcome=request.POST.get("outcome", ""))


def task_undo(request: HttpRequest, patient: UUID, task: UUID) -> HttpResponse:
    return _act(request, patient, task, tasks.task_undo_done)


def task_cancel(request: HttpRequest, patient: UUID, task: UUID) -> HttpResponse:
    """The task lapses; a reason is asked for."""
    found = get_object_or_404(Task, pk=task, patient=patient)
    typed = Typed(request)
    if typed.ready:
        try:
            tasks.task_cancel(gate=request.gate, task=found, lock_version=typed.number("lock_version"), reason=typed.text("reason"))
            return HttpResponseRedirect(reverse("tasks"))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Oppgaven bortfaller"), submit=_("Avslutt oppgaven"), active="patient_tasks", lead=found.title,
        hidden={"lock_version": found.lock_version}, cancel_url=reverse("tasks"), fields=[typed.field("reason", _("Hvorfor?"), maxlength=200)],
    )  # fmt: skip


def _askable(gate: Gate) -> list[tuple[str, str]]:
    """What a task can ask for: a signed note of a type that one may read oneself, or a finished checklist."""
    types = [one for one in DocumentType.objects.order_by("name") if gate.may(Action.READ, one.category_id)]
    notes = [(f"note:{one.code}", _("Notat: %(name)s") % {"name": one.name}) for one in types]
    return notes + [(f"series:{one.series}", _("Sjekkliste: %(name)s") % {"name": one.title}) for one in all_in_force() if one.steps]


def _asked(gate: Gate, chosen: str) -> dict[str, Any]:
    """The columns of a choice among ``_askable``; what is none of them asks for nothing."""
    kind, _colon, key = chosen.partition(":")
    if chosen not in dict(_askable(gate)):
        return {}
    return {"asks_note": key} if kind == "note" else {"asks_series": UUID(key)}


def _act(request: HttpRequest, patient: UUID, task: UUID, act: Callable[..., Task], **values: Any) -> HttpResponse:
    found = get_object_or_404(Task, pk=task, patient=patient)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("tasks"))
    version = number(request.POST.get("lock_version", ""))
    try:
        act(gate=request.gate, task=found, lock_version=version, **values)
    except JournalError as error:
        context = tasks_context(request.gate, MINE if request.GET.get("vis") == MINE else "")
        return render(request, "journal/tasks.html", context | {"refused": error.message}, status=error.status)
    return HttpResponseRedirect(f"{reverse('tasks')}?gjort={found.pk}")
