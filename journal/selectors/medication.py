"""The administration sheet: every order with its doses of a day, each in an honest state."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from journal.domain import cave
from journal.domain.doses import OPEN, AsNeeded, State, Status, Wait, decide_as_needed, state_of
from journal.domain.schedule import Slot, next_slot, slots
from journal.models import CriticalInfo, DoseControl, MedDose, Medication, MedOrder, MedReconciliation
from journal.services.doses import schedule_of
from journal.services.med_orders import IN_CAVE, rhythm
from lms_epj.core.clock import end_of_day, oslo_date, start_of_day
from lms_epj.core.folding import fold
from lms_epj.core.formatting import format_near_clock, format_near_day, format_near_moment, format_quantity, format_time

GROUPS = (
    ((MedOrder.Kind.REGULAR, MedOrder.Kind.ONCE), gettext_noop("Faste")), ((MedOrder.Kind.INFUSION,), gettext_noop("Infusjoner")),
    ((MedOrder.Kind.AS_NEEDED,), gettext_noop("Ved behov")),
)  # fmt: skip
STATES: dict[str, tuple[str, str]] = {
    State.PENDING: ("Clock", gettext_noop("planlagt")), State.DUE: ("Clock", gettext_noop("nå")), State.LATE: ("ExclamationmarkTriangle", gettext_noop("forsinket")),
    State.GIVEN: ("Checkmark", gettext_noop("gitt")), State.PARTLY: ("Checkmark", gettext_noop("delvis gitt")), State.NOT_GIVEN: ("XMark", gettext_noop("ikke gitt")),
    State.REFUSED: ("XMark", gettext_noop("ville ikke ha")),
}  # fmt: skip
WAITS = {Wait.TOO_SOON: gettext_noop("Tidligst %(when)s"), Wait.TOO_MANY: gettext_noop("Døgnets doser er gitt. Tidligst %(when)s")}
DECISIONS = {
    "pause": gettext_noop("Pauses under oppholdet"),
    "continue": gettext_noop("Fortsetter, ikke forordnet ennå"),
    "stop": gettext_noop("Sluttes"),
}
SOURCES: dict[str, str] = {
    "patient": gettext_noop("Pasienten"), "kin": gettext_noop("Pårørende"), "gp": gettext_noop("Fastlegens liste"), "home_care": gettext_noop("Hjemmesykepleien"),
    "prescriptions": gettext_noop("E-resept"), "multidose": gettext_noop("Multidosekort"), "letter": gettext_noop("Epikrise"),
}  # fmt: skip


def running(patients: Sequence[UUID], since: datetime, now: datetime) -> list[MedOrder]:
    """Orders that have, or had since an instant, something to give; those that wait for a doctor too."""
    live = Q(stopped_at__isnull=True) | Q(stopped_at__gte=since)
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gte=since)
    rows = MedOrder.objects.filter(live, lasting, patient_id__in=patients).select_related("author", "signed_by", "stopped_by")
    return [row for row in rows.order_by("generic", "recorded_at", "pk") if row.signed_at or row.stopped_at is None]


class Sheet:
    """The orders of some patients with what was charted on them in a span, read in three queries whatever their number."""

    def __init__(self, patients: Sequence[UUID], first: datetime, last: datetime, now: datetime) -> None:
        self.first, self.last, self.now = first, last, now
        self.orders = running(patients, first, now)
        back = first - timedelta(hours=24)  # a dose may be given early, and those as needed are counted a day back
        doses = MedDose.objects.filter(patient_id__in=patients, struck_at__isnull=True, event_at__gte=back)
        origins = [order.origin_id for order in self.orders if order.origin_id and order.origin_id != order.medication_id]
        self.before = {row.pk: row for row in MedOrder.objects.filter(patient_id__in=patients, pk__in=origins)} if origins else {}
        self.doses: dict[UUID, list[MedDose]] = defaultdict(list)
        for dose in doses.select_related("author").order_by("recorded_at", "pk"):
            self.doses[dose.order_id].append(dose)
        self.controls: dict[UUID, list[DoseControl]] = defaultdict(list)
        if any(order.double_control for order in self.orders):
            for control in DoseControl.objects.filter(patient_id__in=patients, event_at__gte=back).select_related("author"):
                self.controls[control.order_id].append(control)

    def planned(self, order: MedOrder) -> list[dict[str, Any]]:
        """The doses of one order in the span: open ones only while it runs and is signed."""
        charted = {(dose.slot_on, dose.slot_at): dose for dose in self.doses[order.pk] if dose.slot_at}
        shown = []
        for slot in slots(schedule_of(order), self.first, self.last):
            dose = charted.get((slot.on, slot.at))
            if dose is None and (order.signed_at is None or (order.stopped_at and slot.due_at >= order.stopped_at)):
                continue
            shown.append(self._slot(order, slot, dose))
        return shown

    def _slot(self, order: MedOrder, slot: Slot, dose: MedDose | None) -> dict[str, Any]:
        state = state_of(slot.due_at, Status(dose.status) if dose else None, self.now)
        icon, word = STATES[state]
        return {
            "state": str(state), "icon": icon, "word": _(word), "due_at": slot.due_at, "label": format_time(slot.due_at), "dose": dose,
            "place": f"{order.pk}|{slot.on}|{slot.at:%H:%M}|", "on": slot.on, "at": f"{slot.at:%H-%M}", "open": state in OPEN, "detail": _detail(dose, order, self.now),
            "control": self.control_of(order, slot_on=slot.on, slot_at=slot.at), "wants_control": order.double_control, "stopped": order.stopped_at is not None,
        }  # fmt: skip

    def control_of(self, order: MedOrder, **place: Any) -> DoseControl | None:
        """Who has checked this dose, the newest."""
        found = [one for one in self.controls[order.pk] if all(getattr(one, name) == value for name, value in place.items())]
        return found[-1] if found else None

    def as_needed(self, order: MedOrder) -> dict[str, Any]:
        """What was given in the last 24 hours, and whether more may be given now."""
        doses = self.doses[order.pk]
        taken = [dose for dose in doses if dose.status in ("given", "partly")]
        lately = [dose for dose in taken if dose.event_at > self.now - timedelta(hours=24)]
        limits = AsNeeded(timedelta(minutes=order.min_interval) if order.min_interval else None, order.max_per_day)
        waits = decide_as_needed(limits, [dose.event_at for dose in taken], self.now)
        previous = doses[-1].pk if doses else None
        if previous is None:
            older = MedDose.objects.filter(order_id=order.pk, struck_at__isnull=True).order_by("-recorded_at", "-pk").values_list("pk", flat=True)
            previous = older.first()
        words = {"when": format_near_clock(waits[1], self.now)} if waits else {}
        return {
            "given": [{"label": format_near_moment(dose.event_at, self.now), "dose": dose, "icon": "Checkmark", "word": _("gitt"),
                       "state": dose.status, "detail": _detail(dose, order, self.now)} for dose in lately],
            "count": _("%(count)s av %(most)s siste døgn") % {"count": len(lately), "most": order.max_per_day} if order.max_per_day else "",
            "wait": _(WAITS[waits[0]]) % words if waits else "", "place": f"{order.pk}|||{previous or ''}",
            "control": self.control_of(order, previous_id=previous), "open": bool(order.signed_at and not order.stopped_at),
        }  # fmt: skip


def _detail(dose: MedDose | None, order: MedOrder, now: datetime) -> str:
    """Who and when, and why not: «S. Haugen 08:04», «kvalm, meldt lege»."""
    if dose is None:
        return ""
    who = f"{dose.author.given_name[:1]}. {dose.author.family_name}"
    why = ", ".join(filter(None, (dose.get_reason_code_display() if dose.reason_code else "", dose.reason)))
    how_much = format_quantity(dose.dose, order.unit_text) if dose.dose is not None else ""
    return " · ".join(
        filter(None, (how_much, why.lower() if dose.reason_code != "other" else dose.reason, f"{who} {format_near_moment(dose.event_at, now)}"))
    )


def needed_place(order: MedOrder) -> str:
    """The place of the next dose of an order as needed: after the newest that stands. '' for planned doses, which have their own."""
    if order.kind != MedOrder.Kind.AS_NEEDED:
        return ""
    newest = MedDose.objects.filter(order_id=order.pk, struck_at__isnull=True).order_by("-recorded_at", "-pk").values_list("pk", flat=True).first()
    return f"{order.pk}|||{newest or ''}"


def controls_of(patient: UUID, orders: Iterable[UUID]) -> dict[tuple[Any, ...], DoseControl]:
    """Who controlled each dose of these orders, by the dose's place."""
    found = DoseControl.objects.filter(patient_id=patient, order_id__in=list(orders)).select_related("author").order_by("recorded_at", "pk")
    return {(one.order_id, one.slot_on, one.slot_at, one.previous_id): one for one in found}


