"""A meeting while it is held: its door, its room, who was there, and its end."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from journal.services.errors import JournalError
from journal.views.common import number
from telemed.models import Booking, BookingPatient, Participant
from telemed.services import sessions
from telemed.services.groups import attendance_set
from telemed.views.booking import key_in
from telemed.views.meeting import meeting_of, meeting_page


def open_room(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    return act(request, found, lambda: sessions.session_open(gate=request.gate, booking=found))


def close(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    return act(request, found, lambda: sessions.session_close(gate=request.gate, booking=found))


def present(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Who was in the room with the others: a colleague, or a patient of the group."""
    found = meeting_of(booking)
    part = BookingPatient.objects.filter(booking=found, pk=key_in(request, "part")).select_related("booking").first()
    if part is not None:
        version, there = number(request.POST.get("part_version", "")), request.POST.get("present") == "1"
        return act(request, found, lambda: attendance_set(gate=request.gate, part=part, lock_version=version, attended=there))
    one = participant_of(request, found)
    return act(request, found, lambda: one and sessions.presence_set(gate=request.gate, participant=one, present=request.POST.get("present") == "1"))


def admit(request: HttpRequest, booking: UUID) -> HttpResponse:
    found = meeting_of(booking)
    one = participant_of(request, found)
    return act(request, found, lambda: one and sessions.guest_admit(participant=one, let_in=request.POST.get("out") != "1"))


def invite(request: HttpRequest, booking: UUID) -> HttpResponse:
    """A link for one from outside, shown once."""
    found = meeting_of(booking)
    one = participant_of(request, found)
    back = reverse("meeting", args=[found.pk])
    if request.method != "POST" or one is None or one.kind == Participant.Kind.STAFF:
        return HttpResponseRedirect(back)
    secret = sessions.guest_link(participant=one)
    link = {"name": one.name, "address": request.build_absolute_uri(reverse("guest", args=[secret]))}
    return render(request, "telemed/meeting_link.html", {"link": link, "back": back})


def participant_of(request: HttpRequest, booking: Booking) -> Participant | None:
    return Participant.objects.filter(booking=booking, pk=key_in(request, "participant")).select_related("booking").first()


def act(request: HttpRequest, found: Booking, run: Any) -> HttpResponse:
    """Runs one act and goes back to the meeting; a refusal is told there."""
    if request.method == "POST":
        try:
            run()
        except JournalError as error:
            return meeting_page(request, meeting_of(found.pk), refused=error.message, status=error.status)
    return HttpResponseRedirect(reverse("meeting", args=[found.pk]))
