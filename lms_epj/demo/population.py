"""Synthetic inhabitants: those with a record and the many in the population register without one."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from random import Random

from access.domain.identity import synthetic_numbers

from .names import FAMILY, GIVEN_OLD, GIVEN_YOUNG, IMMIGRANT
from .places import MUNICIPALITIES, Municipality
from .shapes import Identity, NextOfKin, Person

_GPS = (
    "Tor Eide", "Anniken Wold", "Jostein Bråten", "Kirsti Sunde", "Amir Hosseini", "Live Grønli", "Per Olav Huseby",
    "Ragna Vik", "Stefan Lindqvist", "Hilde Ruud", "Mona Gjerde", "Aksel Ødegård",
)  # fmt: skip
# relation, definite form, sex, years younger than the patient (from, to)
_RELATIONS = (
    ("datter", "datteren", "K", 24, 36), ("sønn", "sønnen", "M", 24, 36), ("søster", "søsteren", "K", -5, 8),
    ("bror", "broren", "M", -5, 8), ("niese", "niesen", "K", 22, 38), ("nevø", "nevøen", "M", 22, 38),
    ("svigerdatter", "svigerdatteren", "K", 24, 36), ("barnebarn", "barnebarnet", "K", 48, 60),
    ("nabo", "naboen", "K", 0, 30), ("venn", "vennen", "M", -4, 8),
)  # fmt: skip
_DEFINITE = {relation: definite for relation, definite, *_ in _RELATIONS} | {
    "kone": "kona",
    "ektemann": "ektemannen",
}


def definite(relation: str) -> str:
    """«datter» → «datteren», as it stands before a name in running text."""
    return _DEFINITE[relation]


class Population:
    """Makes persons one by one; a number is never given twice. ``kept``: (given, family) names that nobody gets by chance."""

    def __init__(self, rng: Random, now: datetime, kept: Collection[tuple[str, str]] = ()) -> None:
        self.rng, self.now, self.kept = rng, now, kept
        self._numbers: set[str] = set()
        self._names: set[tuple[str, str, int]] = set()
        self._count = 0
        self._places = list(MUNICIPALITIES.values())
        self._weights = [m.weight for m in self._places]

    def person(self, *, ages: tuple[int, int], municipality: str = "", living: bool = False) -> Person:
        rng = self.rng
        place = MUNICIPALITIES[municipality] if municipality else rng.choices(self._places, self._weights)[0]
        born = self.now.date() - timedelta(days=round(rng.triangular(ages[0], ages[1]) * 365.25))
        sex = rng.choices("KM", (56, 44))[0]
        given, family, language = self._name(sex, born)
        kind = rng.random()
        dead = not living and rng.random() < 0.04
        deceased = self.now - timedelta(days=rng.randint(2, 400)) if dead else None
        return self.fixed(
            given, family, born, sex, place,
            without_number=kind < 0.005, d_number=0.005 <= kind < 0.015,
            protected=rng.random() < 0.012, deceased=deceased, language=language,
        )  # fmt: skip

    def fixed(
        self,
        given: str,
        family: str,
        born: date,
        sex: str,
        place: Municipality,
        *,
        without_number: bool = False,
        d_number: bool = False,
        protected: bool = False,
        deceased: datetime | None = None,
        language: str = "",
        gp: str = "",
        known: bool = False,
    ) -> Person:
        """A person with the facts given; the rest is drawn. One who is ``known`` has the first number of the birth date, as partners know it too."""
        rng = self.rng
        self._count += 1
        postcode, city = rng.choice(place.postal)
        return Person(
            key=f"person-{self._count:06}",
            given_name=given,
            family_name=family,
            birth_date=born,
            sex=sex,
            identities=() if without_number else self._identities(born, sex, d_number, known=known),
            municipality_number=place.number,
            street=f"{rng.choice(place.streets)} {rng.randint(1, 148)}{rng.choice(('', '', '', 'A', 'B', 'C'))}",
            postcode=postcode,
            city=city,
            phone=_phone(rng),
            gp=gp or rng.choice(_GPS),
            protected_address=protected,
            deceased_at=deceased,
            language=language,
        )

    def _identities(self, born: date, sex: str, d_number: bool, *, known: bool = False) -> tuple[Identity, ...]:
        number = self._number(born, sex, d_number, 0 if known else self.rng.randrange(10_000))
        since = max(born, date(1964, 10, 1))
        if not d_number:
            return (Identity("FNR", number, since),)
        arrived = self.now.date() - timedelta(days=self.rng.randint(200, 2500))
        return (Identity("DNR", number, arrived),)

    def _number(self, born: date, sex: str, d_number: bool, seed: int) -> str:
        for number in synthetic_numbers(born, female=sex == "K", seed=seed, d_number=d_number):
            if number not in self._numbers:
                self._numbers.add(number)
                return number
        raise RuntimeError(f"no synthetic number left for {born}")

    def _name(self, sex: str, born: date) -> tuple[str, str, str]:
        rng = self.rng
        while True:
            given, family, language = self._draw_name(sex, born)
            if (given, family, born.year) not in self._names and (given, family) not in self.kept:
                self._names.add((given, family, born.year))
                return given, family, language
            if rng.random() < 0.3:
                born = born.replace(year=born.year - 1) if (born.month, born.day) != (2, 29) else born

    def _draw_name(self, sex: str, born: date) -> tuple[str, str, str]:
        rng = self.rng
        if rng.random() < 0.07:
            origin = rng.choice(list(IMMIGRANT))
            women, men, families = IMMIGRANT[origin]
            needs = origin if rng.random() < 0.6 else ""
            return rng.choice(women if sex == "K" else men), rng.choice(families), needs
        pool = (GIVEN_OLD if born.year < 1960 else GIVEN_YOUNG)[sex]
        given = rng.choice(pool)
        if rng.random() < 0.3:
            given += f" {rng.choice([n for n in pool if n != given])}"
        family = rng.choice(FAMILY)
        if rng.random() < 0.06:
            family = f"{rng.choice([n for n in FAMILY if n != family])} {family}"
        return given, family, ""

    @staticmethod
    def _given_like(person: Person, age: float, sex: str) -> list[str]:
        """Given names usual where the patient's family comes from."""
        group = _group_of(person.family_name)
        if group and person.family_name not in FAMILY:
            return group[0] if sex == "K" else group[1]
        return (GIVEN_OLD if age > 66 else GIVEN_YOUNG)[sex]

    def next_of_kin(self, person: Person) -> list[NextOfKin]:
        """One to three relatives, the nearest first; ages of relations are kept possible by choice of relation."""
        rng = self.rng
        age = person.age(self.now.date())
        spouse = ("kone", "kona", "K", 0, 0) if person.sex == "M" else ("ektemann", "ektemannen", "M", 0, 0)
        possible = [r for r in _RELATIONS if age - r[3] >= 18 and age - r[4] <= 95] + ([spouse] if age < 86 else [])
        chosen = rng.sample(possible, rng.choice((1, 2, 2, 3)))
        kin: list[NextOfKin] = []
        for index, (relation, _, sex, low, high) in enumerate(chosen):
            own_age = age - (low + high) / 2
            given = rng.choice(self._given_like(person, own_age, sex))
            outside = relation in ("nabo", "venn", "niese", "nevø") or rng.random() < 0.35
            family = rng.choice(FAMILY) if outside else person.family_name.split()[-1]
            kin.append(NextOfKin(f"{given} {family}", relation, _phone(rng), nearest=index == 0))
        return kin


def _group_of(family: str) -> tuple[list[str], list[str], list[str]] | None:
    return next((group for group in IMMIGRANT.values() if family in group[2]), None)


def _phone(rng: Random) -> str:
    """Mobile-like; the demo never rings anybody."""
    return f"4{rng.randint(0, 9)}{rng.randint(0, 9)} {rng.randint(0, 99):02} {rng.randint(0, 999):03}"
