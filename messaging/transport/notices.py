"""How an alarm leaves: e-mail, or a file for a gateway of text messages. Both say that it could not be handed over, never silently not."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

Send = Callable[[str, str, str, str], None]


class NoticeFault(Exception):
    """It could not be handed over now; the text says why."""


def by_mail(key: str, address: str, subject: str, text: str) -> None:
    """``key`` becomes the Message-ID, so that one sent twice is known by the receiver."""
    headers = {"Message-ID": f"<{key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"}
    try:
        EmailMessage(subject, text, None, [address], headers=headers).send()
    except OSError as error:  # smtplib's errors are too
        raise NoticeFault(f"{type(error).__name__}: {error}") from error


def by_text_message(key: str, address: str, subject: str, text: str) -> None:
    """A file with the number on its first line, there whole or not at all. The same key is the same file."""
    if not settings.EPJ_ALARM_SMS_DIR:
        raise NoticeFault("EPJ_ALARM_SMS_DIR is not set")
    folder = Path(settings.EPJ_ALARM_SMS_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{key}.part"
        part.write_text(f"{address}\n{text}\n", encoding="utf-8")
        os.replace(part, folder / f"{key}.txt")
    except OSError as error:
        raise NoticeFault(f"{type(error).__name__}: {error.strerror}") from error


CHANNELS: Mapping[str, Send] = {"mailto": by_mail, "sms": by_text_message}
