"""Notes from draft to co-signed (R1, R3). A text is never lost: a draft is kept as it is typed, a signed note by version."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import CharField, UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action
from access.domain.sections import Wrong, wrong_values
from access.gate import Gate, call
from access.models import DocumentType
from journal.domain import signing
from journal.domain.signing import Reason, State
from journal.models import ImportedEntry, Note, NoteVersion
from journal.selectors.problems import problems_of
from journal.selectors.templates import sections_of, template
from journal.services.entries import check_event_at, check_may, entry_columns, stay_of_unit
from journal.services.errors import Conflict, JournalError
from lms_epj.core.prepared import Prepared, Slot

REFUSALS = {
    Reason.SECTIONS_MISSING: gettext_noop("Fyll ut feltene som er merket, før du signerer. Kladden er lagret."),
    Reason.NOTHING_WRITTEN: gettext_noop("Notatet er tomt. Skriv noe før du signerer."),
    Reason.REASON_MISSING: gettext_noop("Skriv hvorfor notatet rettes."),
    Reason.NOTHING_CHANGED: gettext_noop("Teksten er den samme som før. Rett den, eller forkast kladden."),
    Reason.ALREADY_SIGNED: gettext_noop("Notatet er allerede signert. Rett det i stedet."),
    Reason.ALREADY_CONFIRMED: gettext_noop("Notatet er allerede synlig for andre."),
    Reason.NOT_SIGNED: gettext_noop("Notatet er ikke signert ennå."),
    Reason.COSIGN_NOT_NEEDED: gettext_noop("Notatet trenger ikke kontrasignatur."),
}
WRONG = {
    Wrong.NOT_A_NUMBER: gettext_noop("Skriv et tall, for eksempel 36,5."),
    Wrong.DECIMALS: gettext_noop("Høyst %(decimals)s desimaler."),
    Wrong.BELOW: gettext_noop("Må være minst %(min)s %(unit)s. Sjekk tallet."),
    Wrong.ABOVE: gettext_noop("Kan ikke være over %(max)s %(unit)s. Sjekk tallet."),
    Wrong.NOT_AN_OPTION: gettext_noop("Velg et av valgene."),
    Wrong.NOT_A_DATE: gettext_noop("Skriv datoen som 24.11.2026."),
}
NOT_YOURS = {
    Reason.MAY_NOT_CHART: gettext_noop("Rollen du har nå, fører ikke journal."),
    Reason.NOT_AUTHOR: gettext_noop("Bare den som har skrevet notatet, kan gjøre dette."),
    Reason.MAY_NOT_SIGN: gettext_noop("Du kan ikke signere denne typen notat for pasienten. Kladden er lagret."),
    Reason.MAY_NOT_COSIGN: gettext_noop("Du kan ikke kontrasignere dette notatet."),
    Reason.COSIGNER_IS_AUTHOR: gettext_noop("En annen enn forfatteren må kontrasignere."),
}


def note_autosave(
    *, gate: Gate, patient: UUID, document_type: DocumentType, content: Mapping[str, str], event_at: datetime,
    lock_version: int = 0, note_id: UUID | None = None, corrects: Note | None = None, reason: str = "", template_version: int | None = None, problem: UUID | None = None,
) -> Note:  # fmt: skip
    """Creates or updates the author's own draft of this form.

    Runs in the gate's transaction and needs no savepoint of its own: whatever it refuses, it refuses before it writes.
    ``template_version``: that of the form it was typed in; a draft goes on in the one it was begun in.
    ``problem``: which problem of the plan, or diagnosis, it is about; one that this person does not see is none.
    Raises Conflict when another window stored something else: ``theirs`` is that draft, and neither text is lost.
    """
    _check_writes(gate, document_type)
    check_event_at(gate, event_at)
    draft = own_draft(gate, patient, document_type, corrects, lock=True)
    begun = (
        corrects.template_version
        if corrects
        else draft.template_version
        if draft
        else min(template_version or document_type.version, document_type.version)
    )
    texts = clean_content(document_type, content, begun)
    problem = problem if problem and problem in dict(problems_of(patient)) else None
    if draft is None:
        if note_id is not None:
            raise JournalError("gone", _("Kladden er signert eller forkastet et annet sted. Teksten din står fortsatt her. Last siden på nytt."))
        return _begin_draft(gate, patient, document_type, texts, event_at, corrects, reason, begun, problem)
    if note_id not in (None, draft.id) or draft.lock_version != lock_version:
        if draft.content == texts and draft.problem_id == problem:
            return draft
        raise Conflict(_("Notatet ble endret mens du skrev"), draft)
    draft.content, draft.event_at, draft.correction_reason, draft.problem_id = texts, event_at, reason.strip(), problem
    draft.lock_version += 1
    draft.save(update_fields=["content", "event_at", "correction_reason", "problem_id", "lock_version"])
    return draft


def note_confirm(*, gate: Gate, note: Note) -> Note:
    """Makes a draft visible to colleagues before it is signed."""
    _refuse_unless(signing.decide_confirm(_facts(note), _actor(gate, note)))
    return _new_version(gate, note, State.CONFIRMED, confirmed_at=gate.now)


def note_sign(*, gate: Gate, note: Note, seen: int | None = None) -> Note:
    """Locks the text as a version. Signing the draft of a correction gives the corrected note its next version.

    ``seen``: the version of the corrected note that stood on the page. Raises Conflict when another has corrected it since.
    """
    if note.corrects_id:
        return _sign_correction(gate, note, seen)
    _refuse_unless(signing.decide_sign(_facts(note), _actor(gate, note)))
    _check_values(note, note.content)
    return _new_version(gate, note, State.SIGNED, signed_by_id=gate.user_id, signed_at=gate.now)


def note_cosign(*, gate: Gate, note: Note) -> Note:
    """A second, entitled person answers for the content."""
    _refuse_unless(signing.decide_cosign(_facts(note), _actor(gate, note)))
    return _new_version(gate, note, State.COSIGNED, cosigned_by_id=gate.user_id, cosigned_at=gate.now)


def correction_draft(gate: Gate, note: Note) -> Note:
    """One's own draft of a correction, or an unsaved copy to begin from: opening the form stores nothing.

    A signed note is corrected by whoever may sign here; a confirmed one is gone on with by its author, or by a colleague when the author has left.
    """
    check_may(gate, Action.SIGN, note.category_id)
    if note.state == State.DRAFT or (note.state == State.CONFIRMED and note.author_id != gate.user_id and not takes_over(gate, note)):
        raise JournalError("not_signed", _(REFUSALS[Reason.NOT_SIGNED]))
    if ImportedEntry.objects.filter(entry_id=note.pk).exists():
        raise JournalError(
            "imported", _("Notatet er hentet inn fra et annet system og endres ikke her. Skriv et nytt notat som sier hva som er riktig.")
        )
    fresh = Note(
        patient_id=note.patient_id, document_type=note.document_type, content=note.content, event_at=note.event_at, corrects=note,
        template_version=note.template_version,
    )  # fmt: skip
    fresh.lock_version = 0
    return own_draft(gate, note.patient_id, note.document_type, note) or fresh


def note_discard(*, gate: Gate, note: Note) -> None:
    """Throws one's own draft away. Nobody else has seen it."""
    _refuse_unless(signing.decide_discard(_facts(note), _actor(gate, note)))
    if not call("discard_draft", note.id):
        raise JournalError("gone", _("Kladden er allerede borte."))


