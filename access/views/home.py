"""Where a person lands: after log-in, by the logo, and when a role has no list of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from access import gate
from access.views.common import go, may_land, next_of, url


def home(request: HttpRequest) -> HttpResponse:
    """The site's root: the landing page of the working role, else log-in."""
    facts = gate.read_facts(request.epj_secret)
    if facts["state"] in ("none", "locked"):
        return go("login")
    return onward(request, request.epj_secret, facts)


def onward(request: HttpRequest, secret: str, facts: dict[str, Any] | None = None) -> HttpResponse:
    """The next step of a person who has a session: second factor, role, PIN once, and then the page asked for."""
    facts = facts or gate.read_facts(secret)
    after = next_of(request)
    if facts["state"] == "second_factor":
        return go("second_factor", after)
    if facts["state"] == "new_password":
        return go("account_password", after)
    if facts["authorisation"] is None:
        return go("choose_role", after)
    if gate.call("pin_state", secret) == "":
        return go("pin", after)
    return HttpResponseRedirect(after if after and may_land(secret, after) else landing(facts))


def landing(facts: dict[str, Any]) -> str:
    """The first page of the working role."""
    role, unit = facts["authorisation"]["role"], facts["authorisation"]["unit"]
    if role["reviews_log"]:
        wanted = "log_review"
    elif role["administers_access"]:
        wanted = "register"
    elif role["leads_unit"]:
        wanted = "unit_staff"
    elif role["is_custodian"]:
        wanted = "case_queue"
    elif role["watches_messages"]:
        wanted = "message_watch"
    elif not role["may_chart"]:
        wanted = "duty"
    else:
        wanted = {"observation_ward": "board", "home_nursing": "daylist"}.get(unit["kind"], "my_patients")
    return url(wanted) or url("no_lists")


def no_lists(request: HttpRequest) -> HttpResponse:
    """For roles that work with neither patients nor the log (IT operations, economy)."""
    return render(request, "access/no_lists.html", {"several": len(gate.rows("my_roles", request.epj_secret)) > 1})


def gate_context(**more: Any) -> dict[str, Any]:
    """What the two halves of the pages before the record need (templates/access/gate.html)."""
    return more
