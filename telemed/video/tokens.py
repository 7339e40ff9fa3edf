"""The ticket to a room: signed, for one room and one person, and worthless after some minutes."""

from dataclasses import asdict, dataclass

from django.core import signing

SALT = "telemed.room"
SECONDS = 300


@dataclass(frozen=True)
class Ticket:
    """``host``: lets others in and ends the meeting."""

    room: str
    who: str
    name: str
    host: bool


def sign_ticket(ticket: Ticket) -> str:
    return signing.dumps(asdict(ticket), salt=SALT, compress=True)


def read_ticket(token: str, room: str) -> Ticket | None:
    """The ticket, if it is ours, for this room and still fresh."""
    try:
        ticket = Ticket(**signing.loads(token, salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, TypeError):
        return None
    return ticket if ticket.room == room else None
