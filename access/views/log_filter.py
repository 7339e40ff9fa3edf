"""The log reviewer's filters: from the form, to the address (opaque ids only), and back to fields on the page."""

import re
import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.domain.temporary import temporary_number
from access.gate import Gate, call, rows
from access.models import MeasureTemplate, User
from access.views.common import text_field
from auditlog import words
from auditlog.selectors import Filter, patient_name
from lms_epj.core.clock import end_of_day, oslo_date, plausible, start_of_day
from lms_epj.core.formatting import format_date

DEFAULT_DAYS = 7
MOST_PEOPLE = 30
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True)
class LogFilter:
    """What the address says: days in Norway, ids, codes. Nothing in it tells who somebody is."""

    first: date
    last: date
    patient: uuid.UUID | None = None
    user: uuid.UUID | None = None
    basis: str = ""
    outcome: str = ""
    action: str = ""

    def query(self, **more: str) -> str:
        values = {
            "fra": self.first.isoformat(), "til": self.last.isoformat(), "pasient": self.patient, "ansatt": self.user,
            "grunnlag": self.basis, "utfall": self.outcome, "handling": self.action, **more,
        }  # fmt: skip
        return "?" + urlencode({key: str(value) for key, value in values.items() if value})

    def wanted(self) -> Filter:
        found = rows("log_of", self.patient) if self.patient else []
        others = tuple((row["patient_id"], row["since"], row["until"]) for row in found if row["patient_id"] != self.patient)
        return Filter(start_of_day(self.first), end_of_day(self.last), self.patient, self.user, self.basis, self.outcome, self.action, others)


class WrongField(ValueError):
    """A field that cannot be used: its name and why, in words."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name, self.text = name, text


def from_address(query: QueryDict, today: date) -> LogFilter:
    """The filter of an address. What cannot be read there is left out: nobody typed it."""
    last = _iso(query.get("til", "")) or today
    return LogFilter(
        first=min(_iso(query.get("fra", "")) or last - timedelta(days=DEFAULT_DAYS - 1), last), last=last,
        patient=_uuid(query.get("pasient", "")), user=_uuid(query.get("ansatt", "")),
        basis=query.get("grunnlag", ""), outcome=_code(query.get("utfall", ""), words.OUTCOMES), action=_code(query.get("handling", ""), words.ACTIONS),
    )  # fmt: skip


def from_form(form: QueryDict, gate: Gate, today: date) -> LogFilter:
    """The filter that was typed.

    Raises WrongField.
    """
    first, last = _day(form, "fra", today), _day(form, "til", today)
    if first > last:
        raise WrongField("fra", _("Fra-datoen er etter til-datoen."))
    shown = LogFilter(
        first,
        last,
        basis=form.get("grunnlag", ""),
        outcome=_code(form.get("utfall", ""), words.OUTCOMES),
        action=_code(form.get("handling", ""), words.ACTIONS),
    )
    return replace(shown, patient=_patient(form, gate), user=_user(form))


def _patient(form: QueryDict, gate: Gate) -> uuid.UUID | None:
    number = re.sub(r"\s", "", form.get("pasient", ""))
    if not number:
        return _uuid(form.get("valgt_pasient", ""))
    number = temporary_number(number) or number
    if not re.fullmatch(r"\d{11}|U\d{8}", number):
        raise WrongField("pasient", _("Skriv hele fødselsnummeret, 11 siffer."))
    found = call("review_patient", number, gate.request.as_json())
    if found is None:
        raise WrongField("pasient", _("Ingen pasient her har dette nummeret."))
    return found


def _user(form: QueryDict) -> uuid.UUID | None:
    text = form.get("ansatt", "").strip()
    if not text:
        return _uuid(form.get("valgt_ansatt", ""))
    if chosen := _uuid(text):
        return chosen
    found = find_people(text)
    if len(found) == 1:
        return found[0].pk
    raise WrongField("ansatt", _("Flere passer. Velg én.") if found else _("Ingen ansatt heter dette."))


def find_people(text: str) -> list[User]:
    """Staff whose names hold every word, or whose user name it is."""
    named = Q()
    for part in text.split():
        named &= Q(given_name__icontains=part) | Q(family_name__icontains=part)
    return list(User.objects.filter(named | Q(username=text)).order_by("family_name", "given_name")[:MOST_PEOPLE])


def fields(shown: LogFilter, typed: QueryDict | None = None) -> list[dict[str, Any]]:
    """The form's fields: as typed where something was wrong, else as the filter says."""
    typed = typed or QueryDict()
    return [
        _patient_field(shown),
        _person_field(shown, typed.get("ansatt", "").strip()),
        text_field("fra", _("Fra og med"), typed.get("fra") or format_date(shown.first), hint=_("dd.mm.åååå"), required=True, autocomplete="off"),
        text_field("til", _("Til og med"), typed.get("til") or format_date(shown.last), hint=_("dd.mm.åååå"), required=True, autocomplete="off"),
        _choice("grunnlag", _("Grunnlag"), dict(MeasureTemplate.objects.order_by("name").values_list("code", "name")), shown.basis),
        _choice("utfall", _("Utfall"), {code: _(text) for code, text in words.OUTCOMES.items()}, shown.outcome),
        _choice("handling", _("Handling"), {code: _(text) for code, text in words.ACTIONS.items()}, shown.action,
                every=_("Alle") if shown.patient else _("Alle unntatt lesing av loggen")),
    ]  # fmt: skip


