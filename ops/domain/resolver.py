"""The one answer to «who is on call»: rules by rank, then acts in the order they were made."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from ops.domain.calendar import Calendar, feasts
from ops.domain.rules import Act, Party, Rule, Segment
from ops.domain.wall import instant, oslo

DAY = timedelta(days=1)


def resolve(rules: Iterable[Rule], acts: Sequence[Act], calendar: Calendar, begins: datetime, ends: datetime) -> dict[int, list[Segment]]:
    """Level → who answers when, in order, nobody twice; what lies between is a gap. ``acts`` in the order they were made."""
    by_level: dict[int, list[Rule]] = {}
    for rule in rules:
        by_level.setdefault(rule.level, []).append(rule)
    found = {}
    for level in sorted({*by_level, *(act.level for act in acts)}):
        line = layered([list(windows(rule, calendar, begins, ends)) for rule in sorted(by_level.get(level, ()), key=lambda one: one.rank)])
        for act in acts:
            if act.level == level and act.begins < ends and act.ends > begins:
                paint(line, act, begins, ends)
        found[level] = joined(line)
    return found


def windows(rule: Rule, calendar: Calendar, begins: datetime, ends: datetime) -> Iterator[Segment]:
    """The windows of one rule within a span, each with who has it. Days on which nobody can are left out."""
    dealt = deal(rule, calendar, oslo(ends).year + 1) if rule.fair else {}
    day, last = oslo(begins).date() - DAY, oslo(ends).date()
    while day <= last:
        if rule.on(day, calendar):
            feast = calendar.feast(day)
            member = (dealt.get(feast) if feast else None) if rule.fair else turn(rule, day, calendar)
            start = max(instant(day, rule.starts), begins)
            end = min(instant(day if rule.ends > rule.starts else day + DAY, rule.ends), ends)
            if member is not None and start < end:
                yield Segment(start, end, member)
        day += DAY


def turn(rule: Rule, day: date, calendar: Calendar) -> Party | None:
    """Whose turn the day is; one that cannot is passed over, and the next in order has it."""
    first = (day - rule.anchor).days // rule.turn_days
    for step in range(len(rule.members)):
        member = rule.members[(first + step) % len(rule.members)]
        if rule.may(member, day, calendar):
            return member
    return None


@lru_cache(maxsize=512)
def deal(rule: Rule, calendar: Calendar, until_year: int) -> dict[tuple[str, int], Party | None]:
    """Feast and year → who has it, dealt from the anchor on in the order the feasts come."""
    had: dict[tuple[Party, str], int] = {}
    days: dict[Party, int] = {}
    dealt: dict[tuple[str, int], Party | None] = {}
    for feast, its_days in feasts_from(rule, calendar, until_year):
        able = [member for member in rule.members if all(rule.may(member, day, calendar) for day in its_days)]
        if not able:
            dealt[feast] = None
            continue
        one = min(able, key=lambda member: (had.get((member, feast[0]), 0), days.get(member, 0), rule.members.index(member)))
        dealt[feast] = one
        had[one, feast[0]] = had.get((one, feast[0]), 0) + 1
        days[one] = days.get(one, 0) + len(its_days)
    return dealt


def feasts_from(rule: Rule, calendar: Calendar, until_year: int) -> list[tuple[tuple[str, int], list[date]]]:
    """The feasts that the rule is used on, each with its days, by their first day."""
    found: dict[tuple[str, int], list[date]] = {}
    for year in range(rule.anchor.year, until_year + 1):
        for day, feast in feasts(year, calendar.eves).items():
            if rule.on(day, calendar):
                found.setdefault(feast, []).append(day)
    return sorted(found.items(), key=lambda one: one[1][0])


def layered(layers: list[list[Segment]]) -> list[Segment]:
    """The layers laid over each other, the last on top. Within a layer windows do not overlap but where the clock is moved; there the later one counts."""
    if len(layers) == 1:
        return cut_short(layers[0])
    moments = sorted({moment for layer in layers for one in layer for moment in (one.begins, one.ends)})
    owner: list[Party | None] = [None] * len(moments)
    for layer in layers:
        for one in layer:
            for place in range(bisect_left(moments, one.begins), bisect_left(moments, one.ends)):
                owner[place] = one.party
    return joined([Segment(moments[n], moments[n + 1], party) for n, party in enumerate(owner[:-1]) if party is not None])


def cut_short(line: list[Segment]) -> list[Segment]:
    """A window ends at the latest where the next begins."""
    return [Segment(one.begins, min(one.ends, line[n + 1].begins) if n + 1 < len(line) else one.ends, one.party) for n, one in enumerate(line)]


def paint(line: list[Segment], act: Act, begins: datetime, ends: datetime) -> None:
    """Does one act to the line, in place: of a line of thousands only what the act meets is touched."""
    start, end = max(act.begins, begins), min(act.ends, ends)
    first = max(0, bisect_right(line, start, key=_begins) - 1)
    last = bisect_left(line, end, key=_begins)
    middle: list[Segment] = []
    for one in line[first:last]:
        if one.ends <= start:
            middle.append(one)
            continue
        if one.begins < start:
            middle.append(Segment(one.begins, start, one.party))
        if act.instead_of is not None:
            party = act.party if one.party == act.instead_of else one.party
            middle.append(Segment(max(one.begins, start), min(one.ends, end), party))
        if one.ends > end:
            middle.append(Segment(end, one.ends, one.party))
    if act.instead_of is None:
        middle.append(Segment(start, end, act.party))
        middle.sort(key=_begins)
    line[first:last] = middle


def _begins(one: Segment) -> datetime:
    return one.begins


def joined(line: list[Segment]) -> list[Segment]:
    """Segments of one that follow without a break are one."""
    found: list[Segment] = []
    for one in line:
        if found and found[-1].party == one.party and found[-1].ends == one.begins:
            found[-1] = Segment(found[-1].begins, one.ends, one.party)
        else:
            found.append(one)
    return found


def at(line: Sequence[Segment], moment: datetime) -> Segment | None:
    """Who answers at a moment."""
    place = bisect_right(line, moment, key=_begins) - 1
    return line[place] if place >= 0 and line[place].ends > moment else None
