"""The values a message may hold: what a text must look like to be a date, a number, an identifier of a code list …

Each check takes the text as it stands in the file and says whether it is such a value. White space is folded first, as the
XML types demand, for every type but plain text.
"""

import re
from calendar import monthrange
from collections.abc import Callable

Check = Callable[[str], bool]

_ZONE = r"(?P<zone>Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(?P<year>[1-9]\d{4,8}|\d{4})"
_CLOCK = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DATE = re.compile(rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01]){_ZONE}")
_DATETIME = re.compile(rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])T{_CLOCK}{_ZONE}")
_TIME = re.compile(rf"{_CLOCK}{_ZONE}")
_GYEAR = re.compile(rf"{_YEAR}{_ZONE}")
_MONTH = re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2]){_ZONE}")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN")
_INTEGER = re.compile(r"[+-]?\d+")
_COUNT = re.compile(r"\+?\d+|-0+")
_OID = re.compile(r"\d+(?:\.\d+)*")
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_BASE64_JUNK = re.compile(r"[^A-Za-z0-9+/=]")
# Scheme, authority with host and port, the rest; what else is wrong in an address is escaped before it is read.
_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.\-]*:|(?![^/?#]*:))"
    r"(?://(?:[^/?#@\[\]]*@)?(?:\[[0-9A-Fa-f:.vV]*\]|[^/?#:@\[\]]+(?=[:/?#]|$)|(?=[/?#]|$))(?::\d*)?(?=[/?#]|$))?"
    r"(?:(?!//)[^?#\[\]]*)(?:\?[^#\[\]]*)?(?:#[^#]*)?"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SPACES = " \t\r\n"


def fold(text: str) -> str:
    """Leading and trailing white space away, runs of it to one space."""
    return " ".join(text.split()) if any(space in text for space in _SPACES) else text


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.fullmatch(fold(text)) is not None


def _dated(pattern: re.Pattern[str]) -> Check:
    def check(text: str) -> bool:
        match = pattern.fullmatch(fold(text))
        return match is not None and _day_exists(int(match["year"]), int(match["month"]), int(match["day"]))

    return check


def _day_exists(year: int, month: int, day: int) -> bool:
    leap = monthrange(2000 + year % 400, month)[1] if month == 2 else monthrange(2001, month)[1]
    return year != 0 and day <= leap


def _year(pattern: re.Pattern[str]) -> Check:
    def check(text: str) -> bool:
        match = pattern.fullmatch(fold(text))
        return match is not None and int(match["year"]) != 0

    return check


def _base64(text: str) -> bool:
    """Whole quartets, padded at the end only, no bits left over in the last one."""
    packed = text.translate(_NO_SPACE)
    if len(packed) % 4 or _BASE64_JUNK.search(packed):
        return False
    body = packed.rstrip("=")
    padding = len(packed) - len(body)
    if "=" in body or padding > 2:
        return False
    return not padding or body[-1] in ("AEIMQUYcgkosw048" if padding == 1 else "AQgw")


_NO_SPACE = str.maketrans("", "", _SPACES)


def _uri(text: str) -> bool:
    folded = fold(text)
    return _URI.fullmatch(folded) is not None and _BAD_ESCAPE.search(folded) is None


def _anything(_: str) -> bool:
    return True


_date, _datetime, _time = _dated(_DATE), _dated(_DATETIME), _matches(_TIME)
_gyear, _month = _year(_GYEAR), _year(_MONTH)

CHECKS: dict[str, Check] = {
    "text": _anything,
    "token": _anything,
    "nonempty": bool,
    "boolean": lambda text: fold(text) in ("true", "false", "1", "0"),
    "truth": lambda text: fold(text) in ("true", "false"),
    "bit": lambda text: fold(text) in ("0", "1"),
    "date": _date,
    "datetime": _datetime,
    "year": _gyear,
    "moment": lambda text: _date(text) or _datetime(text) or _gyear(text) or _month(text) or _time(text),
    "decimal": _matches(_DECIMAL),
    "double": _matches(_DOUBLE),
    "integer": _matches(_INTEGER),
    "count": _matches(_COUNT),
    "oid": _matches(_OID),
    "uri": _uri,
    "id": _matches(_NAME),
    "language": _matches(_LANGUAGE),
    "base64": _base64,
}

# What a value of each kind is called to a reader.
NAMES = {
    "boolean": "ja/nei (true eller false)",
    "truth": "ja/nei (true eller false)",
    "bit": "0 eller 1",
    "date": "en dato (ÅÅÅÅ-MM-DD)",
    "datetime": "et tidspunkt (ÅÅÅÅ-MM-DDTtt:mm:ss)",
    "year": "et årstall",
    "moment": "en dato eller et tidspunkt",
    "decimal": "et tall",
    "double": "et tall",
    "integer": "et helt tall",
    "count": "et helt tall",
    "oid": "en OID",
    "uri": "en adresse (URI)",
    "id": "et navn",
    "language": "en språkkode",
    "base64": "base64-kodede data",
    "nonempty": "en tekst som ikke er tom",
}
