"""The care plan: read as a whole, and one act a page."""

import re
from datetime import time
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import OrgUnit
from journal.models import PlanAction, PlanEvaluation, PlanProblem
from journal.selectors.frame import patient_frame
from journal.selectors.plan import plan_context
from journal.services import plans
from journal.services.errors import JournalError
from journal.views.common import after, messages, number, row_or_404
from journal.views.typed import Typed, act_page
from lms_epj.core.addresses import path_to

TREATING = ("observation_ward", "home_nursing", "nursing_home", "therapy", "mental_health")
DAY_HINT = gettext_noop("Tomt hvis ikke avtalt. For eksempel 24.11.2026")


def plan_view(request: HttpRequest, patient: UUID, error: JournalError | None = None) -> HttpResponse:
    context = patient_frame(request.gate, patient, "plan") | plan_context(request.gate, patient) | {"messages": messages(request, patient)}
    return render(request, "journal/plan.html", context | {"refused": error.message if error else ""}, status=error.status if error else 200)


def problem_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    typed = Typed(request)
    goal_by = typed.day("goal_by")
    if typed.ready:
        try:
            plans.problem_add(gate=request.gate, patient=patient, problem=typed.text("problem"), goal=typed.text("goal"), goal_by=goal_by)
            return after("plan", patient, "problem")
        except JournalError as error:
            typed.refuse(error)
    return _problem_page(request, patient, typed, title=_("Nytt problem eller behov"), submit=_("Legg til"))


def problem_change(request: HttpRequest, patient: UUID, problem: UUID) -> HttpResponse:
    row = row_or_404(PlanProblem, patient, problem)
    typed = Typed(request, {"problem": row.problem, "goal": row.goal, "goal_by": f"{row.goal_by:%d.%m.%Y}" if row.goal_by else ""})
    goal_by = typed.day("goal_by")
    if typed.ready:
        try:
            plans.problem_change(
                gate=request.gate,
                problem=row,
                lock_version=typed.number("lock_version"),
                text=typed.text("problem"),
                goal=typed.text("goal"),
                goal_by=goal_by,
            )
            return after("plan", patient, "endret")
        except JournalError as error:
            typed.refuse(error)
            row = row_or_404(PlanProblem, patient, problem)
    return _problem_page(
        request, patient, typed, title=_("Endre problem og mål"), submit=_("Lagre"), lead=_("Det som sto før, blir stående i historikken."), row=row
    )


def problem_evaluate(request: HttpRequest, patient: UUID, problem: UUID) -> HttpResponse:
    row, typed = row_or_404(PlanProblem, patient, problem), Typed(request)
    if typed.ready:
        try:
            plans.problem_evaluate(gate=request.gate, problem=row, kind=typed.text("kind"), text=typed.text("text"))
            return after("plan", patient, "evaluert")
        except JournalError as error:
            typed.refuse(error)
    kinds = [(kind.value, kind.label) for kind in PlanEvaluation.ASSESSED]
    return act_page(
        request, patient, typed, title=_("Evaluer"), submit=_("Lagre evalueringen"), active="plan", cancel_url=path_to("plan", patient), lead=_about(row),
        fields=[typed.select("kind", _("Hvordan går det?"), kinds, empty=_("Velg")), typed.field("text", _("Evaluering"), rows=4, maxlength=2000)],
    )  # fmt: skip


def problem_end(request: HttpRequest, patient: UUID, problem: UUID) -> HttpResponse:
    row, typed = row_or_404(PlanProblem, patient, problem), Typed(request)
    if typed.ready:
        try:
            plans.problem_end(
                gate=request.gate, problem=row, lock_version=typed.number("lock_version"), outcome=typed.text("outcome"), text=typed.text("text")
            )
            return after("plan", patient, "problem-avsluttet", row)
        except JournalError as error:
            typed.refuse(error)
            row = row_or_404(PlanProblem, patient, problem)
    return act_page(
        request, patient, typed, title=_("Avslutt problemet"), submit=_("Avslutt"), active="plan", cancel_url=path_to("plan", patient), lead=_about(row),
        hidden={"lock_version": row.lock_version}, notes=[_("Tiltakene avsluttes, og åpne oppgaver fra dem bortfaller.")],
        fields=[typed.select("outcome", _("Hva kom ut av det?"), PlanProblem.Outcome.choices, empty=_("Velg")), typed.field("text", _("Merknad"), rows=3, maxlength=2000)],
    )  # fmt: skip


