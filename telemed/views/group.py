"""A patient put on a group of the acting unit's, and taken off again. Both are done from the patient's own page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.selectors.frame import patient_frame
from journal.services.errors import JournalError
from journal.views.typed import Typed, act_page
from lms_epj.core.formatting import format_moment
from telemed.models import Booking, Kind
from telemed.services.groups import group_join, group_withdraw
from telemed.services.waiting import waiting_end
from telemed.views.booking import part_of, waited


def join(request: HttpRequest, patient: UUID) -> HttpResponse:
    """The unit's coming groups, one of them to choose."""
    gate = request.gate
    waiting = waited(request, patient)
    groups = Booking.objects.filter(kind=Kind.TEACH_GROUP, unit=gate.unit_id, status__in=Booking.OPEN, ends_at__gt=gate.now).order_by("starts_at")[
        :50
    ]
    if not groups:
        return render(request, "telemed/group_none.html", patient_frame(gate, patient, "patient_video"))
    typed = Typed(request, {"aim": waiting.aim} if waiting else None)
    chosen = typed.chosen("booking", groups, message=_("Velg gruppen.")) if typed.posted else None
    back = reverse("patient_video", args=[patient])
    if typed.ready and chosen:
        try:
            part = group_join(gate=gate, booking=chosen, patient=patient, aim=typed.text("aim"), at_home=typed.text("at_home") == "1")
            if waiting:
                waiting_end(gate=gate, entry=waiting, lock_version=waiting.lock_version, booking=chosen)
            return HttpResponseRedirect(reverse("video_session", args=[patient, part.pk]) + "?gjort=meldt-pa")
        except JournalError as error:
            typed.refuse(error)
    options = [(one.pk, f"{one.title or one.get_kind_display()}, {format_moment(one.starts_at)}") for one in groups]
    return act_page(
        request, patient, typed, title=_("Meld på opplæring i gruppe"), submit=_("Meld på"), active="patient_video", cancel_url=back,
        hidden={"waiting": waiting.pk} if waiting else None,
        fields=[
            typed.select("booking", _("Gruppe"), options, empty=_("Velg")),
            typed.field("aim", _("Hva pasienten skal lære"), rows=2, hint=_("Ses bare av dem som har tilgang til journalen, ikke av de andre i gruppen.")),
            typed.select("at_home", _("Hvor"), [("0", _("Sammen med oss")), ("1", _("Hjemmefra, med lenke"))]),
        ],
    )  # fmt: skip


def withdraw(request: HttpRequest, patient: UUID, video: UUID) -> HttpResponse:
    """Off the group, with the reason in the patient's record. The group goes on."""
    part = part_of(patient, video)
    typed = Typed(request)
    back = reverse("video_session", args=[patient, part.pk])
    if typed.ready:
        try:
            group_withdraw(gate=request.gate, part=part, lock_version=typed.number("lock_version"), remark=typed.text("remark"))
            return HttpResponseRedirect(back + "?gjort=meldt-av")
        except JournalError as error:
            typed.refuse(error)
    return act_page(
        request, patient, typed, title=_("Meld av gruppen"), submit=_("Meld av"), active="patient_video", cancel_url=back,
        hidden={"lock_version": part.lock_version}, lead=_("Gruppen holdes for de andre. En lenke pasienten har fått, virker ikke lenger."),
        fields=[typed.field("remark", _("Hvorfor"), rows=2, hint=_("Står i pasientens journal."))],
    )  # fmt: skip
