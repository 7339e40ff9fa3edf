"""Where people meet: one interface for whatever carries sound and picture. The room's name means nothing, and a token lets one in for minutes."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from telemed.video.local import LocalRoom


class VideoProvider(Protocol):
    """What carries the meeting. It is told a room without meaning, a name to show, and a signed token; never a patient."""

    name: str

    def join_address(self, room: str, token: str) -> str:
        """Where the browser goes to take part."""
        ...


PROVIDERS: dict[str, Callable[[], VideoProvider]] = {"local": LocalRoom}


def provider() -> VideoProvider | None:
    """The installation's carrier; None where none is set up, and the pages say so."""
    make = PROVIDERS.get(settings.EPJ_VIDEO)
    return make() if make else None
