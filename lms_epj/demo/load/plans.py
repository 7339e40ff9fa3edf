"""A care plan for those who lie on the ward now: what the ward does, and what the municipality goes on with at home."""

from datetime import time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from access.domain.codes import Category
from journal.domain.schedule import Schedule, next_slot
from journal.models import PlanAction, PlanEvaluation, PlanProblem, Task
from lms_epj.core.clock import oslo_date
from lms_epj.demo import shapes
from lms_epj.demo.places import LMS

if TYPE_CHECKING:
    from lms_epj.demo.load.courses import CourseLoader

MORNING, ROUND, EVENING = [time(8)], [time(8), time(14), time(20)], [time(20)]
# what the cause holds → (problem, goal, [(action, times, at home instead of on the ward)], evaluation)
Line = tuple[str, str, list[tuple[str, list[time], bool]], str]
PLANS: dict[str, Line] = {
    "KOLS": (
        "Tung pust ved aktivitet", "Går til badet uten hvile, SpO₂ 88–92 %",
        [("Fløyte og pusteteknikk med fysioterapeut", [time(10)], False), ("Inhalasjonsteknikk: se på og veilede", MORNING, False),
         ("Inhalasjonsteknikk: se på og veilede hjemme", MORNING, True)],
        "Går halve veien uten hvile. Bruker leppepust av seg selv.",
    ),
    "svikt": (
        "Væske i beina og rask vektøkning", "Vekt ned til 71 kg, lette ankler",
        [("Vekt før frokost", MORNING, False), ("Legg opp beina etter middag", [time(14)], False), ("Vekt to ganger i uken, meld ved 2 kg opp", MORNING, True)],
        "Mindre hevelse, vekten går ned.",
    ),
    "hofte": (
        "Usikker på beina etter operasjonen", "Går med rullator til spisestuen, kommer opp av stolen alene",
        [("Gå med rullator til måltidene", [time(8), time(12), time(17)], False), ("Reise og sette seg ti ganger", [time(11)], False), ("Trening hjemme med fysioterapeut", [], True)],
        "Går 20 meter med én støtte.",
    ),
}  # fmt: skip
COMMON: list[Line] = [
    (
        "Spiser og drikker lite", "Drikker 1 500 mL i døgnet, spiser halve porsjoner",
        [("Tilby drikke", ROUND, False), ("Næringsdrikk til kvelds", EVENING, False), ("Følg med på vekten hjemme", [], True)],
        "Drikker bedre når noen sitter hos.",
    ),
    (
        "Ustø, har falt hjemme", "Ingen fall. Bruker rullator fram og tilbake til badet",
        [("Følg til badet om kvelden", EVENING, False), ("Stående blodtrykk", MORNING, False), ("Gå gjennom løse tepper og lys", [], True)],
        "Bruker rullatoren uten å bli minnet på det.",
    ),
    (
        "Sover dårlig", "Sover minst fem timer sammenhengende",
        [("Lufting, varm drikke og ro fra kl. 22", [time(22)], False), ("Spør om søvnen", MORNING, False)],
        "Sov fra 23 til 04.",
    ),
]  # fmt: skip


def write_plan(loader: "CourseLoader", stay: shapes.Stay, nurse: str) -> None:
    """Problems, actions with their next task, and how it goes, as rows in the loader's tables."""
    begins = (stay.admitted_at or loader.now) + timedelta(hours=2)
    if begins >= loader.now:
        return
    lines = [line for word, line in PLANS.items() if word in stay.cause]

    def entry(at: Any) -> dict[str, Any]:
        return loader.entry(Category.NURSING, at, nurse, LMS, stay=stay.key)

    for problem, goal, actions, evaluation in [*lines, Random(stay.key).choice(COMMON)]:
        row = PlanProblem(**entry(begins), problem=problem, goal=goal, goal_by=oslo_date(loader.now) + timedelta(days=5))
        loader.rows[PlanProblem].append(row)
        for text, times, home in actions:
            unit = loader.org.units[loader.home if home else LMS]
            action = PlanAction(**entry(begins), origin_id=row.id, text=text, for_unit=unit, times=times, every_days=3 if home and times else 1)
            loader.rows[PlanAction].append(action)
            slot = next_slot(Schedule(times, begins, None, action.every_days), loader.now) if times and not home else None
            if slot:
                task = loader.entry(Category.TASKS, begins, nurse, LMS, stay=stay.key)
                loader.rows[Task].append(Task(**task, origin_id=action.id, kind=Task.PLAN, title=text, due_at=slot.due_at, for_unit=unit))
        if loader.now - begins > timedelta(hours=20):
            loader.rows[PlanEvaluation].append(
                PlanEvaluation(**entry(loader.now - timedelta(hours=9)), origin_id=row.id, kind="on_track", text=evaluation)
            )
