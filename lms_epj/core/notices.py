"""How an alarm or a page leaves: e-mail, or a text message by a gateway's HTTP or its folder. Each says that it could not be handed over, never silently not."""

import json
import os
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage

Send = Callable[[str, str, str, str], None]
SECONDS = 8


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
    """To the gateway's address where there is one, else into its folder."""
    (by_gateway if settings.EPJ_SMS_URL else into_folder)(key, address, text)


def by_gateway(key: str, address: str, text: str) -> None:
    """One POST of JSON {to, text, reference}; ``key`` is the reference a repetition is known by."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.EPJ_SMS_TOKEN}", "Idempotency-Key": key}
    asked = urllib.request.Request(settings.EPJ_SMS_URL, json.dumps({"to": address, "text": text, "reference": key}).encode(), headers)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS):  # noqa: S310 - the installation's own address
            return
    except (OSError, ValueError) as error:
        raise NoticeFault(f"{type(error).__name__}: {error}") from error


def into_folder(key: str, address: str, text: str) -> None:
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
