"""The log reviewer's page (R26, domain 3.8): who has seen what, on which ground. Reading the log is itself logged, patient by patient.

Lies here and not beside the log, because its routes carry a rule of this app; the log itself knows no other app.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate, call
from access.models import InfoCategory
from access.views.common import with_error
from access.views.log_filter import LogFilter, WrongField, chosen, fields, from_address, from_form, today_of
from auditlog import selectors, words
from auditlog.selectors import LookUp, Page, Place
from lms_epj.core.formatting import format_date, format_moment, format_near_moment, format_time

PAGE_SIZE = 50
EXPORT_ROWS = 5000
EMERGENCY = "EMERGENCY"


def review(request: HttpRequest) -> HttpResponse:
    """GET shows what the address asks for. POST turns a number and a name into ids and sends on: neither ever stands in an address."""
    gate: Gate = request.gate
    shown = from_address(request.GET, today_of(gate))
    if request.method == "POST":
        try:
            shown = from_form(request.POST, gate, today_of(gate))
        except WrongField as wrong:
            return _page(request, shown, None, wrong)
        return HttpResponseRedirect(reverse("log_review") + shown.query())
    before, after = Place.parse(request.GET.get("eldre", "")), Place.parse(request.GET.get("nyere", ""))
    page = selectors.read_page(shown.wanted(), size=PAGE_SIZE, before=before, after=after)
    tell_whose(gate, shown, page.rows)
    return _page(request, shown, page, None)


def export(request: HttpRequest) -> HttpResponse:
    """The same rows as a CSV file, the newest EXPORT_ROWS of them; a file that is cut off says so in its last line."""
    gate: Gate = request.gate
    shown = from_address(request.GET, today_of(gate))
    page = selectors.read_page(shown.wanted(), size=EXPORT_ROWS)
    tell_whose(gate, shown, page.rows)
    response = HttpResponse(as_csv(page).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="logg-{shown.first}-{shown.last}.csv"'
    return response


def tell_whose(gate: Gate, shown: LogFilter, rows: Iterable[LookUp]) -> None:
    """Logs whose look-ups this answer tells of; also the one asked for, where there were none."""
    patients: set[UUID] = {row.entry.patient_id for row in rows if row.entry.patient_id}
    if shown.patient:
        patients.add(shown.patient)
    if patients:
        call("reviewed", sorted(patients), gate.request.as_json())


def _page(request: HttpRequest, shown: LogFilter, page: Page | None, wrong: WrongField | None) -> HttpResponse:
    shown_fields = fields(shown, request.POST if wrong else None)
    names = category_names()
    context: dict[str, Any] = {
        "fields": shown_fields,
        "errors": with_error(shown_fields, wrong.name, wrong.text) if wrong else [],
        "chosen": chosen(shown),
        "rows": [row_context(row, shown, names) for row in page.rows] if page else [],
        "show_patient": True,
        "pager": pager(shown, page) if page else None,
        "seal_text": seal_text(request.gate),
        "period_text": _("%(first)s til %(last)s") % {"first": format_date(shown.first), "last": format_date(shown.last)},
        "export_url": reverse("log_review_export") + shown.query() if page and page.rows else "",
        "reset_url": reverse("log_review"),
        "wrong": bool(wrong),
    }
    return render(request, "auditlog/review.html", context, status=422 if wrong else 200)


def row_context(row: LookUp, shown: LogFilter, names: dict[int, str]) -> dict[str, Any]:
    """One row as epj/log_row.html takes it. The patient and the person lead to their own rows."""
    entry = row.entry
    return {
        "at": entry.at, "who": entry.user_name or _("Ukjent bruker"), "profession": words.profession(entry.profession, entry.role_name),
        "who_url": replace(shown, user=entry.user_id).query() if entry.user_id else "",
        "unit": words.place(entry.unit_name, entry.legal_entity_name), "entity": "", "patient": patient_name(entry),
        "patient_url": replace(shown, patient=entry.patient_id).query() if entry.patient_id else "",
        "action": words.action(entry.action, entry.purpose), "what": words.shown(row.objects, row.categories, names), "basis": basis(entry),
        "user_selected": entry.user_selected, "reason": entry.reason, "outcome": entry.outcome, "emergency": entry.template_code == EMERGENCY,
    }  # fmt: skip


def patient_name(entry: Any) -> str:
    """As it was when the row was written. A record that was opened for somebody unknown had none."""
    return (entry.patient_name or "").strip() or (_("Uten navn") if entry.patient_id else "")


def basis(entry: Any) -> str:
    return words.basis(outcome=entry.outcome, template_name=entry.template_name, purpose=entry.purpose, reason_code=entry.reason_code)


def pager(shown: LogFilter, page: Page) -> dict[str, Any]:
    newer = shown.query(nyere=str(page.rows[0].place)) if page.newer and page.rows else ""
    older = shown.query(eldre=str(page.rows[-1].place)) if page.older and page.rows else ""
    return {"previous_url": newer, "previous_label": _("Nyere"), "next_url": older, "next_label": _("Eldre")}


def category_names() -> dict[int, str]:
    return dict(InfoCategory.objects.values_list("code", "name"))


def seal_text(gate: Gate) -> str:
    sealed = selectors.sealed_at()
    if sealed is None:
        return _("Loggen er ikke forseglet ennå.")
    return _("Siste segl: %(time)s.") % {"time": format_near_moment(sealed, gate.now)}


COLUMNS = ("Tid", "Dato", "Klokken", "Ansatt", "HPR-nummer", "Profesjon og rolle", "Enhet", "Virksomhet", "Pasient", "Handling", "Vist", "Grunnlag",
           "Valgt selv", "Begrunnelse", "Utfall", "Forespørsel")  # fmt: skip


def as_csv(page: Page) -> str:
    """Semicolons, as Norwegian spreadsheets expect; a value that would be read as a formula is made text."""
    names = category_names()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in page.rows:
        entry = row.entry
        writer.writerow([safe_cell(cell) for cell in (
            entry.at.isoformat(), format_date(entry.at), format_time(entry.at, seconds=True), entry.user_name, entry.hpr_number,
            words.profession(entry.profession, entry.role_name), entry.unit_name, entry.legal_entity_name, entry.patient_name,
            words.action(entry.action, entry.purpose), words.shown(row.objects, row.categories, names), basis(entry),
            _("ja") if entry.user_selected else "", entry.reason, words.word(words.OUTCOMES, entry.outcome), str(entry.request_id),
        )])  # fmt: skip
    if page.older:
        cut = _("Filen er avkortet. Den har de %(count)s nyeste oppslagene, tilbake til %(time)s. Velg en kortere periode for resten.")
        writer.writerow([cut % {"count": len(page.rows), "time": format_moment(page.rows[-1].entry.at)}])
    return out.getvalue()


def safe_cell(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
