"""What can be booked, as forms and column heads show it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.gate import Gate
from telemed.models import Resource

GROUPS = ((Resource.Kind.ROOM, _("Rom")), (Resource.Kind.EQUIPMENT, _("Utstyr")), (Resource.Kind.PERSON, _("Personer")))


def bookable(gate: Gate) -> list[Resource]:
    """What the acting person may book: everything of the own entity, and rooms and equipment of the others in the house."""
    own = Q(unit__legal_entity__in=gate.own_entities)
    return list(Resource.objects.filter(own | ~Q(kind=Resource.Kind.PERSON), ended_at=None).select_related("unit", "user", "unit__legal_entity"))


def chosen_among(resources: Iterable[Resource], keys: Iterable[str]) -> list[Resource]:
    """Those that a form names."""
    wanted = set(keys)
    return [one for one in resources if str(one.pk) in wanted]


def resource_groups(resources: Iterable[Resource], chosen: Iterable[Resource], own_entities: Iterable[UUID] = ()) -> list[dict[str, Any]]:
    """[{label, items: [{id, name, place, checked}]}]; what stands elsewhere says where."""
    ticked, rows, own = {one.pk for one in chosen}, list(resources), set(own_entities)
    groups = []
    for kind, label in GROUPS:
        items = [
            {
                "id": one.pk, "name": one.name, "checked": one.pk in ticked,
                "place": one.place if one.unit.legal_entity_id in own else ", ".join(filter(None, (one.unit.legal_entity.name, one.place))),
            }
            for one in rows if one.kind == kind
        ]  # fmt: skip
        if items:
            groups.append({"label": label, "items": items})
    return groups
