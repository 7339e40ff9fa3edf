"""A patient's refusal of exchange, and the question to the home municipality that one press sends."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Category
from access.gate import Gate
from journal.models import Stay
from journal.services.checks import refuse
from journal.services.entries import entry_columns
from messaging.composing.kinds import KINDS
from messaging.models import ExchangeRefusal
from messaging.selectors.gap import ASK, ASKED_BY, may_ask, open_gap
from messaging.selectors.parties import home_party
from messaging.services.compose import Draft, letter_compose, letter_send


def refusal_register(*, gate: Gate, patient: UUID, reason: str) -> ExchangeRefusal:
    """From now on nothing is sent about the patient, until it is withdrawn."""
    row = ExchangeRefusal(**entry_columns(gate, patient, Category.ADMIN), reason=reason.strip())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise refuse("registered", _("Det er allerede registrert at pasienten motsetter seg dette.")) from error
    return row


def refusal_withdraw(*, gate: Gate, patient: UUID) -> None:
    found = ExchangeRefusal.objects.filter(patient=patient, ended_at=None)
    if not found.update(ended_at=gate.now, ended_by_id=gate.user_id):
        raise refuse("none", _("Det er ikke registrert at pasienten motsetter seg dette."))


def municipality_ask(*, gate: Gate, patient: UUID, stay: Stay) -> UUID:
    """Asks the home municipality's nursing service for what it knows. Once: a second press says that it is asked already."""
    gap = open_gap(stay.pk, gate.now)
    if gap is None or gap.asked_at:
        raise refuse("asked", _("Opplysningene er mottatt, eller det er allerede spurt om dem."))
    receiver = home_party(gap.municipality_number, ASKED_BY, gate.now)
    if receiver is None or not may_ask(gate, gap):
        raise refuse("no_address", _("Kommunen har ingen adresse for meldinger. Ring den i stedet."))
    text = (
        f"Pasienten er innlagt på {gate.unit['name']} med {stay.cause}. Send det dere vet: sykehistorie, legemidler, kritisk informasjon, funksjon, "
        "hjelp hjemme og pårørende. Send gjerne innleggelsesrapport."
    )
    draft = Draft(KINDS[ASK.slug], receiver, {"text": text}, choice=ASK.options[0], stay=stay.pk)
    return letter_send(gate=gate, patient=patient, letter=letter_compose(gate=gate, patient=patient, draft=draft))
