"""Demands about notes as pages show them: of one patient, for the custodian, and what one who has read is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call, rows
from access.models import DocumentType, LegalGround
from journal.models import Note, RecordClaim
from journal.selectors.frame import patients_among
from journal.selectors.templates import template
from journal.selectors.timeline import section_label
from lms_epj.core.formatting import format_list_name

KINDS, STATES, WISHES, GROUNDS = (dict(one.choices) for one in (RecordClaim.Kind, RecordClaim.State, RecordClaim.WishOf, RecordClaim.Ground))
LAW = {"correction": "record-correction", "deletion": "record-deletion", "wrong_patient": "record-wrong-patient"}
TOLD = {
    "correction": gettext_noop("Et notat du har lest eller skrevet, er rettet."),
    "deletion": gettext_noop("Et notat du har lest eller skrevet, er slettet etter vedtak. Bygg ikke på det du leste."),
    "wrong_patient": gettext_noop("Et notat du har lest eller skrevet, sto på feil pasient og er tatt bort herfra. Bygg ikke på det du leste."),
}
COPIES = {
    "message": gettext_noop("Melding sendt til %(to)s"), "queued": gettext_noop("Melding til %(to)s, ikke sendt: holdes tilbake"),
    "export": gettext_noop("Uttrekk til %(to)s"),
}  # fmt: skip


def claim_row(claim: RecordClaim) -> dict[str, Any]:
    """One demand in words. What was deleted is told of by kind, day and decision alone."""
    return {
        "id": claim.pk, "url": reverse("claim", args=[claim.patient_id, claim.pk]), "kind": KINDS[claim.kind], "state": claim.state, "state_text": STATES[claim.state],
        "wish": WISHES[claim.wish_of], "text": claim.text, "recorded_at": claim.recorded_at, "author": claim.author.get_full_name(), "unit": claim.unit.name,
        "document": str(claim.document_type or ""), "event_at": claim.event_at, "decided_at": claim.decided_at,
        "decided_by": claim.decided_by.get_full_name() if claim.decided_by else "", "decision": claim.decision, "told": claim.told, "heard": claim.heard,
        "ground": GROUNDS.get(claim.ground, ""), "erased_at": claim.erased_at, "moved": bool(claim.moved_to), "copies": copies(claim.copies),
        "law": law(claim.kind),
    }  # fmt: skip


def claims_of(patient: UUID) -> list[dict[str, Any]]:
    """Of one patient, as far as this reader could see the notes they are about; the newest first."""
    found = (
        RecordClaim.objects.filter(patient=patient).select_related("author", "unit", "document_type", "decided_by").order_by("-recorded_at", "-pk")
    )
    return [claim_row(claim) for claim in found[:200]]


def law(kind: str) -> str:
    """What the act rests on, as the administrator has written it; empty when it is no longer in use."""
    ground = LegalGround.objects.filter(code=LAW[kind], in_use=True).first()
    return str(ground) if ground else ""


def complaint() -> str:
    ground = LegalGround.objects.filter(code="record-complaint", in_use=True).first()
    return str(ground) if ground else _("Klage til statsforvalteren")


def copies(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """[{text, at}] of what had left the record."""
    return [
        {"text": _(COPIES[one["kind"]]) % {"to": one["to"]}, "at": datetime.fromisoformat(one["at"]) if one["at"] else None}
        for one in found if one["kind"] in COPIES
    ]  # fmt: skip


def custodian_claims(gate: Gate, *, waiting: bool) -> list[dict[str, Any]]:
    """The custodian's demands to delete, and notes on the wrong patient. Their patients are logged."""
    return [row | {"kind_text": KINDS[row["kind"]], "state_text": STATES[row["state"]], "wish": WISHES[row["wish_of"]]}
            for row in rows("claims", waiting, gate.request.as_json())]  # fmt: skip


def custodian_claim(gate: Gate, claim: UUID) -> dict[str, Any] | None:
    """One demand with the note it is about, or None for what is not this custodian's. Logged on the patient."""
    found = call("claim_read", claim, gate.request.as_json())
    if found is None:
        return None
    for name in ("recorded_at", "decided_at", "erased_at"):
        found[name] = datetime.fromisoformat(found[name]) if found[name] else None
    note = found["note"]
    if note:
        note["event_at"] = datetime.fromisoformat(note["event_at"])
        note["sections"] = _sections(note)
    return found | {
        "kind_text": KINDS[found["kind"]], "state_text": STATES[found["state"]], "wish": WISHES[found["wish_of"]], "ground_text": GROUNDS.get(found["ground"], ""),
        "law": law(found["kind"]), "copies_now": copies(found["copies_now"]), "copies": copies(found["copies"]),
    }  # fmt: skip


def _sections(note: dict[str, Any]) -> list[tuple[str, str]]:
    kind = DocumentType.objects.filter(code=note["document_type"]).first()
    labels = {section["key"]: section_label(section) for section in template(kind, note["template_version"])} if kind else {}
    return [(labels.get(key, key), text) for key, text in note["content"].items() if text.strip()]


def notices(gate: Gate) -> list[dict[str, Any]]:
    """What one who has read notes is told about them. A correction of a note that one can no longer read is not told of."""
    found = rows("my_notices")
    ids = gate.disclose(list(dict.fromkeys(row["patient_id"] for row in found)))
    names = {patient.pk: format_list_name(patient.family_name, patient.given_name) for patient in patients_among(ids)} if ids else {}
    corrected = [row["note_id"] for row in found if row["what"] == "correction"]
    readable = set(Note.objects.filter(pk__in=corrected).values_list("pk", flat=True)) if corrected else set()
    return [
        {"id": row["notice_id"], "name": names.get(row["patient_id"], ""), "text": _(TOLD[row["what"]]), "read_at": row["read_at"], "made_at": row["made_at"],
         "url": f"{reverse('note', args=[row['patient_id'], row['note_id']])}#versjoner" if row["what"] == "correction" else ""}
        for row in found if row["what"] != "correction" or row["note_id"] in readable
    ]  # fmt: skip
