"""What a request has loaded from the record, so that the gate can log what was shown (R26)."""

from collections import defaultdict
from contextvars import ContextVar
from typing import Any

_shown: ContextVar["Shown | None"] = ContextVar("shown", default=None)


class Shown:
    """Rows loaded in one request, per patient: {patient: {table: {ids}}}, and their categories."""

    def __init__(self) -> None:
        self.rows: dict[Any, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.categories: dict[Any, set[int]] = defaultdict(set)

    def as_json(self) -> list[dict[str, Any]]:
        """One item per patient, as ``gate.leave`` takes it."""
        return [
            {
                "patient": str(patient),
                "objects": {table: sorted(ids) for table, ids in tables.items()},
                "categories": sorted(self.categories[patient]),
            }
            for patient, tables in self.rows.items()
        ]


def start_shown() -> Any:
    return _shown.set(Shown())


def stop_shown(token: Any) -> None:
    _shown.reset(token)


def current_shown() -> "Shown | None":
    return _shown.get()


def note_shown(row: Any) -> None:
    """Called for every row of the record that the ORM builds; outside a request it does nothing."""
    shown = _shown.get()
    fields = row.__dict__
    patient = fields.get("patient_id")
    if shown is None or patient is None:
        return
    shown.rows[patient][row._meta.model_name].add(str(row.pk))
    if (category := fields.get("category_id")) is not None:
        shown.categories[patient].add(category)
