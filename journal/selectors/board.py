"""The ward board as the page shows it: rows, filters that double as counters, who is coming and who leaves (contexts in templatetags/epj.py)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate
from journal.models import Bed, Stay, StayDecision, VitalSet
from journal.selectors.vitals import news
from journal.selectors.ward import CAVE, OnBoard, leaves_today
from journal.services.leaving import said_items
from lms_epj.core.addresses import path_to
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_age, format_decimal, format_list_name, format_near_day, format_near_moment, format_sex_letter, format_time

SORTS = {
    "seng": gettext_noop("Sengenummer"),
    "news": gettext_noop("Høyest NEWS2"),
    "utreise": gettext_noop("Utreise"),
    "navn": gettext_noop("Navn"),
}


def board_context(gate: Gate, rows: list[OnBoard], beds: list[Bed], taken: set[UUID], shown: str, order: str) -> dict[str, Any]:
    """Everything board.html shows. ``taken``: beds that somebody lies in, seen or not; ``shown``: key of a filter; ``order``: key of SORTS. Unknown keys mean the first."""
    order = order if order in SORTS else "seng"
    shown = shown if shown in FILTERS else ""
    here = [row for row in rows if row.present or (row.stay is None and row.blocked)]
    coming = sorted((row for row in rows if row not in here), key=_expected_key)
    kept = [row for row in here if FILTERS[shown][2](gate, row)]
    leaving = [row for row in here if leaves_today(gate, row.stay)]
    free = [] if shown else empty_beds(gate, beds, taken, here, coming)
    return {
        "unit": gate.unit,
        "now": gate.now,
        "summary": _summary(taken, beds, coming, leaving),
        "beds": sorted([bed_row(gate, row) for row in kept] + free, key=lambda bed: _order_key(bed, order)),
        "expected": [expected_card(gate, row) for row in coming],
        "leaving": [leaving_card(gate, row) for row in sorted(leaving, key=_leaving_key)],
        "chips": _chips(gate, here, shown, order),
        "sort": [{"value": key, "label": _(label), "selected": key == order} for key, label in SORTS.items()],
        "shown": shown,
        "hidden": len(here) - len(kept),
        "show_all_url": _url("", order),
        "actor": gate.user_id,
        "beds_url": path_to("beds"),
        "report_url": path_to("shift_report"),
    }


def bed_row(gate: Gate, row: OnBoard) -> dict[str, Any]:
    """One bed with its patient."""
    stay, patient = row.stay, row.patient
    tasks = tasks_shown(gate, row)
    nurse = stay.responsible_nurse if stay else None
    return {
        "id": f"stay-{patient.pk}",
        "number": stay.bed.number if stay and stay.bed else "–",
        "free": False,
        "patient": {
            "name": format_list_name(patient.family_name, patient.given_name), "age": age(patient, gate), "sex": format_sex_letter(patient.sex),
            "municipality": municipality(patient), "url": path_to("patient", patient.pk),
        },
        "day": (oslo_date(gate.now) - oslo_date(stay.admitted_at)).days + 1 if stay and stay.admitted_at else None,
        "cause": capitalised(stay.cause) if stay else _("Oppholdet er sperret for deg"),
        "news": board_news(gate, row.vitals),
        "tasks": tasks[:2],
        "more": max(0, len(tasks) - 2),
        "flags": flags(row),
        "nurse": {"initials": nurse.initials, "name": nurse.get_full_name()} if nurse else None,
        "leaving": leaving_cell(gate, row),
        "planned": stay.planned_discharge_at if stay else None,
    }  # fmt: skip


def empty_beds(gate: Gate, beds: list[Bed], taken: set[UUID], here: list[OnBoard], coming: list[OnBoard]) -> list[dict[str, Any]]:
    """Beds where the reader sees no patient: free, being cleaned, or taken by one whose stay is blocked for them."""
    seen = {row.stay.bed_id for row in here if row.stay}
    reserved = {row.stay.bed_id: row for row in reversed(coming) if row.stay and row.stay.bed_id}
    return [_empty_bed(gate, bed, bed.pk in taken, reserved.get(bed.pk)) for bed in beds if bed.pk not in seen]


def _empty_bed(gate: Gate, bed: Bed, taken: bool, reserved: OnBoard | None) -> dict[str, Any]:
    row = {"id": f"bed-{bed.pk}", "number": bed.number, "free": True, "empty": True, "reserved_for": _reserved(gate, reserved)}
    if taken:
        return row | {"free_label": _("Opptatt"), "free_text": _("Oppholdet er sperret for deg")}
    label = _("Ute av drift") if bed.status == Bed.Status.OUT_OF_SERVICE else _("Ledig")
    return row | {"free_label": label, "free_text": _bed_text(bed), "ready": bed.pk if bed.status == Bed.Status.CLEANING else None}


def _bed_text(bed: Bed) -> str:
    if bed.status != Bed.Status.CLEANING:
        return bed.remark
    return _("Rengjøres – klar ca. %(time)s") % {"time": format_time(bed.ready_at)} if bed.ready_at else _("Rengjøres")


def _reserved(gate: Gate, row: OnBoard | None) -> str:
    if row is None:
        return ""
    name = format_list_name(row.patient.family_name, row.patient.given_name)
    at = row.stay.expected_at if row.stay else None
    return _("%(name)s (ventes %(when)s)") % {"name": name, "when": format_near_moment(at, gate.now)} if at else name


def board_news(gate: Gate, sets: list[VitalSet]) -> dict[str, Any]:
    """The newest NEWS2, with its time as the narrow column writes it."""
    shown = news(sets)
    at = shown.get("taken_at")
    if at is None:
        return shown
    today = oslo_date(at) == oslo_date(gate.now)
    return shown | {"taken_text": _("kl. %(time)s") % {"time": format_time(at)} if today else format_near_moment(at, gate.now)}


def tasks_shown(gate: Gate, row: OnBoard) -> list[dict[str, Any]]:
    """What is next: measurements by their interval, tasks by due time, one's own notes to sign; the overdue first."""
    shown = [{"due_at": task.due_at, "state": _due_state(gate, task.due_at), "text": task.title} for task in row.tasks]
    due = row.vitals[0].next_due_at if row.vitals else None
    if due and row.present and not any("NEWS2" in task.title for task in row.tasks):
        late = due < gate.now
        shown.append({"due_at": due, "state": _due_state(gate, due), "text": _("Ny NEWS2, forfalt") if late else _("NEWS2")})
    shown.sort(key=lambda task: (task["state"] != "overdue", task["due_at"]))
    overdue = sum(task["state"] == "overdue" for task in shown)
    sign = [{"due_at": None, "state": "sign", "text": _("Signer %(note)s") % {"note": _note_name(note)}} for note in row.unsigned]
    return shown[:overdue] + sign + shown[overdue:]


