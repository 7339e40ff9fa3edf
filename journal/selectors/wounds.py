"""Wounds as pages show them: all of them on the body, one with its course, two images beside each other."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.domain.codes import Action
from access.gate import Gate
from journal.domain import wounds as rules
from journal.domain.body import BACK, FRONT, HEIGHT, REGIONS, WIDTH, Region
from journal.models import Attachment, Wound, WoundAssessment
from journal.selectors.attachments import data_url, image_counts, images_of, may_row
from journal.selectors.wound_words import kind_words, place_words, region_words
from journal.services.wounds import wound_category
from lms_epj.core.addresses import path_to
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date, format_day_month, format_decimal

PLOT_WIDTH, PLOT_HEIGHT = 640, 170
LEFT_EDGE, TOP, BOTTOM = 44, 22, 26


def wounds_context(gate: Gate, patient: UUID) -> dict[str, Any]:
    """open, healed, struck (cards), body: what the map draws. Four queries; of each wound the newest image alone."""
    every = list(Wound.objects.filter(patient=patient).select_related("author", "unit", "struck_by").order_by("event_at", "pk"))
    seen: dict[UUID, list[WoundAssessment]] = defaultdict(list)
    for one in assessments(patient):
        seen[one.origin_id].append(one)
    counts = image_counts(patient, [one.pk for found in seen.values() for one in found])
    newest = [next((one.pk for one in reversed(found) if one.pk in counts), None) for found in seen.values()]
    images = images_of(patient, [one for one in newest if one])
    cards = [_card(gate, row, number, seen[row.pk], counts, images) for number, row in enumerate((row for row in every if not row.struck_at), 1)]
    return {
        "open": [one for one in cards if not one["healed_on"]], "healed": [one for one in cards if one["healed_on"]],
        "struck": [row for row in every if row.struck_at], "body": body(cards),
        "new_url": reverse("wound_new", args=[patient]) if wound_category(gate) else "",
    }  # fmt: skip


def assessments(patient: UUID, wound: UUID | None = None) -> list[WoundAssessment]:
    """Those that count, oldest first: of one wound, or of all."""
    rows = WoundAssessment.objects.filter(patient=patient, struck_at=None, **({"origin_id": wound} if wound else {}))
    return list(rows.select_related("author", "unit").order_by("event_at", "pk"))


def _card(
    gate: Gate, row: Wound, number: int, seen: Sequence[WoundAssessment], counts: dict[UUID, int], images: dict[UUID, list[Attachment]]
) -> dict[str, Any]:
    last = seen[-1] if seen else None
    pictures = [image for one in seen for image in images.get(one.pk, ())]
    areas = [value for one in seen if (value := area_of(one)) is not None]
    return {
        "id": row.pk, "number": number, "site": row.site, "url": path_to("wound", row.patient_id, row.pk), "place": place_words(row),
        "kind": kind_words(row, category_now(row, seen)), "since": row.since, "healed_on": row.healed_on, "last": last,
        "area": area_text(areas[-1]) if areas else "", "course": course_text(areas), "worse": len(areas) > 1 and areas[-1] > areas[-2],
        "infected": bool(last and last.signs), "next_change_at": last.next_change_at if last else None,
        "late": bool(last and last.next_change_at and last.next_change_at < gate.now and not row.healed_on),
        "small": data_url(pictures[-1].thumbnail) if pictures else "", "pictures": sum(counts.get(one.pk, 0) for one in seen),
        "assess_url": path_to("wound_assess", row.patient_id, row.pk) if not row.healed_on and wound_category(gate, row) else "",
    }  # fmt: skip


def body(cards: Sequence[dict[str, Any]] = (), chosen: str = "", views: Sequence[str] = (FRONT, BACK)) -> dict[str, Any]:
    """{width, height, views: [{label, parts: [{code, name, points, chosen}], marks: [{x, y, number, url, label, healed}]}]}.

    Several wounds in one region stand beside each other.
    """
    placed: dict[str, int] = defaultdict(int)
    marks: dict[str, list[dict[str, Any]]] = {FRONT: [], BACK: []}
    for one in cards:
        region = REGIONS.get(one["site"])
        if region is None:
            continue
        x, y = region.centre
        beside = placed[one["site"]]
        placed[one["site"]] += 1
        marks[region.view].append({
            "x": f"{x + beside * 13:g}", "y": f"{y:g}", "text_y": f"{y + 4:g}", "number": one["number"], "url": one["url"], "healed": bool(one["healed_on"]),
            "label": _("Sår %(number)s: %(kind)s, %(place)s") % {"number": one["number"], "kind": one["kind"], "place": one["place"]},
        })  # fmt: skip
    labels = {FRONT: _("Forfra"), BACK: _("Bakfra")}
    right, left = (words[:1].upper() for words in (_("høyre %(part)s"), _("venstre %(part)s")))
    return {
        "width": WIDTH, "height": HEIGHT,
        "views": [{"key": view, "label": label, "sides": (right, left) if view == FRONT else (left, right), "parts": [_part(region, chosen) for region in REGIONS.values() if region.view == view],
                   "marks": marks[view]} for view, label in labels.items() if view in views],
    }  # fmt: skip


def _part(region: Region, chosen: str) -> dict[str, Any]:
    return {"code": region.code, "name": region_words(region.code), "path": region.path, "chosen": region.code == chosen}


def category_now(row: Wound, seen: Sequence[WoundAssessment]) -> str:
    """The pressure ulcer's category as it was last assessed."""
    return next((one.pressure_category for one in reversed(seen) if one.pressure_category), row.pressure_category)


