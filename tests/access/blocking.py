"""What tests of blocks share: a block set by somebody, what somebody reads, and how the gate refuses."""

from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from access import gate as gates
from access.services.blocks import WishOf, blocks_set
from journal.models import Note

ADMIN, HOME, NURSE, DOCTOR = "tilgang.admin", "aas.hjemmesykepleier", "lms.sykepleier", "lms.lege"
PATIENT = WishOf("Pasienten selv")


def refused(function: str, *arguments: Any) -> str:
    """Code of the error of one of the gate's functions; '' when it let the act through (taken back)."""
    try:
        with transaction.atomic():
            gates.call(function, *arguments)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


def set_block(open_gate: Any, user: str, patient: UUID, *wishes: Any, **more: Any) -> UUID:
    with open_gate(user, patient=patient) as gate:
        return blocks_set(gate=gate, patient=patient, wishes=wishes, wish_of=WishOf("Pasienten selv", **more))


def readable(open_gate: Any, user: str, patient: UUID) -> set[UUID]:
    with open_gate(user, patient=patient):
        return set(Note.objects.filter(patient_id=patient).values_list("id", flat=True))
