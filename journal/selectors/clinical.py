"""Medicines in use and services, as their pages show them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from journal.models import Medication, ServiceDecision
from lms_epj.core.formatting import format_moment


def medications(patient_id: UUID) -> list[dict[str, Any]]:
    """[{title, rows: [{row, changed}]}]: regular medicines and those taken as needed, with what was changed by whom from what."""
    rows = list(Medication.objects.filter(patient_id=patient_id, stopped_at__isnull=True).select_related("author").order_by("generic", "pk"))
    before = {row.pk: row for row in Medication.objects.filter(pk__in=[row.origin_id for row in rows if row.origin_id])}
    shown = [{"row": row, "changed": change_text(row, before.get(row.origin_id))} for row in rows]
    groups = [
        (_("Faste"), [line for line in shown if not line["row"].as_needed]),
        (_("Ved behov"), [line for line in shown if line["row"].as_needed]),
    ]
    return [{"title": title, "rows": lines} for title, lines in groups if lines]


def stopped_medications(patient_id: UUID, limit: int = 20) -> list[Medication]:
    """Those that stopped for good, the latest first: a changed medicine goes on as a newer row and is not among them."""
    stopped = Medication.objects.filter(patient_id=patient_id, stopped_at__isnull=False)
    continued = Medication.objects.filter(patient_id=patient_id, origin_id__isnull=False).values("origin_id")
    return list(stopped.exclude(pk__in=continued).select_related("author").order_by("-stopped_at")[:limit])


def change_text(row: Medication, before: Medication | None) -> str:
    """«Endret 24.11. kl. 10:26 fra 30 mg, J. Amundsen»."""
    if before is None:
        return ""
    was = ", ".join(getattr(before, name) for name in ("dose", "frequency", "route") if getattr(before, name) != getattr(row, name))
    who = f"{row.author.given_name[:1]}. {row.author.family_name}"
    when = format_moment(row.recorded_at)
    if not was:
        return _("Endret %(when)s, %(who)s") % {"when": when, "who": who}
    return _("Endret %(when)s fra %(was)s, %(who)s") % {"when": when, "was": was, "who": who}


def services(patient_id: UUID, now: datetime) -> dict[str, list[ServiceDecision]]:
    """{current, ended}: decided services with the unit that carries them out."""
    rows = ServiceDecision.objects.filter(patient_id=patient_id).select_related("service_type", "executing_unit", "unit", "primary_contact")
    rows = rows.order_by("-starts_at")
    current = [row for row in rows if row.ends_at is None or row.ends_at > now]
    return {"current": current, "ended": [row for row in rows if row not in current]}
