"""Home care's day (R24): the service gives access, the list only sorts. Who is admitted stays on the list, paused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call
from journal.domain.signing import State
from journal.models import CriticalInfo, CriticalInfoStatus, NextOfKin, Note, Stay, Task, Visit
from journal.selectors.board import age, sentence
from journal.selectors.frame import patients_among
from journal.selectors.timeline import content_text
from journal.selectors.vitals import news
from journal.selectors.ward import CAVE, newest_vitals, open_tasks
from lms_epj.core.clock import end_of_day, from_oslo, oslo_date, start_of_day
from lms_epj.core.formatting import format_at, format_list_name, format_near_day, format_near_moment, format_sex_letter, format_time

# Key of a part of the day → label, first and last hour in Norway.
PARTS = {"morgen": (gettext_noop("Til kl. 11"), 0, 11), "dag": (gettext_noop("11–15"), 11, 15), "kveld": (gettext_noop("Fra kl. 15"), 15, 24)}
MINE = "mine"
HOME_AGAIN = timedelta(hours=72)
ICONS = (
    ("Bandage", ("sår", "bandasje", "kompresjon")), ("PillCircleRectangle", ("multidose", "dosett")),
    ("MedicineBottle", ("insulin", "medisin", "dråper", "injeksjon", "fragmin", "tablett")), ("Vitals", ("news", "blodtrykk", "puls", "vekt", "måling", "blodsukker")),
    ("Footprint", ("strømper", "fot")), ("Cutlery", ("frokost", "middag", "kvelds", "mat")), ("Raindrop", ("dusj", "stell", "kateter")),
)  # fmt: skip


def day_choice(gate: Gate, wanted: str) -> tuple[str, list[UUID]]:
    """(what to show, ids of the patients): one's own visits where there are any, else this part of the day. Opens nothing."""
    if wanted not in PARTS:
        mine = _visit_patients(gate, MINE)
        if mine or wanted == MINE:
            return MINE, mine
        wanted = next(key for key, (_label, _first, last) in PARTS.items() if _hour(gate) < last)
    return wanted, _visit_patients(gate, wanted)


