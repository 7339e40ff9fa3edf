"""What every new row of the record gets from the open gate, and the checks that come before it."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Action
from access.domain.decide import decide
from access.domain.facts import Row
from access.gate import Gate
from journal.models import Entry, Placement, Stay
from journal.services.errors import Conflict, JournalError

AnEntry = TypeVar("AnEntry", bound=Entry)
NOT_HERE = gettext_noop("Du kan ikke føre dette for pasienten i rollen du har nå. Forsøket er logget.")


def entry_columns(
    gate: Gate, patient: UUID, category: int, event_at: datetime | None = None, stay_id: UUID | None = None, *,
    document_type: str = "", origin: UUID | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The columns of an Entry: who charts, where, of which kind, when it happened and when it is written.

    ``document_type`` and ``origin`` are for the check alone: the new row must not fall under a block or outside a narrow access.
    Raises PermissionDenied, where the database would refuse the row without words.
    """
    row = Row(
        patient=patient, category=int(category), document_type=document_type, stay=stay_id, entry=uuid4(), origin=origin, unit=gate.unit_id,
        entity=gate.legal_entity_id, event_at=event_at or gate.now, author=gate.user_id,
    )  # fmt: skip
    if gate.known is not None and gate.known.patient == patient and not decide(gate.known, Action.WRITE, row):
        raise PermissionDenied(_(NOT_HERE))
    return {
        "patient_id": patient, "category_id": int(category), "unit_id": gate.unit_id, "legal_entity_id": gate.legal_entity_id,
        "author_id": gate.user_id, "event_at": event_at or gate.now, "recorded_at": gate.now, "stay_id": stay_id,
    }  # fmt: skip


def stay_of_unit(gate: Gate, patient: UUID) -> UUID | None:
    """The stay that what is charted here and now belongs to: the one on the acting unit's ward. A ward that the patient has left, for another ward or
    for home, writes what it still has to write in the stay it had the patient in."""
    present = Stay.objects.filter(patient_id=patient, ward_id=gate.unit_id, status__in=[*Stay.PRESENT, Stay.Status.EXPECTED])
    found = present.values_list("id", flat=True).first()
    measure = gate.decision.measure if gate.decision else None
    if found is None and measure is not None and measure.template.code == "ADMITTED" and measure.unit == gate.unit_id:
        here = Q(ward_id=gate.unit_id) | Q(pk__in=Placement.objects.filter(patient_id=patient, ward_id=gate.unit_id).values("stay_id"))
        had = Stay.objects.filter(here, patient_id=patient, admitted_at__isnull=False).order_by("-admitted_at")
        found = had.values_list("id", flat=True).first()
    return found


def check_may(gate: Gate, action: Action, category: int) -> None:
    """Refuses in words what row security would refuse without any."""
    if not gate.may(action, category):
        raise PermissionDenied(_(NOT_HERE))


def check_event_at(gate: Gate, event_at: datetime) -> None:
    """What is charted has happened: a time ahead is a slip of the keyboard."""
    if event_at > gate.now:
        raise JournalError("future", _("Tidspunktet er fram i tid. Sjekk klokkeslettet."), {"event_at": _("Fram i tid. Sjekk klokkeslettet.")})


def change(row: AnEntry, *, lock_version: int, **values: Any) -> AnEntry:
    """Changes a row that nobody has changed since ``lock_version`` was read.

    Raises Conflict with the row as it now stands.
    """
    kept = type(row)._default_manager.filter(pk=row.pk, lock_version=lock_version)
    if not kept.update(lock_version=lock_version + 1, **values):
        theirs = type(row)._default_manager.filter(pk=row.pk).first()
        raise Conflict(_("Noen andre endret dette mens du arbeidet. Ingenting er lagret. Se hva som står nå, og prøv igjen."), theirs)
    row.refresh_from_db()
    return row
