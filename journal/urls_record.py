"""Addresses of one patient's record."""

from access.domain.codes import Action, Category
from access.routes import guarded_path
from access.rules import patient
from journal.views import curve, drafting, note
from journal.views import vitals as measuring
from journal.views.patient import patient_view

P = "pasient/<uuid:patient>/"
READ, WRITE, SIGN, PRINT = (patient(action) for action in (Action.READ, Action.WRITE, Action.SIGN, Action.PRINT))
VITALS_READ, VITALS_WRITE = patient(Action.READ, Category.VITALS), patient(Action.WRITE, Category.VITALS)

urlpatterns = [
    guarded_path(P, patient_view, READ, "patient"),
    guarded_path(P + "journal/", note.notes_view, READ, "notes"),
    guarded_path(P + "journal/nytt/", drafting.new_view, WRITE, "note_new"),
    guarded_path(P + "journal/kladd/<slug:document_type>/", drafting.autosave_view, WRITE, "note_autosave"),
    guarded_path(P + "journal/signer/<slug:document_type>/", drafting.sign_view, SIGN, "note_sign"),
    guarded_path(P + "journal/bekreft/<slug:document_type>/", drafting.confirm_view, WRITE, "note_confirm"),
    guarded_path(P + "journal/<uuid:note>/", note.note_view, READ, "note"),
    guarded_path(P + "journal/<uuid:note>/utskrift/", note.print_view, PRINT, "note_print"),
    guarded_path(P + "journal/<uuid:note>/rett/", drafting.correct_view, SIGN, "note_correct"),
    guarded_path(P + "journal/<uuid:note>/rett/kladd/", drafting.correction_autosave_view, WRITE, "correction_autosave"),
    guarded_path(P + "journal/<uuid:note>/rett/signer/", drafting.correction_sign_view, SIGN, "correction_sign"),
    guarded_path(P + "journal/<uuid:note>/kontrasigner/", note.cosign_view, SIGN, "note_cosign"),
    guarded_path(P + "journal/<uuid:note>/forkast/", drafting.discard_view, WRITE, "note_discard"),
    guarded_path(P + "kurve/", curve.curve_view, VITALS_READ, "curve"),
    guarded_path(P + "malinger/ny/", measuring.new_view, VITALS_WRITE, "vitals_new"),
    guarded_path(P + "malinger/<uuid:row>/feil/", measuring.strike_view, VITALS_WRITE, "vitals_strike"),
    guarded_path(P + "malinger/skala/", measuring.scale_view, VITALS_WRITE, "oxygen_scale"),
]
