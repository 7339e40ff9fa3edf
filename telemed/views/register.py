"""The register as its keepers see it: what an entity has that can be booked, something new, and who holds the plan."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import rows
from access.models import LegalEntity, User
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from telemed.models import Equipment, Resource, RollOutPlan
from telemed.selectors.register import holders, register_rows, units_of
from telemed.services import register as services
from telemed.services.rollout import manages
from telemed.views.booking import key_in


def resources(request: HttpRequest, plan: UUID) -> HttpResponse:
    """What stands in the register; a post gives the plan to somebody, or takes it back."""
    found, gate = plan_of(plan), request.gate
    held = manages(gate, found)
    typed = Typed(request)
    person = key_in(request, "person") or key_in(request, "take")
    if typed.posted and person is None:
        typed.errors["person"] = _("Velg hvem.")
    if typed.ready and person:
        services.holder_set(model="rolloutplan", key=found.pk, user=person, held="take" not in request.POST)
        return HttpResponseRedirect(reverse("plan_resources", args=[found.pk]) + "?gjort=lagret")
    holding = holders("manage_rollout", [found.pk])[found.pk]
    context = {
        "plan": found, "manages": held, "rows": register_rows(found, oslo_date(gate.now)), "holders": holding, "me": gate.user_id, "hidden": {"actor": gate.user_id},
        "errors": typed.error_list(), "done": request.GET.get("gjort", ""), "field": person_field(typed, found, {one["id"] for one in holding}) if held else None,
    }  # fmt: skip
    return render(request, "telemed/plan_resources.html", context, status=typed.status)


def new(request: HttpRequest, plan: UUID) -> HttpResponse:
    """A room, a piece of equipment or a person that can be booked from now on."""
    found, gate = plan_of(plan), request.gate
    if not manages(gate, found):
        return HttpResponseRedirect(reverse("plan_resources", args=[found.pk]))
    typed = Typed(request, {"kind": "equipment", "check_days": "1", "mobile": "1"})
    units = units_of(found)
    unit = typed.chosen("unit", units, message=_("Velg enheten.")) if typed.posted else None
    people = rows("plan_people", found.pk)
    user = User.objects.filter(pk=key_in(request, "user"), pk__in=[one["user_id"] for one in people]).first() if typed.posted else None
    if typed.ready and unit:
        kind = typed.text("kind")
        kit = services.Kit(
            typed.text("type"), found.legal_entity, typed.text("mobile") == "1", typed.text("serial"), typed.text("support_name"), typed.text("support_phone"),
            typed.number("check_days"),
        )  # fmt: skip
        try:
            made = services.resource_register(
                gate=gate, kind=kind, name=typed.text("name"), unit=unit, place=typed.text("place"),
                user=user if kind == Resource.Kind.PERSON else None, by_duty=typed.text("by_duty") == "1", kit=kit if kind == Resource.Kind.EQUIPMENT else None,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("resource_times", args=[made.pk]) + "?gjort=ny")
        except JournalError as error:
            typed.refuse(error)
    context = {
        "title": _("Nytt rom, utstyr eller person"), "entity": found.legal_entity.name, "errors": typed.error_list(), "hidden": {"actor": gate.user_id},
        "cancel_url": reverse("plan_resources", args=[found.pk]),
        "fields": [
            typed.select("kind", _("Hva"), Resource.Kind.choices), typed.select("unit", _("Enhet"), [(one.pk, one.name) for one in units], empty=_("Velg")),
            typed.field("name", _("Navn"), hint=_("Som det står i kalenderen, for eksempel «Videovogn C». Personer får sitt eget navn."), maxlength=60),
            typed.field("place", _("Sted"), hint=_("Der det står, for eksempel «2. etasje, rom 214»"), maxlength=80),
        ],
        "kit_fields": [
            typed.select("type", _("Slag"), Equipment.Type.choices, empty=_("Velg")), typed.select("mobile", _("Flyttbart"), [(1, _("Ja")), (0, _("Nei, fast montert"))]),
            typed.field("serial", _("Serienummer"), maxlength=40), typed.field("check_days", _("Testes"), unit=_("dagers mellomrom"), inputmode="numeric"),
            typed.field("support_name", _("Støtte"), hint=_("Hvem som hjelper når noe svikter"), maxlength=60),
            typed.field("support_phone", _("Telefon til støtte"), inputmode="tel", maxlength=20),
        ],
        "person_fields": [
            typed.select("user", _("Hvem"), [(one["user_id"], f"{one['name']}, {one['unit_name']}") for one in people], empty=_("Velg")),
            typed.select("by_duty", _("Bestilles"), [(0, _("i åpningstiden")), (1, _("bare i vakter som er ført"))]),
        ],
    }  # fmt: skip
    return render(request, "telemed/plan_resource_new.html", context, status=typed.status)


def start(request: HttpRequest) -> HttpResponse:
    """A plan for an entity that has none."""
    typed = Typed(request)
    without = (
        LegalEntity.objects.filter(valid_to=None).exclude(kind="operator").exclude(pk__in=RollOutPlan.objects.values("legal_entity")).order_by("name")
    )
    entity = typed.chosen("entity", without, message=_("Velg virksomheten.")) if typed.posted else None
    if typed.ready and entity:
        try:
            made = services.plan_start(entity=entity)
            return HttpResponseRedirect(reverse("plan_resources", args=[made.pk]) + "?gjort=lagret")
        except JournalError as error:
            typed.refuse(error)
    context = {
        "title": _("Ny plan"), "errors": typed.error_list(), "hidden": {"actor": request.gate.user_id}, "manages": bool(without), "submit": _("Lag planen"),
        "lead": _("Du får planen selv. Gi den så til den som skal styre utrullingen i virksomheten."), "none": _("Alle virksomheter har en plan."),
        "fields": [typed.select("entity", _("Virksomhet"), [(one.pk, one.name) for one in without], empty=_("Velg"))],
    }  # fmt: skip
    return render(request, "telemed/rollout_stage.html", context, status=typed.status)


def plan_of(key: UUID) -> RollOutPlan:
    return get_object_or_404(RollOutPlan.objects.select_related("legal_entity"), pk=key)


def person_field(typed: Typed, plan: RollOutPlan, taken: set[UUID]) -> dict[str, Any]:
    """A choice among those who work in the entity and do not hold it yet."""
    people = [(one["user_id"], f"{one['name']}, {one['unit_name']}") for one in rows("plan_people", plan.pk) if one["user_id"] not in taken]
    return typed.select("person", _("Gi til"), people, empty=_("Velg"))
