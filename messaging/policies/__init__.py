"""Row security of the messages, and the functions that the engine and the tray act through."""

from pathlib import Path

from access.policies.entries import policies

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


def load(name: str) -> str:
    """The text of one SQL file."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
