"""The curve on paper, as tables: sets of vital signs with NEWS2, what was measured beside, and the fluid balance of each day."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from journal.domain.observations import ESAS_ITEMS, Kind
from journal.domain.paper import Block, heading, strong, struck, table, text
from journal.domain.scores import SCORES
from journal.models import MedDose, Observation, OxygenScale, VitalSet
from journal.selectors.observations import ESAS, LABELS, fluid_days, text_of, unit_of
from journal.selectors.paper.asked import Asked, by, in_chunks, joined, name_of, near, printable
from journal.selectors.vitals import CURVE_ROWS, value_text
from lms_epj.core.clock import end_of_day, start_of_day
from lms_epj.core.formatting import format_date

SETS = (("Tidspunkt", 2.3), ("NEWS2", 1), ("Resp.\n/min", 0.9), ("SpO₂\n%", 0.9), ("Oksygen\nL/min", 1.1), ("Blodtrykk\nmmHg", 1.4), ("Puls\n/min", 0.9), ("Temp\n°C", 0.9),
        ("Bev.", 0.7), ("Målt av", 2.4))  # fmt: skip
OTHERS = (("Tidspunkt", 2), ("Hva", 1.4), ("Verdi", 4.4), ("Merknad", 2.2), ("Målt av", 2.4))
DAYS = (("Døgn", 2.2), ("Inn", 1.2), ("Hva inn", 3), ("Ut", 1.2), ("Hva ut", 3), ("Balanse", 1.4))


def curve_blocks(patient: UUID, asked: Asked, now: datetime) -> Iterator[Block]:
    """Everything of the curve in the period, each kind under a heading of its own; the fluid balance where the period begins with a day."""
    chapters = (
        ("NEWS2 og vitale mål", set_blocks(patient, asked)),
        ("Andre målinger", observation_blocks(patient, asked)),
        ("Væskebalanse", fluid_blocks(patient, asked, now)),
    )
    empty = True
    for title, blocks in chapters:
        for number, block in enumerate(blocks):
            if number == 0:
                yield heading(title)
            empty = False
            yield block
    if empty:
        yield text("Ingen målinger i perioden.")


def set_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = printable(asked.within(VitalSet.objects.filter(patient=patient))).select_related("author", "struck_by").order_by("event_at", "pk")
    for chunk in in_chunks(rows):
        yield table("sets", SETS, [_set(row) for row in chunk])


def _set(row: VitalSet) -> list[Any]:
    values = [value_text(row, key) for key, _label, _unit in CURVE_ROWS]
    total = str(row.news2_total) if row.news2_total is not None else "–"
    if row.spo2_scale == 2 and values[1]:
        values[1] += " (skala 2)"
    who = name_of(row.author) + (f"\n{row.comment}" if row.comment else "")
    if row.struck_at:
        why = f"{who}\nFeil: {row.struck_reason}. {name_of(row.struck_by)} {near(row.struck_at)}"
        return [struck(near(row.event_at)), struck(total), *(struck(value) for value in (*values, row.consciousness)), why]
    return [near(row.event_at), strong(total), *values, row.consciousness, who]


def observation_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = printable(asked.within(Observation.objects.filter(patient=patient))).select_related("author", "struck_by").order_by("event_at", "pk")
    for chunk in in_chunks(rows):
        yield table("observations", OTHERS, [_observation(row) for row in chunk])


def _observation(row: Observation) -> list[Any]:
    value, label = _value(row), str(LABELS[Kind(row.kind)])
    if row.struck_at:
        why = joined((row.comment, f"Feil: {row.struck_reason}. {name_of(row.struck_by)} {near(row.struck_at)}"), "\n")
        return [struck(near(row.event_at)), struck(label), struck(value), why, name_of(row.author)]
    return [near(row.event_at), label, value, row.comment, name_of(row.author)]


def _value(row: Observation) -> str:
    """Every answer of ESAS and of a score, not only what the screen has room for."""
    if row.kind == Kind.ESAS:
        return joined(f"{ESAS[item]} {row.answers[item]}" for item in ESAS_ITEMS if item in row.answers)
    if row.kind == Kind.SCORE:
        return joined(
            (text_of(row), joined(f"{item.label} {row.answers[item.key]}" for item in SCORES[row.code].items if item.key in row.answers)), "\n"
        )
    return text_of(row, unit_of(row))


def scale_blocks(patient: UUID, asked: Asked) -> Iterator[Block]:
    rows = printable(asked.within(OxygenScale.objects.filter(patient=patient))).select_related("author", "unit").order_by("event_at", "pk")
    lines = [[near(row.event_at), f"Skala {row.scale}", row.reason, by(row.author, row.unit)] for row in rows]
    if lines:
        yield table("scales", (("Tidspunkt", 2), ("SpO₂", 1), ("Grunn", 4), ("Bestemt av", 3)), lines)


def fluid_blocks(patient: UUID, asked: Asked, now: datetime) -> Iterator[Block]:
    """Worked out anew from what may be printed. Infusions count too: where a dose may be read but not printed, no sum tells of it."""
    if not asked.first:
        return
    first, last = start_of_day(asked.first), min(now, end_of_day(asked.last)) if asked.last else now
    rows = list(printable(Observation.objects.filter(patient=patient, event_at__gte=first, event_at__lt=last)).order_by("event_at", "pk"))
    doses = MedDose.objects.filter(patient=patient, event_at__gte=first, event_at__lt=last)
    if not any(row.kind in (Kind.FLUID_IN, Kind.FLUID_OUT) for row in rows) or printable(doses).count() < doses.count():
        return
    days = fluid_days(patient, rows, first, last)
    yield table("fluids", DAYS, [
        [format_date(day["day"]) + ("" if day["whole"] else " (til nå)"), day["into"], day["into_words"], day["out"], day["out_words"], strong(day["net"])]
        for day in reversed(days)
    ])  # fmt: skip
