"""What tests of bookings share: the cast's room, another one, and a quick way to a wish."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from telemed.models import Resource
from telemed.services.bookings import Wish
from tests.cast import identify


@pytest.fixture
def cart(cast: Any) -> Resource:
    """A cart of the ward's, open from 8 to 16."""
    return Resource.objects.get(pk=identify("cart"))


@pytest.fixture
def room(cast: Any) -> Resource:
    return Resource.objects.get(pk=identify("room"))


@pytest.fixture
def at() -> Callable[..., datetime]:
    """`at(9, 30)`: that time in UTC, two days ahead and in winter and summer alike inside the cart's hours."""

    def moment(hour: int, minute: int = 0, days: int = 2) -> datetime:
        return datetime.now(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)

    return moment


@pytest.fixture
def wish() -> Callable[..., Wish]:
    def made(start: datetime, *resources: Resource, kind: str = "wound", minutes: int = 30, **more: Any) -> Wish:
        return Wish(kind, start, minutes, resources, **more)

    return made
