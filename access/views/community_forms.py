"""Changes of the agreement that need signatures: a new version, a new host, one who joins, some who merge."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import ExportRule, LegalEntity, OrgUnit, Participation, ServiceType
from access.selectors import community as reading
from access.services import community as acting
from access.views.community_input import Posted
from access.views.rights_common import sides
from lms_epj.core.clock import oslo_date
from lms_epj.core.formatting import format_date

TEXTS = ("coverage", "patient_rights", "processing", "controller", "rights_contact", "exit_plan")
UNIT_ROWS = 4
KINDS_OF_UNITS = [kind for kind in OrgUnit.Kind.choices if kind[0] != OrgUnit.Kind.OBSERVATION_WARD]


def held_community(request: HttpRequest, community: UUID) -> dict[str, Any]:
    """The agreement, for one who holds it; its pages are not for others."""
    found = reading.community_of(community)
    if found is None:
        raise Http404
    if not found["held"]:
        raise PermissionDenied(_("Avtalen forvaltes av andre. Forsøket er logget."))
    return found


def page(request: HttpRequest, one: dict[str, Any], form: Posted, **context: Any) -> HttpResponse:
    """The one form page of this area: groups [{legend, hint?, columns?, fields?, checks?, error?}]."""
    context |= {"community": one, "errors": form.summary(), "url": request.path, "back_url": reverse("community")}
    return render(request, "access/community/form.html", context, status=422 if form.posted and "edit" not in form.names else 200)


def finish(form: Posted, kind: str, act: Callable[[], Any]) -> HttpResponse | None:
    """Does the act when nothing is missing; None sends the form back with what was wrong."""
    if not form.posted or form.errors or "edit" in form.names:
        return None
    try:
        act()
    except acting.CommunityError as error:
        form.errors |= error.errors
        return None
    return HttpResponseRedirect(reverse("community") + f"?gjort={kind}")


def look_through(
    request: HttpRequest, one: dict[str, Any], form: Posted, act: Callable[[], Any], at: datetime | None, **words: str
) -> HttpResponse | None:
    """Who gains and who loses, before the change is registered; None when that has been looked at, or something is wrong."""
    if not form.posted or form.errors or at is None or "confirmed" in request.POST or "edit" in request.POST:
        return None
    try:
        found = acting.effect_of(act, at)
    except acting.CommunityError as error:
        form.errors |= error.errors
        return None
    sent = [(name, value) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "actor") for value in values]
    note = _("Regnet ut for alle som har en rolle som leser, og alle pasienter med tiltak ved enhetene nå. Det gjelder pasienter der det alt er ført noe som "
             "blir lest av flere eller færre. Sperringer kan gjøre at noen ser mindre. Pasienter telles, de vises aldri.")  # fmt: skip
    return render(request, "access/community/change_preview.html", {
        "community": one, "sides": sides(found), "note": note, "hidden": sent, "url": request.path, **words})  # fmt: skip


def today(request: HttpRequest) -> str:
    return format_date(oslo_date(request.gate.now))


def entities(*kinds: str) -> list[tuple[str, str]]:
    """Legal entities that have not ended, as options."""
    found = LegalEntity.objects.filter(valid_to=None, kind__in=kinds or LegalEntity.Kind.values).order_by("name")
    return [("", _("Velg")), *((str(one.pk), one.name) for one in found)]


# --- a version, and a change of host ---


def agreement_new(request: HttpRequest, community: UUID) -> HttpResponse:
    """A new version of the agreement: every text, signed by every member."""
    one = held_community(request, community)
    form = Posted(request, reading.latest(one) | _ids_of_hosts(one) | {"valid_from": today(request), "reason": ""})
    valid_from, terms = form.moment("valid_from"), _terms(form)
    signatures, rows = _signatures(form, one)
    reason = form.text("reason", _("Skriv hvorfor avtalen endres."))
    done = finish(form, "agreement", lambda: acting.agreement_set(
        gate=request.gate, community=community, valid_from=valid_from, terms=terms, signatures=signatures, reason=reason))  # fmt: skip
    return done or page(
        request, one, form, title=_("Ny versjon av avtalen"), label=_("Registrer versjonen"),
        intro=_("Versjonen gjelder fra dagen du velger, og avløser den forrige. Den kan ikke endres etterpå, bare følges av en ny."),
        groups=[{"legend": _("Fra når, og hvorfor"), "fields": _when(form)}, _text_group(form), _host_group(form), _exit_group(form), _signature_group(form, rows)],
    )  # fmt: skip


def host_new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Another host or operator; all else of the agreement goes on. Signed by every member, as any version."""
    one = held_community(request, community)
    if not reading.latest(one):
        return HttpResponseRedirect(reverse("agreement_new", args=[community]))
    former = reading.latest(one) | _ids_of_hosts(one)
    form = Posted(request, {"host": former["host"], "operator": former["operator"], "valid_from": today(request)})
    valid_from, host, operator = form.moment("valid_from"), _host(form), _operator(form)
    signatures, rows = _signatures(form, one)
    reason = form.text("reason", _("Skriv hvorfor verten byttes."))
    terms = former | {"host": host, "operator": operator}
    done = finish(form, "agreement", lambda: acting.agreement_set(
        gate=request.gate, community=community, valid_from=valid_from, signatures=signatures, reason=reason,
        terms=acting.Terms(**{name: terms[name] for name in acting.Terms.__dataclass_fields__})))  # fmt: skip
    return done or page(
        request, one, form, title=_("Bytt vert eller driver"), label=_("Registrer bytte"),
        intro=_("Resten av avtalen gjelder videre som ny versjon. Ingen får mer eller mindre tilgang av et bytte: journalene blir hos dem som fører dem."),
        groups=[{"legend": _("Fra når, og hvorfor"), "fields": _when(form)}, _host_group(form), _signature_group(form, rows)],
    )  # fmt: skip


