"""Whether a message says clearly enough whose it is."""

from access.domain.identity import Kind, check_digits_valid, classify
from messaging.formats.model.parties import Identifier, Person

_SUFFICIENT = {"FNR", "DNR", "FHN"}
_SUFFICIENT_SERIES = {"2.16.578.1.12.4.1.4.1", "2.16.578.1.12.4.1.4.2", "2.16.578.1.12.4.1.4.3"}
_LOCAL = {"HNR", "H", "LOK"}
_UNKNOWN_SEX = {"0", "9"}


def is_identified(patient: Person | None) -> bool:
    """A name, and a national number or both birth date and sex. A number's check digits are the matching's concern, not this one's."""
    if patient is None or not patient.shown.strip(" ,"):
        return False
    if any(is_national(one) for one in patient.identifiers):
        return True
    return patient.born is not None and patient.sex is not None and bool(patient.sex.label) and patient.sex.value not in _UNKNOWN_SEX


def is_national(number: Identifier) -> bool:
    """A fødselsnummer, D-nummer or felles hjelpenummer. What the sender calls it counts first, then the digits."""
    digits = "".join(ch for ch in number.value if not ch.isspace())
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        return False
    if number.kind.value.upper() in _SUFFICIENT or number.kind.system in _SUFFICIENT_SERIES:
        return True
    kind, _ = classify(digits)
    if number.kind.value.upper() in _LOCAL and kind is not Kind.DNR:
        return False
    return kind in (Kind.FNR, Kind.DNR, Kind.FHN) and check_digits_valid(digits)
