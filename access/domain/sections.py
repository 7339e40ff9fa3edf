"""The fields of a document's template, and whether what stands in them can be signed (R9, R13). A draft may hold anything: nothing is asked while one writes.

A section is a dict: key, label, hint, rows, required; and, where it is no free text, kind with unit, min, max, decimals (number) or options (choice).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Section = Mapping[str, Any]
LONGEST_OPTION, MOST_OPTIONS, MOST_SECTIONS = 80, 20, 40


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


class Wrong(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    DECIMALS = "decimals"
    BELOW = "below"
    ABOVE = "above"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_DATE = "not_a_date"


def kind_of(section: Section) -> Kind:
    return Kind(section.get("kind") or Kind.TEXT)


def number_of(text: str) -> Decimal | None:
    """A number as Norwegians write it: comma or point, no thousands mark. None for anything else."""
    compact = text.strip().replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", compact):
        return None
    try:
        return Decimal(compact)
    except InvalidOperation:
        return None


def wrong_value(section: Section, text: str) -> Wrong | None:
    """Why this value cannot be signed; None for what can, and for nothing."""
    text = text.strip()
    if not text:
        return None
    match kind_of(section):
        case Kind.NUMBER:
            return _wrong_number(section, number_of(text))
        case Kind.CHOICE:
            return None if text in section.get("options", ()) else Wrong.NOT_AN_OPTION
        case Kind.DATE:
            return None if _is_date(text) else Wrong.NOT_A_DATE
    return None


def wrong_values(sections: Iterable[Section], content: Mapping[str, str]) -> dict[str, Wrong]:
    """Section key → what is wrong, in the template's order."""
    found = {section["key"]: wrong_value(section, content.get(section["key"], "")) for section in sections}
    return {key: wrong for key, wrong in found.items() if wrong}


def _wrong_number(section: Section, value: Decimal | None) -> Wrong | None:
    if value is None:
        return Wrong.NOT_A_NUMBER
    low, high, decimals = section.get("min"), section.get("max"), section.get("decimals")
    if decimals is not None and -int(value.normalize().as_tuple().exponent) > decimals:
        return Wrong.DECIMALS
    if low is not None and value < Decimal(str(low)):
        return Wrong.BELOW
    return Wrong.ABOVE if high is not None and value > Decimal(str(high)) else None


def _is_date(text: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    if not found:
        return False
    try:
        date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return False
    return True


def shown_value(section: Section, text: str) -> str:
    """The value with its unit, as it is read on pages and paper."""
    unit = section.get("unit", "")
    return f"{text.strip()} {unit}" if unit and text.strip() else text
