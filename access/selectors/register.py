"""The register's question: who held which role where on a date."""

from datetime import date
from typing import Any

from access.gate import rows
from lms_epj.core.clock import end_of_day, start_of_day
from lms_epj.core.folding import sort_key


def authorisations_on(day: date) -> list[dict[str, Any]]:
    """Those that held at noon of the day (Oslo), in Norwegian order of names. For administrators of access only; others get an error."""
    noon = start_of_day(day) + (end_of_day(day) - start_of_day(day)) / 2
    return sorted(rows("register_on", noon), key=lambda row: (sort_key(f"{row['family_name']} {row['given_name']}"), row["unit_name"]))
