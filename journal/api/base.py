"""What every API view has in common: who is calling, optimistic locking, how a refusal reads."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.gate import Gate


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


class BoundedJSONParser(JSONParser):
    """JSON that is nested too deep to be read is a bad request, not a fault of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("JSON-en har for mange nivåer.")) from None


class PreconditionRequired(APIException):
    """Raised for a change without If-Match: it could overwrite what the caller has not seen."""

    status_code = 428
    default_detail = gettext_lazy("Send If-Match med ETag-en du leste. Ingenting er lagret.")
    default_code = "precondition_required"


class GateView(APIView):
    authentication_classes = [GateAuthentication]
    permission_classes = [IsInsideGate]
    parser_classes = [BoundedJSONParser]

    @property
    def gate(self) -> Gate:
        return self.request._request.gate

    def if_match(self) -> int:
        """The lock version that the caller read.

        Raises PreconditionRequired.
        """
        tag = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not (tag.isascii() and tag.isdigit()) or len(tag) > 9:
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


class Problem(serializers.Serializer):
    """How a refusal reads."""

    detail = serializers.CharField(help_text=gettext_lazy("Hva som er galt, og hva du kan gjøre."))
    code = serializers.CharField(required=False, help_text=gettext_lazy("Fast navn på avslaget, for programmer."))
    fields = serializers.DictField(child=serializers.CharField(), required=False, help_text=gettext_lazy("Felt i kroppen → hva som er galt med det."))


class ConflictProblem(Problem):
    """Someone else was first: both versions, so that nothing has to be written over."""

    lock_version = serializers.IntegerField(required=False, allow_null=True, help_text=gettext_lazy("Versjonen som står nå."))
    current = serializers.DictField(required=False, allow_null=True, help_text=gettext_lazy("Raden slik den står nå."))
    sent = serializers.DictField(required=False, allow_null=True, help_text=gettext_lazy("Det du sendte."))
