"""What may be carried over from the last note of a kind: free text by section, marked, and never measurements or doses (R9).

A value that was true yesterday, signed again today, is the classic harm of copied notes. So sentences that hold one are left behind.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from access.domain.sections import Kind, kind_of

# Sections whose whole sense is the moment: they are written anew each time.
NEVER = frozenset({"medication", "findings", "vitals", "changed", "effect", "done"})
MARK = re.compile(r"^\[Hentet fra [^\]\n]*\]\s*")
_UNITS = (
    r"mg|g|gram|µg|mcg|mikrogram|ml|dl|l|liter|L/min|l/min|IE|E|tabl?\.?|tabletter?|kaps(?:ler|el)?|dråper|stk|inhalasjon(?:er)?|plaster|mmHg|mmol|mmol/l|"
    r"mg/l|g/dl|/min|per min(?:utt)?|slag|%|°C|°|grader|kg|cm|kPa|poeng|enheter|døgndose"
)
_MEASURED = (
    r"NEWS\s?2?|BT|blodtrykk|systolisk|diastolisk|puls|HF|RF|respirasjonsfrekvens|SpO2|SpO₂|metning|saturasjon|O2|O₂|oksygen|temp(?:eratur)?|tp|"
    r"VAS|NRS|GCS|BMI|vekt|CRP|Hb|INR|blodsukker|BS|diurese|drikke|smerte(?:score)?"
)
_VALUE = re.compile(
    rf"\d\s?(?:{_UNITS})(?![a-zæøå])|\b(?:{_MEASURED})(?:et|en|a)?\b[^.!?\n]{{0,25}}\d|\b\d{{2,3}}/\d{{2,3}}\b|\b\d\s?[x×]\s?\d\b|\b\d+\s?\+\s?\d+\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.,]\d[^.!?\n]*)*(?:[.!?]+|\n|$)")


def may_carry(section: Mapping[str, Any]) -> bool:
    """Free text that the template lets go along. Numbers, choices and dates are answered anew."""
    return kind_of(section) is Kind.TEXT and section.get("carry", True) and section["key"] not in NEVER


def without_values(text: str) -> str:
    """The text without the sentences that hold a measurement or a dose."""
    kept = [part for part in _SENTENCE.findall(text) if not _VALUE.search(part)]
    return re.sub(r"[ \t]*\n\s*\n+", "\n", "".join(kept)).strip()


def carried(sections: Sequence[Mapping[str, Any]], content: Mapping[str, str], source: str) -> dict[str, str]:
    """Section key → marked text to begin from. ``source``: «22.11. 10:40, Ola Hansen». What was carried before keeps the mark it has."""
    found = {}
    for section in sections:
        if not may_carry(section):
            continue
        text = content.get(section["key"], "")
        mark = MARK.match(text)
        rest = without_values(MARK.sub("", text))
        if rest:
            found[section["key"]] = f"{mark[0].strip() if mark else f'[Hentet fra {source}]'} {rest}"
    return found
