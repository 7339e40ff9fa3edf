"""Meetings about no patient: a new one or a series, one of them, moved, cancelled; and the list that the rule builds for it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call, current
from access.views.common import local_path
from journal.selectors.frame import patients_among
from journal.services.errors import JournalError
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import WEEKDAYS, format_list_name
from lms_epj.core.words import say
from telemed.models import MEETINGS, Booking, ChecklistItem, Kind, Participant
from telemed.selectors.booking import booking_facts, meeting_urls, patients_shown, rule_words, visible_booking
from telemed.selectors.calendar import booking_url
from telemed.selectors.material import guests
from telemed.selectors.states import heads_of
from telemed.selectors.training import training_of
from telemed.services import bookings
from telemed.services.groups import group_create, is_own_group
from telemed.services.series import series_create, series_end
from telemed.video import provider
from telemed.video.tokens import Ticket, sign_ticket
from telemed.views.booking import key_in, outside_fields
from telemed.views.moving import Moving
from telemed.views.typed_wish import TypedWish, left_out, left_out_query


def new(request: HttpRequest) -> HttpResponse:
    """One meeting, or every week until a day."""
    form = TypedWish(request, MEETINGS)
    typed = form.typed
    again = typed.text("repeat")
    if form.finding:
        form.find()
    elif typed.ready:
        try:
            wish = form.wish(title=typed.text("title"), ward_list=bool(typed.text("ward_list")))
            if wish.kind == Kind.TEACH_GROUP:
                if again:
                    raise JournalError("repeat", _("En gruppe bestilles gang for gang."), {"repeat": _("En gruppe bestilles gang for gang.")})
                first, query = group_create(gate=request.gate, wish=wish), ""
            elif again:
                made = series_create(gate=request.gate, wish=wish, rule=form.rule())
                first, query = made.bookings[0], left_out_query(made.clashes)
            else:
                first, query = bookings.booking_for_meeting(gate=request.gate, wish=wish), ""
            return HttpResponseRedirect(reverse("meeting", args=[first.pk]) + f"?gjort=bestilt{query}")
        except JournalError as error:
            form.refuse(error)
    chosen = set(request.POST.getlist("weekday"))
    context = form.context() | form.repeat_fields() | {
        "title": _("Nytt møte"), "submit": _("Bestill"), "errors": typed.error_list(), "hidden": {"actor": request.gate.user_id},
        "name": typed.field("title", _("Møtets navn"), maxlength=80, hint=_("Ses av alle i kalenderen. Ingen pasienter her.")),
        "outside": outside_fields(typed), "ward_list": bool(typed.text("ward_list")), "cancel_url": reverse("video"),
        "weekdays": [{"value": n, "label": say(name), "checked": str(n) in chosen} for n, name in enumerate(WEEKDAYS)],
    }  # fmt: skip
    return render(request, "telemed/meeting_new.html", context, status=typed.status)


def meeting(request: HttpRequest, booking: UUID) -> HttpResponse:
    return meeting_page(request, meeting_of(booking))


def meeting_page(request: HttpRequest, found: Booking, *, refused: str = "", status: int = 200) -> HttpResponse:
    gate = request.gate
    kit = [slot.resource for slot in found.slots.select_related("resource")]
    facts = booking_facts(gate, found, heads_of(gate, kit, oslo_date(found.starts_at)))
    facts |= {"urls": meeting_urls(found), "hidden": {"actor": gate.user_id}}
    context: dict[str, Any] = facts | {"facts": facts}
    context |= {
        "hidden": {"actor": gate.user_id, "lock_version": found.lock_version}, "refused": refused, "done": request.GET.get("gjort", ""),
        "calendar_url": booking_url(found.pk, oslo_date(found.starts_at)), "ours": found.unit_id == gate.unit_id, "rule": rule_words(found),
        "left_out": left_out(request),
    }  # fmt: skip
    running = found.opened_at is not None and found.closed_at is None
    carrier = provider() if running else None
    ticket = Ticket(found.room, str(gate.user_id), gate.user["display"], host=context["ours"])
    context |= {
        "running": running, "join_url": carrier.join_address(found.room, sign_ticket(ticket)) if carrier else "",
        "here": any(one["mine"] and one["joined_at"] and not one["left_at"] for one in facts["people"]), "guests": guests(found.pk) if context["ours"] else [],
        "acts": {name: reverse(f"meeting_{name}", args=[found.pk]) for name in ("open", "close", "present", "admit", "invite")} | {"room": reverse("meeting", args=[found.pk])},
    }  # fmt: skip
    if found.kind == Kind.TEACH_GROUP:
        context |= {"group": True, "members": patients_shown(found), "training": training_of(gate, found)}
    if found.ward_list:
        patients = patients_among(gate.disclose(call("meeting_patients", found.pk)))
        named = sorted(((format_list_name(one.family_name, one.given_name), one) for one in patients), key=lambda pair: pair[0])
        context["patients"] = [{"name": name, "url": reverse("patient", args=[one.pk]), "born": one.birth_date} for name, one in named]
    return render(request, "telemed/meeting.html", context, status=status)


def move(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    moving = Moving(request, found)
    back = reverse("meeting", args=[found.pk])
    if moving.done():
        return HttpResponseRedirect(back + "?gjort=flyttet")
    context = moving.context() | {"hidden": {"actor": request.gate.user_id, "lock_version": moving.lock_version}, "cancel_url": back}
    return render(request, "telemed/meeting_move.html", context, status=moving.typed.status)


def cancel(request: HttpRequest, booking: UUID) -> HttpResponse:
    """This meeting, or this one and the rest of the series."""
    gate, found = request.gate, meeting_of(booking)
    typed = Typed(request)
    back = reverse("meeting", args=[found.pk])
    if typed.ready:
        try:
            if typed.text("rest") and found.series_id:
                series_end(gate=gate, booking=found, reason=typed.text("reason"))
            else:
                bookings.booking_cancel(gate=gate, booking=found, lock_version=typed.number("lock_version"), reason=typed.text("reason"))
            return HttpResponseRedirect(back + "?gjort=avlyst")
        except JournalError as error:
            typed.refuse(error)
    context = {
        "title": _("Avlys møtet"), "submit": _("Avlys"), "cancel_url": back, "errors": typed.error_list(), "booking": found, "series": found.series_id is not None,
        "hidden": {"actor": gate.user_id, "lock_version": found.lock_version},
        "reason": typed.select("reason", _("Hvorfor"), [one for one in Booking.CancelReason.choices if one[0] != "patient"], empty=_("Velg")),
    }  # fmt: skip
    return render(request, "telemed/meeting_cancel.html", context, status=typed.status)


def check(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    item = ChecklistItem.objects.filter(booking=found, pk=key_in(request, "item")).first()
    if request.method == "POST" and item is not None:
        bookings.check_set(gate=request.gate, item=item, done=request.POST.get("done") == "1")
    return back_to(request, found)


def answer(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    one = Participant.objects.filter(booking=found, pk=key_in(request, "participant")).first()
    if request.method == "POST" and one is not None:
        try:
            bookings.response_set(gate=request.gate, participant=one, response=request.POST.get("response", ""))
        except JournalError as error:
            return meeting_page(request, found, refused=error.message, status=error.status)
    return back_to(request, found)


def meeting_of(key: UUID) -> Booking:
    """A booking about no patient, or a group of the acting unit's. A patient's is reached from the patient's page only."""
    found = visible_booking(key)
    if found is None or (found.about_patient and not is_own_group(current(), found)):
        raise Http404
    return found


def back_to(request: HttpRequest, booking: Booking) -> HttpResponse:
    return HttpResponseRedirect(local_path(request, request.POST.get("back")) or reverse("meeting", args=[booking.pk]))