def problem_reopen(request: HttpRequest, patient: UUID, problem: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = row_or_404(PlanProblem, patient, problem)
    try:
        # «Angre» right after names no version: nobody can have changed what is ended.
        plans.problem_reopen(gate=request.gate, problem=row, lock_version=number(request.POST.get("lock_version", "")) or row.lock_version)
    except JournalError as error:
        return plan_view(request, patient, error)
    return after("plan", patient, "gjenapnet")


def action_new(request: HttpRequest, patient: UUID, problem: UUID) -> HttpResponse:
    gate, row = request.gate, row_or_404(PlanProblem, patient, problem)
    typed = Typed(request, {"for_unit": str(gate.unit_id), "every_days": "1"})
    units = list(OrgUnit.objects.filter(kind__in=TREATING, valid_to=None).order_by("name"))
    unit, ends_on, times = typed.chosen("for_unit", units, message=_("Velg hvem som skal gjøre det.")), typed.day("ends_on"), _times(typed)
    if typed.ready and unit:
        try:
            plans.action_add(
                gate=gate, problem=row, text=typed.text("text"), for_unit=unit.pk, times=times, every_days=typed.number("every_days"), ends_on=ends_on
            )
            return after("plan", patient, "tiltak")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Nytt tiltak"), submit=_("Legg til tiltaket"), active="plan", cancel_url=path_to("plan", patient), lead=_about(row),
        fields=[
            typed.field("text", _("Hva skal gjøres?"), maxlength=200), typed.select("for_unit", _("Hvem skal gjøre det?"), [(one.pk, one.name) for one in units]),
            typed.field("times", _("Klokkeslett"), hint=_("For eksempel 08:00 20:00. Hver gang blir en oppgave. Tomt betyr ved behov, uten oppgaver")),
            typed.field("every_days", _("Hver … dag"), hint=_("1 er hver dag, 2 annenhver, 7 hver uke"), inputmode="numeric"),
            typed.field("ends_on", _("Siste dag"), hint=_(DAY_HINT)),
        ],
    )  # fmt: skip


def action_stop(request: HttpRequest, patient: UUID, action: UUID) -> HttpResponse:
    row, typed = row_or_404(PlanAction, patient, action), Typed(request)
    if typed.ready:
        try:
            plans.action_stop(gate=request.gate, action=row, lock_version=typed.number("lock_version"), reason=typed.text("reason"))
            return after("plan", patient, "tiltak-avsluttet")
        except JournalError as error:
            typed.refuse(error)
            row = row_or_404(PlanAction, patient, action)
    return act_page(
        request, patient, typed, title=_("Avslutt tiltaket"), submit=_("Avslutt"), active="plan", cancel_url=path_to("plan", patient), lead=row.text,
        hidden={"lock_version": row.lock_version}, fields=[typed.field("reason", _("Hvorfor?"), maxlength=200)],
    )  # fmt: skip


def _problem_page(request: HttpRequest, patient: UUID, typed: Typed, *, row: PlanProblem | None = None, **more: str) -> HttpResponse:
    return act_page(
        request, patient, typed, active="plan", cancel_url=path_to("plan", patient), hidden={"lock_version": row.lock_version} if row else None,
        fields=[
            typed.field("problem", _("Problem eller behov"), rows=2, maxlength=500), typed.field("goal", _("Mål"), rows=2, maxlength=500),
            typed.field("goal_by", _("Nås innen"), hint=_(DAY_HINT)),
        ], **more,
    )  # fmt: skip


def _about(row: PlanProblem) -> str:
    return _("%(problem)s. Mål: %(goal)s") % {"problem": row.problem.rstrip("."), "goal": row.goal}


def _times(typed: Typed) -> list[time]:
    """The clock times that were typed, parted by space or comma."""
    found = []
    for text in re.split(r"[\s,;]+|\bog\b", typed.text("times")):
        match = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?", text)
        if text and (not match or int(match[1]) > 23 or int(match[2] or 0) > 59):
            typed.errors["times"] = _("Skriv klokkeslettene som 08:00 20:00.")
        elif match:
            found.append(time(int(match[1]), int(match[2] or 0)))
    return found
