"""A decision about somebody else, in words for those who answer for access: why a colleague may see a patient, or may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from access.domain.decide import Decision
from access.domain.explain import explain
from access.domain.facts import Block, Facts
from access.domain.rules import ReasonCode, courses_lacking
from lms_epj.core.words import gettext_noop

Translate = Callable[[str], str]

_GROUNDS: Final = {
    "NOTIFIED": gettext_noop("Pasienten er meldt til {unit}"),
    "ADMITTED": gettext_noop("Pasienten er innlagt på {unit}"),
    "SERVICE_HEALTH": gettext_noop("Helsetjeneste fra {unit}"),
    "SERVICE_PRACTICAL": gettext_noop("Praktisk bistand fra {unit}"),
    "PRIMARY_CONTACT": gettext_noop("Er primærkontakt"),
    "TASK": gettext_noop("Åpen oppgave"),
    "PARTICIPATION": gettext_noop("Deltar i behandlingen, valgt selv: «{reason}»"),
    "FINISHING": gettext_noop("Etterarbeid i egen enhet, valgt selv: «{reason}»"),
    "EMERGENCY": gettext_noop("Nødrettstilgang: «{reason}»"),
}
_OTHER: Final = gettext_noop("Tiltak: {template}")
_TAIL: Final = gettext_noop("{ground}. Tiltaket er over, og bare etterarbeid er åpent")

# Where the words of `explain` speak to the person; all others can be read as they are.
_REFUSALS: Final = {
    ReasonCode.USER_INACTIVE: gettext_noop("Brukeren er ikke aktiv"),
    ReasonCode.NO_AUTHORISATION: gettext_noop("Har ingen rolle"),
    ReasonCode.AUTHORISATION_NOT_STARTED: gettext_noop("Rollen har ikke begynt å gjelde"),
    ReasonCode.AUTHORISATION_ENDED: gettext_noop("Rollen er avsluttet"),
    ReasonCode.LICENCE_MISSING: gettext_noop("Rollen krever en godkjenning som helsepersonell som ikke er registrert"),
    ReasonCode.LICENCE_ENDED: gettext_noop("Godkjenningen som helsepersonell gjelder ikke"),
    ReasonCode.COURSE_MISSING: gettext_noop("Rollen krever kurs som ikke er registrert: {courses}"),
    ReasonCode.COURSE_LAPSED: gettext_noop("Rollen krever kurs som er utløpt: {courses}"),
    ReasonCode.NO_MEASURE: gettext_noop("Verken personen eller enheten har et besluttet tiltak for pasienten"),
    ReasonCode.MEASURE_NOT_STARTED: gettext_noop("Tiltaket har ikke begynt"),
    ReasonCode.TAIL_OTHER_UNIT: gettext_noop("Tiltaket er avsluttet: bare egen enhets opplysninger kan gjøres ferdig"),
    ReasonCode.BLOCKED: gettext_noop("Sperret"),
}
_SCOPES: Final = {
    "record": gettext_noop("Hele journalen, unntatt kritisk informasjon"),
    "category": gettext_noop("Opplysninger av typen «{category}»"),
    "document_type": gettext_noop("Én dokumenttype"),
    "stay": gettext_noop("Ett opphold, unntatt kritisk informasjon"),
    "entry": gettext_noop("Én enkelt opplysning"),
}


def explain_about(decision: Decision, facts: Facts, translate: Translate = str) -> str:
    """One sentence without a full stop, in the third person."""
    held = facts.actor.authorisation
    unit = held.unit.name if held else ""
    measure = decision.measure
    if measure is None:
        if decision.reason not in _REFUSALS:
            return explain(decision, facts, translate)
        courses = ", ".join(sorted({demand.name for demand in courses_lacking(facts)}))
        return translate(_REFUSALS[decision.reason]).format(courses=courses)
    ground = translate(_GROUNDS.get(measure.template.code, _OTHER)).format(unit=unit, reason=measure.reason, template=measure.template.name)
    return translate(_TAIL).format(ground=ground) if decision.in_tail else ground


def block_in_words(block: Block, category: str, translate: Translate = str) -> str:
    """What a block keeps from this person; ``category``: the name of its category, where it has one. Titles are never told."""
    return translate(_SCOPES[block.scope]).format(category=category)
