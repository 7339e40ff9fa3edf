"""Cases of control as the pages show them: rows of the gate's functions, with words for their codes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, rows
from access.models import BlockOpening, DocumentType, EmergencyCase, InfoCategory, ReviewCase
from auditlog import words

PAGE = 50
STATES = {
    "open": (gettext_noop("Ikke vurdert"), "info"), "asked": (gettext_noop("Venter på svar"), "neutral"),
    "answered": (gettext_noop("Besvart"), "success"), "closed": (gettext_noop("Avsluttet"), "neutral"),
}  # fmt: skip
KINDS = {
    "emergency": (gettext_noop("Nødrettstilgang"), "ExclamationmarkTriangleFill"),
    "arrival": (gettext_noop("Ankomst uten at pasienten kom"), "Enter"),
    "opening": (gettext_noop("Åpnet sperring"), "PadlockUnlocked"),
    "log": (gettext_noop("Uvanlig oppslag"), "FileSearch"),
}
VERDICTS = dict(ReviewCase.Verdict.choices)
MESSAGES = {
    "question": gettext_noop("Spørsmål"), "answer": gettext_noop("Svar"), "verdict": gettext_noop("Vurdering"),
    "reopened": gettext_noop("Saken er gjenåpnet"),
}  # fmt: skip


def cases(gate: Gate, view: str, before: datetime | None = None) -> tuple[list[dict[str, Any]], bool]:
    """One page of the acting reviewer's cases, and whether there are more. ``view``: work, asked or closed. Their patients are logged."""
    found = rows("cases", view, before, PAGE + 1, gate.request.as_json())
    return [told(row, gate.now) for row in found[:PAGE]], len(found) > PAGE


def case(gate: Gate, key: UUID) -> dict[str, Any] | None:
    """The case; None when it is unknown, another's to review, or about oneself."""
    found = rows("case_read", key, gate.request.as_json())
    return told(found[0], gate.now) if found else None


def told(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A row of gate.case_t with words: place, kind_text, icon, state_text, state_color, basis_text, verdict_text, overdue, answer_overdue."""
    kind_text, icon = KINDS[row["kind"]]
    state_text, color = STATES[row["state"]]
    live = row["state"] != "closed"
    return row | {
        "place": words.place(row["unit_name"] or "", row["entity_name"] or ""),
        "kind_text": _(kind_text), "icon": icon, "state_text": _(state_text), "state_color": color,
        "basis_text": basis_text(row["kind"], row["basis"]), "verdict_text": _(VERDICTS[row["verdict"]]) if row["verdict"] else "",
        "overdue": live and row["due_at"] < now, "answer_overdue": bool(row["answer_due"] and row["answer_due"] < now),
    }  # fmt: skip


def basis_text(kind: str, code: str) -> str:
    """What was chosen when access was opened, in words."""
    if kind == "emergency":
        return _(dict(EmergencyCase.ReasonCode.choices).get(code, code))
    if kind == "opening":
        return _(dict(BlockOpening.Basis.choices).get(code, code))
    if kind == "arrival":
        return _("Meldt av: %(caller)s") % {"caller": code}
    return _("%(score)s av 1000 poeng") % {"score": code}


def thread(key: UUID) -> list[dict[str, Any]]:
    return [row | {"kind_text": _(MESSAGES[row["kind"]])} for row in rows("case_messages", key)]


def look_ups(key: UUID) -> list[dict[str, Any]]:
    """{at, text, kinds, outcome, basis}: what the person did with the record in the day that followed; kinds of information, no content."""
    names = dict(InfoCategory.objects.values_list("code", "name"))
    return [
        {
            "at": row["at"], "text": words.action(row["action"], ""), "outcome": row["outcome"],
            "kinds": ", ".join(names.get(code, str(code)) for code in row["categories"]),
            "basis": words.basis(outcome=row["outcome"], template_name=row["template_name"], purpose="", reason_code=row["reason_code"]),
        }
        for row in rows("case_look_ups", key)
    ]  # fmt: skip


def charted(key: UUID) -> list[dict[str, Any]]:
    """{text, at}: what the person wrote in the record afterwards, by kind."""
    found = rows("case_charted", key)
    names = dict(DocumentType.objects.values_list("code", "name")) if found else {}
    return [{"text": names.get(row["document_type"]) or words.word(words.TABLES, row["kind"]), "at": row["charted_at"]} for row in found]


def figures(first: datetime, end: datetime) -> list[dict[str, Any]]:
    """Per unit and kind, for cases opened in ``[first, end)``; ``median_days`` from case to verdict, None where none is decided."""
    return [
        row
        | {
            "kind_text": _(KINDS[row["kind"]][0]),
            "place": words.place(row["unit_name"] or "–", row["entity_name"] or ""),
            "median_days": None if row["median_hours"] is None else round(row["median_hours"] / 24, 1),
        }
        for row in rows("case_figures", first, end)
    ]
