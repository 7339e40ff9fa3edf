"""Deviations: reported by anyone, handled by whoever leads the unit or runs the system (R58). No health data stands here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.services.links import page_of_patient
from access.views.common import text_field
from lms_epj.core.formatting import format_date, format_near_moment, format_time
from ops.models import Deviation, DeviationLine, Incident, System
from ops.services.acting import DutyError
from ops.services.deviations import Report, deviation_act, deviation_report
from ops.views.common import after, fault, page, read_typed, read_uuid
from ops.views.reading import choice, choices, read_only_day

COLOURS = {"reported": "danger", "handled": "warning", "closed": "success"}
ACTS = {"take": "avvik-lagret", "note": "avvik-lagret", "plan": "avvik-lagret", "close": "avvik-lukket", "reopen": "avvik-lagret"}
SHOWN = 100


def deviations(request: HttpRequest) -> HttpResponse:
    """Those one has reported, and those one handles."""
    now: datetime = request.gate.now
    chosen = request.GET.get("status", "")
    found = Deviation.objects.select_related("unit", "system", "reported_by", "handler").order_by("-reported_at")
    rows = [row_of(one, now) for one in found[:500]]
    counts = {state: sum(row["one"].state == state for row in rows) for state in Deviation.State.values}
    chips = [{"label": _("Alle"), "count": len(rows), "url": "?", "active": not chosen}] + [
        {"label": str(label), "count": counts[state], "url": f"?status={state}", "active": chosen == state}
        for state, label in Deviation.State.choices
    ]
    shown = [row for row in rows if chosen in ("", row["one"].state)]
    return page(request, "deviations", "deviations", rows=shown[:SHOWN], hidden=max(0, len(shown) - SHOWN), chips=chips)


def row_of(one: Deviation, now: datetime) -> dict[str, Any]:
    return {
        "one": one, "state": one.get_state_display(), "colour": COLOURS[one.state], "near": format_near_moment(one.reported_at, now), "url": reverse("deviation", args=[one.id]),
        "late": one.due_on is not None and one.state != "closed" and one.due_on < now.date(),
    }  # fmt: skip


def deviation_new(request: HttpRequest) -> HttpResponse:
    """?fra= the page of a record it is about; ?hendelse= the incident it comes of. Neither is needed."""
    about = request.GET.get("fra", "") if page_of_patient(request.GET.get("fra", "")) else ""
    incident = Incident.objects.select_related("system").filter(id=read_uuid(request.GET.get("hendelse"))).first()
    errors: list[dict[str, str]] = []
    sent = request.POST
    if request.method == "POST":
        try:
            report = Report(
                sent.get("kind", ""), sent.get("consequence", ""), sent.get("title", "").strip()[:120], sent.get("what", "").strip()[:4000], sent.get("done_now", "").strip()[:2000],
                read_typed(sent.get("day", ""), sent.get("clock", "")), read_uuid(sent.get("system")), incident and incident.id, about if sent.get("about") else "",
            )  # fmt: skip
            return after("deviation", "avvik", deviation_report(report=report))
        except DutyError as error:
            errors = fault(error)
    happened = incident.opened_at if incident else request.gate.now
    system = sent.get("system", str(incident.system_id) if incident else "")
    fields = [
        text_field("title", _("Hva gjelder det?"), sent.get("title", incident.title if incident else ""), hint=_("Kort, uten navn og helseopplysninger"), maxlength=120, required=True),
        text_field("kind", _("Slag"), options=choices(Deviation.Kind.choices, sent.get("kind", "operation" if incident else "care"))),
        text_field("consequence", _("Førte til"), options=choices(Deviation.Consequence.choices, sent.get("consequence", "none"))),
        text_field("what", _("Hva skjedde?"), sent.get("what", incident.review if incident else ""), rows=5, maxlength=4000, required=True, hint=_("Skriv om det som sviktet, ikke om pasienten. Ingen navn, fødselsnummer eller diagnoser.")),
        text_field("done_now", _("Hva ble gjort med en gang?"), sent.get("done_now", ""), rows=2, maxlength=2000),
        text_field("day", _("Dato"), sent.get("day", format_date(happened)), inputmode="numeric"), text_field("clock", _("Klokkeslett"), sent.get("clock", format_time(happened)), inputmode="numeric"),
        *([] if incident else [text_field("system", _("Gjelder systemet"), options=[choice("", _("Ikke et system"), system), *choices(((one.id, one.name) for one in System.objects.order_by("place")), system)],
                                          hint=_("De som har vakt for det, behandler avviket sammen med lederen din"))]),
    ]  # fmt: skip
    return page(
        request,
        "deviation_new",
        "deviations",
        errors=errors,
        fields=fields,
        about=about,
        ticked=bool(sent.get("about")) or request.method != "POST",
        incident=incident,
        crumbs=crumbs(),
    )


def crumbs() -> list[dict[str, str]]:
    return [{"label": _("Vakt"), "url": reverse("duty")}, {"label": _("Avvik"), "url": reverse("deviations")}]


def deviation(request: HttpRequest, deviation: UUID) -> HttpResponse:
    """One: what was reported, what is done about it, and the way on."""
    found = Deviation.objects.select_related("unit", "system", "incident", "reported_by", "handler", "closed_by").filter(id=deviation).first()
    if found is None:
        raise Http404
    errors: list[dict[str, str]] = []
    sent = request.POST
    if request.method == "POST":
        act = sent.get("act", "")
        try:
            if act not in ACTS:
                raise DutyError(_("Velg hva som skal gjøres."))
            due = read_only_day(sent, "due_on") if sent.get("due_on", "").strip() else None
            deviation_act(
                deviation=deviation, act=act, text=sent.get("text", "")[:4000], cause=sent.get("cause", "")[:4000], measures=sent.get("measures", "")[:4000], due_on=due
            )  # fmt: skip
            return after("deviation", ACTS[act], deviation)
        except DutyError as error:
            errors = fault(error, getattr(error, "field", "measures" if act == "close" else "text"))
    now = request.gate.now
    fields = [
        text_field("cause", _("Hvorfor skjedde det?"), sent.get("cause", found.cause), rows=3, maxlength=4000),
        text_field("measures", _("Hva endres så det ikke skjer igjen?"), sent.get("measures", found.measures), rows=3, maxlength=4000),
        text_field("due_on", _("Frist"), sent.get("due_on", format_date(found.due_on) if found.due_on else ""), inputmode="numeric", hint=_("dd.mm.åååå")),
    ]  # fmt: skip
    return page(
        request, "deviation", "deviations", errors=errors, shown=row_of(found, now), one=found, handles=call("may_handle", deviation), fields=fields, crumbs=crumbs(),
        happened=format_near_moment(found.happened_at, now), note=text_field("text", _("Skriv i avviket"), sent.get("text", "") if errors else "", rows=2, maxlength=4000),
        lines=[{"at": format_near_moment(line.at, now), "text": line.text, "by": line.by} for line in DeviationLine.objects.filter(deviation=found).order_by("id")],
    )  # fmt: skip
