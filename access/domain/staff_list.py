"""A file of authorisations, read line by line: what each line asks for, or what is wrong with it in words.

Pure: the caller hands in what the names mean. Semicolons as Norwegian spreadsheets write them; commas and tabs are taken too.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

COLUMNS = ("brukernavn", "rolle", "enhet", "fra", "til", "begrunnelse")
MOST_ROWS = 2000
Translate = Callable[[str], str]


class UnreadableFile(Exception):
    """Why nothing of the file can be read, in bokmål."""


@dataclass(frozen=True)
class Known:
    """What names mean here. ``roles`` and ``units``: name or code in lower case → ids (several: ambiguous). ``held``: units one may give in.

    ``live``: (user, role, unit) held already.
    """

    users: Mapping[str, UUID]
    roles: Mapping[str, Sequence[UUID]]
    units: Mapping[str, Sequence[UUID]]
    held: frozenset[UUID]
    live: frozenset[tuple[UUID, UUID, UUID]]
    myself: UUID
    today: date


@dataclass
class Line:
    """One line of the file: its words as they stand, what they mean, and every fault in it."""

    number: int
    words: dict[str, str]
    faults: list[str] = field(default_factory=list)
    user: UUID | None = None
    role: UUID | None = None
    unit: UUID | None = None
    first: date | None = None
    last: date | None = None

    @property
    def key(self) -> tuple[UUID, UUID, UUID] | None:
        """(user, role, unit), once all three are known."""
        return (self.user, self.role, self.unit) if self.user and self.role and self.unit else None


def read_lines(text: str, known: Known, translate: Translate = str) -> list[Line]:
    """Every line with its faults; none is left out.

    Raises UnreadableFile when the columns are not there, or it is empty or too long.
    """
    rows = _rows(text, translate)
    lines = [_line(number, words, known, translate) for number, words in rows]
    counted = Counter(key for one in lines if (key := one.key))
    for one in lines:
        if one.key and counted[one.key] > 1:
            one.faults.append(translate("Samme person, rolle og enhet står flere ganger i filen."))
    return lines


def _rows(text: str, translate: Translate) -> list[tuple[int, dict[str, str]]]:
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in COLUMNS if name not in names and name != "til"]
        if missing:
            raise UnreadableFile(translate("Første linje må ha kolonnene {columns}. Disse mangler: {missing}.").format(
                columns=", ".join(COLUMNS), missing=", ".join(missing)))  # fmt: skip
        rows = [
            (reader.line_num, {name: cell.strip() for name, cell in zip(names, cells, strict=False)})
            for cells in reader if any(cell.strip() for cell in cells)
        ]  # fmt: skip
    except csv.Error:
        raise UnreadableFile(translate("Filen er ikke en CSV-fil som kan leses. Lagre den fra regnearket som «CSV UTF-8».")) from None
    if not rows:
        raise UnreadableFile(translate("Filen har ingen linjer under overskriften."))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(translate("Filen har {count} linjer. Del den opp: høyst {most} om gangen.").format(count=len(rows), most=MOST_ROWS))
    return rows


def _line(number: int, words: dict[str, str], known: Known, translate: Translate) -> Line:
    line = Line(number, {name: words.get(name, "") for name in COLUMNS})
    fault = line.faults.append
    line.user = known.users.get(line.words["brukernavn"].lower())
    if line.user is None:
        fault(translate("Ingen bruker har dette brukernavnet."))
    elif line.user == known.myself:
        fault(translate("Du kan ikke gi deg selv en rolle."))
    line.role = _only(line.words["rolle"], known.roles, fault, translate("Rollen finnes ikke."), translate("Flere roller heter dette. Bruk koden."))
    line.unit = _only(line.words["enhet"], known.units, fault, translate("Enheten finnes ikke."),
                      translate("Flere enheter heter dette. Skriv «Enhet, Virksomhet»."))  # fmt: skip
    if line.unit is not None and line.unit not in known.held:
        fault(translate("Du forvalter ikke tilganger for denne enheten."))
    if line.key in known.live:
        fault(translate("Personen har denne rollen her fra før."))
    _dates(line, known.today, translate)
    if not line.words["begrunnelse"]:
        fault(translate("Begrunnelsen mangler."))
    return line


def _only(word: str, meanings: Mapping[str, Sequence[UUID]], fault: Callable[[str], None], none: str, several: str) -> UUID | None:
    found = meanings.get(word.lower(), ())
    if len(found) != 1:
        fault(several if found else none)
        return None
    return found[0]


def _dates(line: Line, today: date, translate: Translate) -> None:
    line.first = _date(line.words["fra"] or f"{today:%d.%m.%Y}", line, translate)
    line.last = _date(line.words["til"], line, translate) if line.words["til"] else None
    if line.first and line.first < today:
        line.faults.append(translate("Fra-datoen er passert. Roller gis ikke bakover i tid."))
    if line.first and line.last and line.last < line.first:
        line.faults.append(translate("Til-datoen kommer før fra-datoen."))


def _date(text: str, line: Line, translate: Translate) -> date | None:
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a date alone
        except ValueError:
            continue
        if found.year > 1900:
            return found
    line.faults.append(translate("«{text}» er ikke en dato. Skriv dd.mm.åååå.").format(text=text))
    return None
