"""Routes of work with notes: lists of what waits, demands to correct or delete, and what those who left have left."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient, role, unit
from journal.views import claim_custody, claims, note_work, phrases, shift_report

LEADER = role("leads_unit", "left_notes")
CUSTODIAN = role("is_custodian", "record_claims")
READ, WRITE, SIGN, PRINT = (patient(action) for action in (Action.READ, Action.WRITE, Action.SIGN, Action.PRINT))
P = "pasient/<uuid:patient>/journal/"

urlpatterns = [
    guarded_path("notater/", note_work.work_list, unit(), "note_work"),
    guarded_path("notater/varsel/<uuid:notice>/sett/", note_work.notice_seen, unit(), "notice_seen"),
    guarded_path("fraser/", phrases.phrase_list, unit(), "phrases"),
    guarded_path("fraser/<uuid:phrase>/", phrases.phrase_change, unit(), "phrase"),
    guarded_path("rapport/", shift_report.ward_report, unit("observation_ward", "nursing_home", "home_nursing", "therapy"), "shift_report"),
    guarded_path("usignerte-notater/", note_work.left_list, LEADER, "left_notes"),
    guarded_path("usignerte-notater/<uuid:left>/", note_work.left_settle, LEADER, "left_settle"),
    guarded_path(P + "krav/", claims.claim_list, READ, "claims"),
    guarded_path(P + "krav/<uuid:claim>/", claims.claim_page, READ, "claim"),
    guarded_path(P + "krav/<uuid:claim>/avgjor/", claims.claim_decide, SIGN, "claim_decide"),
    guarded_path(P + "krav/<uuid:claim>/brev/", claims.claim_letter_view, PRINT, "claim_letter"),
    guarded_path(P + "<uuid:note>/krav/", claims.claim_new, WRITE, "claim_new"),
    guarded_path(P + "<uuid:note>/utlevering/", claims.withhold, SIGN, "note_withhold"),
    guarded_path("journalansvar/krav/", claim_custody.claim_list, CUSTODIAN, "custodian_claims"),
    guarded_path("journalansvar/krav/<uuid:asked>/", claim_custody.claim_page, CUSTODIAN, "custodian_claim"),
]
