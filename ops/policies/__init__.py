"""The rosters in the database: what must never break, who may see and change, and the functions everything is changed through."""

from pathlib import Path


def load(name: str, folder: Path = Path(__file__).parent) -> str:
    """The text of one SQL file."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8")
