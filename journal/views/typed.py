"""Forms of the record: what was typed is read here, kept when it is refused, and shown again with what is wrong."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journal.domain.moments import parse_day, parse_moment
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError

Thing = TypeVar("Thing")


class Typed:
    """The texts of a form: those posted, else those it starts with. ``errors``: field → what is wrong with it."""

    def __init__(self, request: HttpRequest, start: Mapping[str, str] | None = None) -> None:
        self.posted = request.method == "POST"
        self.values: Mapping[str, str] = request.POST if self.posted else (start or {})
        self.now: datetime = request.gate.now
        self.errors: dict[str, str] = {}
        self.status = 200

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def number(self, name: str) -> int:
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def moment(self, name: str, *, required: bool = True) -> datetime | None:
        """The time that was typed; what is no time becomes an error of the field."""
        text = self.text(name).strip()
        if not text and not required:
            return None
        try:
            return parse_moment(text, self.now)
        except ValueError:
            self.errors[name] = _("Skriv tidspunktet som 24.11.2026 10:44, eller bare 10:44 for i dag.")
            return None

    def day(self, name: str) -> date | None:
        """The day that was typed, or None; what is no day becomes an error of the field."""
        text = self.text(name).strip()
        try:
            return parse_day(text) if text else None
        except ValueError:
            self.errors[name] = _("Skriv datoen som 24.11.2026.")
            return None

    def chosen(self, name: str, things: Iterable[Thing], *, message: str = "") -> Thing | None:
        """The thing whose ``pk`` was chosen. ``message``: the error when none was; empty means it may be left open."""
        found = next((thing for thing in things if str(getattr(thing, "pk", thing)) == self.text(name)), None)
        if found is None and message:
            self.errors[name] = message
        return found

    def refuse(self, error: JournalError) -> None:
        """Takes over what a service said no to; the texts stay in the form."""
        self.status = error.status
        self.errors |= error.fields or {"": error.message}

    @property
    def ready(self) -> bool:
        """Posted, and nothing wrong so far."""
        if self.posted and self.errors:
            self.status = 422
        return self.posted and not self.errors

    def field(self, name: str, label: str, **more: Any) -> dict[str, Any]:
        """A field as epj/field.html shows it."""
        return {"id": f"f-{name}", "name": name, "label": label, "value": self.text(name), "error": self.errors.get(name, ""), **more}

    def select(self, name: str, label: str, options: Iterable[tuple[Any, str]], *, empty: str = "", **more: Any) -> dict[str, Any]:
        """A choice; ``empty`` is the text of choosing nothing."""
        chosen = self.text(name)
        shown = [("", empty)] if empty else []
        return self.field(
            name, label, options=[{"value": str(v), "label": text, "selected": str(v) == chosen} for v, text in [*shown, *options]], **more
        )

    def error_list(self) -> list[dict[str, str]]:
        """For the summary above the form."""
        return [{"field": f"f-{name}" if name else "innhold", "text": text} for name, text in self.errors.items()]


def act_page(
    request: HttpRequest, patient: Any, typed: Typed, *, title: str, fields: list[dict[str, Any]], submit: str, active: str = "stay",
    template: str = "journal/act.html", hidden: Mapping[str, Any] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """A page with one act on one patient. ``hidden``: further hidden values, such as lock_version."""
    context = patient_frame(request.gate, patient, active)
    context["hidden"] = {"patient": patient, "actor": request.gate.user_id, **(hidden or {})}
    context |= {"title": title, "fields": fields, "submit": submit, "errors": typed.error_list(), **more}
    return render(request, template, context, status=typed.status)
