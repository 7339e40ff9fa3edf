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


def outline() -> str:
    """Adds these tables to `gate.entries_of`, so that they too can be blocked and told of.

    The function is taken as it stands: apps beside this one add theirs to it as well.
    """
    more = "".join(
        f" UNION ALL SELECT ''{table.removeprefix('telemed_')}''::text, id, category::int, document_type_id::text, stay_id, origin_id, unit_id, "
        f"legal_entity_id, event_at FROM public.{table} WHERE patient_id = p_patient"
        for table in ENTRY_TABLES
    )
    return f"""
DO $do$
DECLARE
    stands text := pg_get_functiondef('gate.entries_of(uuid)'::regprocedure);
BEGIN
    EXECUTE regexp_replace(stands, '\\s*\\$function\\$\\s*$', '{more}') || E'\\n$function$';
END $do$;"""


def load(name: str) -> str:
    """The text of one SQL file."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
