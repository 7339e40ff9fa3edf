"""Routes of bookings and sessions: the calendar, a patient's bookings, and meetings."""

from access.domain.codes import Action, Category
from access.routes import guarded_path, public_path
from access.rules import patient, role, unit
from telemed.views import booking, calendar, equipment, feed, gathering, group, guest, meeting, question, register, resource, rollout, room, waiting

P = "pasient/<uuid:patient>/video/"
V = P + "<uuid:video>/"
E = "video/utstyr/<uuid:resource>/"
M = "video/mote/<uuid:booking>/"
# Who books is who charts; administrators and leaders have no calendar of patients.
STAFF = role("may_chart", "")
READ, BOOK = patient(Action.READ, Category.LOGISTICS), patient(Action.WRITE, Category.LOGISTICS)

urlpatterns = [
    guarded_path("video/", calendar.video, STAFF, "video"),
    guarded_path("video/utrulling/", rollout.overview, unit(), "rollout"),
    guarded_path("video/utrulling/ny/", register.start, role("administers_access", "community"), "rollout_start"),
    guarded_path("video/utrulling/gevinst/", rollout.gains, unit(), "rollout_gains"),
    guarded_path("video/utrulling/<uuid:plan>/ressurser/", register.resources, unit(), "plan_resources"),
    guarded_path("video/utrulling/<uuid:plan>/ressurser/ny/", register.new, unit(), "plan_resource_new"),
    guarded_path("video/utrulling/<uuid:plan>/", rollout.stage, unit(), "rollout_stage"),
    guarded_path(V + "vurder/", rollout.evaluate, READ, "video_evaluate"),
    guarded_path("video/kalenderlenke/", feed.mine, STAFF, "feed_mine"),
    public_path("kalender/<str:secret>.ics", feed.feed, "feed"),
    guarded_path("video/venteliste/", waiting.unit_list, STAFF, "waiting_list"),
    guarded_path("video/utstyr/", equipment.register, STAFF, "equipment"),
    guarded_path("video/ressurs/<uuid:resource>/", resource.times, unit(), "resource_times"),
    guarded_path(E, equipment.item, STAFF, "equipment_item"),
    guarded_path(E + "test/", equipment.check, STAFF, "equipment_check"),
    guarded_path(E + "feil/", equipment.fault, STAFF, "equipment_fault"),
    guarded_path(E + "virker/", equipment.repaired, STAFF, "equipment_repaired"),
    guarded_path(E + "flytt/", equipment.move, STAFF, "equipment_move"),
    guarded_path(E + "bytt/", equipment.replace, STAFF, "equipment_replace"),
    guarded_path("video/mote/ny/", meeting.new, STAFF, "meeting_new"),
    guarded_path(M, meeting.meeting, STAFF, "meeting"),
    guarded_path(M + "flytt/", meeting.move, STAFF, "meeting_move"),
    guarded_path(M + "avlys/", meeting.cancel, STAFF, "meeting_cancel"),
    guarded_path(M + "sjekk/", meeting.check, STAFF, "meeting_check"),
    guarded_path(M + "svar/", meeting.answer, STAFF, "meeting_answer"),
    guarded_path(M + "start/", gathering.open_room, STAFF, "meeting_open"),
    guarded_path(M + "slutt/", gathering.close, STAFF, "meeting_close"),
    guarded_path(M + "oppmote/", gathering.present, STAFF, "meeting_present"),
    guarded_path(M + "slipp-inn/", gathering.admit, STAFF, "meeting_admit"),
    guarded_path(M + "lenke/", gathering.invite, STAFF, "meeting_invite"),
    guarded_path(P, booking.of_patient, READ, "patient_video"),
    guarded_path(P + "ny/", booking.new, BOOK, "video_new"),
    guarded_path(P + "gruppe/", group.join, BOOK, "video_group"),
    guarded_path(V + "meld-av/", group.withdraw, BOOK, "video_withdraw"),
    guarded_path(P + "vent/", waiting.add, BOOK, "waiting_add"),
    guarded_path(P + "vent/<uuid:waiting>/", waiting.end, BOOK, "waiting_end"),
    guarded_path(V, booking.session, READ, "video_session"),
    guarded_path(V + "flytt/", booking.move, BOOK, "video_move"),
    guarded_path(V + "avlys/", booking.cancel, BOOK, "video_cancel"),
    guarded_path(V + "sjekk/", booking.check, BOOK, "video_check"),
    guarded_path(V + "svar/", booking.answer, READ, "video_answer"),
    guarded_path(V + "informert/", booking.informed, BOOK, "video_informed"),
    guarded_path(V + "bekreft/", booking.confirm, BOOK, "video_confirm"),
    guarded_path(V + "start/", room.open_room, BOOK, "video_open"),
    guarded_path(V + "rom/", room.room, BOOK, "video_room"),
    guarded_path(V + "lenke/", room.invite, BOOK, "video_invite"),
    guarded_path(V + "slipp-inn/", room.admit, BOOK, "video_admit"),
    guarded_path(V + "vis/", room.share, BOOK, "video_share"),
    guarded_path(V + "vis-ikke/", room.unshare, BOOK, "video_unshare"),
    guarded_path(V + "utfall/", room.outcome, BOOK, "video_outcome"),
    guarded_path("pasient/<uuid:patient>/sar/<uuid:wound>/spor/", question.ask, patient(Action.WRITE), "wound_ask"),
    guarded_path("pasient/<uuid:patient>/sar/sporsmal/<uuid:question>/trekk/", question.close, patient(Action.WRITE), "wound_question_close"),
    # By link, without log-in: the secret in the address is asked of the database, and opens one booking for its time.
    public_path("gjest/<str:secret>/", guest.guest, "guest"),
    public_path("gjest/<str:secret>/vist/", guest.material, "guest_material"),
    public_path("gjest/<str:secret>/bilde/<uuid:image>/", guest.image, "guest_image"),
    public_path("spesialist/<str:secret>/", question.specialist, "specialist"),
    public_path("spesialist/<str:secret>/bilde/<uuid:image>/", question.specialist_image, "specialist_image"),
    public_path("rom/<str:room>/", guest.test_room, "test_room"),
    public_path("lydtest/", guest.sound_test, "sound_test"),
]
