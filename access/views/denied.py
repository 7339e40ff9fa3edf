"""«Du har ikke tilgang»: who the number belongs to, why the record is closed, and the lawful ways this role has. Names no unit and no service."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from access import gate
from access.models import EmergencyCase
from access.services.ways import SCOPES
from access.views.common import text_field, url

SALT = "access.number"
MAX_AGE = 15 * 60
DEFAULT_SCOPE = ("critical", "medication", "recent")


def number_token(request: HttpRequest, number: str) -> str:
    """The number, signed for this person, to go from form to form; it never stands in an address."""
    return signing.dumps({"n": number, "u": str(request.gate.user_id)}, salt=SALT)


def number_of(request: HttpRequest) -> str:
    """The number that the form carries.

    Raises PermissionDenied when it is another person's form, or older than a quarter of an hour.
    """
    try:
        held = signing.loads(request.POST.get("number", ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        held = {}
    if held.get("u") != str(request.gate.user_id):
        raise PermissionDenied(_("Siden har stått for lenge. Søk opp pasienten på nytt. Ingenting er åpnet."))
    return held["n"]


def person_of(number: str) -> dict[str, Any]:
    """The person of the register, as the identity line shows; the birth date as a date."""
    person = gate.call("lookup_number", number) or {}
    return identity(person) if person.get("family_name") else {"family_name": _("Pasienten"), "given_name": "", "number": number}


def identity(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "family_name": person["family_name"],
        "given_name": person["given_name"],
        "birth_date": date.fromisoformat(person["birth_date"]),
        "number": person["number"],
    }


def subject_key(number: str) -> str:
    """A name for the patient in the device's store of unsent text: tells nothing, and keeps one patient's text from another's form."""
    return salted_hmac("access.subject", number, algorithm="sha256").hexdigest()[:32]


def denied_page(request: HttpRequest, person: dict[str, Any], errors: dict[str, str] | None = None) -> HttpResponse:
    """The page, with the emergency form filled as it was sent when that had errors."""
    number = person["number"]
    decides = request.gate.role["decides"]
    context = {
        "patient": identity(person),
        "why": why(request),
        "search_url": url("search"),
        "number": number_token(request, number),
        "subject": subject_key(number),
        "switch": _switch(request, number),
        "arrival_url": url("arrival") if "NOTIFIED" in decides else "",
        "participation_url": url("participation") if "PARTICIPATION" in decides else "",
        "finishing_url": url("finishing") if "FINISHING" in decides else "",
        "emergency": _emergency(request, errors or {}) if "EMERGENCY" in decides else None,
    }
    return render(request, "access/denied.html", context, status=422 if errors else 403)


def why(request: HttpRequest) -> str:
    """The same words whether there is a record or not."""
    role, unit = request.gate.role["name"], request.gate.unit["name"]
    return _(
        "Du er logget inn som %(role)s, %(unit)s. Pasienten er ikke innlagt, ventet eller tildelt en tjeneste her, "
        "og du har ingen oppgave for pasienten. Journalen er derfor lukket for deg."
    ) % {"role": role[:1].lower() + role[1:], "unit": unit}


def _switch(request: HttpRequest, number: str) -> dict[str, Any] | None:
    found = gate.rows("other_role", request.epj_secret, number)
    if not found:
        return None
    role = found[0]
    return {
        "role": f"{role['role_name']}, {role['unit_name']}",
        "url": url("choose_role"),
        "authorisation": role["authorisation_id"],
        "next": url("patient", role["patient_id"]),
    }


def _emergency(request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    sent = request.POST if errors else None
    scope = sent.getlist("scope") if sent else DEFAULT_SCOPE
    words = {"critical": _("CAVE og kritisk info"), "medication": _("Legemidler"), "recent": _("Siste 30 dager"), "record": _("Hele journalen")}
    targets = {"reason": "field-reason", "reason_code": "emergency-reason-code", "scope": "emergency-scope", "confirmed": "emergency-confirmed"}
    reason = text_field("reason", _("Begrunnelse"), sent["reason"] if sent and "reason" in sent else "", rows=3, required=True, maxlength=1000,
                        hint=_("Pasienten kan lese det du skriver."))  # fmt: skip
    reason["error"] = errors.get("reason", "")
    return {
        "url": url("emergency"),
        "minutes": settings.EPJ_EMERGENCY_MINUTES,
        "review_days": gate.call("setting", "review_hours") // 24,
        "reviewer": _("Journalansvarlig"),
        "reasons": [
            {"value": code.value, "label": _(code.label), "selected": bool(sent) and sent.get("reason_code") == code.value}
            for code in EmergencyCase.ReasonCode
        ],
        "scopes": [{"value": code, "label": words[code], "selected": code in scope} for code in SCOPES],
        "reason": reason,
        "errors": [{"field": targets[name], "text": text} for name, text in errors.items()],
        "confirm_error": errors.get("confirmed", ""),
    }
