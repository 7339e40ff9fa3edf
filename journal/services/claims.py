"""Demands to correct or delete, and notes on the wrong patient (3.6): demanded at the patient, decided by who answers for it, told to those who read."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.gate import Gate, call
from journal.domain.signing import State
from journal.models import Note, RecordClaim
from journal.services.entries import check_may, entry_columns
from journal.services.errors import Conflict, JournalError
from lms_epj.core.refusals import forbidden_in_words

Kind, WishOf, Ground = RecordClaim.Kind, RecordClaim.WishOf, RecordClaim.Ground
GROUNDS = {
    Kind.CORRECTION: (Ground.WRONG, Ground.IMPROPER),
    Kind.DELETION: (Ground.BURDEN, Ground.NOT_NEEDED),
    Kind.WRONG_PATIENT: (Ground.WRONG_PATIENT,),
}


def claim_register(*, gate: Gate, note: Note, kind: str, wish_of: str, text: str, right_patient: UUID | None = None) -> RecordClaim:
    """Writes down a demand about a note that stands. Raises JournalError, Conflict when one of the kind waits already, PermissionDenied."""
    check_may(gate, Action.WRITE, note.category_id)
    if note.state == State.DRAFT or note.corrects_id:
        raise JournalError("draft", _("En kladd kan forkastes. Den er ikke ført i journalen ennå."))
    errors = {}
    if kind not in Kind.values:
        errors["kind"] = _("Velg hva som kreves.")
    if wish_of not in WishOf.values:
        errors["wish_of"] = _("Velg hvem som krever det.")
    if not text.strip():
        errors["text"] = _("Skriv hva som kreves, og hvorfor.")
    if right_patient == note.patient_id:
        errors["number"] = _("Dette er pasienten notatet står på nå.")
    if errors:
        raise JournalError("claim", _("Kravet er ikke registrert. Se hva som mangler."), errors)
    columns = entry_columns(
        gate, note.patient_id, note.category_id, note.event_at, note.stay_id, document_type=note.document_type_id or "", origin=note.pk
    )
    claim = RecordClaim(
        **columns, document_type_id=note.document_type_id, origin_id=note.pk, about_id=note.pk, responsible_unit_id=note.unit_id, kind=kind,
        wish_of=wish_of, text=text.strip(), right_patient_id=right_patient if kind == Kind.WRONG_PATIENT else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("Det er allerede registrert et slikt krav om dette notatet, og det er ikke avgjort."), None) from None
    return claim


@dataclass(frozen=True)
class Decision:
    """``ground``: a RecordClaim.Ground, for what is granted. ``told``: how the patient was told. ``heard``: what the author said."""

    granted: bool
    ground: str = ""
    reason: str = ""
    told: str = ""
    heard: str = ""
    weighed: bool = False

    def errors(self, kind: str, wish_of: str) -> dict[str, str]:
        """Field → what is missing, by what the law asks of each decision."""
        found = {}
        if self.granted and self.ground not in GROUNDS[Kind(kind)]:
            found["ground"] = _("Velg vilkåret som er oppfylt.")
        if not self.reason.strip() and not (self.granted and kind == Kind.CORRECTION):
            found["reason"] = _("Skriv begrunnelsen. Den som har krevd det, får den.")
        if wish_of != WishOf.OWN and not self.told.strip():
            found["told"] = _("Skriv hvordan pasienten fikk vite det, og at det kan klages til statsforvalteren.")
        if kind != Kind.CORRECTION and not self.heard.strip():
            found["heard"] = _("Skriv hva forfatteren mente, eller hvorfor forfatteren ikke kunne spørres.")
        if kind == Kind.DELETION and self.granted and not self.weighed:
            found["weighed"] = _("Bekreft at allmenne hensyn og arkivplikt ikke er til hinder.")
        return found


def correction_decide(*, gate: Gate, claim: RecordClaim, decision: Decision) -> None:
    """Grants a demand that the note has been corrected for, or refuses it with a reason. Raises JournalError, Conflict, PermissionDenied."""
    errors = decision.errors(claim.kind, claim.wish_of)
    note = Note.objects.filter(pk=claim.about_id).first()
    if decision.granted and (note is None or note.corrected_at is None or note.corrected_at <= claim.recorded_at):
        raise JournalError("not_corrected", _("Rett notatet først. Kravet kan tas til følge når rettelsen er signert."))
    if errors:
        raise JournalError("decision", _("Avgjørelsen er ikke lagret. Se hva som mangler."), errors)
    with _refusals():
        decided = call(
            "correction_decide",
            claim.pk,
            decision.granted,
            decision.ground if decision.granted else "",
            decision.reason.strip(),
            decision.told.strip(),
        )
    if not decided:
        raise Conflict(_("Kravet er avgjort av en annen."), None)


def claim_decide(*, gate: Gate, claim: UUID, kind: str, wish_of: str, decision: Decision) -> str:
    """The custodian's decision on deletion and wrong patient; granted, the note is gone when this returns.

    Returns ``erased``, ``moved`` or ``refused``. Raises JournalError, Conflict, PermissionDenied.
    """
    if errors := decision.errors(kind, wish_of):
        raise JournalError("decision", _("Avgjørelsen er ikke lagret. Se hva som mangler."), errors)
    values = (decision.reason.strip(), decision.heard.strip(), decision.told.strip())
    with _refusals():
        done = call("claim_decide", claim, decision.granted, decision.ground if decision.granted else "", *values, gate.request.as_json())
    if done is None:
        raise Conflict(_("Kravet er avgjort av en annen, eller notatet er borte."), None)
    return done


def note_withhold(*, gate: Gate, note: Note, reason: str) -> Note:
    """The note is not to be given to the patient (pbrl § 5-1). Whoever may sign here decides, with a reason. Raises JournalError, PermissionDenied."""
    check_may(gate, Action.SIGN, note.category_id)
    if note.state == State.DRAFT:
        raise JournalError("draft", _("Notatet er en kladd. Bare du ser det."))
    if not reason.strip():
        raise JournalError("reason", _("Skriv hvorfor pasienten ikke skal få notatet."), {"reason": _("Må fylles ut.")})
    return _withheld(note, withheld_at=gate.now, withheld_by_id=gate.user_id, withheld_reason=reason.strip())


def note_give_again(*, gate: Gate, note: Note) -> Note:
    """The patient may have the note after all."""
    check_may(gate, Action.SIGN, note.category_id)
    return _withheld(note, withheld_at=None, withheld_by_id=None, withheld_reason="")


def _withheld(note: Note, **values: Any) -> Note:
    for name, value in values.items():
        setattr(note, name, value)
    note.save(update_fields=list(values))
    return note


def _refusals() -> AbstractContextManager[None]:
    """The database's refusals as Python's."""
    return forbidden_in_words(_("Du kan ikke avgjøre dette kravet i rollen du har nå. Forsøket er logget."))