def _ids_of_hosts(one: dict[str, Any]) -> dict[str, Any]:
    former = reading.latest(one)
    return {"host": former.get("host_id"), "operator": former.get("operator_id")}


def _host(form: Posted) -> UUID | None:
    return form.chosen("host", [id for id, _name in entities() if id], _("Velg vert."))


def _operator(form: Posted) -> UUID | None:
    return form.chosen("operator", [id for id, _name in entities() if id], _("Velg hvem som driver systemet."))


def _terms(form: Posted) -> acting.Terms:
    texts = {name: form.text(name, _("Skriv hva avtalen sier om dette.")) for name in TEXTS}
    months = form.number("notice_months", 0, 60, _("Skriv antall måneder, 0 til 60."))
    if form.value("export_rule") not in ExportRule.values:
        form.errors["export_rule"] = _("Velg hva den som går ut, tar med seg.")
    return acting.Terms(
        **texts, host=_host(form), operator=_operator(form), notice_months=months, export_rule=form.value("export_rule"), law=form.text("law")
    )


def _when(form: Posted) -> list[dict[str, Any]]:
    return [
        form.date_field("valid_from", _("Gjelder fra"), hint=_("dd.mm.åååå. I dag gjelder straks; ellers fra midnatt."), required=True),
        form.area("reason", _("Hvorfor?"), rows=2, required=True),
    ]


def _text_group(form: Posted) -> dict[str, Any]:
    labels = {
        "coverage": _("Hva samarbeidet omfatter"), "patient_rights": _("Hvordan pasientenes rettigheter ivaretas"),
        "processing": _("Hvordan opplysningene behandles og sikres, også ved endring og opphør"), "controller": _("Dataansvar"),
        "rights_contact": _("Hvor pasienten henvender seg"),
    }  # fmt: skip
    fields = [form.area(name, label, required=True) for name, label in labels.items()]
    law = form.field("law", _("Hjemmel"), hint=_("Paragrafene avtalen bygger på. Endres loven, skriver du de nye her."))
    return {"legend": _("Innholdet"), "fields": [*fields, law]}


def _host_group(form: Posted) -> dict[str, Any]:
    fields = [form.select("host", _("Vert"), entities(), required=True), form.select("operator", _("Driver systemet"), entities(), required=True)]
    return {"legend": _("Vert og drift"), "columns": 2, "fields": fields}


def _exit_group(form: Posted) -> dict[str, Any]:
    fields = [
        form.field("notice_months", _("Oppsigelsestid"), unit=_("måneder"), inputmode="numeric", required=True),
        form.select("export_rule", _("Uttrekk til den som går ut"), [("", _("Velg")), *ExportRule.choices], required=True),
        form.area("exit_plan", _("Plan for utmelding"), required=True),
    ]
    return {"legend": _("Når noen går ut"), "fields": fields}


