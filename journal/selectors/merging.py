"""Merges as the custodian's pages show them: who the two are said to be, how much they hold, what speaks against. Never a word of a record."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, call, rows
from access.models import LegalEntity, RecordMerge
from lms_epj.core.formatting import format_date, format_identity_number, format_sex

STATES = dict(RecordMerge.State.choices)
KINDS = {
    "journal_stay": gettext_noop("Opphold"), "journal_note": gettext_noop("Notater"), "journal_noteversion": gettext_noop("Versjoner av notater"),
    "journal_task": gettext_noop("Oppgaver"), "journal_criticalinfo": gettext_noop("Kritisk informasjon"), "journal_diagnosis": gettext_noop("Diagnoser"),
    "journal_medication": gettext_noop("Legemidler i bruk"), "journal_medorder": gettext_noop("Ordinasjoner"), "journal_meddose": gettext_noop("Gitte doser"),
    "journal_nextofkin": gettext_noop("Pårørende"), "journal_servicedecision": gettext_noop("Vedtak om tjenester"), "journal_visit": gettext_noop("Besøk"),
    "journal_vitalset": gettext_noop("Målesett"), "journal_observation": gettext_noop("Enkeltmålinger"), "journal_planproblem": gettext_noop("Problemer i plan"),
    "journal_planaction": gettext_noop("Tiltak i plan"), "messaging_message": gettext_noop("Meldinger"), "messaging_labresult": gettext_noop("Prøvesvar"),
    "journal_checklistrun": gettext_noop("Sjekklister"), "telemed_bookingpatient": gettext_noop("Avtaler"), "telemed_waitingentry": gettext_noop("Venter på time"),
}  # fmt: skip
OTHER = gettext_noop("Annet")
NUMBER_KINDS = {
    "FNR": gettext_noop("Fødselsnummer"), "DNR": gettext_noop("D-nummer"), "FHN": gettext_noop("Felles hjelpenummer"), "HNR": gettext_noop("Hjelpenummer"),
    "DUF": gettext_noop("DUF-nummer"), "TMP": gettext_noop("Midlertidig nummer"),
}  # fmt: skip
# What must be cleared away first, and by whom.
HINDRANCES = {
    "merged_already": gettext_noop("En av journalene er alt slått sammen med en annen. Bruk nummeret som gjelder."),
    "undecided_table": gettext_noop("Programmet vet ikke hva som skal skje med noe av det som er lagret. Si fra til IKT-vakt."),
    "copy_in_work": gettext_noop("Et uttrekk der en av dem er med, er under arbeid. Vent til det er ferdig."),
    "two_open_stays": gettext_noop("Begge har et åpent opphold (%(who)s). Avdelingen må avslutte eller avlyse det ene."),
    "two_drafts": gettext_noop("%(who)s har en kladd av samme slag i begge. Den ene må signeres eller forkastes."),
    "two_checklists": gettext_noop("Den samme sjekklisten er åpen i begge (%(who)s). Avdelingen må fullføre eller stryke den ene."),
    "two_isolations": gettext_noop("Begge er isolert samme sted (%(who)s). Avdelingen må avslutte den ene isoleringen."),
    "note_between": gettext_noop("Det er krevd at et notat flyttes fra den ene til den andre. Avgjør kravet først."),
    "same_booking": gettext_noop("Begge står på samme time. Ta den ene av timen."),
}
# What the custodian must weigh, or those who treat must go through afterwards.
WARNINGS = {
    "two_numbers": gettext_noop("Begge har et gjeldende fødselsnummer. Da er det oftest to personer. Kontroller mot Folkeregisteret."),
    "other_birth_date": gettext_noop("Fødselsdatoene er ulike."),
    "other_sex": gettext_noop("Kjønnet er ulikt."),
    "one_is_dead": gettext_noop("Bare den ene er registrert død."),
    "wide_block": gettext_noop(
        "Pasienten har sperret hele eller en del av en av journalene. Sperringen gjelder videre for det den dekket, og for det som føres siden; det som lå i den andre journalen, blir ikke sperret."
    ),
    "cave": gettext_noop("Den ene sier at ingen allergier er kjent, den andre har CAVE. Det som er ført som CAVE, vises."),
    "two_plans": gettext_noop("Begge har en tiltaksplan. Problemer og tiltak blir stående i én plan og må gås gjennom."),
    "two_medication_lists": gettext_noop("Begge har legemidler i bruk. Listene blir én og må samstemmes."),
    "same_messages": gettext_noop("%(count)s meldinger er kommet til begge. De blir stående to ganger."),
    "queued_messages": gettext_noop("%(count)s meldinger står i kø for sending. De sendes slik de ble skrevet."),
    "exchange_refused": gettext_noop("Pasienten har i den ene motsatt seg meldingsutveksling. Det gjelder for hele journalen."),
}


def merges(gate: Gate, *, waiting: bool) -> list[dict[str, Any]]:
    """[{gate.merges + state_text}], the custodian's own; their patients are logged."""
    return [row | {"state_text": STATES[row["state"]]} for row in rows("merges", waiting, gate.request.as_json())]


