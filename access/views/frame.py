"""The frame of every page: who acts, in which role, what the rail holds. Reads what the gate has already fetched, and asks nothing more
but the numbers of `counted_when_drawn`."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call, is_open
from access.views.common import url

LMS, HOME, ADMIN = "lms", "home", "admin"
# route, icon, label, shortcut, for whom; a function that is not installed has no route and falls away.
ITEMS = (
    ("board", "Bed", gettext_noop("Tavle"), "t", {LMS}),
    ("daylist", "Calendar", gettext_noop("I dag"), "i", {HOME}),
    ("med_round", "PillCircleRectangle", gettext_noop("Runde"), "l", {LMS}),
    ("my_patients", "PersonGroup", gettext_noop("Pasienter"), "p", {LMS, HOME}),
    ("note_work", "PencilLine", gettext_noop("Notater"), "n", {LMS, HOME}),
    ("tasks", "Tasklist", gettext_noop("Oppgaver"), "o", {LMS, HOME}),
    ("unit_messages", "EnvelopeClosed", gettext_noop("Meldinger"), "m", {LMS, HOME}),
    ("video", "Video", gettext_noop("Video"), "v", {LMS, HOME}),
    ("rollout", "Video", gettext_noop("Utrulling"), "u", {"leads_unit", "administers_access"}),
    ("message_watch", "EnvelopeClosed", gettext_noop("Meldinger"), "m", {"watches_messages"}),
    ("register", "PersonGroup", gettext_noop("Brukere"), "r", {"administers_access"}),
    ("rights", "ShieldLock", gettext_noop("Roller"), "k", {"administers_access"}),
    ("blocks", "PadlockLocked", gettext_noop("Sperringer"), "p", {"administers_access"}),
    ("community", "Buildings3", gettext_noop("Samarbeid"), "s", {"administers_access"}),
    ("procedures", "ClipboardCheckmark", gettext_noop("Prosedyrer"), "", {LMS, HOME, "leads_unit"}),
    ("duty", "Phone", gettext_noop("Vakt"), "d", {LMS, HOME, ADMIN}),
    ("unit_staff", "PersonGroup", gettext_noop("Enheten"), "e", {"leads_unit"}),
    ("left_notes", "PencilLine", gettext_noop("Notater"), "n", {"leads_unit"}),
    ("action_levels", "Vitals", gettext_noop("NEWS2"), "", {"leads_unit"}),
    ("case_queue", "ClipboardCheckmark", gettext_noop("Kontroll"), "k", {"is_custodian"}),
    ("custodian_claims", "FileSearch", gettext_noop("Krav"), "r", {"is_custodian"}),
    ("record_merges", "PersonGroup", gettext_noop("Dubletter"), "s", {"is_custodian"}),
    ("custodian_question", "PersonGavel", gettext_noop("Hvem ser"), "h", {"is_custodian"}),
    ("exports", "Inbox", gettext_noop("Uttrekk"), "u", {"is_custodian"}),
    ("log_review", "FileSearch", gettext_noop("Logg"), "l", {"reviews_log"}),
    ("work_list", "Tasklist", gettext_noop("Uvanlig"), "u", {"reviews_log"}),
    ("log_cases", "ClipboardCheckmark", gettext_noop("Saker"), "s", {"reviews_log"}),
    ("log_rules", "Cog", gettext_noop("Regler"), "", {"reviews_log"}),
)
# An item stays lit on the pages that lie under it.
INSIDE = {
    "my_patients": ("/pasient/", "/pasienter/"), "rights": ("/roller/",), "register": ("/register/",), "unit_staff": ("/enhet/",), "custodian_claims": ("/journalansvar/krav/",), "record_merges": ("/journalansvar/samme-person/",),
    "case_queue": ("/kontroll/",), "log_cases": ("/logg/saker/",), "work_list": ("/logg/arbeidsliste/",), "community": ("/samarbeid/",),
    "blocks": ("/sperringer/",), "exports": ("/uttrekk/",), "unit_messages": ("/meldinger/",), "video": ("/video/",),
    "rollout": ("/video/utrulling/", "/video/ressurs/"), "message_watch": ("/meldingsvakt/",), "duty": ("/vakt/",), "procedures": ("/prosedyrer/", "/fagkunnskap/"),
}  # fmt: skip

# Items with a number: what waits, and the database's function that counts. That of duty stands for those who run systems; on the ward's pages
# it would be one question more each time.
COUNTED = {"unit_staff": "unit_verdicts_unread", "note_work": "own_unsigned", "left_notes": "left_notes_count", "duty": "duty_waiting"}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame``, ``rail`` and ``now`` (shapes in lms_epj/templatetags/epj.py).

    Pages before a role is chosen, and those for nobody, get no person and so no rail.
    """
    facts = getattr(request, "epj_facts", None) or {}
    authorisation = facts.get("authorisation")
    if facts.get("state") != "ok" or authorisation is None:
        return {"frame": {"urls": {"home": url("home")}}, "rail": [], "now": _now(facts)}
    kind = colour(authorisation)
    match = request.resolver_match
    patient = match.kwargs.get("patient") if match else None
    searches = authorisation["role"]["may_chart"]
    return {
        "frame": {
            "who": who(facts, kind),
            "urls": {
                "home": url("home"), "search": url("search") if searches else "", "role": url("choose_role"), "lock": url("lock"),
                "unlock": url("locked"), "extend": url("extend"), "logout": url("logout"), "draft_key": url("draft_key"), "help": url("help"),
                "account": url("account"),
            },
            "idle_seconds": settings.EPJ_IDLE_LOCK_SECONDS,
            "account_open": bool(match and match.url_name == "account"),
            "patient_id": patient,
            "title": _("Fellesjournalen"),
        },
        "rail": rail(request, authorisation["role"], kind) + assessments(request, authorisation["role"]) + questions(request, facts),
        "now": _now(facts),
    }  # fmt: skip


