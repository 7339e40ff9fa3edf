"""Forms of the record's parts. Widgets are ours (epj/field.html): ``shown`` gives the contexts, ``errors_of`` the summary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.models import CriticalInfo

REQUIRED = {"required": _("Må fylles ut.")}


def text(label: str, *, required: bool = False, length: int = 200, hint: str = "", rows: int = 0) -> forms.CharField:
    words = {**REQUIRED, "max_length": _("For lang tekst. Bruk høyst %(limit_value)d tegn.")}
    field = forms.CharField(label=label, required=required, max_length=length, help_text=hint, error_messages=words)
    field.rows = rows  # type: ignore[attr-defined]
    return field


class MedicationForm(forms.Form):
    generic = text(_("Virkestoff"), required=True)
    brand = text(_("Legemiddelnavn"))
    form = text(_("Form"), hint=_("tablett, inhalasjonsvæske …"))
    strength = text(_("Styrke"))
    dose = text(_("Dose"), required=True, hint=_("for eksempel 40 mg"))
    route = text(_("Måte"), hint=_("gjennom munnen, inhalert …"))
    frequency = text(_("Hvor ofte"), required=True, hint=_("én gang daglig, ved behov inntil fire ganger …"))
    indication = text(_("Brukes mot"))
    source = text(_("Kilde"), hint=_("pasienten, multidosekort, epikrise …"))
    warning = text(_("Advarsel"), hint=_("vises tydelig, for eksempel «Blodfortynnende»"))
    as_needed = forms.BooleanField(label=_("Ved behov"), required=False)


class MedicationChangeForm(MedicationForm):
    """What may be changed of a medicine in use. Another substance is another medicine."""

    generic = None  # type: ignore[assignment]
    brand = None  # type: ignore[assignment]
    form = None  # type: ignore[assignment]


class CriticalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Type"), choices=CriticalInfo.Kind.choices, error_messages={**REQUIRED, "invalid_choice": _("Velg en type.")})
    substance = text(_("Hva"), required=True, hint=_("stoffet, tilstanden eller avklaringen"))
    reaction = text(_("Reaksjon"), hint=_("for eksempel anafylaksi, utslett"))
    year = forms.IntegerField(
        label=_("År"), required=False, min_value=1900, max_value=2100,
        error_messages={"invalid": _("Skriv året med fire siffer."), "min_value": _("Sjekk året."), "max_value": _("Sjekk året.")},
    )  # fmt: skip
    certainty = text(_("Hvor sikkert"), hint=_("bekreftet, oppgitt av pasienten …"))


class DiagnosisForm(forms.Form):
    code = text(_("Kode (ICPC-2 eller ICD-10)"), length=8)
    text = text(_("Diagnose"), hint=_("Står koden alene, brukes navnet i listen."))
    main = forms.BooleanField(label=_("Hoveddiagnose"), required=False)


class NextOfKinForm(forms.Form):
    name = text(_("Navn"), required=True)
    relation = text(_("Relasjon"), required=True, hint=_("datter, nabo, verge …"))
    phone = text(_("Telefon"), length=20)
    nearest = forms.BooleanField(label=_("Nærmeste pårørende"), required=False)


def shown(form: forms.Form) -> dict[str, list[dict[str, Any]]]:
    """{"fields": [field], "checks": [{id, name, label, checked}]}: the form as its template takes it."""
    fields, checks = [], []
    for bound in form:
        if isinstance(bound.field, forms.BooleanField):
            checks.append({"id": bound.id_for_label, "name": bound.name, "label": bound.label, "checked": bool(bound.value())})
            continue
        field = {
            "id": bound.id_for_label, "name": bound.name, "label": bound.label, "hint": bound.help_text, "value": bound.value(),
            "error": " ".join(bound.errors), "required": bound.field.required, "autocomplete": "off", "rows": getattr(bound.field, "rows", 0),
        }  # fmt: skip
        if isinstance(bound.field, forms.ChoiceField):
            choices = bound.field.choices
            field["options"] = [{"value": value, "label": label, "selected": str(bound.value()) == value} for value, label in choices]
        if isinstance(bound.field, forms.IntegerField):
            field["inputmode"] = "numeric"
        fields.append(field)
    return {"fields": fields, "checks": checks}


def errors_of(form: forms.Form) -> list[dict[str, str]]:
    """The summary: one line per field with something to mend."""
    return [
        {"field": form[name].id_for_label, "text": f"{form[name].label}: {' '.join(texts)}"}
        for name, texts in form.errors.items()
        if name in form.fields
    ]