def area_of(row: WoundAssessment) -> Decimal | None:
    return rules.area(row.length_mm, row.width_mm)


def area_text(area: Decimal) -> str:
    return f"{format_decimal(area, 1)}\u00a0cm²"


def course_text(areas: Sequence[Decimal]) -> str:
    """«38 % mindre», from the first to the last."""
    share = rules.change(areas[0], areas[-1]) if len(areas) > 1 else None
    if share is None:
        return ""
    if share == 0:
        return _("Uendret")
    return (_("%(share)s %% mindre") if share < 0 else _("%(share)s %% større")) % {"share": abs(share)}


def measures_text(row: WoundAssessment) -> str:
    """«42 × 30 × 5 mm»."""
    lengths = [row.length_mm, row.width_mm, row.depth_mm]
    shown = [str(one) for one in lengths if one is not None]
    return f"{' × '.join(shown)}\u00a0mm" if shown else ""


def bed_text(row: WoundAssessment) -> str:
    if row.granulation is None:
        return ""
    shares = ((row.granulation, _("granulasjon")), (row.fibrin, _("fibrin")), (row.necrosis, _("nekrose")))
    return ", ".join(f"{share}\u00a0% {name}" for share, name in shares if share)


def exudate_text(row: WoundAssessment) -> str:
    return ", ".join(
        filter(None, (row.get_exudate_display() if row.exudate else "", row.get_exudate_kind_display().lower() if row.exudate_kind else ""))
    )


def signs_text(row: WoundAssessment) -> str:
    return ", ".join(WoundAssessment.Sign(one).label for one in row.signs)


def lines(row: WoundAssessment) -> list[tuple[str, str]]:
    """[(label, text)]: an assessment in words, what was not looked at left out."""
    area = area_of(row)
    found = (
        (_("Kategori"), row.get_pressure_category_display() if row.pressure_category else ""),
        (_("Mål"), measures_text(row)), (_("Areal"), area_text(area) if area is not None else ""),
        (_("Sårbunn"), bed_text(row)), (_("Eksudat"), exudate_text(row)), (_("Sårkanter"), row.get_edges_display() if row.edges else ""),
        (_("Hud rundt"), row.get_skin_display() if row.skin else ""), (_("Lukt"), row.get_smell_display() if row.smell else ""),
        (_("Smerte"), f"{row.pain} NRS" if row.pain is not None else ""), (_("Tegn til infeksjon"), signs_text(row)),
        (_("Utført"), row.dressing), (_("Merknad"), row.comment),
    )  # fmt: skip
    return [(label, text) for label, text in found if text]


def wound_context(gate: Gate, row: Wound) -> dict[str, Any]:
    """One wound: what it is now, its course as a plot and line by line, its images, and the addresses of what may be done."""
    every = list(
        WoundAssessment.objects.filter(patient=row.patient_id, origin_id=row.pk)
        .select_related("author", "unit", "struck_by")
        .order_by("event_at", "pk")
    )
    seen = [one for one in every if one.struck_at is None]
    images = images_of(row.patient_id, [one.pk for one in seen])
    target, writes = [row.patient_id, row.pk], may_row(gate, Action.WRITE, row)
    areas = [value for one in seen if (value := area_of(one)) is not None]
    pictures = [image for one in seen for image in images.get(one.pk, ())]
    open_ = row.healed_on is None and row.struck_at is None
    last = seen[-1] if seen else None
    return {
        "wound": row, "place": place_words(row), "kind": kind_words(row, category_now(row, seen)), "open": open_, "last": last,
        "duration": duration_text(row, gate), "area": area_text(areas[-1]) if areas else "", "course": course_text(areas),
        "worse": len(areas) > 1 and areas[-1] > areas[-2],
        "seen": [_assessed(gate, one, images.get(one.pk, ())) for one in reversed(seen)], "struck": [one for one in every if one.struck_at],
        "pictures": len(pictures), "plot": plot(seen), "body": body(chosen=row.site, views=[REGIONS[row.site].view] if row.site in REGIONS else ()),
        "newest": picture(pictures[-1]) if pictures else None,
        "late": bool(open_ and last and last.next_change_at and last.next_change_at < gate.now),
        "assess_url": reverse("wound_assess", args=target) if open_ and wound_category(gate, row) else "",
        "compare_url": reverse("wound_compare", args=target) if len(pictures) > 1 else "",
        "heal_url": reverse("wound_heal", args=target) if open_ and writes else "",
        "reopen_url": reverse("wound_reopen", args=target) if row.healed_on and not row.struck_at and writes else "",
        "strike_url": reverse("wound_strike", args=target) if not row.struck_at and writes else "", "list_url": reverse("wounds", args=[row.patient_id]),
    }  # fmt: skip


