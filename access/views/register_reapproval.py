"""How far the re-approval has come, unit by unit, for administrators of access."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.selectors.register import reapprovals
from access.services.authorisations import AuthorisationError
from access.services.leaving import reapproval_start
from access.views.common import text_field, with_error
from access.views.register_common import WrongDate, after, crumbs, page, read_date
from lms_epj.core.clock import end_of_day
from lms_epj.core.formatting import format_date


def overview(request: HttpRequest) -> HttpResponse:
    rows = reapprovals()
    for row in rows:
        row["open"] = row["cycle_id"] is not None and row["closed_at"] is None
        row["overdue"] = row["open"] and row["due_at"] < request.gate.now
    return page(request, "reapprovals", "register_reapprovals", rows=rows, months=call("setting", "reapproval_months"))


def start(request: HttpRequest, unit: UUID) -> HttpResponse:
    """Asks one unit's leader now, with a date to answer before."""
    row = next((row for row in reapprovals() if row["unit_id"] == unit and row["held"]), None)
    if row is None:
        raise Http404
    fields = [text_field("due", _("Frist"), request.POST.get("due", ""), required=True, maxlength=10, autocomplete="off", hint=_("dd.mm.åååå"))]
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            reapproval_start(unit=unit, due_at=end_of_day(read_date(request.POST.get("due", ""))))
            return after("register_reapprovals", "startet")
        except (WrongDate, AuthorisationError) as refused:
            errors = with_error(fields, "due", str(refused))
    lead = _("Lederen ser alle med rolle i enheten og svarer for hver av dem: godkjenn eller avslutt. Enheten har ingen leder registrert.")
    if row["leaders"]:
        lead = _("%(leaders)s ser alle med rolle i enheten og svarer for hver av dem: godkjenn eller avslutt.") % row
    if row["closed_at"]:
        lead += " " + _("Forrige gjennomgang ble ferdig %(date)s.") % {"date": format_date(row["closed_at"])}
    return page(request, "act", "", title=_("Gå gjennom rollene i %(unit_name)s") % row, lead=lead, fields=fields, errors=errors,
                submit=_("Start gjennomgang"), cancel_url=reverse("register_reapprovals"),
                crumbs=crumbs((_("Gjennomganger"), reverse("register_reapprovals"))))  # fmt: skip
