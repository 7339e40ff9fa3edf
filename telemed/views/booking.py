"""A patient's bookings as pages: the list, a new one, one of them, moved, cancelled; and the small acts on one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.gate import call
from access.models import Patient
from access.views.common import local_path
from journal.models import Note
from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.common import is_uuid, number, row_or_404
from journal.views.typed import Typed
from lms_epj.core.clock import oslo_date
from telemed.models import ABOUT_ONE, Booking, BookingPatient, ChecklistItem, Kind, Participant, WaitingEntry
from telemed.selectors.booking import booking_facts, may_book, rule_words, session_urls
from telemed.selectors.calendar import booking_url
from telemed.selectors.material import guests, outcome_types
from telemed.selectors.states import heads_of
from telemed.selectors.training import training_of
from telemed.services import bookings
from telemed.services.groups import is_own_group
from telemed.services.series import series_end, series_for_patient
from telemed.services.waiting import waiting_end
from telemed.views.moving import Moving
from telemed.views.typed_wish import TypedWish, left_out, left_out_query


def of_patient(request: HttpRequest, patient: UUID) -> HttpResponse:
    """What is booked for the patient, what has been, and what is waited for."""
    gate = request.gate
    context = patient_frame(gate, patient, "patient_video")
    parts = BookingPatient.objects.filter(patient=patient).select_related("booking", "decision").order_by("-booking__starts_at")
    rows = [{"part": part, "booking": part.booking, "url": reverse("video_session", args=[patient, part.pk])} for part in parts[:100]]
    coming = [
        row for row in reversed(rows) if row["booking"].status in Booking.OPEN and row["booking"].ends_at > gate.now and not row["part"].withdrawn_at
    ]
    context |= {
        "coming": coming, "earlier": [row for row in rows if row not in coming], "may_book": may_book(gate),
        "waiting": WaitingEntry.objects.filter(patient=patient, ended_at=None).order_by("event_at"), "hidden": {"patient": patient, "actor": gate.user_id},
    }  # fmt: skip
    return render(request, "telemed/of_patient.html", context)


def new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Books; the same form looks for free times."""
    gate = request.gate
    waiting = waited(request, patient)
    form = TypedWish(
        request,
        [kind for kind in ABOUT_ONE if kind != Kind.TEACH_GROUP],
        {"kind": waiting.kind, "aim": waiting.aim, "minutes": str(waiting.minutes)} if waiting else None,
    )
    typed = form.typed
    at_home = bool(typed.text("at_home"))
    if form.finding:
        form.find()
    elif typed.ready:
        try:
            wish = form.wish(at_home=at_home, patient_name=Patient.objects.get(pk=patient).given_name)
            query = ""
            if typed.text("repeat"):
                made = series_for_patient(gate=gate, patient=patient, wish=wish, rule=form.rule(), aim=typed.text("aim"), at_home=at_home)
                part, query = BookingPatient.objects.get(booking=made.bookings[0], patient=patient), left_out_query(made.clashes)
            else:
                part = bookings.booking_for_patient(gate=gate, patient=patient, wish=wish, aim=typed.text("aim"), at_home=at_home)
            if waiting:
                waiting_end(gate=gate, entry=waiting, lock_version=waiting.lock_version, booking=part.booking)
            return HttpResponseRedirect(reverse("video_session", args=[patient, part.pk]) + f"?gjort=bestilt{query}")
        except JournalError as error:
            form.refuse(error)
    context = patient_frame(gate, patient, "patient_video") | form.context() | form.repeat_fields()
    context |= {
        "title": _("Ny videotime"), "submit": _("Bestill"), "errors": typed.error_list(), "at_home": at_home,
        "hidden": {"patient": patient, "actor": gate.user_id} | ({"waiting": waiting.pk} if waiting else {}),
        "aim": typed.field("aim", _("Hva timen gjelder"), rows=2, hint=_("Kort. Ses bare av dem som har tilgang til journalen.")),
        "outside": outside_fields(typed), "cancel_url": reverse("patient_video", args=[patient]),
    }  # fmt: skip
    return render(request, "telemed/new.html", context, status=typed.status)


