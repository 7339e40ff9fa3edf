"""The form of an order: words and numbers as people write them, read into what an order holds."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from journal.codes.medicines import atc_of, wants_double_control
from journal.domain.dose_text import read_times
from journal.domain.moments import parse_moment, write_moment
from journal.domain.schedule import MOST_PER_DAY
from journal.forms import REQUIRED, text
from journal.models import MedOrder
from lms_epj.core.clock import end_of_day, oslo_date, to_oslo
from lms_epj.core.formatting import format_decimal

Kind = MedOrder.Kind


def whole(label: str, low: int, high: int, hint: str = "") -> forms.IntegerField:
    words = {"invalid": _("Skriv et helt tall."), "min_value": _("Sjekk tallet."), "max_value": _("Sjekk tallet.")}
    return forms.IntegerField(label=label, required=False, min_value=low, max_value=high, help_text=hint, error_messages=words)


class Comma(forms.DecimalField):
    """Decimal comma or point."""

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label=_("Hvordan"), choices=Kind.choices, error_messages=REQUIRED)
    generic = text(_("Virkestoff"), required=True)
    brand = text(_("Legemiddelnavn"))
    form = text(_("Form"), hint=_("tablett, injeksjonsvæske …"))
    strength = text(_("Styrke"))
    dose = Comma(
        label=_("Dose"), min_value=Decimal("0.001"), max_value=Decimal(100000), decimal_places=3, max_digits=10,
        error_messages={**REQUIRED, "invalid": _("Skriv et tall."), "min_value": _("Sjekk tallet."), "max_value": _("Sjekk tallet."),
                        "max_decimal_places": _("Høyst tre desimaler.")},
    )  # fmt: skip
    unit_text = text(_("Enhet"), required=True, length=40, hint=_("mg, mikrogram, enheter, mL, tablett"))
    route = text(_("Måte"), required=True, hint=_("gjennom munnen, under huden, intravenøst …"))
    times = text(_("Klokkeslett"), hint=_("8, 14, 20 – ikke for «ved behov» og «engangsdose»"))
    every_days = whole(_("Hver … dag"), 1, 90, _("1 er hver dag, 7 er en gang i uken"))
    days = whole(_("Kur, antall dager"), 1, 365, _("tomt: til den stoppes"))
    starts = text(_("Fra"), required=True, length=30)
    min_hours = Comma(label=_("Ved behov: minst timer mellom"), required=False, min_value=Decimal("0.25"), max_value=Decimal(72), help_text="")
    max_per_day = whole(_("Ved behov: høyst antall i døgnet"), 1, MOST_PER_DAY)
    volume_ml = whole(_("Infusjon: volum, mL"), 1, 5000, _("går inn i væskebalansen"))
    rate = text(_("Infusjon: hastighet"), length=60, hint=_("100 mL/t"))
    indication = text(_("Brukes mot"))
    instruction = text(_("Beskjed til den som gir"), length=400)
    cave_reason = text(_("Hvorfor tross CAVE"), hint=_("bare når pasienten har reagert på noe slikt"))
    double_control = forms.BooleanField(label=_("Dobbeltkontroll: en annen kontrollerer hver dose"), required=False)

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.now = now

    def clean(self) -> dict[str, Any]:
        """Adds ``values`` (columns of MedOrder) and ``starts_at`` to what was typed."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            starts_at = parse_moment(data["starts"], self.now)
        except ValueError:
            self.add_error("starts", __("Skriv tiden som 10:40, eller 23.11.2026 10:40."))
            return data
        if starts_at < self.now - timedelta(hours=12):
            self.add_error("starts", __("En forordning kan ikke begynne så langt tilbake."))
        times, ends_at = self._times(data, starts_at)
        if not self.errors:
            data |= {"starts_at": starts_at, "values": self._values(data, times, ends_at)}
        return data

    def _times(self, data: dict[str, Any], starts_at: datetime) -> tuple[list[Any], datetime | None]:
        kind = data["kind"]
        if kind == Kind.ONCE:
            return [to_oslo(starts_at).time().replace(second=0, microsecond=0)], starts_at + timedelta(minutes=1)
        ends_at = end_of_day(oslo_date(starts_at) + timedelta(days=data["days"] - 1)) if data["days"] else None
        try:
            times = list(read_times(data["times"]))
        except ValueError:
            self.add_error("times", __("Skriv klokkeslett som 8, 14:30, 20."))
            return [], None
        if kind == Kind.AS_NEEDED and times:
            self.add_error("times", __("«Ved behov» har ingen klokkeslett."))
        if kind != Kind.AS_NEEDED and not times:
            self.add_error("times", __("Skriv minst ett klokkeslett."))
        if kind == Kind.AS_NEEDED and not data["max_per_day"]:
            self.add_error("max_per_day", __("Skriv hvor mange doser pasienten høyst kan få i døgnet."))
        if kind == Kind.INFUSION and not data["rate"]:
            self.add_error("rate", __("Skriv hvor fort infusjonen skal gå."))
        return times, ends_at

    def _values(self, data: dict[str, Any], times: list[Any], ends_at: datetime | None) -> dict[str, Any]:
        kind, atc = data["kind"], atc_of(data["generic"])
        needed, infusion = kind == Kind.AS_NEEDED, kind == Kind.INFUSION
        named = ("kind", "generic", "brand", "form", "strength", "dose", "unit_text", "route", "indication", "instruction")
        return {name: data[name] for name in named} | {
            "atc": atc, "times": times, "every_days": 1 if kind == Kind.ONCE or needed else data["every_days"] or 1, "ends_at": ends_at,
            "min_interval": round(data["min_hours"] * 60) if needed and data["min_hours"] else None, "max_per_day": data["max_per_day"] if needed else None,
            "volume_ml": data["volume_ml"] if infusion else None, "rate": data["rate"] if infusion else "",
            "double_control": data["double_control"] or wants_double_control(atc),
        }  # fmt: skip


def initial_of(order: MedOrder, now: datetime) -> dict[str, Any]:
    """An order as its form shows it, to be changed from now on."""
    return {
        **{name: getattr(order, name) for name in ("kind", "generic", "brand", "form", "strength", "unit_text", "route", "every_days", "max_per_day",
                                                    "volume_ml", "rate", "indication", "instruction", "double_control", "cave_reason")},
        "dose": format_decimal(order.dose), "times": ", ".join(f"{at:%H:%M}" for at in order.times) if order.kind != Kind.ONCE else "",
        "min_hours": format_decimal(Decimal(order.min_interval) / 60) if order.min_interval else "", "starts": write_moment(now, now),
    }  # fmt: skip
