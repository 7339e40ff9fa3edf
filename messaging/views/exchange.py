"""A patient's refusal of exchange, the question to the home municipality, and how long information was lacking both ways."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.selectors.frame import open_stay
from journal.services.errors import JournalError
from journal.views.typed import Typed, act_page
from messaging.models import ExchangeRefusal
from messaging.selectors.gap import WHOLE_TIME, figures
from messaging.services import exchange


def refusal_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Registers that the patient does not want information sent, or that they do after all."""
    gate = request.gate
    standing = ExchangeRefusal.objects.filter(patient=patient, ended_at=None).select_related("author").first()
    typed = Typed(request, {"reason": ""})
    back = reverse("patient_messages", args=[patient])
    if typed.ready:
        try:
            if standing:
                exchange.refusal_withdraw(gate=gate, patient=patient)
            else:
                exchange.refusal_register(gate=gate, patient=patient, reason=typed.text("reason"))
            return HttpResponseRedirect(back)
        except JournalError as error:
            typed.refuse(error)
    if standing:
        lead = _("Registrert %(when)s av %(who)s. Når det trekkes tilbake, kan det sendes meldinger om pasienten igjen.") % {
            "when": standing.recorded_at.strftime("%d.%m.%Y"), "who": standing.author.get_full_name(),
        }  # fmt: skip
        return act_page(request, patient, typed, title=_("Pasienten motsetter seg ikke lenger"), submit=_("Trekk tilbake"), fields=[],
                        active="patient_messages", cancel_url=back, lead=lead)  # fmt: skip
    return act_page(
        request, patient, typed, title=_("Pasienten motsetter seg meldinger"), submit=_("Registrer"), active="patient_messages", cancel_url=back,
        lead=_("Ingen melding om pasienten sendes ut herfra før det trekkes tilbake. Det som alt er sendt, kan ikke hentes tilbake."),
        fields=[typed.field("reason", _("Hva pasienten sier"), rows=3, maxlength=500, hint=_("Kan stå tomt"))],
    )  # fmt: skip


def ask_view(request: HttpRequest, patient: UUID) -> HttpResponse:
    """One press: the question to the municipality is queued, and the page says since when."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    stay = open_stay(patient)
    typed = Typed(request)
    try:
        if stay is not None:
            exchange.municipality_ask(gate=request.gate, patient=patient, stay=stay)
        return HttpResponseRedirect(reverse("patient", args=[patient]))
    except JournalError as error:
        typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Opplysningene er ikke etterspurt"), submit=_("Prøv igjen"), fields=[], active="patient_messages",
        cancel_url=reverse("patient", args=[patient]),
    )  # fmt: skip


def report_view(request: HttpRequest) -> HttpResponse:
    """The two stories side by side: numbers only."""
    gate = request.gate
    context = {"rows": figures(gate, gate.now - WHOLE_TIME), "unit": gate.unit, "now": gate.now, "since": gate.now - WHOLE_TIME}
    return render(request, "messaging/gap_report.html", context)