def _note_name(note: Any) -> str:
    name = note.title or str(note.document_type or "")
    return name[:1].lower() + name[1:]


def _due_state(gate: Gate, due: Any) -> str:
    return "overdue" if due < gate.now else "planned"


def flags(row: OnBoard) -> list[dict[str, str]]:
    """Warnings, at most one line each: CAVE, oxygen, isolation, infection, that one is to be sent to hospital, and that something is blocked."""
    found = [{"kind": "cave", "text": _("CAVE %(substance)s") % {"substance": item.substance}} for item in row.critical if item.kind in CAVE]
    latest = row.vitals[0] if row.vitals else None
    if latest and latest.on_oxygen:
        flow = f" {format_decimal(latest.oxygen_flow)} L/min" if latest.oxygen_flow is not None else ""
        found.append({"kind": "oxygen", "text": f"O₂{flow}"})
    if row.isolation:
        found.append({"kind": "isolation", "text": row.isolation.get_kind_display()})
    found += [{"kind": "infection", "text": item.substance} for item in row.critical if item.kind not in CAVE]
    if row.decision and row.decision.outcome == StayDecision.Outcome.HOSPITAL:
        found.append({"kind": "other", "text": row.decision.get_outcome_display()})
    if row.blocked:
        found.append({"kind": "blocked", "text": _("Noe er sperret for deg")})
    return found


def leaving_cell(gate: Gate, row: OnBoard) -> dict[str, str] | None:
    """When and where to; until that is known, what was decided: stay, hospital or home, and by whom."""
    stay = row.stay
    if stay is None:
        return None
    ready = stay.status == Stay.Status.DISCHARGE_READY
    if not stay.planned_discharge_at:
        if row.decision and not ready:
            return {
                "text": row.decision.get_outcome_display(),
                "detail": f"{row.decision.author.get_full_name()} {format_near_moment(row.decision.event_at, gate.now)}",
                "state": "",
            }
        return {"text": _("Utskrivningsklar") if ready else _("Ikke avklart"), "detail": stay.destination, "state": ""}
    return {"text": capitalised(format_near_day(stay.planned_discharge_at, gate.now)) + f" {format_time(stay.planned_discharge_at)}",
            "detail": stay.destination or _("Sted ikke avklart"), "state": "" if stay.destination else "waiting"}  # fmt: skip


def expected_card(gate: Gate, row: OnBoard) -> dict[str, Any]:
    """One who is notified: with when, why and from whom once the ward has registered it. The name leads to the summary: what to know before arrival."""
    stay, patient = row.stay, row.patient
    tags = [{"text": _("Seng %(bed)s") % {"bed": stay.bed.number}, "color": "neutral"}] if stay and stay.bed else []
    return {
        "id": f"expected-{patient.pk}", "at": stay.expected_at if stay else None, "when": "" if stay and stay.expected_at else _("Ikke avklart"),
        "name": format_list_name(patient.family_name, patient.given_name), "url": path_to("summary", patient.pk), "age": age(patient, gate),
        "sex": format_sex_letter(patient.sex), "cause": sentence(stay.cause) if stay else _("Meldt. Forventet opphold er ikke registrert."), "from": stay.referrer if stay else "",
        "tags": [*tags, {"text": _("Journal åpnet for posten"), "color": "success", "icon": "ShieldCheckmark"}],
        "receive_url": path_to("stay_admit" if stay else "stay_expect", patient.pk),
    }  # fmt: skip


