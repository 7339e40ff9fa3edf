"""Routes of the register of authorisations: the administrator's, the unit leader's, and the custodian's question."""

from access.routes import guarded_path
from access.rules import role
from access.views import register, register_courses, register_import, register_new, register_person, register_question, register_reapproval, unit

ADMINISTRATOR = role("administers_access", "register")
LEADER = role("leads_unit", "register")
CUSTODIAN = role("is_custodian", "register")

urlpatterns = [
    guarded_path("register/", register.register, ADMINISTRATOR, "register"),
    guarded_path("register/ny/", register_new.new, ADMINISTRATOR, "register_new"),
    guarded_path("register/person/<uuid:person>/", register_person.person, ADMINISTRATOR, "register_person"),
    guarded_path("register/person/<uuid:person>/rolle/", register_person.give, ADMINISTRATOR, "register_give"),
    guarded_path("register/person/<uuid:person>/rolle/<uuid:authorisation>/avslutt/", register_person.end, ADMINISTRATOR, "register_end"),
    guarded_path("register/person/<uuid:person>/slutter/", register_person.leave, ADMINISTRATOR, "register_leave"),
    guarded_path("register/person/<uuid:person>/tilbake/", register_person.back, ADMINISTRATOR, "register_back"),
    guarded_path("register/person/<uuid:person>/enheter/", register_person.holding, ADMINISTRATOR, "register_holding"),
    guarded_path("register/person/<uuid:person>/okter/", register_person.sessions, ADMINISTRATOR, "register_sessions"),
    guarded_path("register/person/<uuid:person>/kurs/", register_person.course, ADMINISTRATOR, "register_course"),
    guarded_path("register/person/<uuid:person>/kurs/<uuid:completion>/stryk/", register_person.strike, ADMINISTRATOR, "register_strike"),
    guarded_path("register/person/<uuid:person>/godkjenning/", register_new.licence_new, ADMINISTRATOR, "register_licence_new"),
    guarded_path("register/person/<uuid:person>/godkjenning/<uuid:licence>/", register_new.licence, ADMINISTRATOR, "register_licence"),
    guarded_path("register/person/<uuid:person>/passord/", register_new.start_password, ADMINISTRATOR, "register_password"),
    guarded_path("register/person/<uuid:person>/kodeapp/", register_new.factor, ADMINISTRATOR, "register_factor"),
    guarded_path("register/kurs/", register_courses.courses, ADMINISTRATOR, "register_courses"),
    guarded_path("register/kurs/krav/", register_courses.demand, ADMINISTRATOR, "register_demand"),
    guarded_path("register/kurs/krav/<uuid:demand>/", register_courses.demand_end, ADMINISTRATOR, "register_demand_end"),
    guarded_path("register/import/", register_import.import_file, ADMINISTRATOR, "register_import"),
    guarded_path("register/import/<uuid:batch>/angre/", register_import.undo, ADMINISTRATOR, "register_import_undo"),
    guarded_path("register/gjennomganger/", register_reapproval.overview, ADMINISTRATOR, "register_reapprovals"),
    guarded_path("register/gjennomganger/<uuid:unit>/", register_reapproval.start, ADMINISTRATOR, "register_reapproval_start"),
    guarded_path("register/innsyn/", register_question.question, ADMINISTRATOR, "register_question"),
    guarded_path("journalansvar/innsyn/", register_question.custodian_question, CUSTODIAN, "custodian_question"),
    guarded_path("enhet/", unit.staff, LEADER, "unit_staff"),
    guarded_path("enhet/godkjenn/", unit.approve, LEADER, "unit_approve"),
    guarded_path("enhet/rolle/<uuid:authorisation>/avslutt/", unit.withdraw, LEADER, "unit_withdraw"),
    guarded_path("enhet/kontroll/<uuid:case>/lest/", unit.verdict_read, LEADER, "unit_verdict_read"),
    guarded_path("enhet/person/<uuid:person>/", unit.person, LEADER, "unit_person"),
    guarded_path("enhet/person/<uuid:person>/kurs/", unit.course, LEADER, "unit_course"),
    guarded_path("enhet/person/<uuid:person>/slutter/", unit.leave, LEADER, "unit_leave"),
]