def day_context(gate: Gate, wanted: str, *, done: str = "", remarks: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What daylist.html shows. ``done``: id of the visit just charted, to offer «Angre»; ``remarks``: what a refused form held."""
    shown, ids = day_choice(gate, wanted)
    ids = gate.disclose(ids)
    patients = {p.pk: p for p in patients_among(ids)}
    visits = _visits(gate, shown, ids)
    stays = _stays(gate, ids)
    coming = [v for v in visits if v.status == Visit.Status.PLANNED and not _is_paused(stays.get(v.patient_id))]
    chosen = next((v for v in coming if v.started_at), coming[0] if coming else None)
    rows = [visit_row(gate, v, patients[v.patient_id], stays.get(v.patient_id), chosen) for v in visits]
    finished = sum(row["state"] in ("done", "deviation") for row in rows)
    return {
        "now": gate.now,
        "summary": _("%(unit)s · %(done)s av %(all)s besøk utført") % {"unit": gate.unit["name"], "done": finished, "all": len(rows)},
        "progress": [row["state"] for row in rows],
        "progress_text": _("%(done)s av %(all)s besøk er ført") % {"done": finished, "all": len(rows)},
        "chips": _chips(shown),
        "done": [row for row in rows if row["state"] in ("done", "deviation")],
        "later": [row for row in rows if row["state"] in ("planned", "paused")],
        "next": _next(gate, chosen, patients[chosen.patient_id], stays.get(chosen.patient_id), remarks or {}) if chosen else None,
        "detail": _detail(gate, patients[chosen.patient_id]) if chosen else None,
        "tasks": _tasks(gate, ids, patients),
        "undo": _undo(gate, visits, patients, done),
        "hidden": {"actor": gate.user_id},
        "updated_at": gate.now,
    }  # fmt: skip


def visit_row(gate: Gate, visit: Visit, patient: Any, stay: Stay | None, chosen: Visit | None) -> dict[str, Any]:
    """One visit as a row of the list."""
    row = {
        "id": visit.pk, "at": visit.planned_at, "minutes": visit.minutes, "name": format_list_name(patient.family_name, patient.given_name),
        "url": reverse("patient", args=[patient.pk]), "address": address(patient), "tag": None, "tasks": [],
        "state": "now" if visit == chosen else "planned",
    }  # fmt: skip
    if visit.status == Visit.Status.DONE:
        text = _("Utført %(time)s") % {"time": format_time(visit.done_at)} if visit.done_at else _("Utført")
        undone = visit.remark and not all(chore.get("done") for chore in visit.chores)
        tag = {"text": _("Avvik: %(remark)s") % {"remark": visit.remark}, "color": "oransje", "icon": "ExclamationmarkTriangle"}
        return row | {"state": "deviation" if undone else "done", "at": visit.done_at or visit.planned_at, "minutes": None, "address": "",
                      "tag": tag if undone else {"text": text, "color": "success", "icon": "CheckmarkCircle"}}  # fmt: skip
    if visit.status == Visit.Status.NOT_HOME:
        return row | {"state": "deviation", "minutes": None, "address": "",
                      "tag": {"text": _("Ikke hjemme"), "color": "oransje", "icon": "ExclamationmarkTriangle"}}  # fmt: skip
    if _is_paused(stay):
        return row | {
            "state": "paused",
            "address": _admitted_text(gate, stay),
            "tag": {"text": _("Besøk satt på pause"), "color": "neutral", "icon": "Pause"},
        }
    if stay is not None:
        row["tag"] = {"text": _("Nytt fra LMS"), "color": "accent", "icon": "Hospital"}
    return row | {"tasks": chores(visit)}


def chores(visit: Visit) -> list[dict[str, Any]]:
    """The visit's chores with an icon by what they say."""
    return [
        {"icon": next((icon for icon, words in ICONS if any(w in chore["text"].lower() for w in words)), "Tasklist"), "text": chore["text"],
         "done": chore.get("done", False), "place": place}
        for place, chore in enumerate(visit.chores)
    ]  # fmt: skip


def address(patient: Any) -> str:
    return _("Adressen er sperret. Spør leder.") if patient.protected_address else patient.address


def _visits(gate: Gate, shown: str, ids: Iterable[UUID]) -> list[Visit]:
    first, last = _span(gate, shown)
    visits = Visit.objects.filter(visiting_unit=gate.unit_id, planned_at__gte=first, planned_at__lt=last, patient__in=ids)
    if shown == MINE:
        visits = visits.filter(assigned_to=gate.user_id)
    return list(visits.exclude(status=Visit.Status.CANCELLED).order_by("planned_at", "id"))


def _visit_patients(gate: Gate, shown: str) -> list[UUID]:
    first, last = _span(gate, shown)
    return list(call("visit_patients", first, last, shown == MINE))


def _span(gate: Gate, shown: str) -> tuple[datetime, datetime]:
    today = oslo_date(gate.now)
    if shown not in PARTS:
        return start_of_day(today), end_of_day(today)
    _label, first, last = PARTS[shown]
    start = from_oslo(datetime.combine(today, time(first)))
    return start, end_of_day(today) if last == 24 else from_oslo(datetime.combine(today, time(last)))


def _hour(gate: Gate) -> int:
    return (gate.now - start_of_day(oslo_date(gate.now))) // timedelta(hours=1)


def _stays(gate: Gate, ids: Iterable[UUID]) -> dict[UUID, Stay]:
    """The stay that concerns home care now: under way, or ended in these days."""
    under_way = Stay.objects.filter(patient__in=ids, status__in=Stay.PRESENT)
    ended = Stay.objects.filter(patient__in=ids, status=Stay.Status.DISCHARGED, discharged_at__gte=gate.now - HOME_AGAIN)
    found = (under_way | ended).select_related("bed", "ward", "legal_entity").order_by("event_at")
    return {stay.patient_id: stay for stay in found}


def _is_paused(stay: Stay | None) -> bool:
    return stay is not None and stay.status in Stay.PRESENT


def _admitted_text(gate: Gate, stay: Stay | None) -> str:
    if stay is None or stay.admitted_at is None:
        return ""
    text = _("Innlagt %(place)s siden %(day)s") % {"place": stay.legal_entity.name, "day": format_near_day(stay.admitted_at, gate.now)}
    return f"{text}, {_('seng')} {stay.bed.number}" if stay.bed else text


def _next(gate: Gate, visit: Visit, patient: Any, stay: Stay | None, remarks: Mapping[str, str]) -> dict[str, Any]:
    """The one big card. Chores are ticked off here; what is not done needs a remark."""
    cave = CriticalInfo.objects.filter(patient=patient, ended_at=None, kind__in=CAVE).order_by("substance").first()
    names = {"start": "visit_start", "finish": "visit_finish", "not_home": "visit_not_home"}
    urls = {key: reverse(name, args=[patient.pk, visit.pk]) for key, name in names.items() if key != "start" or not visit.started_at}
    ticked = remarks.get("ticked", "").split()
    return {
        "id": visit.pk, "at": visit.planned_at, "until": visit.planned_at + timedelta(minutes=visit.minutes), "started_at": visit.started_at,
        "name": format_list_name(patient.family_name, patient.given_name), "url": reverse("patient", args=[patient.pk]),
        "sex_age": f"{age(patient, gate)} {format_sex_letter(patient.sex)}", "birth_date": patient.birth_date, "address": address(patient),
        "cave": {"text": _("CAVE %(substance)s") % {"substance": cave.substance}} if cave else None, "news_from": _news_from(gate, patient, stay),
        "chores": [chore | {"done": chore["done"] or str(chore["place"]) in ticked} for chore in chores(visit)], "urls": urls,
        "hidden": {"patient": patient.pk, "actor": gate.user_id, "lock_version": visit.lock_version},
        "remark": remarks.get("remark", ""), "error": remarks.get("error", ""),
    }  # fmt: skip


def _news_from(gate: Gate, patient: Any, stay: Stay | None) -> dict[str, str] | None:
    """«Hjem fra Follo LMS i går kl. 14:10. Hjertesvikt.» – for some days after discharge."""
    if stay is None or stay.discharged_at is None:
        return None
    home = _("Hjem fra %(place)s %(when)s.") % {"place": stay.legal_entity.name, "when": _when(gate, stay.discharged_at)}
    return {"text": f"{home} {sentence(stay.cause)}", "url": reverse("notes", args=[patient.pk]), "label": _("Les notatene")}


def _when(gate: Gate, moment: datetime) -> str:
    text = format_near_moment(moment, gate.now)
    return _("i dag kl. %(time)s") % {"time": text} if oslo_date(moment) == oslo_date(gate.now) else text


def _detail(gate: Gate, patient: Any) -> dict[str, Any]:
    """The pane beside the list on a desktop: who it is, what others have charted, the last measurements, next of kin."""
    cave = list(CriticalInfo.objects.filter(patient=patient, ended_at=None, kind__in=CAVE).order_by("substance"))
    notes = Note.objects.filter(patient=patient, state__in=[State.SIGNED, State.COSIGNED], corrects=None).exclude(legal_entity__in=gate.own_entities)
    kin = NextOfKin.objects.filter(patient=patient, ended_at=None).order_by("-nearest").first()
    items = [{"substance": item.substance, "reaction": item.reaction, "year": item.year} for item in cave]
    stated = CriticalInfoStatus.objects.filter(patient=patient).order_by("-event_at").first() if not items else None
    return {
        "patient": {"family_name": patient.family_name, "given_name": patient.given_name, "birth_date": patient.birth_date, "sex": patient.sex,
                    "number": patient.number or "", "cave": {"state": "known" if items else "none" if stated and stated.none_known else "not_recorded", "items": items}},
        "basis": {"text": _("enheten din gir pasienten tjenester. Oppslaget er logget.")},
        "open_url": reverse("patient", args=[patient.pk]),
        "notes": [
            {"mark": n.mark, "title": n.title or str(n.document_type or ""), "at": n.event_at, "author": n.author.get_full_name(), "text": content_text(n)[:240]}
            for n in notes.filter(event_at__gte=gate.now - timedelta(days=7)).select_related("author", "document_type").order_by("-event_at")[:3]
        ],
        "measurements": [
            {"at": row.event_at, "news": news([row]), "pulse": row.pulse,
             "blood_pressure": f"{row.systolic}/{row.diastolic}" if row.systolic and row.diastolic else ""}
            for row in newest_vitals([patient.pk], 3).get(patient.pk, [])
        ],
        "next_of_kin": f"{kin.name} ({kin.relation}), {kin.phone}" if kin else "",
    }  # fmt: skip


def _tasks(gate: Gate, ids: Iterable[UUID], patients: Mapping[UUID, Any]) -> list[dict[str, Any]]:
    """The unit's tasks of the day for those on the list; the whole work list stands on a page of its own."""
    end = end_of_day(oslo_date(gate.now))
    rows: dict[UUID, list[Task]] = open_tasks(gate, ids) if ids else defaultdict(list)
    tasks = sorted((t for found in rows.values() for t in found if t.due_at < end), key=lambda t: t.due_at)
    return [
        {"title": t.title, "due_at": t.due_at, "overdue": t.due_at < gate.now, "url": reverse("tasks"),
         "name": format_list_name(patients[t.patient_id].family_name, patients[t.patient_id].given_name)}
        for t in tasks
    ]  # fmt: skip


def _undo(gate: Gate, visits: list[Visit], patients: Mapping[UUID, Any], done: str) -> dict[str, Any] | None:
    """The line that takes back what was just charted."""
    visit = next((v for v in visits if str(v.pk) == done and v.done_by_id == gate.user_id), None)
    if visit is None:
        return None
    patient = patients[visit.patient_id]
    at = visit.done_at or visit.started_at
    word = str(visit.get_status_display()) if visit.status != Visit.Status.PLANNED else _("Besøk startet")
    name = format_list_name(patient.family_name, patient.given_name)
    return {
        "text": f"{name}: {word.lower()} {format_at(at)}." if at else name, "url": reverse("visit_undo", args=[patient.pk, visit.pk]),
        "hidden": {"patient": patient.pk, "actor": gate.user_id, "lock_version": visit.lock_version},
    }  # fmt: skip


def _chips(shown: str) -> list[dict[str, Any]]:
    names = {MINE: _("Mine besøk"), **{key: _(label) for key, (label, _first, _last) in PARTS.items()}}
    return [{"label": name, "url": f"{reverse('daylist')}?{urlencode({'vis': key})}", "active": key == shown} for key, name in names.items()]
