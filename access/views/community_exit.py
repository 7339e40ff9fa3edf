"""One leaves the record community: chosen, looked through, registered. What would be left hanging is counted before anything is dated."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import ExportRule
from access.selectors import community as reading
from access.services.community import CommunityError, exit_plan
from access.views.community_forms import held_community, page
from access.views.community_input import Posted
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date

DAYS_A_MONTH = 30


def exit_new(request: HttpRequest, community: UUID) -> HttpResponse:
    """First the form, then what it leads to, then the act."""
    one = held_community(request, community)
    version = reading.version_at(one, request.gate.now) or {}
    form = Posted(request, {"rule": version.get("export_rule", "")})
    parties = {party["id"]: party["name"] for party in reading.parties(one, request.gate.now) if party["kind"] == "municipality"}
    entity = form.chosen("entity", parties, _("Velg kommunen som går ut."))
    valid_from = form.moment("valid_from")
    closes_at = form.moment("closes_at") if form.value("closes_at") else valid_from
    if form.value("rule") not in ExportRule.values:
        form.errors["rule"] = _("Velg hva kommunen tar med seg.")
    if valid_from and valid_from <= request.gate.now:
        form.errors["valid_from"] = _("Velg en dag som kommer. Utmeldingen gjelder fra midnatt den dagen begynner.")
    elif valid_from and closes_at and closes_at < valid_from:
        form.errors["closes_at"] = _("Enhetene kan ikke stenges før utmeldingen gjelder.")
    reason = form.text("reason", _("Skriv hvorfor, gjerne vedtaket."))
    if form.posted and not form.errors:
        if not request.POST.get("confirmed"):
            return _preview(request, one, form, parties[str(entity)], entity, valid_from, closes_at, version)
        try:
            change = exit_plan(
                gate=request.gate,
                community=community,
                entity=entity,
                valid_from=valid_from,
                closes_at=closes_at,
                rule=form.value("rule"),
                reason=reason,
            )
            return HttpResponseRedirect(reverse("community_change", args=[change]) + "?gjort=exit")
        except CommunityError as error:
            form.errors |= error.errors
    return page(
        request, one, form, title=_("Meld ut en kommune"), label=_("Se hva utmeldingen fører til"),
        intro=_("Fra midnatt leser kommunen ikke lenger det andre har ført, og de andre ikke det kommunen har ført. Ingenting slettes."),
        groups=[{"legend": _("Hvem, når og hvorfor"), "fields": _fields(form, parties)}],
    )  # fmt: skip


def _fields(form: Posted, parties: dict[str, str]) -> list[dict[str, Any]]:
    return [
        form.select("entity", _("Kommune"), [("", _("Velg")), *sorted(parties.items(), key=lambda one: one[1])], required=True),
        form.date_field("valid_from", _("Går ut"), hint=_("dd.mm.åååå. Gjelder fra midnatt når dagen begynner."), required=True),
        form.date_field(
            "closes_at", _("Kommunens egne enheter stenges"), hint=_("La stå tomt for samme dag. Til da fører kommunen videre i egne journaler.")
        ),
        form.select("rule", _("Uttrekk"), [("", _("Velg")), *ExportRule.choices], hint=_("Avtalens regel er valgt."), required=True),
        form.area("reason", _("Hvorfor?"), rows=2, required=True),
    ]


def _preview(
    request: HttpRequest, one: dict[str, Any], form: Posted, name: str, entity: Any, valid_from: Any, closes_at: Any, version: dict[str, Any]
) -> HttpResponse:
    """What would happen. Nothing is registered yet; the form goes along as it was sent."""
    notice = version.get("notice_months", 0)
    context = {
        "community": one, "name": name, "valid_from": valid_from, "closes_at": closes_at, "url": request.path,
        "last_day": oslo_date(valid_from) - timedelta(days=1), "rule": ExportRule(form.value("rule")).label,
        "hanging": reading.hanging(entity, closes_at), "version": version,
        "short_notice": notice if valid_from - request.gate.now < timedelta(days=notice * DAYS_A_MONTH) else 0,
        "hidden": {key: form.value(key) for key in ("entity", "valid_from", "closes_at", "rule", "reason")} | {"confirmed": "1"},
        "day": format_date(oslo_date(valid_from)),
    }  # fmt: skip
    return render(request, "access/community/exit_preview.html", context)
