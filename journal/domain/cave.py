"""Whether an ordered medicine meets something the patient has reacted to.

A warning, never a bar: the doctor may go on and says why. Names are compared folded; a class that is written in words is known by its ATC codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lms_epj.core.folding import fold

# What people write → ATC codes that belong to it. Longest first does not matter: any that fits warns.
CLASSES: dict[str, tuple[str, ...]] = {
    "penicillin": ("J01C",), "amoxicillin": ("J01C",), "cefalosporin": ("J01D",), "betalaktam": ("J01C", "J01D"),
    "nsaid": ("M01A", "N02BA", "B01AC06"), "nsaids": ("M01A", "N02BA", "B01AC06"), "ibuprofen": ("M01A",), "naproksen": ("M01A",),
    "diklofenak": ("M01A",), "acetylsalisylsyre": ("B01AC06", "N02BA", "M01A"), "asa": ("B01AC06", "N02BA", "M01A"),
    "sulfa": ("J01E",), "sulfonamid": ("J01E",), "trimetoprim": ("J01EA", "J01EE"), "makrolid": ("J01FA",), "erytromycin": ("J01FA",),
    "kinolon": ("J01MA",), "ciprofloksacin": ("J01MA",), "opioid": ("N02A",), "opioider": ("N02A",), "morfin": ("N02AA",), "kodein": ("N02AA", "N02AJ"),
    "statin": ("C10AA",), "statiner": ("C10AA",), "ace hemmer": ("C09A", "C09B"), "ace-hemmer": ("C09A", "C09B"),
    "betablokker": ("C07",), "heparin": ("B01AB",), "warfarin": ("B01AA",), "metoklopramid": ("A03FA01",), "jod": ("V08",),
}  # fmt: skip


@dataclass(frozen=True)
class Ordered:
    generic: str
    brand: str = ""
    atc: str = ""


def hits(ordered: Ordered, substances: Iterable[str]) -> list[str]:
    """Those of ``substances`` (allergies and intolerances as they are written) that the medicine meets."""
    return [substance for substance in substances if _meets(ordered, fold(substance))]


def _meets(ordered: Ordered, written: str) -> bool:
    names = [name for name in (fold(ordered.generic), fold(ordered.brand)) if name]
    words = _words(written)
    if any(name in written or words & _words(name) for name in names):
        return True
    prefixes = [prefix for name, codes in CLASSES.items() if fold(name) in written for prefix in codes]
    return bool(ordered.atc) and any(ordered.atc.upper().startswith(prefix) for prefix in prefixes)


def _words(text: str) -> set[str]:
    """Words long enough to be a name: «og» and «mg» warn of nothing."""
    return {word for word in text.replace("/", " ").replace(",", " ").replace("+", " ").split() if len(word) > 4}
