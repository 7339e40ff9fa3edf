"""The form in which a note is written, filled with one's own draft where there is one (context ``composer`` in templatetags/epj.py)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, UUIDField
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action
from access.domain.sections import Kind, kind_of
from access.gate import Gate
from access.models import DocumentType
from journal.domain.carrying import carried
from journal.domain.moments import write_moment
from journal.domain.signing import State
from journal.models import Note, Phrase
from journal.selectors.problems import problems_of
from journal.selectors.templates import template
from journal.selectors.timeline import section_label
from journal.services.notes import is_emergency
from lms_epj.core.language import in_bokmal
from lms_epj.core.prepared import Prepared, Slot

TAKES_VITALS = frozenset({"assessment", "text", "findings", "status", "condition"})


def document_types(gate: Gate) -> list[DocumentType]:
    """The kinds of document that this role may write for this patient now, in the template order."""
    return [row for row in _WRITTEN_BY.rows(role=gate.role["code"]) if gate.may(Action.WRITE, row.category_id)]


def own_drafts(gate: Gate, patient_id: UUID) -> list[Note]:
    """The reader's own drafts of new notes for this patient, the newest first."""
    return _OWN_DRAFTS.rows(patient=patient_id, author=gate.user_id)


_WRITTEN_BY = Prepared(lambda: DocumentType.objects.filter(written_by__contains=[Slot("role", CharField())]))
_OWN_DRAFTS = Prepared(
    lambda: Note.objects.filter(
        patient=Slot("patient", UUIDField()), author=Slot("author", UUIDField()), state=State.DRAFT, corrects__isnull=True
    ).order_by("-recorded_at")
)


def phrases(gate: Gate) -> list[dict[str, str]]:
    """Sentences to insert, one's own and the unit's: [{name, text}]."""
    return [{"name": row.name, "text": row.text} for row in _PHRASES.rows(unit=gate.unit_id)]


def carried_over(gate: Gate, patient_id: UUID, document_type: DocumentType) -> dict[str, str]:
    """What may be taken along from the newest signed note of this kind that this person can read: section key → marked text."""
    last = _LAST.first(patient=patient_id, kind=document_type.code)
    if last is None:
        return {}
    with in_bokmal():  # it becomes part of the note
        source = f"{write_moment(last.event_at, gate.now)}, {last.author.get_full_name()}"
    return carried(template(document_type, document_type.version), last.content, source)


_PHRASES = Prepared(lambda: Phrase.objects.filter(unit=Slot("unit", UUIDField())))
_LAST = Prepared(
    lambda: (
        Note.objects.filter(
            patient=Slot("patient", UUIDField()),
            document_type=Slot("kind", CharField()),
            state__in=[State.SIGNED, State.COSIGNED],
            corrects__isnull=True,
        )
        .select_related("author")
        .order_by("-event_at", "-pk")[:1]
    )
)


def choose(types: Sequence[DocumentType], drafts: Sequence[Note], wanted: str) -> DocumentType | None:
    """The form to show: the asked-for one, else the newest draft's, else the first."""
    by_code = {row.code: row for row in types}
    newest = next((draft.document_type_id for draft in drafts if draft.document_type_id in by_code), None)
    return by_code.get(wanted) or (by_code[newest] if newest else None) or (types[0] if types else None)


def composer(
    gate: Gate, patient_id: UUID, document_type: DocumentType, types: Sequence[DocumentType], draft: Note | None, *,
    vitals: str = "", typed: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None, message: str = "", close_url: str = "",
) -> dict[str, Any]:  # fmt: skip
    """``typed``: what was posted and refused (content, event_at, reason, problem, note_id, lock_version); it goes before the draft."""
    typed, errors = typed or {}, errors or {}
    corrected = draft.corrects if draft and draft.corrects_id else None
    saved = draft is not None and not draft._state.adding
    form_id = f"rett-{corrected.pk}" if corrected else f"notat-{document_type.code}"
    content = typed.get("content") or (draft.content if draft else {})
    written = write_moment(draft.event_at, gate.now) if draft else write_moment(gate.now, gate.now)
    begun = draft.template_version if draft else document_type.version
    along = {} if corrected else carried_over(gate, patient_id, document_type)
    shown = {
        "form_id": form_id, "title": _("Rett notat") if corrected else _("Nytt notat"), "patient_id": patient_id, "actor_id": gate.user_id,
        "note_id": draft.pk if saved else None, "event_at": typed.get("event_at", written), "lock_version": draft.lock_version if draft else 0,
        "templates": [{"code": row.code, "name": row.name, "selected": row.code == document_type.code} for row in ([document_type] if corrected else types)],
        "sections": [_section(section, content, errors) | {"carry": along.get(section["key"], "")} for section in template(document_type, begun)], "template_version": begun,
        "seen": corrected.version if corrected else None, "phrases": phrases(gate), "phrases_url": reverse("phrases"),
        "problems": _problem_choices(patient_id, typed.get("problem", str(draft.problem_id or "") if draft else "")) if not corrected else [],
        "saved_at": None, "urls": _urls(patient_id, document_type, draft if saved else None, corrected, close_url),
        "signs_as": _("Signeres av %(name)s, %(role)s, %(unit)s.") % {"name": gate.user["display"], "role": gate.role["name"].lower(), "unit": gate.unit["name"]},
        "emergency": is_emergency(gate), "insert_vitals": vitals, "hidden": {"patient": patient_id, "actor": gate.user_id},
        "errors": _summary(form_id, errors, message), "base": dict(draft.content) if draft else {},
    }  # fmt: skip
    if corrected and corrected.state != State.CONFIRMED:
        shown["reason"] = {"value": typed.get("reason", draft.correction_reason if draft else ""), "error": errors.get("reason")}
    shown["event_error"] = errors.get("event_at")
    return shown


