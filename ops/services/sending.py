"""One message by every address that one has; what could not be handed over is said, and told by the caller."""

import logging

from lms_epj.core.notices import NoticeFault
from ops.channels import channels

log = logging.getLogger(__name__)


def by_every_address(key: str, phone: str | None, email: str | None, subject: str, text: str) -> list[dict[str, str]]:
    """[{channel, address, text, error}] as gate.step_told takes them. ``key``: by which the receiver's end knows a repetition."""
    sent = []
    for channel, address in (("sms", phone), ("mailto", email)):
        if address:
            error = ""
            try:
                channels()[channel](f"{key}-{channel}", address, subject, text)
            except NoticeFault as fault:
                error = str(fault)[:200]
                log.error("a message could not be sent by %s: %s", channel, error)
            sent.append({"channel": channel, "address": address, "text": text, "error": error})
    return sent
