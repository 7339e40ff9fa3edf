"""Row security of the messages, and the functions that the engine and the tray act through."""

from pathlib import Path

from access.policies.entries import policies
from journal.policies import outline

FOLDER = Path(__file__).parent
TABLE = "messaging_message"


def message_policies() -> str:
    """A filed message is read by the rule of every entry; nobody inserts or changes one but through the gate's functions."""
    return policies(TABLE, insert=False)


def exchange_policies() -> str:
    """A refusal is registered and withdrawn as any entry; the gap is kept by the database and only read."""
    return "\n".join((
        policies("messaging_exchangerefusal", update=("ended_at", "ended_by_id")), policies("messaging_informationgap", insert=False),
    ))  # fmt: skip


def result_policies() -> str:
    """Results are read as the message they came in, and written by its filing alone."""
    return policies("messaging_labresult", insert=False)


def outline_with_messages(told: str = "") -> str:
    """`gate.entries_of` with the messages in it, so that they too can be blocked and told of. ``told``: the record's own outline, where it
    has grown since."""
    told = (told or outline()).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    body, end, tail = told.rpartition("\n$$;")
    return (
        f"{body} UNION ALL SELECT 'message'::text, id, category::int, document_type_id::text, stay_id, origin_id, unit_id, legal_entity_id, event_at "
        f"FROM public.{TABLE} WHERE patient_id = p_patient{end}{tail}"
    )


def load(name: str) -> str:
    """The text of one SQL file."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