def _now(facts: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(facts["now"]) if "now" in facts else None


def colour(authorisation: dict[str, Any]) -> str:
    """The avatar's colour, so that a wrong role is noticed: the centre, the municipality, or no patients at all."""
    if not authorisation["role"]["may_chart"]:
        return ADMIN
    return LMS if authorisation["unit"]["kind"] == "observation_ward" else HOME


def who(facts: dict[str, Any], kind: str) -> dict[str, Any]:
    """The acting person, as the top bar and the locked screen show."""
    authorisation, user = facts["authorisation"], facts["user"]
    return {
        "id": user["id"],
        "initials": user["initials"],
        "name": user["display"],
        "profession": authorisation["role"]["name"],
        "unit": authorisation["unit"]["name"],
        "kind": kind,
    }


def rail(request: HttpRequest, role: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The functions of this role that exist here."""
    held = {kind} | {flag for flag in ("reviews_log", "administers_access", "leads_unit", "is_custodian", "watches_messages") if role[flag]}
    shown = []
    for name, icon, label, key, holders in ITEMS:
        address = url(name)
        if held & holders and address:
            active = request.path == address or (name in INSIDE and request.path.startswith(INSIDE[name]))
            counted = (
                {"count": counted_when_drawn(COUNTED[name])}
                if name in COUNTED and (name != "duty" or (kind == ADMIN and not role["reviews_log"]))
                else {}
            )
            shown.append(counted | {"key": key, "icon": icon, "label": _(label), "url": address, "active": active})
    return shown


def questions(request: HttpRequest, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """«Spørsmål om innsyn», for whoever has been asked and has not answered; others have no use for it in the menu."""
    waiting, address = facts.get("questions", 0), url("questions")
    if not waiting or not address:
        return []
    active = request.path.startswith(address)
    return [{"key": "", "icon": "QuestionmarkCircle", "label": _("Spørsmål"), "url": address, "active": active, "count": waiting}]


def assessments(request: HttpRequest, role: dict[str, Any]) -> list[dict[str, Any]]:
    """«Vurdering», for doctors: blocks that nobody has assessed."""
    address = url("blocks_to_assess")
    if not role["may_chart"] or role["required_profession"] != "doctor" or not address:
        return []
    waiting = counted_when_drawn("blocks_to_assess_count")
    return [{"key": "u", "icon": "PadlockLocked", "label": _("Vurdering"), "url": address, "active": request.path == address, "count": waiting}]


def counted_when_drawn(function: str) -> Any:
    """A number of the database's, asked for when the menu is drawn and the gate still stands open; a page that tells of a refusal has none."""
    return SimpleLazyObject(lambda: call(function) if is_open() else 0)
