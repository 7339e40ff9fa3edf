"""Routes of this app: everything before a record is open, and the ways in."""

from access.routes import guarded_path, public_path
from access.rules import own
from access.views import home, lock, login, pin, role, second_factor

urlpatterns = [
    public_path("", home.home, "home"),
    public_path("logg-inn/", login.login, "login"),
    public_path("logg-ut/", login.logout, "logout"),
    public_path("las/", lock.lock, "lock"),
    public_path("last/", lock.unlock, "locked"),
    public_path("last/<uuid:session>/", lock.unlock, "locked_session"),
    guarded_path("vaken/", lock.extend, own(), "extend"),
    guarded_path("kladdnokkel/", lock.draft_key, own(), "draft_key"),
    guarded_path("kode/", second_factor.second_factor, own(), "second_factor"),
    guarded_path("rolle/", role.choose_role, own(), "choose_role"),
    guarded_path("pin/", pin.pin, own(), "pin"),
    guarded_path("forside/", home.no_lists, own(), "no_lists"),
]
