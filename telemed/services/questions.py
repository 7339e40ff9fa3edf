"""A question to a specialist outside: asked with a link and a code, taken back, answered without a session in the record."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from access.gate import call
from access.services.secrets import new_secret
from journal.models import Wound
from journal.services.checks import refuse, require_text

DAYS = (3, 7, 14)


@dataclass(frozen=True)
class Way:
    """The way in, shown once: a link for the specialist, and a code to be told another way."""

    question: UUID
    secret: str
    code: str


def question_ask(*, wound: Wound, entries: Sequence[UUID], question: str, name: str, organisation: str, days: int) -> Way:
    """Puts the wound and these entries before a specialist; whoever asks must be allowed to send each of them."""
    if wound.struck_at:
        raise refuse("struck", _("Såret er merket som feil."))
    question = require_text(question, "question", _("Skriv hva du vil spørre om."))
    name = require_text(name, "name", _("Skriv hvem du spør."))
    if days not in DAYS:
        raise refuse("days", _("Velg hvor lenge lenken skal virke."), "days")
    secret, code = new_secret(), f"{secrets.randbelow(1_000_000):06}"
    try:
        with transaction.atomic():
            made = call("specialist_ask", wound.pk, list(entries), question, name[:80], organisation.strip()[:80], days, _hash(secret), _hash(code))
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Rollen din kan ikke sende dette ut av journalen. Forsøket er logget.")) from None
        raise
    return Way(made, secret, code)


def question_close(*, question: UUID) -> None:
    if not call("specialist_close", question):
        raise refuse("closed", _("Spørsmålet er besvart eller trukket tilbake fra før, eller en annen enhet har stilt det."))


def proof_for(*, secret: str, code: str) -> str | None:
    """What the right code gives, for an hour; None for a wrong one."""
    proof = new_secret()
    return proof if call("specialist_code", secret, code.strip().replace(" ", ""), _hash(proof)) else None


def question_answer(*, secret: str, proof: str, name: str, answer: str) -> None:
    """Raises JournalError for what is missing, or when the link is worth nothing any longer."""
    name = require_text(name, "name", _("Skriv navnet ditt."))
    answer = require_text(answer, "answer", _("Skriv et svar."))
    if not call("specialist_answer", secret, proof, name, answer[:10_000]):
        raise refuse("over", _("Lenken virker ikke lenger. Svaret er ikke sendt. Ring den som spurte."))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
