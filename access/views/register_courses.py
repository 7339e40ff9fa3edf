"""Courses and the roles that demand them. Who would be without the role is shown before the demand is made."""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import rows
from access.models import Course
from access.services.authorisations import AuthorisationError
from access.services.courses import course_demand, course_demand_end, course_demand_keep, course_make
from access.views.common import text_field, with_error
from access.views.register import role_choices
from access.views.register_common import WrongDate, after, crumbs, options, page, read_date, read_id
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.core.folding import fold

SHOWN = 200  # names of those who would be without; the number is of all


def courses(request: HttpRequest) -> HttpResponse:
    """GET shows; POST makes a course."""
    form, errors = request.POST, []
    fields = [
        text_field("name", _("Kursets navn"), form.get("name", ""), required=True, maxlength=120, autocomplete="off"),
        text_field("months", _("Gjelder i antall måneder"), form.get("months", ""), inputmode="numeric", maxlength=3, autocomplete="off",
                   hint=_("Tomt felt betyr for alltid.")),
    ]  # fmt: skip
    if request.method == "POST":
        months = form.get("months", "").strip()
        try:
            if months and not (months.isascii() and months.isdigit() and 0 < int(months) < 600):
                raise AuthorisationError(_("Skriv et antall måneder, eller la feltet stå tomt."))
            course_make(code=code_of(form.get("name", "")), name=form.get("name", ""), months=int(months) if months else None)
            return after("register_courses", "nytt-kurs")
        except AuthorisationError as refused:
            errors = with_error(fields, "months" if months and not months.isdigit() else "name", str(refused))
    demands = rows("course_demands")
    listed = [
        {"course": course, "demands": [d for d in demands if d["course_id"] == course.id and (d["valid_to"] is None or d["valid_to"] > request.gate.now)],
         "former": [d for d in demands if d["course_id"] == course.id and d["valid_to"] and d["valid_to"] <= request.gate.now]}
        for course in Course.objects.order_by("name")
    ]  # fmt: skip
    return page(request, "courses", "register_courses", listed=listed, fields=fields, errors=errors, me=request.gate.user_id)


def code_of(name: str) -> str:
    """A code from a name: what a file or an integration calls the course."""
    plain = fold(name).translate(str.maketrans("æøå", "eoa"))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "kurs"


def demand(request: HttpRequest) -> HttpResponse:
    """First who would be without the role from that day, then the demand itself."""
    form, today = request.POST or request.GET, oslo_date(request.gate.now)
    fields = [
        text_field("course", _("Kurs"), options=options(Course.objects.order_by("name").values_list("id", "name"), form.get("course"), _("Velg kurs")),
                   required=True),
        text_field("role", _("Rolle"), options=options(role_choices(), form.get("role"), _("Velg rolle")), required=True),
        text_field("from", _("Kreves fra"), form.get("from", ""), maxlength=10, autocomplete="off", hint=_("dd.mm.åååå. Tomt felt betyr nå.")),
    ]  # fmt: skip
    errors, without, asked = [], None, "course" in form and "role" in form
    if asked:
        try:
            course, role = read_id(form.get("course")), read_id(form.get("role"))
            if course is None or role is None:
                raise AuthorisationError(_("Velg kurs og rolle."))
            first = read_date(form["from"]) if form.get("from", "").strip() else today
            start = start_of_day(first) if first > today else request.gate.now
            if request.method == "POST" and "confirm" in form:
                course_demand(role=role, course=course, valid_from=start)
                return after("register_courses", "krav")
            without = rows("course_demand_preview", role, course, start)
        except WrongDate as wrong:
            errors = with_error(fields, "from", str(wrong))
        except AuthorisationError as refused:
            errors = with_error(fields, "course", str(refused))
    return page(request, "demand", "", fields=fields, errors=errors, without=without and without[:SHOWN], asked=without is not None,
                count=len({row["user_id"] for row in without or []}), cancel_url=reverse("register_courses"),
                crumbs=crumbs((_("Kurs"), reverse("register_courses"))))  # fmt: skip


def demand_end(request: HttpRequest, demand: UUID) -> HttpResponse:
    """Proposes to take a demand away, carries out another's proposal, or takes one back."""
    if request.method != "POST":
        return after("register_courses", "")
    try:
        if "keep" in request.POST:
            course_demand_keep(demand=demand)
            return after("register_courses", "beholdt")
        return after("register_courses", {"proposed": "foreslatt", "ended": "borte"}[course_demand_end(demand=demand)])
    except AuthorisationError as refused:
        return page(request, "courses", "register_courses", errors=[{"field": "innhold", "text": str(refused)}], listed=[], fields=[])
