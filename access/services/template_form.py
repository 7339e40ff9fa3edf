"""A template as an administrator types it: one line of fields per section, made into sections or told what is wrong (R13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from access.domain.sections import LONGEST_OPTION, MOST_OPTIONS, MOST_SECTIONS, Kind, Section, number_of
from access.services.classification import code_of

SPARE = 3


@dataclass(frozen=True)
class Row:
    """One section as texts. ``errors``: field → what is wrong."""

    key: str = ""
    label: str = ""
    hint: str = ""
    kind: str = "text"
    unit: str = ""
    low: str = ""
    high: str = ""
    decimals: str = ""
    options: str = ""
    rows: int = 3
    required: bool = False
    carry: bool = True
    errors: dict[str, str] = field(default_factory=dict)


def rows_of(sections: Sequence[Section]) -> list[Row]:
    """The template as rows to edit, and some empty ones to write new sections in."""
    made = [
        Row(
            one["key"], one["label"], one.get("hint", ""), one.get("kind", "text"), one.get("unit", ""), _text(one.get("min")), _text(one.get("max")),
            _text(one.get("decimals")), "; ".join(one.get("options", ())), one.get("rows", 3), bool(one.get("required")), one.get("carry", True),
        )
        for one in sections
    ]  # fmt: skip
    return [*made, *[Row()] * SPARE]


def _text(number: Any) -> str:
    return "" if number is None else str(number).replace(".", ",")


def rows_from(post: Mapping[str, str]) -> list[Row]:
    """What was typed, in the order of the page."""
    count = int(post.get("count", "0")) if post.get("count", "").isdecimal() else 0
    return [
        Row(
            *(post.get(f"{name}-{place}", "").strip() for name in ("key", "label", "hint", "kind", "unit", "low", "high", "decimals", "options")),
            rows=_rows(post.get(f"rows-{place}", "")), required=bool(post.get(f"required-{place}")), carry=bool(post.get(f"carry-{place}")),
        )
        for place in range(min(count, MOST_SECTIONS + SPARE))
    ]  # fmt: skip


def _rows(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4", "5", "6", "8") else 3


def moved(rows: Sequence[Row], wanted: str) -> list[Row]:
    """The rows after a button for order or number of rows: «up-2», «down-0», «more»."""
    made, (act, _dash, place) = list(rows), wanted.partition("-")
    at = int(place) if place.isdecimal() else -1
    other = {"up": at - 1, "down": at + 1}.get(act, -1)
    if 0 <= at < len(made) and 0 <= other < len(made):
        made[at], made[other] = made[other], made[at]
    return [*made, *[Row()] * SPARE] if act == "more" else made


def sections_from(rows: Sequence[Row], old_keys: frozenset[str]) -> tuple[list[dict[str, Any]], list[Row]]:
    """(sections, the rows with what is wrong). A row without a heading is left out; a section keeps its key, so that what stands in it is found."""
    taken, used, made, checked = set(old_keys), set(), [], []
    labels = [row.label for row in rows if row.label]
    for row in rows:
        errors = _errors(row, labels) if row.label else ({"label": _("Skriv en overskrift, eller tøm linjen.")} if _filled(row) else {})
        checked.append(replace(row, errors=errors))
        if row.label and not errors:
            key = row.key if row.key in old_keys - used else _new_key(row.label, taken)
            taken.add(key)
            used.add(key)
            made.append(_section(row, key))
    return made, checked


def _filled(row: Row) -> bool:
    return bool(row.hint or row.unit or row.low or row.high or row.options)


def _errors(row: Row, labels: Sequence[str]) -> dict[str, str]:
    errors = {}
    if labels.count(row.label) > 1:
        errors["label"] = _("To felter kan ikke ha samme overskrift.")
    if row.kind not in list(Kind):
        errors["kind"] = _("Velg type.")
    if row.kind == Kind.NUMBER:
        low, high = number_of(row.low), number_of(row.high)
        errors |= {
            name: _("Skriv et tall, for eksempel 35,5.")
            for name, text, value in (("low", row.low, low), ("high", row.high, high))
            if text and value is None
        }
        if low is not None and high is not None and low >= high:
            errors["high"] = _("Øvre grense må være høyere enn nedre.")
        if row.decimals and row.decimals not in ("0", "1", "2", "3"):
            errors["decimals"] = _("0 til 3.")
    options = _options(row)
    if row.kind == Kind.CHOICE and not (
        2 <= len(options) <= MOST_OPTIONS and len(set(options)) == len(options) and all(len(one) <= LONGEST_OPTION for one in options)
    ):
        errors["options"] = _("Skriv minst to ulike valg, med semikolon mellom.")
    return errors


def _options(row: Row) -> list[str]:
    return [text for one in row.options.split(";") if (text := " ".join(one.split()))]


def _new_key(label: str, taken: set[str]) -> str:
    base, number = code_of(label)[:36] or "felt", 1
    key = base
    while key in taken:
        number += 1
        key = f"{base}_{number}"
    return key


def _section(row: Row, key: str) -> dict[str, Any]:
    section: dict[str, Any] = {"key": key, "label": row.label, "hint": row.hint, "rows": row.rows, "required": row.required}
    if row.kind == Kind.TEXT:
        return section if row.carry else section | {"carry": False}
    section["kind"] = row.kind
    if row.kind == Kind.NUMBER:
        limits = {"min": number_of(row.low), "max": number_of(row.high)}
        section |= {"unit": row.unit} | {name: _plain(value) for name, value in limits.items() if value is not None}
        section |= {"decimals": int(row.decimals)} if row.decimals else {}
    if row.kind == Kind.CHOICE:
        section["options"] = _options(row)
    return section


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