def waited(request: HttpRequest, patient: UUID) -> WaitingEntry | None:
    """The wait that the booking is to end, where one came from the list."""
    key = request.POST.get("waiting", "") or request.GET.get("venter", "")
    return WaitingEntry.objects.filter(patient=patient, pk=key, ended_at=None).first() if is_uuid(key) else None


def outside_fields(typed: Typed) -> list[dict[str, Any]]:
    return [
        typed.field("external", _("Ekstern spesialist"), hint=_("Navn eller funksjon, for eksempel «Lungelege i vakt»"), maxlength=80),
        typed.field("organisation", _("Hvor"), hint=_("For eksempel Ahus"), maxlength=80),
    ]


def session(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """One booking of the patient's."""
    return session_page(request, patient, part_of(patient, video))


def session_page(request: HttpRequest, patient: UUID, part: BookingPatient, *, refused: str = "", status: int = 200) -> HttpResponse:
    gate, booking = request.gate, part.booking
    context = patient_frame(gate, patient, "patient_video")
    kit = [slot.resource for slot in booking.slots.select_related("resource")]
    facts = booking_facts(gate, booking, heads_of(gate, kit, oslo_date(booking.starts_at)))
    facts |= {"urls": session_urls(part), "hidden": {"patient": patient, "actor": gate.user_id}}
    context |= facts | {"facts": facts}
    context |= {
        "part": part, "hidden": {"patient": patient, "actor": gate.user_id, "lock_version": booking.lock_version},
        "part_hidden": {"patient": patient, "actor": gate.user_id, "lock_version": part.lock_version}, "may_book": may_book(gate), "refused": refused,
        "calendar_url": booking_url(booking.pk, oslo_date(booking.starts_at)), "done": request.GET.get("gjort", ""),
        "acts": act_urls(part), "guests": guests(booking.pk) if booking.status in Booking.OPEN else [], "may_write": outcome_types(gate) is not None,
        "may_grade": booking.status == Booking.Status.HELD and not call("evaluated", booking.pk),
        "note_url": reverse("note", args=[patient, part.note_id]) if part.note_id and Note.objects.filter(pk=part.note_id).exists() else "",
        "group": booking.kind == Kind.TEACH_GROUP, "group_url": reverse("meeting", args=[booking.pk]) if is_own_group(gate, booking) else "",
        "rule": rule_words(booking), "left_out": left_out(request), "withdraw_url": reverse("video_withdraw", args=[patient, part.pk]), "training": training_of(gate, booking),
    }  # fmt: skip
    return render(request, "telemed/session.html", context, status=status)


def move(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Another time for everything the booking has."""
    gate, part = request.gate, part_of(patient, video)
    if part.booking.kind == Kind.TEACH_GROUP:  # the others' too: moved as a group
        return HttpResponseRedirect(reverse("meeting_move", args=[part.booking_id]))
    moving = Moving(request, part.booking)
    back = reverse("video_session", args=[patient, part.pk])
    if moving.done():
        return HttpResponseRedirect(back + "?gjort=flyttet")
    context = patient_frame(gate, patient, "patient_video") | moving.context()
    context |= {"hidden": {"patient": patient, "actor": gate.user_id, "lock_version": moving.lock_version}, "cancel_url": back}
    return render(request, "telemed/move.html", context, status=moving.typed.status)


def cancel(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Gives the time up, with a reason."""
    gate, part = request.gate, part_of(patient, video)
    if part.booking.kind == Kind.TEACH_GROUP:
        return HttpResponseRedirect(reverse("video_withdraw", args=[patient, part.pk]))
    typed = Typed(request)
    back = reverse("video_session", args=[patient, part.pk])
    if typed.ready:
        try:
            words = {"reason": typed.text("reason"), "remark": typed.text("remark")}
            if typed.text("rest") == "1" and part.booking.series_id:
                series_end(gate=gate, booking=part.booking, **words)
            else:
                bookings.booking_cancel(gate=gate, booking=part.booking, lock_version=typed.number("lock_version"), **words)
            return HttpResponseRedirect(back + "?gjort=avlyst")
        except JournalError as error:
            typed.refuse(error)
    context = patient_frame(gate, patient, "patient_video")
    context |= {
        "title": _("Avlys timen"), "submit": _("Avlys timen"), "cancel_url": back, "errors": typed.error_list(),
        "lead": _("Rom, utstyr og folk blir ledige for andre med en gang."),
        "hidden": {"patient": patient, "actor": gate.user_id, "lock_version": part.booking.lock_version},
        "fields": [
            *([typed.select("rest", _("Hvilke"), [("0", _("Bare denne")), ("1", _("Denne og de som kommer etter"))])] if part.booking.series_id else []),
            typed.select("reason", _("Hvorfor"), Booking.CancelReason.choices, empty=_("Velg")),
            typed.field("remark", _("Merknad"), rows=2, hint=_("Står i pasientens journal, ikke i kalenderen.")),
        ],
    }  # fmt: skip
    return render(request, "journal/act.html", context, status=typed.status)


def check(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Ticks a point off, or takes the tick back."""
    part = part_of(patient, video)
    item = ChecklistItem.objects.filter(booking=part.booking_id, pk=key_in(request, "item")).first()
    if request.method == "POST" and item is not None:
        bookings.check_set(gate=request.gate, item=item, done=request.POST.get("done") == "1")
    return back_to(request, part)


def answer(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Whether one who was asked comes."""
    part = part_of(patient, video)
    one = Participant.objects.filter(booking=part.booking_id, pk=key_in(request, "participant")).first()
    if request.method == "POST" and one is not None:
        return acted(request, part, lambda: bookings.response_set(gate=request.gate, participant=one, response=request.POST.get("response", "")))
    return back_to(request, part)


def informed(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """The sheet was given, or the patient has said yes."""
    part, post = part_of(patient, video), request.POST
    if request.method != "POST":
        return back_to(request, part)
    return acted(request, part, lambda: bookings.patient_informed(
        gate=request.gate, part=part, lock_version=number(post.get("lock_version", "")), sheet=post.get("sheet") == "1"))  # fmt: skip


def confirm(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    part = part_of(patient, video)
    if request.method != "POST":
        return back_to(request, part)
    version = number(request.POST.get("lock_version", ""))
    return acted(request, part, lambda: bookings.booking_confirm(gate=request.gate, booking=part.booking, lock_version=version))


def act_urls(part: BookingPatient) -> dict[str, str]:
    """Addresses of the session's own acts."""
    names = ("open", "room", "invite", "admit", "share", "unshare", "outcome")
    return {name: reverse(f"video_{name}", args=[part.patient_id, part.pk]) for name in names}


def acted(request: HttpRequest, part: BookingPatient, act: Any) -> HttpResponse:
    """Runs one small act; a refusal is told on the booking's page."""
    try:
        act()
    except JournalError as error:
        return session_page(request, part.patient_id, part_of(part.patient_id, part.pk), refused=error.message, status=error.status)
    return back_to(request, part)


def part_of(patient: UUID, video: UUID) -> BookingPatient:
    return row_or_404(BookingPatient, patient, video)


def back_to(request: HttpRequest, part: BookingPatient) -> HttpResponse:
    """The calendar one came from, else the booking's page."""
    return HttpResponseRedirect(local_path(request, request.POST.get("back")) or reverse("video_session", args=[part.patient_id, part.pk]))


def key_in(request: HttpRequest, name: str) -> UUID | None:
    text = request.POST.get(name, "")
    return UUID(text) if is_uuid(text) else None


def booking_or_404(key: UUID, found: Booking | None) -> Booking:
    if found is None:
        raise Http404
    return found
