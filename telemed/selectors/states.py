"""What stands under a resource's name in the calendar and beside it in a booking: ready, to be looked at, out of order, or closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import Gate
from lms_epj.core.clock import oslo_date
from telemed.models import Resource
from telemed.selectors.equipment import equipment_rows, fault_words
from telemed.selectors.times import open_times


def heads_of(gate: Gate, resources: Sequence[Resource], day: date) -> dict[UUID, dict[str, Any]]:
    """{resource: {state: ok | warn | off | closed, text, off?: {title, sub}, url? (of equipment), times_url?, support?}}"""
    open_now = open_times(resources, day, day)
    kit = {row["resource"].pk: row for row in equipment_rows(gate, [one.pk for one in resources if one.kind == Resource.Kind.EQUIPMENT])}
    return {one.pk: _head(gate, one, bool(open_now[one.pk]), kit.get(one.pk), day) for one in resources}


def _head(gate: Gate, one: Resource, is_open: bool, row: dict[str, Any] | None, day: date) -> dict[str, Any]:
    if row:
        head = {"state": row["state"], "text": row["text"], "url": row["url"], "support": row["support"]}
        fault = row["fault"]
        if fault and oslo_date(fault.reported_at) <= day and (fault.expected_at is None or day <= oslo_date(fault.expected_at)):
            return head | {"off": {"title": _("Ute av drift"), "sub": fault_words(gate, fault)}}
        return head if is_open else head | {"state": "closed", "text": _("Stengt")}
    if not is_open:
        return {"state": "closed", "text": _("Stengt"), "times_url": reverse("resource_times", args=[one.pk])}
    return {
        "times_url": reverse("resource_times", args=[one.pk]),
        "state": "ok",
        "text": _("På jobb") if one.kind == Resource.Kind.PERSON else _("Klart"),
    }