def chosen(shown: LogFilter) -> list[dict[str, str]]:
    """Who the page is narrowed to, in words, with the address that lets go."""
    people = []
    if shown.patient:
        name = patient_name(shown.patient) or _("Ukjent i loggen")
        people.append({"name": "valgt_pasient", "value": str(shown.patient), "text": _("Pasient: %(name)s") % {"name": name},
                       "url": replace(shown, patient=None).query()})  # fmt: skip
    if shown.user:
        person = User.objects.filter(pk=shown.user).first()
        name = f"{person.given_name} {person.family_name}" if person else _("Ukjent")
        people.append({"name": "valgt_ansatt", "value": str(shown.user), "text": _("Ansatt: %(name)s") % {"name": name},
                       "url": replace(shown, user=None).query()})  # fmt: skip
    return people


def _patient_field(shown: LogFilter) -> dict[str, Any]:
    hint = _("Fødselsnr., 11 siffer.")
    return text_field("pasient", _("Pasient"), hint=hint, inputmode="numeric", autocomplete="off", maxlength=14)


def _person_field(shown: LogFilter, typed: str) -> dict[str, Any]:
    """A text field, or a choice when what was typed fits several."""
    found = find_people(typed) if typed else []
    label = _("Ansatt")
    if len(found) < 2:
        return text_field("ansatt", label, typed, hint=_("Navn eller brukernavn."), autocomplete="off")
    options = [{"value": "", "label": _("Alle"), "selected": False}]
    options += [{"value": str(p.pk), "label": f"{p.family_name}, {p.given_name} ({p.username})", "selected": False} for p in found]
    return text_field("ansatt", label, options=options)


def _choice(name: str, label: str, choices: dict[str, str], selected: str, every: str = "") -> dict[str, Any]:
    options = [{"value": "", "label": every or _("Alle"), "selected": not selected}]
    options += [{"value": code, "label": text, "selected": code == selected} for code, text in choices.items()]
    return text_field(name, label, options=options)


def _day(form: QueryDict, name: str, today: date) -> date:
    match = _DATE.fullmatch(form.get(name, "").strip())
    try:
        day, month, year = (int(part) for part in match.groups()) if match else (0, 0, 0)
        found = plausible(date(year, month, day))
    except ValueError:
        raise WrongField(name, _("Skriv datoen slik: %(example)s") % {"example": format_date(today)}) from None
    return found


def _iso(text: str) -> date | None:
    try:
        return plausible(date.fromisoformat(text))
    except ValueError:
        return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _code(text: str, known: dict[str, str]) -> str:
    return text if text in known else ""


def today_of(gate: Gate) -> date:
    return oslo_date(gate.now)
