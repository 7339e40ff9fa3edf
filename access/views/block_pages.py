"""The pages about a patient's blocks, the same for an administrator and for one who treats; what differs stands in `Place`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.selectors import blocks
from access.services.block_letter import block_letter
from access.services.blocks import BlockError, block_assess, blocks_lift
from access.views.block_form import BlockForm
from access.views.common import text_field, with_error
from lms_epj.core.language import in_bokmal

DONE = {
    "sperret": gettext_noop("Sperringen gjelder fra nå. Lag et brev til pasienten, så vet pasienten hva som er registrert."),
    "opphevet": gettext_noop("Sperringen er opphevet fra nå."),
    "vurdert": gettext_noop("Vurderingen er lagret. Sperringen gjelder fortsatt, slik pasienten ønsker."),
}


@dataclass
class Place:
    """Where the pages stand. ``base``: the template around them; ``prefix``: of the routes' names; ``titles``: of entries that the reader may read;
    ``moments``: of entries that are offered in the form however old they are."""

    request: HttpRequest
    patient: UUID
    base: str
    prefix: str
    frame: dict[str, Any]
    titles: dict[UUID, str] = field(default_factory=dict)
    assesses: bool = False
    moments: Sequence[datetime] = ()

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"{self.prefix}_{name}", args=[self.patient, *arguments])

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {"base": self.base, "list_url": self.url("list"), "hidden": {"patient": self.patient, "actor": self.request.gate.user_id}}
        return render(self.request, f"access/blocks/{template}.html", self.frame | shared | context, status=status)

    def after(self, code: str) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"{self.url('list')}?gjort={code}")

    def registrations(self) -> dict[str, list[dict[str, Any]]]:
        return blocks.registrations(self.patient, self.request.gate.now, self.titles)

    def one(self, registration: UUID) -> dict[str, Any]:
        """Raises Http404, alike for one that is not there and one that hits the reader."""
        found = self.registrations()
        for one in (*found["in_force"], *found["ended"]):
            if one["id"] == registration:
                return one
        raise Http404


def overview(place: Place) -> HttpResponse:
    found = place.registrations()
    for one in (*found["in_force"], *found["ended"]):
        one |= {"lift_url": place.url("lift", one["id"]), "letter_url": place.url("letter", one["id"])}
        if place.assesses and one["assessable"]:
            one["assess_url"] = place.url("assess", one["id"])
    done = DONE.get(place.request.GET.get("gjort", ""))
    return place.page("list", found | {"new_url": place.url("new"), "seen_url": place.url("seen"), "messages": [{"text": _(done)}] if done else []})


def new(place: Place) -> HttpResponse:
    form = BlockForm(place.request, place.patient, place.titles, place.moments)
    if form.sent and form.handle():
        return place.after("sperret")
    return place.page("new", form.context(), 422 if form.errors else 200)


def lift(place: Place, registration: UUID) -> HttpResponse:
    """Asks whose wish it is that the block ends, and ends it."""
    one, value = place.one(registration), place.request.POST.get("wish_of", "")
    item = text_field("wish_of", _("Hvem ønsker at sperringen oppheves?"), value, required=True, maxlength=300, autocomplete="off",
                      hint=_("Skriv «Pasienten», eller navnet på den som svarer for pasienten og hvorfor."))  # fmt: skip
    errors: list[dict[str, str]] = []
    if place.request.method == "POST":
        try:
            blocks_lift(gate=place.request.gate, patient=place.patient, registration=registration, wish_of=value[:300])
            return place.after("opphevet")
        except BlockError as error:
            errors = with_error([item], "wish_of", str(error))
    return place.page("lift", {"one": one, "field": item, "errors": errors}, 422 if errors else 200)


@in_bokmal()
def letter(place: Place, registration: UUID) -> HttpResponse:
    pdf = block_letter(gate=place.request.gate, patient=place.patient, registrations=[_without_titles(place, registration)])
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="sperring.pdf"'})


def _without_titles(place: Place, registration: UUID) -> dict[str, Any]:
    place.titles = {}
    return place.one(registration)


def seen_as(place: Place) -> HttpResponse:
    """«Slik ser NN det»: which entries a colleague may read now, as date and unit."""
    readers = blocks.readers(place.patient)
    chosen = next((row for row in readers if str(row["authorisation_id"]) == place.request.GET.get("som", "")), None)
    options = [{"value": "", "label": _("Velg"), "selected": chosen is None}] + [
        {"value": str(row["authorisation_id"]), "label": f"{row['given_name']} {row['family_name']}, {row['role_name']}, {row['unit_name']}",
         "selected": row is chosen} for row in readers
    ]  # fmt: skip
    found = blocks.seen_as(place.patient, chosen["authorisation_id"]) if chosen else None
    context = {"field": text_field("som", _("Vis slik denne personen ser journalen"), options=options), "chosen": chosen, "found": found}
    return place.page("seen_as", context)


def assess(place: Place, registration: UUID) -> HttpResponse:
    """The doctor's warning: what the block may lead to, and whether the patient has been told."""
    one, post = place.one(registration), place.request.POST
    item = text_field("consequences", _("Hva kan sperringen føre til?"), post.get("consequences", ""), rows=4, required=True, maxlength=2000,
                      hint=_("Tenk særlig på legemidler og CAVE. Systemadministrator ser ikke teksten."))  # fmt: skip
    errors: list[dict[str, str]] = []
    if place.request.method == "POST":
        try:
            block_assess(gate=place.request.gate, patient=place.patient, registration=registration, may_harm=post.get("may_harm") == "1",
                         consequences=item["value"], patient_told="patient_told" in post)  # fmt: skip
            return place.after("vurdert")
        except BlockError as error:
            errors = with_error([item], "consequences", str(error))
    context = {"one": one, "field": item, "errors": errors, "may_harm": post.get("may_harm", "1"), "patient_told": "patient_told" in post}
    return place.page("assess", context, 422 if errors else 200)
