"""One's own shifts, the calendar address, and the inbox of swaps."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.services.secrets import new_secret
from access.views.common import text_field
from lms_epj.core.formatting import format_near_moment, oslo
from ops.domain.review import short_rests
from ops.models import Party, Swap
from ops.selectors.lines import levels_of
from ops.selectors.mine import answered_swaps, kept_rosters, live_feed, open_swaps, own_parties, shifts_of
from ops.selectors.resting import rest_warning
from ops.services.acting import DutyError
from ops.services.setup import contact_save
from ops.services.swaps import swap_answer, swap_withdraw
from ops.views.common import after, fault, hours_words, page, read_uuid, shift_url, span_words
from ops.views.plan import handovers

AHEAD = timedelta(days=120)  # further on a day without its year would mislead; the calendar has all


def mine(request: HttpRequest, secret: str = "", errors: Any = ()) -> HttpResponse:
    """Shifts ahead, those that are too close, and the calendar."""
    now: datetime = request.gate.now
    own = own_parties(request.gate)
    found = shifts_of(own, now, now + AHEAD)
    tight = {
        span.ends
        for _party, span in short_rests([[one for _roster, _level, one in found if one.party == party.id] for party in own if party.user_id])
    }
    names = {party.id: party.name for party in own}
    shifts = [
        {"roster": roster, "level": level_name(roster, level), "when": span_words(one.begins, one.ends), "hours": hours_words(one.begins, one.ends), "begins": one.begins,
         "now": one.begins <= now < one.ends, "tight": one.begins in tight, "party": names[one.party] if len(own) > 1 else "",
         "url": shift_url(roster, level, one.begins, one.ends)}
        for roster, level, one in found
    ]  # fmt: skip
    soon = {roster.id: roster for roster, _level, one in found if one.begins < now + timedelta(days=1)}
    notes = [note | {"roster": roster} for roster in soon.values() for note in handovers(roster, True, request.gate.user_id, now, 3) if note["reads"]]
    feed = live_feed(request.gate)
    me = next((party for party in own if party.user_id == request.gate.user_id), None)
    address = request.build_absolute_uri(reverse("duty_ics", args=[secret])) if secret else ""
    return page(
        request,
        "mine",
        "duty_mine",
        shifts=shifts,
        own=own,
        notes=notes,
        feed=feed,
        feed_address=address,
        me=me,
        errors=list(errors),
        contact=[
            text_field("phone", _("Telefon"), me.phone, hint=_("Får SMS"), inputmode="tel", maxlength=20),
            text_field("email", _("E-post"), me.email, inputmode="email", maxlength=254),
        ]
        if me
        else [],
    )


def feed(request: HttpRequest) -> HttpResponse:
    """POST makes a calendar address, shown this once, or ends the one there is."""
    if request.method != "POST":
        return mine(request)
    if request.POST.get("act") == "revoke":
        call("duty_feed_revoke")
        return after("duty_mine", "kalender-av")
    secret = new_secret()
    call("duty_feed_make", secret)
    return mine(request, secret)


def contact(request: HttpRequest) -> HttpResponse:
    """POST: where one is told about shifts and alarms."""
    if request.method != "POST":
        return mine(request)
    try:
        contact_save(phone=request.POST.get("phone", "").strip()[:20], email=request.POST.get("email", "").strip()[:254])
        return after("duty_mine", "satt-opp")
    except DutyError as error:
        return mine(request, errors=fault(error, "phone"))


def level_name(roster: Any, number: int) -> str:
    """The level's name where there is more than one."""
    levels = levels_of(roster)
    return next((level.name for level in levels if level.number == number), "") if len(levels) > 1 else ""


def swaps(request: HttpRequest) -> HttpResponse:
    """What one is asked, what one has asked, and what was answered."""
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            return after("duty_swaps", _answer(request))
        except DutyError as error:
            errors = fault(error)
    own, kept = own_parties(request.gate), kept_rosters(request.gate)
    cards = [card(swap, own, kept, request.gate.user_id) for swap in open_swaps()]
    return page(
        request, "swaps", "duty_swaps", errors=errors, to_me=[one for one in cards if one["answers"]], others=[one for one in cards if not one["answers"]],
        done=[done(swap, request.gate.now) for swap in answered_swaps()],
    )  # fmt: skip


def _answer(request: HttpRequest) -> str:
    swap = read_uuid(request.POST.get("swap"))
    if swap is None or not Swap.objects.filter(id=swap).exists():
        raise DutyError(_("Spørsmålet finnes ikke lenger."))
    match request.POST.get("act"):
        case "yes":
            swap_answer(swap=swap, yes=True, party=read_uuid(request.POST.get("party")))
            return "byttet"
        case "no":
            swap_answer(swap=swap, yes=False)
            return "avslatt"
    swap_withdraw(swap=swap)
    return "trukket"


def card(swap: Swap, own: list[Party], kept: set[UUID], user: UUID) -> dict[str, Any]:
    """A question as the page shows it. ``answers``: those one may answer as; a leader for the one who was asked."""
    members = set(swap.roster.parties.values_list("id", flat=True))
    takers = [party for party in own if party.id in members and party.id != swap.giver_id and swap.receiver_id in (None, party.id)]
    leads = swap.roster_id in kept and swap.receiver_id is not None and not takers
    return {
        "swap": swap, "roster": swap.roster.name, "level": level_name(swap.roster, swap.level), "when": span_words(swap.span.lower, swap.span.upper),
        "hours": hours_words(swap.span.lower, swap.span.upper), "back": span_words(swap.back_span.lower, swap.back_span.upper) if swap.back_span else "",
        "rest": rest_warning(takers[0], swap.span.lower, swap.span.upper) if len(takers) == 1 else "", "takers": takers, "answers": bool(takers), "leads": leads, "withdraws": swap.asked_by_id == user or swap.roster_id in kept,
    }  # fmt: skip


def done(swap: Swap, now: datetime) -> dict[str, Any]:
    return {
        "roster": swap.roster.name, "when": span_words(swap.span.lower, swap.span.upper), "state": swap.get_state_display(), "code": swap.state,
        "giver": swap.giver.name if swap.giver else _("udekket"), "taker": swap.taker.name if swap.taker else (swap.receiver.name if swap.receiver else _("alle")),
        "at": format_near_moment(swap.answered_at, now) if swap.answered_at else "", "by": swap.answered_by.get_full_name() if swap.on_behalf and swap.answered_by else "",
        "day": oslo(swap.span.lower).date(),
    }  # fmt: skip
