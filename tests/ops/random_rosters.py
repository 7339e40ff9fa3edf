"""Rosters as a random generator makes them: any length, days, times and order, with members that cannot, and acts on top."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from ops.domain.calendar import EVES, Calendar
from ops.domain.rules import EVERY_DAY, Act, Away, Holidays, Rule

BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
MINUTES = int((ENDS - BEGINS) / timedelta(minutes=1))
CLOCKS = [time(0), time(2), time(2, 30), time(3), time(7), time(8), time(15, 30), time(16), time(22), time(23)]
PARTIES = ("Nordre Follo", "Ås", "Frogn", "Nesodden", "Vestby", "Enebakk")


def random_day(rng: Random) -> date:
    return date(2025, 6, 1) + timedelta(days=rng.randrange(3800))


def random_rule(rng: Random, rank: int) -> Rule:
    members = tuple(rng.sample(PARTIES, rng.randint(1, 6)))
    anchor = date(2025, 12, 1) + timedelta(days=rng.randrange(400))
    holidays = rng.choice(list(Holidays))
    away = []
    for _ in range(rng.randint(0, 4)):
        first = random_day(rng)
        away.append(Away(rng.choice(members), first, first + timedelta(days=rng.randint(0, 40))))
    return Rule(
        level=rng.randint(1, 2), rank=rank, members=members, anchor=anchor, turn_days=rng.choice([1, 2, 3, 7, 14, 28, rng.randint(1, 60)]),
        starts=rng.choice(CLOCKS), ends=rng.choice(CLOCKS), holidays=holidays, fair=holidays is Holidays.ONLY and rng.random() < 0.8,
        weekdays=rng.choice([EVERY_DAY, frozenset(range(5)), frozenset({5, 6}), frozenset(rng.sample(range(7), rng.randint(1, 6)))]),
        until=random_day(rng) if rng.random() < 0.2 else None, away=tuple(away),
        never=frozenset((rng.choice(members), rng.randrange(7)) for _ in range(rng.randint(0, 2))),
    )  # fmt: skip


def random_acts(rng: Random, count: int) -> list[Act]:
    acts = []
    for _ in range(count):
        begins = BEGINS + timedelta(minutes=rng.randrange(MINUTES))
        swap = rng.random() < 0.5
        party, other = rng.sample(PARTIES, 2)
        ends = begins + timedelta(minutes=rng.choice([30, 60, 9 * 60, 24 * 60, rng.randint(1, 20_000)]))
        acts.append(Act(rng.randint(1, 2), begins, ends, party, other if swap else None))
    return acts


def random_roster(seed: int) -> tuple[list[Rule], list[Act], Calendar]:
    rng = Random(seed)
    rules = [random_rule(rng, rank) for rank in range(rng.randint(1, 5))]
    eves = frozenset(rng.sample(sorted(EVES), rng.randint(0, 4)))
    return rules, random_acts(rng, rng.choice([0, 5, 60])), Calendar(eves)


def telling_minutes(rng: Random, acts: list[Act], days: int) -> list[datetime]:
    """Minutes worth asking about: whole days round the changes of the clock, feasts and acts, and days picked at random."""
    changes = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2030, 10, 27), date(2033, 3, 27)]
    feasts = [date(2026, 4, 3), date(2027, 5, 17), date(2028, 1, 1), date(2031, 12, 25)]
    picked = [rng.choice(changes), rng.choice(feasts), *(random_day(rng) for _ in range(days))]
    minutes = [datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=n) for day in picked for n in range(-120, 1500)]
    for act in acts:
        for edge in (act.begins, act.ends):
            minutes += [edge + timedelta(minutes=n) for n in (-1, 0, 1)]
    return [minute for minute in minutes if BEGINS <= minute < ENDS]
