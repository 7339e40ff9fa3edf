"""Medicines on paper: what the patient uses, today's sheet, orders and doses of a period."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from journal.domain.doses import State
from journal.domain.paper import Block, heading, strong, struck, table, text
from journal.models import CriticalInfo, DoseControl, MedDose, Medication, MedOrder, MedReconciliation
from journal.selectors.clinical import medications, stopped_medications
from journal.selectors.medication import SOURCES, order_words, sheet_of
from journal.selectors.paper.asked import Asked, at, by, ids, in_chunks, joined, name_of, near, printable
from lms_epj.core.clock import end_of_day, start_of_day
from lms_epj.core.formatting import NBSP, format_date, format_last_day, format_quantity, format_time

LIST = (("Legemiddel", 3.2), ("Dose og måte", 3), ("Brukes mot", 2), ("Kilde og ført", 2.4))
SHEET = (("Legemiddel", 3), ("Dose og måte", 2.8), ("Doser i dag", 4))
ORDERS = (("Legemiddel", 3), ("Dose og måte", 3.4), ("Brukes mot", 1.8), ("Fra og til", 2.4), ("Forordnet av", 2.2))
DOSES = (("Tidspunkt", 1.8), ("Legemiddel", 2.6), ("Hva som ble gjort", 3.4), ("Hvem", 2.2))


def list_blocks(patient: UUID, level: int = 2) -> Iterator[Block]:
    """What the patient uses now, as the page of medicines shows it."""
    known = ids(Medication.objects.filter(patient=patient))
    groups = [(group["title"], [line for line in group["rows"] if line["row"].pk in known]) for group in medications(patient)]
    for title, lines in groups:
        yield heading(title, level)
        yield table(title, LIST, [_in_use(line["row"], line["changed"]) for line in lines])
    if not groups:
        yield text("Ingen legemidler er ført. Det er ikke det samme som at pasienten ikke bruker noen.")
    if stopped := [row for row in stopped_medications(patient, 500) if row.pk in known]:
        yield heading("Seponert", level)
        rows = [[struck(_name(row)), joined((row.dose, row.frequency)), row.indication, f"Seponert {at(row.stopped_at)}"] for row in stopped]
        yield table("stopped", LIST, rows)


def _in_use(row: Medication, changed: str) -> list[Any]:
    name = _name(row) + (f"\n{row.warning}" if row.warning else "") + (f"\n{changed}" if changed else "")
    return [
        strong(name),
        joined((row.dose.replace(" ", NBSP), row.route, row.frequency)),
        row.indication,
        joined((row.source, f"{name_of(row.author)} {format_date(row.event_at)}"), "\n"),
    ]


def _name(row: Medication | MedOrder) -> str:
    """A number is never parted from its unit by the end of a line."""
    return joined((row.generic, f"({row.brand})" if row.brand else "", row.form, row.strength.replace(" ", NBSP)), " ")


def sheet_blocks(patient: UUID, now: datetime) -> Iterator[Block]:
    """Today's doses with what was charted of each until now, and what is used beside."""
    found, known = sheet_of(patient, now), ids(MedOrder.objects.filter(patient=patient)) | ids(Medication.objects.filter(patient=patient))
    found["groups"] = [group | {"lines": [line for line in group["lines"] if line["order"].pk in known]} for group in found["groups"]]
    found["unsigned"] = [line for line in found["unsigned"] if line["order"].pk in known]
    found["beside"] = [one for one in found["beside"] if one["row"].pk in known]
    tells_cave = bool(ids(CriticalInfo.objects.filter(patient=patient)))
    newest = printable(MedReconciliation.objects.filter(patient=patient)).select_related("author").order_by("-event_at", "-pk").first()
    yield text(f"Samstemt {at(newest.event_at)} av {name_of(newest.author)}. {newest.comment}" if newest else "Legemiddellisten er ikke samstemt.")
    for group in found["groups"]:
        yield heading(group["title"], 2)
        yield table(group["title"], SHEET, [_sheet_line(line, tells_cave) for line in group["lines"]])
    if found["unsigned"]:
        yield heading("Venter på lege. Gis ikke før de er signert", 2)
        yield table(
            "unsigned",
            SHEET,
            [[strong(_name(line["order"])), _how(line), f"Foreslått av {name_of(line['order'].author)}"] for line in found["unsigned"]],
        )
    if found["beside"]:
        yield heading("Brukes fra før, ikke forordnet her", 2)
        rows = [
            [
                strong(_name(one["row"])),
                joined((one["row"].dose.replace(" ", NBSP), one["row"].route, one["row"].frequency)),
                one["decision"] or "Ikke tatt stilling til",
            ]
            for one in found["beside"]
        ]
        yield table("beside", (SHEET[0], SHEET[1], ("Bestemt", 4)), rows)
    if not (found["groups"] or found["unsigned"] or found["beside"]):
        yield text("Ingen legemidler er forordnet eller ført.")


def _sheet_line(line: dict[str, Any], tells_cave: bool) -> list[Any]:
    """On paper every time is written out: a sheet is read after the day it was printed."""
    order, needed = line["order"], line["needed"]
    doses = [_slot(slot) for slot in line["slots"]] + [_given(slot["dose"]) for slot in (needed["given"] if needed else ())]
    if needed and needed["count"]:
        doses.append(needed["count"])
    if not doses:
        doses.append(f"Neste {near(line['next'].due_at)}" if line["next"] else "Ingen dose i dag")
    cave = f"CAVE: {line['cave']}" if line["cave"] and tells_cave else ""
    name = joined((_name(order), cave, "Dobbeltkontroll" if order.double_control else ""), "\n")
    if order.stopped_at:
        return [struck(name), _how(line), joined((*doses, f"Stoppet av {name_of(order.stopped_by)} {near(order.stopped_at)}"), "\n")]
    return [
        strong(name),
        joined((_how(line), f"{name_of(order.signed_by)} {near(order.signed_at)}" if order.signed_at else ""), "\n"),
        "\n".join(doses),
    ]


