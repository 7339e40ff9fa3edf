"""Blocks on the patient's wish (sperring, R25): registered, lifted, assessed, and one blocked entry opened for a time."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate, call, rows
from access.models import BlockOpening, BlockRegistration

SHORTEST_REASON = 10


class BlockError(Exception):
    """Why it was not done, in bokmål; ``field`` is where to mend it."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Wish:
    """What is blocked (``scope`` and the one field it names), for whom, and who still reads.

    ``exceptions``: {"user_id" or "unit_id": id}. Times limit the entries that are hidden, not the block itself.
    """

    scope: str
    target: str
    target_id: UUID | None = None
    category: int | None = None
    document_type: str | None = None
    stay_id: UUID | None = None
    entry_id: UUID | None = None
    entries_from: datetime | None = None
    entries_to: datetime | None = None
    exceptions: tuple[dict[str, UUID], ...] = ()


@dataclass(frozen=True)
class WishOf:
    """Whose wish it is: the patient, or one who answers for the patient, by name and basis. ``ground``: code of a LegalGround."""

    text: str
    kind: str = BlockRegistration.WishOf.PATIENT
    ground: str = ""
    reason: str = ""

    def as_json(self) -> str:
        return json.dumps({"kind": self.kind, "wish_of": self.text.strip(), "ground": self.ground, "reason": self.reason.strip()})


def blocks_set(*, gate: Gate, patient: UUID, wishes: Sequence[Wish], wish_of: WishOf) -> UUID:
    """Registers a wish as one registration; all its blocks hold from the next request on. Returns the registration.

    Raises BlockError when it would leave nobody able to treat the patient (the text names the units), or says too little.
    """
    if not wish_of.text.strip():
        raise BlockError(_("Skriv hvem som ønsker sperringen: pasienten, eller hvem som har rett til å svare for pasienten."), "wish_of")
    try:
        with transaction.atomic():
            return call("blocks_set", patient, _as_json(wishes), wish_of.as_json())
    except IntegrityError as error:
        raise _refusal(error) from None


def block_set(*, gate: Gate, patient: UUID, wish: Wish, wish_of: str) -> UUID:
    """One block on the patient's own word. Returns the registration.

    Raises BlockError.
    """
    return blocks_set(gate=gate, patient=patient, wishes=[wish], wish_of=WishOf(wish_of))


def blocks_try(*, gate: Gate, patient: UUID, wishes: Sequence[Wish], seen_as: UUID | None) -> dict[str, Any]:
    """What the blocks would do, as the rule answers: {unable, groups, hidden, medication, critical, seen}; nothing is kept.

    Raises BlockError.
    """
    try:
        with transaction.atomic():
            found: dict[str, Any] = call("block_try", patient, _as_json(wishes), seen_as)
    except IntegrityError as error:
        raise _refusal(error) from None
    for line in found["seen"]:
        line["at"] = datetime.fromisoformat(line["at"])
    return found


def _as_json(wishes: Sequence[Wish]) -> str:
    return json.dumps([asdict(wish) for wish in wishes], default=str)


def _refusal(error: IntegrityError) -> BlockError:
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == "block_leaves_nobody":
        return BlockError(leaves_nobody(diagnosis.message_detail or ""))
    return BlockError(_("Sperringen kunne ikke registreres. Si hva som skal sperres, og for hvem."))


def leaves_nobody(units: str) -> str:
    """The refusal in words, for the form and for the look at what a block would lead to."""
    return _(
        "Pasienten får behandling nå av %(units)s, og med denne sperringen kan ingen der lese og føre det som trengs for å behandle. "
        "La minst én enhet eller person som behandler, være unntatt, eller sperr mindre."
    ) % {"units": units}


def blocks_lift(*, gate: Gate, patient: UUID, registration: UUID, wish_of: str, block: UUID | None = None) -> None:
    """Ends a registration's blocks, or one of them, from now on. One who is hit by the block does not lift it.

    Raises BlockError, alike for one that is lifted and one that is not there.
    """
    if not wish_of.strip():
        raise BlockError(_("Skriv hvem som ønsker at sperringen oppheves."), "wish_of")
    with transaction.atomic():
        if not call("blocks_lift", patient, registration, block, wish_of.strip()):
            raise BlockError(_("Sperringen er ikke opphevet. Den finnes ikke, er opphevet før, eller må oppheves av en annen enn deg."))


def block_assess(*, gate: Gate, patient: UUID, registration: UUID, may_harm: bool, consequences: str, patient_told: bool) -> None:
    """A doctor's warning of what a block may lead to; the block stands as the patient wants it.

    Raises PermissionDenied and BlockError.
    """
    if gate.role["required_profession"] != "doctor":
        raise PermissionDenied(_("En lege vurderer følgene av en sperring. Forsøket er logget."))
    if len(consequences.strip()) < SHORTEST_REASON:
        raise BlockError(_("Skriv hva sperringen kan føre til, eller hvorfor den ikke får følger."), "consequences")
    with transaction.atomic():
        if not call("block_assess", patient, registration, may_harm, consequences.strip(), patient_told):
            raise BlockError(_("Sperringen finnes ikke lenger. Vurderingen er ikke lagret."))


def check_opening(basis: str, reason: str) -> None:
    """Raises BlockError."""
    if basis not in BlockOpening.Basis.values:
        raise BlockError(_("Velg om pasienten samtykker nå eller om grunnen er tungtveiende."), "basis")
    if len(reason.strip()) < SHORTEST_REASON:
        raise BlockError(_("Skriv hvorfor, med noen ord. Begrunnelsen blir kontrollert, og pasienten kan lese den."), "reason")


def blocked_entries(*, gate: Gate, patient: UUID, basis: str, reason: str) -> list[dict[str, Any]]:
    """What is blocked for the acting person: [{entry_id, event_at, unit_name}], newest first. Logged with the reason.

    Raises BlockError.
    """
    check_opening(basis, reason)
    with transaction.atomic():
        return rows("blocked_entries", patient, basis, reason.strip())


def block_open(*, gate: Gate, patient: UUID, entry: UUID, basis: str, reason: str) -> UUID:
    """Opens one blocked entry for the acting person, for a time; logged with basis and reason. Returns the opening.

    Raises BlockError.
    """
    check_opening(basis, reason)
    with transaction.atomic():
        return call("open_blocked", patient, entry, basis, reason.strip())


def openings_close(*, gate: Gate, patient: UUID) -> int:
    """Ends the acting person's own openings before their time. Returns how many there were."""
    with transaction.atomic():
        return call("close_openings", patient)
