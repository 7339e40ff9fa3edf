"""Many roles from a file: choose it, look through it, register it whole, undo it whole."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.staff_list import COLUMNS, Line, UnreadableFile, read_lines
from access.gate import rows
from access.services.authorisations import AuthorisationError
from access.services.imports import authorisations_import, import_undo, known_names
from access.views.common import text_field, with_error
from access.views.register_common import after, crumbs, page
from access.views.register_person import confirm

LARGEST = 1_000_000  # bytes


def import_file(request: HttpRequest) -> HttpResponse:
    """GET: choose a file. POST with a file: what it says, line by line. POST with its text confirmed: registered, if it still holds."""
    field = text_field(
        "file", _("Fil"), type="file", required=True, hint=_("CSV fra regneark med kolonnene %(columns)s.") % {"columns": ", ".join(COLUMNS)}
    )
    lines: list[Line] = []
    text, name, errors = "", "", []
    if request.method == "POST":
        try:
            text, name = _text(request)
            lines = read_lines(text, known_names(request.gate), _)
            if "confirm" in request.POST:
                authorisations_import(lines=lines, file_name=name)
                return after("register_import", "importert")
        except (UnreadableFile, AuthorisationError) as refused:
            errors = with_error([field], "file", str(refused))
    faulty = [line for line in lines if line.faults]
    return page(request, "import", "register_import", fields=[field], errors=errors, lines=[*faulty, *(one for one in lines if not one.faults)],
                faulty=len(faulty), text=text, file_name=name, batches=rows("imports"), columns=";".join(COLUMNS))  # fmt: skip


def _text(request: HttpRequest) -> tuple[str, str]:
    """The file's text and name. Raises UnreadableFile."""
    sent = request.FILES.get("file")
    if sent is None:
        if "text" in request.POST:
            return request.POST["text"], request.POST.get("name", "")
        raise UnreadableFile(_("Velg en fil."))
    if sent.size > LARGEST:
        raise UnreadableFile(_("Filen er for stor. Del den opp."))
    raw = sent.read()
    for coding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(coding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, sent.name or ""
    raise UnreadableFile(_("Filen er ikke en CSV-fil som kan leses. Lagre den fra regnearket som «CSV UTF-8»."))


def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    found = next((row for row in rows("imports") if row["import_id"] == batch), None)
    if found is None:
        raise Http404
    return confirm(
        request, {}, lambda reason: import_undo(batch=batch, reason=reason), "angret", route="register_import", arguments=(),
        way=crumbs((_("Import"), reverse("register_import"))), title=_("Angre importen av %(file_name)s?") % found,
        lead=_("%(live)s roller som gjelder eller skal begynne å gjelde, avsluttes nå. De som er avsluttet fra før, røres ikke.") % found,
        label=_("Hvorfor importen angres"), submit=_("Angre importen"),
    )  # fmt: skip
