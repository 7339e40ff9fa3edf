"""100 000 persons in the population register; some 28 000 of them have a record."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.backends.utils import CursorWrapper

from access.models import RegisterPerson
from lms_epj.core.folding import fold
from lms_epj.demo.bulk import ACTIVE_SHARE, PERSONS, Bulk
from lms_epj.demo.load.copying import Keys, copy_lines, line
from lms_epj.demo.load.follo.staff import ACTIVE, AT_HOME, Patient, Place, Region
from lms_epj.demo.load.progress import Progress
from lms_epj.demo.places import LMS, MUNICIPALITIES

REGISTER = (
    "number", "kind", "family_name", "given_name", "birth_date", "sex", "municipality_number", "address", "protected_address", "name_fold",
)  # fmt: skip
PATIENT = (
    "id", "family_name", "given_name", "birth_date", "sex", "municipality_number", "address", "protected_address", "phone",
    "general_practitioner", "registered_at", "name_fold",
)  # fmt: skip
IDENTITY = ("id", "patient_id", "kind", "value")
LONG_STAY = 0  # index of the one patient with a very long course, in the home nursing of Ås


def load_people(cursor: CursorWrapper, region: Region, source: Bulk, progress: Progress) -> None:
    """Register, patients and their numbers. A number that the ward's people have already is not given twice."""
    taken = set(RegisterPerson.objects.using(region.org.using).values_list("number", flat=True))
    rng, keys = Random("follo-people"), Keys("follo-people")
    active = round(ACTIVE * source.people / PERSONS) - 500  # the ward's own courses are there already
    register: list[str] = []
    patients: list[str] = []
    identities: list[str] = []
    for chunk in source.persons():
        for person in chunk:
            index, given, family, _born, _sex, number, *_ = person
            if number not in taken:
                register.append(_register_line(person))
            if index < source.patients:
                key = keys(_registered(source.now, rng))
                home = _home(region, person, rng)
                region.patients.append(Patient(key, f"{given} {family}", home, index < active and home.key != LMS))
                patients.append(_patient_line(key, person, source.now))
                if number not in taken:
                    identities.append(line(keys(0), key, "FNR", number))
    progress.say("people")
    copy_lines(cursor, "access_registerperson", REGISTER, register, progress)
    copy_lines(cursor, "access_patient", PATIENT, patients, progress)
    copy_lines(cursor, "access_patientidentity", IDENTITY, identities, progress)
    assert round(ACTIVE_SHARE * source.people) == len(patients) or source.people < 100  # noqa: S101


def _registered(now: datetime, rng: Random) -> int:
    return int((now - timedelta(days=rng.random() * 3650)).timestamp() * 1000)


def _address(street: str, postcode: str, city: str, protected: bool) -> str:
    return "" if protected else f"{street}, {postcode} {city}"


def _register_line(person: tuple[Any, ...]) -> str:
    _index, given, family, born, sex, number, municipality, street, postcode, city, protected = person
    address = _address(street, postcode, city, protected)
    return line(number, "FNR", family, given, born, sex, municipality, address, protected, fold(f"{given} {family}"))


def _patient_line(key: str, person: tuple[Any, ...], now: datetime) -> str:
    index, given, family, born, sex, _number, municipality, street, postcode, city, protected = person
    address = _address(street, postcode, city, protected)
    phone = f"9{index % 10_000_000:07}"
    return line(key, family, given, born, sex, municipality, address, protected, phone, "", now, fold(f"{given} {family}"))


def _home(region: Region, person: tuple[Any, ...], rng: Random) -> Place:
    """Where the course is written: a zone, a ward of the municipality, or the centre for those of no member."""
    if person[0] == LONG_STAY:
        return region.places["as.home"]
    code = next(m.code for m in MUNICIPALITIES.values() if m.number == person[6])
    if code not in region.zones:
        return region.places[LMS]
    if rng.random() < AT_HOME:
        return rng.choice(region.zones[code])
    return region.places[f"{code}.{'nursing' if rng.random() < 0.6 else 'therapy'}"]
