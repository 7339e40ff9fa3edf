"""What stands under a resource's name in the calendar: closed, or ready."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate
from telemed.models import Resource
from telemed.selectors.times import open_times


def heads_of(gate: Gate, resources: Sequence[Resource], day: date) -> dict[UUID, dict[str, Any]]:
    """{resource: {state: ok | warn | off | closed, text, off?: {title, sub}}}"""
    open_now = open_times(resources, day, day)
    return {
        one.pk: {"state": "ok", "text": _("Klart") if one.kind != Resource.Kind.PERSON else _("På jobb")} if open_now[one.pk] else {"state": "closed", "text": _("Stengt")}
        for one in resources
    }  # fmt: skip
