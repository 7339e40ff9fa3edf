"""The agreement of the record community is changed here: versions, joining, merging, change of host, exit, and the copy for one who leaves.

Whoever changes it holds the agreement (an object permission, asked by the database). What the rule reads is dated in the same act.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call
from access.services.recipient import RecipientError, recipient_certificate


class CommunityError(Exception):
    """What stops the act: ``errors`` is field → message in bokmål; '' for the whole."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Signature:
    """Who signed for a party, in which capacity, on which day. ``entity`` None: for the one the act is about."""

    signer: str
    title: str
    signed_on: date
    entity: UUID | None = None


@dataclass(frozen=True)
class Party:
    """A legal entity that is known (``id``), or a municipality to be entered."""

    id: UUID | None = None
    name: str = ""
    org_number: str = ""
    municipality_number: str = ""


@dataclass(frozen=True)
class NewUnit:
    name: str
    kind: str
    service_code: int


@dataclass(frozen=True)
class Terms:
    """What a version of the agreement says (see AgreementVersion)."""

    coverage: str
    patient_rights: str
    processing: str
    controller: str
    rights_contact: str
    host: UUID
    operator: UUID
    notice_months: int
    export_rule: str
    exit_plan: str
    law: str = ""


# Words of the database → field and message.
REFUSALS = {
    "a version holds from now on": ("valid_from", gettext_noop("Versjonen må gjelde fra i dag eller senere, og etter den forrige.")),
    "no agreement in force then": ("valid_from", gettext_noop("Det er ingen avtale i kraft den dagen. Registrer avtalen først.")),
    "a party joins from now on": ("valid_from", gettext_noop("Velg minst én tjeneste, og en dag som ikke er passert.")),
    "takes part already": ("services", gettext_noop("Virksomheten deltar allerede med en av disse tjenestene.")),
    "these cannot merge then": ("entities", gettext_noop("Velg minst to kommuner som er i drift og ikke er på vei ut, og en dag som kommer.")),
    "a municipality leaves at a coming midnight": (
        "valid_from",
        gettext_noop("Velg en dag som kommer. Enhetene kan ikke stenges før utmeldingen gjelder."),
    ),
    "the host cannot leave": ("entity", gettext_noop("Kommunen er vert for avtalen. Bytt vert først.")),
    "does not take part": ("entity", gettext_noop("Kommunen deltar ikke lenger den dagen.")),
    "exit_one_at_a_time": ("entity", gettext_noop("Kommunen er allerede meldt ut. Avlys den utmeldingen først.")),
    "legalentity_org_number": ("org_number", gettext_noop("Organisasjonsnummeret finnes fra før. Velg virksomheten i listen.")),
    "needs a reason": ("reason", gettext_noop("Skriv hvorfor.")),
}


def _act(function: str, *arguments: Any) -> Any:
    try:
        with transaction.atomic():
            return call(function, *arguments)
    except IntegrityError as error:
        raise CommunityError(_refusal(str(error))) from None
    except ProgrammingError as error:
        if "held by others" not in str(error):
            raise
        raise PermissionDenied(_("Avtalen forvaltes av andre. Forsøket er logget.")) from None


def _refusal(text: str) -> dict[str, str]:
    if "unsigned: " in text:
        names = text.partition("unsigned: ")[2].splitlines()[0]
        return {"signatures": _("Avtalen mangler underskrift, eller datoen er ikke kommet: %(names)s.") % {"names": names}}
    found = next((answer for words, answer in REFUSALS.items() if words in text), None)
    return {found[0]: _(found[1])} if found else {"": _("Endringen ble ikke registrert. Ingenting er endret. Se over feltene og prøv igjen.")}


def _json(value: Any) -> str:
    return json.dumps(value, default=str)


def agreement_set(*, gate: Gate, community: UUID, valid_from: datetime, terms: Terms, signatures: list[Signature], reason: str) -> UUID:
    """A new version, signed by every member of that day; the former ends then. Another host makes it a change of host. Returns the version.

    Raises CommunityError, PermissionDenied.
    """
    return _act("agreement_set", community, valid_from, _json(asdict(terms)), _json([asdict(one) for one in signatures]), reason.strip())


