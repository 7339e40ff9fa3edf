"""Whose a message is. Only a national number that belongs to one person, and says the same as the name and birth date do, is enough.

A wrong match puts one person's illness in another's record; so every doubt goes to a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lms_epj.core.folding import fold


@dataclass(frozen=True)
class Candidate:
    """Who has a number: a patient, or one of the population register who has no record yet (``patient`` is None).

    ``former``: the patient had it until another took its place, as a D-number until the fødselsnummer.
    """

    number: str
    patient: UUID | None
    family: str
    given: str
    born: date | None
    dead: bool = False
    former: bool = False


@dataclass(frozen=True)
class Described:
    """Who the sender says it is about."""

    name: str
    born: date | None
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """Either ``number`` of the one it is about, or ``doubt`` in words for the person who decides."""

    number: str = ""
    patient: UUID | None = None
    dead: bool = False
    former: bool = False
    doubt: str = ""


NO_NUMBER = "Meldingen har ikke fødselsnummer, D-nummer eller felles hjelpenummer. Finn pasienten på navn og fødselsdato."
UNKNOWN = "Nummeret i meldingen finnes verken her eller i folkeregisteret."
TWO = "Numrene i meldingen tilhører to forskjellige personer."
OTHER_NAME = "Nummeret tilhører en annen enn den meldingen navngir."
OTHER_BIRTH = "Nummeret tilhører en med en annen fødselsdato enn meldingen oppgir."


def match(described: Described, candidates: Sequence[Candidate]) -> Match:
    """``candidates``: everyone who has one of the numbers."""
    if not described.numbers:
        return Match(doubt=NO_NUMBER)
    if not candidates:
        return Match(doubt=UNKNOWN)
    records = {one.patient for one in candidates if one.patient}
    strangers = [one for one in candidates if one.patient is None]
    if len(records) > 1 or (not records and len({_person(one) for one in strangers}) > 1):
        return Match(doubt=TWO)
    found = next((one for one in candidates if one.patient), candidates[0])
    if any(not _same_name(other.family, f"{found.family} {found.given}") for other in strangers if records):
        return Match(doubt=TWO)
    if not _same_name(described.name, f"{found.given} {found.family}"):
        return Match(doubt=OTHER_NAME)
    if described.born and found.born and described.born != found.born:
        return Match(doubt=OTHER_BIRTH)
    former = found.patient is not None and all(one.former for one in candidates if one.patient == found.patient)
    return Match(found.number, found.patient, found.dead, former)


def _person(one: Candidate) -> tuple[str, str, date | None]:
    return fold(one.family), fold(one.given), one.born


def _same_name(written: str, ours: str) -> bool:
    """Some word in common: names are married, shortened and turned round, but not all of them at once."""
    return bool(_words(written) & _words(ours))


def _words(name: str) -> set[str]:
    return {word for word in fold(name.replace(",", " ").replace("-", " ")).split() if len(word) > 1}


def national(numbers: Iterable[str]) -> tuple[str, ...]:
    """Without spaces, each once, in the order given."""
    return tuple(dict.fromkeys("".join(ch for ch in one if not ch.isspace()) for one in numbers))
