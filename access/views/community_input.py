"""What the pages of the agreement take from their forms, and how the fields come back with what was typed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from access.views.common import text_field
from lms_epj.core.clock import oslo_date, plausible, start_of_day


class Posted:
    """One sent form. Readers note what is missing in ``errors`` (field → message) and give None for it."""

    def __init__(self, request: HttpRequest, defaults: dict[str, Any] | None = None) -> None:
        self.posted = request.method == "POST"
        self.now: datetime = request.gate.now
        self.errors: dict[str, str] = {}
        self.names = frozenset(request.POST)
        self._data, self._defaults = request.POST, defaults or {}

    def value(self, name: str) -> str:
        return self._data.get(name, "").strip() if self.posted else str(self._defaults.get(name) or "")

    def values(self, name: str) -> list[str]:
        return self._data.getlist(name) if self.posted else [str(one) for one in self._defaults.get(name, ())]

    def text(self, name: str, missing: str = "") -> str:
        if missing and not self.value(name):
            self.errors[name] = missing
        return self.value(name)

    def number(self, name: str, low: int, high: int, message: str) -> int | None:
        if self.value(name).isdecimal() and low <= int(self.value(name)) <= high:
            return int(self.value(name))
        self.errors[name] = message
        return None

    def day(self, name: str) -> date | None:
        try:
            return plausible(datetime.strptime(self.value(name), "%d.%m.%Y").date())  # noqa: DTZ007 - a day of the calendar
        except ValueError:
            self.errors[name] = _("Skriv datoen som dd.mm.åååå.")
            return None

    def moment(self, name: str) -> datetime | None:
        """Midnight at which the day begins in Norway; for today, now."""
        day = self.day(name)
        return None if day is None else self.now if day == oslo_date(self.now) else start_of_day(day)

    def chosen(self, name: str, ids: Iterable[str], missing: str) -> UUID | None:
        if self.value(name) in set(ids):
            return UUID(self.value(name))
        self.errors[name] = missing
        return None

    def field(self, name: str, label: str, **more: Any) -> dict[str, Any]:
        return text_field(name, label, self.value(name), **self._error(name), **more)

    def date_field(self, name: str, label: str, **more: Any) -> dict[str, Any]:
        return self.field(name, label, inputmode="numeric", autocomplete="off", maxlength=10, **more)

    def area(self, name: str, label: str, **more: Any) -> dict[str, Any]:
        return self.field(name, label, **({"rows": 3} | more))

    def select(self, name: str, label: str, options: Iterable[tuple[str, str]], **more: Any) -> dict[str, Any]:
        listed = [{"value": value, "label": text, "selected": value == self.value(name)} for value, text in options]
        return self.field(name, label, options=listed, **more)

    def checks(self, name: str, options: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        held = set(self.values(name))
        return [{"name": name, "value": value, "label": text, "checked": value in held} for value, text in options]

    def _error(self, name: str) -> dict[str, str]:
        return {"error": self.errors[name]} if self.posted and name in self.errors else {}

    def summary(self) -> list[dict[str, str]]:
        """For templates/epj/error_summary.html."""
        return [{"field": f"field-{name or 'form'}", "text": text} for name, text in self.errors.items()] if self.posted else []
