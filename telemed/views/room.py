"""The session as those inside the house see it: the room with its door, what is shown, and the outcome."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.models import Stay, StayDecision
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.common import is_uuid
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from telemed.models import Kind, Participant
from telemed.selectors.booking import booking_facts, session_urls
from telemed.selectors.material import guests, material, outcome_types
from telemed.selectors.states import heads_of
from telemed.services import sessions
from telemed.video import provider
from telemed.video.tokens import Ticket, sign_ticket
from telemed.views.booking import act_urls, acted, key_in, part_of


def room(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Who is at the door, what is shown, and the way into the room."""
    return room_page(request, patient, part_of(patient, video))


def room_page(
    request: HttpRequest, patient: UUID, part: Any, *, link: dict[str, str] | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    gate, booking = request.gate, part.booking
    # A group has its own page: what is done in its room is for all in it, not for one patient.
    if booking.opened_at is None or booking.closed_at is not None or booking.kind == Kind.TEACH_GROUP:
        return HttpResponseRedirect(reverse("video_session", args=[patient, part.pk]))
    kit = [slot.resource for slot in booking.slots.select_related("resource")]
    facts = booking_facts(gate, booking, heads_of(gate, kit, oslo_date(booking.starts_at)))
    facts |= {"urls": session_urls(part), "hidden": {"patient": patient, "actor": gate.user_id}}
    carrier = provider()
    ticket = sign_ticket(Ticket(booking.room, str(gate.user_id), gate.user["display"], host=True))
    context = patient_frame(gate, patient, "patient_video") | facts | {
        "facts": facts, "part": part, "guests": guests(booking.pk), "material": material(gate, part), "carrier": carrier.name if carrier else "", "link": link, "refused": refused,
        "join_url": carrier.join_address(booking.room, ticket) if carrier else "", "acts": act_urls(part),
        "hidden": {"patient": patient, "actor": gate.user_id}, "specialist": any(one["kind"] == "external" for one in guests(booking.pk)),
    }  # fmt: skip
    return render(request, "telemed/room.html", context, status=status)


def open_room(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    part = part_of(patient, video)
    if request.method != "POST" or part.booking.kind == Kind.TEACH_GROUP:
        return HttpResponseRedirect(reverse("video_session", args=[patient, part.pk]))
    try:
        sessions.session_open(gate=request.gate, booking=part.booking)
    except JournalError as error:
        refusal = error
        return acted(request, part, lambda: _raise(refusal))
    return HttpResponseRedirect(reverse("video_room", args=[patient, part.pk]))


def invite(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Makes a link and shows it, this once."""
    part = part_of(patient, video)
    one = Participant.objects.filter(booking=part.booking_id, pk=key_in(request, "participant")).exclude(kind=Participant.Kind.STAFF).first()
    if request.method != "POST" or one is None:
        return HttpResponseRedirect(reverse("video_session", args=[patient, part.pk]))
    secret = sessions.guest_link(participant=one)
    link = {"name": one.name, "address": request.build_absolute_uri(reverse("guest", args=[secret]))}
    return render(request, "telemed/link.html", patient_frame(request.gate, patient, "patient_video") | {
        "link": link, "back": reverse("video_room" if part.booking.opened_at and not part.booking.closed_at else "video_session", args=[patient, part.pk])})  # fmt: skip


def admit(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    part = part_of(patient, video)
    one = Participant.objects.filter(booking=part.booking_id, pk=key_in(request, "participant")).first()
    if request.method == "POST" and one is not None:
        return in_room(request, part, lambda: sessions.guest_admit(participant=one, let_in=request.POST.get("out") != "1"))
    return HttpResponseRedirect(reverse("video_room", args=[patient, part.pk]))


def share(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    part = part_of(patient, video)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("video_room", args=[patient, part.pk]))
    entries = [UUID(text) for text in request.POST.getlist("entry") if is_uuid(text)]
    return in_room(request, part, lambda: sessions.share(part=part, entries=entries))


def unshare(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    part, item = part_of(patient, video), key_in(request, "item")
    if request.method != "POST" or item is None:
        return HttpResponseRedirect(reverse("video_room", args=[patient, part.pk]))
    return in_room(request, part, lambda: sessions.unshare(item=item))


def in_room(request: HttpRequest, part: Any, act: Any) -> HttpResponse:
    """Runs one act of the room and stays in it."""
    try:
        act()
    except JournalError as error:
        return room_page(request, part.patient_id, part, refused=error.message, status=error.status)
    return HttpResponseRedirect(reverse("video_room", args=[part.patient_id, part.pk]))


def outcome(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Ends the session and documents it in one act."""
    gate, part = request.gate, part_of(patient, video)
    document_type = outcome_types(gate)
    back = reverse("video_session", args=[patient, part.pk])
    if document_type is None or part.note_id or part.booking.opened_at is None:
        return HttpResponseRedirect(back)
    stay = Stay.objects.filter(patient=patient, ward=gate.unit_id, status__in=Stay.PRESENT).first()
    present = Participant.objects.filter(booking=part.booking_id).exclude(joined_at=None).order_by("kind", "name")
    typed = Typed(request, {"section.present": ", ".join(" ".join(filter(None, (one.name, one.organisation))) for one in present)})
    km, hours = _number(typed, "saved_km"), _number(typed, "saved_hours")
    if typed.ready:
        try:
            sessions.outcome_document(
                gate=gate, part=part, content={s["key"]: typed.text(f"section.{s['key']}") for s in document_type.sections}, decision=typed.text("decision"),
                reason=typed.text("section.agreed"), saved_km=int(km) if km is not None else None, saved_hours=hours,
            )  # fmt: skip
            return HttpResponseRedirect(back + "?gjort=dokumentert")
        except JournalError as error:
            typed.refuse(error)
    fields = [typed.field(f"section.{s['key']}", s["label"], rows=s.get("rows", 3)) for s in document_type.sections]
    if stay:
        fields.append(typed.select("decision", _("Avgjørelse for oppholdet"), StayDecision.Outcome.choices, empty=_("Ingen avgjørelse nå"),
                                   hint=_("Lagres i oppholdet med navnet ditt. «Avtalt» er begrunnelsen.")))  # fmt: skip
    fields += [
        typed.field("saved_km", _("Reise spart for pasienten"), unit="km", inputmode="numeric"),
        typed.field(
            "saved_hours", _("Følge spart"), unit=_("timer"), inputmode="decimal", hint=_("Ansatt eller pårørende som ellers måtte ha vært med")
        ),
    ]
    context = patient_frame(gate, patient, "patient_video")
    context |= {
        "title": _("Avslutt og dokumenter"), "submit": _("Avslutt timen og signer notatet"), "errors": typed.error_list(), "fields": fields, "cancel_url": back,
        "hidden": {"patient": patient, "actor": gate.user_id}, "lead": document_type.name,
    }  # fmt: skip
    return render(request, "journal/act.html", context, status=typed.status)


def _number(typed: Typed, name: str) -> Decimal | None:
    """A number that may be left open; 0 to 999."""
    text = typed.text(name).strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value < 1000:
        typed.errors[name] = _("Skriv et tall fra 0 til 999.")
        return None
    return value.quantize(Decimal("0.1"))


def _raise(error: JournalError) -> None:
    raise error
