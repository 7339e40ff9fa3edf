"""Blocks on the patient's wish (sperring, R25): registered, lifted, and one blocked entry opened for a time."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.gate import Gate, call
from access.models import BlockOpening


class BlockError(Exception):
    """Why the block or the opening was not made, in bokmål."""


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


def block_set(*, gate: Gate, patient: UUID, wish: Wish, wish_of: str) -> UUID:
    """Registers the patient's wish; it holds from the next request on. ``wish_of``: the patient, or who speaks for the patient and why.

    Raises BlockError when it would leave nobody able to treat the patient, or says too little.
    """
    if not wish_of.strip():
        raise BlockError(_("Skriv hvem som ønsker sperringen: pasienten, eller hvem som har rett til å svare for pasienten."))
    try:
        with transaction.atomic():
            return call("block_set", patient, json.dumps(asdict(wish), default=str), wish_of.strip())
    except IntegrityError as error:
        if "nobody would be left" in str(error):
            raise BlockError(
                _("Pasienten får behandling nå. Velg minst én enhet eller person som fortsatt skal kunne lese, ellers kan ingen behandle.")
            ) from None
        raise BlockError(_("Sperringen kunne ikke registreres. Si hva som skal sperres, og for hvem.")) from None


def block_lift(*, gate: Gate, block: UUID, wish_of: str) -> None:
    """Ends a block from now on.

    Raises BlockError, alike for one that is lifted and one that is not there.
    """
    with transaction.atomic():
        if not call("block_lift", block, wish_of.strip()):
            raise BlockError(_("Sperringen er ikke opphevet. Den finnes ikke eller er opphevet før, eller det mangler hvem som ønsker det."))


def block_open(*, gate: Gate, patient: UUID, entry: UUID, basis: str, reason: str) -> UUID:
    """Opens one blocked entry for the acting person, for a time; logged with basis and reason. Returns the opening.

    Raises BlockError.
    """
    if basis not in BlockOpening.Basis.values or not reason.strip():
        raise BlockError(_("Velg om pasienten samtykker nå eller om grunnen er tungtveiende, og skriv hvorfor."))
    with transaction.atomic():
        return call("open_blocked", patient, entry, basis, reason.strip())
