"""How the agreements about the systems are kept, month by month or for a year, and whether they say the same as the agreement of the community (R66)."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from lms_epj.core.formatting import MONTHS, oslo
from lms_epj.core.words import say
from ops.selectors.levels import Kept, service_levels
from ops.views.common import midnight, page, read_day
from ops.words import DAY

MONTHS_BACK = 12


def levels(request: HttpRequest) -> HttpResponse:
    """One month (?maned=2026-11-01), or the twelve months until now (?maned=ar)."""
    now: datetime = request.gate.now
    today = oslo(now).date()
    whole_year = request.GET.get("maned") == "ar"
    first = read_day(request.GET.get("maned"), today).replace(day=1)
    begins = midnight(month_before(today.replace(day=1), MONTHS_BACK - 1) if whole_year else first)
    ends = midnight(today + DAY) if whole_year else midnight(first + monthrange(first.year, first.month)[1] * DAY)
    agreement = call("duty_agreement")
    rows = [row_of(one, agreement) for one in service_levels(begins, ends, now)] if begins < now else []
    return page(
        request, "levels", "service_levels", rows=rows, agreement=agreement and agreement | {"since": datetime.fromisoformat(agreement["since"])}, whole_year=whole_year,
        label=_("Siste tolv måneder") if whole_year else f"{say(MONTHS[first.month - 1])} {first.year}".capitalize(), before=(first - DAY).replace(day=1).isoformat(),
        following=(first + timedelta(days=32)).replace(day=1).isoformat(), broken=[entry for row in rows for entry in row["broken"]],
    )  # fmt: skip


def month_before(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def row_of(kept: Kept, agreement: dict[str, Any] | None) -> dict[str, Any]:
    """``apart``: who runs the record by its terms, where the agreement of the community names another."""
    terms = kept.terms
    runs = terms and (terms.operator.name if terms.operator else terms.supplier)
    apart = kept.system.code == "epj" and terms and agreement and str(terms.operator_id) != agreement["operator_id"]
    broken = [
        {"system": kept.system.name, "title": incident.title, "url": reverse("incident", args=[incident.id]), "day": incident.opened_at, "late": incident in kept.late, "slow": incident in kept.slow}
        for incident in dict.fromkeys([*kept.late, *kept.slow])
    ]  # fmt: skip
    return {"kept": kept, "runs": runs or "", "apart": agreement["operator"] if apart else "", "broken": broken}