def order_words(order: MedOrder, now: datetime) -> dict[str, str]:
    """How one order reads: dose, way and rhythm, and what is particular about it."""
    course = ""
    if order.ends_at and order.kind != MedOrder.Kind.ONCE:
        course = _("til og med %(day)s") % {"day": format_near_day(order.ends_at - timedelta(microseconds=1), now)}
    return {"dose": format_quantity(order.dose, order.unit_text), "rhythm": rhythm(order), "course": course}


def order_line(sheet: Sheet, order: MedOrder, substances: Sequence[str]) -> dict[str, Any]:
    now = sheet.now
    meets = cave.hits(cave.Ordered(order.generic, order.brand, order.atc), substances)
    return {
        "order": order, **order_words(order, now), "slots": sheet.planned(order), "needed": sheet.as_needed(order) if order.kind == MedOrder.Kind.AS_NEEDED else None,
        "cave": ", ".join(meets), "next": next_slot(schedule_of(order), now) if order.signed_at and not order.stopped_at and order.times else None,
        "signed": f"{order.signed_by.given_name[:1]}. {order.signed_by.family_name} {format_near_moment(order.signed_at, now)}" if order.signed_by else "",
        "stopped": f"{order.stopped_by.given_name[:1]}. {order.stopped_by.family_name} {format_near_moment(order.stopped_at, now)}" if order.stopped_by else "",
    }  # fmt: skip


