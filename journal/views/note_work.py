"""Work lists of notes, and what a leader does with the drafts of those who left."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call
from journal.models import Note
from journal.selectors import claims, note_work
from journal.services import notes
from journal.services.errors import JournalError
from journal.services.left_notes import left_draft_settle
from journal.views.common import DONE, after, row_or_404
from journal.views.note import note_context
from journal.views.typed import Typed

SETTLED = {
    "synlig": gettext_noop("Kladden er synlig for dem som har tilgang til journalen, som usignert. En kollega kan ta den over."),
    "forkastet": gettext_noop("Kladden er forkastet. Den var tom, eller en rettelse som ikke ble signert."),
}


def work_list(request: HttpRequest) -> HttpResponse:
    """What waits for oneself: to sign, to co-sign, to take over, to go on with."""
    done, _undo = DONE.get(request.GET.get("gjort", ""), ("", ""))
    context = note_work.note_work(request.gate) | {
        "notices": claims.notices(request.gate),
        "actor": request.gate.user_id,
        "messages": [{"text": _(done)}] if done else [],
        "unit": request.gate.unit,
    }
    return render(request, "journal/note_work.html", context)


def notice_seen(request: HttpRequest, notice: UUID) -> HttpResponse:
    """One has been told that a note one had read was changed."""
    if request.method == "POST":
        call("notice_seen", notice)
    return HttpResponseRedirect(reverse("note_work"))


def sign_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    """Signs a note that is visible already, as it stands: by its author, or by a colleague when the author has left."""
    return _sign(request, patient, note, notes.note_sign, "signert")


def cosign_view(request: HttpRequest, patient: UUID, note: UUID) -> HttpResponse:
    """A second, entitled person answers for a signed note."""
    return _sign(request, patient, note, notes.note_cosign, "kontrasignert")


def _sign(request: HttpRequest, patient: UUID, note: UUID, act: Callable[..., Note], done: str) -> HttpResponse:
    """Goes on to the work list where one came from it, else to the patient's notes."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act(gate=request.gate, note=row_or_404(Note, patient, note, corrects=None))
    except JournalError as error:
        return render(request, "journal/note.html", note_context(request, patient, note, error.message), status=error.status)
    return HttpResponseRedirect(f"{reverse('note_work')}?gjort={done}") if request.POST.get("liste") else after("notes", patient, done)


def left_list(request: HttpRequest) -> HttpResponse:
    """The leader's list of what those who left have not signed."""
    return _left(request)


def left_settle(request: HttpRequest, left: UUID) -> HttpResponse:
    """One draft is made visible, or thrown away where nothing stands in it."""
    typed = Typed(request)
    if not typed.posted:
        return HttpResponseRedirect(reverse("left_notes"))
    try:
        done = left_draft_settle(note=left, reason=typed.text("reason"))
    except JournalError as error:
        return _left(request, {left: error.message}, error.status)
    return HttpResponseRedirect(f"{reverse('left_notes')}?gjort={done}")


def _left(request: HttpRequest, errors: dict[UUID, str] | None = None, status: int = 200) -> HttpResponse:
    done = SETTLED.get(request.GET.get("gjort", ""), "")
    rows = [row | {"error": (errors or {}).get(row["note_id"], "")} for row in note_work.left_notes()]
    context: dict[str, Any] = {
        "rows": rows,
        "unit": request.gate.unit,
        "messages": [{"text": _(done)}] if done and not errors else [],
        "actor": request.gate.user_id,
    }
    return render(request, "journal/left_notes.html", context, status=status)
