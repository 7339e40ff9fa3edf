"""Two records that are one person's: proposed, compared, merged and taken apart by the custodian. The database does it, in one transaction."""

from contextlib import AbstractContextManager
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from access.domain.temporary import temporary_number
from access.gate import Gate, call
from access.services.identifying import number_of
from access.services.ways import WayError
from journal.services.errors import Conflict, JournalError
from lms_epj.core.refusals import forbidden_in_words

SHORTEST_REASON = 10


def merge_ask(*, gate: Gate, numbers: tuple[str, str], reason: str) -> UUID:
    """The custodian's own proposal, by two numbers of any kind. Returns the case. Raises JournalError and PermissionDenied."""
    errors, found = {}, []
    for name, text in zip(("one", "other"), numbers, strict=True):
        try:
            found.append(temporary_number(text) or number_of(text).normalised)
        except WayError as error:
            errors[name] = error.errors["number"]
    _check_reason(reason, errors)
    with _refusals():
        answer = call("merge_ask", *found, reason.strip())
    if answer["state"] == "same":
        raise JournalError("same", _("Begge numrene står i samme journal."), {"other": _("Dette er samme journal som den første.")})
    if answer["state"] == "missing":
        raise JournalError("missing", _("Minst ett av numrene har ingen journal her."), {"other": _("Minst ett av numrene har ingen journal her.")})
    return UUID(answer["merge"])


def records_merge(*, gate: Gate, merge: UUID, survivor: UUID, reason: str, seen: list[str], confirmed: bool) -> None:
    """Merges; ``seen``: what the page said speaks against it. Raises JournalError, Conflict when something has come up since, PermissionDenied."""
    errors = {} if confirmed else {"confirmed": _("Bekreft at du har kontrollert at dette er én person.")}
    _check_reason(reason, errors)
    try:
        with _refusals():
            state = call("records_merge", merge, survivor, reason.strip(), seen, gate.request.as_json())["state"]
    except IntegrityError:
        state = "clash"
    said = {
        "clash": _(
            "Noe som bare kan finnes én gang, er åpent i begge journalene. Ingenting er slått sammen. Si fra til IKT-vakt hvis siden ikke sier hva det er."
        ),
        "blocked": _("Journalene kan ikke slås sammen før det som hindrer det, er ryddet bort."),
        "changed": _("Noe er endret i en av journalene siden du åpnet siden. Ingenting er slått sammen. Se over på nytt."),
        "busy": _("Noen arbeider i en av journalene akkurat nå. Ingenting er slått sammen. Prøv igjen om litt."),
        "decided": _("Forslaget er avgjort av en annen."),
    }
    if state in said:
        raise Conflict(said[state], None)


def merge_refuse(*, gate: Gate, merge: UUID, reason: str) -> None:
    """They stay two. Raises JournalError, Conflict, PermissionDenied."""
    _check_reason(reason, {})
    with _refusals():
        if not call("merge_refuse", merge, reason.strip()):
            raise Conflict(_("Forslaget er avgjort av en annen."), None)


def merge_undo(*, gate: Gate, merge: UUID, reason: str) -> None:
    """Two records again. Raises JournalError, Conflict, PermissionDenied."""
    _check_reason(reason, {})
    try:
        with _refusals():
            state = call("merge_undo", merge, reason.strip(), gate.request.as_json())["state"]
    except IntegrityError:
        state = "clash"
    said = {
        "later": _("Journalen er siden slått sammen med enda en. Opphev den siste sammenslåingen først."),
        "busy": _("Noen arbeider i journalen akkurat nå. Ingenting er endret. Prøv igjen om litt."),
        "decided": _("Sammenslåingen er alt opphevet."),
        "clash": _(
            "Noe som er ført siden, kan ikke stå i to journaler. Ingenting er endret. Avslutt åpne opphold og kladder som er kommet til, og prøv igjen."
        ),
    }
    if state in said:
        raise Conflict(said[state], None)


def _check_reason(reason: str, errors: dict[str, str]) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        errors["reason"] = _("Skriv hvorfor, med noen ord. Begrunnelsen står i loggen til begge.")
    if errors:
        raise JournalError("merge", _("Ingenting er gjort. Se hva som mangler."), errors)


def _refusals() -> AbstractContextManager[None]:
    """The database's refusals as Python's."""
    return forbidden_in_words(_("Du kan ikke slå sammen journaler i rollen du har nå. Forsøket er logget."))
