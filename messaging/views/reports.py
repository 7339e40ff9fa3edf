"""Taking an alarm in hand, and each day's report."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from access.gate import call
from messaging.selectors import alarms


def acknowledge_view(request: HttpRequest, incident: UUID) -> HttpResponse:
    """By name; from then on it is not handed on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    taken = call("alarm_acknowledge", incident, request.POST.get("remark", "").strip()[:300])
    return HttpResponseRedirect(reverse("message_watch") + f"?gjort={'kvittert' if taken else 'varsel-tatt'}")


def report_view(request: HttpRequest, day: str) -> HttpResponse:
    """One day's figures, as a page or a file."""
    try:
        found = alarms.reports(date.fromisoformat(day))
    except ValueError:
        raise Http404 from None
    if not found:
        raise Http404
    report = found[0]
    if request.GET.get("fil") == "csv":
        name = f"meldinger-{report['day'].isoformat()}.csv"
        return HttpResponse(
            alarms.as_csv(report), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    context = {
        "report": report,
        "columns": [heading for _key, heading in alarms.COLUMNS],
        "lines": alarms.table(report["rows"]),
        "now": request.gate.now,
    }
    return render(request, "messaging/report.html", context)
