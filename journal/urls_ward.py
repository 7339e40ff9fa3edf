"""Routes of the ward, the day list, tasks and municipal services, each with its rule."""

from access.domain.codes import Action, Category
from access.routes import guarded_path
from access.rules import patient, unit
from journal.views import board, discharge, stays

WARD = unit("observation_ward")
STAY = patient(Action.WRITE, Category.LOGISTICS)

urlpatterns = [
    guarded_path("tavle/", board.board, WARD, "board"),
    guarded_path("tavle/direkte/", board.board_live, WARD, "board_live"),
    guarded_path("tavle/senger/", board.beds, WARD, "beds"),
    guarded_path("tavle/seng-klar/", board.bed_ready, WARD, "bed_ready"),
    guarded_path("ta-imot/", stays.receive, WARD, "receive"),
    guarded_path("pasient/<uuid:patient>/opphold/", stays.stay, patient(Action.READ, Category.LOGISTICS), "stay"),
    guarded_path("pasient/<uuid:patient>/opphold/ventes/", stays.stay_expect, STAY, "stay_expect"),
    guarded_path("pasient/<uuid:patient>/opphold/legg-inn/", stays.stay_admit, STAY, "stay_admit"),
    guarded_path("pasient/<uuid:patient>/opphold/flytt/", stays.stay_transfer, STAY, "stay_transfer"),
    guarded_path("pasient/<uuid:patient>/opphold/ansvarlige/", stays.stay_assign, STAY, "stay_assign"),
    guarded_path("pasient/<uuid:patient>/opphold/avgjorelse/", stays.stay_decide, STAY, "stay_decide"),
    guarded_path("pasient/<uuid:patient>/opphold/kom-ikke/", stays.stay_cancel, STAY, "stay_cancel"),
    guarded_path("pasient/<uuid:patient>/opphold/utskrivningsklar/", discharge.stay_ready, STAY, "stay_ready"),
    guarded_path("pasient/<uuid:patient>/opphold/ikke-utskrivningsklar/", discharge.stay_not_ready, STAY, "stay_not_ready"),
    guarded_path("pasient/<uuid:patient>/opphold/skriv-ut/", discharge.stay_discharge, STAY, "stay_discharge"),
]
