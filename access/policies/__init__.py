"""The access rule as SQL. Files are loaded by migrations, in the order of FILES; entries.py writes one policy for every table of the record."""

from pathlib import Path

FILES = ("ground", "rule", "enter", "facts", "session", "search", "measures", "tables")


def load(name: str, folder: Path = Path(__file__).parent) -> str:
    """The text of one SQL file."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")
