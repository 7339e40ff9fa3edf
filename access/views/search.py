"""Finding a patient. A name finds among one's own; a whole number is answered with the person, and the record only if it is open."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from access import gate
from access.domain.identity import Mode, check_identity
from access.domain.temporary import temporary_number
from access.selectors import patients
from access.views.common import url
from access.views.denied import denied_page
from lms_epj.core.clock import oslo_date
from lms_epj.core.folding import fold

SHORTEST = 3
_NUMBER = re.compile(r"\b\d{6}[ -]?\d{5}\b")
_DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b|\b(\d{2})(\d{2})(\d{4}|\d{2})\b")


@dataclass
class Query:
    """What was asked: a whole number, or words of a name and dates of birth. ``error``: nothing to search for, in words."""

    number: str = ""
    terms: list[str] = field(default_factory=list)
    born: list[date] = field(default_factory=list)
    error: str = ""


def parse_query(text: str, today: date) -> Query:
    """A number of nine or more digits is meant as an identity number; six or eight are a date, with a short year both centuries."""
    text = text.strip()
    within = _NUMBER.search(text)
    compact = re.sub(r"[\s.\-]", "", within.group() if within else text)
    if temporary := temporary_number(text):
        return Query(number=temporary)
    if compact.isdigit() and len(compact) >= 9:
        checked = check_identity(compact, Mode.TEST if settings.PLAIN_HTTP else Mode.PRODUCTION)
        return Query(number=checked.normalised) if checked.ok else Query(error=_(checked.message))
    if len(text) < SHORTEST:
        return Query(error=_("Skriv minst tre tegn."))
    written = _DATE.search(text)
    born = _dates(written, today) if written else []
    if written and not born:
        return Query(error=_("Datoen finnes ikke. Skriv den som dd.mm.åååå."))
    terms = fold(_DATE.sub(" ", text)).split()
    if not born and not any(term.isalpha() for term in terms):
        return Query(error=_("Skriv et navn, en fødselsdato (dd.mm.åååå) eller hele fødselsnummeret."))
    return Query(terms=terms, born=born)


def _dates(written: "re.Match[str]", today: date) -> list[date]:
    day, month, year = (int(part) for part in written.groups() if part)
    years = [year] if year > 99 else [1900 + year, 2000 + year]
    found = []
    for candidate in years:
        try:
            born = date(candidate, month, day)
        except ValueError:
            continue
        if born <= today:
            found.append(born)
    return found


def search(request: HttpRequest) -> HttpResponse:
    """GET shows the field alone; POST answers. A number or a name never stands in an address."""
    if request.method != "POST":
        return _page(request)
    query = parse_query(request.POST.get("q", ""), oslo_date(request.gate.now))
    if query.error:
        return _page(request, error=query.error)
    if query.number:
        return _by_number(request, query.number)
    return _page(request, found=patients.search(request.gate, query.terms, query.born))


def _by_number(request: HttpRequest, number: str) -> HttpResponse:
    person = gate.call("lookup_number", number)
    if person is None:
        if number.startswith("U"):  # a temporary number: only the record itself knows it
            gate.call("refused_number", request.epj_secret, number, request.gate.request.as_json())
        return _page(request, found=[])
    if person["patient_id"]:
        return HttpResponseRedirect(url("patient", person["patient_id"]))
    gate.call("refused_number", request.epj_secret, number, request.gate.request.as_json())
    return denied_page(request, person)


def _page(request: HttpRequest, *, found: list[dict[str, Any]] | None = None, error: str = "") -> HttpResponse:
    return render(
        request,
        "access/search.html",
        {"query": request.POST.get("q", ""), "patients": linked(found), "error": error, "unknown_url": _unknown_url(request)},
        status=422 if error else 200,
    )


def linked(found: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Each patient with the address of the record."""
    return found if found is None else [row | {"url": url("patient", row["id"])} for row in found]


def _unknown_url(request: HttpRequest) -> str:
    return url("arrival_unknown") if "NOTIFIED" in request.gate.role["decides"] else ""


def my_patients(request: HttpRequest) -> HttpResponse:
    """Everyone the working role may know of, page by page."""
    try:
        after = UUID(request.GET["etter"]) if "etter" in request.GET else None
    except ValueError:
        after = None
    found, more = patients.my_patients(request.gate, after)
    context = {
        "patients": linked(found),
        "first_url": url("my_patients") if after else "",
        "more_url": f"{url('my_patients')}?etter={more}" if more else "",
        "unknown_url": _unknown_url(request),
    }
    return render(request, "access/my_patients.html", context)
