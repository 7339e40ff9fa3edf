"""«Sperringer å vurdere»: blocks of the unit's patients that no doctor has looked at yet."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from access.gate import Gate, rows
from access.selectors.patients import patient_rows
from access.views.common import url


def is_doctor(gate: Gate) -> bool:
    return bool(gate.role["may_chart"]) and gate.role["required_profession"] == "doctor"


def blocks_to_assess(request: HttpRequest) -> HttpResponse:
    """Each patient is disclosed, and logged, before the name is shown."""
    if not is_doctor(request.gate):
        raise Http404
    waiting = rows("blocks_to_assess")
    shown = request.gate.disclose(list(dict.fromkeys(row["patient_id"] for row in waiting)))
    patients = {row["id"]: row for row in patient_rows(shown)}
    listed = [_line(row, patients[row["patient_id"]]) for row in waiting if row["patient_id"] in patients]
    return render(request, "access/blocks/to_assess.html", {"waiting": listed})


def _line(row: dict[str, Any], patient: dict[UUID, Any]) -> dict[str, Any]:
    return row | {"patient": patient, "url": url("patient_block_assess", row["patient_id"], row["registration_id"]),
                  "patient_url": url("patient", row["patient_id"])}  # fmt: skip
