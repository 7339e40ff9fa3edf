"""A year of rosters: four systems that somebody answers for round the clock, in turn between the six municipalities, and the ward's shift plan."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connections
from guardian.models import UserObjectPermission

from access.models import AccessAuthorisation, User
from lms_epj.core.clock import oslo_date, start_of_day
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.places import LMS, MUNICIPALITIES
from ops.domain.calendar import Calendar
from ops.domain.resolver import resolve
from ops.domain.rules import Away, Holidays, Rule
from ops.models import Deviation, DeviationLine, EventSource, Incident, IncidentLine, Party, Roster, RosterLevel, Rotation, Shift, System, Terms
from ops.services.plan import MONTHS_AHEAD, Named, as_row

DAY = timedelta(days=1)
BEFORE = timedelta(days=170)
WORKDAYS = frozenset(range(5))
KEEPERS = ("tilgang.admin", "tilgang.admin2")
# municipality → who has its telephone; they log in as vakt.<municipality>
PHONES = {"nordre_follo": "64000120", "as": "64000121", "frogn": "64000122", "nesodden": "64000123", "vestby": "64000124", "enebakk": "64000125"}
# code: name, icon, number to call, how it is run, what to do first
SYSTEMS = {
    "epj": ("EPJ-system", "Tasklist", "64 00 01 10", "host", (
        "Se om innloggingssiden svarer på en annen maskin og på telefonen.",
        "Svarer den ikke: ring driftssentralen hos Follo IKT, 64 00 01 00.",
        "Mer enn 10 minutter: be posten gå over til nødprosedyren (papirkurve og siste utskrift).",
        "Skriv i hendelsen hva du gjør. Ring lege i vakt på Observasjonsposten når det virker igjen.",
    )),
    "personal": ("Personalsystemer", "PersonGroup", "64 00 01 11", "host", ("Se om vaktplanen kan åpnes.", "Ring den som skal på vakt hvis planen ikke kan leses.")),
    "bygg": ("Bygg og teknikk", "Buildings3", "64 00 01 12", "external", ("Ring posten og hør om noen er i fare.", "Ved brann eller strøm: 110 og deretter vaktmester.", "Ventilasjon og vann: byggdriftsfirmaet, 64 00 01 40.")),
    "sikkerhet": ("Sikkerhet og tilgang", "ShieldLock", "64 00 01 13", "host", ("Er en konto misbrukt: logg ut personen overalt i registeret.", "Står en dør åpen: ring posten og vekteren.", "Skriv i hendelsen hvem som er varslet.")),
}  # fmt: skip


def load_rosters(org: Organisation, now: datetime) -> None:
    """After everybody who works somewhere is there."""
    parties = _parties(org)
    _system_rosters(org, parties, now)
    _shift_plan(org, now)
    _answer_for(org, parties)


def _parties(org: Organisation) -> dict[str, Party]:
    found = {}
    for code in MUNICIPALITIES:
        user = org.users[f"vakt.{code}"]
        found[code] = org.add(
            Party,
            kind="person",
            name=user.get_full_name(),
            phone=PHONES[code],
            email=f"vakt.{code}@example.invalid",
            user=user,
            legal_entity=org.entities[code],
        )
    host = org.entities["Follo IKT"]
    found["host"] = org.add(Party, kind="host", name="Driftssentralen, Follo IKT", phone="64000100", legal_entity=host)
    found["firm"] = org.add(Party, kind="external", name="Follo Byggdrift AS", phone="64000140", email="vakt@byggdrift.invalid")
    admin = org.users["tilgang.admin"]
    found["admin"] = org.add(Party, kind="person", name=admin.get_full_name(), phone="64000130", user=admin, legal_entity=host)
    return found


def _system_rosters(org: Organisation, parties: dict[str, Party], now: datetime) -> None:
    today = oslo_date(now)
    monday = today - today.weekday() * DAY - 26 * 7 * DAY
    six = tuple(parties[code].id for code in MUNICIPALITIES)
    round_the_clock = Rule(1, 0, six, monday, turn_days=7)
    feasts = Rule(1, 1, six, date(monday.year, 1, 1), starts=time(8), ends=time(8), holidays=Holidays.ONLY, fair=True)
    host, firm, admin = parties["host"].id, parties["firm"].id, parties["admin"].id
    second = Rule(2, 0, (host,), monday)
    saturday, thursday = today + (5 - today.weekday()) % 7 * DAY, today + (3 - today.weekday()) % 7 * DAY
    plans: dict[str, list[Named]] = {
        "epj": [
            Named("Døgnvakt, ukevis", replace(round_the_clock, away=_nobody(six, saturday))), Named("Høytider, fordelt likt", feasts), Named("Bakvakt hos vertskommunen", second),
        ],
        "personal": [
            Named("Hverdager på dagtid", Rule(1, 1, (host,), monday, turn_days=7, starts=time(8), ends=time(16), weekdays=WORKDAYS)),
            Named("Beredskap ellers", Rule(1, 0, six[1:], monday, turn_days=14)),
        ],
        "bygg": [Named("Fjorten dager om gangen", Rule(1, 0, (six[4], six[0], six[5]), monday + 4 * DAY, turn_days=14, starts=time(8), ends=time(8))), Named("Firmaet i bakhånd", Rule(2, 0, (firm,), monday))],
        "sikkerhet": [
            Named("Hverdager på dagtid", Rule(1, 0, (admin,), monday, starts=time(8), ends=time(15, 30), weekdays=WORKDAYS)),
            Named("Kveld og natt", Rule(1, 0, six, monday, turn_days=3, starts=time(15, 30), ends=time(8), weekdays=WORKDAYS, away=_nobody(six, thursday))),
            Named("Helg og helligdager", Rule(1, 0, six, monday, turn_days=7, weekdays=frozenset({5, 6}))),
            Named("Bakvakt", Rule(2, 0, (host,), monday)),
        ],
    }  # fmt: skip
    keepers = [org.users[name] for name in KEEPERS]
    for place, (code, (name, icon, phone, operation, runbook)) in enumerate(SYSTEMS.items()):
        system = org.add(
            System,
            code=code,
            name=name,
            icon=icon,
            phone=phone,
            runbook="\n".join(runbook),
            place=place,
        )
        _terms(org, system, operation, now)
        roster = org.add(Roster, name=name, system=system, eves=["christmas_eve", "new_years_eve"] if code == "epj" else [])
        levels = {named.rule.level for named in plans[code]}
        for level in sorted(levels):
            org.add(RosterLevel, roster=roster, number=level, name="Førstelinje" if level == 1 else "Bakvakt", wait_minutes=5 if level == 1 else 10)
        roster.parties.set(parties.values())
        _write(org, roster, plans[code], now, BEFORE)
        for keeper in keepers:
            permit(org, "edit_roster", roster, keeper)
    _incidents(org, parties, now)


def _terms(org: Organisation, system: System, operation: str, now: datetime) -> None:
    """What was agreed a year ago, and with less time to answer since the new year."""
    ours = operation == "host"
    for valid_from, answer in ((date(oslo_date(now).year - 1, 1, 1), 30), (date(oslo_date(now).year, 1, 1), 15)):
        org.add(
            Terms, system=system, valid_from=valid_from, operation=operation, operator=org.entities["Follo IKT"] if ours else None, supplier="" if ours else "Follo Byggdrift AS",
            reference="Avtale 2024/118" if ours else "Avtale 2023/042", answer_minutes=answer, mend_minutes=240, up_percent="99.50" if ours else "99.00", made_by=org.users[KEEPERS[0]], made_at=now,
        )  # fmt: skip


def _nobody(members: tuple[Any, ...], day: date) -> tuple[Away, ...]:
    """A day that none of them can take: a gap to be mended."""
    return tuple(Away(member, day, day) for member in members)


def _write(org: Organisation, roster: Roster, plan: list[Named], now: datetime, back: timedelta) -> None:
    begins, ends = start_of_day(oslo_date(now - back)), start_of_day(oslo_date(now + MONTHS_AHEAD))
    for named in plan:
        values = as_row(named) | {"starts": named.rule.starts, "ends": named.rule.ends, "anchor": named.rule.anchor}
        org.add(Rotation, roster=roster, made_at=begins, made_by=org.users[KEEPERS[0]], **values)
    lines = resolve([named.rule for named in plan], [], Calendar(frozenset(roster.eves)), begins, ends)
    Shift.objects.using(org.using).bulk_create(
        Shift(roster=roster, level=level, span=(one.begins, one.ends), party_id=one.party) for level, line in lines.items() for one in line
    )
    Roster.objects.using(org.using).filter(id=roster.id).update(published_to=ends)


def _shift_plan(org: Organisation, now: datetime) -> None:
    """Who works on the ward: two nurses and a doctor at any time, by name. From yesterday on, so that nothing earlier is judged by it."""
    unit, today = org.units[LMS], oslo_date(now)
    roster = org.add(Roster, name="Observasjonsposten: turnus", unit=unit)
    plan, known = [], []
    for level, (name, role) in enumerate((("Sykepleier 1", "lms_nurse"), ("Sykepleier 2", "lms_nurse"), ("Lege", "lms_doctor")), 1):
        users = [
            one.user
            for one in AccessAuthorisation.objects.using(org.using)
            .filter(unit=unit, role__code=role)
            .select_related("user")
            .order_by("user__username")
        ]
        mine = users[level - 1 :: 2] if role == "lms_nurse" else users
        parties = [_party_of(org, user) for user in mine]
        known += parties
        org.add(RosterLevel, roster=roster, number=level, name=name, promised=True, wait_minutes=10)
        third = max(1, len(parties) // 3)
        hours = ((time(7), time(15)), (time(15), time(22, 30)), (time(22, 30), time(7)))
        for number, (starts, ends) in enumerate(hours):
            members = tuple(party.id for party in parties[number * third : (number + 1) * third or None])
            shift_name = ("Dag", "Kveld", "Natt")[number]
            plan.append(Named(f"{name}, {shift_name.lower()}", Rule(level, 0, members, today - 10 * DAY, turn_days=2, starts=starts, ends=ends)))
    roster.parties.set(known)
    _write(org, roster, plan, now, DAY)
    permit(org, "edit_roster", roster, org.users["lms.leder"])


def _party_of(org: Organisation, user: User) -> Party:
    found = Party.objects.using(org.using).filter(user=user).first()
    return found or org.add(Party, kind="person", name=user.get_full_name(), user=user, legal_entity=org.entities[LMS])


def _answer_for(org: Organisation, parties: dict[str, Party]) -> None:
    """The host's telephone and the firm are answered for by those who keep the rosters."""
    for name in KEEPERS:
        for key in ("host", "firm"):
            permit(org, "answer_for", parties[key], org.users[name])


