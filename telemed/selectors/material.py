"""What of the record can be put before a specialist, and what has been."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.domain.decide import decide
from access.domain.facts import Row
from access.gate import Gate, rows
from access.models import DocumentType
from journal.domain.observations import MEASURES, Kind
from journal.models import Attachment, CriticalInfo, Diagnosis, Entry, Medication, MedOrder, Note, Observation, VitalSet, WoundAssessment
from journal.selectors.wounds import measures_text
from lms_epj.core.formatting import format_date, format_decimal
from telemed.models import BookingPatient, Participant, SharedItem

NOTES, SETS, OBSERVATIONS, IMAGES = 12, 4, 8, 12


def may_send(gate: Gate, row: Entry) -> bool:
    """Whether the rule lets the acting person send this very entry; the database asks again."""
    if gate.known is None:
        return False
    about = Row(
        patient=row.patient_id, category=row.category_id, document_type=row.document_type_id or "", stay=row.stay_id, entry=row.pk, origin=row.origin_id,
        unit=row.unit_id, entity=row.legal_entity_id, event_at=row.event_at, author=row.author_id,
    )  # fmt: skip
    return bool(decide(gate.known, Action.SEND, about))


def material(gate: Gate, part: BookingPatient) -> dict[str, Any]:
    """{shared: [item], groups: [{label, items: [{id, text, at}]}]}: what is shown, and what the acting person could show."""
    shared = {one.origin_id: one for one in SharedItem.objects.filter(booking=part.booking_id, ended_at=None)}
    found: list[tuple[str, list[Entry]]] = [
        (_("Notater"), list(Note.objects.filter(patient=part.patient_id).exclude(state="DRAFT").order_by("-event_at")[:NOTES])),
        (_("Målinger"), list(VitalSet.objects.filter(patient=part.patient_id, struck_at=None).order_by("-event_at")[:SETS])),
        (
            _("Bilder"),
            list(
                Attachment.objects.filter(patient=part.patient_id, struck_at=None, media_type=Attachment.MediaType.JPEG).order_by("-event_at")[
                    :IMAGES
                ]
            ),
        ),
        (_("Sårvurderinger"), list(WoundAssessment.objects.filter(patient=part.patient_id, struck_at=None).order_by("-event_at")[:SETS])),
        (
            _("Andre målinger"),
            list(Observation.objects.filter(patient=part.patient_id, struck_at=None, value__isnull=False).order_by("-event_at")[:OBSERVATIONS]),
        ),
        (
            _("Forordninger"),
            list(
                MedOrder.objects.filter(patient=part.patient_id, signed_at__isnull=False, stopped_at=None)
                .exclude(ends_at__lt=gate.now)
                .order_by("generic")
            ),
        ),
        (_("Legemidler i bruk"), list(Medication.objects.filter(patient=part.patient_id, stopped_at=None).order_by("generic"))),
        (_("Kritisk informasjon"), list(CriticalInfo.objects.filter(patient=part.patient_id, ended_at=None))),
        (_("Diagnoser"), list(Diagnosis.objects.filter(patient=part.patient_id, active=True))),
    ]
    groups, shown = [], []
    for label, entries in found:
        items = []
        for row in entries:
            line = {"id": row.pk, "text": _words(row), "at": row.event_at}
            if row.pk in shared:
                shown.append(line | {"item": shared[row.pk].pk, "label": label})
            elif may_send(gate, row):
                items.append(line)
        if items:
            groups.append({"label": label, "items": items})
    return {"shared": shown, "groups": groups}


def _words(row: Entry) -> str:
    match row:
        case Note():
            return row.title
        case VitalSet():
            return _("NEWS2 %(n)s") % {"n": row.news2_total} if row.news2_total is not None else _("Målinger")
        case Attachment():
            return row.title
        case WoundAssessment():
            return measures_text(row) or format_date(row.event_at)
        case Observation():
            return f"{row.get_kind_display()} {format_decimal(row.value, MEASURES[Kind(row.kind)].places)} {MEASURES[Kind(row.kind)].unit}"
        case MedOrder():
            return " ".join(filter(None, (row.generic, row.strength, f"{row.dose.normalize():f}".replace(".", ","), row.unit_text)))
        case Medication():
            return f"{row.generic} {row.dose}".strip()
        case CriticalInfo():
            return row.substance
        case Diagnosis():
            return row.text
    return ""


def guests(booking: UUID) -> list[dict[str, Any]]:
    """Those from outside: whether they have a link, stand at the door, or are in."""
    links = {one["participant_id"]: one for one in rows("guests_of", booking)}
    people = Participant.objects.filter(booking=booking, part__withdrawn_at=None).exclude(kind=Participant.Kind.STAFF).order_by("name")
    return [{"id": one.pk, "name": one.name, "organisation": one.organisation, "kind": one.kind, **_standing(links.get(one.pk))} for one in people]


def _standing(link: dict[str, Any] | None) -> dict[str, Any]:
    if link is None:
        return {"state": "none", "text": _("Har ingen lenke")}
    if link["ended_at"]:
        return {"state": "out", "text": _("Er vist ut")}
    if link["admitted_at"]:
        return {"state": "in", "text": _("Er sluppet inn")}
    if link["knocked_at"]:
        return {"state": "door", "text": _("Venter på å slippe inn")}
    return {"state": "link", "text": _("Har fått lenke")}


def outcome_types(gate: Gate) -> DocumentType | None:
    """The kind of note the acting role writes of a session."""
    return DocumentType.objects.filter(code__startswith="video_", written_by__contains=[gate.role["code"]]).first()
