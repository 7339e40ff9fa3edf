"""What is done before a patient leaves: what the data know by themselves, and what a person says."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.codes import Category
from access.gate import Gate
from journal.domain.signing import State
from journal.models import DischargeCheck, Note, Stay
from journal.services.checks import refuse
from journal.services.entries import entry_columns
from journal.services.reconciliation import home_list_missing
from journal.services.stays import require_own_ward, require_status

MEDICINES, LETTER, NURSING = "medicines", "doctor_discharge", "nurse_discharge"
# What nobody but a person knows. A code is stored; the words may change.
SAID: dict[str, str] = {
    "services": gettext_noop("Tjenestene hjemme er informert"), "kin": gettext_noop("Pårørende er informert"),
    "transport": gettext_noop("Transport er bestilt"),
}  # fmt: skip
KNOWN: dict[str, str] = {
    MEDICINES: gettext_noop("Legemiddellisten for hjemmet er klar"), LETTER: gettext_noop("Epikrise er signert"),
    NURSING: gettext_noop("Utskrivingsnotat fra sykepleier er signert"),
}  # fmt: skip
SETTLED = (DischargeCheck.State.DONE, DischargeCheck.State.NOT_NEEDED)


@dataclass(frozen=True)
class Item:
    """One line of the list. ``said``: a person answers for it; ``check``: what was said last."""

    key: str
    label: str
    done: bool
    said: bool
    check: DischargeCheck | None = None


def checklist(stay: Stay) -> list[Item]:
    """What is to be done before this stay ends, without tasks and messages, which the discharge asks for one by one. Four queries."""
    written = written_in(stay)
    ready = home_list_missing(stay.patient_id, stay.admitted_at) == 0
    known = {MEDICINES: ready, LETTER: LETTER in written, NURSING: NURSING in written}
    newest = newest_checks(DischargeCheck.objects.filter(stay=stay.pk).select_related("author").order_by("event_at", "id"))
    return [Item(key, _(label), known[key], said=False) for key, label in KNOWN.items()] + said_items(newest)


def said_items(newest: dict[str, DischargeCheck]) -> list[Item]:
    return [Item(key, _(label), key in newest and newest[key].state in SETTLED, said=True, check=newest.get(key)) for key, label in SAID.items()]


def newest_checks(rows: Iterable[DischargeCheck]) -> dict[str, DischargeCheck]:
    """The last of each item; ``rows`` in order of time. What was taken back is as if never said."""
    found = {row.item: row for row in rows}
    return {key: row for key, row in found.items() if row.state != DischargeCheck.State.UNDONE}


def written_in(stay: Stay) -> set[str]:
    """Which of the discharge notes are signed in this stay."""
    signed = Note.objects.filter(
        patient=stay.patient_id, document_type__in=(LETTER, NURSING), state__in=[State.SIGNED, State.COSIGNED], corrects=None
    )
    return set(signed.filter(event_at__gte=stay.admitted_at or stay.event_at).values_list("document_type_id", flat=True))


def discharge_check(*, gate: Gate, stay: Stay, item: str, state: str, remark: str = "") -> DischargeCheck:
    """Says of one item that it is done, is not called for, or was not done after all; with name and time."""
    require_own_ward(gate, stay)
    require_status(stay, *Stay.PRESENT)
    if item not in SAID or state not in (*SETTLED, DischargeCheck.State.UNDONE):
        raise refuse("missing", _("Velg hva som er gjort."), "item")
    return _said(gate, stay, item, state, remark)


def left_without(*, gate: Gate, stay: Stay, items: Iterable[Item], reason: str) -> None:
    """Writes down what the patient left without, and why."""
    for item in items:
        _said(gate, stay, item.key, DischargeCheck.State.MISSED, reason)


def _said(gate: Gate, stay: Stay, item: str, state: str, remark: str) -> DischargeCheck:
    row = DischargeCheck(**entry_columns(gate, stay.patient_id, Category.LOGISTICS, stay_id=stay.pk), item=item, state=state, remark=remark.strip())
    row.save(force_insert=True)
    return row


def missing(stay: Stay) -> list[Item]:
    return [item for item in checklist(stay) if not item.done]


def label_of(key: str) -> str:
    """The words of an item, also of one that is no longer asked for."""
    return _({**KNOWN, **SAID}.get(key, key))
