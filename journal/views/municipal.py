"""The case officer's acts: an applicant, a decision on a service, its end and its primary contact."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.identity import Mode, check_identity
from access.gate import call
from access.models import OrgUnit, ServiceType
from journal.domain.moments import write_moment
from journal.models import ServiceDecision
from journal.selectors.ward import staff_of
from journal.services import services
from journal.services.errors import JournalError
from journal.views.typed import Typed, act_page

EXECUTING = ("home_nursing", "nursing_home", "therapy", "mental_health", "allocation_office")
CONTACTS = ("home_nurse", "health_worker", "physiotherapist", "occupational_therapist", "psychologist")
CASEWORK = "SERVICE_CASEWORK"


def assessment_new(request: HttpRequest) -> HttpResponse:
    """Someone applies: the case opens for the office by full number and reason. A number nobody has is answered so."""
    typed = Typed(request)
    if typed.posted:
        mode = Mode.TEST if settings.EPJ_DEMO or settings.EPJ_TEST else Mode.PRODUCTION
        number = check_identity(typed.text("number"), mode)
        if not number.ok:
            typed.errors["number"] = _(number.message)
        if not typed.text("reason").strip():
            typed.errors["reason"] = _("Skriv hva det søkes om.")
        if typed.ready:
            patient = call("open_assessment", number.normalised, typed.text("reason").strip())
            if patient:
                return HttpResponseRedirect(reverse("patient", args=[patient]))
            typed.refuse(JournalError("unknown", "", {"number": _("Fant ingen med dette nummeret. Kontroller at alle sifrene er riktige.")}))
    fields = [
        typed.field("number", _("Fødselsnummer"), hint=_("11 siffer"), inputmode="numeric", autocomplete="off"),
        typed.field("reason", _("Hva søkes det om?"), rows=2),
    ]
    context = {"fields": fields, "errors": typed.error_list(), "hidden": {"actor": request.gate.user_id}, "unit": request.gate.unit}
    return render(request, "journal/assessment.html", context, status=typed.status)


def assessment_close(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The case is settled; the office keeps its tail."""
    typed = Typed(request)
    if typed.ready:
        call("close_assessment", patient)
        return HttpResponseRedirect(reverse("services", args=[patient]))
    return act_page(
        request, patient, typed, title=_("Avslutt saken"), submit=_("Avslutt saken"), active="services", fields=[],
        cancel_url=reverse("services", args=[patient]), lead=_("Kontoret kan lese journalen i 14 døgn etter at saken er avsluttet."),
    )  # fmt: skip


def service_new(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Decides a service of one's own municipality."""
    gate = request.gate
    typed = Typed(request, {"starts_at": write_moment(gate.now, gate.now)})
    kinds = list(ServiceType.objects.exclude(template__code=CASEWORK).order_by("code"))
    units = list(OrgUnit.objects.filter(legal_entity__in=gate.own_entities, kind__in=EXECUTING, valid_to=None).order_by("name"))
    contacts = [person for unit in units for person in staff_of(unit.pk, *CONTACTS)]
    kind = typed.chosen("service_type", kinds, message=_("Velg tjeneste."))
    unit = typed.chosen("executing_unit", units, message=_("Velg hvem som skal utføre tjenesten."))
    contact, starts_at, ends_at = typed.chosen("contact", contacts), typed.moment("starts_at"), typed.moment("ends_at", required=False)
    if not typed.posted:
        typed.errors.clear()
    if typed.ready and kind and unit and starts_at:
        try:
            services.service_decide(
                gate=gate, patient=patient, service_type=kind, executing_unit=unit, starts_at=starts_at, ends_at=ends_at, text=typed.text("text"),
                primary_contact=contact.pk if contact else None,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("services", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Nytt vedtak"), submit=_("Fatt vedtak"), active="services", cancel_url=reverse("services", args=[patient]),
        lead=_("Enheten som utfører tjenesten, får lese journalen så lenge vedtaket varer."),
        fields=[
            typed.select("service_type", _("Tjeneste"), [(k.pk, k.name) for k in kinds], empty=_("Velg")),
            typed.select("executing_unit", _("Utføres av"), [(u.pk, u.name) for u in units], empty=_("Velg")),
            typed.field("text", _("Hva vedtaket gjelder"), rows=3), typed.field("starts_at", _("Gjelder fra"), inputmode="numeric"),
            typed.field("ends_at", _("Gjelder til"), hint=_("Tomt hvis vedtaket varer til det endres"), inputmode="numeric"),
            typed.select("contact", _("Primærkontakt"), [(p.pk, p.get_full_name()) for p in contacts], empty=_("Ikke valgt")),
        ],
    )  # fmt: skip


def service_change(request: HttpRequest, patient: UUID, decision: UUID) -> HttpResponse:
    """Ends a decision, or names its primary contact."""
    gate = request.gate
    found = get_object_or_404(ServiceDecision.objects.select_related("service_type", "executing_unit"), pk=decision, patient=patient)
    typed = Typed(request, {"contact": str(found.primary_contact_id or ""), "ends_at": _written(found.ends_at, gate.now)})
    contacts = staff_of(found.executing_unit_id, *CONTACTS)
    contact, ends_at = typed.chosen("contact", contacts), typed.moment("ends_at", required=False)
    if typed.ready:
        try:
            _change(request, found, typed.number("lock_version"), contact.pk if contact else None, ends_at)
            return HttpResponseRedirect(reverse("services", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=found.service_type.name, submit=_("Lagre"), active="services", lead=found.text,
        hidden={"lock_version": found.lock_version}, cancel_url=reverse("services", args=[patient]),
        fields=[
            typed.select("contact", _("Primærkontakt"), [(p.pk, p.get_full_name()) for p in contacts], empty=_("Ikke valgt")),
            typed.field("ends_at", _("Avsluttes"), hint=_("Tomt hvis vedtaket varer til det endres"), inputmode="numeric"),
        ],
    )  # fmt: skip


def _change(request: HttpRequest, found: ServiceDecision, version: int, contact: UUID | None, ends_at: datetime | None) -> None:
    """Each act on its own; the second takes the version that the first left."""
    if contact != found.primary_contact_id:
        version = services.primary_contact_name(gate=request.gate, decision=found, lock_version=version, user=contact).lock_version
    if ends_at and (found.ends_at is None or abs((ends_at - found.ends_at).total_seconds()) >= 60):
        services.service_end(gate=request.gate, decision=found, lock_version=version, ends_at=ends_at)


def _written(moment: datetime | None, now: datetime) -> str:
    return write_moment(moment, now) if moment else ""