def _problem_choices(patient_id: UUID, chosen: str) -> list[dict[str, Any]]:
    """What the note may be said to be about; nothing to choose where there is no problem and no diagnosis."""
    return [{"value": str(key), "label": words, "selected": str(key) == chosen} for key, words in problems_of(patient_id)]


def _section(section: Mapping[str, Any], content: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    kind = kind_of(section)
    lettered = len(section["label"]) == 1 and section.get("hint")
    return {
        "key": section["key"], "letter": section["label"] if lettered else "", "label": section["hint"] if lettered else section["label"],
        "hint": "" if lettered else section.get("hint", ""), "value": content.get(section["key"], ""), "rows": section.get("rows", 3),
        "error": errors.get(f"section.{section['key']}"), "vitals": kind == Kind.TEXT and section["key"] in TAKES_VITALS, "kind": kind.value,
        "unit": section.get("unit", ""), "required": bool(section.get("required")), "limits": _limits(section),
        "options": [{"value": one, "selected": one == content.get(section["key"], "")} for one in section.get("options", ())],
    }  # fmt: skip


def _limits(section: Mapping[str, Any]) -> str:
    """«0–10», where a number has limits: said before one types, and held to only at signing."""
    low, high = (str(section[name]).replace(".", ",") if name in section else "" for name in ("min", "max"))
    return f"{low}–{high}" if low and high else _("fra %(low)s") % {"low": low} if low else _("til %(high)s") % {"high": high} if high else ""


def _urls(patient_id: UUID, document_type: DocumentType, draft: Note | None, corrected: Note | None, close_url: str) -> dict[str, str]:
    if corrected:
        target = [patient_id, corrected.pk]
        urls = {"autosave": reverse("correction_autosave", args=target), "sign": reverse("correction_sign", args=target)}
    else:
        kind = [patient_id, document_type.code]
        urls = {
            "autosave": reverse("note_autosave", args=kind), "sign": reverse("note_sign", args=kind), "confirm": reverse("note_confirm", args=kind),
            "template": reverse("note_new" if close_url else "patient", args=[patient_id]),
        }  # fmt: skip
    if draft:
        urls["discard"] = reverse("note_discard", args=[patient_id, draft.pk])
    if close_url:
        urls["close"] = close_url
    return urls


def _summary(form_id: str, errors: Mapping[str, str], message: str) -> list[dict[str, str]]:
    fields = {"event_at": "at", "reason": "reason"}
    lines = [{"field": f"{form_id}-{fields.get(name, name.removeprefix('section.'))}", "text": text} for name, text in errors.items()]
    return [{"field": form_id, "text": message}, *lines] if message else lines


def conflict(theirs: Note, mine: Mapping[str, str], base: Mapping[str, str], document_type: DocumentType) -> dict[str, Any]:
    """The two texts side by side. A section asks only when both sides changed it, and differently."""
    sections = []
    for section in template(document_type, theirs.template_version):
        key = section["key"]
        was, their, my = base.get(key, ""), theirs.content.get(key, ""), mine.get(key, "")
        sections.append({
            "key": key, "label": section_label(section), "was": was, "theirs": their, "mine": my, "clash": their != my and their != was and my != was,
        })  # fmt: skip
    return {
        "title": _("Notatet ble endret mens du skrev"), "who": _("Du selv, i et annet vindu,"), "saved_at": theirs.recorded_at,
        "lock_version": theirs.lock_version, "sections": sections,
    }  # fmt: skip
