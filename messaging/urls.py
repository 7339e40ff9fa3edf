"""Routes of messages: a patient's, a unit's, and those of whoever watches that they get through."""

from access.domain.codes import Action
from access.routes import guarded_path
from access.rules import patient, role, unit
from messaging.views import addresses, carrying, reception, reports, results, watch
from messaging.views import patient as of_patient
from messaging.views import unit as of_unit

P = "pasient/<uuid:patient>/meldinger/"
READ, SEND, UNIT = patient(Action.READ), patient(Action.SEND), unit()
WATCH = role("watches_messages", "message_watch")
# Whom a message is about is decided by those who chart.
TRAY = role("may_chart", "")

urlpatterns = [
    guarded_path(P, of_patient.messages_view, READ, "patient_messages"),
    guarded_path(P + "<uuid:message>/", of_patient.message_view, READ, "patient_message"),
    guarded_path(P + "<uuid:message>/vurdert/", of_patient.done_view, READ, "patient_message_done"),
    guarded_path(P + "<uuid:message>/igjen/", of_patient.again_view, SEND, "patient_message_again"),
    guarded_path(P + "<uuid:message>/trekk/", of_patient.cancel_view, SEND, "patient_message_cancel"),
    guarded_path(P + "<uuid:message>/rett/", of_patient.mend_view, SEND, "patient_message_mend"),
    guarded_path(P + "<uuid:message>/ta-imot/", reception.accept_view, SEND, "reception_accept"),
    guarded_path(P + "<uuid:message>/ta-ikke-imot/", reception.decline_view, SEND, "reception_decline"),
    guarded_path(P + "<uuid:message>/overfor/", carrying.carry_view, READ, "message_carry"),
    guarded_path("pasient/<uuid:patient>/provesvar/", results.results_view, READ, "lab_results"),
    guarded_path("meldinger/", of_unit.messages_view, UNIT, "unit_messages"),
    guarded_path("meldinger/uten-pasient/", of_unit.tray_view, TRAY, "message_tray"),
    guarded_path("meldinger/uten-pasient/<uuid:message>/", of_unit.tray_item, TRAY, "message_tray_item"),
    guarded_path("meldingsvakt/", watch.overview, WATCH, "message_watch"),
    guarded_path("meldingsvakt/adresser/", addresses.import_view, WATCH, "message_addresses"),
    guarded_path("meldingsvakt/varsel/<uuid:incident>/", reports.acknowledge_view, WATCH, "message_alarm"),
    guarded_path("meldingsvakt/rapport/<str:day>/", reports.report_view, WATCH, "message_report"),
    guarded_path("meldingsvakt/<uuid:message>/", watch.aside_item, WATCH, "message_aside"),
]
