"""Choice of working role: each card says what one will see in it. Switching is the same act, one tap from the who-button."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access import gate
from access.services.sessions import role_choose
from access.views.common import next_of, url
from access.views.home import gate_context, onward
from lms_epj.core.clock import to_oslo


def choose_role(request: HttpRequest) -> HttpResponse:
    """GET shows the cards; POST takes one of them."""
    error = ""
    if request.method == "POST":
        described = gate.Request("choose_role", "choose_role", request.headers.get("User-Agent", "")[:200])
        if _chosen(request, described):
            return onward(request, request.epj_secret)
        error = _("Rollen gjelder ikke lenger. Velg en annen, eller spør den som gir tilganger.")
    return render(request, "access/role.html", _context(request, error), status=422 if error else 200)


def _chosen(request: HttpRequest, described: gate.Request) -> bool:
    try:
        authorisation = uuid.UUID(request.POST.get("role", ""))
    except ValueError:
        return False
    return role_choose(secret=request.epj_secret, authorisation=authorisation, request=described)


def _context(request: HttpRequest, error: str) -> dict[str, Any]:
    facts = request.epj_facts
    roles = gate.rows("my_roles", request.epj_secret)
    lacking = courses_lacking(request)
    live = [row for row in roles if row["live"] and row["authorisation_id"] not in lacking]
    duty = {row["authorisation_id"] for row in gate.rows("my_duty_roles", request.epj_secret)}
    likely = sorted(live, key=lambda row: (not row["chosen"], row["authorisation_id"] not in duty))
    chosen = likely[0]["authorisation_id"] if likely else None
    given = facts["user"]["given_name"].split(" ")[0]
    return gate_context(
        lead=_("%(greeting)s, %(name)s") % {"greeting": greeting(facts["now"]), "name": given},
        text=_("Rollen bestemmer hvilke pasienter du ser og hva du kan skrive. Du kan bytte når som helst, øverst til høyre."),
        who_line=facts["user"]["display"],
        choose_url=url("choose_role"),
        logout_url=url("logout"),
        account_url=url("account") if facts["state"] == "ok" and facts["authorisation"] else "",
        next=next_of(request),
        error=error,
        roles=[card(row, row["authorisation_id"] == chosen, row["authorisation_id"] in duty) for row in live],
        expired=[{"name": full_name(row), "ended_at": row["valid_to"]} for row in roles if not row["live"]],
        withheld=[{"name": full_name(row), "courses": lacking[row["authorisation_id"]]} for row in roles if row["authorisation_id"] in lacking],
        no_role_title=_("Du har ingen rolle som gjelder nå"),
        no_role_text=_("Ta kursene som mangler, og be lederen din registrere dem. Ingen journal er åpnet.")
        if lacking
        else _("Be den som gir tilganger i virksomheten din om å registrere en. Ingen journal er åpnet."),
    )


def courses_lacking(request: HttpRequest) -> dict[uuid.UUID, list[dict[str, Any]]]:
    """Authorisations that open nothing for want of a course: [{name, lapsed_at?}] of each."""
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in gate.rows("my_courses_lacking", request.epj_secret):
        found.setdefault(row["authorisation_id"], []).append(row)
    return found


def greeting(now: str) -> str:
    """By the clock on the wall."""
    hour = to_oslo(datetime.fromisoformat(now)).hour
    if 5 <= hour < 9:
        return _("God morgen")
    if 9 <= hour < 12:
        return _("God formiddag")
    if 12 <= hour < 18:
        return _("God ettermiddag")
    return _("God kveld") if 18 <= hour < 23 else _("God natt")


def full_name(row: dict[str, Any]) -> str:
    """«Sykepleier, Sengeposten»"""
    return f"{row['role_name']}, {row['unit_name']}"


def card(row: dict[str, Any], selected: bool, on_duty: bool) -> dict[str, Any]:
    """One live role as its card (templates/access/role.html)."""
    writes = ", ".join(name[:1].lower() + name[1:] for name in row["writes"])
    return {
        "id": row["authorisation_id"],
        "name": full_name(row),
        "place": row["entity_name"],
        "icon": "Hospital" if row["unit_kind"] == "observation_ward" else "House",
        "sees": sees(row),
        "may": _("Kan skrive: %(kinds)s") % {"kinds": writes} if writes else "",
        "selected": selected,
        "tag": {"text": _("Du har vakt her nå"), "color": "success", "icon": "Clock"} if on_duty else None,
    }


def sees(row: dict[str, Any]) -> str:
    """What the role shows now, in words with a number."""
    if row["reviews_log"]:
        return _("Kontrollerer innsynsloggen. Gir ikke tilgang til journalen")
    if row["role_code"] == "unit_leader":
        return _("Svarer for hvem som har roller i enheten. Gir ikke tilgang til journalen")
    if row["administers_access"]:
        return _("Forvalter roller og tilganger. Gir ikke tilgang til journalen")
    if not row["may_chart"]:
        return _("Gir ikke tilgang til journalen")
    if row["admitted"] or row["expected"]:
        return _("Du ser %(admitted)s og %(expected)s, uansett hjemkommune") % {
            "admitted": ngettext("%(n)s innlagt", "%(n)s innlagte", row["admitted"]) % {"n": row["admitted"]},
            "expected": ngettext("%(n)s ventet pasient", "%(n)s ventede pasienter", row["expected"]) % {"n": row["expected"]},
        }
    if row["patients"]:
        return ngettext("Du ser %(n)s pasient", "Du ser %(n)s pasienter", row["patients"]) % {"n": row["patients"]}
    return _("Du ser ingen pasienter før noen er innlagt, meldt eller har fått en tjeneste her")
