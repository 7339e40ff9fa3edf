"""The waiting list: the unit's, and a patient put on it or taken off."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.models import Patient
from journal.domain.moments import parse_day
from journal.services.errors import JournalError
from journal.views.common import row_or_404
from journal.views.typed import Typed, act_page
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date, format_list_name
from telemed.models import ABOUT_ONE, Kind, WaitingEntry
from telemed.services.waiting import waiting_add, waiting_end
from telemed.views.typed_wish import LENGTHS


def unit_list(request: HttpRequest) -> HttpResponse:
    """Those who wait here, the urgent first, then the longest wait."""
    gate = request.gate
    ids = gate.disclose(call("waiting_patients"))
    people = Patient.objects.in_bulk(ids)
    entries = WaitingEntry.objects.filter(for_unit=gate.unit_id, ended_at=None, patient__in=ids).order_by("-urgent", "event_at")
    rows = [
        {
            "entry": one, "name": format_list_name(people[one.patient_id].family_name, people[one.patient_id].given_name),
            "book_url": reverse("video_group" if one.kind == Kind.TEACH_GROUP else "video_new", args=[one.patient_id]) + f"?venter={one.pk}",
            "end_url": reverse("waiting_end", args=[one.patient_id, one.pk]), "days": (oslo_date(gate.now) - oslo_date(one.event_at)).days,
        }
        for one in entries
    ]  # fmt: skip
    return render(request, "telemed/waiting.html", {"rows": rows, "unit": gate.unit, "now": gate.now})


def add(request: HttpRequest, patient: UUID) -> HttpResponse:
    typed = Typed(request, {"minutes": "30", "not_before": format_date(request.gate.now)})
    not_before = None
    try:
        not_before = parse_day(typed.text("not_before"))
    except ValueError:
        if typed.posted:
            typed.errors["not_before"] = _("Skriv dagen som 24.11.2026.")
    back = reverse("patient_video", args=[patient])
    if typed.ready and not_before:
        try:
            waiting_add(
                gate=request.gate, patient=patient, kind=typed.text("kind"), aim=typed.text("aim"), minutes=typed.number("minutes"), not_before=not_before,
                urgent=bool(typed.number("urgent")),
            )  # fmt: skip
            return HttpResponseRedirect(back + "?gjort=venter")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Sett på venteliste"), submit=_("Sett på listen"), active="patient_video", cancel_url=back,
        fields=[
            typed.select("kind", _("Hva pasienten venter på"), [(kind.value, kind.label) for kind in ABOUT_ONE], empty=_("Velg")),
            typed.field("aim", _("Hva timen gjelder"), rows=2), typed.select("minutes", _("Varighet"), [(n, _("%(n)d minutter") % {"n": n}) for n in LENGTHS]),
            typed.field("not_before", _("Tidligst"), inputmode="numeric"), typed.select("urgent", _("Haster"), [(0, _("Nei")), (1, _("Ja"))]),
        ],
    )  # fmt: skip


def end(request: HttpRequest, patient: UUID, waiting: UUID) -> HttpResponse:
    """Taken off the list without a time, with the reason."""
    entry = row_or_404(WaitingEntry, patient, waiting)
    typed = Typed(request)
    back = reverse("patient_video", args=[patient])
    if typed.ready:
        try:
            waiting_end(gate=request.gate, entry=entry, lock_version=typed.number("lock_version"), reason=typed.text("reason"))
            return HttpResponseRedirect(back + "?gjort=av-listen")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Ta av ventelisten"), submit=_("Ta av listen"), active="patient_video", cancel_url=back,
        hidden={"lock_version": entry.lock_version}, lead=entry.aim, fields=[typed.field("reason", _("Hvorfor"), maxlength=120)],
    )  # fmt: skip
