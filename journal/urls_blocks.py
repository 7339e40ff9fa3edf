"""Blocks at the patient: for those who register them, and for one from whom something is blocked."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient
from journal.views import blocked, blocks

READ, CHARTS = patient(Action.READ), patient(Action.WRITE)
P = "pasient/<uuid:patient>/sperringer/"

urlpatterns = [
    guarded_path(P, blocks.block_list, CHARTS, "patient_block_list"),
    guarded_path(P + "ny/", blocks.block_new, CHARTS, "patient_block_new"),
    guarded_path(P + "slik-ser/", blocks.block_seen, CHARTS, "patient_block_seen"),
    guarded_path(P + "<uuid:registration>/opphev/", blocks.block_lift, CHARTS, "patient_block_lift"),
    guarded_path(P + "<uuid:registration>/brev/", blocks.block_letter, CHARTS, "patient_block_letter"),
    guarded_path(P + "<uuid:registration>/vurdering/", blocks.block_assess, CHARTS, "patient_block_assess"),
    guarded_path("pasient/<uuid:patient>/sperret/", blocked.blocked, READ, "blocked"),
    guarded_path("pasient/<uuid:patient>/sperret/apne/", blocked.open_entry, READ, "blocked_open"),
    guarded_path("pasient/<uuid:patient>/sperret/lukk/", blocked.close, READ, "blocked_close"),
]
