"""«Hvem ser hva»: who may see a patient, or what one person may see and why, now or at a moment behind us. By full number, and logged."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from access.models import User
from access.selectors.questions import who_at
from access.views.common import text_field, with_error
from access.views.register_common import WrongDate, page, read_date
from lms_epj.core.clock import from_oslo
from lms_epj.core.formatting import format_date, format_time


class WrongField(ValueError):
    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


def question(request: HttpRequest) -> HttpResponse:
    """For administrators: the units they hold."""
    return _page(request, "register_question")


def custodian_question(request: HttpRequest) -> HttpResponse:
    """For custodians: everyone."""
    return _page(request, "")


def _page(request: HttpRequest, tab: str) -> HttpResponse:
    form = request.POST
    fields = [
        text_field("number", _("Pasientens fødselsnummer"), form.get("number", ""), required=True, maxlength=14, inputmode="numeric", autocomplete="off",
                   hint=_("Hele nummeret. Oppslaget logges på pasienten.")),
        text_field("person", _("Ansattes brukernavn"), form.get("person", ""), maxlength=80, autocomplete="off",
                   hint=_("Tomt felt viser alle som kan se pasienten.")),
        text_field("day", _("Dato"), form.get("day", "") or format_date(request.gate.now), maxlength=10, autocomplete="off"),
        text_field("clock", _("Klokken"), form.get("clock", "") or format_time(request.gate.now), maxlength=5, autocomplete="off"),
    ]  # fmt: skip
    context: dict[str, Any] = {"answer": None, "asked": False}
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            at, user = _moment(request), _user(form.get("person", ""))
            number = "".join(form.get("number", "").split())
            if not number:
                raise WrongField("number", _("Skriv hele fødselsnummeret."))
            answer = who_at(number, at, request.gate.request, user=user.id if user else None)
            context = {"answer": answer, "asked": True, "at": at, "person": user}
        except WrongField as wrong:
            errors = with_error(fields, wrong.name, str(wrong))
    return page(request, "question", tab, fields=fields, errors=errors, **context)


def _moment(request: HttpRequest) -> datetime:
    """The moment asked about: this very one where the form still says so, since a minute has no seconds."""
    form, now = request.POST, request.gate.now
    try:
        day = read_date(form.get("day", "") or format_date(now))
    except WrongDate as wrong:
        raise WrongField("day", str(wrong)) from None
    text = form.get("clock", "") or format_time(now)
    try:
        clock = datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 - a wall clock
    except ValueError:
        raise WrongField("clock", _("Skriv klokkeslettet som tt:mm.")) from None
    at = from_oslo(datetime.combine(day, clock))
    if (format_date(now), format_time(now)) == (format_date(at), format_time(at)):
        return now
    if at > now:
        raise WrongField("day", _("Tidspunktet ligger fram i tid. Hva noen får se, avgjøres først da."))
    return at


def _user(text: str) -> User | None:
    if not text.strip():
        return None
    found = User.objects.filter(username=text.strip().lower()).first()
    if found is None:
        raise WrongField("person", _("Ingen ansatt har dette brukernavnet."))
    return found
