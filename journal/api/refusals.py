"""Refusals as JSON: always ``detail``, then what a program needs to go on."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from journal.api.base import with_etag
from journal.api.shapes import NoteShape, StayShape, TaskShape
from journal.models import Note, Stay, Task
from journal.services.errors import Conflict, JournalError

SHAPES: dict[type[Any], Any] = {Note: NoteShape, Stay: StayShape, Task: TaskShape}


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of the record's services in their own words; what the gate must log is left to the gate."""
    if isinstance(error, Http404 | PermissionDenied):
        return None
    if isinstance(error, Conflict):
        return _conflict(error, context["request"].data)
    if isinstance(error, JournalError):
        return Response({"detail": error.message, "code": error.code, "fields": error.fields}, status=error.status)
    if isinstance(error, ValidationError):
        words = _("Noe i forespørselen er feil. Ingenting er lagret.")
        return Response({"detail": words, "code": "invalid", "fields": dict(_texts(error.detail))}, status=422)
    response = exception_handler(error, context)
    if response is not None and isinstance(error, APIException):
        response.data["code"] = error.detail.code
    return response


def _conflict(error: Conflict, sent: Any) -> Response:
    """Both versions: what stands now, with its ETag, and what the caller sent."""
    answer: dict[str, Any] = {"detail": error.message, "code": error.code, "lock_version": None, "current": None, "sent": sent}
    if error.theirs is None:
        return Response(answer, status=error.status)
    answer |= {"lock_version": error.theirs.lock_version, "current": SHAPES[type(error.theirs)](error.theirs).data}
    return with_etag(Response(answer, status=error.status), error.theirs.lock_version)


def _texts(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(field, text) of nested errors, ``content.plan`` for a field within a field; the whole body is called ``body``."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "body" if name == "non_field_errors" else str(name)[:80]
            yield from _texts(inner, f"{path}.{own}" if path else own)
    else:
        yield path or "body", " ".join(str(text) for text in detail)
