"""What the ward keeps beside a stay: where the patient has lain, isolation, what was decided, and what is done before leaving."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from access.domain.codes import Category
from journal.models import DischargeCheck, Isolation, Placement, Stay, StayDecision
from lms_epj.demo import shapes
from lms_epj.demo.places import LMS

if TYPE_CHECKING:
    from lms_epj.demo.load.courses import CourseLoader

ROOMS = {1: "Rom 1", 2: "Rom 1", 3: "Rom 2", 4: "Rom 2", 5: "Rom 3", 6: "Rom 3", 7: "Rom 4", 8: "Rom 4", 9: "Isolat", 10: "Rom 5"}
KINDS = {label: code for code, label in Isolation.Kind.choices}
MOVED = {6: (5, "Trengte plass til oksygenutstyr ved sengen"), 10: (2, "Ro om natten")}  # bed now → (bed before, why)
STAYS, GOES_HOME = (
    "Trenger observasjon og behandling som kan gis her. Ny vurdering ved neste visitt.",
    "Stabil i ett døgn, spiser og drikker, tjenestene er klare.",
)
TOLD = (("kin", "Datter, på telefon"), ("services", "Hjemmesykepleien er ringt"))


def write_ward(loader: "CourseLoader", stay: shapes.Stay) -> None:
    """Rows of one stay that has begun."""
    if stay.admitted_at is None:
        return

    def entry(category: int, at: datetime, author: str) -> dict[str, Any]:
        return loader.entry(category, at, author, LMS, stay=stay.key)

    _places(loader, stay, entry)
    if stay.status not in Stay.PRESENT:
        return
    if stay.isolation in KINDS:
        began = stay.admitted_at + timedelta(minutes=20)
        doctor = loader.org.users[stay.responsible_doctor]
        reason = "Diaré og oppkast, prøve på norovirus er sendt"
        loader.rows[Isolation].append(
            Isolation(**entry(Category.CRITICAL, began, stay.responsible_nurse), kind=KINDS[stay.isolation], reason=reason, ordered_by=doctor)
        )
    decided = stay.admitted_at + timedelta(hours=4)
    if decided < loader.now:
        loader.rows[StayDecision].append(StayDecision(**entry(Category.LOGISTICS, decided, stay.responsible_doctor), outcome="stay", reason=STAYS))
    if stay.planned_discharge_at and stay.planned_discharge_at - loader.now < timedelta(hours=20):
        at = loader.now - timedelta(hours=2)
        loader.rows[StayDecision].append(StayDecision(**entry(Category.LOGISTICS, at, stay.responsible_doctor), outcome="home", reason=GOES_HOME))
        for item, remark in TOLD:
            loader.rows[DischargeCheck].append(
                DischargeCheck(**entry(Category.LOGISTICS, at, stay.responsible_nurse), item=item, state="done", remark=remark)
            )


def _places(loader: "CourseLoader", stay: shapes.Stay, entry: Any) -> None:
    admitted, bed = stay.admitted_at, stay.bed or 0
    ward = loader.org.units[LMS]
    before = MOVED.get(bed) if stay.status in Stay.PRESENT else None
    steps = [(admitted, bed, "")]
    if before and admitted and admitted + timedelta(hours=9) < loader.now:
        steps = [(admitted, before[0], ""), (admitted + timedelta(hours=9), bed, before[1])]
    for at, number, reason in steps:
        loader.rows[Placement].append(
            Placement(**entry(Category.LOGISTICS, at, stay.responsible_nurse), ward=ward, bed=loader.beds.get(number), reason=reason)
        )
