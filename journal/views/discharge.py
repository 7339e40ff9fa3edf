"""Ready for discharge, the list of what is done before leaving, and discharge: each says what is left."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journal.domain.moments import write_moment
from journal.selectors.stay import OWED, checklist_of
from journal.services import discharge, leaving
from journal.services.errors import JournalError
from journal.views.stays import present_stay
from journal.views.typed import Typed, act_page


def stay_ready(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Ready for discharge: where to and when."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    planned = found.planned_discharge_at
    typed = Typed(request, {"destination": found.destination, "planned_discharge_at": write_moment(planned, gate.now) if planned else ""})
    planned_at = typed.moment("planned_discharge_at", required=False)
    if typed.ready:
        try:
            discharge.stay_mark_discharge_ready(
                gate=gate,
                stay=found,
                lock_version=typed.number("lock_version"),
                planned_discharge_at=planned_at,
                destination=typed.text("destination"),
            )
            return HttpResponseRedirect(reverse("stay", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Utskrivningsklar"), submit=_("Meld utskrivningsklar"), hidden={"lock_version": found.lock_version},
        cancel_url=reverse("stay", args=[patient]),
        fields=[
            typed.field("destination", _("Reiser til"), hint=_("For eksempel hjem med hjemmesykepleie")),
            typed.field("planned_discharge_at", _("Planlagt utreise"), hint=_("For eksempel 14:00 eller 25.11.2026 14:00"), inputmode="numeric"),
        ],
    )  # fmt: skip


def stay_not_ready(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Takes the readiness back, with its plan."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request)
    if typed.ready:
        try:
            discharge.stay_undo_discharge_ready(gate=gate, stay=found, lock_version=typed.number("lock_version"))
            return HttpResponseRedirect(reverse("stay", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Ikke utskrivningsklar likevel"), submit=_("Trekk tilbake"), hidden={"lock_version": found.lock_version},
        cancel_url=reverse("stay", args=[patient]), fields=[], lead=_("Planen for utreise trekkes tilbake samtidig."),
    )  # fmt: skip


def stay_discharge(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Discharges. Open tasks must be confirmed to lapse; the messages that are owed are said before the button."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request, {"destination": found.destination, "discharged_at": write_moment(gate.now, gate.now)})
    at = typed.moment("discharged_at")
    if typed.ready and at:
        try:
            discharge.stay_discharge(
                gate=gate, stay=found, lock_version=typed.number("lock_version"), discharged_at=at, destination=typed.text("destination"),
                cancel_open_tasks=typed.text("confirm") == "1", send_later=typed.text("send_later") == "1", reason=typed.text("reason"),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("stay", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    owed = [one | {"text": _(OWED[one["kind"]]), "to": _(one["to"])} for one in discharge.owed_messages(gate, found)]
    lines = checklist_of(found)
    lacking = [line for line in lines if not line["done"]]
    fields = [typed.field("destination", _("Reiser til")), typed.field("discharged_at", _("Reist"), inputmode="numeric")]
    if lacking:
        fields.append(
            typed.field("reason", _("Hvorfor skrives pasienten ut uten det som mangler?"), hint=_("Står i journalen ved hvert punkt"), rows=2)
        )
    return act_page(
        request, patient, typed, title=_("Skriv ut"), submit=_("Skriv ut"), hidden={"lock_version": found.lock_version},
        cancel_url=reverse("stay", args=[patient]), tasks=discharge.open_tasks(gate, found), owed=owed,
        confirm_label=_("Oppgavene bortfaller når pasienten reiser"), checklist=lines, checklist_url=reverse("stay", args=[patient]) + "#sjekkliste",
        lead=_("Posten kan lese journalen og fullføre egne notater i sju døgn etter utskriving."), fields=fields,
    )  # fmt: skip


@require_POST
def discharge_check(request: HttpRequest, patient: UUID) -> HttpResponse:
    """One item of the list is done, not called for, or not done after all."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request)
    try:
        leaving.discharge_check(gate=gate, stay=found, item=typed.text("item"), state=typed.text("state"), remark=typed.text("remark")[:200])
    except JournalError as error:
        return render(request, "access/message.html", {"message": error.message, "status": error.status}, status=error.status)
    return HttpResponseRedirect(reverse("stay", args=[patient]) + "?gjort=sjekket#sjekkliste")
