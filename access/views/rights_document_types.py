"""Document types and categories: what an installation charts in, made and changed on screen (R13)."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.models import DocumentType, RoleTemplate
from access.selectors import rights as selectors
from access.services.classification import ClassificationError, document_type_save
from access.views.common import text_field, with_error
from access.views.rights_common import messages, pages


def document_types(request: HttpRequest) -> HttpResponse:
    """Every category with its document types and who writes them."""
    names = dict(RoleTemplate.objects.values_list("code", "name"))
    types = list(DocumentType.objects.order_by("order", "code"))
    groups = [
        {"category": one, "types": [(row, [names[code] for code in row.written_by if code in names]) for row in types if row.category_id == one.code]}
        for one in selectors.categories()
    ]
    elsewhere = [group for group in groups if not group["types"] and group["category"].code in set(Category)]
    context = {"groups": [group for group in groups if group not in elsewhere], "elsewhere": [group["category"].name for group in elsewhere],
               "pages": pages("document_types"), "messages": messages(request)}  # fmt: skip
    return render(request, "access/rights/document_types.html", context)


def document_type(request: HttpRequest, document_type: str = "") -> HttpResponse:
    """A new document type, or one that is changed: all but its category."""
    old = get_object_or_404(DocumentType, code=document_type) if document_type else None
    posted = request.method == "POST"
    chosen = request.POST.getlist("written_by") if posted else list(old.written_by) if old else []
    category = old.category_id if old else _number(request.POST.get("category", ""))
    headings = request.POST.get("headings", "") if posted else "\n".join(x["label"] for x in old.sections) if old else ""
    fields = [
        text_field(
            "name", _("Hva heter journaltypen?"), request.POST.get("name", old.name if old else ""), required=True, maxlength=80, autocomplete="off"
        ),
        text_field("headings", _("Overskrifter i skjemaet"), headings, rows=5, hint=_("En på hver linje. Uten overskrifter blir det ett felt.")),
        text_field("reason", _("Hvorfor?"), request.POST.get("reason", ""), rows=2, required=True, maxlength=500),
    ]
    known = selectors.categories()
    if not old:
        options = [{"value": one.code, "label": one.name, "selected": one.code == category} for one in known]
        hint = _("Den som ser kategorien, ser journaltypen. Kategorien kan ikke byttes senere.")
        fields.insert(1, text_field("category", _("Informasjonskategori"), hint=hint, options=options))
    errors = []
    if posted:
        try:
            if category not in {one.code for one in known}:
                raise ClassificationError("category", _("Velg en informasjonskategori."))
            roles = set(RoleTemplate.objects.values_list("code", flat=True))
            with transaction.atomic():
                document_type_save(
                    code=document_type, name=request.POST.get("name", ""), category=category, written_by=[code for code in chosen if code in roles],
                    headings=headings, reason=request.POST.get("reason", ""),
                )  # fmt: skip
            return HttpResponseRedirect(f"{reverse('document_types')}?gjort=journaltype")
        except ClassificationError as error:
            errors = with_error(fields, error.field, str(error))
    context = {
        "old": old, "fields": fields, "errors": errors, "pages": pages("document_types"),
        "category_name": next((one.name for one in known if old and one.code == old.category_id), ""),
        "writers": _writers(category if old else None, chosen), "writers_error": any(one["field"] == "field-written_by" for one in errors),
    }  # fmt: skip
    return render(request, "access/rights/document_type.html", context, status=422 if errors else 200)


def _writers(category: int | None, chosen: list[str]) -> list[dict[str, object]]:
    """Roles that chart, with whether the matrix lets them write in the category under some measure."""
    matrix = selectors.whole_matrix()
    return [
        {
            "code": row["role"].code, "name": row["role"].name, "chosen": row["role"].code in chosen,
            "lacks": category is not None
            and not any(actions & Action.WRITE for (_template, code), actions in matrix.get(row["role"].id, {}).items() if code == category),
        }
        for row in selectors.roles() if row["role"].may_chart
    ]  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0
