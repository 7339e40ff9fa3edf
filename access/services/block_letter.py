"""The letter to the patient: what is blocked, for whom, what it means, and how it is lifted. Names entries by date and unit only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate, call
from access.models import Patient
from lms_epj.core.formatting import format_date, format_moment
from lms_epj.core.pdf import typeset

TEMPLATE = Path(__file__).parent.parent / "typst" / "block_letter.typ"


def block_letter(*, gate: Gate, patient: UUID, registrations: Sequence[Mapping[str, Any]]) -> bytes:
    """The letter as PDF; logged. ``registrations``: of access.selectors.blocks."""
    call("block_letter", patient)
    return typeset(TEMPLATE, letter(Patient.objects.get(pk=patient), registrations, gate.now, gate.unit["name"], gate.user["display"]))


def letter(patient: Patient, registrations: Sequence[Mapping[str, Any]], now: datetime, unit: str, signer: str) -> dict[str, Any]:
    """What stands in the letter. A protected address is not stored, so it cannot be printed."""
    name = f"{patient.given_name} {patient.family_name}"
    ended = all(one["until"] for one in registrations)
    return {
        "title": _("Sperring i journalen er opphevet") if ended else _("Sperring i journalen din"),
        "to": [name, *patient.address.splitlines()], "sender": unit, "date": format_date(now),
        "opening": [
            _("Vi bekrefter hva som er registrert etter ditt ønske, eller etter ønske fra den som svarer for deg."),
            _("En sperring gjør at de den gjelder for, ikke kan lese det som er sperret. De får bare vite at noe er sperret, ikke hva eller hvor mye."),
        ],
        "blocks": [_block(one) for one in registrations],
        "sections": [] if ended else [
            [_("Når kan noe sperret likevel leses?"),
             _("Hvis du samtykker der og da, eller hvis det foreligger tungtveiende grunner, for eksempel fare for liv eller helse. Da åpnes ett innslag om "
               "gangen for én person i kort tid. Hver åpning begrunnes, logges og kontrolleres etterpå. Du kan be om å få se loggen.")],
            [_("Hva kan en sperring føre til?"),
             _("De som behandler deg, kan mangle opplysninger når de skal ta valg sammen med deg. Allergier og annen kritisk informasjon vises fortsatt, "
               "hvis du ikke har bedt om at akkurat den opplysningen sperres.")],
            [_("Vil du endre eller oppheve sperringen?"),
             _("Si fra til dem som behandler deg, eller til enheten som har sendt dette brevet. En sperring gjelder til du sier stopp.")],
        ],
        "closing": [_("Med hilsen"), signer, unit],
        "footer": _("Til %(name)s, %(date)s") % {"name": name, "date": format_date(now)},
    }  # fmt: skip


def _block(one: Mapping[str, Any]) -> dict[str, Any]:
    items: list[list[Any]] = [[_("Hva"), one["what"]], [_("For hvem"), one["whom"]]]
    if one["stretch"]:
        items.append([_("Tid"), one["stretch"]])
    items += [[_("Ønsket av"), one["wish_of"]], [_("Registrert"), f"{format_moment(one['since'])}, {one['registered_in'] or one['registered_by']}"]]
    if one["ground"]:
        items.append([_("Hjemmel"), one["ground"]])
    if one["until"]:
        items.append([_("Opphevet"), format_moment(one["until"])])
    if one["assessment"]:
        harm = (
            _("kan få følger for behandlingen. Spør legen om det.")
            if one["assessment"]["may_harm"]
            else _("ventes ikke å få følger for behandlingen.")
        )
        items.append([_("Legens vurdering"), _("Lege har vurdert at sperringen %(harm)s") % {"harm": harm}])
    heading = _("Opphevet sperring fra %(day)s") if one["until"] else _("Sperring fra %(day)s")
    return {"heading": heading % {"day": format_date(one["since"])}, "items": items}
