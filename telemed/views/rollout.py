"""The roll-out: where each function stands, figures and experience; switching by those who hold a plan; and one's grades of a session."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call, rows
from access.models import Course, LegalEntity
from journal.domain.moments import parse_day
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.formatting import MONTHS, format_date
from lms_epj.core.words import say
from telemed.models import ABOUT_ONE, Booking, Experience, FeaturePeriod, Kind, RollOutPlan
from telemed.services import rollout as services
from telemed.views.booking import part_of

DAYS, DUE_DAYS = 90, 60


def overview(request: HttpRequest) -> HttpResponse:
    """Every entity's stages, what was held, how it was found, and what they have learnt."""
    gate = request.gate
    typed = Typed(request)
    if typed.ready:
        try:
            services.experience_share(gate=gate, kind=typed.text("kind"), text=typed.text("text"))
            return HttpResponseRedirect(reverse("rollout") + "?gjort=delt")
        except JournalError as error:
            typed.refuse(error)
    today = oslo_date(gate.now)
    figures = rows("rollout_figures", gate.now - timedelta(days=DAYS), gate.now)
    standing = {(one["entity_id"], one["course_id"]): one for one in rows("course_standing", DUE_DAYS)}
    plans = list(RollOutPlan.objects.select_related("legal_entity").prefetch_related("periods__course").order_by("legal_entity__name"))
    context = {
        "plans": [_plan(request, plan, today, [one for one in figures if one["entity_id"] == plan.legal_entity_id], standing) for plan in plans],
        "told": Experience.objects.select_related("legal_entity", "author").order_by("-recorded_at")[:20],
        "may_tell": gate.role["may_chart"] or any(services.manages(gate, plan) for plan in plans), "may_start": gate.role["administers_access"],
        "fields": [typed.select("kind", _("Gjelder"), Kind.choices, empty=_("Velg")), typed.field("text", _("Erfaring"), rows=3, hint=_("Ingen opplysninger om pasienter."))],
        "errors": typed.error_list(), "hidden": {"actor": gate.user_id}, "now": gate.now, "done": request.GET.get("gjort", ""), "days": DAYS,
    }  # fmt: skip
    return render(request, "telemed/rollout.html", context, status=typed.status)


def _plan(
    request: HttpRequest, plan: RollOutPlan, today: date, figures: list[dict[str, Any]], standing: dict[tuple[UUID, UUID], dict[str, Any]]
) -> dict[str, Any]:
    periods = sorted(plan.periods.all(), key=lambda one: one.valid_from)
    found = {one["kind"]: one for one in figures}
    kinds = []
    for kind in ABOUT_ONE:
        mine = [one for one in periods if one.kind == kind]
        live = next((one for one in mine if one.valid_from <= today and (one.valid_to is None or today <= one.valid_to)), None)
        coming = next((one for one in mine if one.valid_from > today and (one.valid_to is None or one.valid_from <= one.valid_to)), None)
        if mine or kind in found:
            course = live.course if live else None
            trained = standing.get((plan.legal_entity_id, course.pk)) if course else None
            kinds.append({"label": kind.label, "live": live, "coming": coming, "figures": found.get(kind), "course": course, "trained": trained})
    return {
        "plan": plan,
        "name": plan.legal_entity.name,
        "kinds": kinds,
        "url": reverse("rollout_stage", args=[plan.pk]) if services.manages(request.gate, plan) else "",
        "resources_url": reverse("plan_resources", args=[plan.pk]),
    }


def gains(request: HttpRequest) -> HttpResponse:
    """What sessions spared of travel and escort, month by month (R54): one row per entity, the newest month first."""
    gate = request.gate
    first = (oslo_date(gate.now).replace(day=1) - timedelta(days=365)).replace(day=1)
    names = dict(LegalEntity.objects.values_list("id", "name"))
    found = [one | {"entity": names[one["entity_id"]]} for one in rows("spared_by_month", start_of_day(first), gate.now)]
    months = [
        {
            "name": f"{say(MONTHS[month.month - 1])} {month.year}", "rows": sorted((one for one in found if one["month"] == month), key=lambda one: one["entity"]),
            "held": sum(one["held"] for one in found if one["month"] == month),
        }
        for month in sorted({one["month"] for one in found}, reverse=True)
    ]  # fmt: skip
    return render(request, "telemed/gains.html", {"months": months})


