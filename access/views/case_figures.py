"""How the control goes, per unit and kind: how many, how fast, with which outcome. Never per employee."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.selectors.reviews import figures as read_figures
from access.views.case_page import back_label
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day

PERIODS = (30, 90, 365)
OF = {"case_figures": ("case_queue", "case_page"), "log_case_figures": ("log_cases", "log_case")}


def figures(request: HttpRequest) -> HttpResponse:
    """Cases opened in the last 30, 90 or 365 days."""
    place = request.resolver_match.url_name
    back, case = OF[place]
    wanted = request.GET.get("dager", "")
    days = int(wanted) if wanted in map(str, PERIODS) else PERIODS[0]
    today = oslo_date(request.gate.now)
    found = read_figures(start_of_day(today - timedelta(days=days - 1)), end_of_day(today))
    totals = {key: sum(row[key] for row in found) for key in ("opened", "waiting", "overdue", "lawful", "mistake", "unlawful")}
    context = {
        "rows": found, "totals": totals, "days": days, "back_url": reverse(back), "back_label": back_label(case),
        "chips": [{"label": _("%(days)s dager") % {"days": one}, "url": f"{reverse(place)}?dager={one}", "active": one == days} for one in PERIODS],
    }  # fmt: skip
    return render(request, "access/reviews/figures.html", context)
