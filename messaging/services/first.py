"""The engine as one who works here: the name under which it files, decides and is logged."""

from datetime import datetime

from access.models import AccessAuthorisation, OrgUnit, RoleTemplate, User
from lms_epj.core.clock import now
from messaging.reference import ROLE

USERNAME = "meldingstjeneste"


def message_service_register(*, unit: OrgUnit, using: str, since: datetime | None = None) -> User:
    """The engine's account with its one role in the unit that runs it, as owner. The same when called again."""
    user, _ = User.objects.using(using).get_or_create(
        username=USERNAME, defaults={"given_name": "Meldingstjenesten", "family_name": "", "initials": "MT", "is_system": True}
    )
    role = RoleTemplate.objects.using(using).get(code=ROLE)
    AccessAuthorisation.objects.using(using).get_or_create(
        user=user, role=role, valid_to=None, defaults={"unit": unit, "valid_from": since or now(), "reason": "Meldingstjenesten i drift"}
    )
    return user
