"""What concerns the one who looks: whom one acts for, one's shifts, and what one is asked."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from guardian.models import UserObjectPermission

from access.gate import Gate
from ops.domain.rules import Segment
from ops.models import Feed, Party, Roster, Shift, Swap

EDIT, ANSWER = "edit_roster", "answer_for"


def held(user: UUID, codename: str) -> set[UUID]:
    """Objects that a person has a permission of this app on."""
    found = UserObjectPermission.objects.filter(user_id=user, permission__codename=codename, permission__content_type__app_label="ops")
    return {UUID(pk) for pk in found.values_list("object_pk", flat=True)}


def own_parties(gate: Gate) -> list[Party]:
    """Oneself first, then those one may answer for."""
    return list(Party.objects.filter(Q(user_id=gate.user_id) | Q(id__in=held(gate.user_id, ANSWER)), active=True).order_by("user_id", "name"))


def kept_rosters(gate: Gate) -> set[UUID]:
    return held(gate.user_id, EDIT)


def shifts_of(own: list[Party], begins: datetime, ends: datetime) -> list[tuple[Roster, int, Segment]]:
    """One's shifts in all rosters, the first first; those that follow without a break are one."""
    rows = (
        Shift.objects.filter(party__in=own, span__overlap=(begins, ends))
        .select_related("roster__system", "roster__unit")
        .prefetch_related("roster__levels")
    )
    found: list[tuple[Roster, int, Segment]] = []
    for row in rows.order_by("roster_id", "level", "span"):
        last = found[-1] if found else None
        if last and (last[0].id, last[1], last[2].party, last[2].ends) == (row.roster_id, row.level, row.party_id, row.span.lower):
            found[-1] = (last[0], last[1], Segment(last[2].begins, row.span.upper, row.party_id))
        else:
            found.append((row.roster, row.level, Segment(row.span.lower, row.span.upper, row.party_id)))
    return sorted(found, key=lambda one: one[2].begins)


def open_swaps() -> list[Swap]:
    """What waits for an answer in the rosters one may look at, the first shift first."""
    return list(
        Swap.objects.filter(state="open")
        .select_related("roster__system", "roster__unit", "giver", "receiver", "asked_by")
        .prefetch_related("roster__levels")
        .order_by("span")
    )


def answered_swaps(most: int = 20) -> list[Swap]:
    return list(
        Swap.objects.exclude(state="open")
        .select_related("roster__system", "giver", "receiver", "taker", "asked_by", "answered_by")
        .order_by("-answered_at")[:most]
    )


def live_feed(gate: Gate) -> Feed | None:
    return Feed.objects.filter(user_id=gate.user_id, revoked_at=None).only("id", "made_at", "read_at").first()
