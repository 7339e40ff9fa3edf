"""Fictional staff: the named cast that can log in, and enough colleagues to write the notes."""

from random import Random

from .names import FAMILY, GIVEN_YOUNG
from .places import LMS, MUNICIPALITIES
from .shapes import Staff

# username, given, family, role, unit
CAST = (
    ("lms.sykepleier", "Ingrid", "Solberg Haugen", "lms_nurse", LMS),
    ("lms.lege", "Jonas", "Amundsen", "lms_doctor", LMS),
    ("aas.hjemmesykepleier", "Hanne", "Moen", "home_nurse", "as.home"),
    ("aas.fysioterapeut", "Silje", "Rønning", "physiotherapist", "as.therapy"),
    ("frogn.hjemmesykepleier", "Marte", "Lunde", "home_nurse", "frogn.home"),
    ("aas.saksbehandler", "Berit", "Nygård", "case_officer", "as.office"),
)
_LMS_STAFF = (("lms_nurse", 13), ("lms_doctor", 4), ("physiotherapist", 2), ("occupational_therapist", 2))
_MUNICIPAL_STAFF = (
    ("home", "home_nurse", 9),
    ("home", "health_worker", 5),
    ("therapy", "physiotherapist", 2),
    ("therapy", "occupational_therapist", 2),
    ("office", "case_officer", 3),
)


class Roster:
    """Who works where. ``pick`` prefers nobody; ``named`` finds one of the cast."""

    def __init__(self, staff: list[Staff]) -> None:
        self.staff = staff
        self._by_place: dict[tuple[str, str], list[Staff]] = {}
        for person in staff:
            self._by_place.setdefault((person.unit, person.profession), []).append(person)
        self._by_username = {p.username: p for p in staff if p.username}

    def pick(self, rng: Random, unit: str, *professions: str) -> Staff:
        return rng.choice(self.at(unit, *professions))

    def at(self, unit: str, *professions: str) -> list[Staff]:
        return [p for role in professions for p in self._by_place.get((unit, role), ())]

    def named(self, username: str) -> Staff:
        return self._by_username[username]


def make_staff(rng: Random) -> Roster:
    """The cast, about 20 at the LMS and about 20 in each member municipality; no two share a name."""
    staff: list[Staff] = []
    taken: set[str] = set()

    def add(given: str, family: str, role: str, unit: str, username: str = "") -> None:
        taken.add(f"{given} {family}")
        number = str(9_900_000 + len(staff))  # seven digits, made up
        staff.append(Staff(f"staff-{len(staff) + 1:03}", given, family, role, unit, number, username))

    def add_some(unit: str, role: str, count: int) -> None:
        while count:
            given = rng.choice(GIVEN_YOUNG["K" if rng.random() < 0.75 else "M"])
            family = rng.choice(FAMILY)
            if f"{given} {family}" not in taken:
                add(given, family, role, unit)
                count -= 1

    for username, given, family, role, unit in CAST:
        add(given, family, role, unit, username)
    for role, count in _LMS_STAFF:
        add_some(LMS, role, count)
    for municipality in MUNICIPALITIES.values():
        if municipality.mode == "member":
            for suffix, role, count in _MUNICIPAL_STAFF:
                add_some(f"{municipality.code}.{suffix}", role, count)
    return Roster(staff)
