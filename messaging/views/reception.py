"""The ward's answer to a hospital that says a patient is ready to leave it: taken in, or not (R7)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.domain.moments import write_moment
from journal.selectors.ward import beds_of
from journal.services.errors import JournalError
from journal.views.common import row_or_404
from journal.views.typed import Typed, act_page
from messaging.formats.read import read
from messaging.models import Message
from messaging.services import reception


def accept_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """The patient becomes expected, with or without a reserved bed, and the hospital is told."""
    gate = request.gate
    row = _asked(request, patient, message)
    event = next((one for one in read(bytes(row.raw)).message.content.events if one.time and one.time.instant), None)
    typed = Typed(request, {
        "cause": _("Utskrivningsklar fra %(who)s") % {"who": row.sender_name}, "answer": _("Vi tar imot pasienten."),
        "expected_at": write_moment(event.time.instant, gate.now) if event and event.time and event.time.instant else "",
    })  # fmt: skip
    beds = beds_of(gate)
    expected_at, bed = typed.moment("expected_at", required=False), typed.chosen("bed", beds)
    if typed.ready:
        try:
            reception.reception_accept(
                gate=gate, message=row, answer=typed.text("answer"), cause=typed.text("cause"), expected_at=expected_at, bed=bed
            )
            return HttpResponseRedirect(reverse("patient_message", args=[patient, message]) + "?gjort=tatt-imot")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Ta imot pasienten"), submit=_("Ta imot og send svaret"), active="patient_messages",
        cancel_url=reverse("patient_message", args=[patient, message]),
        lead=_("Pasienten settes opp som ventet på posten, og %(who)s får svaret som helsefaglig dialog.") % {"who": row.sender_name},
        fields=[
            typed.field("expected_at", _("Ventes"), hint=_("For eksempel 15:00 eller 25.11.2026 10:00. Tomt hvis ikke avklart"), inputmode="numeric"),
            typed.select("bed", _("Reserver seng"), [(one.pk, _("Seng %(bed)s") % {"bed": one.number}) for one in beds], empty=_("Ingen")),
            typed.field("cause", _("Årsak"), hint=_("Kort, slik det skal stå på tavlen"), maxlength=120),
            typed.field("answer", _("Svar til avsenderen"), rows=4, maxlength=2000),
        ],
    )  # fmt: skip


def decline_view(request: HttpRequest, patient: UUID, message: UUID) -> HttpResponse:
    """The hospital is told why; the ward's way into the record is closed."""
    row = _asked(request, patient, message)
    typed = Typed(request)
    if typed.ready:
        try:
            reception.reception_decline(gate=request.gate, message=row, answer=typed.text("answer"))
            return HttpResponseRedirect(reverse("unit_messages") + "?gjort=avslatt")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Ta ikke imot pasienten"), submit=_("Send svaret"), active="patient_messages",
        cancel_url=reverse("patient_message", args=[patient, message]),
        lead=_("%(who)s får svaret som helsefaglig dialog. Postens tilgang til journalen lukkes med en gang.") % {"who": row.sender_name},
        fields=[typed.field("answer", _("Hvorfor ikke, og hva dere kan tilby"), rows=4, maxlength=2000)],
    )  # fmt: skip


def _asked(request: HttpRequest, patient: UUID, key: UUID) -> Message:
    row: Message = row_or_404(Message, patient, key)
    if not reception.may_answer(request.gate, row):
        raise Http404
    return row
