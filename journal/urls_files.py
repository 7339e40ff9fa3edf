"""Routes of files and wounds. Which kinds of information they are of, each row says: row security decides line by line."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient
from journal.views import attachments, wounds

P = "pasient/<uuid:patient>/"
F, W = P + "vedlegg/<uuid:attachment>/", P + "sar/<uuid:wound>/"
READ, WRITE, PRINT = patient(Action.READ), patient(Action.WRITE), patient(Action.PRINT)

urlpatterns = [
    guarded_path(P + "vedlegg/", attachments.list_view, READ, "attachments"),
    guarded_path(P + "vedlegg/nytt/", attachments.new_view, WRITE, "attachment_new"),
    guarded_path(F, attachments.one_view, READ, "attachment"),
    guarded_path(F + "bilde/", attachments.image_view, READ, "attachment_image"),
    guarded_path(F + "fil/", attachments.file_view, PRINT, "attachment_file"),
    guarded_path(F + "feil/", attachments.strike_view, WRITE, "attachment_strike"),
    guarded_path(P + "sar/", wounds.list_view, READ, "wounds"),
    guarded_path(P + "sar/nytt/", wounds.new_view, WRITE, "wound_new"),
    guarded_path(P + "sar/vurdering/<uuid:assessment>/feil/", wounds.strike_assessment_view, WRITE, "wound_assessment_strike"),
    guarded_path(W, wounds.wound_view, READ, "wound"),
    guarded_path(W + "vurder/", wounds.assess_view, WRITE, "wound_assess"),
    guarded_path(W + "sammenlign/", wounds.compare_view, READ, "wound_compare"),
    guarded_path(W + "leget/", wounds.heal_view, WRITE, "wound_heal"),
    guarded_path(W + "gjenapne/", wounds.reopen_view, WRITE, "wound_reopen"),
    guarded_path(W + "feil/", wounds.strike_view, WRITE, "wound_strike"),
]
