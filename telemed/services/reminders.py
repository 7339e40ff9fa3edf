"""Reminders on their way out. What is said is that there is a time, and nothing more."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from access.gate import call
from lms_epj.core.formatting import format_moment

AT_ONCE = 50


class Carrier(Protocol):
    """Whatever takes a short text to a person: a message service, a telephone."""

    def send(self, key: str, to: str, text: str) -> None:
        """``key``: the same for the same reminder, so that it can be sent again without being told twice. Raises OSError when it did not go."""
        ...


class Folder:
    """Lays each text in a folder, where another program takes it on; also what the demo shows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, key: str, to: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{key}.json").write_text(json.dumps({"to": to, "text": text}, ensure_ascii=False), encoding="utf-8")


def carrier() -> Carrier | None:
    """None where no way out is set up: then nothing is taken from the outbox."""
    return Folder(Path(settings.EPJ_REMINDER_DIR)) if settings.EPJ_REMINDER_DIR else None


def reminders_send() -> int:
    """Sends what is due. All of a batch is marked as sent only if all of it went; what goes twice has the same key."""
    way = carrier()
    if way is None:
        return 0
    with transaction.atomic():
        due: list[dict[str, Any]] = call("reminders_take", AT_ONCE)
        for one in due:
            if one["to"]:
                way.send(one["id"], one["to"], words(datetime.fromisoformat(one["starts_at"])))
    return len(due)


def words(starts_at: datetime) -> str:
    return f"Du har en avtale {format_moment(starts_at)}. Logg inn, eller bruk lenken du har fått."
