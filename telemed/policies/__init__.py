"""Row security of bookings and sessions, and the functions behind their lists."""

from pathlib import Path

from access.policies.entries import policies
from journal.policies import integrity

FOLDER = Path(__file__).parent
PATIENT_COLUMNS = (
    "aim", "at_home", "event_at", "stay_id", "sheet_sent_at", "informed_at", "informed_by_id", "note_id", "decision_id", "saved_km", "saved_escort_hours",
    "cancel_remark", "lock_version",
)  # fmt: skip
# Table → columns the application may change: rows of the record, under its rule.
ENTRY_TABLES = {
    "telemed_bookingpatient": PATIENT_COLUMNS,
    "telemed_waitingentry": ("urgent", "booking_id", "ended_at", "ended_reason", "lock_version"),
}


def entry_policies() -> str:
    """Whose a booking is, and who waits, are rows of the record like any other."""
    return "\n".join([*(policies(table, update=columns) for table, columns in ENTRY_TABLES.items()), integrity(ENTRY_TABLES)])


def question_policies() -> str:
    """A question is read under the record's rule; it is asked, answered and closed by the gate's functions."""
    return "\n".join([policies("telemed_specialistquestion", insert=False), integrity(["telemed_specialistquestion"])])


def load(name: str) -> str:
    """The text of one SQL file."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
