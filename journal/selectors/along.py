"""A row that comes along with another one in the same question to the database: for what stands on pages that are asked for all day.

Row security has its say in it as everywhere, and the row is built as if it had been read by itself, so that it is logged as shown.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.functions import JSONObject

from journal.models import Entry

AnEntry = TypeVar("AnEntry", bound=Entry)
ENTRY = ("id", "patient_id", "category_id", "event_at")


def along(rows: QuerySet[Any], *names: str, **more: str) -> Subquery:
    """The first of ``rows`` (they name the outer row by OuterRef) as JSON: columns of its own, and ``more`` of what it points to."""
    columns = {name: name for name in (*ENTRY, *names)} | more
    return Subquery(rows.values(came=JSONObject(**columns))[:1], output_field=JSONField())


def row_of(model: type[AnEntry], came: Mapping[str, Any] | None) -> AnEntry | None:
    """The row; what came beside its own columns is not in it."""
    if came is None:
        return None
    fields = {field.attname: field for field in model._meta.concrete_fields if field.attname in came}
    return model.from_db("default", list(fields), [field.to_python(came[name]) for name, field in fields.items()])