def community_join(
    *, gate: Gate, community: UUID, party: Party, services: list[int], mode: str, valid_from: datetime, signature: Signature,
    units: list[NewUnit], reason: str,
) -> UUID:  # fmt: skip
    """A party takes part with services from a day on, and signs the version in force. Returns the change.

    Raises CommunityError, PermissionDenied.
    """
    return _act(
        "community_join", community, _json(asdict(party)), services, mode, valid_from, _json(asdict(signature)),
        _json([asdict(unit) for unit in units]), reason.strip(),
    )  # fmt: skip


def community_merge(
    *, gate: Gate, community: UUID, predecessors: list[UUID], party: Party, valid_from: datetime, signature: Signature, reason: str
) -> UUID:
    """Municipalities become one from a day on. Units, entries, authorisations and blocks stay where they are and follow the successor. Returns the change.

    Raises CommunityError, PermissionDenied.
    """
    return _act("community_merge", community, predecessors, _json(asdict(party)), valid_from, _json(asdict(signature)), reason.strip())


def effect_of(act: Callable[[], Any], at: datetime) -> dict[str, Any]:
    """Who would gain and lose at a moment by an act, which is done and taken back (shape: gate.community_effect).

    Raises what the act raises.
    """
    before = call("community_reach", at)
    with transaction.atomic():
        act()
        found = call("community_effect", _json(before), at)
        transaction.set_rollback(True)
    return found


def exit_plan(*, gate: Gate, community: UUID, entity: UUID, valid_from: datetime, closes_at: datetime, rule: str, reason: str) -> UUID:
    """One leaves: unbound from ``valid_from``, its own units closed at ``closes_at`` (midnights in Norway). Orders the copy. Returns the change.

    Raises CommunityError, PermissionDenied.
    """
    return _act("exit_plan", community, entity, valid_from, closes_at, rule, reason.strip())


def change_cancel(*, gate: Gate, change: UUID, reason: str) -> None:
    """Takes back a change that has not begun; every date gets the end it had.

    Raises CommunityError, PermissionDenied.
    """
    if not reason.strip():
        raise CommunityError({"reason": _("Skriv hvorfor endringen avlyses.")})
    if not _act("change_cancel", change, reason.strip()):
        raise CommunityError({"": _("Endringen er begynt eller avlyst, og kan ikke avlyses nå.")})


def export_release(*, gate: Gate, export: UUID, certificate: str, fingerprint: str) -> None:
    """The custodian lets the copy be written, for the holder of a certificate (PEM). Not the one who registered the exit.

    ``fingerprint``: the certificate's SHA-256 as the receiver has told it another way. Raises CommunityError.
    """
    try:
        recipient = recipient_certificate(certificate, fingerprint)
    except RecipientError as error:
        raise CommunityError({error.field: str(error)}) from None
    if not _act("export_release", export, recipient):
        raise CommunityError({"": _("Uttrekket kan frigis når kommunens enheter er stengt, og av en annen enn den som meldte ut. Er det begynt, "
                                    "skrives resten for samme mottaker.")})  # fmt: skip


def export_refuse(*, gate: Gate, export: UUID, number: str, receiver: str) -> UUID:
    """Leaves out a patient who does not want the record handed over. Returns the patient.

    Raises CommunityError, alike for a number nobody has and an export that is under way.
    """
    patient = _act("export_refuse", export, number, receiver)
    if patient is None:
        raise CommunityError({"number": _("Ingen pasient med dette nummeret kan tas ut av uttrekket. Se over nummeret, og om uttrekket er frigitt.")})
    return patient


def export_receive(*, gate: Gate, export: UUID, receipt: str) -> None:
    """The receiver has the copy and has checked it.

    Raises CommunityError.
    """
    if not receipt.strip():
        raise CommunityError({"receipt": _("Skriv hvem som bekreftet, og hvordan.")})
    if not _act("export_receive", export, receipt.strip()):
        raise CommunityError({"": _("Uttrekket er ikke ferdig, eller er meldt mottatt.")})
