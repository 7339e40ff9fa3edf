"""Routes of the ward, the day list, tasks and municipal services, each with its rule."""

from access.domain.codes import Action, Category
from access.routes import guarded_path
from access.rules import patient, role, unit
from journal.views import action_levels, board, day, discharge, isolation, med_doses, municipal, stays, tasks

WARD = unit("observation_ward")
HOME = unit("home_nursing", "therapy", "nursing_home")
BEDS = unit("observation_ward", "nursing_home")
LEADER = role("leads_unit", "action_levels")
STAY = patient(Action.WRITE, Category.LOGISTICS)
SAFETY = patient(Action.WRITE, Category.CRITICAL)
TASK = patient(Action.WRITE, Category.TASKS)
CASE = patient(Action.WRITE, Category.CASEWORK)

urlpatterns = [
    guarded_path("tavle/", board.board, WARD, "board"),
    guarded_path("tavle/direkte/", board.board_live, WARD, "board_live"),
    guarded_path("tavle/senger/", board.beds, WARD, "beds"),
    guarded_path("tavle/seng-klar/", board.bed_ready, WARD, "bed_ready"),
    guarded_path("legemiddelrunde/", med_doses.round_view, BEDS, "med_round"),
    guarded_path("news2-nivaer/", action_levels.action_levels, LEADER, "action_levels"),
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
    guarded_path("pasient/<uuid:patient>/opphold/sjekkliste/", discharge.discharge_check, STAY, "discharge_check"),
    guarded_path("pasient/<uuid:patient>/opphold/isolering/", isolation.isolation_new, SAFETY, "isolation_new"),
    guarded_path("pasient/<uuid:patient>/opphold/isolering/<uuid:isolated>/avslutt/", isolation.isolation_end, SAFETY, "isolation_end"),
    guarded_path("dagsliste/", day.daylist, HOME, "daylist"),
    guarded_path("pasient/<uuid:patient>/besok/<uuid:visit>/start/", day.visit_start, STAY, "visit_start"),
    guarded_path("pasient/<uuid:patient>/besok/<uuid:visit>/utfort/", day.visit_finish, STAY, "visit_finish"),
    guarded_path("pasient/<uuid:patient>/besok/<uuid:visit>/ikke-hjemme/", day.visit_not_home, STAY, "visit_not_home"),
    guarded_path("pasient/<uuid:patient>/besok/<uuid:visit>/angre/", day.visit_undo, STAY, "visit_undo"),
    guarded_path("oppgaver/", tasks.work_list, unit(), "tasks"),
    guarded_path("pasient/<uuid:patient>/oppgaver/", tasks.of_patient, patient(Action.READ, Category.TASKS), "patient_tasks"),
    guarded_path("pasient/<uuid:patient>/oppgave/ny/", tasks.task_new, TASK, "task_new"),
    guarded_path("pasient/<uuid:patient>/oppgave/<uuid:task>/gjort/", tasks.task_done, TASK, "task_done"),
    guarded_path("pasient/<uuid:patient>/oppgave/<uuid:task>/angre/", tasks.task_undo, TASK, "task_undo"),
    guarded_path("pasient/<uuid:patient>/oppgave/<uuid:task>/bortfaller/", tasks.task_cancel, TASK, "task_cancel"),
    guarded_path("soknad/", municipal.assessment_new, unit("allocation_office"), "assessment_new"),
    guarded_path("pasient/<uuid:patient>/tjenester/vedtak/ny/", municipal.service_new, CASE, "service_new"),
    guarded_path("pasient/<uuid:patient>/tjenester/vedtak/<uuid:decision>/", municipal.service_change, CASE, "service_change"),
    guarded_path("pasient/<uuid:patient>/tjenester/sak/avslutt/", municipal.assessment_close, CASE, "assessment_close"),
]