def _slot(slot: dict[str, Any]) -> str:
    """«08:00 gitt I. Solberg Haugen 07:53»; what is not given has a line to sign on, for when the screens are dark."""
    if slot["dose"]:
        return joined((slot["label"], slot["word"], slot["detail"]), "  ")
    return f"{slot['label']}  {'forsinket' if slot['state'] == State.LATE else 'planlagt'}  {'_' * 22}"


def _given(dose: MedDose) -> str:
    return joined((near(dose.event_at), dose.get_status_display().lower(), dose.reason, name_of(dose.author)), "  ")


def _how(line: dict[str, Any]) -> str:
    order = line["order"]
    volume = f"{format_quantity(order.volume_ml, 'mL')} {order.rate}".strip() if order.volume_ml else ""
    course = f"til og med {format_last_day(order.ends_at)}" if order.ends_at and order.kind != MedOrder.Kind.ONCE else ""
    return joined((line["dose"], volume, order.route, line["rhythm"], course, order.indication))


def order_blocks(patient: UUID, asked: Asked, now: datetime) -> Iterator[Block]:
    """Orders that ran in the period."""
    rows = MedOrder.objects.filter(patient=patient).select_related("author", "signed_by", "stopped_by").order_by("starts_at", "pk")
    if asked.first:
        since = start_of_day(asked.first)
        rows = rows.filter(Q(stopped_at=None) | Q(stopped_at__gte=since)).filter(Q(ends_at=None) | Q(ends_at__gte=since))
    if asked.last:
        rows = rows.filter(starts_at__lt=end_of_day(asked.last))
    for chunk in in_chunks(printable(rows)):
        yield table("orders", ORDERS, [_order(row, now) for row in chunk])


def _order(row: MedOrder, now: datetime) -> list[Any]:
    words = order_words(row, now)
    until = (
        f"stoppet {near(row.stopped_at)}, {name_of(row.stopped_by)}" + (f": {row.stop_reason}" if row.stop_reason else "")
        if row.stopped_at
        else f"til {near(row.ends_at)}"
        if row.ends_at
        else ""
    )
    signed = f"{name_of(row.signed_by)} {near(row.signed_at)}" if row.signed_at else f"IKKE SIGNERT. Foreslått av {name_of(row.author)}"
    name = struck(_name(row)) if row.stopped_at else strong(_name(row))
    return [
        name,
        joined((words["dose"], row.route, words["rhythm"], row.instruction)),
        row.indication,
        joined((f"fra {near(row.starts_at)}", until), "\n"),
        signed,
    ]


def dose_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    """Who gave what, in the order it was done; struck ones too, with the reason."""
    for chunk in in_chunks(
        printable(asked.within(MedDose.objects.filter(patient=patient))).select_related("author", "struck_by").order_by("event_at", "pk")
    ):
        orders = {row.pk: row for row in printable(MedOrder.objects.filter(patient=patient, pk__in={dose.order_id for dose in chunk}))}
        controls = {
            (one.order_id, one.slot_on, one.slot_at, one.previous_id): one
            for one in printable(DoseControl.objects.filter(patient=patient, order_id__in=orders)).select_related("author")
        }
        yield table("doses", DOSES, [_dose(dose, orders.get(dose.order_id), controls) for dose in chunk])


def _dose(dose: MedDose, order: MedOrder | None, controls: Mapping[tuple[Any, ...], DoseControl]) -> list[Any]:
    amount = dose.dose if dose.dose is not None else order.dose if order and dose.status == "given" else None
    how_much = format_quantity(amount, order.unit_text) if order and amount is not None else ""
    planned = f"planlagt {dose.slot_at:%H:%M}" if dose.slot_at and f"{dose.slot_at:%H:%M}" != format_time(dose.event_at) else ""
    what = joined((dose.get_status_display(), how_much, dose.get_reason_code_display() if dose.reason_code else "", dose.reason, planned))
    control = controls.get((dose.order_id, dose.slot_on, dose.slot_at, dose.previous_id))
    who = joined((name_of(dose.author), f"kontrollert av {name_of(control.author)}" if control else ""), "\n")
    if dose.struck_at:
        why = f"Feilført: {dose.struck_reason}. {name_of(dose.struck_by)} {near(dose.struck_at)}"
        return [struck(near(dose.event_at)), struck(order.generic if order else ""), f"{what}\n{why}", who]
    return [near(dose.event_at), order.generic if order else "", what, who]


def reconciliation_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = printable(asked.within(MedReconciliation.objects.filter(patient=patient))).select_related("author", "unit").order_by("event_at", "pk")
    lines = [
        [near(row.event_at), row.get_occasion_display(), joined(str(SOURCES[code]) for code in row.sources if code in SOURCES), row.comment, by(row.author, row.unit)]
        for row in rows
    ]  # fmt: skip
    if lines:
        yield table("reconciliations", (("Tidspunkt", 2), ("Når", 2), ("Mot hvilke kilder", 3), ("Merknad", 3), ("Hvem", 3)), lines)
