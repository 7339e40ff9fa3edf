"""Identity numbers of persons, organisations and health personnel.

A number says who somebody claims to be, nothing more: birth date and sex are stored beside it and
never read out of it (from 2032 they are not in it). Synthetic numbers live only in an installation
in test mode, real ones only in production, so that neither can slip into the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lms_epj.core.words import gettext_noop


class Kind(StrEnum):
    """Codes of Volven 8116 where it has one."""

    FNR = "FNR"  # fødselsnummer
    DNR = "DNR"  # D-nummer: day + 40
    HNR = "HNR"  # hjelpenummer, unique inside the issuing organisation only: month + 40
    FHN = "FHN"  # felles hjelpenummer, first digit 8 or 9
    DUF = "DUF"  # 12 digits, from UDI


class Series(StrEnum):
    """Where the number comes from. ``AMBIGUOUS``: month + 40 is both a real H-number and a test series."""

    REAL = "real"
    TENOR = "tenor"  # month + 80, Test-Norge
    NHN = "nhn"  # month + 65
    AMBIGUOUS = "ambiguous"
    UNMARKED = "unmarked"  # FHN and DUF carry no mark of being synthetic


class Mode(StrEnum):
    TEST = "test"
    PRODUCTION = "production"


class Problem(StrEnum):
    EMPTY = "empty"
    CHARACTERS = "characters"
    LENGTH = "length"
    DATE = "date"
    CHECK_DIGITS = "check_digits"
    SYNTHETIC_IN_PRODUCTION = "synthetic_in_production"
    REAL_IN_TEST = "real_in_test"


OID = {
    Kind.FNR: "2.16.578.1.12.4.1.4.1",
    Kind.DNR: "2.16.578.1.12.4.1.4.2",
    Kind.FHN: "2.16.578.1.12.4.1.4.3",
}

# Bokmål source texts: the caller passes them through gettext.
MESSAGES = {
    Problem.EMPTY: gettext_noop("Skriv inn et fødselsnummer eller et annet identitetsnummer."),
    Problem.CHARACTERS: gettext_noop("Identitetsnummeret kan bare ha siffer. Rett det du skrev."),
    Problem.LENGTH: gettext_noop("Identitetsnummeret skal ha 11 siffer (DUF-nummer 12). Kontroller at alle er med."),
    Problem.DATE: gettext_noop("De seks første sifrene er ikke en gyldig dato. Kontroller nummeret."),
    Problem.CHECK_DIGITS: gettext_noop("Kontrollsifrene stemmer ikke. Et siffer er trolig feil eller har byttet plass."),
    Problem.SYNTHETIC_IN_PRODUCTION: gettext_noop("Dette er et syntetisk testnummer. Her kan bare virkelige numre brukes."),
    Problem.REAL_IN_TEST: gettext_noop("Dette ser ut som et virkelig nummer. I testmodus kan bare syntetiske numre brukes."),
}

# Published test actors whose numbers look like real ones; allowed in test mode only by name.
OFFICIAL_TEST_ACTORS = frozenset({"15076500565", "13116900216"})

_SERIES_BY_MONTH_OFFSET = {0: Series.REAL, 40: Series.AMBIGUOUS, 65: Series.NHN, 80: Series.TENOR}
_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # the century, and so the leap year, is unknown


@dataclass(frozen=True)
class IdentityNumber:
    """Outcome of :func:`check_identity`; usable when ``problem`` is ``None``.

    ``declared_mismatch`` tells that the sender's type and the digits disagree: the type wins, the
    mismatch is reported, never a reason to refuse by itself.
    """

    normalised: str
    kind: Kind | None
    series: Series | None
    problem: Problem | None = None
    declared_mismatch: bool = False

    @property
    def ok(self) -> bool:
        return self.problem is None

    @property
    def oid(self) -> str | None:
        """OID of the number's series; H-numbers need their issuer's own, DUF has none we know."""
        return OID.get(self.kind) if self.kind else None

    @property
    def message(self) -> str:
        return MESSAGES[self.problem] if self.problem else ""


def check_identity(
    text: str,
    mode: Mode,
    *,
    declared: Kind | None = None,
    rule_2032: bool = True,
    allowed_test_actors: Iterable[str] = OFFICIAL_TEST_ACTORS,
) -> IdentityNumber:
    """Normalise, classify and validate one number.

    ``declared`` is the TypeId of a message or the user's own choice and is trusted before the
    digits. ``rule_2032`` also accepts the first check digit of numbers issued from 2032.
    """
    number = _strip(text)
    if not number:
        return IdentityNumber("", declared, None, Problem.EMPTY)
    if not (number.isascii() and number.isdigit()):
        return IdentityNumber(number, declared, None, Problem.CHARACTERS)
    if len(number) not in (11, 12) or (declared is not None and len(number) != _length(declared)):
        return IdentityNumber(number, declared, None, Problem.LENGTH)
    from_digits, series = classify(number)
    kind = declared or from_digits
    mismatch = not _compatible(kind, from_digits, series)
    problem = _number_problem(number, kind, rule_2032)
    if problem is None:
        problem = _mode_problem(number, kind, series, mode, frozenset(allowed_test_actors))
    return IdentityNumber(number, kind, series, problem, mismatch)


def classify(number: str) -> tuple[Kind, Series]:
    """What the digits alone say. Month + 40 is read as an H-number unless somebody declares otherwise."""
    if len(number) == 12:
        return Kind.DUF, Series.UNMARKED
    if number[0] in "89":
        return Kind.FHN, Series.UNMARKED
    series = _SERIES_BY_MONTH_OFFSET.get(_month_offset(number), Series.REAL)
    if number[0] in "4567":
        return Kind.DNR, series
    return (Kind.HNR if series is Series.AMBIGUOUS else Kind.FNR), series


def check_digits_valid(number: str, *, rule_2032: bool = True) -> bool:
    """Both modulus 11 check digits of eleven digits; from 2032 the first leaves a remainder of 0–3."""
    digits = [int(ch) for ch in number]
    first = sum(w * d for w, d in zip(_K1_WEIGHTS, digits, strict=False)) % 11
    second = sum(w * d for w, d in zip(_K2_WEIGHTS, digits, strict=True)) % 11
    return second == 0 and first in ((0, 1, 2, 3) if rule_2032 else (0,))


def format_identity(number: str) -> str:
    """«039242 12345», as printed on forms; other lengths unchanged."""
    return f"{number[:6]} {number[6:]}" if len(number) == 11 else number


def normalise_org_number(text: str) -> str | None:
    """Nine digits of an organisation number with a right check digit, else ``None``."""
    number = _strip(text)
    if len(number) != 9 or not (number.isascii() and number.isdigit()):
        return None
    weights = (3, 2, 7, 6, 5, 4, 3, 2, 1)
    return number if sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0 else None


def normalise_hpr(text: str) -> str | None:
    """HPR number without leading zeros, for storing and comparing; ``None`` if it is not digits.

    No check digit and no greatest length are known, so nothing more is judged.
    """
    number = _strip(text)
    if not (number.isascii() and number.isdigit()):
        return None
    return number.lstrip("0") or None


def synthetic_numbers(birth: date, *, female: bool, seed: int = 0, d_number: bool = False) -> Iterator[str]:
    """Every valid Test-Norge number (month + 80) for a birth date, beginning at a place given by ``seed``.

    Sex and century follow the pre-2032 pattern only to look familiar; nothing reads them back.
    """
    series = _individual_numbers(birth.year, female)
    total = sum(map(len, series))
    head = f"{birth.day + (40 if d_number else 0):02}{birth.month + 80:02}{birth.year % 100:02}"
    for step in range(total):
        place = (seed + step) % total
        n = series[0][place] if place < len(series[0]) else series[1][place - len(series[0])]
        number = _with_check_digits(f"{head}{n:03}")
        if number:
            yield number


def synthetic_number(birth: date, *, female: bool, seed: int = 0, d_number: bool = False) -> str:
    """One synthetic number; the same arguments give the same number."""
    return next(synthetic_numbers(birth, female=female, seed=seed, d_number=d_number))


def _strip(text: str) -> str:
    return "".join(ch for ch in text if not ch.isspace() and ch not in ".-")


def _length(kind: Kind) -> int:
    return 12 if kind is Kind.DUF else 11


def _month_offset(number: str) -> int:
    month = int(number[2:4])
    return next((offset for offset in (80, 65, 40) if 1 <= month - offset <= 12), 0)


def _compatible(kind: Kind, from_digits: Kind, series: Series) -> bool:
    if kind is from_digits:
        return True
    return series is Series.AMBIGUOUS and {kind, from_digits} == {Kind.FNR, Kind.HNR}


def _number_problem(number: str, kind: Kind, rule_2032: bool) -> Problem | None:
    if kind is Kind.DUF:
        return None
    if kind is not Kind.FHN and not _date_possible(number):
        return Problem.DATE
    # Wrong check digits stand in official H-number samples: never a reason to refuse one.
    if kind is not Kind.HNR and not check_digits_valid(number, rule_2032=rule_2032):
        return Problem.CHECK_DIGITS
    return None


def _date_possible(number: str) -> bool:
    day, month = int(number[:2]), int(number[2:4]) - _month_offset(number)
    day -= 40 if day > 40 else 0
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def _mode_problem(number: str, kind: Kind, series: Series, mode: Mode, actors: frozenset[str]) -> Problem | None:
    if kind in (Kind.FHN, Kind.DUF):
        return None
    if mode is Mode.PRODUCTION:
        synthetic = series in (Series.TENOR, Series.NHN) or (series is Series.AMBIGUOUS and kind is not Kind.HNR)
        return Problem.SYNTHETIC_IN_PRODUCTION if synthetic or number in actors else None
    return Problem.REAL_IN_TEST if series is Series.REAL and number not in actors else None


def _individual_numbers(year: int, female: bool) -> tuple[range, ...]:
    odd = 0 if female else 1
    if 1854 <= year <= 1899:
        return (range(500 + odd, 750, 2),)
    if 1900 <= year <= 1999:
        first = range(odd, 500, 2)
        return (first, range(900 + odd, 1000, 2)) if year >= 1940 else (first,)
    if 2000 <= year <= 2039:
        return (range(500 + odd, 1000, 2),)
    raise ValueError(f"no series for birth year {year}")


def _with_check_digits(nine: str) -> str | None:
    digits = list(map(int, nine))
    for weights in (_K1_WEIGHTS[:9], _K2_WEIGHTS[:10]):
        control = -sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if control == 10:
            return None
        digits.append(control)
    return "".join(map(str, digits))