def merge(gate: Gate, key: UUID) -> dict[str, Any] | None:
    """One case with both sides in words, or None for what is not this custodian's. Logged on both."""
    found = call("merge_read", key, gate.request.as_json())
    if found is None:
        return None
    for name in ("proposed_at", "decided_at", "undone_at"):
        found[name] = datetime.fromisoformat(found[name]) if found[name] else None
    sides = [_side(found["survivor"]), _side(found["gone"])]
    kinds = [kind for kind in (*KINDS, OTHER) if any(kind in side["counts"] for side in sides)]
    hindrances = [_said(HINDRANCES, one) for one in found["conflicts"] if one["blocks"]]
    warnings = [_said(WARNINGS, one) for one in found["conflicts"] if not one["blocks"]]
    names = found["names"] or {}
    return found | {
        "sides": sides, "identity_rows": _identity_rows(sides), "count_rows": [(_(KINDS.get(k, OTHER)), [side["counts"].get(k, 0) for side in sides]) for k in kinds],
        "hindrances": hindrances, "warnings": warnings, "codes": [one["code"] for one in found["conflicts"]], "state_text": STATES[found["state"]],
        "by": {what: names.get(str(found[f"{what}_by"]), "") for what in ("proposed", "decided", "undone")},
        "followed": _counted(found["followed"]), "since_back": _counted(found["since_back"]), "since_stays": _counted(found["since_stays"]),
    }  # fmt: skip


def suggested(found: dict[str, Any]) -> str:
    """Which record should go on: the one with a birth number of its own, else the older one."""

    def rank(side: dict[str, Any]) -> tuple[int, str]:
        live = {one["kind"] for one in side["numbers"] if not one["valid_to"]}
        return (0 if "FNR" in live else 1 if live - {"TMP"} else 2, side["registered_at"])

    return min((found["survivor"], found["gone"]), key=rank)["id"]


def _said(words: Mapping[str, str], one: dict[str, Any]) -> str:
    facts = one["facts"]
    values = facts if isinstance(facts, dict) else {"who": ", ".join(facts or [])}
    return _(words[one["code"]]) % values if one["code"] in words else one["code"]


def _counted(counts: dict[str, int]) -> list[str]:
    """«Notater: 3» for each kind."""
    grouped = _grouped(counts)
    return [f"{_(KINDS.get(kind, OTHER))}: {grouped[kind]}" for kind in (*KINDS, OTHER) if kind in grouped]


def _grouped(counts: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for table, number in counts.items():
        kind = table if table in KINDS else OTHER
        found[kind] = found.get(kind, 0) + number
    return found


def _side(side: dict[str, Any]) -> dict[str, Any]:
    return side | {"counts": _grouped(side["counts"])}


def _identity_rows(sides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """{label, values, differs} for each thing the two are compared by."""
    places = dict(LegalEntity.objects.exclude(municipality_number="").values_list("municipality_number", "name"))
    shown = [
        (_("Navn"), lambda side: [side["name"]]),
        (_("Født"), lambda side: [_day(side["birth_date"]) or _("Ukjent")]),
        (_("Kjønn"), lambda side: [format_sex(side["sex"])]),
        (_("Numre"), lambda side: [_number(one) for one in side["numbers"]] or [_("Ingen")]),
        (_("Bosted"), lambda side: [one for one in (places.get(side["municipality_number"], side["municipality_number"]), side["address"]) if one] or ["–"]),
        (_("Telefon"), lambda side: [side["phone"] or "–"]),
        (_("Fastlege"), lambda side: [side["gp"] or "–"]),
        (_("Kjennetegn"), lambda side: _seen(side["unknown"])),
        (_("Registrert"), lambda side: [_day(side["registered_at"])]),
        (_("Første og siste innslag"), lambda side: [f"{_day(side['first_at'])}–{_day(side['last_at'])}" if side["first_at"] else "–"]),
        (_("Enheter som har ført"), lambda side: side["units"] or ["–"]),
        (_("Åpne tiltak"), lambda side: [str(side["measures"])]),
        (_("Sperringer"), lambda side: [str(side["blocks"])]),
    ]  # fmt: skip
    made = [(label, [say(side) for side in sides]) for label, say in shown]
    telling = (_("Navn"), _("Født"), _("Kjønn"), _("Bosted"))
    return [{"label": label, "values": values, "differs": label in telling and values[0] != values[1]} for label, values in made]


def _number(one: dict[str, Any]) -> str:
    text = f"{_(NUMBER_KINDS.get(one['kind'], one['kind']))} {format_identity_number(one['value'])}"
    return _("%(number)s (til %(day)s)") % {"number": text, "day": _day(one["valid_to"])} if one["valid_to"] else text


def _seen(unknown: dict[str, Any] | None) -> list[str]:
    if not unknown:
        return ["–"]
    return [one for one in (age_text(unknown["age_from"], unknown["age_to"]), unknown["marks"], unknown["found"]) if one] or ["–"]


def age_text(low: int | None, high: int | None) -> str:
    """«Anslått 55–65 år»; '' when nobody has guessed."""
    if low is None or high is None:
        return ""
    if low == high:
        return _("Anslått %(n)s år") % {"n": low}
    return _("Anslått %(low)s–%(high)s år") % {"low": low, "high": high}


def _day(text: str | None) -> str:
    if not text:
        return ""
    return format_date(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
