"""What is answered when the gate does not open: nothing that tells whether a record exists, and always what to do next."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.domain.explain import explain
from access.gate import Refusal, log_refusal
from access.gate import Request as GateRequest


def wants_page(request: HttpRequest) -> bool:
    """A whole page by link, address bar or plain form; scripts, htmx and API get a status and a short text."""
    by_script = request.headers.get("HX-Request") or request.headers.get("X-Requested-With")
    return not by_script and "text/html" in request.headers.get("Accept", "")


def came_from(request: HttpRequest) -> str:
    """The page to come back to after log-in: the one asked for, or the one whose form was sent."""
    return request.get_full_path() if request.method == "GET" else urlsplit(request.headers.get("Referer", "")).path


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Turns a refusal into a response: log in, unlock, choose a role, or not found."""
    if refusal.state in ("none", "locked", "second_factor", "new_password", "no_role"):
        return _elsewhere(request, refusal.state)
    decision = refusal.decision
    if decision is not None and refusal.facts and decision.former_measure and wants_page(request):
        return render(request, "access/closed.html", {"reason": explain(decision, refusal.facts, _)}, status=403)
    return not_found(request)


def _elsewhere(request: HttpRequest, state: str) -> HttpResponse:
    name = {"none": "login", "locked": "locked", "second_factor": "second_factor", "new_password": "account_password", "no_role": "choose_role"}[
        state
    ]
    if wants_page(request):
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': came_from(request)})}")
    response = JsonResponse({"detail": _("Logg inn for å fortsette. Teksten din er tatt vare på."), "state": state}, status=401)
    if state == "locked":
        response.headers["X-EPJ-Locked"] = "1"
    return response


def merged(request: HttpRequest, patient: UUID, moved: dict[str, Any]) -> HttpResponse:
    """The address of a record that has been merged into another: leads there. What was sent is not saved, and is said not to be.

    A script is told by 410: 409 is what it shows a choice between two texts for.
    """
    there = request.path.replace(str(patient), moved["patient"])
    sent = request.method not in ("GET", "HEAD")
    status = 409 if sent else 200
    if wants_page(request):
        context = {"url": reverse("patient", args=[moved["patient"]]) if sent else there, "at": datetime.fromisoformat(moved["at"]), "sent": sent}
        return render(request, "access/merged.html", context, status=status)
    text = _("Journalen er slått sammen med en annen. Det siste er ikke lagret. Kopier det du har skrevet, åpne pasienten på nytt og lim det inn.")
    return JsonResponse({"detail": text, "state": "merged", "moved_to": there}, status=410)


def merged_meanwhile(request: HttpRequest) -> HttpResponse:
    """Something was about to be written in a record that was merged into another at that moment."""
    return _short(
        request, 409, _("Journalen er nettopp slått sammen med en annen. Ingenting er lagret. Finn pasienten på nytt og gjør det om igjen.")
    )


def not_found(request: HttpRequest) -> HttpResponse:
    return _short(request, 404, _("Fant ikke siden, eller du har ikke tilgang til den. Forsøket er logget."))


def not_allowed(request: HttpRequest, error: Exception) -> HttpResponse:
    return _short(request, 403, str(error) or _("Dette kan du ikke gjøre i denne rollen. Forsøket er logget."))


def mismatch(request: HttpRequest) -> HttpResponse:
    """The form belongs to another patient or person than the page: nothing is saved, the text stays with its owner."""
    return _short(request, 409, _("Skjemaet hører til en annen pasient eller en annen bruker. Ingenting er lagret. Teksten din er tatt vare på."))


def failed(request: HttpRequest, case: UUID) -> HttpResponse:
    return _short(request, 500, _("Noe gikk galt hos oss. Prøv igjen, eller ring IKT-vakt. Sak: %(case)s") % {"case": str(case)[:8].upper()})


def wrong_method(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    """The address exists, but not for this method."""
    response = _short(request, 405, _("Adressen tar ikke imot forespørsler av denne typen."))
    response.headers["Allow"] = ", ".join(allowed)
    return response


def too_fast(request: HttpRequest, *, first: bool) -> HttpResponse:
    """A session that asks like a program. The first refusal in a row is a line in the log."""
    if first:
        described = GateRequest(action="read", route="too_fast", device=request.headers.get("User-Agent", "")[:200])
        log_refusal(request.epj_secret, described, patient=None, outcome="deny", reason="too_fast")
    response = _short(
        request, 429, _("Det kommer for mange forespørsler fra økten din. Vent et minutt. Ingenting er gått tapt, men det siste er ikke lagret.")
    )
    response.headers["Retry-After"] = "60"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _short(request, 400, _("Forespørselen kunne ikke leses. Gå tilbake og prøv igjen."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _short(request, 403, _("Dette kan du ikke gjøre i denne rollen. Forsøket er logget."))


def unknown(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that no route has."""
    return _short(request, 404, _("Fant ikke siden. Adressen er feil, eller siden finnes ikke lenger."))


def broken(request: HttpRequest) -> HttpResponse:
    """A fault outside a guarded view."""
    return failed(request, uuid4())


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was older than the log-in, or came from elsewhere."""
    return _short(request, 403, _("Siden var for gammel. Ingenting er lagret. Last siden på nytt og prøv igjen."))


def _short(request: HttpRequest, status: int, text: str) -> HttpResponse:
    context: dict[str, Any] = {"message": text, "status": status}
    if wants_page(request):
        return render(request, "access/message.html", context, status=status)
    return JsonResponse({"detail": text}, status=status)
