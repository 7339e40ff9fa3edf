"""Whose a message is: a number that belongs to one person who bears the name; all else is doubt."""

from datetime import date
from uuid import uuid4

import pytest

from messaging.domain.matching import NO_NUMBER, OTHER_BIRTH, OTHER_NAME, TWO, UNKNOWN, Candidate, Described, match, national

BORN = date(1941, 3, 4)
KARI = Candidate("03844112345", uuid4(), "Kvistmyrhansen", "Kari Marie", BORN)
NAMESAKE = Candidate("04844112345", uuid4(), "Kvistmyrhansen", "Kari Marie", date(1944, 3, 4))


def described(name: str = "Kari Marie Kvistmyrhansen", born: date | None = BORN, *numbers: str) -> Described:
    return Described(name, born, numbers or (KARI.number,))


@pytest.mark.parametrize("name", ["Kari Kvistmyrhansen", "Kvistmyrhansen, Kari Marie", "KARI HANSEN", "Kåri-Marie Kvistmyrhansen"])
def test_the_number_and_a_part_of_the_name_are_enough(name):
    assert match(described(name), [KARI]).patient == KARI.patient


def test_wrong_patient_another_has_the_number():
    assert match(described("Ola Nordmann"), [KARI]).doubt == OTHER_NAME


def test_two_patients_with_one_name_are_told_apart_by_number_and_birth():
    assert match(described(), [KARI]).patient == KARI.patient
    assert match(described(born=BORN), [NAMESAKE]).doubt == OTHER_BIRTH
    assert match(described("Kari Marie Kvistmyrhansen", BORN, KARI.number, NAMESAKE.number), [KARI, NAMESAKE]).doubt == TWO


def test_a_d_number_that_became_a_fodselsnummer_is_the_same_patient():
    old = Candidate("43844112345", KARI.patient, KARI.family, KARI.given, BORN)
    assert match(described("Kari Kvistmyrhansen", BORN, old.number), [old]).patient == KARI.patient
    assert match(described("Kari Kvistmyrhansen", BORN, old.number, KARI.number), [old, KARI]).patient == KARI.patient


def test_one_of_the_register_without_a_record_is_found_by_number():
    stranger = Candidate(KARI.number, None, "Kvistmyrhansen", "Kari", BORN, dead=True)
    found = match(described(), [stranger])
    assert (found.number, found.patient, found.dead, found.doubt) == (KARI.number, None, True, "")


def test_without_a_number_or_with_an_unknown_one_a_person_decides():
    assert match(Described("Kari Kvistmyrhansen", BORN, ()), []).doubt == NO_NUMBER
    assert match(described(), []).doubt == UNKNOWN


def test_numbers_are_written_with_spaces_and_twice():
    assert national(["038441 12345", "03844112345"]) == ("03844112345",)
