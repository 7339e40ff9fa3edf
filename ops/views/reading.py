"""Reading what was typed on the pages that set up; what cannot be read becomes a DutyError in words, with its field."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from ops.models import Terms
from ops.services.acting import DutyError
from ops.views.common import read_uuid


class Unreadable(DutyError):
    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def choice(value: Any, label: str, chosen: str | None) -> dict[str, Any]:
    return {"value": str(value), "label": str(label), "selected": str(value) == (chosen or "")}


def choices(pairs: Iterable[tuple[Any, str]], chosen: str | None) -> list[dict[str, Any]]:
    return [choice(value, label, chosen) for value, label in pairs]


def read_choice(text: str | None, among: Any, otherwise: str) -> Any:
    """The row of that id; DutyError with ``otherwise`` where there is none."""
    found = among.filter(id=read_uuid(text)).first()
    if found is None:
        raise DutyError(otherwise)
    return found


def read_number(sent: Mapping[str, str], name: str, least: int, most: int, otherwise: int | None = None) -> int:
    text = sent.get(name, "").strip()
    if not text and otherwise is not None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 7 and least <= int(text) <= most):
        raise Unreadable(name, _("Skriv et tall mellom %(least)s og %(most)s.") % {"least": least, "most": most})
    return int(text)


def read_decimal(sent: Mapping[str, str], name: str, least: int, most: int) -> Decimal:
    try:
        found = Decimal(sent.get(name, "").strip().replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        found = Decimal(-1)
    if not least <= found <= most:
        raise Unreadable(name, _("Skriv et tall mellom %(least)s og %(most)s.") % {"least": least, "most": most})
    return found


def read_only_day(sent: Mapping[str, str], name: str) -> date:
    try:
        found = datetime.strptime(sent.get(name, "").strip(), "%d.%m.%Y").date()  # noqa: DTZ007 - only the date
    except ValueError:
        raise Unreadable(name, _("Skriv datoen som dd.mm.åååå.")) from None
    if not 2000 <= found.year <= 2100:
        raise Unreadable(name, _("Sjekk året."))
    return found


def read_code(text: str) -> str:
    code = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9-]{2,24}", code):
        raise Unreadable("code", _("Skriv en kode med små bokstaver a–z, for eksempel epj."))
    return code


def names_of(text: str) -> list[str]:
    """Usernames, one on each line or with commas between."""
    return sorted({name for name in re.split(r"[\s,;]+", text) if name})


def words_of(terms: Terms | None) -> dict[str, str]:
    """Terms as the form holds them."""
    if terms is None:
        return {
            "operation": "host",
            "operator": "",
            "supplier": "",
            "answer_minutes": "15",
            "mend_minutes": "240",
            "up_percent": "99",
            "reference": "",
        }
    return {
        "operation": terms.operation, "operator": str(terms.operator_id or ""), "supplier": terms.supplier, "answer_minutes": str(terms.answer_minutes),
        "mend_minutes": str(terms.mend_minutes), "up_percent": f"{terms.up_percent.normalize():f}".replace(".", ","), "reference": terms.reference,
    }  # fmt: skip
