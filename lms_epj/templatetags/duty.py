"""Who answers now, on pages of the apps below: those know nothing of rosters. `{% load duty %}{% answering %}`"""

from typing import Any

from django import template
from django.conf import settings

from ops.selectors.now import duty_now

register = template.Library()


@register.inclusion_tag("epj/answering.html")
def answering() -> dict[str, Any]:
    """The systems with who answers and the number; where there are none, the one number of the installation."""
    return {"systems": [row for row in duty_now() if row["party"] or row["phone"]], "phone": settings.EPJ_ON_CALL_PHONE}
