"""Codes, times and quantities, as the sender wrote them and as we use them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_LOCAL = ZoneInfo("Europe/Oslo")  # a time without a zone is Norwegian time


@dataclass(frozen=True)
class Code:
    """A coded value: `value` in `system` (an OID, or empty where the place tells the list), with the sender's own words."""

    value: str = ""
    text: str = ""
    system: str = ""
    original: str = ""

    @property
    def label(self) -> str:
        """What to show a reader."""
        return self.text or self.original or self.value


@dataclass(frozen=True)
class Moment:
    """A time as written, which may be a year, a month, a day or an instant."""

    written: str

    @property
    def instant(self) -> datetime | None:
        """The beginning of it, in UTC; None when it cannot be told."""
        parsed = _parse(self.written)
        if parsed is None:
            return None
        try:
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=_LOCAL)).astimezone(UTC)
        except OverflowError:
            return None

    @property
    def day(self) -> date | None:
        parsed = _parse(self.written)
        return parsed.date() if parsed else None

    @property
    def shown(self) -> str:
        """«31.01.2018 10:20», «31.01.2018», «01.2018» or «2018»; as written when it is none of these."""
        parsed = _parse(self.written)
        if parsed is None:
            return self.written
        if "T" in self.written:
            local = parsed.astimezone(_LOCAL) if parsed.tzinfo and 1 < parsed.year < 9999 else parsed
            return f"{local:%d.%m.}{local.year:04} {local:%H:%M}"
        parts = self.written[:10].split("-")
        return ".".join(reversed(parts))


def _parse(written: str) -> datetime | None:
    text = {4: f"{written}-01-01", 7: f"{written}-01"}.get(len(written), written)
    if len(text) > 10 and text[10] != "T":
        text = text[:10]  # a day with a zone
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Quantity:
    """A number as written, with its unit."""

    value: str
    unit: str = ""

    @property
    def shown(self) -> str:
        return f"{self.value.replace('.', ',')} {self.unit}".strip()
