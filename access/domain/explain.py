"""A decision in words, for the patient banner, the denial page and "why can I (not) see this".

The words name the actor's own unit and own measures only: no other unit, person, title or count is ever told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from access.domain.decide import Decision
from access.domain.facts import Facts, Measure
from access.domain.rules import ReasonCode, courses_lacking
from lms_epj.core.words import gettext_noop, say

Translate = Callable[[str], str]


def _untranslated(message: str) -> str:
    return message


_GROUNDS: Final = {
    "NOTIFIED": gettext_noop("Tilgang: meldt til {unit}"),
    "ADMITTED": gettext_noop("Tilgang: innlagt på {unit}"),
    "SERVICE_HEALTH": gettext_noop("Tilgang: aktiv tjeneste fra {unit}"),
    "SERVICE_PRACTICAL": gettext_noop("Tilgang: aktiv praktisk bistand fra {unit}"),
    "PRIMARY_CONTACT": gettext_noop("Tilgang: du er primærkontakt"),
    "PARTICIPATION": gettext_noop("Tilgang: du deltar i behandlingen. Begrunnelse: {reason}"),
    "FINISHING": gettext_noop("Tilgang: etterarbeid i egen enhets opplysninger. Begrunnelse: {reason}"),
    "EMERGENCY": gettext_noop("Nødtilgang fram til kl. {end_time}. Begrunnelse: {reason}"),
}
_TASK_OF_UNIT: Final = gettext_noop("Tilgang: åpen oppgave hos {unit}")
_TASK_OF_PERSON: Final = gettext_noop("Tilgang: åpen oppgave til deg")
_OTHER_GROUND: Final = gettext_noop("Tilgang: {template}")
_TAIL: Final = gettext_noop("{ground}. Avsluttet {end}: du kan lese og gjøre ferdig egen enhets opplysninger til {close}")
_AT: Final = gettext_noop("{day} kl. {time}")
_OPENED: Final = gettext_noop("{ground}. Opplysningen er sperret og åpnet for deg")

_REFUSALS: Final = {
    ReasonCode.OTHER_PATIENT: gettext_noop("Oppslaget gjelder en annen pasient"),
    ReasonCode.USER_INACTIVE: gettext_noop("Brukeren din er ikke aktiv"),
    ReasonCode.NO_AUTHORISATION: gettext_noop("Du har ingen autorisasjon å arbeide med"),
    ReasonCode.AUTHORISATION_NOT_STARTED: gettext_noop("Autorisasjonen din gjelder først fra {start}"),
    ReasonCode.AUTHORISATION_ENDED: gettext_noop("Autorisasjonen din utløp {end}"),
    ReasonCode.UNIT_CLOSED: gettext_noop("{unit} er ikke i drift nå"),
    ReasonCode.ENTITY_CLOSED: gettext_noop("Virksomheten som {unit} hører til, er ikke i drift nå"),
    ReasonCode.LICENCE_MISSING: gettext_noop("Rollen {role} krever en godkjenning som helsepersonell som ikke er registrert på deg"),
    ReasonCode.LICENCE_ENDED: gettext_noop("Godkjenningen din som helsepersonell gjelder ikke nå, og rollen {role} krever den"),
    ReasonCode.COURSE_MISSING: gettext_noop("Rollen {role} krever kurs som ikke er registrert på deg: {courses}"),
    ReasonCode.COURSE_LAPSED: gettext_noop("Rollen {role} krever kurs som du må ta på nytt: {courses}"),
    ReasonCode.NO_MEASURE: gettext_noop("Verken du eller {unit} har noe besluttet tiltak for pasienten"),
    ReasonCode.MEASURE_NOT_STARTED: gettext_noop("Tiltaket som gir tilgang til pasienten, har ikke begynt"),
    ReasonCode.MEASURE_ENDED: gettext_noop("Tiltaket er avsluttet {end}"),
    ReasonCode.CATEGORY_NOT_GRANTED: gettext_noop("Tiltaket gir ikke rollen {role} tilgang til denne typen opplysninger"),
    ReasonCode.ACTION_NOT_GRANTED: gettext_noop("Tiltaket gir ikke rollen {role} rett til å gjøre dette"),
    ReasonCode.OUTSIDE_SCOPE: gettext_noop("Tilgangen er avgrenset til andre typer opplysninger"),
    ReasonCode.BEFORE_SCOPE: gettext_noop("Tilgangen gjelder ikke så gamle opplysninger"),
    ReasonCode.OWN_UNIT_ONLY: gettext_noop("Tiltaket gjelder bare opplysninger fra {unit}"),
    ReasonCode.MAY_NOT_CHART: gettext_noop("Rollen {role} fører ikke journal"),
    ReasonCode.TAIL_OTHER_UNIT: gettext_noop("Tiltaket er avsluttet: du kan bare gjøre ferdig opplysninger fra {unit}"),
    ReasonCode.NO_COMMUNITY: gettext_noop("Virksomhetene fører ikke journal sammen"),
    ReasonCode.COMMUNITY_ENDED: gettext_noop("Avtalen om felles journal gjelder ikke nå"),
    ReasonCode.PARTICIPATION_ENDED: gettext_noop("En av virksomhetene deltar ikke i felles journal nå"),
    ReasonCode.MESSAGE_ONLY: gettext_noop("En av virksomhetene utveksler bare meldinger og deltar ikke i felles journal"),
    ReasonCode.SERVICE_NOT_COVERED: gettext_noop("Avtalen om felles journal omfatter ikke tjenesten til {unit}"),
    ReasonCode.DRAFT_OF_OTHER: gettext_noop("Utkastet er bare synlig for den som skriver det"),
    ReasonCode.BLOCKED: gettext_noop("Noe er sperret for deg"),
}

_OSLO: Final = "Europe/Oslo"


def explain(decision: Decision, facts: Facts, translate: Translate = _untranslated) -> str:
    """One sentence without a full stop: the ground of an allowed decision, the first obstacle of a denied one.

    `translate` is gettext where there is a catalogue. Dates are shown as in Norway, in Norwegian time.
    """
    if decision.measure is None:
        return translate(_REFUSALS[decision.reason]).format(**_refusal_words(decision, facts))
    ground = _ground(decision.measure, facts, translate)
    if decision.in_tail:
        words = {"end": _date(decision.measure.ends_at), "close": _moment(decision.measure.closes_at)}
        ground = translate(_TAIL).format(ground=ground, **words)
    return translate(_OPENED).format(ground=ground) if decision.opened else ground


def _ground(measure: Measure, facts: Facts, translate: Translate) -> str:
    message = _GROUNDS.get(measure.template.code, _OTHER_GROUND)
    if measure.template.code == "TASK":
        message = _TASK_OF_PERSON if measure.unit is None else _TASK_OF_UNIT
    return translate(message).format(unit=_unit(facts), reason=measure.reason, template=measure.template.name, end_time=_clock(measure.ends_at))


def _refusal_words(decision: Decision, facts: Facts) -> dict[str, str]:
    held = facts.actor.authorisation
    end = held.valid_to if held else None
    if decision.former_measure is not None:
        end = decision.former_measure.ends_at
    return {
        "unit": _unit(facts),
        "role": held.role.name if held else "",
        "start": _date(held.valid_from if held else None),
        "end": _date(end),
        "courses": ", ".join(sorted({demand.name for demand in courses_lacking(facts)})),
    }


def _unit(facts: Facts) -> str:
    return facts.actor.authorisation.unit.name if facts.actor.authorisation else ""


def _shown(moment: datetime | None, form: str) -> str:
    return "" if moment is None else moment.astimezone(ZoneInfo(_OSLO)).strftime(form)


def _date(moment: datetime | None) -> str:
    return _shown(moment, "%d.%m.%Y")


def _clock(moment: datetime | None) -> str:
    return _shown(moment, "%H:%M")


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else say(_AT).format(day=_date(moment), time=_clock(moment))
