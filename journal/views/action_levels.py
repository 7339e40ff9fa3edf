"""How soon a unit wants the next NEWS2 set: its leader reads what counts, what has counted, and decides anew."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.models import ActionLevels
from journal.services.action_levels import action_levels_set, levels_of
from journal.services.errors import JournalError
from journal.views.common import number

STEPS = {
    "zero": gettext_noop("Sum 0"), "low": gettext_noop("Sum 1–4"), "low_medium": gettext_noop("3 poeng i én verdi"), "medium": gettext_noop("Sum 5–6"),
    "high": gettext_noop("Sum 7 eller mer"), "incomplete": gettext_noop("Ufullstendig måling"),
}  # fmt: skip


def action_levels(request: HttpRequest) -> HttpResponse:
    gate, error = request.gate, None
    if request.method == "POST":
        try:
            minutes = {step: number(request.POST.get(step, "")) for step in STEPS}
            actions = {level: request.POST.get(f"do_{level}", "")[:200] for level in ActionLevels.ACTED_ON}
            action_levels_set(gate=gate, minutes=minutes, actions=actions, reason=request.POST.get("reason", "")[:500])
        except JournalError as refused:
            error = refused
        else:
            return HttpResponseRedirect(f"{reverse('action_levels')}?lagret=1")
    now, problems = levels_of(gate.unit_id), error.fields if error else {}
    fields = [
        {"id": step, "name": step, "label": _(label), "unit": _("minutter"), "inputmode": "numeric", "autocomplete": "off", "error": problems.get(step),
         "value": request.POST.get(step) or int(getattr(now, step).total_seconds() // 60)}
        for step, label in STEPS.items()
    ]  # fmt: skip
    actions = [
        {"id": f"do_{level}", "name": f"do_{level}", "label": _("%(level)s: dette gjør vi") % {"level": _(STEPS[level])}, "autocomplete": "off",
         "value": request.POST.get(f"do_{level}", _(now.actions.get(level, "")) if now.actions.get(level) else "")}
        for level in ActionLevels.ACTED_ON
    ]  # fmt: skip
    reason = {
        "id": "reason", "name": "reason", "label": _("Hvorfor, og hvem har bestemt det"), "rows": 2, "value": request.POST.get("reason", ""),
        "error": problems.get("reason"), "required": True,
    }  # fmt: skip
    labels = {field["id"]: field["label"] for field in [*fields, reason]}
    context = {
        "unit": gate.unit, "version": now.version, "fields": fields, "actions": actions, "reason": reason, "saved": request.GET.get("lagret") == "1",
        "history": ActionLevels.objects.filter(unit_id=gate.unit_id).select_related("decided_by").order_by("-number"), "steps": [_(s) for s in STEPS.values()],
        "errors": [{"field": name, "text": f"{labels[name]}: {text}"} for name, text in problems.items()], "hidden": {"actor": gate.user_id},
    }  # fmt: skip
    return render(request, "journal/action_levels.html", context, status=error.status if error else 200)