def stage(request: HttpRequest, plan: UUID) -> HttpResponse:
    """Sets a stage from a day on."""
    found = get_object_or_404(RollOutPlan.objects.select_related("legal_entity"), pk=plan)
    gate = request.gate
    typed = Typed(request, {"valid_from": format_date(gate.now)})
    days: dict[str, Any] = {}
    for name in ("valid_from", "valid_to"):
        try:
            days[name] = parse_day(typed.text(name)) if typed.text(name).strip() else None
        except ValueError:
            typed.errors[name] = _("Skriv dagen som 24.11.2026.")
    courses = list(Course.objects.order_by("name"))
    course = typed.chosen("course", courses) if typed.posted else None
    if typed.posted and not days.get("valid_from"):
        typed.errors.setdefault("valid_from", _("Skriv første dag."))
    if typed.ready:
        try:
            services.stage_set(
                gate=gate, plan=found, kind=typed.text("kind"), stage=typed.text("stage"), valid_from=days["valid_from"], valid_to=days["valid_to"],
                remark=typed.text("remark"), course=course,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("rollout") + "?gjort=satt")
        except JournalError as error:
            typed.refuse(error)
    context = {
        "title": _("Nytt trinn i %(entity)s") % {"entity": found.legal_entity.name}, "errors": typed.error_list(), "hidden": {"actor": gate.user_id},
        "manages": services.manages(gate, found),
        "fields": [
            typed.select("kind", _("Hva"), [(kind.value, kind.label) for kind in ABOUT_ONE], empty=_("Velg")),
            typed.select("stage", _("Trinn"), FeaturePeriod.Stage.choices, empty=_("Velg")), typed.field("valid_from", _("Fra"), inputmode="numeric"),
            typed.field("valid_to", _("Til og med"), hint=_("Tomt: til noe annet settes"), inputmode="numeric"),
            typed.select("course", _("Kurs som minst én som er med, må ha"), [(one.pk, one.name) for one in courses], empty=_("Ikke noe krav")),
            typed.field("remark", _("Merknad"), maxlength=200),
        ],
    }  # fmt: skip
    return render(request, "telemed/rollout_stage.html", context, status=typed.status)


def evaluate(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """One's own grades of a session that was held."""
    gate, part = request.gate, part_of(patient, video)
    back = reverse("video_session", args=[patient, part.pk])
    if part.booking.status != Booking.Status.HELD or call("evaluated", part.booking_id):
        return HttpResponseRedirect(back)
    typed = Typed(request)
    if typed.ready:
        try:
            services.evaluate(
                gate=gate, booking=part.booking, useful=typed.number("useful"), technical=typed.number("technical"), prepared=typed.number("prepared"),
                again=typed.text("again") == "1", patient=typed.number("patient") or None,
            )  # fmt: skip
            return HttpResponseRedirect(back + "?gjort=vurdert")
        except JournalError as error:
            typed.refuse(error)
    grades = [(5, _("5 – svært bra")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 – svært dårlig"))]
    context = patient_frame(gate, patient, "patient_video") | {
        "title": _("Vurder timen"), "submit": _("Send vurderingen"), "cancel_url": back, "errors": typed.error_list(), "hidden": {"patient": patient, "actor": gate.user_id},
        "lead": _("Brukes til å bestemme neste trinn. Vises bare som tall, og bare når minst fem har svart."),
        "fields": [
            typed.select("useful", _("Nytte for pasienten"), grades, empty=_("Velg")), typed.select("technical", _("Lyd, bilde og utstyr"), grades, empty=_("Velg")),
            typed.select("prepared", _("Forberedelse og sted"), grades, empty=_("Velg")),
            typed.select("again", _("Ville du valgt video igjen?"), [(1, _("Ja")), (0, _("Nei"))]),
            typed.select("patient", _("Hva pasienten svarte"), grades, empty=_("Ikke spurt"),
                         hint=_("Spør gjerne: Hvordan var det å møte spesialisten på skjermen?")),
        ],
    }  # fmt: skip
    return render(request, "journal/act.html", context, status=typed.status)
