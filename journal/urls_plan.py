"""Routes of the care plan. The service asks in which category the acting person charts; row security decides line by line."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient
from journal.views import plan

P = "pasient/<uuid:patient>/plan/"
READ, WRITE = patient(Action.READ), patient(Action.WRITE)

urlpatterns = [
    guarded_path(P, plan.plan_view, READ, "plan"),
    guarded_path(P + "ny/", plan.problem_new, WRITE, "problem_new"),
    guarded_path(P + "<uuid:problem>/endre/", plan.problem_change, WRITE, "problem_change"),
    guarded_path(P + "<uuid:problem>/evaluer/", plan.problem_evaluate, WRITE, "problem_evaluate"),
    guarded_path(P + "<uuid:problem>/avslutt/", plan.problem_end, WRITE, "problem_end"),
    guarded_path(P + "<uuid:problem>/gjenapne/", plan.problem_reopen, WRITE, "problem_reopen"),
    guarded_path(P + "<uuid:problem>/tiltak/", plan.action_new, WRITE, "action_new"),
    guarded_path(P + "tiltak/<uuid:action>/avslutt/", plan.action_stop, WRITE, "action_stop"),
]
