"""Lists by keyset: page twenty costs what page one costs, and rows of the same minute are neither lost nor given twice."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer

from journal.api.base import GateView
from journal.selectors.timeline import decode_cursor, encode_cursor

PAGE = 50
BEFORE = OpenApiParameter("before", OpenApiTypes.STR, description="From the Link header of the page before; newest first, 50 at a time.")
NEXT = OpenApiParameter("Link", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200], description='Address of the next older page, rel="next".')


class ListView(GateView):
    def listed(self, shape: type[ModelSerializer], patient: UUID) -> Response:
        """One page of the patient's rows that the caller may see, with the address of the next in ``Link``."""
        rows = list(self._from(shape.Meta.model.objects.filter(patient_id=patient)).order_by("-event_at", "-id")[: PAGE + 1])
        response = Response(shape(rows[:PAGE], many=True).data)
        if len(rows) > PAGE:
            response["Link"] = f'<{self.request.path}?before={encode_cursor(rows[PAGE - 1])}>; rel="next"'
        return response

    def _from(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        before = self.request.query_params.get("before")
        if before is None:
            return rows
        cursor = decode_cursor(before)
        if cursor is None:
            raise ParseError(_("«before» er ikke en adresse som er gitt i Link. Begynn på nytt uten den."))
        at, key = cursor
        return rows.filter(event_at__lte=at).filter(Q(event_at__lt=at) | Q(pk__lt=key))
