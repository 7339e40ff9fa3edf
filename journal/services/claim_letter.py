"""The letter that tells a patient what was decided of a demand, why, and how to complain (3.6)."""

from typing import Any

from django.utils.translation import gettext as _

from access.gate import Gate
from access.models import Patient
from access.services.block_letter import TEMPLATE
from journal.models import RecordClaim
from journal.selectors.claims import claim_row, complaint
from lms_epj.core.formatting import format_date
from lms_epj.core.pdf import typeset


def claim_letter(*, gate: Gate, claim: RecordClaim) -> bytes:
    """The letter as PDF. The demand must be decided."""
    return typeset(TEMPLATE, letter(Patient.objects.get(pk=claim.patient_id), claim, gate))


def letter(patient: Patient, claim: RecordClaim, gate: Gate) -> dict[str, Any]:
    """What stands in the letter. It names the note by kind and day only: a letter lies open on a kitchen table."""
    name, told = f"{patient.given_name} {patient.family_name}", claim_row(claim)
    refused = claim.state == RecordClaim.State.REFUSED
    items = [[_("Kravet"), f"{told['kind']}, {_('registrert')} {format_date(claim.recorded_at)}"], [_("Gjelder"), f"{told['document']}, {format_date(claim.event_at)}"],
             [_("Avgjørelse"), f"{told['state_text']}, {format_date(claim.decided_at)}"]]  # fmt: skip
    items += [
        [label, text]
        for label, text in ((_("Vilkår"), str(told["ground"])), (_("Begrunnelse"), claim.decision), (_("Regelverk"), told["law"]))
        if text
    ]
    sections = []
    if refused:
        sections.append([_("Du kan klage"), _("%(ground)s. Send klagen til oss. Er vi ikke enige med deg, sender vi den videre. Kravet ditt og begrunnelsen vår er "
                                              "ført i journalen.") % {"ground": complaint()}])  # fmt: skip
    elif claim.kind == RecordClaim.Kind.CORRECTION:
        sections.append(
            [_("Hva som står i journalen nå"), _("Den rettede teksten vises først. Den gamle teksten kan fortsatt leses av dem som har tilgang.")]
        )
    else:
        sections.append(
            [_("Hva som står i journalen nå"), _("Innholdet er borte. Det står igjen at et notat er slettet, når, og hvem som avgjorde det.")]
        )
    return {
        "title": _("Svar på krav om retting eller sletting i journalen"), "to": [name, *patient.address.splitlines()], "sender": gate.unit["name"],
        "date": format_date(gate.now), "opening": [_("Vi har vurdert kravet om journalen din.")], "blocks": [{"heading": str(told["state_text"]), "items": items}],
        "sections": sections, "closing": [_("Med hilsen"), gate.user["display"], gate.unit["name"]],
        "footer": _("Til %(name)s, %(date)s") % {"name": name, "date": format_date(gate.now)},
    }  # fmt: skip
