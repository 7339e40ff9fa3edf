"""The register of one plan's entity: what can be booked there, when, and who looks after it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from guardian.models import UserObjectPermission

from access.models import OrgUnit
from lms_epj.core.formatting import WEEKDAYS_SHORT
from lms_epj.core.words import say
from telemed.models import Opening, Resource, RollOutPlan


def holders(codename: str, keys: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """{object: [{id, name}]}: who holds each, by name."""
    found = UserObjectPermission.objects.filter(
        permission__codename=codename, permission__content_type__app_label="telemed", object_pk__in=[str(key) for key in keys]
    ).select_related("user")
    by_object = defaultdict(list)
    for one in sorted(found, key=lambda row: row.user.get_full_name()):
        by_object[UUID(one.object_pk)].append({"id": one.user_id, "name": one.user.get_full_name()})
    return by_object


def units_of(plan: RollOutPlan) -> list[OrgUnit]:
    return list(OrgUnit.objects.filter(legal_entity=plan.legal_entity_id, valid_to=None).order_by("name"))


def register_rows(plan: RollOutPlan, today: date) -> list[dict[str, Any]]:
    """[{resource, kit?, week, keepers}] of what stands in the entity, or is lent out by it."""
    own = Resource.objects.filter(unit__legal_entity=plan.legal_entity_id, ended_at=None) | Resource.objects.filter(
        equipment__owner=plan.legal_entity_id, ended_at=None
    )
    resources = list(own.distinct().select_related("unit__legal_entity", "equipment"))
    keepers = holders("manage_resource", [one.pk for one in resources])
    weeks = week_words([one.pk for one in resources], today)
    return [
        {"resource": one, "kit": getattr(one, "equipment", None), "week": weeks[one.pk], "keepers": [keeper["name"] for keeper in keepers[one.pk]]}
        for one in resources
    ]


def week_words(keys: Iterable[UUID], today: date) -> dict[UUID, list[str]]:
    """{resource: [«man–fre 07:00–21:00», …]} of the hours that hold on a day."""
    found: dict[UUID, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    live = Opening.objects.filter(resource__in=list(keys), valid_from__lte=today).exclude(valid_to__lt=today).order_by("weekday", "opens")
    for one in live:
        found[one.resource_id][f"{one.opens:%H:%M}–{one.closes:%H:%M}"].append(one.weekday)
    return defaultdict(list, {key: [f"{_days(days)} {hours}" for hours, days in weeks.items()] for key, weeks in found.items()})


def _days(days: list[int]) -> str:
    """«man–fre» for days in a row, else «man, ons»."""
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{say(WEEKDAYS_SHORT[days[0]])}–{say(WEEKDAYS_SHORT[days[-1]])}"
    return ", ".join(say(WEEKDAYS_SHORT[day]) for day in days)