def own_draft(gate: Gate, patient: UUID, document_type: DocumentType, corrects: Note | None = None, *, lock: bool = False) -> Note | None:
    """The one draft of this author, patient, form and corrected note."""
    place = {"patient": patient, "author": gate.user_id, "kind": document_type.code, "corrects": corrects.pk if corrects else None}
    return _own_drafts(corrects is not None, lock).first(**place)


@cache
def _own_drafts(corrected: bool, lock: bool) -> Prepared[Note]:
    notes = Note.objects.filter(
        patient=Slot("patient", UUIDField()), author=Slot("author", UUIDField()), document_type=Slot("kind", CharField()), state=State.DRAFT
    )
    notes = notes.filter(corrects=Slot("corrects", UUIDField())) if corrected else notes.filter(corrects__isnull=True)
    return Prepared(lambda: (notes.select_for_update() if lock else notes)[:1])


_LOCKED = Prepared(lambda: Note.objects.filter(pk=Slot("note", UUIDField())).select_for_update())


def _locked(note: UUID) -> Note:
    """The note as it now stands, which nobody else changes until the request ends."""
    found = _LOCKED.first(note=note)
    if found is None:
        raise Note.DoesNotExist
    return found


def clean_content(document_type: DocumentType, content: Mapping[str, str], version: int | None = None) -> dict[str, str]:
    """The template's sections, without trailing space and Windows line ends.

    Raises JournalError on a section that the template does not have: its text would be lost.
    """
    keys = [section["key"] for section in template(document_type, version)]
    if unknown := sorted(set(content) - set(keys)):
        message = _("Malen har ikke dette feltet. Ingenting er lagret.")
        raise JournalError("unknown_section", message, {f"section.{key}"[:80]: message for key in unknown[:20]})
    return {key: content.get(key, "").replace("\r\n", "\n").rstrip() for key in keys}