def _assessed(gate: Gate, row: WoundAssessment, images: Sequence[Attachment]) -> dict[str, Any]:
    return {
        "id": row.pk, "at": row.event_at, "by": f"{row.author.get_full_name()}, {row.unit.name}", "lines": lines(row), "next_change_at": row.next_change_at,
        "infected": bool(row.signs), "pictures": [picture(image) for image in images],
        "strike_url": reverse("wound_assessment_strike", args=[row.patient_id, row.pk]) if may_row(gate, Action.WRITE, row) else "",
    }  # fmt: skip


def picture(image: Attachment) -> dict[str, Any]:
    return {
        "id": image.pk, "small": data_url(image.thumbnail), "at": image.event_at, "url": path_to("attachment", image.patient_id, image.pk),
        "image_url": path_to("attachment_image", image.patient_id, image.pk), "title": image.title,
    }  # fmt: skip


def duration_text(row: Wound, gate: Gate) -> str:
    """«5 uker»: how long it has been open, as far as anybody knows."""
    if row.since is None:
        return ""
    days = ((row.healed_on or oslo_date(gate.now)) - row.since).days
    if days < 14:
        return ngettext("%(count)s dag", "%(count)s dager", days) % {"count": days}
    return ngettext("%(count)s uke", "%(count)s uker", days // 7) % {"count": days // 7}


def plot(seen: Sequence[WoundAssessment]) -> dict[str, Any] | None:
    """The area over time as the page draws it: {width, height, line, dots: [{x, y, text_y, value, day, day_y, anchor}], base, top_label}; None
    until it has been measured twice. Numbers that would stand on top of one another are left out: the lines below have them all."""
    measured = [(one, area) for one in seen if (area := area_of(one)) is not None]
    if len(measured) < 2:
        return None
    inner = PLOT_WIDTH - 2 * LEFT_EDGE
    points = rules.span(
        [one.event_at.timestamp() for one, _area in measured], [float(area) for _one, area in measured], inner, PLOT_HEIGHT - TOP - BOTTOM
    )
    dots, free = [], float("-inf")
    for (one, area), (x, y) in zip(measured, points, strict=True):
        shown = x + LEFT_EDGE
        told = shown - free >= 58 or one is measured[-1][0]
        free = shown if told else free
        dots.append({"x": f"{shown:.1f}", "y": f"{y + TOP:.1f}", "text_y": f"{y + TOP - 9:.1f}", "value": format_decimal(area, 1) if told else "",
                     "day": format_day_month(one.event_at) if told else "", "title": f"{format_date(one.event_at)}: {area_text(area)}"})  # fmt: skip
    if len(dots) > 1 and dots[-2]["value"] and float(dots[-1]["x"]) - float(dots[-2]["x"]) < 58:
        dots[-2] |= {"value": "", "day": ""}
    base = PLOT_HEIGHT - BOTTOM
    return {
        "width": PLOT_WIDTH, "height": PLOT_HEIGHT, "line": " ".join(f"{dot['x']},{dot['y']}" for dot in dots), "dots": dots, "base": base,
        "day_y": base + 18, "left": LEFT_EDGE - 10, "right": PLOT_WIDTH - LEFT_EDGE + 10,
        "fill": f"{dots[0]['x']},{base} " + " ".join(f"{dot['x']},{dot['y']}" for dot in dots) + f" {dots[-1]['x']},{base}",
    }  # fmt: skip


def compared(gate: Gate, row: Wound, first: str, second: str) -> dict[str, Any] | None:
    """{sides: [{picture, assessed, options}]}: two images with what was measured when they were taken – the asked-for ones, else first and newest."""
    seen = assessments(row.patient_id, row.pk)
    images = images_of(row.patient_id, [one.pk for one in seen])
    taken = [(image, one) for one in seen for image in images.get(one.pk, ())]
    if len(taken) < 2:
        return None
    by_key = {str(image.pk): (image, one) for image, one in taken}
    sides = [by_key.get(first, taken[0]), by_key.get(second, taken[-1])]
    areas = [area_of(one) for _image, one in sides]
    return {
        "sides": [
            {"picture": picture(image), "at": one.event_at, "measures": measures_text(one), "area": area_text(area) if area is not None else "",
             "lines": [(label, text) for label, text in lines(one) if label in (_("Sårbunn"), _("Eksudat"), _("Kategori"), _("Tegn til infeksjon"))],
             "name": name, "label": label,
             "options": [{"value": str(each.pk), "label": _choice(each, of), "selected": each.pk == image.pk} for each, of in taken]}
            for (image, one), area, name, label in zip(sides, areas, ("a", "b"), (_("Fra"), _("Til")), strict=True)
        ],
        "change": course_text([area for area in areas if area is not None]),
    }  # fmt: skip


def _choice(image: Attachment, one: WoundAssessment) -> str:
    area = area_of(one)
    return " · ".join(filter(None, (format_date(image.event_at), measures_text(one), area_text(area) if area is not None else "")))
