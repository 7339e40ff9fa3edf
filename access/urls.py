"""Routes of this app: everything before a record is open, and the ways in."""

from django.urls import include, path

from access.domain.codes import Action
from access.routes import guarded_path, public_path
from access.rules import own, patient, unit
from access.views import account, home, language, link, lock, login, pin, search, second_factor, ways
from access.views.role import choose_role

urlpatterns = [
    public_path("", home.home, "home"),
    public_path("logg-inn/", login.login, "login"),
    public_path("logg-ut/", login.logout, "logout"),
    public_path("sprak/", language.pick, "language"),
    public_path("las/", lock.lock, "lock"),
    public_path("last/", lock.unlock, "locked"),
    public_path("last/<uuid:session>/", lock.unlock, "locked_session"),
    guarded_path("vaken/", lock.extend, own(), "extend"),
    guarded_path("kladdnokkel/", lock.draft_key, own(), "draft_key"),
    guarded_path("kode/", second_factor.second_factor, own(), "second_factor"),
    guarded_path("rolle/", choose_role, own(), "choose_role"),
    guarded_path("pin/", pin.pin, own(), "pin"),
    guarded_path("konto/", account.account, own(), "account"),
    guarded_path("konto/passord/", account.password, own(), "account_password"),
    guarded_path("konto/kodeapp/", account.factor, own(), "account_factor"),
    guarded_path("konto/okter/", account.end_sessions, own(), "account_sessions"),
    guarded_path("konto/sprak/", language.choose, own(), "account_language"),
    guarded_path("forside/", home.no_lists, own(), "no_lists"),
    guarded_path("lenke/<uuid:link>/", link.record_link, unit(), "record_link"),
    guarded_path("pasienter/", search.my_patients, unit(), "my_patients"),
    guarded_path("pasienter/sok/", search.search, unit(), "search"),
    guarded_path("pasienter/ankomst/", ways.arrival, unit(), "arrival"),
    guarded_path("pasienter/ankomst/ukjent/", ways.arrival_unknown, unit(), "arrival_unknown"),
    guarded_path("pasienter/delta/", ways.participation, unit(), "participation"),
    guarded_path("pasienter/etterarbeid/", ways.finishing, unit(), "finishing"),
    guarded_path("pasienter/nodrett/", ways.emergency, unit(), "emergency"),
    guarded_path("pasient/<uuid:patient>/nodrett/avslutt/", ways.emergency_end, patient(Action.SEARCH), "emergency_end"),
    path("", include("access.urls_rights")),
    path("", include("access.urls_register")),
    path("", include("access.urls_reviews")),
    path("", include("access.urls_community")),
    path("", include("access.urls_blocks")),
]
