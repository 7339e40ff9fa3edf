"""Deviations: reported, handled and closed (R58). What they are about in a record is an opaque handle; see access.services.links."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import call
from access.services.links import record_link_make
from ops.models import Deviation
from ops.services.acting import DutyError, acting, must_name_nobody


@dataclass(frozen=True)
class Report:
    """``page``: the page of a record it is about, '' where it is about none. It is never stored: a handle is."""

    kind: str
    consequence: str
    title: str
    what: str
    done_now: str
    happened_at: datetime
    system: UUID | None = None
    incident: UUID | None = None
    page: str = ""


def deviation_report(*, report: Report) -> UUID:
    """Raises DutyError in words."""
    if report.kind not in Deviation.Kind.values or report.consequence not in Deviation.Consequence.values:
        raise DutyError(_("Velg hva slags avvik det er, og hva det førte til."))
    if not report.title or not report.what:
        raise DutyError(_("Skriv kort hva det gjelder, og hva som skjedde."))
    must_name_nobody(report.title, report.what, report.done_now)
    with acting():
        link = record_link_make(report.page) if report.page else None
        if report.page and link is None:
            raise DutyError(_("Du har ikke tilgang til journalen avviket skulle vise til. Ingenting er meldt."))
        values = {name: value for name, value in asdict(report).items() if name != "page"} | {"link": link}
        return call("deviation_report", json.dumps(values, default=str))


def deviation_act(*, deviation: UUID, act: str, text: str = "", cause: str = "", measures: str = "", due_on: date | None = None) -> None:
    """take, note, plan, close or reopen. Raises DutyError and PermissionDenied."""
    if act == "note" and not text.strip():
        raise DutyError(_("Skriv noe først."))
    if act == "close" and not measures.strip():
        raise DutyError(_("Skriv hva som er endret, før avviket lukkes."))
    must_name_nobody(text, cause, measures)
    values: dict[str, Any] = {"text": text.strip(), "cause": cause.strip(), "measures": measures.strip(), "due_on": due_on}
    with acting():
        if not call("deviation_act", deviation, act, json.dumps(values, default=str)):
            raise DutyError(_("Avviket er endret av en annen. Se hva som står nå."))
