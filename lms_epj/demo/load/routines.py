"""What is done for everyone who comes to the ward: scores, and the checklist of the arrival."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from access.domain.codes import Category
from journal.domain.procedure_steps import read_steps
from journal.domain.scores import BRADEN, FOUR_AT, MUST, Score
from journal.models import ChecklistRun, Observation
from lms_epj.demo import shapes
from lms_epj.demo.load.procedures import ARRIVAL, series_of
from lms_epj.demo.places import LMS

if TYPE_CHECKING:
    from lms_epj.demo.load.courses import CourseLoader

# How ill one is by how many of the answers are the worse ones.
SCORED: tuple[Score, ...] = (BRADEN, MUST, FOUR_AT)


def write_routines(loader: "CourseLoader", stay: shapes.Stay, nurse: str) -> None:
    """Rows in the loader's tables, some hours after the arrival; nothing for one who has just come."""
    rng, at = Random(f"routines {stay.key}"), (stay.admitted_at or loader.now) + timedelta(hours=3)
    if at >= loader.now:
        return
    for score in SCORED:
        answers = {item.key: rng.choice(item.options if rng.random() < 0.4 else _better(score, item.options))[0] for item in score.items}
        entry = loader.entry(Category.VITALS, at, nurse, LMS, stay=stay.key)
        loader.rows[Observation].append(Observation(**entry, kind="score", code=score.key, value=Decimal(score.total(answers)), answers=answers))
    done = {"state": "done", "note": "", "by": str(loader.org.users[nurse].id), "at": at.isoformat()}
    loader.rows[ChecklistRun].append(
        ChecklistRun(
            **loader.entry(Category.NURSING, at - timedelta(hours=2), nurse, LMS, stay=stay.key), series=series_of(ARRIVAL), number=1, title=ARRIVAL.title,
            points=[{**step, **done} for step in read_steps(ARRIVAL.steps)], finished_at=at, finished_by=loader.org.users[nurse],
        )
    )  # fmt: skip


def _better(score: Score, options: "tuple[tuple[int, str], ...]") -> "tuple[tuple[int, str], ...]":
    """The better half: in Braden the many points are good, elsewhere the few."""
    ordered = sorted(options, reverse=score is BRADEN)
    return tuple(ordered[: max(1, len(ordered) // 2)])
