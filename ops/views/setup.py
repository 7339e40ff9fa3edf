"""What there is to answer for and who can: systems, parties and sources of events. For administrators."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import call
from access.models import LegalEntity, OrgUnit
from access.views.common import text_field
from lms_epj.core.formatting import oslo
from ops.models import Party, Roster, System, Terms
from ops.selectors.levels import in_force, terms_of
from ops.services.acting import DutyError
from ops.services.setup import PartyValues, SystemValues, TermsValues, event_source_end, event_source_make, party_save, system_save, terms_add
from ops.views.common import after, fault, page, read_uuid
from ops.views.reading import choice, choices, names_of, read_choice, read_code, read_decimal, read_number, read_only_day, words_of

ICONS = (
    ("Tasklist", "Liste"), ("PersonGroup", "Personer"), ("Buildings3", "Bygg"), ("ShieldLock", "Skjold"), ("Cog", "Tannhjul"), ("Phone", "Telefon"), ("Bed", "Seng"),
)  # fmt: skip
CRUMBS = [("duty", gettext_noop("Vakt")), ("duty_setup", gettext_noop("Oppsett"))]


def crumbs() -> list[dict[str, str]]:
    return [{"label": _(label), "url": reverse(name)} for name, label in CRUMBS]


def setup(request: HttpRequest) -> HttpResponse:
    """All there is, with the way to change it."""
    return _index(request)


def _index(request: HttpRequest, *, errors: Any = (), secret: tuple[str, str] | None = None) -> HttpResponse:
    today = oslo(request.gate.now).date()
    agreed: dict[UUID, list[Terms]] = {}
    for one in Terms.objects.select_related("operator").order_by("-valid_from", "-made_at"):
        agreed.setdefault(one.system_id, []).append(one)
    rosters = {roster.system_id: roster for roster in Roster.objects.filter(system__isnull=False)}
    systems = [
        {"system": one, "roster": rosters.get(one.id), "terms": in_force(agreed.get(one.id, ()), today)}
        for one in System.objects.order_by("place", "name")
    ]
    sent = request.POST
    units = OrgUnit.objects.filter(valid_to=None).select_related("legal_entity").order_by("name")
    source = [
        text_field("source_name", _("Hva kilden heter"), sent.get("source_name", ""), hint=_("For eksempel Sykesignal 2. etasje"), maxlength=80),
        text_field("source_system", _("Hendelser går til"), options=choices(((one["system"].id, one["system"].name) for one in systems), sent.get("source_system"))),
        text_field("source_unit", _("Pasientsignal vises på tavlen til"), options=[choice("", _("Ingen"), sent.get("source_unit")), *choices(((u.id, u.name) for u in units), sent.get("source_unit"))]),
    ]  # fmt: skip
    return page(
        request, "setup", "duty_setup", errors=list(errors), systems=systems, parties=Party.objects.select_related("legal_entity", "user").order_by("-active", "kind", "name"),
        sources=call("event_sources"), source=source, secret=secret,
    )  # fmt: skip


def event_source(request: HttpRequest) -> HttpResponse:
    """POST makes a source, whose keys are shown this once, or ends one."""
    if request.method != "POST":
        return _index(request)
    ended = read_uuid(request.POST.get("end"))
    if ended:
        event_source_end(source=ended)
        return after("duty_setup", "kilde-av")
    try:
        system = read_choice(request.POST.get("source_system"), System.objects.all(), _("Velg hvilket system hendelsene gjelder."))
        unit = OrgUnit.objects.filter(id=read_uuid(request.POST.get("source_unit"))).first()
        name = request.POST.get("source_name", "").strip()[:80]
        return _index(request, secret=event_source_make(name=name, system=system.id, unit=unit and unit.id))
    except DutyError as error:
        return _index(request, errors=fault(error, "source_name"))


def system_new(request: HttpRequest) -> HttpResponse:
    return system(request, None)


def system(request: HttpRequest, system: UUID | None) -> HttpResponse:
    """A system made or changed: name, number, what to do first."""
    known = System.objects.filter(id=system).first() if system else None
    if system and known is None:
        raise Http404
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            sent = request.POST
            values = SystemValues(
                sent.get("name", "").strip()[:80], sent.get("icon") if sent.get("icon") in dict(ICONS) else "Cog", sent.get("phone", "").strip()[:20],
                sent.get("runbook", "").strip()[:4000], read_number(sent, "place", 0, 99, otherwise=known.place if known else 9), known.code if known else read_code(sent.get("code", "")),
            )  # fmt: skip
            made = system_save(system=system, values=values)
            return after("duty_setup", "satt-opp") if known else after("duty_system", "satt-opp", made)
        except DutyError as error:
            errors = fault(error, "name")
    return _system_page(request, known, errors)


def terms(request: HttpRequest, system: UUID) -> HttpResponse:
    """POST: what is agreed from a day on."""
    known = System.objects.filter(id=system).first()
    if known is None:
        raise Http404
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        sent = request.POST
        try:
            values = TermsValues(
                read_only_day(sent, "valid_from"), sent.get("operation") if sent.get("operation") in Terms.Operation.values else "host",
                read_uuid(sent.get("operator")), sent.get("supplier", "").strip()[:120], sent.get("reference", "").strip()[:80],
                read_number(sent, "answer_minutes", 1, 1440), read_number(sent, "mend_minutes", 1, 100_000), read_decimal(sent, "up_percent", 1, 100),
            )  # fmt: skip
            terms_add(system=system, values=values)
            return after("duty_system", "satt-opp", system)
        except DutyError as error:
            errors = fault(error, getattr(error, "field", "valid_from"))
    return _system_page(request, known, errors)


def _system_page(request: HttpRequest, known: System | None, errors: list[dict[str, str]]) -> HttpResponse:
    sent = request.POST if errors else {}
    history = terms_of(known.id) if known else []
    now_agreed = in_force(history, oslo(request.gate.now).date())
    fields = [
        text_field("name", _("Navn"), sent.get("name", known.name if known else ""), required=True, maxlength=80),
        *([] if known else [text_field("code", _("Kode"), sent.get("code", ""), hint=_("Små bokstaver, for eksempel epj. Overvåkingen bruker den."), maxlength=24)]),
        text_field("phone", _("Nummer å ringe"), sent.get("phone", known.phone if known else ""), hint=_("Tomt: nummeret til den som svarer"), inputmode="tel", maxlength=20),
        text_field("icon", _("Bilde"), options=choices(((code, _(name)) for code, name in ICONS), sent.get("icon", known.icon if known else "Cog"))),
        text_field("place", _("Plass i rekken"), sent.get("place", str(known.place) if known else "9"), inputmode="numeric", maxlength=2),
        text_field("runbook", _("Gjør dette"), sent.get("runbook", known.runbook if known else ""), rows=6, hint=_("En linje for hvert punkt. Det første den som vekkes, skal gjøre.")),
    ]  # fmt: skip
    return page(
        request, "setup_system", "duty_setup", errors=errors, system=known, roster=Roster.objects.filter(system=known).first() if known else None, fields=fields,
        history=history, now_agreed=now_agreed, terms_fields=terms_fields(request.POST if errors else {}, now_agreed), crumbs=crumbs(),
    )  # fmt: skip


def terms_fields(sent: Any, now_agreed: Terms | None) -> list[dict[str, Any]]:
    old = words_of(now_agreed)
    entities = LegalEntity.objects.filter(valid_to=None).order_by("name")
    operator = sent.get("operator", old["operator"])
    return [
        text_field("valid_from", _("Gjelder fra"), sent.get("valid_from", ""), inputmode="numeric", hint=_("dd.mm.åååå"), required=True),
        text_field("operation", _("Driftsmodell"), options=choices(Terms.Operation.choices, sent.get("operation", old["operation"]))),
        text_field("operator", _("Driftes av"), options=[choice("", _("Firma utenfor (skriv navnet)"), operator), *choices(((e.id, e.name) for e in entities), operator)]),
        text_field("supplier", _("Firma"), sent.get("supplier", old["supplier"]), maxlength=120),
        text_field("answer_minutes", _("Svar innen"), sent.get("answer_minutes", old["answer_minutes"]), unit=_("minutter"), inputmode="numeric", required=True),
        text_field("mend_minutes", _("I orden innen"), sent.get("mend_minutes", old["mend_minutes"]), unit=_("minutter"), inputmode="numeric", required=True),
        text_field("up_percent", _("Oppetid minst"), sent.get("up_percent", old["up_percent"]), unit="%", inputmode="decimal", required=True),
        text_field("reference", _("Avtalen ligger i"), sent.get("reference", old["reference"]), hint=_("Saksnummer i arkivet"), maxlength=80),
    ]  # fmt: skip


def party_new(request: HttpRequest) -> HttpResponse:
    return party(request, None)


def party(request: HttpRequest, party: UUID | None) -> HttpResponse:
    """One that can answer: a person, a municipality's telephone, the host, a firm."""
    known = Party.objects.select_related("user").filter(id=party).first() if party else None
    if party and known is None:
        raise Http404
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            sent = request.POST
            values = PartyValues(
                sent.get("kind") if sent.get("kind") in Party.Kind.values else "external", sent.get("name", "").strip()[:120], sent.get("phone", "").strip()[:20],
                sent.get("email", "").strip()[:254], sent.get("username", "").strip(), read_uuid(sent.get("entity")), names_of(sent.get("speakers", "")),
                bool(sent.get("active")) or known is None,
            )  # fmt: skip
            party_save(party=party, values=values)
            return after("duty_setup", "satt-opp")
        except DutyError as error:
            errors = fault(error, "name")
    sent = request.POST if errors else {}
    holders = call("duty_holders", "answer_for", party) if known else []
    fields = [
        text_field("kind", _("Hva slags part"), options=choices(Party.Kind.choices, sent.get("kind", known.kind if known else "municipality"))),
        text_field("name", _("Navn"), sent.get("name", known.name if known else ""), required=True, maxlength=120, hint=_("Som det skal stå på vakten, for eksempel Vakttelefonen i Ås")),
        text_field("phone", _("Telefon"), sent.get("phone", known.phone if known else ""), inputmode="tel", maxlength=20, hint=_("Får SMS når den varsles")),
        text_field("email", _("E-post"), sent.get("email", known.email if known else ""), inputmode="email", maxlength=254),
        text_field("entity", _("Regnes på"), hint=_("Hvem timene føres på i fordelingen"), options=[choice("", _("Seg selv"), sent.get("entity", str(known.legal_entity_id or "") if known else "")), *choices(
            ((e.id, e.name) for e in LegalEntity.objects.filter(valid_to=None).order_by("name")), sent.get("entity", str(known.legal_entity_id or "") if known else ""))]),
        text_field("username", _("Brukernavn"), sent.get("username", known.user.username if known and known.user else ""), hint=_("Bare for en person")),
        text_field("speakers", _("Kan ta imot og bytte vakter for parten"), sent.get("speakers", "\n".join(holders)), rows=3, hint=_("Brukernavn, ett på hver linje")),
    ]  # fmt: skip
    return page(
        request,
        "setup_party",
        "duty_setup",
        errors=errors,
        party=known,
        fields=fields,
        active=bool(sent.get("active")) if sent else known is None or known.active,
        crumbs=crumbs(),
    )
