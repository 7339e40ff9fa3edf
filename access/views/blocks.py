"""Blocks as an administrator of access registers them: the patient by the whole number, the record as dates and units."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.models import LegalGround
from access.selectors.patients import patient_rows
from access.views import block_pages
from access.views.block_pages import Place
from access.views.common import text_field
from access.views.search import parse_query
from lms_epj.core.clock import oslo_date


def find(request: HttpRequest) -> HttpResponse:
    """By the whole number only: a name would let an administrator leaf through who has a record."""
    text, error = request.POST.get("q", ""), ""
    if request.method == "POST":
        query = parse_query(text, oslo_date(request.gate.now))
        if query.number:
            found = call("block_patient", query.number)
            if found:
                return HttpResponseRedirect(reverse("block_list", args=[found]))
            error = _("Ingen journal har dette nummeret.")
        else:
            error = query.error or _("Skriv hele fødselsnummeret, elleve sifre.")
    return render(request, "access/blocks/find.html", {"query": text, "error": error}, status=422 if error else 200)


def place(request: HttpRequest, record: UUID) -> Place:
    """Opens who the patient is to the administrator, with a line in the log.

    Raises Http404.
    """
    if not call("block_subject", record):
        raise Http404
    (patient,) = patient_rows([record])
    return Place(request, record, "access/blocks/frame.html", "block", {"patient": patient})


def block_list(request: HttpRequest, record: UUID) -> HttpResponse:
    return block_pages.overview(place(request, record))


def block_new(request: HttpRequest, record: UUID) -> HttpResponse:
    return block_pages.new(place(request, record))


def block_seen(request: HttpRequest, record: UUID) -> HttpResponse:
    return block_pages.seen_as(place(request, record))


def block_lift(request: HttpRequest, record: UUID, registration: UUID) -> HttpResponse:
    return block_pages.lift(place(request, record), registration)


def block_letter(request: HttpRequest, record: UUID, registration: UUID) -> HttpResponse:
    return block_pages.letter(place(request, record), registration)


def legal_grounds(request: HttpRequest) -> HttpResponse:
    """What a block may rest on in law: corrected when the law is renumbered."""
    post, failed = request.POST, ""
    if request.method == "POST":
        code = post.get("code", "")
        name, reference = post.get("name", "").strip()[:300], post.get("reference", "").strip()[:300]
        if name and call("legal_ground_save", code, name, reference, "in_use" in post):
            return HttpResponseRedirect(reverse("legal_grounds") + "?lagret=1")
        failed = code
    shown = []
    for ground in LegalGround.objects.all():
        name = text_field(f"name-{ground.code}", _("Hva loven gir"), ground.name, required=True, maxlength=300) | {"name": "name"}
        if ground.code == failed:
            name |= {"value": "", "error": _("Skriv hva loven gir, med vanlige ord.")}
        reference = text_field(f"reference-{ground.code}", _("Henvisning"), ground.reference, maxlength=300) | {"name": "reference"}
        shown.append({"code": ground.code, "name": name, "reference": reference, "in_use": ground.in_use})
    return render(request, "access/blocks/legal_grounds.html", {"grounds": shown, "saved": "lagret" in request.GET}, status=422 if failed else 200)
