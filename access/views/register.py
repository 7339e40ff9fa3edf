"""The register of authorisations, for those who administer access."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from access.selectors.register import authorisations_on
from lms_epj.core.clock import oslo_date, plausible
from lms_epj.core.formatting import format_date


def register(request: HttpRequest) -> HttpResponse:
    """Who held which role where on a date; today unless another is asked for (dd.mm.yyyy)."""
    day, error = oslo_date(request.gate.now), ""
    text = request.GET.get("dato", "").strip() or format_date(day)
    try:
        # Only the date is wanted: the zone plays no part.
        day = plausible(datetime.strptime(text, "%d.%m.%Y").date())  # noqa: DTZ007
    except ValueError:
        error = _("Datoen finnes ikke. Skriv den som dd.mm.åååå.")
    found = [] if error else authorisations_on(day)
    context = {"day": day, "day_text": text, "error": error, "authorisations": found}
    return render(request, "access/register.html", context, status=422 if error else 200)
