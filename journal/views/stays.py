"""A stay's acts as pages: expect, admit, move, name who is responsible, decide, cancel – and where one receives a patient."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.domain.codes import Action, Category
from access.gate import Gate, call
from access.models import OrgUnit
from journal import around
from journal.domain.moments import write_moment
from journal.models import Bed, Stay, StayDecision
from journal.selectors.bed_map import bed_choices
from journal.selectors.board import expected_card
from journal.selectors.frame import patient_frame
from journal.selectors.stay import isolations, newest_stay, stay_facts
from journal.selectors.ward import beds_of, board_patients, board_state, staff_of
from journal.services import stays
from journal.services.errors import JournalError
from journal.views.common import after, messages
from journal.views.typed import Typed, act_page

NURSES, DOCTORS = ("lms_nurse",), ("lms_doctor",)


def receive(request: HttpRequest) -> HttpResponse:
    """Those who are notified to the ward; anyone else is found by search and registered as arriving."""
    gate = request.gate
    rows = board_patients(gate, board_state())
    coming = [row for row in rows if not row.present and not (row.stay is None and row.blocked)]
    return render(request, "journal/receive.html", {"expected": [expected_card(gate, row) for row in coming], "unit": gate.unit, "now": gate.now})


def stay(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The newest stay: where it stands, what may be done with it, what was decided and what is owed."""
    gate = request.gate
    context = patient_frame(gate, patient, "stay")
    found = newest_stay(patient)
    acts = acts_of(gate, found, patient)
    context |= {
        "stay": stay_facts(gate, found) if found else None, "acts": acts, "panels": around.panels(gate, found) if found else [],
        "messages": messages(request, patient), "may_check": bool(acts) and found is not None and found.status in Stay.PRESENT,
        **isolations(gate, patient), "lock_version": found.lock_version if found else 0,
    }  # fmt: skip
    return render(request, "journal/stay.html", context)


def acts_of(gate: Gate, found: Stay | None, patient: UUID) -> list[dict[str, str]]:
    """Links to what the acting person may do with the stay now."""
    if gate.unit["kind"] != OrgUnit.Kind.OBSERVATION_WARD or not gate.may(Action.WRITE, Category.LOGISTICS):
        return []
    if found is None or found.status in (Stay.Status.DISCHARGED, Stay.Status.CANCELLED):
        names = [("stay_expect", _("Registrer forventet opphold"))] if stays.is_notified(patient) else []
    elif found.ward_id != gate.unit_id:
        return []
    elif found.status == Stay.Status.EXPECTED:
        names = [("stay_admit", _("Legg inn")), ("stay_expect", _("Endre forventet opphold")), ("stay_cancel", _("Kom ikke"))]
    else:
        names = [
            ("stay_decide", _("Ta avgjørelse")), ("stay_transfer", _("Flytt")), ("stay_assign", _("Ansvarlige")),
            ("stay_ready", _("Utskrivningsklar")), ("stay_discharge", _("Skriv ut")),
        ]  # fmt: skip
        if found.status == Stay.Status.DISCHARGE_READY:
            names.insert(4, ("stay_not_ready", _("Ikke utskrivningsklar likevel")))
    return [{"label": label, "url": reverse(name, args=[patient])} for name, label in names]