def _signatures(form: Posted, one: dict[str, Any]) -> tuple[list[acting.Signature], list[dict[str, Any]]]:
    """What was signed, and the members as rows of fields. One that nobody has signed for is left to the database, which names it."""
    parties = reading.members(one, form.now)
    signed = [_signature(form, f"-{party['id']}", UUID(party["id"])) for party in parties if form.value(f"signer-{party['id']}")]
    rows = [{"legend": party["name"], "fields": _signature_fields(form, f"-{party['id']}")} for party in parties]
    return [one for one in signed if one], rows


def _signature(form: Posted, suffix: str, entity: UUID | None = None) -> acting.Signature | None:
    signer = form.text(f"signer{suffix}", _("Skriv hvem som har skrevet under."))
    title, day = form.text(f"title{suffix}", _("Skriv stillingen.")), form.day(f"signed_on{suffix}")
    return acting.Signature(signer, title, day, entity) if signer and title and day else None


def _signature_fields(form: Posted, suffix: str) -> list[dict[str, Any]]:
    return [
        form.field(f"signer{suffix}", _("Underskrevet av"), autocomplete="off"),
        form.field(f"title{suffix}", _("Stilling"), autocomplete="off"),
        form.date_field(f"signed_on{suffix}", _("Dato")),
    ]


def _signature_group(form: Posted, rows: list[dict[str, Any]]) -> dict[str, Any]:
    hint = _("Alle som deltar, må ha skrevet under. Papiret ligger i deres eget arkiv.")
    return {"legend": _("Underskrifter"), "name": "signatures", "hint": hint, "rows": rows, "error": form.posted and form.errors.get("signatures")}


# --- joining and merging ---


def join_new(request: HttpRequest, community: UUID) -> HttpResponse:
    """One more party: known or new, with services, units and its signature."""
    one = held_community(request, community)
    form = Posted(request, {"valid_from": today(request), "mode": "member"})
    valid_from, party = form.moment("valid_from"), _party(form)
    services = [int(value) for value in form.values("services") if value.isdecimal()]
    if not services:
        form.errors["services"] = _("Velg minst én tjeneste.")
    signature, units = _signature(form, ""), _units(form)
    reason = form.text("reason", _("Skriv hvorfor."))
    mode = form.value("mode") if form.value("mode") in Participation.Mode.values else "member"

    def act() -> Any:
        return acting.community_join(
            gate=request.gate, community=community, party=party, services=services, mode=mode, valid_from=valid_from, signature=signature,
            units=units, reason=reason,
        )  # fmt: skip

    looked = look_through(
        request, one, form, act, valid_from, title=_("Hvem får mer, og hvem får mindre?"), here=_("Ny deltaker"), label=_("Registrer deltakeren"),
        intro=_("Slik blir det når deltakeren er med, regnet ut for dem som arbeider og de pasientene som finnes nå. Nye enheter får ansatte og pasienter etterpå."),
    )  # fmt: skip
    if looked:
        return looked
    done = finish(form, "join", act)
    offered = [(str(one.code), f"{one.code} {one.name}") for one in ServiceType.objects.order_by("code")]
    taking_part = [
        form.select("mode", _("Måte å delta på"), Participation.Mode.choices),
        *_when(form),
    ]
    return done or page(
        request, one, form, title=_("Ny deltaker"), label=_("Se hvem som får mer"),
        intro=_("Fra dagen du velger, leser deltakerens enheter det de andre har ført om pasienter de har tiltak for, og omvendt. Bare tjenestene du krysser av, er med."),
        groups=[
            _party_group(form, _("Hvem"), "operator", "municipality", "lms"),
            {"legend": _("Deltakelse"), "fields": taking_part},
            {"legend": _("Tjenester"), "name": "services", "checks": form.checks("services", offered), "error": form.posted and form.errors.get("services")},
            _unit_group(form),
            {"legend": _("Underskrift på avtalen"), "columns": 3, "fields": _signature_fields(form, "")},
        ],
    )  # fmt: skip