def _begin_draft(
    gate: Gate,
    patient: UUID,
    document_type: DocumentType,
    content: Mapping[str, str],
    event_at: datetime,
    corrects: Note | None,
    reason: str,
    template_version: int | None,
    problem: UUID | None,
) -> Note:
    draft = Note(
        **entry_columns(
            gate, patient, document_type.category_id, event_at, stay_of_unit(gate, patient), document_type=document_type.code,
            origin=corrects.id if corrects else None,
        ),
        document_type=document_type, title=corrects.title if corrects else document_type.name, content=dict(content),
        mark=gate.role["mark"] or "X", corrects=corrects, correction_reason=reason.strip(), origin_id=corrects.id if corrects else None,
        needs_cosign=gate.role["needs_cosign"], emergency=is_emergency(gate), template_version=template_version,
        problem_id=problem,
    )  # fmt: skip
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        theirs = own_draft(gate, patient, document_type, corrects)
        if theirs is None:
            raise
        raise Conflict(_("Notatet ble endret mens du skrev"), theirs) from None
    return draft


def is_emergency(gate: Gate) -> bool:
    """Whether the record stands open by emergency access alone: what is written then is marked so."""
    return bool(gate.decision and gate.decision.measure and gate.decision.measure.template.code == "EMERGENCY")


def _new_version(gate: Gate, note: Note, state: State, **stamps: Any) -> Note:
    """The version is written first: the database refuses a changed note that no version says the same as."""
    locked = _locked(note.pk)
    if locked.lock_version != note.lock_version:
        raise Conflict(_("Notatet ble endret mens du leste det. Se det på nytt før du går videre."), locked)
    number = locked.version + 1
    _write_version(gate, locked, number, locked.content, state, reason="")
    values = {"state": state.value, "version": number, "lock_version": locked.lock_version + 1, **stamps}
    for name, value in values.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(values))
    return locked