def leaving_card(gate: Gate, row: OnBoard) -> dict[str, Any]:
    """One who leaves today, and what is left to do."""
    stay = row.stay
    assert stay is not None  # noqa: S101 – leaves_today has chosen it
    checks = [
        (_("Utskrivningsklar"), stay.status == Stay.Status.DISCHARGE_READY), (_("Epikrise signert"), "doctor_discharge" in row.written),
        (_("Utskriving sykepleie signert"), "nurse_discharge" in row.written), (_("Ingen åpne oppgaver"), not row.tasks),
        *((item.label, item.done) for item in said_items(row.checks)),
    ]  # fmt: skip
    return {
        "id": f"leaving-{row.patient.pk}", "at": stay.planned_discharge_at, "bed": stay.bed.number if stay.bed else "",
        "name": format_list_name(row.patient.family_name, row.patient.given_name), "url": path_to("stay_discharge", row.patient.pk),
        "checks": [{"text": text, "done": done} for text, done in checks],
    }  # fmt: skip


def age(patient: Any, gate: Gate) -> str:
    return format_age(patient.birth_date, gate.now) if patient.birth_date else ""


def municipality(patient: Any) -> str:
    return (patient.municipality or "").removesuffix(" kommune") or _("Ukjent kommune")


def sentence(text: str) -> str:
    """The text with a capital first and a full stop last."""
    return capitalised(text) + ("" if text.endswith((".", "!", "?")) else ".")


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_mine(gate: Gate, row: OnBoard) -> bool:
    return row.stay is not None and gate.user_id in (row.stay.responsible_nurse_id, row.stay.responsible_doctor_id)


def _has_news(gate: Gate, row: OnBoard) -> bool:
    return bool(row.vitals) and (row.vitals[0].news2_total or 0) >= 5


def _is_overdue(gate: Gate, row: OnBoard) -> bool:
    return any(task["state"] == "overdue" for task in tasks_shown(gate, row))


Test = Callable[[Gate, OnBoard], bool]
FILTERS: dict[str, tuple[str, str, Test]] = {
    "": (gettext_noop("Alle"), "", lambda gate, row: True),
    "mine": (gettext_noop("Mine"), "", _is_mine),
    "news": (gettext_noop("NEWS2 fra 5"), "alarm", _has_news),
    "forfalt": (gettext_noop("Forfalt nå"), "Clock", _is_overdue),
    "signatur": (gettext_noop("Mangler signatur"), "PencilLine", lambda gate, row: bool(row.unsigned)),
    "klare": (
        gettext_noop("Utskrivningsklare"),
        "Leave",
        lambda gate, row: bool(row.stay and row.stay.status == Stay.Status.DISCHARGE_READY),
    ),
}


def _chips(gate: Gate, here: list[OnBoard], shown: str, order: str) -> list[dict[str, Any]]:
    return [
        {"label": _(label), "url": _url(key, order), "active": key == shown, "count": sum(test(gate, row) for row in here),
         "icon": icon if icon != "alarm" else "", "alarm": icon == "alarm"}
        for key, (label, icon, test) in FILTERS.items()
    ]  # fmt: skip


def _url(shown: str, order: str) -> str:
    query = {name: value for name, value in (("vis", shown), ("sort", order)) if value and value != "seng"}
    return f"{path_to('board')}?{urlencode(query)}" if query else path_to("board")


def _summary(taken: set[UUID], beds: list[Bed], coming: list[OnBoard], leaving: list[OnBoard]) -> str:
    return _("%(used)s av %(beds)s senger i bruk · %(coming)s ventes inn · %(leaving)s reiser i dag") % {
        "used": len(taken), "beds": len(beds), "coming": len(coming), "leaving": len(leaving)}  # fmt: skip


def _expected_key(row: OnBoard) -> tuple[bool, Any, str]:
    at = row.stay.expected_at if row.stay else None
    return (at is None, at or 0, row.patient.sort_name)


def _leaving_key(row: OnBoard) -> float:
    planned = row.stay.planned_discharge_at if row.stay else None
    return planned.timestamp() if planned else 0.0


def _order_key(bed: dict[str, Any], order: str) -> tuple[bool, Any, int]:
    """By bed number, or by what was chosen with the empty beds last."""
    number = bed["number"] if isinstance(bed["number"], int) else 999
    empty = bool(bed.get("empty"))
    if order == "seng" or empty:
        return (order != "seng", 0, number)
    if order == "news":
        total = bed["news"]["total"]
        return (False, -(total if total is not None else -1), number)
    if order == "utreise":
        return (False, bed["planned"].timestamp() if bed["planned"] else float("inf"), number)
    return (False, bed["patient"]["name"], number)