def sheet_of(patient: UUID, now: datetime) -> dict[str, Any]:
    """{groups: [{title, lines}], unsigned: [line], list: [{row, decision}], reconciled}: today's sheet of one patient."""
    today = oslo_date(now)
    sheet = Sheet([patient], start_of_day(today), end_of_day(today), now)
    substances = substances_of(patient)
    lines = [order_line(sheet, order, substances) for order in sheet.orders]
    names = Counter(fold(order.generic) for order in sheet.orders if order.stopped_at is None)
    for line in lines:
        line["doubled"] = line["order"].stopped_at is None and names[fold(line["order"].generic)] > 1
        line["changed"] = changed_text(line["order"], sheet.before, now)
    signed = [line for line in lines if line["order"].signed_at]
    groups = [(title, [line for line in signed if line["order"].kind in kinds]) for kinds, title in GROUPS]
    latest = newest_reconciliation(patient)
    return {
        "groups": [{"title": _(title), "lines": found} for title, found in groups if found],
        "unsigned": [line for line in lines if not line["order"].signed_at], "today": today,
        "waiting": sum(slot["state"] in (State.DUE, State.LATE) for line in signed for slot in line["slots"]),
        "beside": beside(patient, {order.medication_id for order in sheet.orders if not order.stopped_at}, latest), "reconciled": reconciled_text(latest, now),
        "reconciled_comment": latest.comment if latest else "",
    }  # fmt: skip


def changed_text(order: MedOrder, before: Mapping[UUID, MedOrder], now: datetime) -> str:
    """«Endret 10:26 fra 30 mg, J. Amundsen», for two days after the change."""
    was = before.get(order.origin_id) if order.origin_id else None
    if was is None or order.recorded_at < now - timedelta(days=2):
        return ""
    dose = format_quantity(was.dose, was.unit_text) if (was.dose, was.unit_text) != (order.dose, order.unit_text) else rhythm(was)
    who = f"{order.author.given_name[:1]}. {order.author.family_name}"
    return _("Endret %(when)s fra %(was)s, %(who)s") % {"when": format_near_moment(order.recorded_at, now), "was": dose, "who": who}


def substances_of(patient: UUID) -> list[str]:
    known = CriticalInfo.objects.filter(patient_id=patient, ended_at__isnull=True, kind__in=IN_CAVE)
    return list(known.values_list("substance", flat=True))


def beside(patient: UUID, carried: Iterable[UUID | None], latest: MedReconciliation | None) -> list[dict[str, Any]]:
    """Medicines in use that no order carries on, and what was decided of each."""
    taken = set(carried)
    rows = Medication.objects.filter(patient_id=patient, stopped_at__isnull=True).order_by("generic", "pk")
    decided = latest.decisions if latest else {}
    return [
        {"row": row, "decision": _(DECISIONS[said]) if (said := decided.get(str(row.pk), "")) in DECISIONS else ""}
        for row in rows
        if row.pk not in taken
    ]


def newest_reconciliation(patient: UUID) -> MedReconciliation | None:
    return MedReconciliation.objects.filter(patient_id=patient).select_related("author").order_by("-event_at", "-pk").first()


def reconciled_text(row: MedReconciliation | None, now: datetime) -> str:
    """«Samstemt 22.11. kl. 20:10 av J. Amundsen mot hjemmesykepleien og e-resept»."""
    if row is None:
        return _("Legemiddellisten er ikke samstemt")
    against = ", ".join(_(SOURCES[code]).lower() for code in row.sources if code in SOURCES)
    words = {"when": format_near_clock(row.event_at, now), "who": f"{row.author.given_name[:1]}. {row.author.family_name}", "against": against}
    return _("Samstemt %(when)s av %(who)s mot %(against)s") % words if against else _("Samstemt %(when)s av %(who)s") % words
