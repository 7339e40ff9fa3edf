"""A document type's template, field by field, and the versions there have been (R9, R13)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.domain.sections import Kind
from access.models import DocumentTemplate, DocumentType
from access.services.classification import ClassificationError, template_save
from access.services.template_form import Row, moved, rows_from, rows_of, sections_from
from access.views.common import text_field, with_error
from access.views.rights_common import pages

KINDS = {
    Kind.TEXT: gettext_noop("Fritekst"), Kind.NUMBER: gettext_noop("Tall"), Kind.CHOICE: gettext_noop("Valg"), Kind.DATE: gettext_noop("Dato"),
}  # fmt: skip


def template_edit(request: HttpRequest, document_type: str) -> HttpResponse:
    """The template as lines to edit. Moving a line or asking for more saves nothing; saving makes a new version, in use at once."""
    old = get_object_or_404(DocumentType, code=document_type)
    posted, act = request.method == "POST", request.POST.get("act", "")
    rows = rows_from(request.POST) if posted else rows_of(_shown(request, old))
    reason = text_field("reason", _("Hvorfor endres malen?"), request.POST.get("reason", ""), rows=2, required=True, maxlength=500)
    errors: list[dict[str, str]] = []
    if posted and act:
        rows = moved(rows, act)
    elif posted:
        sections, rows = sections_from(rows, _keys(old))
        errors = _summary(rows)
        if not errors:
            try:
                if not sections:
                    raise ClassificationError("reason", _("Malen må ha minst ett felt."))
                template_save(document_type=old, sections=sections, reason=request.POST.get("reason", ""))
                return HttpResponseRedirect(f"{reverse('document_template_versions', args=[old.code])}?lagret=1")
            except ClassificationError as error:
                errors = with_error([reason], error.field, str(error))
    context = {
        "old": old, "pages": pages("document_types"), "rows": [_line(place, row, len(rows)) for place, row in enumerate(rows)], "count": len(rows), "reason": reason,
        "errors": errors, "preview": sections_from(rows, _keys(old))[0], "kept": bool(act),
    }  # fmt: skip
    return render(request, "access/rights/template.html", context, status=422 if errors else 200)


def _keys(old: DocumentType) -> frozenset[str]:
    """Every key that a version has had: a section that comes back takes its old one only by name, a new one never."""
    return frozenset(section["key"] for one in DocumentTemplate.objects.filter(document_type=old) for section in one.sections)


def _shown(request: HttpRequest, old: DocumentType) -> list[dict[str, Any]]:
    """The sections to begin with: those in use, or of an older version that is to be taken up again."""
    number = request.GET.get("fra", "")
    earlier = DocumentTemplate.objects.filter(document_type=old, number=number).first() if number.isdecimal() and len(number) < 5 else None
    return earlier.sections if earlier else old.sections


def _summary(rows: list[Row]) -> list[dict[str, str]]:
    return [
        {"field": f"{name}-{place}", "text": f"{row.label or _('Felt') + f' {place + 1}'}: {text}"}
        for place, row in enumerate(rows)
        for name, text in row.errors.items()
    ]


def _line(place: int, row: Row, count: int) -> dict[str, Any]:
    return {
        "place": place, "number": place + 1, "row": row, "first": place == 0, "last": place == count - 1,
        "kinds": [{"value": kind.value, "label": _(label), "selected": row.kind == kind} for kind, label in KINDS.items()],
        "sizes": [{"value": size, "selected": row.rows == size} for size in (1, 2, 3, 4, 5, 6, 8)],
    }  # fmt: skip


def versions(request: HttpRequest, document_type: str) -> HttpResponse:
    """Every version: who, when, why, and its fields; the newest first."""
    old = get_object_or_404(DocumentType, code=document_type)
    found = DocumentTemplate.objects.filter(document_type=old).select_related("decided_by").order_by("-number")
    saved = [{"text": _("Malen er lagret. Den brukes i alle notater som begynnes fra nå.")}] if "lagret" in request.GET else []
    shown = [
        {"version": one, "in_use": one.number == old.version, "sections": [(s, _(KINDS[Kind(s.get("kind") or "text")])) for s in one.sections]}
        for one in found
    ]
    return render(
        request, "access/rights/template_versions.html", {"old": old, "pages": pages("document_types"), "versions": shown, "messages": saved}
    )
