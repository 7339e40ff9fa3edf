"""The rules of the statistics: weight and threshold per scenario, in force now and before; a change asks for its reason."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.selectors import findings
from access.services.reviews import ReviewError, log_rule_set
from access.views.common import text_field
from lms_epj.core.words import gettext_noop


def page(request: HttpRequest) -> HttpResponse:
    """The table of rules; ?regel=<scenario> opens one for change, with its history."""
    rules = findings.rules()
    chosen = request.POST.get("regel", "") if request.method == "POST" else request.GET.get("regel", "")
    if chosen and not rules.get(chosen):
        raise Http404
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            _change(request, chosen)
            return HttpResponseRedirect(reverse("log_rules") + "?gjort=endret")
        except ReviewError as refused:
            wrong = refused.errors
    context: dict[str, Any] = {
        "rules": [_row(code, history[0]) for code, history in rules.items() if history],
        "chosen": _chosen(request, chosen, rules[chosen], wrong) if chosen else None,
        "errors": [{"field": f"field-{name}", "text": text} for name, text in wrong.items()],
        "messages": [{"text": _("Regelen er endret. Den gjelder fra neste gjennomgang.")}] if request.GET.get("gjort") == "endret" else [],
        "runs": findings.runs(),
    }  # fmt: skip
    return render(request, "access/reviews/rules.html", context, status=422 if wrong else 200)


def _change(request: HttpRequest, scenario: str) -> None:
    form, errors = request.POST, {}
    if not scenario:
        raise Http404
    weight, threshold = _number(form.get("weight", "0")), _number(form.get("threshold", ""))
    if weight is None:
        errors["weight"] = _("Skriv et helt tall mellom −1000 og 1000.")
    if "threshold" in form and threshold is None:
        errors["threshold"] = _("Skriv et helt tall.")
    if errors:
        raise ReviewError(errors)
    active = "active" in form or scenario == findings.WORK_LIST
    log_rule_set(gate=request.gate, scenario=scenario, weight=weight, threshold=threshold, active=active, reason=form.get("reason", ""))


def _row(code: str, rule: dict[str, Any]) -> dict[str, Any]:
    name, unit = _(names(code)[0]), _(names(code)[1]) if names(code)[1] else ""
    off = _("Teller ikke før en vaktplan er koblet til") if not rule["counts"] else ""
    return rule | {"name": name, "unit": unit, "url": f"{reverse('log_rules')}?regel={code}", "off": off, "limit_only": code == findings.WORK_LIST}


def names(code: str) -> tuple[str, str]:
    """Name of a rule, and what its threshold means."""
    if code == findings.WORK_LIST:
        return gettext_noop("Grense for arbeidslisten"), gettext_noop("poeng før et oppslag løftes fram")
    name, _text, unit = findings.SCENARIOS.get(code, (code, "", ""))
    return name, unit


def _chosen(request: HttpRequest, code: str, history: list[dict[str, Any]], wrong: dict[str, str]) -> dict[str, Any]:
    now, form = history[0], request.POST
    fields = []
    if code != findings.WORK_LIST:
        fields.append(text_field("weight", _("Vekt"), form.get("weight", now["weight"]), inputmode="numeric", unit=_("poeng"), required=True,
                                 hint=_("−1000 til 1000. Minus trekker fra."), error=wrong.get("weight", ""), autocomplete="off"))  # fmt: skip
    if now["threshold"] is not None:
        fields.append(text_field("threshold", _("Grense"), form.get("threshold", now["threshold"]), inputmode="numeric", unit=_(names(code)[1]),
                                 required=True, error=wrong.get("threshold", ""), autocomplete="off"))  # fmt: skip
    reason = text_field("reason", _("Hvorfor endres regelen?"), form.get("reason", ""), rows=2, required=True, maxlength=500,
                        error=wrong.get("reason", ""))  # fmt: skip
    active = "active" in form if request.method == "POST" else now["active"]
    return {"code": code, "name": _(names(code)[0]), "fields": fields, "reason": reason, "active": active,
            "may_rest": code != findings.WORK_LIST, "history": history}  # fmt: skip


def _number(text: str) -> int | None:
    """A whole number as typed, with either sign for minus."""
    text = text.strip().replace("−", "-")
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None
