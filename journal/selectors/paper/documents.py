"""The kinds of print, and what stands around each: whose it is, who printed it, when, for whom and why, and what is not in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from access.domain.codes import Action, Category
from access.gate import Gate
from access.models import InfoCategory
from journal.domain.paper import Block
from journal.selectors import shift_report
from journal.selectors.frame import NUMBER_LABELS, critical_facts, patients_among
from journal.selectors.paper import course, curve, medicines, notes, record
from journal.selectors.paper.asked import Asked, Receiver, ended, joined, printable
from lms_epj.core.formatting import format_date, format_identity_number, format_list_name, format_moment

WITH_CAVE = ("medicines", "sheet", "curve", "plan", "report")
NEEDED_HERE = "Helsehjelp til pasienten"
ACCESS = "Innsyn i egen journal"


@dataclass(frozen=True)
class Kind:
    """``label`` on the screen, ``title`` on paper; ``period``: from and to are asked for; ``parts``: categories and professions too; ``here``: never leaves the house."""

    label: str
    title: str
    build: Callable[[Gate, UUID, Asked], Iterator[Block]]
    category: Category | None = None
    period: bool = False
    parts: bool = False
    here: bool = False


def _report(gate: Gate, patient: UUID, asked: Asked) -> Iterator[Block]:
    start, _chosen = shift_report.since(gate, asked.hours)
    return course.report_blocks(shift_report.news_of(gate, [patient], start, action=Action.PRINT, narrow=printable), named=False)


KINDS: dict[str, Kind] = {
    "note": Kind(gettext_noop("Ett notat"), "Journalnotat", lambda gate, patient, asked: notes.note_blocks(patient, asked)),
    "period": Kind(gettext_noop("En periode"), "Journalutskrift for en periode", record.record_blocks, period=True, parts=True),
    "record": Kind(gettext_noop("Hele journalen"), "Journalutskrift", record.record_blocks),
    "medicines": Kind(gettext_noop("Legemiddelliste"), "Legemiddelliste", lambda gate, patient, asked: medicines.list_blocks(patient), Category.MEDICATION),
    "sheet": Kind(gettext_noop("Dagens legemidler"), "Legemiddelark", lambda gate, patient, asked: medicines.sheet_blocks(patient, gate.now), Category.MEDICATION),
    "curve": Kind(gettext_noop("Kurve"), "Kurve som tabell", lambda gate, patient, asked: curve.curve_blocks(patient, asked, gate.now), Category.VITALS, period=True),
    "plan": Kind(gettext_noop("Tiltaksplan"), "Tiltaksplan", lambda gate, patient, asked: course.plan_blocks(patient, asked)),
    "report": Kind(gettext_noop("Nytt siden sist"), "Rapport", _report, here=True),
}  # fmt: skip


def receiver_text(gate: Gate, asked: Asked) -> str:
    """«Til bruk på Observasjonsposten», «Pasienten», or whom was named."""
    if asked.receiver is Receiver.OWN:
        return f"Til bruk på {gate.unit['name']}"
    return "Pasienten, eller den som svarer for pasienten" if asked.for_patient else asked.to


def purpose_text(asked: Asked) -> str:
    return asked.purpose or {Receiver.OWN: NEEDED_HERE, Receiver.PATIENT: ACCESS}.get(asked.receiver, "")


def cover(gate: Gate, patient: UUID, asked: Asked) -> dict[str, Any]:
    """All of one patient's sheets but their blocks, as journal/typst/print.typ takes them."""
    kind, (who,) = KINDS[asked.what], patients_among([patient])
    label = NUMBER_LABELS.get(who.number_kind, "fødselsnr.") if who.number else ""
    number = f"{label[:1].lower()}{label[1:]} {format_identity_number(who.number)}" if who.number else "uten fødselsnummer"
    born = f"født {format_date(who.birth_date)}" if who.birth_date else "fødselsdato ukjent"
    scope = kind.parts or asked.what == "record"
    return _sheets(
        gate, asked, kind.title, [format_list_name(who.family_name, who.given_name), f"{born} · {number}"],
        facts=[("Periode", asked.period), *([("CAVE", _cave(gate, patient))] if asked.what in WITH_CAVE else []), *(_scope(gate, asked) if scope else ())], remarks=_remarks(gate, patient, asked, scope),
    )  # fmt: skip


def _cave(gate: Gate, patient: UUID) -> str:
    """As the banner says it; what may not be printed reads as not fetched, never as none."""
    found, _others = critical_facts(gate, patient)
    if not gate.may(Action.PRINT, Category.CRITICAL) or found["state"] == "unavailable":
        return "Kunne ikke hentes"
    known = joined((joined((item["substance"], f"({item['reaction']})" if item["reaction"] else ""), " ") for item in found["items"]), "; ")
    return known or {"none": "Ingen kjente"}.get(found["state"], "Ikke registrert")


def ward_cover(gate: Gate, asked: Asked, start: Any) -> dict[str, Any]:
    """Of a whole unit's report, where each patient has a heading."""
    return _sheets(gate, asked, "Rapport", [str(gate.unit["name"]), f"Nytt siden {format_moment(start)}"], facts=[], remarks=[])


def _sheets(gate: Gate, asked: Asked, title: str, head: list[str], *, facts: list[tuple[str, str]], remarks: list[str]) -> dict[str, Any]:
    receiver, purpose, when = receiver_text(gate, asked), purpose_text(asked), format_moment(gate.now)
    printed_by = f"{gate.user['display']}, {gate.role['name']}, {gate.unit['name']}"
    told = [("Mottaker", receiver), ("Formål", purpose), *facts, ("Skrevet ut", f"{when} av {printed_by}")]
    waste = " Kassér i makuleringsboks." if asked.receiver is Receiver.OWN else ""
    return {
        "title": title, "author": str(gate.unit["name"]), "head": head, "part": "", "facts": [item for item in told if item[1]], "remarks": remarks,
        "foot": f"Skrevet ut {when} av {printed_by}.\nMottaker: {receiver}. Formål: {ended(purpose)}{waste}", "blocks": [], "closing": "Utskriften slutter her.",
    }  # fmt: skip


def _scope(gate: Gate, asked: Asked) -> Iterator[tuple[str, str]]:
    """What was chosen, and what this role does not print: a copy must not look more whole than it is."""
    printed, left = [], []
    for one in InfoCategory.objects.order_by("code"):
        (printed if gate.may(Action.PRINT, one.pk) else left).append(one)
    if asked.categories:
        yield "Innhold", joined(one.name for one in printed if one.pk in asked.categories)
    if asked.marks:
        yield "Fag", joined(notes.MARKS.get(mark, mark) for mark in sorted(asked.marks))
    yield "Omfang", "Det den som skrev ut hadde tilgang til, uten kladder"
    if left:
        yield "Ikke med", f"{joined(one.name for one in left)} (utenfor tilgangen til den som skrev ut)"


def _remarks(gate: Gate, patient: UUID, asked: Asked, scope: bool) -> list[str]:
    """That something is blocked, just as the screen says it to this reader; and that something is withheld, as the patient must be told to complain."""
    told = []
    if gate.decision and gate.decision.blocked:
        told.append("Noe er sperret for den som skrev ut, og er ikke med.")
    if (scope or asked.what == "note") and notes.withholds(patient, asked):
        told.append(
            "Noe er holdt tilbake etter pasient- og brukerrettighetsloven § 5-1. Du kan klage til statsforvalteren. En representant for deg kan ha rett til å se det."
        )
    return told
