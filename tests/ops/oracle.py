"""Who answers in one minute, worked out the plain way and by another hand than the resolver: no intervals, no conversion of wall time."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
EASTERS = {
    2025: date(2025, 4, 20), 2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16), 2029: date(2029, 4, 1), 2030: date(2030, 4, 21),
    2031: date(2031, 4, 13), 2032: date(2032, 3, 28), 2033: date(2033, 4, 17), 2034: date(2034, 4, 9), 2035: date(2035, 3, 25), 2036: date(2036, 4, 13),
    2037: date(2037, 4, 5), 2038: date(2038, 4, 25),
}  # fmt: skip
BY_EASTER = {-3: "påske", -2: "påske", 0: "påske", 1: "påske", 39: "Kristi himmelfartsdag", 49: "pinse", 50: "pinse"}
BY_DATE = {"0101": "nyttår", "0501": "1. mai", "0517": "17. mai", "1225": "jul", "1226": "jul"}


def feast_of(day: date, eves: frozenset[str]) -> tuple[str, int] | None:
    after = (day - EASTERS[day.year]).days
    if after in BY_EASTER:
        return BY_EASTER[after], day.year
    if f"{day:%m%d}" in BY_DATE:
        return BY_DATE[f"{day:%m%d}"], day.year
    if "easter_eve" in eves and after == -1:
        return "påske", day.year
    if "whitsun_eve" in eves and after == 48:
        return "pinse", day.year
    if "christmas_eve" in eves and f"{day:%m%d}" == "1224":
        return "jul", day.year
    if "new_years_eve" in eves and f"{day:%m%d}" == "1231":
        return "nyttår", day.year + 1
    return None


class Oracle:
    def __init__(self, rules: list[Any], acts: list[Any], eves: frozenset[str]) -> None:
        self.rules, self.acts, self.eves = rules, acts, eves
        self.dealt = {id(rule): self.deal(rule) for rule in rules if rule.fair}

    def answer(self, level: int, minute: datetime) -> Any:
        """``minute``: its beginning, UTC."""
        answering, rank = None, None
        for rule in self.rules:
            if rule.level == level and (rank is None or rule.rank > rank):
                one = self.by_rule(rule, minute)
                if one is not None:
                    answering, rank = one, rule.rank
        for act in self.acts:
            if act.level == level and act.begins <= minute < act.ends and act.instead_of in (None, answering):
                answering = act.party if act.instead_of is None or answering is not None else answering
        return answering

    def by_rule(self, rule: Any, minute: datetime) -> Any:
        wall = minute.astimezone(OSLO)
        # The furthest the clock has come: in the second of the two hours it has read 02:59 already.
        reached = wall.replace(tzinfo=None) if not wall.fold else datetime(wall.year, wall.month, wall.day, 2, 59)
        for day in (wall.date(), wall.date() - DAY):
            begins = datetime.combine(day, rule.starts)
            ends = datetime.combine(day if rule.ends > rule.starts else day + DAY, rule.ends)
            if begins <= reached < ends and self.used(rule, day):
                return self.turn(rule, day)
        return None

    def used(self, rule: Any, day: date) -> bool:
        if day < rule.anchor or (rule.until and day >= rule.until):
            return False
        feast = feast_of(day, self.eves)
        if rule.holidays == "only":
            return feast is not None
        if rule.holidays == "as_sunday" and feast:
            return 6 in rule.weekdays
        return day.weekday() in rule.weekdays

    def able(self, rule: Any, member: Any, day: date) -> bool:
        counts_as = 6 if feast_of(day, self.eves) else day.weekday()
        return (member, counts_as) not in rule.never and not [a for a in rule.away if a.member == member and a.first <= day <= a.last]

    def turn(self, rule: Any, day: date) -> Any:
        if rule.fair:
            return self.dealt[id(rule)].get(feast_of(day, self.eves))
        number = (day - rule.anchor).days // rule.turn_days % len(rule.members)
        for member in rule.members[number:] + rule.members[:number]:
            if self.able(rule, member, day):
                return member
        return None

    def deal(self, rule: Any) -> dict[Any, Any]:
        days: dict[Any, list[date]] = {}
        day = date(rule.anchor.year, 1, 1)
        while day.year < 2038:
            if self.used(rule, day):
                days.setdefault(feast_of(day, self.eves), []).append(day)
            day += DAY
        dealt: dict[Any, Any] = {}
        for feast, its_days in days.items():
            best = None
            for member in rule.members:
                if not all(self.able(rule, member, one) for one in its_days):
                    continue
                same = len([1 for other, who in dealt.items() if who == member and other[0] == feast[0]])
                whole = sum(len(days[other]) for other, who in dealt.items() if who == member)
                if best is None or (same, whole) < best[0]:
                    best = ((same, whole), member)
            dealt[feast] = best and best[1]
        return dealt
