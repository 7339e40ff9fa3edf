"""Who we can write to, and what each takes."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from messaging.models import CommunicationParty


def parties_in_use(at: datetime) -> QuerySet[CommunicationParty]:
    """Services and people (level 2) that can be written to, with their legal entity."""
    valid = Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    return CommunicationParty.objects.filter(valid, parent__isnull=False).exclude(transport="").select_related("parent")


def our_address(unit: object, at: datetime) -> CommunicationParty | None:
    """The address that a unit sends under."""
    return parties_in_use(at).filter(unit_id=unit).order_by("her_id").first()


def takes(party: CommunicationParty, message_type: str, version: str) -> bool:
    return version in party.receives.get(message_type, ())


def partners_that_take(message_type: str, version: str, at: datetime) -> list[CommunicationParty]:
    """Parties outside that take this type in this version, by legal entity and name."""
    return [one for one in _outside(at) if takes(one, message_type, version)]


def _outside(at: datetime) -> Iterable[CommunicationParty]:
    return parties_in_use(at).filter(unit__isnull=True).order_by("parent__name", "name")
