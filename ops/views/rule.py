"""A rotation made, changed or taken away: the form, what it would lead to, and only then saving it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from access.views.common import text_field
from lms_epj.core.formatting import WEEKDAYS, format_date, oslo
from lms_epj.core.words import gettext_noop, say
from ops.domain.calendar import EVES
from ops.domain.review import burdens, doubles, gaps, short_rests
from ops.domain.rules import EVERY_DAY, Away, Holidays, Rule
from ops.models import Roster
from ops.selectors.lines import calendar_of, levels_of, lines_between, parties
from ops.selectors.mine import kept_rosters
from ops.services.acting import DutyError
from ops.services.plan import CoverLost, Named, horizon, live_rules, plan_publish, plan_try
from ops.views.common import DAY, after, fault, hours_words, midnight, page, read_level, span_words
from ops.views.grid import Grid, account, short
from ops.views.overview import day_heads
from ops.views.plan import roster_of

SHOWN_DAYS = 28
HOLIDAY_WORDS = (
    (Holidays.AS_SUNDAY, gettext_noop("Helligdager regnes som søndag")),
    (Holidays.IGNORED, gettext_noop("Som vanlige dager")),
    (Holidays.ONLY, gettext_noop("Bare helligdager")),
)


class FormError(DutyError):
    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def rule(request: HttpRequest, roster: UUID) -> HttpResponse:
    """GET: an empty form, or the rule of ?regel=n; POST: preview, save, or take away."""
    found = roster_of(roster)
    if roster not in kept_rosters(request.gate):
        raise PermissionDenied(_("Denne vaktordningen er ikke din å endre. Forsøket er logget."))
    rules = live_rules(found)
    number = read_level(request.GET.get("regel"))
    old = rules[number] if number is not None and number < len(rules) else None
    if request.method != "POST":
        return _form(request, found, values_of(old, found), old)
    values = {name: request.POST.get(name, "") for name in request.POST}
    values["weekdays"] = request.POST.getlist("weekdays")
    try:
        changed = [one for one in rules if one is not old]
        if request.POST.get("act") not in ("remove", "save_removal"):
            changed.append(read_rule(values, found))
        if request.POST.get("act") in ("save", "save_removal"):
            version = read_version(request)
            plan_publish(
                roster=found, rules=changed, version=version, now=request.gate.now, release=values.get("release", ""), reason=values.get("name", "")
            )
            return after("duty_plan", "lagret", roster)
    except CoverLost as error:
        lost = [{"level": one.level, "when": span_words(one.begins, one.ends)} for one in error.spans[:20]]
        return _form(request, found, values, old, errors=fault(error, "release"), lost=lost, preview=preview(found, rules, changed, request.gate.now))
    except FormError as error:
        return _form(request, found, values, old, errors=fault(error, error.field))
    except DutyError as error:
        return _form(
            request, roster_of(roster), values, old, errors=fault(error), preview=preview(found, live_rules(found), changed, request.gate.now)
        )
    return _form(request, found, values, old, preview=preview(found, rules, changed, request.gate.now))


def read_version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def values_of(old: Named | None, roster: Roster) -> dict[str, Any]:
    """A rule as the form holds it."""
    if old is None:
        return {
            "level": "1",
            "turn_days": "7",
            "starts": "08:00",
            "ends": "08:00",
            "weekdays": [str(day) for day in range(7)],
            "holidays": "as_sunday",
            "anchor": "",
            "rank": "0",
        }
    one = old.rule
    known = parties()
    return {
        "name": old.name, "level": str(one.level), "rank": str(one.rank), "turn_days": str(one.turn_days), "starts": f"{one.starts:%H:%M}", "ends": f"{one.ends:%H:%M}",
        "weekdays": [str(day) for day in sorted(one.weekdays)], "holidays": one.holidays.value, "fair": "1" if one.fair else "", "anchor": format_date(one.anchor),
        "until": format_date(one.until - DAY) if one.until else "", "away": "\n".join(f"{known[a.member].name}; {format_date(a.first)}; {format_date(a.last)}" for a in one.away if a.member in known),
        "never": "\n".join(f"{known[member].name}; {WEEKDAYS[day]}" for member, day in sorted(one.never, key=str) if member in known),
        **{f"place_{party}": str(number) for number, party in enumerate(one.members, 1)},
    }  # fmt: skip


def read_rule(values: dict[str, Any], roster: Roster) -> Named:
    """Raises FormError in words for whoever typed."""
    members = sorted(
        ((int(text), party) for party in roster.parties.all() if (text := values.get(f"place_{party.id}", "").strip()).isdecimal() and len(text) < 4),
        key=lambda one: (one[0], one[1].name),
    )
    if not members:
        raise FormError("members", _("Velg minst én som skal være med. Skriv 1 ved den som har første vakt."))
    level = read_level(values.get("level"))
    if level not in {one.number for one in levels_of(roster)}:
        raise FormError("level", _("Velg hvilken linje rotasjonen gjelder."))
    weekdays = frozenset(int(day) for day in values.get("weekdays", []) if day in {str(n) for n in range(7)})
    holidays = next((kind for kind in Holidays if kind.value == values.get("holidays")), Holidays.AS_SUNDAY)
    if not weekdays and holidays is not Holidays.ONLY:
        raise FormError("weekdays", _("Velg minst én dag."))
    until = _day(values, "until", required=False)
    try:
        return Named(
            values.get("name", "").strip()[:80],
            Rule(
                level=level, rank=min(read_level(values.get("rank")) or 0, 9), members=tuple(party.id for _place, party in members), anchor=_day(values, "anchor"),
                turn_days=_days(values), starts=_clock(values, "starts"), ends=_clock(values, "ends"), weekdays=weekdays or EVERY_DAY, holidays=holidays,
                fair=bool(values.get("fair")) and holidays is Holidays.ONLY, until=until + DAY if until else None, away=tuple(_away(values, roster)),
                never=frozenset(_never(values, roster)),
            ),
        )  # fmt: skip
    except ValueError as error:
        raise FormError("form", str(error)) from None


def _day(values: dict[str, Any], name: str, *, required: bool = True, text: str | None = None) -> Any:
    typed = (values.get(name, "") if text is None else text).strip()
    if not typed and not required:
        return None
    try:
        found = datetime.strptime(typed, "%d.%m.%Y").date()  # noqa: DTZ007 - only the date
    except ValueError:
        raise FormError(name, _("Skriv datoen som dd.mm.åååå.")) from None
    if not 2000 <= found.year <= 2100:
        raise FormError(name, _("Sjekk året."))
    return found


def _clock(values: dict[str, Any], name: str) -> time:
    try:
        return datetime.strptime(values.get(name, "").strip().replace(".", ":"), "%H:%M").time()  # noqa: DTZ007 - only the time
    except ValueError:
        raise FormError(name, _("Skriv klokkeslettet som tt:mm.")) from None


def _days(values: dict[str, Any]) -> int:
    text = values.get("turn_days", "").strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 366):
        raise FormError("turn_days", _("Skriv et antall dager mellom 1 og 366."))
    return int(text)


def _away(values: dict[str, Any], roster: Roster) -> Any:
    names = {party.name.casefold(): party.id for party in roster.parties.all()}
    for line in values.get("away", "").splitlines():
        if line.strip():
            parts = [part.strip() for part in line.split(";")]
            if len(parts) != 3 or parts[0].casefold() not in names:
                raise FormError("away", _("Skriv en linje for hver: navn; fra dato; til dato."))
            yield Away(names[parts[0].casefold()], _day(values, "away", text=parts[1]), _day(values, "away", text=parts[2]))


def _never(values: dict[str, Any], roster: Roster) -> Any:
    names = {party.name.casefold(): party.id for party in roster.parties.all()}
    days = {name.casefold(): number for number, name in enumerate(WEEKDAYS)}
    for line in values.get("never", "").splitlines():
        if line.strip():
            parts = [part.strip().casefold() for part in line.split(";")]
            if len(parts) != 2 or parts[0] not in names or parts[1] not in days:
                raise FormError("never", _("Skriv en linje for hver: navn; ukedag."))
            yield names[parts[0]], days[parts[1]]


def preview(roster: Roster, old: list[Named], new: list[Named], now: datetime) -> dict[str, Any]:
    """What would come of it: before and after in figures, and the next four weeks as they would be."""
    ends = horizon(roster, now)
    before, after_it = lines_between([roster], now, ends), plan_try(roster, new, now, ends)
    lines = {(roster.id, level.number): after_it.get(level.number, []) for level in levels_of(roster)}
    promised = [level.number for level in levels_of(roster) if level.promised]
    missing = [
        sum(span.hours for number in promised for span in gaps(found[number], now, ends))
        for found in ({n: before[roster.id, n] for n in promised}, {n: lines[roster.id, n] for n in promised})
    ]
    known, calendar = parties(), calendar_of(roster)
    people = {party.id for party in known.values() if party.user_id}
    tight = short_rests([[one for one in line if one.party in people] for line in lines.values()])
    first = oslo(now).date()
    begins, finish = midnight(first), midnight(first + SHOWN_DAYS * DAY)
    shown = {
        key: [replace(one, begins=max(one.begins, begins), ends=min(one.ends, finish)) for one in line if one.begins < finish]
        for key, line in lines.items()
    }
    return {
        "gap_before": round(missing[0]), "gap_after": round(missing[1]), "worse": missing[1] > missing[0],
        "gaps": [span_words(span.begins, span.ends) for number in promised for span in gaps(lines[roster.id, number], now, ends)][:6],
        "doubles": [span_words(span.begins, span.ends) for span in doubles([one.rule for one in new], calendar, now, ends)][:6],
        "rests": [_("%(name)s: %(hours)s fri %(when)s") % {"name": known[party].name, "hours": hours_words(span.begins, span.ends), "when": span_words(span.begins, span.ends)} for party, span in tight[:6]],
        "rests_more": max(0, len(tight) - 6), "burdens": compared(burdens(before.values(), calendar), burdens(lines.values(), calendar), known), "grid": Grid([roster], shown, known, first, begins, finish, now, {roster.id: now}),
        "days": day_heads(first, SHOWN_DAYS, first), "last": SHOWN_DAYS, "until": format_date(ends - timedelta(days=1)), "changed": before != lines,
    }  # fmt: skip


def compared(before: Any, later: Any, known: Any) -> list[dict[str, Any]]:
    """Hours by who carries them, before and after."""
    found: dict[str, list[float]] = {}
    for place, side in enumerate((before, later)):
        for party, burden in side.items():
            row = found.setdefault(short(account(known[party])), [0, 0, 0, 0])
            row[place] += burden.total
            row[place + 2] += burden.holiday
    return [
        {"name": name, "before": round(row[0]), "after": round(row[1]), "holiday_before": round(row[2]), "holiday_after": round(row[3]), "more": row[1] > row[0] + 0.5, "less": row[1] < row[0] - 0.5}
        for name, row in sorted(found.items())
    ]  # fmt: skip


def _form(request: HttpRequest, roster: Roster, values: dict[str, Any], old: Named | None, **more: Any) -> HttpResponse:
    def field(name: str, label: str, **rest: Any) -> dict[str, Any]:
        return text_field(name, label, values.get(name, ""), **rest)

    def chosen(name: str, pairs: Any) -> list[dict[str, Any]]:
        return [{"value": str(value), "label": str(label), "selected": str(value) == values.get(name)} for value, label in pairs]

    fields = [
        field("name", _("Navn på rotasjonen"), hint=_("For eksempel Døgnvakt, Natt hverdager, Høytider"), maxlength=80),
        field("level", _("Linje"), options=chosen("level", [(level.number, level.name) for level in levels_of(roster)])),
        field("anchor", _("Første dag"), hint=_("Den som står som nummer 1, har vakt fra da"), required=True),
        field("until", _("Siste dag"), hint=_("Tomt: til videre")),
        field("starts", _("Vakten begynner kl."), required=True),
        field("ends", _("Vakten slutter kl."), hint=_("Samme eller tidligere klokkeslett: neste dag"), required=True),
        field("turn_days", _("Bytter etter"), unit=_("dager"), inputmode="numeric", required=True),
        field("holidays", _("Helligdager"), options=chosen("holidays", [(kind.value, _(words)) for kind, words in HOLIDAY_WORDS])),
        field("rank", _("Går foran andre rotasjoner"), options=chosen("rank", [(n, _("Nei") if n == 0 else _("Ja, nivå %(n)s") % {"n": n}) for n in range(4)])),
        field("away", _("Kan ikke"), rows=3, hint=_("En linje for hver: navn; fra dato; til dato. Neste i rekken overtar.")),
        field("never", _("Aldri på en ukedag"), rows=3, hint=_("En linje for hver: navn; ukedag. En helligdag regnes som søndag.")),
    ]  # fmt: skip
    return page(
        request, "rule", "", roster=roster, fields=fields, old=old, values=values, fair=bool(values.get("fair")), eves=[EVES[code] for code in roster.eves],
        weekdays=[{"value": str(n), "label": say(name), "checked": str(n) in values.get("weekdays", [])} for n, name in enumerate(WEEKDAYS)],
        members=[{"party": party, "name": f"place_{party.id}", "value": values.get(f"place_{party.id}", "")} for party in sorted(roster.parties.all(), key=lambda one: one.name) if party.active],
        version=request.POST.get("version") if request.POST.get("act") == "save" and more.get("lost") else roster.version, removing=request.POST.get("act") in ("remove", "save_removal"),
        crumbs=[{"label": _("Vakt"), "url": reverse("duty")}, {"label": roster.name, "url": reverse("duty_plan", args=[roster.id])}],
        release=text_field("release", _("Hvorfor dekningen gis opp"), values.get("release", ""), maxlength=300), **more,
    )  # fmt: skip
