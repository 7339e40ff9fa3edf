"""What administrators have done with the rights of roles: one narrowed, one widened by two, and one that waits for the second."""

from datetime import datetime, timedelta
from typing import Any

from access.domain.codes import Category
from access.models import MeasureTemplate, RightsChange, RoleRight, RoleTemplate
from access.reference import CHART, PRINT, READ

from .organisation import Organisation

# role, measure template, category, before, after
Wish = tuple[str, str, Category, int, int]
NARROWED: list[Wish] = [("health_worker", "SERVICE_PRACTICAL", Category.CRITICAL, int(PRINT), int(READ))]
WIDENED: list[Wish] = [("occupational_therapist", "ADMITTED", Category.VITALS, int(PRINT), int(CHART))]
WAITING: list[Wish] = [("home_nurse", "SERVICE_HEALTH", Category.MENTAL, 0, int(READ))]


def load_rights(org: Organisation, now: datetime) -> None:
    """History for the matrix. The rows are those that the gate's functions would have written."""
    first, second = org.users["tilgang.admin"], org.users["tilgang.admin2"]
    _change(
        org, NARROWED, now - timedelta(days=131), first, first, "Helsefagarbeidere i praktisk bistand skal ikke ta med utskrift hjem til pasienten."
    )
    _change(org, WIDENED, now - timedelta(days=47), first, second, "Ergoterapeutene måler puls og SpO2 under trening på posten.")
    _change(org, WAITING, now - timedelta(hours=3), first, None, "Hjemmesykepleien trenger kriseplanen for pasienter med psykisk lidelse.")


def _change(org: Organisation, wishes: list[Wish], at: datetime, proposer: Any, decider: Any, reason: str) -> None:
    roles = {role.code: role for role in RoleTemplate.objects.using(org.using)}
    templates = {template.code: template for template in MeasureTemplate.objects.using(org.using)}
    cells = [
        {"role": str(roles[role].id), "template": str(templates[template].id), "category": int(category), "before": before, "after": after}
        for role, template, category, before, after in wishes
    ]
    change = org.add(
        RightsChange, proposed_by=proposer, proposed_at=at, reason=reason, content=cells, widens=proposer != decider,
        state="in_force" if decider else "proposed", decided_by=decider, decided_at=at + timedelta(hours=2) if decider else None,
    )  # fmt: skip
    for cell in cells if decider else ():
        where = {"role_id": cell["role"], "template_id": cell["template"], "category_id": cell["category"]}
        RoleRight.objects.using(org.using).filter(**where, valid_to=None).update(valid_to=change.decided_at)
        org.add(RoleRight, **where, actions=cell["after"], valid_from=change.decided_at, change=change)
