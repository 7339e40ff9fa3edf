"""Who answers now, and the way to report a deviation, on pages of the apps below: those know nothing of rosters. `{% load duty %}{% answering %}`"""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from ops.selectors.now import duty_now

register = template.Library()


@register.inclusion_tag("epj/answering.html")
def answering() -> dict[str, Any]:
    """The systems with who answers and the number; where there are none, the one number of the installation."""
    return {"systems": [row for row in duty_now() if row["party"] or row["phone"]], "phone": settings.EPJ_ON_CALL_PHONE}


@register.simple_tag(takes_context=True)
def deviation_url(context: dict[str, Any]) -> str:
    """Where a deviation about this page of a record is reported; what is stored of the page is a handle that says nothing."""
    return f"{reverse('deviation_new')}?{urlencode({'fra': context['request'].path})}"
