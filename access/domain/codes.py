"""The codes the rule speaks in, as they are stored."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Action(IntEnum):
    """What one does with a row; a set of actions is the sum of their bits, as stored in the role's rights."""

    SEARCH = 1
    READ = 2
    WRITE = 4
    SIGN = 8
    PRINT = 16
    SEND = 32
    EXPORT = 64


class Category(IntEnum):
    """The kinds of information the program knows by name; an installation may have more (R13). MENTAL and SENSITIVE are the strict ones."""

    ADMIN = 1
    LOGISTICS = 2
    CRITICAL = 3
    DIAGNOSIS = 4
    MEDICATION = 5
    VITALS = 6
    NURSING = 7
    MEDICAL = 8
    THERAPY = 9
    MENTAL = 10
    CASEWORK = 11
    ARRIVAL = 12
    TASKS = 13
    SENSITIVE = 14


# Every code a category can have. Category names those that the program itself charts in; the rest are made on screen (R13).
# 30 is the last bit of a mask of category codes in the database.
CATEGORIES: Final = range(1, 31)
CHARTING: Final = Action.WRITE | Action.SIGN
MEMBER: Final = "member"
