"""What every API view has in common: who is calling, how refusals read, optimistic locking."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from access.gate import Gate
from journal.services.errors import Conflict, JournalError


class GateAuthentication(BaseAuthentication):
    """The gate has decided who is calling before the view runs; DRF only takes it over."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        gate = request._request.gate
        return (gate, None) if gate is not None else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class IsInsideGate:
    """Refuses a view that was reached without the gate; the start-up check makes that impossible."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request._request.gate is not None


class PreconditionRequired(APIException):
    """Raised for a change without If-Match: it could overwrite what the caller has not seen."""

    status_code = 428
    default_detail = "Send If-Match with the ETag that you read."
    default_code = "precondition_required"


class GateView(APIView):
    authentication_classes = [GateAuthentication]
    permission_classes = [IsInsideGate]

    @property
    def gate(self) -> Gate:
        return self.request._request.gate

    def if_match(self) -> int:
        """The lock version that the caller read.

        Raises PreconditionRequired.
        """
        tag = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not tag.isdigit() or len(tag) > 9:
            raise PreconditionRequired
        return int(tag)

    def valid(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        """The body, checked."""
        checked = serializer(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return checked.validated_data


def with_etag(response: Response, lock_version: int) -> Response:
    response["ETag"] = f'"{lock_version}"'
    return response


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of the record's services in their own words; what the gate must log is left to the gate."""
    if isinstance(error, Http404 | PermissionDenied):
        return None
    if isinstance(error, Conflict):
        theirs = getattr(error.theirs, "lock_version", None)
        return Response({"detail": error.message, "code": error.code, "lock_version": theirs}, status=error.status)
    if isinstance(error, JournalError):
        return Response({"detail": error.message, "code": error.code, "fields": error.fields}, status=error.status)
    return exception_handler(error, context)


class Problem(serializers.Serializer):
    """How a refusal reads."""

    detail = serializers.CharField(help_text=_("Hva som er galt, og hva du kan gjøre."))
    code = serializers.CharField(required=False)
    fields = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
