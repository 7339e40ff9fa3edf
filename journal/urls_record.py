"""Addresses of one patient's record."""

from django.urls import URLPattern

from access.domain.codes import Action, Category
from access.routes import View, guarded_path
from access.rules import patient
from journal.views import clinical, curve, drafting, med_doses, med_orders, note, note_work, observations, reading, reconciling, scores
from journal.views import vitals as measuring
from journal.views.patient import patient_view

P = "pasient/<uuid:patient>/"
READ, WRITE, SIGN, PRINT = (patient(action) for action in (Action.READ, Action.WRITE, Action.SIGN, Action.PRINT))
VITALS_READ, VITALS_WRITE = patient(Action.READ, Category.VITALS), patient(Action.WRITE, Category.VITALS)
MED_READ, MED_WRITE = patient(Action.READ, Category.MEDICATION), patient(Action.WRITE, Category.MEDICATION)


def part(folder: str, name: str, view: View, category: Category, acts: dict[str, tuple[str, View]]) -> list[URLPattern]:
    """A list that is read, and the acts on it that write: both of one category."""
    base = f"{P}{folder}/"
    write = patient(Action.WRITE, category)
    writing = [guarded_path(f"{base}{path}/", act, write, act_name) for path, (act_name, act) in acts.items()]
    return [guarded_path(base, view, patient(Action.READ, category), name), *writing]


urlpatterns = [
    guarded_path(P, patient_view, READ, "patient"),
    guarded_path(P + "sammendrag/", reading.summary_view, READ, "summary"),
    guarded_path(P + "sammendrag/utskrift/", reading.summary_print_view, PRINT, "summary_print"),
    guarded_path(P + "problemer/", reading.problems_view, READ, "problems"),
    guarded_path(P + "journal/", note.notes_view, READ, "notes"),
    guarded_path(P + "journal/nytt/", drafting.new_view, WRITE, "note_new"),
    guarded_path(P + "journal/kladd/<slug:document_type>/", drafting.autosave_view, WRITE, "note_autosave"),
    guarded_path(P + "journal/signer/<slug:document_type>/", drafting.sign_view, SIGN, "note_sign"),
    guarded_path(P + "journal/bekreft/<slug:document_type>/", drafting.confirm_view, WRITE, "note_confirm"),
    guarded_path(P + "journal/<uuid:note>/", note.note_view, READ, "note"),
    guarded_path(P + "journal/<uuid:note>/rett/", drafting.correct_view, SIGN, "note_correct"),
    guarded_path(P + "journal/<uuid:note>/rett/kladd/", drafting.correction_autosave_view, WRITE, "correction_autosave"),
    guarded_path(P + "journal/<uuid:note>/rett/signer/", drafting.correction_sign_view, SIGN, "correction_sign"),
    guarded_path(P + "journal/<uuid:note>/kontrasigner/", note_work.cosign_view, SIGN, "note_cosign"),
    guarded_path(P + "journal/<uuid:note>/signer/", note_work.sign_view, SIGN, "note_sign_shown"),
    guarded_path(P + "journal/<uuid:note>/forkast/", drafting.discard_view, WRITE, "note_discard"),
    guarded_path(P + "kurve/", curve.curve_view, VITALS_READ, "curve"),
    guarded_path(P + "kurve/rutenett/", curve.grid_view, VITALS_READ, "curve_grid"),
    guarded_path(P + "kurve/vaeske/", curve.fluids_view, VITALS_READ, "curve_fluids"),
    guarded_path(P + "skaringer/", scores.scores_view, VITALS_READ, "scores"),
    guarded_path(P + "skaringer/<slug:score>/ny/", scores.new_view, VITALS_WRITE, "score_new"),
    guarded_path(P + "malinger/ny/", measuring.new_view, VITALS_WRITE, "vitals_new"),
    guarded_path(P + "malinger/andre/ny/", observations.new_view, VITALS_WRITE, "observations_new"),
    guarded_path(P + "malinger/andre/<uuid:observation>/feil/", observations.strike_view, VITALS_WRITE, "observation_strike"),
    guarded_path(P + "malinger/<uuid:row>/feil/", measuring.strike_view, VITALS_WRITE, "vitals_strike"),
    guarded_path(P + "malinger/skala/", measuring.scale_view, VITALS_WRITE, "oxygen_scale"),
    guarded_path(P + "legemidler/i-dag/", med_doses.sheet_view, MED_READ, "med_sheet"),
    guarded_path(P + "legemidler/historikk/", med_doses.history_view, MED_READ, "med_history"),
    guarded_path(P + "legemidler/gi/", med_doses.give_view, MED_WRITE, "dose_give"),
    guarded_path(P + "legemidler/kontroller/", med_doses.control_view, MED_WRITE, "dose_control"),
    guarded_path(P + "legemidler/dose/<uuid:dose>/feil/", med_doses.strike_view, MED_WRITE, "dose_strike"),
    guarded_path(P + "legemidler/forordning/ny/", med_orders.new_view, MED_WRITE, "order_new"),
    guarded_path(P + "legemidler/forordning/signer/", med_orders.sign_view, MED_WRITE, "orders_sign"),
    guarded_path(P + "legemidler/forordning/<uuid:order>/dose/", med_doses.deviate_view, MED_WRITE, "dose_deviate"),
    guarded_path(P + "legemidler/forordning/<uuid:order>/endre/", med_orders.change_view, MED_WRITE, "order_change"),
    guarded_path(P + "legemidler/forordning/<uuid:order>/stopp/", med_orders.stop_view, MED_WRITE, "order_stop"),
    guarded_path(P + "legemidler/samstemming/", reconciling.reconcile_view, MED_WRITE, "med_reconcile"),
    guarded_path(P + "legemidler/utskriving/", reconciling.carry_view, MED_WRITE, "med_carry"),
    *part("legemidler", "medications", clinical.medications_view, Category.MEDICATION, {
        "ny": ("medication_add", clinical.medication_add_view),
        "<uuid:row>/endre": ("medication_change", clinical.medication_change_view),
        "<uuid:row>/seponer": ("medication_stop", clinical.medication_stop_view),
        "<uuid:row>/gjenoppta": ("medication_resume", clinical.medication_resume_view),
    }),
    *part("kritisk", "critical", clinical.critical_view, Category.CRITICAL, {
        "ny": ("critical_add", clinical.critical_add_view),
        "ingen": ("critical_none", clinical.critical_none_view),
        "<uuid:row>/avslutt": ("critical_end", clinical.critical_end_view),
        "<uuid:row>/gjenapne": ("critical_reopen", clinical.critical_reopen_view),
    }),
    *part("diagnoser", "diagnoses", clinical.diagnoses_view, Category.DIAGNOSIS, {
        "ny": ("diagnosis_add", clinical.diagnosis_add_view),
        "<uuid:row>/avslutt": ("diagnosis_close", clinical.diagnosis_close_view),
        "<uuid:row>/gjenapne": ("diagnosis_reopen", clinical.diagnosis_reopen_view),
    }),
    *part("parorende", "next_of_kin", clinical.next_of_kin_view, Category.ADMIN, {
        "ny": ("next_of_kin_add", clinical.next_of_kin_add_view),
        "<uuid:row>/fjern": ("next_of_kin_remove", clinical.next_of_kin_remove_view),
        "<uuid:row>/sett-tilbake": ("next_of_kin_restore", clinical.next_of_kin_restore_view),
    }),
    *part("tjenester", "services", clinical.services_view, Category.CASEWORK, {}),
]  # fmt: skip
