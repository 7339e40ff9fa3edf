"""The procedure library: what is in force, found by words or by a code, with its versions; and what waits for another leader (R33, R38)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from access.gate import Gate
from journal.domain.code_refs import plain, speaks_of
from journal.domain.procedure_steps import write_steps
from journal.models import KnowledgeLink, Procedure
from lms_epj.core.clock import oslo_date


def in_force(series: UUID) -> Procedure | None:
    """The version that counts now; None before the first approval and after a withdrawal."""
    newest = Procedure.objects.filter(series=series, approved_at__isnull=False).order_by("-number").first()
    return newest if newest and newest.withdrawn_at is None else None


def all_in_force() -> list[Procedure]:
    """Every procedure as it counts now, by title."""
    newest = Procedure.objects.filter(approved_at__isnull=False).order_by("series", "-number").distinct("series")
    return sorted((row for row in newest if row.withdrawn_at is None), key=lambda row: row.title.casefold())


def library_context(gate: Gate, words: str) -> dict[str, Any]:
    """procedures found by ``words`` (all of them, anywhere in title, keywords, text or points), proposals that wait, and what this person may do."""
    sought = words.casefold().split()
    today = oslo_date(gate.now)
    proposals = (
        Procedure.objects.filter(approved_at=None, withdrawn_at=None).select_related("written_by").order_by("written_at")
        if gate.role["leads_unit"]
        else ()
    )
    return {
        "words": words, "rows": [_row(one, today) for one in all_in_force() if all(word in _said(one) for word in sought)],
        "proposals": [{"row": one, "own": one.written_by_id == gate.user_id} for one in proposals],
        "new_url": reverse("procedure_new") if gate.role["leads_unit"] else "",
    }  # fmt: skip


def procedure_context(gate: Gate, row: Procedure) -> dict[str, Any]:
    """One version with the others of its series. ``standing``: force, proposal, earlier, withdrawn or returned."""
    versions = list(Procedure.objects.filter(series=row.series).select_related("written_by", "approved_by", "withdrawn_by").order_by("-number"))
    counts = next((one for one in versions if one.approved_at), None)
    leads, waits = gate.role["leads_unit"], next((one for one in versions if not one.approved_at and not one.withdrawn_at), None)
    mine = bool(waits and waits.written_by_id == gate.user_id)
    return {
        "row": row, "standing": _standing(row, counts), "versions": [{"row": one, "standing": _standing(one, counts)} for one in versions],
        "late": row.review_on < oslo_date(gate.now), "links": [f"{KnowledgeLink.System(ref.partition(':')[0]).label} {ref.partition(':')[2]}" for ref in row.codes],
        "change_url": reverse("procedure_change", args=[row.series]) if leads and (mine or not waits) else "",
        "approve_url": reverse("procedure_approve", args=[row.pk]) if leads and row == waits and not mine else "",
        "withdraw_url": reverse("procedure_withdraw", args=[row.pk]) if leads and row in (waits, counts) and not row.withdrawn_at else "",
    }  # fmt: skip


def as_typed(row: Procedure | None) -> dict[str, str]:
    """What the form of a new version starts with."""
    if row is None:
        return {"base": "0"}
    return {
        "title": row.title, "text": row.text, "steps": write_steps(row.steps), "keywords": row.keywords, "codes": " ".join(row.codes),
        "review_on": "", "changed": "", "base": str(row.number),
    }  # fmt: skip


def knowledge_context(gate: Gate, system: str, code: str) -> dict[str, Any]:
    """Links and procedures that speak of a code; without one, every link there is."""
    links = KnowledgeLink.objects.filter(ended_at=None).order_by("system", "prefix", "title")
    if code:
        links = [one for one in links if one.system == system and plain(code).startswith(plain(one.prefix))]
    return {
        "system": system, "code": code, "systems": KnowledgeLink.System.choices, "leads": gate.role["leads_unit"],
        "links": [{"row": one, "address": one.address.replace("{code}", code), "about": " ".join(filter(None, (one.get_system_display(), one.prefix)))} for one in links],
        "procedures": [one for one in all_in_force() if any(speaks_of(ref, system, code) for ref in one.codes)] if code else [],
    }  # fmt: skip


def _row(one: Procedure, today: date) -> dict[str, Any]:
    return {"row": one, "late": one.review_on < today, "steps": len(one.steps)}


def _said(one: Procedure) -> str:
    return "\n".join((one.title, one.keywords, one.text, *(step["text"] for step in one.steps))).casefold()


def _standing(row: Procedure, counts: Procedure | None) -> str:
    if row.approved_at is None:
        return "returned" if row.withdrawn_at else "proposal"
    if row != counts:
        return "earlier"
    return "withdrawn" if row.withdrawn_at else "force"
