"""The ward's beds room by room: who lies where, isolated or not, which is free, being cleaned or out of use, and who is expected to it."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from access.gate import Gate, rows
from journal.domain.moments import write_moment
from journal.models import Bed, Stay
from journal.selectors.board import age, board_news, capitalised, expected_card, leaving_cell
from journal.selectors.ward import OnBoard
from lms_epj.core.addresses import path_to
from lms_epj.core.formatting import format_date, format_decimal, format_list_name, format_near_moment, format_sex_letter, format_time

DAYS = 14
HEIGHT, WIDTH, GAP = 96, 30, 8  # of the plot, in its own units


def bed_map(gate: Gate, found: list[OnBoard], beds: list[Bed], taken: set[UUID]) -> dict[str, Any]:
    """{rooms: [{name, beds: [tile]}], unplaced: [person], expected: [card], counts}: everyone in ``found`` is disclosed already."""
    lying = {row.stay.bed_id: row for row in found if row.present and row.stay and row.stay.bed_id}
    awaited: dict[UUID, list[OnBoard]] = defaultdict(list)
    for row in found:
        if row.stay and row.stay.status == Stay.Status.EXPECTED and row.stay.bed_id:
            awaited[row.stay.bed_id].append(row)
    tiles = [(bed, _tile(gate, bed, lying.get(bed.pk), bed.pk in taken, awaited[bed.pk])) for bed in beds]
    without = [row for row in found if row.present and row.stay and not row.stay.bed_id]
    coming = [row for row in found if not row.present and not (row.stay is None and row.blocked)]
    return {
        "rooms": _rooms(tiles), "unplaced": [_person(gate, row) | {"move_url": path_to("stay_transfer", row.patient.pk)} for row in without],
        "expected": [expected_card(gate, row) for row in coming], "counts": counts(beds, taken, [tile for _bed, tile in tiles]),
    }  # fmt: skip


def _rooms(tiles: Iterable[tuple[Bed, dict[str, Any]]]) -> list[dict[str, Any]]:
    """By room, in the order of the lowest bed; beds without a room come last, together."""
    rooms: dict[str, list[dict[str, Any]]] = {}
    for bed, tile in tiles:
        rooms.setdefault(bed.room, []).append(tile)
    return [{"name": name, "beds": some} for name, some in sorted(rooms.items(), key=lambda room: (room[0] == "", room[1][0]["number"]))]


def counts(beds: list[Bed], taken: set[UUID], tiles: list[dict[str, Any]]) -> dict[str, Any]:
    """How the beds stand now. ``share``: of those that are not out of service, in whole percent."""
    usable = [bed for bed in beds if bed.status != Bed.Status.OUT_OF_SERVICE or bed.pk in taken]
    return {
        "used": len(taken), "usable": len(usable), "free": sum(tile["state"] == "free" for tile in tiles), "cleaning": sum(tile["state"] == "cleaning" for tile in tiles),
        "out": sum(tile["state"] == "out" for tile in tiles), "share": round(100 * len(taken) / len(usable)) if usable else 0,
    }  # fmt: skip


def _tile(gate: Gate, bed: Bed, row: OnBoard | None, taken: bool, awaited: list[OnBoard]) -> dict[str, Any]:
    """One bed. ``state``: taken, hidden (taken by one whose stay is blocked for the reader), free, cleaning or out."""
    empty = {Bed.Status.READY: "free", Bed.Status.CLEANING: "cleaning", Bed.Status.OUT_OF_SERVICE: "out"}[Bed.Status(bed.status)]
    tile: dict[str, Any] = {
        "id": bed.pk, "number": bed.number, "state": "taken" if row else "hidden" if taken else empty, "remark": bed.remark, "ready_at": bed.ready_at, "room": bed.room,
        "ready_text": write_moment(bed.ready_at, gate.now) if bed.ready_at else "",
        "options": [{"value": value, "label": label, "selected": value == bed.status} for value, label in Bed.Status.choices],
        "awaited": [_awaited(gate, one) for one in awaited],
    }  # fmt: skip
    if row is not None:
        tile |= _person(gate, row) | {"move_url": path_to("stay_transfer", row.patient.pk)}
    return tile


def _person(gate: Gate, row: OnBoard) -> dict[str, Any]:
    stay, patient = row.stay, row.patient
    assert stay is not None  # noqa: S101 – only those who lie here
    return {
        "name": format_list_name(patient.family_name, patient.given_name), "age": age(patient, gate), "sex": format_sex_letter(patient.sex), "url": path_to("patient", patient.pk),
        "cause": capitalised(stay.cause), "news": board_news(gate, row.vitals), "isolation": row.isolation, "leaving": leaving_cell(gate, row),
        "nurse": stay.responsible_nurse.get_full_name() if stay.responsible_nurse else "", "blocked": row.blocked,
    }  # fmt: skip


def _awaited(gate: Gate, row: OnBoard) -> dict[str, Any]:
    stay = row.stay
    return {
        "name": format_list_name(row.patient.family_name, row.patient.given_name), "url": path_to("stay_admit", row.patient.pk),
        "when": format_near_moment(stay.expected_at, gate.now) if stay and stay.expected_at else "",
    }  # fmt: skip


def occupancy(beds: list[Bed]) -> dict[str, Any]:
    """{average, share, days: [{day, label, used, share, x, y, height}], width, height, top}: beds in use per day, as numbers and as bars."""
    usable = sum(bed.status != Bed.Status.OUT_OF_SERVICE for bed in beds)
    days = rows("occupancy", DAYS)
    most = max([Decimal(usable), *(row["used"] for row in days)], default=Decimal(1)) or Decimal(1)
    shown = [
        {"day": row["day"], "label": format_date(row["day"])[:5], "used": format_decimal(row["used"], 1), "share": round(100 * row["used"] / usable) if usable else 0,
         "x": at * (WIDTH + GAP), "y": HEIGHT - round(HEIGHT * row["used"] / most), "height": round(HEIGHT * row["used"] / most), "full": row["used"] >= usable}
        for at, row in enumerate(days)
    ]  # fmt: skip
    average = sum((row["used"] for row in days), Decimal(0)) / len(days) if days else Decimal(0)
    return {
        "days": shown, "average": format_decimal(average, 1), "share": round(100 * average / usable) if usable else 0, "bar": WIDTH, "width": len(days) * (WIDTH + GAP),
        "height": HEIGHT, "ceiling": HEIGHT - round(HEIGHT * Decimal(usable) / most), "usable": usable,
    }  # fmt: skip


def bed_choices(beds: Iterable[Bed], free: Iterable[Bed], chosen: str, isolated: Iterable[UUID] = ()) -> list[dict[str, Any]]:
    """The ward's beds to choose among by a tap: [{name of the room, isolated, beds: [{value, number, chosen, why}]}]; ``why`` says why one cannot be had."""
    every, held = list(beds), set(isolated)
    open_, closed = {bed.pk for bed in free}, {bed.room for bed in every if bed.pk in held}
    rooms: dict[str, list[dict[str, Any]]] = {}
    for bed in every:
        rooms.setdefault(bed.room, []).append(
            {"value": str(bed.pk), "number": bed.number, "chosen": str(bed.pk) == chosen, "why": _why_not(bed, bed.pk in open_)}
        )
    return [
        {"name": name, "isolated": bool(name) and name in closed, "beds": some}
        for name, some in sorted(rooms.items(), key=lambda room: (room[0] == "", room[1][0]["number"]))
    ]


def _why_not(bed: Bed, free: bool) -> str:
    if free:
        return ""
    if bed.status == Bed.Status.CLEANING:
        return _("rengjøres til %(time)s") % {"time": format_time(bed.ready_at)} if bed.ready_at else _("rengjøres")
    return _("ute av drift") if bed.status == Bed.Status.OUT_OF_SERVICE else _("opptatt")
