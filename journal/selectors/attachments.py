"""Files of one record as pages show them: lists with small images in the page itself, one file, and what may be done with it.

A small image is part of the page that lists it, so that looking at a list is one line in the log and one request.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.codes import Action
from access.domain.decide import decide
from access.domain.facts import Row
from access.gate import Gate
from journal.models import Attachment, Entry, WoundAssessment
from lms_epj.core.addresses import path_to
from lms_epj.core.formatting import format_decimal

PAGE = 24


def may_row(gate: Gate, action: Action, row: Entry) -> bool:
    """Whether the rule lets the acting person do this with this very entry."""
    if gate.known is None:
        return False
    about = Row(
        patient=row.patient_id, category=row.category_id, document_type=row.document_type_id or "", stay=row.stay_id, entry=row.pk, origin=row.origin_id,
        unit=row.unit_id, entity=row.legal_entity_id, event_at=row.event_at, author=row.author_id,
    )  # fmt: skip
    return bool(decide(gate.known, action, about))


def listed(patient: UUID, page: int) -> tuple[list[dict[str, Any]], int | None]:
    """(one page of the files that count, newest first; the next page's number)."""
    rows = Attachment.objects.filter(patient=patient, struck_at=None).defer(None).defer("content")
    found = list(rows.select_related("author", "unit", "document_type", "category").order_by("-event_at", "-pk")[page * PAGE : (page + 1) * PAGE + 1])
    shown = found[:PAGE]
    wounds = wounds_of(shown)
    return [card(row, wounds.get(row.origin_id)) for row in shown], page + 1 if len(found) > PAGE else None


def struck(patient: UUID) -> list[Attachment]:
    """Those marked as wrong, without a glimpse of what they show."""
    return list(Attachment.objects.filter(patient=patient).exclude(struck_at=None).select_related("struck_by").order_by("-struck_at"))


def wounds_of(rows: Iterable[Attachment]) -> dict[UUID, UUID]:
    """Assessment → wound, of the files that belong to one."""
    origins = {row.origin_id for row in rows if row.origin_id}
    return {one.pk: one.origin_id for one in WoundAssessment.objects.filter(pk__in=origins)} if origins else {}


def card(row: Attachment, wound: UUID | None = None) -> dict[str, Any]:
    """One file in a list. ``row`` has its thumbnail."""
    return {
        "id": row.pk, "url": path_to("attachment", row.patient_id, row.pk), "title": row.title, "note": row.note, "at": row.event_at,
        "small": data_url(row.thumbnail), "image": row.is_image, "facts": facts(row), "type": type_of(row),
        "by": f"{row.author.get_full_name()}, {row.unit.name}", "wound_url": path_to("wound", row.patient_id, wound) if wound else "",
    }  # fmt: skip


def type_of(row: Attachment) -> str:
    return row.document_type.name if row.document_type else row.category.name


def facts(row: Attachment) -> str:
    """«PDF, 3 sider, 1,2 MB» or «Bilde, 1 500 × 2 000»."""
    if row.is_image:
        return _("Bilde, %(width)s × %(height)s") % {"width": row.width, "height": row.height}
    pages = ngettext("%(count)s side", "%(count)s sider", row.pages or 0) % {"count": row.pages or 0}
    return f"PDF, {pages}, {size_text(row.size)}"


def size_text(size: int) -> str:
    return f"{format_decimal(size / 1_000_000, 1)}\u00a0MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))}\u00a0kB"


def data_url(thumbnail: Any) -> str:
    return "data:image/jpeg;base64," + b64encode(bytes(thumbnail)).decode() if thumbnail else ""


def whole(gate: Gate, row: Attachment) -> dict[str, Any]:
    """What the page of one file has. What was struck out shows its image on demand only."""
    target = [row.patient_id, row.pk]
    wound = wounds_of([row]).get(row.origin_id)
    return {
        "row": row, "facts": facts(row), "type": type_of(row), "size": size_text(row.size),
        "image_url": reverse("attachment_image", args=target) if row.is_image else "",
        "file_url": reverse("attachment_file", args=target) if may_row(gate, Action.PRINT, row) else "",
        "strike_url": reverse("attachment_strike", args=target) if row.struck_at is None and may_row(gate, Action.WRITE, row) else "",
        "block_url": f"{reverse('patient_block_new', args=[row.patient_id])}?innslag={row.pk}" if gate.role["may_chart"] else "",
        "wound_url": reverse("wound", args=[row.patient_id, wound]) if wound else "", "list_url": reverse("attachments", args=[row.patient_id]),
    }  # fmt: skip


def images_of(patient: UUID, origins: Sequence[UUID]) -> dict[UUID, list[Attachment]]:
    """Origin → its images that count, with their small ones, oldest first."""
    found: dict[UUID, list[Attachment]] = {}
    rows = Attachment.objects.filter(patient=patient, origin_id__in=origins, struck_at=None, media_type=Attachment.MediaType.JPEG)
    for row in rows.defer(None).defer("content").order_by("event_at", "recorded_at", "pk"):
        found.setdefault(row.origin_id, []).append(row)
    return found


def image_counts(patient: UUID, origins: Sequence[UUID]) -> dict[UUID, int]:
    """Origin → how many images that count it has; none is loaded."""
    rows = Attachment.objects.filter(patient=patient, origin_id__in=origins, struck_at=None, media_type=Attachment.MediaType.JPEG)
    return dict(rows.order_by().values_list("origin_id").annotate(count=Count("pk")))


def parts(gate: Gate, patient: UUID, active: str) -> list[dict[str, Any]]:
    """Notes, files and wounds: the three views of what is charted in words and pictures."""
    views = (("notes", _("Notater")), ("attachments", _("Vedlegg")), ("wounds", _("Sår")))
    return [{"label": label, "url": path_to(route, patient), "active": route == active} for route, label in views]
