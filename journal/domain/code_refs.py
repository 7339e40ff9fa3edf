"""Codes as procedures and links to knowledge name them: «icd10:L89» speaks of L89.2 too (R38)."""

import re

SYSTEMS = ("icd10", "icpc2", "atc")
_CODE = re.compile(r"(icd10|icpc2|atc):([A-ZÆØÅ0-9.]{1,8})")


def read_refs(typed: str) -> list[str]:
    """What was typed, parted by space or comma: «ICD10:l89, atc:B01». Raises ValueError with the word that is no code."""
    found = []
    for word in typed.replace(",", " ").split():
        system, _, code = word.partition(":")
        ref = f"{system.lower().replace('-', '')}:{code.upper()}"
        if not _CODE.fullmatch(ref):
            raise ValueError(word)
        found.append(ref)
    return sorted(set(found))


def speaks_of(ref: str, system: str, code: str) -> bool:
    """Whether what is marked with ``ref`` is about this code."""
    its_system, _, prefix = ref.partition(":")
    return its_system == system and plain(code).startswith(plain(prefix))


def plain(code: str) -> str:
    """The code without dot, in capitals: L89.2 and l892 are the same."""
    return code.replace(".", "").strip().upper()
