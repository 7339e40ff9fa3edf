"""What a sentence can speak of: the patient, the relatives, the moment's measurements and blood tests."""

import math
from datetime import date, datetime
from random import Random

from journal.domain.news2 import Consciousness, Vitals, score
from lms_epj.core.clock import to_oslo

from .conditions import Chronic, Condition
from .medications import prescribe
from .places import MUNICIPALITIES
from .population import definite
from .shapes import Course, Person, Staff, VitalSet

_BY_NUMBER = {m.number: m for m in MUNICIPALITIES.values()}


def municipality_name(person: Person) -> str:
    return _BY_NUMBER[person.municipality_number].name


def person_slots(course: Course, chronic: list[Chronic], rng: Random, now: datetime) -> dict[str, str]:
    """Slots that stay the same for the patient. A protected address is never written in a text."""
    person = course.person
    woman = person.sex == "K"
    kin = course.next_of_kin[0]
    background = _join([c.phrase for c in chronic]) or "ingen kroniske sykdommer"
    first = kin.name.split()[0]
    relative = f"{definite(kin.relation)} {first}"
    leg = rng.choice(("høyre legg", "venstre legg"))
    return {
        "han": "hun" if woman else "han",
        "ham": "henne" if woman else "ham",
        "hans": "hennes" if woman else "hans",
        "navn": person.given_name,
        "etternavn": person.family_name,
        "alder": str(person.age(now.date())),
        "kommune": municipality_name(person),
        "adresse": "eget hjem" if person.protected_address else person.street,
        "sted": "hjemmet" if person.protected_address else person.city,
        "fastlege": person.gp,
        "po": relative,
        "Po": relative[0].upper() + relative[1:],
        "bakgrunn": background,
        "bakgrunn_stor": background[0].upper() + background[1:],
        "legg": leg,
        "legg_stor": leg.capitalize(),
    }


def _join(phrases: list[str]) -> str:
    return " og ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def vital_slots(v: VitalSet) -> dict[str, str]:
    """The set as text, with the score the record itself will compute."""
    vitals = Vitals(v.respiration, v.spo2, v.oxygen, v.systolic, v.pulse, Consciousness(v.consciousness), v.temperature)
    total = score(vitals, scale2_prescribed=v.spo2_scale == 2).total
    flow = f"{v.oxygen_flow.normalize():f}".replace(".", ",") if v.oxygen_flow else ""
    return {
        "rf": str(v.respiration),
        "spo2": str(v.spo2),
        "o2": f"{flow} L/min oksygen" if flow else "romluft",
        "bt": f"{v.systolic}/{v.diastolic}",
        "puls": str(v.pulse),
        "temp": f"{v.temperature:.1f}".replace(".", ","),
        "news": str(total),
        "qsofa": str(qsofa(v)),
    }


def qsofa(v: VitalSet) -> int:
    """One point each for RF of 22 or more, systolic of 100 or less, altered mind."""
    return (v.respiration >= 22) + (v.systolic <= 100) + (v.consciousness != "A")


def lab_slots(condition: Condition, done: float, seed: int) -> dict[str, str]:
    """Blood tests of the day. One seed per stay and day, so that doctor and nurse read the same numbers."""
    rng = Random(seed)
    left = math.exp(-2.4 * done)
    crp = max(3, round(condition.crp * left + rng.randint(0, 5)))
    before = max(crp + rng.randint(2, 9), round(condition.crp * math.exp(-2.4 * max(done - 0.3, 0))))
    dry = condition.topic in ("dehyd", "gastro", "diab")
    sugar = 19.5 * left + 8.4 * (1 - left) + rng.uniform(-1.2, 1.2)
    return {
        "crp": str(crp),
        "crpf": str(before),
        "leuk": _comma(7.2 + condition.crp / 22 * left + rng.uniform(-0.8, 0.8)),
        "hb": _comma(rng.uniform(9.6, 11.4) if condition.topic == "hofte" else rng.uniform(11.4, 14.6)),
        "krea": str(round((142 if dry else 94) * (0.72 + 0.28 * left) + rng.randint(-7, 7))),
        "na": str(rng.randint(131, 136) if dry else rng.randint(135, 143)),
        "k": _comma(rng.uniform(3.2, 3.7) if condition.topic == "gastro" else rng.uniform(3.6, 4.8)),
        "bs": _comma(sugar),
        "rødme": f"{round(9 + 5 * left + rng.random())} x {round(11 + 8 * left + rng.random())}",
    }


def _lower(word: str) -> str:
    """«Penicillin» inside a sentence; «ACE-hemmer» keeps its capitals."""
    return word if word[1:2].isupper() else word[0].lower() + word[1:]


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def stay_slots(course: Course, condition: Condition, admitted: datetime, at: datetime, bed: int, nurse: Staff, doctor: Staff) -> dict[str, str]:
    local, day = to_oslo(admitted), to_oslo(at).date() - to_oslo(admitted).date()
    hour = to_oslo(at).hour
    return {
        "rom": str(bed),
        "årsak": condition.cause,
        "innlagt": f"{local.day:02}.{local.month:02}",
        "døgn": str(day.days + 1),
        "spl": f"{nurse.given_name} {nurse.family_name[0]}",
        "lege": doctor.family_name,
        "måltid": "frokost" if hour < 17 else "kvelds",
        "antall": str(sum(not m.as_needed for m in course.medications)),
        "middel": next((m.generic for m in reversed(course.medications) if not m.as_needed and m.source != "Follo LMS"), "paracetamol"),
        "cave": _join([f"{_lower(c.substance)} ({c.reaction})" for c in course.critical]),
    }


def antibiotic_text(name: str) -> str:
    drug = prescribe(name, date.min, "")
    way = "intravenøst" if drug.route == "intravenøst" else "i tablett"
    return f"{drug.generic} {drug.dose} {way} {drug.frequency}"
