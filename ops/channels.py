"""How a page leaves: e-mail, a text message through a gateway, or the demo's own mailbox. Each says that it could not be handed over, never silently not."""

import json
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.mail import EmailMessage

Send = Callable[[str, str, str, str], None]
SECONDS = 10


class NoticeFault(Exception):
    """It could not be handed over now; the text says why, without what was written."""


def by_mail(key: str, address: str, subject: str, text: str) -> None:
    """``key`` becomes the Message-ID, so that one sent twice is known by the receiver."""
    headers = {"Message-ID": f"<{key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"}
    try:
        EmailMessage(subject, text, None, [address], headers=headers).send()
    except (OSError, smtplib.SMTPException) as error:
        raise NoticeFault(type(error).__name__) from error


def by_text_message(key: str, address: str, subject: str, text: str) -> None:
    """One POST of JSON {to, text, reference} to the gateway; ``key`` is the reference it knows a repetition by."""
    if not settings.EPJ_SMS_URL:
        raise NoticeFault("EPJ_SMS_URL is not set")
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.EPJ_SMS_TOKEN}", "Idempotency-Key": key}
    body = json.dumps({"to": address, "text": text, "reference": key}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(settings.EPJ_SMS_URL, body, headers), timeout=SECONDS) as answer:  # noqa: S310 - the installation's own address
            if answer.status >= 300:
                raise NoticeFault(f"status {answer.status}")
    except (OSError, ValueError) as error:
        raise NoticeFault(type(error).__name__) from error


def by_mailbox(key: str, address: str, subject: str, text: str) -> None:
    """Nothing leaves: what would have gone out stands in the notice itself, and the demo shows it."""


def channels() -> Mapping[str, Send]:
    """The channels of this installation by the kind of address."""
    if settings.EPJ_DEMO:
        return {"sms": by_mailbox, "mailto": by_mailbox}
    return {"sms": by_text_message, "mailto": by_mail}
