"""When something that failed is tried again."""

from datetime import timedelta
from random import Random

FIRST, LONGEST = timedelta(seconds=15), timedelta(hours=1)
MOST_FAILURES = 12  # with the waits above some eight hours; then a person must look
POISON_ATTEMPTS = 10  # taken so often without an answer: it brings down whoever reads it
REST_AFTER = 5  # failures in a row before a partner is given rest
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)


def next_wait(failures: int, chance: Random) -> timedelta:
    """Doubles with each failure, to an hour; half of it is drawn by lot, so that what failed together does not return together."""
    whole = min(FIRST * 2 ** min(failures - 1, 20), LONGEST)
    return whole / 2 + whole / 2 * chance.random()


def rest(failures: int, chance: Random) -> timedelta:
    """How long a partner is given rest after this many failures in a row."""
    whole = min(FIRST_REST * 2 ** min(max(failures - REST_AFTER, 0), 20), LONGEST_REST)
    return whole / 2 + whole / 2 * chance.random()
