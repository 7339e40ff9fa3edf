"""Wounds (R41): on the body, one with its course, a new one, an assessment with images, two images beside each other."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal import around
from journal.domain.body import BACK, FRONT, REGIONS
from journal.domain.moments import write_moment
from journal.domain.wounds import LIMITS
from journal.models import Wound, WoundAssessment
from journal.selectors import wounds as selectors
from journal.selectors.attachments import parts
from journal.selectors.frame import patient_frame
from journal.selectors.wound_words import region_words, wound_words
from journal.services import wounds as services
from journal.services.errors import JournalError
from journal.services.wounds import CHOICES, MOST_IMAGES, Seen
from journal.views.attachments import form_key, not_taken, sent, uploaded
from journal.views.common import after, messages, number, row_or_404
from journal.views.typed import Typed, act_page
from lms_epj.core.addresses import path_to
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date


def list_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    context = patient_frame(request.gate, patient, "notes") | selectors.wounds_context(request.gate, patient)
    context |= {"parts": parts(request.gate, patient, "wounds"), "messages": messages(request, patient)}
    return render(request, "journal/wounds.html", context)


def wound_view(request: HttpRequest, patient: UUID, wound: UUID, error: JournalError | None = None) -> HttpResponse:
    row: Wound = row_or_404(Wound, patient, wound)
    context = patient_frame(request.gate, patient, "notes") | selectors.wound_context(request.gate, row) | {
        "parts": parts(request.gate, patient, "wounds"), "messages": messages(request, patient), "panels": around.panels(request.gate, row),
        "refused": error.message if error else "",
    }  # fmt: skip
    return render(request, "journal/wound.html", context, status=error.status if error else 200)


def new_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    typed = Typed(request)
    since = typed.day("since")
    if typed.ready:
        try:
            row = services.wound_add(
                gate=request.gate, patient=patient, site=typed.text("site"), kind=typed.text("kind"), pressure_category=typed.text("pressure_category"),
                since=since, description=typed.text("description"),
            )  # fmt: skip
            return after("wound_assess", patient, "sar", args=[row.pk])
        except JournalError as error:
            typed.refuse(error)
    chosen = typed.text("site")
    return act_page(
        request, patient, typed, title=_("Nytt sår"), submit=_("Lagre og vurder"), active="notes", template="journal/wound_new.html",
        cancel_url=reverse("wounds", args=[patient]), body=selectors.body(chosen=chosen), regions=_regions(chosen), site_error=typed.errors.get("site", ""),
        fields=[
            typed.select("kind", _("Type sår"), Wound.Kind.choices, empty=_("Velg")),
            typed.select("pressure_category", _("Kategori (trykksår)"), Wound.Category.choices, empty=_("Ikke trykksår")),
            typed.field("since", _("Når oppsto det?"), hint=_("Tomt hvis ukjent. For eksempel 12.11.2026")),
            typed.field("description", _("Årsak og bakgrunn"), rows=2, maxlength=1000),
        ],
    )  # fmt: skip


def _regions(chosen: str) -> list[dict[str, Any]]:
    """Every region as a choice, front and back, top to bottom."""
    labels = {FRONT: _("Forfra"), BACK: _("Bakfra")}
    return [
        {"label": label, "items": [{"code": one.code, "name": region_words(one.code), "chosen": one.code == chosen} for one in REGIONS.values() if one.view == view]}
        for view, label in labels.items()
    ]  # fmt: skip


def assess_view(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    """One screen: images, measures, what is seen, what was done, and when it is done again."""
    gate = request.gate
    row: Wound = row_or_404(Wound, patient, wound)
    before = selectors.assessments(patient, row.pk)
    typed = Typed(request, {"event_at": write_moment(gate.now, gate.now), "pressure_category": selectors.category_now(row, before)})
    taken_at, next_change_at = typed.moment("event_at"), typed.moment("next_change_at", required=False)
    measures = {name: _whole(typed, name) for name in LIMITS}
    if typed.ready and taken_at:
        try:
            services.wound_assess(
                gate=gate, wound=row, taken_at=taken_at, key=form_key(request), next_change_at=next_change_at, images=_images(request),
                seen=Seen(measures, {name: typed.text(name) for name in CHOICES}, _signs(request), typed.text("dressing"), typed.text("comment")),
            )  # fmt: skip
            return sent(request, after("wound", patient, "vurdert", args=[row.pk]))
        except JournalError as error:
            typed.refuse(error)
    answer = not_taken(request, typed)
    if answer is not None:
        return answer
    last = before[-1] if before else None
    return act_page(
        request, patient, typed, title=_("Vurder såret"), submit=_("Lagre vurderingen"), active="notes", template="journal/wound_assess.html", fields=[],
        cancel_url=reverse("wound", args=[patient, wound]), hidden={"key": str(form_key(request))}, wound_id=row.pk, messages=messages(request, patient), lead=wound_words(row, selectors.category_now(row, before)),
        at=typed.field("event_at", _("Tidspunkt"), autocomplete="off"), images_error=typed.errors.get("images", ""), most_images=MOST_IMAGES,
        sizes=[_number_field(typed, name, label, "mm") for name, label in (("length_mm", _("Lengde")), ("width_mm", _("Bredde")), ("depth_mm", _("Dybde")))],
        bed=[_number_field(typed, name, label, "%") for name, label in (("granulation", _("Granulasjon")), ("fibrin", _("Fibrin")), ("necrosis", _("Nekrose")))],
        picks=_picks(typed, row), signs=_sign_picks(request, typed), pain=_number_field(typed, "pain", _("Smerte"), "NRS 0–10"),
        done=[typed.field("dressing", _("Utført: rensing og bandasje"), rows=2, maxlength=1000), typed.field("comment", _("Merknad"), rows=2, maxlength=1000)],
        next_change=typed.field("next_change_at", _("Neste skift"), hint=_("For eksempel 27.11.2026 10:00. Blir en oppgave for enheten"), autocomplete="off"),
        last={"at": last.event_at, "lines": selectors.lines(last)} if last else None,
    )  # fmt: skip


def _images(request: HttpRequest) -> list[bytes]:
    """Images are no must: a wound is also assessed without."""
    try:
        return uploaded(request, "images", most=MOST_IMAGES)
    except JournalError as error:
        if error.code == "missing":
            return []
        raise


def _signs(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("signs")))


def _whole(typed: Typed, name: str) -> int | None:
    """A whole number that may be left open; what is none becomes an error of the field."""
    text = typed.text(name).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        low, high = LIMITS[name]
        typed.errors[name] = _("Skriv et helt tall fra %(low)s til %(high)s.") % {"low": low, "high": high}
        return None
    return int(text)


def _number_field(typed: Typed, name: str, label: str, unit: str) -> dict[str, Any]:
    return typed.field(name, label, unit=unit, inputmode="numeric", autocomplete="off")


def _picks(typed: Typed, row: Wound) -> list[dict[str, Any]]:
    """What is chosen by one press each."""
    labels = {
        "exudate": _("Eksudat, mengde"), "exudate_kind": _("Eksudat, type"), "edges": _("Sårkanter"), "skin": _("Hud rundt såret"), "smell": _("Lukt"),
        "pressure_category": _("Trykksår, kategori nå"),
    }  # fmt: skip
    names = [name for name in labels if name != "pressure_category" or row.kind == Wound.Kind.PRESSURE]
    return [
        {"name": name, "label": labels[name], "error": typed.errors.get(name, ""),
         "options": [{"value": value, "label": text, "chosen": typed.text(name) == value} for value, text in CHOICES[name].choices]}
        for name in names
    ]  # fmt: skip


def _sign_picks(request: HttpRequest, typed: Typed) -> dict[str, Any]:
    chosen = set(_signs(request))
    return {
        "error": typed.errors.get("signs", ""),
        "options": [{"value": value, "label": text, "chosen": value in chosen} for value, text in WoundAssessment.Sign.choices],
    }


def compare_view(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    row: Wound = row_or_404(Wound, patient, wound)
    found = selectors.compared(request.gate, row, request.GET.get("a", ""), request.GET.get("b", ""))
    if found is None:
        raise Http404
    context = patient_frame(request.gate, patient, "notes") | found
    return render(request, "journal/wound_compare.html", context | {
        "parts": parts(request.gate, patient, "wounds"), "title": wound_words(row), "back_url": path_to("wound", patient, wound)})  # fmt: skip


def heal_view(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    row: Wound = row_or_404(Wound, patient, wound)
    typed = Typed(request, {"healed_on": format_date(oslo_date(request.gate.now))})
    healed_on = typed.day("healed_on")
    if typed.posted and healed_on is None and "healed_on" not in typed.errors:
        typed.errors["healed_on"] = _("Skriv datoen som 24.11.2026.")
    if typed.ready and healed_on:
        try:
            services.wound_heal(gate=request.gate, wound=row, lock_version=typed.number("lock_version"), healed_on=healed_on)
            return after("wounds", patient, "leget", row)
        except JournalError as error:
            typed.refuse(error)
            row = row_or_404(Wound, patient, wound)
    return act_page(
        request, patient, typed, title=_("Såret er leget"), submit=_("Avslutt såret"), active="notes", cancel_url=reverse("wound", args=[patient, wound]),
        lead=wound_words(row), hidden={"lock_version": row.lock_version}, notes=[_("Oppgaven om neste skift bortfaller. Bilder og vurderinger blir stående.")],
        fields=[typed.field("healed_on", _("Leget dato"), autocomplete="off")],
    )  # fmt: skip


def reopen_view(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row: Wound = row_or_404(Wound, patient, wound)
    try:
        services.wound_reopen(gate=request.gate, wound=row, lock_version=number(request.POST.get("lock_version", "")) or row.lock_version)
    except JournalError as error:
        return wound_view(request, patient, wound, error)
    return after("wound", patient, "gjenapnet-sar", args=[wound])


def strike_view(request: HttpRequest, patient: UUID, wound: UUID) -> HttpResponse:
    row: Wound = row_or_404(Wound, patient, wound)
    return _strike(
        request, patient, wound, lead=wound_words(row), title=_("Merk såret som feil"), done="wounds",
        act=lambda reason: services.wound_strike(gate=request.gate, wound=row, reason=reason),
        told=_("Såret, vurderingene og bildene blir stående med begrunnelsen, men vises ikke lenger."),
    )  # fmt: skip


def strike_assessment_view(request: HttpRequest, patient: UUID, assessment: UUID) -> HttpResponse:
    row: WoundAssessment = row_or_404(WoundAssessment, patient, assessment)
    wound: Wound = row_or_404(Wound, patient, row.origin_id)
    return _strike(
        request, patient, wound.pk, lead=f"{wound_words(wound)}, {format_date(row.event_at)}", title=_("Merk vurderingen som feil"), done="wound",
        act=lambda reason: services.assessment_strike(gate=request.gate, row=row, reason=reason),
        told=_("Vurderingen og bildene i den blir stående med begrunnelsen, men vises ikke og teller ikke lenger."),
    )  # fmt: skip


def _strike(request: HttpRequest, patient: UUID, wound: UUID, *, title: str, lead: str, told: str, done: str, act: Any) -> HttpResponse:
    typed = Typed(request)
    if typed.ready:
        try:
            act(typed.text("reason"))
            return after(done, patient, "sar-feil", args=[wound] if done == "wound" else [])
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=title, submit=_("Merk som feil"), active="notes", lead=lead, cancel_url=reverse("wound", args=[patient, wound]),
        notes=[told], fields=[typed.field("reason", _("Hva er feil?"), maxlength=500)],
    )  # fmt: skip
