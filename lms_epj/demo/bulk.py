"""The ``follo`` size: 100 000 persons and 2.5 million clinical rows as tuples for COPY.

Only bulk is wanted here: texts repeat, rows are drawn from small pools prepared once, so that the
generator never is what one waits for. References are whole numbers (patient, staff, unit, stay index);
the loader turns them into keys. Every method yields lists of at most ``CHUNK`` tuples.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from access.domain.identity import synthetic_numbers

from .conditions import CHRONIC, CONDITIONS
from .grammar import topics
from .medications import prescribe
from .names import FAMILY, GIVEN_OLD, GIVEN_YOUNG
from .places import MUNICIPALITIES, UNITS

CHUNK = 20_000
PERSONS = 100_000
USERS = 5_500
NOTES = 1_200_000
VITALS = 900_000
TASKS = 150_000
MEDICATIONS = 150_000
DIAGNOSES = 100_000
ACTIVE_SHARE = 0.28  # of the persons have a course; ten years of turnover in municipal care
_DAYS = 3650

Chunks = Iterator[list[tuple]]


class Bulk:
    """``scale`` shrinks everything for tests. The same seed and ``now`` give the same rows."""

    def __init__(self, now: datetime, seed: int = 1, scale: float = 1.0) -> None:
        self.now, self.scale, self.seed = now, scale, seed
        self.people = max(20, round(PERSONS * scale))
        self.patients = max(5, round(self.people * ACTIVE_SHARE))
        self.users = max(10, round(USERS * scale))
        self.units = list(UNITS)

    def persons(self) -> Chunks:
        """(index, given, family, birth date, sex, number, municipality number, street, postcode, city, protected)."""
        rng = Random(f"{self.seed}-persons")
        places = list(MUNICIPALITIES.values())
        drawn = rng.choices(places, [p.weight for p in places], k=self.people)
        series: dict[tuple[date, str], Iterator[str]] = {}

        def row(index: int) -> tuple:
            sex = "K" if rng.random() < 0.52 else "M"
            born, number = self._birth_and_number(rng, sex, series)
            place = drawn[index]
            postcode, city = place.postal[index % len(place.postal)]
            pool = (GIVEN_OLD if born.year < 1960 else GIVEN_YOUNG)[sex]
            street = f"{place.streets[index % len(place.streets)]} {index % 149 + 1}"
            return (
                index, pool[int(rng.random() * len(pool))], FAMILY[int(rng.random() * len(FAMILY))], born, sex, number,
                place.number, street, postcode, city, rng.random() < 0.01,
            )  # fmt: skip

        return self._chunks(self.people, row)

    def _birth_and_number(self, rng: Random, sex: str, series: dict[tuple[date, str], Iterator[str]]) -> tuple[date, str]:
        """A birth date that still has a free number. Each date's numbers are taken in turn, none twice."""
        while True:
            born = (self.now - timedelta(days=int(rng.triangular(18, 100, 62) * 365.25))).date()
            numbers = series.setdefault((born, sex), synthetic_numbers(born, female=sex == "K", seed=int(rng.random() * 400)))
            number = next(numbers, None)
            if number:
                return born, number

    def staff(self) -> Chunks:
        """(index, given, family, role code, unit index)."""
        rng = Random(f"{self.seed}-staff")
        roles = ("home_nurse", "home_nurse", "health_worker", "lms_nurse", "case_officer", "physiotherapist")
        young = GIVEN_YOUNG["K"] + GIVEN_YOUNG["M"]

        def row(index: int) -> tuple:
            role = roles[index % len(roles)]
            unit = 0 if role == "lms_nurse" else 1 + index % (len(self.units) - 1)
            return index, rng.choice(young), rng.choice(FAMILY), role, unit

        return self._chunks(self.users, row)

    def notes(self) -> Chunks:
        """(patient, document type, section texts as a tuple of (key, text), author, unit, event time, state).

        The texts come from a pool of 4 000; event times run through the whole period in no order.
        """
        rng = Random(f"{self.seed}-notes")
        pool = self._texts(rng, 4000)
        size, patients, users, units = len(pool), self.patients, self.users, len(self.units)
        rand, times = rng.random, self._times(rng)

        def row(index: int) -> tuple:
            document, content = pool[int(rand() * size)]
            draw = int(rand() * 1_000_003)
            return (
                int(patients * rand() ** 1.6), document, content, draw % users, draw % units,
                times[(index * 7919 + draw) % len(times)], "SIGNED",
            )  # fmt: skip

        return self._chunks(round(NOTES * self.scale), row)

    def _texts(self, rng: Random, count: int) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """Plain home-visit and ward texts of clauses without slots."""
        words = topics()
        done = []
        for _ in range(count):
            visit = rng.random() < 0.7
            first = f"Spiste med god hjelp, drakk {rng.choice(words['drikke'])} og snakket om {rng.choice(words['prat'])}."
            second = f"Puls {rng.randint(58, 98)} og blodtrykk {rng.randint(104, 158)}/{rng.randint(54, 88)}."
            third = f"Ny vurdering om {rng.randint(2, 9)} dager."
            keys = ("observation", "help", "plan") if visit else ("status", "nutrition", "plan")
            if visit:
                done.append(("home_visit", tuple(zip(keys, (second, first, third), strict=True))))
            else:
                activity = ("activity", f"Oppe i stol {rng.randint(20, 90)} minutter.")
                done.append(("nurse_daily", (*zip(keys, (second, first, third), strict=True), activity)))
        return done

    def vitals(self) -> Chunks:
        """(patient, time, respiration, SpO2, scale, on oxygen, systolic, diastolic, pulse, ACVPU, temperature × 10, author)."""
        rng = Random(f"{self.seed}-vitals")
        rand, times, patients, users = rng.random, self._times(rng), self.patients, self.users

        def row(index: int) -> tuple:
            ill = rand() ** 3
            draw = int(rand() * 999_983)
            oxygen = ill > 0.55
            systolic = 104 + draw % 52
            return (
                int(patients * rand() ** 1.6), times[(index * 104_729 + draw) % len(times)], 14 + draw % 4 + int(10 * ill),
                97 - int(8 * ill), 2 if draw % 23 == 0 else 1, oxygen, systolic, systolic * 57 // 100, 64 + draw % 21 + int(38 * ill),
                "C" if ill > 0.97 else "A", 365 + draw % 9 + int(20 * ill), draw % users,
            )  # fmt: skip

        return self._chunks(round(VITALS * self.scale), row)

    def tasks(self) -> Chunks:
        """(patient, title, due, unit, done at or None)."""
        rng = Random(f"{self.seed}-tasks")
        titles = ("Ny NEWS2", "Bestille multidose", "Ringe fastlege", "Evaluere vedtak", "Sårstell", "Veie pasienten")
        rand, times, now = rng.random, self._times(rng), self.now

        def row(index: int) -> tuple:
            due = times[int(rand() * len(times))]
            late = now - due < timedelta(days=2)
            return int(self.patients * rand()), titles[index % 6], due, index % len(self.units), None if late else due

        return self._chunks(round(TASKS * self.scale), row)

    def medications(self) -> Chunks:
        """(patient, Medication); the same few prescriptions over and over."""
        rng = Random(f"{self.seed}-medications")
        names = sorted({drug for problem in CHRONIC for drug in problem.drugs})
        pool = [prescribe(n, self.now.date() - timedelta(days=200 + 30 * i), "fastlege") for i, n in enumerate(names)]
        return self._chunks(round(MEDICATIONS * self.scale), lambda index: (int(self.patients * rng.random()), pool[index % len(pool)]))

    def diagnoses(self) -> Chunks:
        """(patient, ICPC-2, ICD-10, text, onset)."""
        rng = Random(f"{self.seed}-diagnoses")
        known = [(c.icpc2, c.icd10, c.text) for c in (*CHRONIC, *CONDITIONS.values())]
        times = [t.date() for t in self._times(rng)]
        return self._chunks(
            round(DIAGNOSES * self.scale),
            lambda index: (int(self.patients * rng.random()), *known[index % len(known)], times[index % len(times)]),
        )

    def _times(self, rng: Random) -> list[datetime]:
        """Some 20 000 moments of the last ten years, more of them recent than old."""
        return [self.now - timedelta(minutes=int(_DAYS * 1440 * rng.random() ** 2) + 5) for _ in range(20_011)]

    @staticmethod
    def _chunks(count: int, row) -> Chunks:
        for start in range(0, count, CHUNK):
            yield [row(index) for index in range(start, min(start + CHUNK, count))]
