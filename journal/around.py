"""What apps above the record put on its pages. Each registers here when it is loaded, so that the record need not know of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from access.gate import Gate
from journal.models import Note, Stay, Wound

# (gate, patient, the open stay) → {template, …} for a line above every page of the patient, or None.
Notice = Callable[[Gate, UUID, Stay | None], dict[str, Any] | None]
# (stay, owed messages) → the same, with ``sent_at`` where one has been sent, and ``url`` to write it where the reader may.
Sent = Callable[[Gate, Stay, Sequence[dict[str, Any]]], list[dict[str, Any]]]

# (gate, the stay, note or wound) → {template, …} for a panel on its page, or None.
Panel = Callable[[Gate, Stay | Note | Wound], dict[str, Any] | None]

# (gate) → what the ward's board shows beside its beds (journal/templates/journal/board.html): `on_call`, `bells`.
Beside = Callable[[Gate], dict[str, Any]]

# (gate, patient) → [{text, url}]: what waits for somebody of the unit, on the patient's summary.
Waiting = Callable[[Gate, UUID], list[dict[str, Any]]]

# (patient, stems of words) → [{title, rows: [{at, text, url}], more_url}]: where else in the record the words stand.
Found = Callable[[UUID, Sequence[str]], list[dict[str, Any]]]

# (title, category, (gate, patient, what was asked for) → blocks) for a chapter of a printed record (journal/selectors/paper/record.py).
Chapter = tuple[str, Any, Callable[[Gate, UUID, Any], Iterator[dict[str, Any]]]]

BESIDE: list[Beside] = []
FOUND: list[Found] = []
NOTICES: list[Notice] = []
PANELS: list[Panel] = []
PRINTED: list[Chapter] = []
SENT: list[Sent] = []
WAITING: list[Waiting] = []


def beside_board(gate: Gate) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for make in BESIDE:
        shown |= make(gate)
    return shown


def notices(gate: Gate, patient: UUID, stay: Stay | None) -> list[dict[str, Any]]:
    return [one for make in NOTICES if (one := make(gate, patient, stay))]


def panels(gate: Gate, row: Stay | Note | Wound) -> list[dict[str, Any]]:
    return [one for make in PANELS if (one := make(gate, row))]


def waiting(gate: Gate, patient: UUID) -> list[dict[str, Any]]:
    return [one for find in WAITING for one in find(gate, patient)]


def found(patient: UUID, stems: Sequence[str]) -> list[dict[str, Any]]:
    return [group for find in FOUND for group in find(patient, stems)]


def with_sent(gate: Gate, stay: Stay, owed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The owed messages as they stand now: what was sent since they were written down is not owed any longer."""
    rows = list(owed)
    for fill in SENT:
        rows = fill(gate, stay, rows)
    return rows