def merge_new(request: HttpRequest, community: UUID) -> HttpResponse:
    """Municipalities become one."""
    one = held_community(request, community)
    form = Posted(request)
    municipalities = [(party["id"], party["name"]) for party in reading.parties(one, request.gate.now) if party["kind"] == "municipality"]
    known = {id for id, _name in municipalities}
    predecessors = [UUID(id) for id in form.values("entities") if id in known]
    if not predecessors:
        form.errors["entities"] = _("Velg kommunene som slås sammen.")
    valid_from, party, signature = form.moment("valid_from"), _party(form), _signature(form, "")
    reason = form.text("reason", _("Skriv hvorfor, gjerne vedtaket."))

    def act() -> Any:
        return acting.community_merge(
            gate=request.gate, community=community, predecessors=predecessors, party=party, valid_from=valid_from, signature=signature, reason=reason
        )

    looked = look_through(
        request, one, form, act, valid_from, title=_("Hvem får mer, og hvem får mindre?"), here=_("Slå sammen kommuner"), label=_("Registrer sammenslåingen"),
        intro=_("Slik blir det når kommunene er én, regnet ut for dem som arbeider og de pasientene som finnes nå."),
    )  # fmt: skip
    if looked:
        return looked
    done = finish(form, "merge", act)
    return done or page(
        request, one, form, title=_("Slå sammen kommuner"), label=_("Se hvem som får mer"),
        intro=_("Enheter, roller, tiltak og sperringer står urørt og følger den nye kommunen fra dagen du velger. Ingen mister tilgang ved midnatt, og en sperring mot en av kommunene gjelder den nye."),
        groups=[
            {"legend": _("Kommuner som slås sammen"), "name": "entities", "checks": form.checks("entities", municipalities),
             "error": form.posted and form.errors.get("entities")},
            _party_group(form, _("Blir til"), "municipality"),
            {"legend": _("Fra når, og hvorfor"), "fields": _when(form)},
            {"legend": _("Den nye kommunens underskrift på avtalen"), "columns": 3, "fields": _signature_fields(form, "")},
        ],
    )  # fmt: skip


def _party(form: Posted) -> acting.Party:
    if form.value("entity"):
        return acting.Party(id=form.chosen("entity", [id for id, _name in entities() if id], _("Velg virksomheten på nytt.")))
    name = form.text("name", _("Velg virksomheten, eller skriv navnet på en ny."))
    number = form.value("org_number").replace(" ", "")
    if not (number.isdecimal() and len(number) == 9):
        form.errors["org_number"] = _("Organisasjonsnummeret har ni sifre.")
    place = form.value("municipality_number")
    if place and not (place.isdecimal() and len(place) == 4):
        form.errors["municipality_number"] = _("Kommunenummeret har fire sifre.")
    return acting.Party(name=name, org_number=number, municipality_number=place)


def _party_group(form: Posted, legend: str, *kinds: str) -> dict[str, Any]:
    fields = [
        form.select("entity", _("Virksomhet som finnes"), entities(*kinds)),
        form.field("name", _("Eller en ny: navn"), autocomplete="off"),
        form.field("org_number", _("Organisasjonsnummer"), inputmode="numeric", autocomplete="off"),
        form.field("municipality_number", _("Kommunenummer"), inputmode="numeric", autocomplete="off", maxlength=4),
    ]
    return {"legend": legend, "columns": 2, "fields": fields}


def _units(form: Posted) -> list[acting.NewUnit]:
    """The rows that have a name."""
    kinds, found = dict(KINDS_OF_UNITS), []
    for row in range(UNIT_ROWS):
        name, kind, service = (form.value(f"unit_{part}-{row}") for part in ("name", "kind", "service"))
        if not name:
            continue
        if kind not in kinds or service not in form.values("services"):
            form.errors[f"unit_name-{row}"] = _("Velg type, og en av tjenestene du har krysset av.")
        else:
            found.append(acting.NewUnit(name, kind, int(service)))
    return found


def _unit_group(form: Posted) -> dict[str, Any]:
    services = [("", _("Velg")), *((str(one.code), f"{one.code} {one.name}") for one in ServiceType.objects.order_by("code"))]
    rows = [
        {
            "legend": _("Enhet %(number)s") % {"number": row + 1},
            "fields": [
                form.field(f"unit_name-{row}", _("Navn"), autocomplete="off"),
                form.select(f"unit_kind-{row}", _("Type"), [("", _("Velg")), *KINDS_OF_UNITS]),
                form.select(f"unit_service-{row}", _("Tjeneste"), services),
            ],
        }
        for row in range(UNIT_ROWS)
    ]
    return {"legend": _("Nye enheter"), "hint": _("Enhetene som gir tjenestene. Roller gis etterpå, i registeret. La tomme rader stå."), "rows": rows}
