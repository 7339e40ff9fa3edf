"""Notes as a list and one by one: the whole text, its versions with what was changed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from access.domain.codes import Action
from journal import around
from journal.domain.differences import changed_sections
from journal.domain.moments import parse_day
from journal.domain.signing import State
from journal.models import Note, NoteVersion
from journal.selectors import elsewhere, timeline
from journal.selectors.attachments import parts
from journal.selectors.frame import patient_frame
from journal.selectors.looked import last_look
from journal.selectors.searching import stems_of
from journal.selectors.templates import sections_of
from journal.services import notes
from journal.views.common import is_uuid, messages, row_or_404


def notes_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The list over all professions, narrowed by profession, unit, type, period, stay and problem, and by words in the text (R14).

    Words are posted: what somebody looks for in a record never stands in an address. They are looked for outside the notes too.
    """
    gate, here, words = request.gate, reverse("notes", args=[patient]), request.POST.get("ord", "").strip()[:200]
    asked = request.POST if request.method == "POST" else request.GET
    narrowed, typed, errors = read_filter(asked)
    narrowed = replace(narrowed, stems=stems_of(words))
    rows, older = timeline.notes_page(patient, narrowed, asked.get("for", ""))
    found, looked = timeline.facets(patient), last_look(patient)
    kept = {key: value for key, value in typed.items() if value}
    others = urlencode({key: value for key, value in kept.items() if key != "fag"})
    context = {
        **patient_frame(gate, patient, "notes"), "days": timeline.days(gate, rows, narrowed.stems, looked), "messages": messages(request, patient),
        "chips": [] if narrowed.stems else timeline.chips(here, found, narrowed.mark, others), "filters": _fields(found, timeline.episodes(patient), typed, errors), "mark": narrowed.mark,
        "elsewhere": elsewhere.found(patient, narrowed.stems) if narrowed.stems and not asked.get("for") else [], "problem": typed["problem"],
        "words": words, "searched": bool(narrowed.stems), "older": older, "reset_url": here if kept or words else "",
        "older_url": f"{here}?{urlencode({**kept, 'for': older})}" if older and not narrowed.stems else "",
        "parts": parts(gate, patient, "notes"), "period_url": f"{reverse('print', args=[patient])}?{urlencode({'hva': 'period', **{key: kept[key] for key in ('fra', 'til', 'fag') if key in kept}})}",
        "claims_url": reverse("claims", args=[patient]), "newest_url": f"{here}?{urlencode(kept)}" if request.GET.get("for") else "",
    }  # fmt: skip
    return render(request, "journal/notes.html", context, status=422 if errors else 200)


def read_filter(asked: QueryDict) -> tuple[timeline.Filter, dict[str, str], dict[str, str]]:
    """(filter, what was asked for, errors by field) of the address or the form."""
    typed = {key: asked.get(key, "") for key in ("fag", "enhet", "type", "fra", "til", "opphold", "problem")}
    days, errors = {}, {}
    for key in ("fra", "til"):
        try:
            days[key] = parse_day(typed[key]) if typed[key] else None
        except ValueError:
            errors[key] = _("Skriv datoen som 24.11.2026.")
    ids = {key: UUID(typed[key]) if is_uuid(typed[key]) else None for key in ("enhet", "opphold", "problem")}
    narrowed = timeline.Filter(
        typed["fag"], ids["enhet"], typed["type"], days.get("fra"), days.get("til"), stay=ids["opphold"], problem=ids["problem"]
    )
    return narrowed, typed, errors


def _fields(found: timeline.Facets, stays: list[tuple[str, str]], typed: dict[str, str], errors: dict[str, str]) -> list[dict[str, Any]]:
    choices = {"enhet": (_("Enhet"), found.units), "type": (_("Dokumenttype"), found.types), "opphold": (_("Opphold"), stays)}
    selects = [
        {"id": f"filter-{name}", "name": name, "label": label,
         "options": [{"value": "", "label": _("Alle"), "selected": not typed[name]},
                     *({"value": value, "label": text, "selected": typed[name] == value} for value, text in options)]}
        for name, (label, options) in choices.items()
    ]  # fmt: skip
    dates = [
        {"id": f"filter-{name}", "name": name, "label": label, "value": typed[name], "error": errors.get(name), "inputmode": "numeric"}
        for name, label in (("fra", _("Fra dato")), ("til", _("Til dato")))
    ]
    return [*selects, *dates]


def note_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    return render(request, "journal/note.html", {**note_context(request, patient, note), "messages": messages(request, patient)})


def note_context(request: HttpRequest, patient: UUID, key: UUID, error: str = "") -> dict[str, Any]:
    """What note.html shows; ``error``: why an act on the note was refused."""
    gate = request.gate
    row = row_or_404(Note, patient, key)
    frame = patient_frame(gate, patient, "notes")
    target = [patient, key]
    signs = gate.may(Action.SIGN, row.category_id)
    left = row.author_id != gate.user_id and signs and notes.takes_over(gate, row)
    unsigned_own = row.state == State.CONFIRMED and (row.author_id == gate.user_id or left)
    awaiting = row.needs_cosign and row.state == State.SIGNED and row.author_id != gate.user_id and not gate.role["needs_cosign"]
    return {
        **frame, "entry": timeline.entry(gate, row), "note": row, "sections": [pair for pair in timeline.labelled(row) if pair[1].strip()],
        "versions": versions(row), "list_url": reverse("notes", args=[patient]), "error": error,
        "panels": around.panels(gate, row),
        "print_url": f"{reverse('print', args=[patient])}?hva=note&notat={key}" if row.state != State.DRAFT and gate.may(Action.PRINT, row.category_id) else "",
        "correct_url": reverse("note_correct", args=target) if signs and (row.state in (State.SIGNED, State.COSIGNED) or unsigned_own) else "",
        "block_url": f"{reverse('patient_block_new', args=[patient])}?innslag={key}" if gate.role["may_chart"] and row.state != State.DRAFT else "",
        "claim_url": reverse("claim_new", args=target) if row.state != State.DRAFT and gate.may(Action.WRITE, row.category_id) else "",
        "withhold_url": reverse("note_withhold", args=target) if row.state != State.DRAFT and signs else "",
        "unsigned_own": unsigned_own, "author_left": left, "from_list": request.GET.get("liste") or request.POST.get("liste", ""),
        "sign_url": reverse("note_sign_shown", args=target) if signs and unsigned_own else "", "cosign_url": reverse("note_cosign", args=target) if signs and awaiting else "",
    }  # fmt: skip


def versions(row: Note) -> list[dict[str, Any]]:
    """Newest first: number, who, when, why, and word by word what was changed from the one before."""
    rows = list(NoteVersion.objects.filter(note=row).select_related("author", "unit").order_by("number"))
    labels = {section["key"]: timeline.section_label(section) for section in sections_of(row)}
    shown = []
    for before, version in zip([None, *rows], rows, strict=False):
        changed = changed_sections(before.content, version.content, list(labels)) if before else []
        shown.append({
            "number": version.number, "author": version.author.get_full_name(), "unit": version.unit.name, "at": version.recorded_at,
            "state": version.state.lower(), "reason": version.reason, "text": timeline.labelled(row, version.content),
            "changes": [(labels.get(key, key), pieces) for key, pieces in changed],
        })  # fmt: skip
    return shown[::-1]
