"""Whom the partners write about: the two of the stories, or whoever is described to them. Synthetic people only."""

from datetime import date
from typing import Any

from access.domain.identity import synthetic_number
from messaging.formats.model.parties import Identifier, Person
from messaging.formats.model.values import Code, Moment
from messaging.simulator.addresses import OID

FNR = Code("FNR", "Fødselsnummer", f"{OID}8116")
SEXES = {"K": Code("2", "Kvinne"), "M": Code("1", "Mann")}


def person(given: str, family: str, born: date, sex: str, number: str) -> Person:
    """``sex`` K or M."""
    return Person(family=family, given=given, born=Moment(born.isoformat()), sex=SEXES[sex], identifiers=(Identifier(number, FNR),))


def _named(given: str, family: str, born: date, sex: str) -> Person:
    return person(given, family, born, sex, synthetic_number(born, female=sex == "K"))


PEOPLE = {
    "per": _named("Per Kristian", "Brekke", date(1939, 9, 21), "M"),
    "kari": _named("Kari Marie", "Hansen", date(1942, 2, 3), "K"),
}

# The hospital writes these about patients it knows have a record here; about others they are refused, as the standards demand.
USUAL = {"SVAR_LAB": "kari", "EPIKRISE": "kari"}


def usual(kind: str) -> str:
    """Whom a message of a kind is about when nobody says."""
    return USUAL.get(kind, "per")


def described(told: Any) -> Person:
    """«per», «kari», or {given, family, born, sex, number}. ValueError for anything else."""
    if isinstance(told, str) and told in PEOPLE:
        return PEOPLE[told]
    if not isinstance(told, dict):
        raise ValueError(f"patient: {', '.join(PEOPLE)} or an object")
    try:
        values = {key: str(told[key]) for key in ("given", "family", "born", "sex", "number")}
        return person(values["given"], values["family"], date.fromisoformat(values["born"]), values["sex"], values["number"])
    except KeyError as error:
        raise ValueError(f"patient: {error.args[0]} is missing or unknown") from error
