"""Isolating a patient and ending it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.domain.moments import write_moment
from journal.models import Isolation
from journal.selectors.ward import staff_of
from journal.services import isolation
from journal.services.errors import JournalError
from journal.views.common import after, row_or_404
from journal.views.typed import Typed, act_page

ORDERS = ("lms_doctor", "lms_nurse")


def isolation_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Begins: kind, why, from when, decided by whom."""
    gate = request.gate
    typed = Typed(request, {"begins_at": write_moment(gate.now, gate.now), "ordered_by": str(gate.user_id)})
    staff = staff_of(gate.unit_id, *ORDERS)
    at, by = typed.moment("begins_at"), typed.chosen("ordered_by", staff)
    if typed.ready and at:
        try:
            isolation.isolation_begin(
                gate=gate, patient=patient, kind=typed.text("kind"), reason=typed.text("reason"), begins_at=at, ordered_by=by.pk if by else None
            )
            return after("stay", patient, "isolert")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Isolering"), submit=_("Isoler"), cancel_url=reverse("stay", args=[patient]),
        lead=_("Står på tavlen, sengekartet og øverst på alle sider om pasienten til den avsluttes."),
        fields=[
            typed.select("kind", _("Type"), Isolation.Kind.choices, empty=_("Velg")),
            typed.field("reason", _("Årsak"), hint=_("Påvist eller mistenkt smittestoff, eller hva pasienten skal beskyttes mot"), maxlength=300),
            typed.field("begins_at", _("Fra"), inputmode="numeric"),
            typed.select("ordered_by", _("Bestemt av"), [(u.pk, u.get_full_name()) for u in staff], empty=_("Meg")),
        ],
    )  # fmt: skip


def isolation_end(request: HttpRequest, patient: UUID, isolated: UUID) -> HttpResponse:
    """Ends, with the reason."""
    gate = request.gate
    row = row_or_404(Isolation, patient, isolated, ended_at=None)
    typed = Typed(request, {"ended_at": write_moment(gate.now, gate.now)})
    at = typed.moment("ended_at")
    if typed.ready and at:
        try:
            isolation.isolation_end(gate=gate, row=row, lock_version=typed.number("lock_version"), ended_at=at, reason=typed.text("reason"))
            return after("stay", patient, "isolering-slutt")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Avslutt isolering"), submit=_("Avslutt isolering"), cancel_url=reverse("stay", args=[patient]),
        hidden={"lock_version": row.lock_version}, lead=f"{row.get_kind_display()}: {row.reason}",
        fields=[
            typed.field("reason", _("Hvorfor"), hint=_("For eksempel negativ prøve")), typed.field("ended_at", _("Til"), inputmode="numeric"),
        ],
    )  # fmt: skip
