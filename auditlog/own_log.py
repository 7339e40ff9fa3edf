"""The patient's own log: who has looked in the record, when, where and why, in plain words (pasientjournalloven; domain 3.8).

Staff are shown by name and never by number. Pure: takes look-ups, gives lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from auditlog import words
from auditlog.selectors import LookUp
from lms_epj.core.formatting import format_date, format_time


@dataclass(frozen=True)
class OwnLogLine:
    """One look-up as its patient reads it. ``at`` is for machines; the rest is text. ``own_choice``: the person opened access himself or herself."""

    at: datetime
    date: str
    time: str
    name: str
    profession: str
    place: str
    what: str
    why: str
    own_choice: bool


def own_log(look_ups: Iterable[LookUp], category_names: Mapping[int, str], *, show_reason: bool = True) -> list[OwnLogLine]:
    """Lines in the given order. ``show_reason``: whether the text that the member of staff wrote is shown (a setting of the installation).

    Failed requests showed nothing and are left out; refused attempts are told, since they are about the patient.
    """
    return [_line(look_up, category_names, show_reason) for look_up in look_ups if look_up.entry.outcome in ("allow", "deny")]


def _line(look_up: LookUp, category_names: Mapping[int, str], show_reason: bool) -> OwnLogLine:
    entry = look_up.entry
    return OwnLogLine(
        at=entry.at,
        date=format_date(entry.at),
        time=format_time(entry.at),
        name=entry.user_name or _("Ukjent bruker"),
        profession=words.profession(entry.profession, entry.role_name),
        place=words.place(entry.unit_name, entry.legal_entity_name),
        what=_what(look_up, category_names),
        why=_why(look_up, show_reason),
        own_choice=entry.user_selected,
    )


def _what(look_up: LookUp, category_names: Mapping[int, str]) -> str:
    entry = look_up.entry
    if entry.outcome == "deny":
        return _("Prøvde å åpne journalen, men ble avvist. Ingenting ble vist.")
    action = words.action(entry.action, entry.purpose)
    kinds = ", ".join(category_names.get(code, "") for code in sorted(look_up.categories) if code in category_names)
    return f"{action}: {kinds}" if kinds else action


def _why(look_up: LookUp, show_reason: bool) -> str:
    entry = look_up.entry
    ground = words.basis(outcome=entry.outcome, template_name=entry.template_name, purpose=entry.purpose, reason_code=entry.reason_code)
    if entry.reason and show_reason:
        return f"{ground}: {entry.reason}" if ground else entry.reason
    return ground
