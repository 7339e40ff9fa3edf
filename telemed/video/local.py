"""A room on this very server, for trying out: shows one's own camera and who else is there; carries nothing between them."""

from django.urls import reverse
from django.utils.http import urlencode


class LocalRoom:
    name = "Lokalt prøverom"

    def join_address(self, room: str, token: str) -> str:
        return f"{reverse('test_room', args=[room])}?{urlencode({'t': token})}"
