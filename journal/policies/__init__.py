"""Row security of the record's tables, and the functions that open measures from stays, services and tasks."""

from collections.abc import Iterable
from pathlib import Path

from access.policies.entries import policies

FOLDER = Path(__file__).parent

NOTE_COLUMNS = (
    "title", "content", "state", "event_at", "stay_id", "version", "lock_version", "correction_reason", "confirmed_at",
    "signed_by_id", "signed_at", "corrected_at", "cosigned_by_id", "cosigned_at",
)  # fmt: skip
STAY_COLUMNS = (
    "ward_id", "bed_id", "status", "cause", "referrer", "responsible_nurse_id", "responsible_doctor_id", "expected_at", "admitted_at",
    "discharge_ready_at", "planned_discharge_at", "discharged_at", "destination", "owed", "lock_version",
)  # fmt: skip
MEDICATION_COLUMNS = (
    "dose", "route", "frequency", "as_needed", "indication", "source", "warning", "started_on", "stopped_at", "lock_version",
)  # fmt: skip

# Table → columns the application may change. None of them says whose the row is, who charted it or of which kind it is.
ENTRY_TABLES: dict[str, tuple[str, ...]] = {
    "journal_stay": STAY_COLUMNS,
    "journal_note": NOTE_COLUMNS,
    "journal_noteversion": (),
    "journal_task": ("done_at", "done_by_id", "outcome", "cancelled_at", "due_at", "for_unit_id", "for_user_id", "lock_version"),
    "journal_criticalinfo": ("reaction", "year", "certainty", "ended_at", "lock_version"),
    "journal_criticalinfostatus": (),
    "journal_diagnosis": ("icpc2", "icd10", "text", "active", "main", "lock_version"),
    "journal_medication": MEDICATION_COLUMNS,
    "journal_nextofkin": ("name", "relation", "phone", "nearest", "ended_at", "lock_version"),
    "journal_servicedecision": ("text", "ends_at", "primary_contact_id", "lock_version"),
    "journal_visit": ("assigned_to_id", "planned_at", "chores", "status", "started_at", "done_at", "done_by_id", "remark", "lock_version"),
    "journal_vitalset": ("struck_at", "struck_by_id", "struck_reason"),
    "journal_oxygenscale": (),
}
# Tables that came after the first migration of policies.
LATER_TABLES: dict[str, tuple[str, ...]] = {"journal_staydecision": ()}
STRUCK = ("struck_at", "struck_by_id", "struck_reason")
CURVE_TABLES: dict[str, tuple[str, ...]] = {
    "journal_observation": STRUCK,
    "journal_medorder": ("signed_by_id", "signed_at", "stopped_by_id", "stopped_at", "stop_reason", "lock_version"),
    "journal_meddose": STRUCK,
    "journal_dosecontrol": (),
    "journal_medreconciliation": (),
}
CLAIM_TABLES: dict[str, tuple[str, ...]] = {"journal_recordclaim": ()}
PLAN_TABLES: dict[str, tuple[str, ...]] = {
    "journal_planproblem": ("problem", "goal", "goal_by", "ended_at", "ended_by_id", "outcome", "lock_version"),
    "journal_planaction": ("ended_at", "ended_by_id", "end_reason", "lock_version"),
    "journal_planevaluation": (),
}
FILE_TABLES: dict[str, tuple[str, ...]] = {"journal_attachment": STRUCK}
WOUND_TABLES: dict[str, tuple[str, ...]] = {
    "journal_wound": ("healed_on", "healed_by_id", "lock_version", *STRUCK),
    "journal_woundassessment": STRUCK,
}
WARD_TABLES: dict[str, tuple[str, ...]] = {
    "journal_isolation": ("ended_at", "ended_by_id", "end_reason", "lock_version"),
    "journal_placement": (),
    "journal_dischargecheck": (),
}
CHECKLIST_TABLES: dict[str, tuple[str, ...]] = {
    "journal_checklistrun": ("points", "finished_at", "finished_by_id", *STRUCK, "lock_version"),
}


def entry_policies(tables: dict[str, tuple[str, ...]] = ENTRY_TABLES) -> str:
    """SQL that puts every table of the record under the rule."""
    return "\n".join(policies(table, update=columns, draft=table == "journal_note") for table, columns in tables.items())


def integrity(tables: Iterable[str] = ENTRY_TABLES) -> str:
    """A row's stay is its patient's, and its category is its document type's: the labels the rule reads cannot lie."""
    statements = []
    if "journal_stay" in tables:
        statements.append("ALTER TABLE journal_stay ADD CONSTRAINT stay_of_patient UNIQUE (id, patient_id);")
    for table in tables:
        if table != "journal_stay":
            statements.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_stay_is_the_patients "
                "FOREIGN KEY (stay_id, patient_id) REFERENCES journal_stay (id, patient_id) DEFERRABLE INITIALLY IMMEDIATE;"
            )
        statements.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_type_fits_category "
            "FOREIGN KEY (document_type_id, category) REFERENCES access_documenttype (code, category_id);"
        )
    return "\n".join(statements)


# An order goes on with a medicine, a plan's action belongs to its problem and an assessment to its wound: what hides one hides the others, so they
# are links of one chain (`gate.chain_of`). Images of an assessment name it as their origin, and are hidden with it by that.
CHAINED_AS = {"journal_medorder": "medication"} | dict.fromkeys(PLAN_TABLES, "plan") | dict.fromkeys(WOUND_TABLES, "wound")


def outline() -> str:
    """`gate.entries_of`: every row of a patient's record as the rule knows it, without a word of what it says. Owner's functions only."""
    parts = map(_outlined, (*ENTRY_TABLES, *LATER_TABLES))
    return f"""
CREATE FUNCTION gate.entries_of(p_patient uuid) RETURNS TABLE (
    kind text, entry_id uuid, category int, document_type text, stay_id uuid, origin_id uuid, unit_id uuid, entity_id uuid, event_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
{" UNION ALL ".join(parts)}
$$;"""


def outline_adds(tables: Iterable[str]) -> str:
    """Adds tables to `gate.entries_of` as it then stands, so that what they hold can be blocked and told of, in whatever order apps come."""
    more = "".join(f" UNION ALL {_outlined(table)}" for table in tables).replace("'", "''")
    return f"""
DO $do$
DECLARE
    stands text := pg_get_functiondef('gate.entries_of(uuid)'::regprocedure);
BEGIN
    EXECUTE regexp_replace(stands, '\\s*\\$function\\$\\s*$', '{more}') || E'\\n$function$';
    -- What follows a merge is guarded (journal/policies/merging.sql), also in tables that come later.
    IF to_regprocedure('gate.guard_patient_tables()') IS NOT NULL AND to_regprocedure('gate.record_tables()') IS NOT NULL THEN
        PERFORM gate.guard_patient_tables();
    END IF;
END $do$;"""


def _outlined(table: str) -> str:
    return (
        f"SELECT '{CHAINED_AS.get(table, table.partition('_')[2])}'::text, id, category::int, document_type_id::text, "
        f"{'id' if table == 'journal_stay' else 'stay_id'}, origin_id, unit_id, legal_entity_id, event_at "
        f"FROM public.{table} WHERE patient_id = p_patient{' AND state <> $d$DRAFT$d$' if table == 'journal_note' else ''}"
    )


def record_sql() -> str:
    return load("record")


def load(name: str) -> str:
    """The text of one SQL file."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
