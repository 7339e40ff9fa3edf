"""The register of rooms, equipment and people that can be booked, their usual week, and who looks after them (R48)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from access.gate import Gate, call
from access.models import LegalEntity, OrgUnit, User
from journal.services.checks import refuse, require_text
from telemed.models import Equipment, EquipmentMove, Opening, Resource, RollOutPlan
from telemed.selectors.equipment import affected, manages


@dataclass(frozen=True)
class Kit:
    """What the register knows of a piece of equipment beyond its name and place."""

    type: str
    owner: LegalEntity
    mobile: bool
    serial: str = ""
    support_name: str = ""
    support_phone: str = ""
    check_days: int = 1


def resource_register(
    *, gate: Gate, kind: str, name: str, unit: OrgUnit, place: str = "", user: User | None = None, by_duty: bool = False, kit: Kit | None = None
) -> Resource:  # fmt: skip
    """Something new that can be booked, once it has opening hours."""
    if kind not in Resource.Kind.values:
        raise refuse("missing", _("Velg om det er rom, utstyr eller en person."), "kind")
    if (kind == Resource.Kind.PERSON) != (user is not None):
        raise refuse("person", _("Velg hvem det er. Bare personer er noen."), "user")
    if (kind == Resource.Kind.EQUIPMENT) != (kit is not None):
        raise refuse("kit", _("Velg hva slags utstyr det er."), "type")
    if kit is not None and kit.type not in Equipment.Type.values:
        raise refuse("kit", _("Velg hva slags utstyr det er."), "type")
    if kit is not None and not 1 <= kit.check_days <= 365:
        raise refuse("days", _("Skriv hvor mange dager det går mellom hver test, fra 1 til 365."), "check_days")
    _require_registrar(call("registers_unit", unit.pk))
    made = Resource(
        kind=kind, name=user.get_full_name() if user else require_text(name, "name", _("Skriv hva det heter."))[:60], unit=unit, place=place.strip()[:80],
        user=user, by_duty=by_duty and user is not None, position=Resource.objects.filter(unit__legal_entity=unit.legal_entity_id).count(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            if kit is not None:
                _add_kit(gate, made, kit)
    except IntegrityError:
        raise refuse("twice", _("Personen kan bestilles fra før."), "user") from None
    return made


def _add_kit(gate: Gate, resource: Resource, kit: Kit) -> None:
    """The register's line, and where it stands from now on, so that use is counted there."""
    made = Equipment(
        resource=resource, type=kit.type, owner=kit.owner, mobile=kit.mobile, serial=kit.serial.strip()[:40], support_name=kit.support_name.strip()[:60],
        support_phone=kit.support_phone.strip()[:20], check_days=kit.check_days,
    )  # fmt: skip
    made.save(force_insert=True)
    EquipmentMove(equipment=made, unit=resource.unit, place=resource.place, moved_at=gate.now, moved_by_id=gate.user_id).save(force_insert=True)


def week_set(*, gate: Gate, resource: Resource, weekdays: Collection[int], opens: time, closes: time, valid_from: date) -> None:
    """The usual hours of these weekdays from a day on; what stood before ends the day before. What is booked stands."""
    _require_registrar(manages(gate, resource.pk))
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise refuse("missing", _("Velg minst én ukedag."), "weekday")
    with transaction.atomic():
        _close(resource, weekdays, valid_from)
        for day in sorted(set(weekdays)):
            Opening(resource=resource, weekday=day, opens=opens, closes=closes, valid_from=valid_from).save(force_insert=True)


def week_close(*, gate: Gate, resource: Resource, weekdays: Collection[int], valid_from: date) -> None:
    """Closed on these weekdays from a day on."""
    _require_registrar(manages(gate, resource.pk))
    if not weekdays:
        raise refuse("missing", _("Velg minst én ukedag."), "weekday")
    _close(resource, weekdays, valid_from)


def _close(resource: Resource, weekdays: Collection[int], valid_from: date) -> None:
    """What was to begin later ends before it begins, and never holds."""
    Opening.objects.filter(resource=resource, weekday__in=weekdays).exclude(valid_to__lt=valid_from).update(valid_to=valid_from - timedelta(days=1))


def resource_end(*, gate: Gate, resource: Resource) -> None:
    """Out of use for good: no longer shown nor booked. What it was used for stands."""
    _require_registrar(call("registers_resource", resource.pk))
    coming = len(affected(gate, resource.pk))
    if coming:
        raise refuse("booked", _("%(n)d timer er bestilt fra nå. Flytt dem eller gi dem noe annet først.") % {"n": coming})
    if not Resource.objects.filter(pk=resource.pk, ended_at=None).update(ended_at=gate.now):
        raise refuse("ended", _("Den er tatt ut av bruk fra før. Last siden på nytt."))


def holder_set(*, model: str, key: UUID, user: UUID, held: bool) -> bool:
    """Gives somebody a resource (``resource``) or a plan (``rolloutplan``) to hold, or takes it back. False when it was so already."""
    try:
        with transaction.atomic():
            return call("telemed_holder_set", model, key, user, held)
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Dette kan du ikke gi fra deg eller ta tilbake. Forsøket er logget.")) from None
        raise


def plan_start(*, entity: LegalEntity) -> RollOutPlan:
    """A plan for one that has none; whoever makes it holds it, and gives it to the right person."""
    try:
        with transaction.atomic():
            key = call("plan_start", entity.pk)
    except IntegrityError:
        raise refuse("twice", _("Virksomheten har en plan fra før. Last siden på nytt."), "entity") from None
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(_("Bare den som administrerer fellesskapet, lager nye planer. Forsøket er logget.")) from None
        raise
    return RollOutPlan.objects.get(pk=key)


def _require_registrar(may: bool) -> None:
    if not may:
        raise PermissionDenied(_("Du fører ikke registeret her. Be den som styrer utrullingen. Forsøket er logget."))