def stay_expect(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Registers, or changes, the expected stay of one who is notified."""
    gate = request.gate
    found = Stay.objects.filter(patient=patient, ward=gate.unit_id, status=Stay.Status.EXPECTED).first()
    typed = Typed(request, {} if found is None else {
        "cause": found.cause, "referrer": found.referrer, "bed": str(found.bed_id or ""),
        "expected_at": write_moment(found.expected_at, gate.now) if found.expected_at else ""})  # fmt: skip
    beds = beds_of(gate)
    expected_at, bed = typed.moment("expected_at", required=False), typed.chosen("bed", beds)
    if typed.ready:
        try:
            stays.stay_expect(
                gate=gate, patient=patient, cause=typed.text("cause"), referrer=typed.text("referrer"), expected_at=expected_at, bed=bed
            )
            return HttpResponseRedirect(reverse("board"))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Forventet opphold"), submit=_("Lagre"), cancel_url=reverse("board"),
        fields=[
            typed.field("cause", _("Årsak"), hint=_("Kort, slik det skal stå på tavlen"), maxlength=120),
            typed.field("referrer", _("Henvist av"), hint=_("Fastlege, legevakt eller sykehusavdeling")),
            typed.field("expected_at", _("Ventes"), hint=_("For eksempel 15:00 eller 25.11.2026 10:00. Tomt hvis ikke avklart"), inputmode="numeric"),
        ],
        beds=bed_choices(beds, [b for b in beds if b.status != Bed.Status.OUT_OF_SERVICE], typed.text("bed"), call("isolated_beds")),
        bed_label=_("Reserver seng"), bed_none=_("Ingen"), bed_error=typed.errors.get("bed", ""),
    )  # fmt: skip


def stay_admit(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Admits to a bed. One who has no expected stay yet is expected first, in the same act."""
    gate = request.gate
    found = Stay.objects.filter(patient=patient, ward=gate.unit_id, status=Stay.Status.EXPECTED).first()
    if found is None:
        return HttpResponseRedirect(reverse("stay_expect", args=[patient]))
    typed = Typed(request, {"admitted_at": write_moment(gate.now, gate.now), "bed": str(found.bed_id or ""), "nurse": str(gate.user_id)})
    beds, nurses, doctors = free_beds(gate.unit_id), staff_of(gate.unit_id, *NURSES), staff_of(gate.unit_id, *DOCTORS)
    bed = typed.chosen("bed", beds, message=_("Velg en ledig seng."))
    nurse, doctor, at = typed.chosen("nurse", nurses), typed.chosen("doctor", doctors), typed.moment("admitted_at")
    if typed.ready and bed and at:
        try:
            stays.stay_admit(
                gate=gate, stay=found, lock_version=typed.number("lock_version"), bed=bed, admitted_at=at,
                nurse=nurse.pk if nurse else None, doctor=doctor.pk if doctor else None,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("patient", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, _fresh(typed), title=_("Legg inn"), submit=_("Legg inn"), cancel_url=reverse("board"), hidden={"lock_version": found.lock_version},
        lead=_("Årsak: %(cause)s") % {"cause": found.cause},
        fields=[
            typed.field("admitted_at", _("Innlagt"), inputmode="numeric"), *_staff_fields(typed, nurses, doctors),
        ],
        beds=bed_choices(beds_of(gate), beds, typed.text("bed"), call("isolated_beds")), bed_label=_("Seng"), bed_error=typed.errors.get("bed", ""),
    )  # fmt: skip


def stay_transfer(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Moves to another bed, or to another ward where a bed is given later."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request)
    beds = free_beds(gate.unit_id)
    wards = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.OBSERVATION_WARD, valid_to=None).exclude(pk=gate.unit_id).order_by("name"))
    bed, ward = typed.chosen("bed", beds), typed.chosen("ward", wards)
    if typed.ready:
        try:
            stays.stay_transfer(
                gate=gate, stay=found, lock_version=typed.number("lock_version"), bed=None if ward else bed, ward=ward, reason=typed.text("reason")
            )
            return after("stay", patient, "flyttet")
        except JournalError as error:
            typed.refuse(error)
    fields = [typed.field("reason", _("Hvorfor"), hint=_("Valgfritt, for eksempel isolering eller ro"), maxlength=200)]
    if wards:
        fields.append(typed.select("ward", _("Annen post"), [(w.pk, w.name) for w in wards], empty=_("Blir på posten")))
    return act_page(
        request, patient, typed, title=_("Flytt"), submit=_("Flytt"), fields=fields, hidden={"lock_version": found.lock_version},
        cancel_url=reverse("stay", args=[patient]), lead=_("Sengen som blir ledig, merkes for rengjøring."),
        beds=bed_choices(beds_of(gate), beds, typed.text("bed"), call("isolated_beds")), bed_label=_("Ny seng"), bed_error=typed.errors.get("bed", ""),
    )  # fmt: skip


def stay_assign(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Who is responsible from now."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request, {"nurse": str(found.responsible_nurse_id or ""), "doctor": str(found.responsible_doctor_id or "")})
    nurses, doctors = staff_of(gate.unit_id, *NURSES), staff_of(gate.unit_id, *DOCTORS)
    nurse, doctor = typed.chosen("nurse", nurses), typed.chosen("doctor", doctors)
    if typed.ready:
        try:
            stays.stay_assign(
                gate=gate,
                stay=found,
                lock_version=typed.number("lock_version"),
                nurse=nurse.pk if nurse else None,
                doctor=doctor.pk if doctor else None,
            )
            return HttpResponseRedirect(reverse("stay", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Ansvarlige"), submit=_("Lagre"), fields=_staff_fields(typed, nurses, doctors),
        hidden={"lock_version": found.lock_version}, cancel_url=reverse("stay", args=[patient]),
    )  # fmt: skip


def stay_decide(request: HttpRequest, patient: UUID) -> HttpResponse:
    """Stay, hospital or home, with the reason; author and time go with it (R5)."""
    gate = request.gate
    found = present_stay(gate, patient)
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request)
    if typed.ready:
        try:
            stays.stay_decide(gate=gate, stay=found, outcome=typed.text("outcome"), reason=typed.text("reason"))
            return HttpResponseRedirect(reverse("stay", args=[patient]))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Avgjørelse"), submit=_("Lagre avgjørelsen"), cancel_url=reverse("stay", args=[patient]),
        lead=_("Avgjørelsen lagres med navnet ditt og tidspunktet. Den kan ikke endres, men du kan ta en ny."),
        fields=[
            typed.select("outcome", _("Avgjørelse"), StayDecision.Outcome.choices, empty=_("Velg")),
            typed.field("reason", _("Begrunnelse"), rows=3),
        ],
    )  # fmt: skip


def stay_cancel(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The expected patient did not come."""
    gate = request.gate
    found = Stay.objects.filter(patient=patient, ward=gate.unit_id, status=Stay.Status.EXPECTED).first()
    if found is None:
        return HttpResponseRedirect(reverse("stay", args=[patient]))
    typed = Typed(request)
    if typed.ready:
        try:
            stays.stay_cancel(gate=gate, stay=found, lock_version=typed.number("lock_version"))
            return HttpResponseRedirect(reverse("board"))
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Pasienten kom ikke"), submit=_("Pasienten kom ikke"), fields=[], cancel_url=reverse("stay", args=[patient]),
        hidden={"lock_version": found.lock_version},
        lead=_("Pasienten tas av tavlen, og postens tilgang til journalen lukkes med en gang."),
    )  # fmt: skip


def present_stay(gate: Gate, patient: UUID) -> Stay | None:
    """The stay of one who lies in the acting ward."""
    return Stay.objects.filter(patient=patient, ward=gate.unit_id, status__in=Stay.PRESENT).select_related("bed").first()


def free_beds(unit: UUID) -> list[Bed]:
    """Beds that a patient can be put in now."""
    return list(Bed.objects.filter(unit=unit, status=Bed.Status.READY).exclude(pk__in=call("taken_beds", unit)))


def _staff_fields(typed: Typed, nurses: list, doctors: list) -> list[dict]:
    return [
        typed.select("nurse", _("Ansvarlig sykepleier"), [(u.pk, u.get_full_name()) for u in nurses], empty=_("Ikke valgt")),
        typed.select("doctor", _("Ansvarlig lege"), [(u.pk, u.get_full_name()) for u in doctors], empty=_("Ikke valgt")),
    ]


def _fresh(typed: Typed) -> Typed:
    """An empty form that has not been posted has no errors to show."""
    if not typed.posted:
        typed.errors.clear()
    return typed
