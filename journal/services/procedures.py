"""Procedures of the community: proposed by one leader, approved by another, withdrawn with a reason; and links to knowledge (R33, R38)."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate, call
from journal.domain.code_refs import read_refs
from journal.domain.procedure_steps import read_steps
from journal.models import KnowledgeLink
from journal.services.checks import refuse, require_text
from journal.services.errors import Conflict, JournalError
from lms_epj.core.clock import oslo_date
from lms_epj.core.refusals import broken_constraint

MOST_STEPS = 60


@dataclass(frozen=True)
class Proposal:
    """A procedure as it was typed: ``steps`` one a line, ``codes`` as «icd10:L89 atc:B01»."""

    title: str
    text: str
    steps: str
    keywords: str
    codes: str
    changed: str
    review_on: date | None


def procedure_propose(*, gate: Gate, typed: Proposal, series: UUID | None = None, base: int = 0) -> UUID:
    """A new procedure or the next version of one, for another leader to approve. ``base``: the newest version the writer saw. Returns its id.

    Raises JournalError for what must be mended, Conflict when somebody has written since.
    """
    content = json.dumps(_checked(gate, typed))
    try:
        with transaction.atomic():
            return UUID(str(call("procedure_propose", series, base, content)))
    except IntegrityError as error:
        if broken_constraint(error) != "procedure_moved":
            raise
        raise Conflict(_("Noen andre har skrevet en ny versjon i mellomtiden. Ta vare på teksten din og se på den først."), None) from None


def procedure_approve(*, gate: Gate, procedure: UUID) -> None:
    if not call("procedure_approve", procedure):
        raise refuse("approve", _("Forslaget venter ikke lenger, eller det er ditt eget. En annen leder må godkjenne det."))


def procedure_withdraw(*, gate: Gate, procedure: UUID, reason: str) -> None:
    if not call("procedure_withdraw", procedure, require_text(reason, "reason", _("Skriv hvorfor."))):
        raise refuse("withdrawn", _("Den er allerede trukket tilbake."))


def knowledge_add(*, gate: Gate, system: str, prefix: str, title: str, address: str) -> None:
    if system not in KnowledgeLink.System.values:
        raise refuse("system", _("Velg kodeverk."), "system")
    title, address = require_text(title, "title", _("Skriv hva lenken heter.")), address.strip()
    try:
        URLValidator(schemes=["https"])(address.replace("{code}", "A00"))
    except ValidationError:
        raise refuse("address", _("Skriv en nettadresse som begynner med https://."), "address") from None
    try:
        with transaction.atomic():
            call("knowledge_add", system, prefix.strip().upper(), title[:120], address)
    except IntegrityError:
        raise refuse("twice", _("Denne lenken står her fra før."), "address") from None


def knowledge_end(*, gate: Gate, link: UUID) -> None:
    if not call("knowledge_end", link):
        raise refuse("ended", _("Lenken er allerede fjernet."))


def _checked(gate: Gate, typed: Proposal) -> dict[str, object]:
    wrong: dict[str, str] = {}
    if not 3 <= len(title := " ".join(typed.title.split())) <= 120:
        wrong["title"] = _("Skriv et navn på 3 til 120 tegn.")
    steps = read_steps(typed.steps)
    if not typed.text.strip() and not steps:
        wrong["text"] = _("Skriv framgangsmåten, en sjekkliste, eller begge.")
    if len(steps) > MOST_STEPS or any(len(step["text"]) > 300 for step in steps):
        wrong["steps"] = _("En sjekkliste har høyst %(most)s punkter, hvert på høyst 300 tegn.") % {"most": MOST_STEPS}
    if not typed.changed.strip():
        wrong["changed"] = _("Skriv hva som er nytt, og hvorfor.")
    if typed.review_on is None or typed.review_on <= oslo_date(gate.now):
        wrong["review_on"] = _("Skriv en dag fram i tid.")
    codes: list[str] = []
    try:
        codes = read_refs(typed.codes)
    except ValueError as error:
        wrong["codes"] = _("«%(word)s» er ikke en kode. Skriv for eksempel icd10:L89 atc:B01.") % {"word": error}
    if wrong:
        raise JournalError("proposal", _("Noe må rettes. Ingenting er lagret."), wrong)
    return {
        "title": title, "text": typed.text.strip(), "steps": steps, "keywords": typed.keywords.strip()[:200], "codes": codes,
        "changed": typed.changed.strip()[:300], "review_on": typed.review_on.isoformat() if typed.review_on else "",
    }  # fmt: skip
