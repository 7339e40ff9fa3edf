"""The ward board: the page, its polling endpoint, and the beds."""

from typing import Any
from zlib import crc32

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from journal.around import beside_board
from journal.models import Bed
from journal.selectors.bed_map import bed_map, occupancy
from journal.selectors.board import board_context
from journal.selectors.ward import BoardState, beds_of, board_patients, board_state
from journal.services.errors import JournalError
from journal.services.stays import bed_set_status
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date


def board(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    state, beside = board_state(), beside_board(request.gate)
    context = _context(request, state) | beside
    context |= {
        "live_url": f"{reverse('board_live')}?{urlencode(_choice(request))}", "live_tag": _tag(request, state, beside), "receive_url": reverse("receive"),
    }  # fmt: skip
    return render(request, "journal/board.html", context)


def board_live(request: HttpRequest) -> HttpResponse:
    """What polling asks: 304 without opening a record while nothing has changed, else the lists (and then every patient is logged)."""
    state, beside = board_state(), beside_board(request.gate)
    tag = _tag(request, state, beside)
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "journal/board_live.html", _context(request, state) | beside)
    response.headers["ETag"] = tag
    return response


def bed_ready(request: HttpRequest) -> HttpResponse:
    """The bed is clean."""
    bed = _posted_bed(request, beds_of(request.gate))
    bed_set_status(gate=request.gate, bed=bed, status=Bed.Status.READY)
    return HttpResponseRedirect(reverse("board"))


def _context(request: HttpRequest, state: BoardState) -> dict[str, Any]:
    choice = _choice(request)
    return board_context(request.gate, board_patients(request.gate, state), state.beds, state.taken, choice["vis"], choice["sort"])


def _choice(request: HttpRequest) -> dict[str, str]:
    return {"vis": request.GET.get("vis", ""), "sort": request.GET.get("sort", "")}


def _tag(request: HttpRequest, state: BoardState, beside: dict[str, Any]) -> str:
    """The fingerprint, the day («i dag» is another day after midnight), and what stands beside the beds."""
    return f'"{oslo_date(request.gate.now):%j}-{state.version}-{crc32(repr(beside).encode()):08x}"'


def beds(request: HttpRequest) -> HttpResponse:
    """The ward's beds room by room, who lies in them, and how they have been used; a bed's status, room and remark are changed here."""
    gate, state = request.gate, board_state()
    typed = Typed(request)
    if request.method == "POST":
        bed, ready_at = _posted_bed(request, state.beds), typed.moment("ready_at", required=False)
        if typed.ready:
            try:
                room, remark = request.POST.get("room"), request.POST.get("remark")
                bed_set_status(gate=gate, bed=bed, status=typed.text("status"), ready_at=ready_at, room=room, remark=remark)
                return HttpResponseRedirect(f"{reverse('beds')}#seng-{bed.number}")
            except JournalError as error:
                typed.refuse(error)
    shown = bed_map(gate, board_patients(gate, state), state.beds, state.taken)
    context = {"unit": gate.unit, "actor": gate.user_id, "now": gate.now, "errors": _bed_errors(typed), "use": occupancy(state.beds), **shown}
    return render(request, "journal/beds.html", context, status=typed.status)


def _bed_errors(typed: Typed) -> list[dict[str, str]]:
    """Each bed has a form of its own: a line leads to the bed, whichever of its fields it is about."""
    return [{"field": "beds-map", "text": text} for text in typed.errors.values()]


def _posted_bed(request: HttpRequest, own: list[Bed]) -> Bed:
    """The bed that the form names, among the ward's own.

    Raises Http404 for any other.
    """
    found = next((bed for bed in own if str(bed.pk) == request.POST.get("bed")), None)
    if found is None:
        raise Http404
    return found