def permit(org: Organisation, codename: str, thing: Any, user: User) -> None:
    """An object permission of this app."""
    permission = Permission.objects.using(org.using).get(codename=codename, content_type__app_label="ops")
    org.add(UserObjectPermission, permission_id=permission.pk, content_type_id=permission.content_type_id, object_pk=str(thing.pk), user=user)


def _deviation(org: Organisation, reporter: User, incident: Incident, now: datetime) -> None:
    """One that comes of the incident, and waits for whoever handles it."""
    one = org.add(
        Deviation, number=1, kind="operation", consequence="none", title="Tavlen var borte i 38 minutter", what="Tavlen svarte ikke fra kl. 21.50. Vi brukte utskriften fra kl. 22.", done_now="Ringte IKT-vakt.",
        happened_at=incident.opened_at, unit=org.units[LMS], system=incident.system, incident=incident, reported_by=reporter, reported_at=now - timedelta(days=8),
    )  # fmt: skip
    org.add(DeviationLine, deviation=one, at=one.reported_at, text="Meldt", by=reporter.get_full_name())
    with connections[org.using].cursor() as cursor:
        cursor.execute("SELECT setval('gate.deviation_number', 1)")


def _incidents(org: Organisation, parties: dict[str, Party], now: datetime) -> None:
    """Two that are over, one of them looked back on; and the ward's call bells as a source (the API page of the docs uses it)."""
    epj, bygg = (System.objects.using(org.using).get(code=code) for code in ("epj", "bygg"))
    for system, days, title, minutes, mended, party, review in (
        (epj, 9, "Tavlen svarer ikke på Observasjonsposten", 4, 38, "as", "Nettverkssvitsjen i teknisk rom startet på nytt. Posten brukte utskriften fra kl. 22. Avtalt å bytte svitsj i uke 49."),
        (bygg, 3, "Teknisk alarm – ventilasjon 2. etasje", 11, 95, "vestby", ""),
    ):  # fmt: skip
        opened = now - timedelta(days=days, hours=6)
        one = org.add(
            Incident, system=system, key="person" if system is epj else "technical:V2", severity="serious", title=title, origin="person" if system is epj else "building",
            opened_at=opened, last_seen_at=opened, acknowledged_at=opened + timedelta(minutes=minutes), acknowledged_by=parties[party],
            closed_at=opened + timedelta(minutes=mended), alarmed_at=opened, review=review,
        )  # fmt: skip
        told = (
            (0, "opened", title),
            (0.3, "told", f"Varslet {parties[party].name} (trinn 1)."),
            (minutes, "acknowledged", "Kvittert. Ingen flere varsles"),
            (mended, "closed", "Lukket. Virker igjen"),
        )
        for after, kind, text in told:
            org.add(
                IncidentLine,
                incident=one,
                at=opened + timedelta(minutes=after),
                kind=kind,
                text=text,
                by=parties[party].name if kind in ("acknowledged", "closed") else "",
            )
    nurse = (
        AccessAuthorisation.objects.using(org.using)
        .filter(unit=org.units[LMS], role__code="lms_nurse")
        .select_related("user")
        .order_by("user__username")
        .first()
    )
    if nurse is not None:
        _deviation(org, nurse.user, Incident.objects.using(org.using).get(system=epj), now)
    org.add(
        EventSource,
        name="Sykesignal og teknisk, Follo LMS",
        system=bygg,
        unit=org.units[LMS],
        token_hash=hashlib.sha256(b"demo-sykesignal").digest(),
        signing_key=b"demo-signatur",
    )
