"""How the schema describes the way in: a bearer token for system clients, or the session's cookie for the pages."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from access.middleware import SESSION_COOKIE


class GateScheme(OpenApiAuthenticationExtension):
    target_class = "journal.api.base.GateAuthentication"
    name = ["bearer", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [{"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE}]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Either is enough; in one requirement both would be asked for."""
        return [{"bearer": []}, {"session": []}]
