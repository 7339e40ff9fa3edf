"""Routes of procedures, knowledge and checklists. The service asks in which category the acting person charts; row security decides row by row."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient, role, unit
from journal.views import checklists, procedures

P = "pasient/<uuid:patient>/sjekklister/"
READ, WRITE, LEADER = patient(Action.READ), patient(Action.WRITE), role("leads_unit", "procedures")

urlpatterns = [
    guarded_path("prosedyrer/", procedures.library, unit(), "procedures"),
    guarded_path("prosedyrer/ny/", procedures.procedure_new, LEADER, "procedure_new"),
    guarded_path("prosedyrer/<uuid:procedure>/", procedures.procedure, unit(), "procedure"),
    guarded_path("prosedyrer/<uuid:procedure>/godkjenn/", procedures.procedure_approve, LEADER, "procedure_approve"),
    guarded_path("prosedyrer/<uuid:procedure>/trekk/", procedures.procedure_withdraw, LEADER, "procedure_withdraw"),
    guarded_path("prosedyrer/serie/<uuid:series>/endre/", procedures.procedure_change, LEADER, "procedure_change"),
    guarded_path("fagkunnskap/", procedures.knowledge, unit(), "knowledge"),
    guarded_path("fagkunnskap/ny/", procedures.knowledge_new, LEADER, "knowledge_new"),
    guarded_path("fagkunnskap/<uuid:link>/fjern/", procedures.knowledge_end, LEADER, "knowledge_end"),
    guarded_path(P, checklists.checklists_view, READ, "checklists"),
    guarded_path(P + "begynn/", checklists.checklist_begin, WRITE, "checklist_begin"),
    guarded_path(P + "<uuid:run>/", checklists.checklist, READ, "checklist"),
    guarded_path(P + "<uuid:run>/lagre/", checklists.checklist_save, WRITE, "checklist_save"),
    guarded_path(P + "<uuid:run>/stryk/", checklists.checklist_strike, WRITE, "checklist_strike"),
]