def _sign_correction(gate: Gate, draft: Note, seen: int | None) -> Note:
    with transaction.atomic():
        note = Note.objects.select_for_update().get(pk=draft.corrects_id)
        if note.version != seen if seen else note.corrected_at and note.corrected_at > draft.recorded_at:
            raise Conflict(_("Notatet er rettet av en annen siden du begynte. Kladden din er lagret. Les den nye teksten først."), note)
        actor = _actor(gate, note)
        if note.state == State.CONFIRMED:
            _refuse_unless(signing.decide_sign(_facts(note, draft.content), actor))
            stamps: dict[str, Any] = {"state": State.SIGNED.value, "signed_by_id": gate.user_id, "signed_at": gate.now}
        else:
            _refuse_unless(signing.decide_correct(_facts(note), actor, draft.content, draft.correction_reason))
            stamps = {"corrected_at": gate.now}
        _check_values(note, draft.content)
        number = note.version + 1
        _write_version(gate, note, number, draft.content, State.SIGNED, reason=draft.correction_reason)
        values = {"content": draft.content, "version": number, "lock_version": note.lock_version + 1, **stamps}
        for name, value in values.items():
            setattr(note, name, value)
        note.save(update_fields=list(values))
        call("discard_draft", draft.id)
        return note


def _write_version(gate: Gate, note: Note, number: int, content: Mapping[str, str], state: State, reason: str) -> None:
    columns = entry_columns(
        gate, note.patient_id, note.category_id, note.event_at, note.stay_id, document_type=note.document_type_id or "", origin=note.id
    )
    NoteVersion(
        **columns, document_type_id=note.document_type_id, origin_id=note.id, note=note, number=number, title=note.title,
        content=dict(content), state=state.value, reason=reason,
    ).save(force_insert=True)  # fmt: skip


def _check_writes(gate: Gate, document_type: DocumentType) -> None:
    check_may(gate, Action.WRITE, document_type.category_id)
    if gate.role["code"] not in document_type.written_by:
        raise PermissionDenied(_("Rollen du har nå, skriver ikke denne typen notat. Forsøket er logget."))


def _facts(note: Note, content: Mapping[str, str] | None = None) -> signing.NoteFacts:
    required = tuple(s["key"] for s in sections_of(note) if s.get("required"))
    return signing.NoteFacts(State(note.state), note.content if content is None else content, required, note.needs_cosign)


def _check_values(note: Note, content: Mapping[str, str]) -> None:
    """Numbers within their limits, choices that there are, dates that exist: asked for when it is signed, as what is required."""
    sections = {section["key"]: section for section in sections_of(note)}
    wrong = wrong_values(sections.values(), content)
    if wrong:
        fields = {f"section.{key}": _(WRONG[code]) % _limits(sections[key]) for key, code in wrong.items()}
        raise JournalError("values", _("Noe i notatet kan ikke stemme. Rett det, så kan du signere. Kladden er lagret."), fields)


def _limits(section: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(section.get(name, "")).replace(".", ",") for name in ("min", "max", "decimals")} | {"unit": section.get("unit", "")}


def _actor(gate: Gate, note: Note) -> signing.Actor:
    signs = gate.may(Action.SIGN, note.category_id)
    own = note.author_id == gate.user_id
    return signing.Actor(own, gate.role["may_chart"], signs, signs and not gate.role["needs_cosign"], not own and takes_over(gate, note))


def takes_over(gate: Gate, note: Note) -> bool:
    """Whether this is an unsigned note by one who can no longer act in its unit, which a colleague with full right to sign goes on with."""
    return note.state == State.CONFIRMED and gate.role["may_chart"] and not gate.role["needs_cosign"] and bool(call("author_left", note.pk))


def _refuse_unless(decision: signing.Decision) -> None:
    if decision.allowed:
        return
    if decision.reason in NOT_YOURS:
        raise PermissionDenied(_(NOT_YOURS[decision.reason]))
    fields = {f"section.{key}": _("Må fylles ut før notatet kan signeres.") for key in decision.sections}
    if decision.reason is Reason.REASON_MISSING:
        fields = {"reason": _("Skriv kort hvorfor notatet rettes.")}
    raise JournalError(decision.reason.value, _(REFUSALS[decision.reason]), fields)
