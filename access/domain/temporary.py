"""Temporary numbers of people whose own number nobody knows: «U26-00017-6».

A scheme of our own: the letter keeps it apart from every national number, so it can never be taken for one, sent as one, or be somebody's. Year,
running number, and a check digit by modulus 11 with weights 2–7 from the right; a running number that would need 10 is skipped. The number says
nothing of the person.
"""

import re

KIND = "TMP"
_WRITTEN = re.compile(r"^U(\d{2})-?(\d{5})-?(\d)$")
_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def check_digit(seven: str) -> int | None:
    """Of year and running number; None where there is none."""
    digit = -sum(weight * int(ch) for weight, ch in zip(_WEIGHTS, seven, strict=True)) % 11
    return None if digit == 10 else digit


def temporary_number(text: str) -> str:
    """«u26 00017 6» → «U26000176»; '' for what is no temporary number or is written wrongly."""
    found = _WRITTEN.match("".join(text.split()).upper())
    if not found:
        return ""
    year, serial, digit = found.groups()
    return f"U{year}{serial}{digit}" if check_digit(year + serial) == int(digit) else ""
