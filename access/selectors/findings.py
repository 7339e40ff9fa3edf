"""What the statistics of the log have lifted out, explained: every point with its reason in words."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.gate import Gate, rows
from lms_epj.core.formatting import format_time

PAGE = 50
# scenario: name, what it says of a look-up (with the facts that the database gives), what its threshold means
SCENARIOS: dict[str, tuple[str, str, str]] = {
    "own_record": (gettext_noop("Egen journal"), gettext_noop("Den ansatte åpnet sin egen journal."), ""),
    "colleague": (gettext_noop("Kollega"), gettext_noop("Pasienten er ansatt i samme virksomhet (%(unit)s)."), ""),
    "same_address": (gettext_noop("Samme adresse"), gettext_noop("Pasienten har samme adresse som den ansatte."), ""),
    "same_name": (gettext_noop("Samme etternavn"), gettext_noop("Samme etternavn som den ansatte. Pasienter med navnet: %(bearers)s."),
                  gettext_noop("pasienter kan ha navnet før det regnes som vanlig")),
    "self_opened": (gettext_noop("Åpnet av seg selv"), gettext_noop("Den ansatte åpnet tilgangen selv: %(template)s. Begrunnelse: «%(reason)s»"), ""),
    "no_note": (gettext_noop("Ingen føring etterpå"), gettext_noop("Den ansatte førte ikke noe på pasienten samme dag eller de neste %(limit)s timene."),
                gettext_noop("timer etter dagens slutt")),
    "emergency_no_note": (gettext_noop("Nødrett uten notat"), gettext_noop("Nødrettstilgang, og ingenting ført samme dag eller de neste %(limit)s timene."),
                          gettext_noop("timer etter dagens slutt")),
    "off_duty": (gettext_noop("Utenfor vakt"), gettext_noop("Den ansatte sto ikke på vaktplanen da oppslaget ble gjort, klokken %(at)s."), ""),
    "many_patients": (gettext_noop("Mange pasienter på kort tid"), gettext_noop("Pasient nummer %(count)s på en time. Grensen er %(limit)s."),
                      gettext_noop("pasienter på en time")),
    "after_discharge": (gettext_noop("Lenge etter utskriving"), gettext_noop("Pasienten hadde vært ute av enheten i %(days)s dager."),
                        gettext_noop("dager etter at tiltaket ble avsluttet")),
    "opened_block": (gettext_noop("Åpnet sperring"), gettext_noop("Den ansatte åpnet sperrede opplysninger (%(count)s)."), ""),
    "other_municipality": (gettext_noop("Annen kommune"), gettext_noop("Pasienten bor ikke i kommunen den ansatte arbeider for (%(entity)s)."), ""),
    "arrival_in_vain": (gettext_noop("Ankomst uten at pasienten kom"),
                        gettext_noop("Ankomsten den ansatte registrerte («%(caller)s» meldte), ble ikke fulgt av innleggelse."), ""),
    "usual": (gettext_noop("Vanlig i enheten"), gettext_noop("%(count)s kolleger i enheten leste samme journal samme dag."),
              gettext_noop("kolleger samme dag")),
}  # fmt: skip
WORK_LIST = "work_list"


def findings(gate: Gate, scenario: str = "", after: UUID | None = None) -> tuple[list[dict[str, Any]], bool]:
    """One page of the work list, highest score first, and whether there are more. Their patients are logged."""
    found = rows("findings", scenario if scenario in SCENARIOS else "", after, PAGE + 1, gate.request.as_json())
    return [told(row) for row in found[:PAGE]], len(found) > PAGE


def finding(gate: Gate, key: UUID) -> dict[str, Any] | None:
    """None when it is unknown or one's own."""
    found = rows("finding_read", key, gate.request.as_json())
    return told(found[0]) if found else None


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row of gate.finding_t, ``reasons`` as [{name, text, points}]."""
    reasons = json.loads(row["reasons"]) if isinstance(row["reasons"], str) else row["reasons"]
    return row | {"reasons": [explained(reason) for reason in reasons]}


def explained(reason: dict[str, Any]) -> dict[str, Any]:
    """One scenario that hit, in words. One that the program no longer knows is shown by its code, never hidden."""
    name, text, _unit = SCENARIOS.get(reason["scenario"], (reason["scenario"], "", ""))
    facts = dict(reason)
    if "at" in facts:
        facts["at"] = format_time(datetime.fromisoformat(facts["at"]))
    return {"name": _(name), "text": _(text) % facts if text else "", "points": reason["points"]}


def rules() -> dict[str, list[dict[str, Any]]]:
    """Scenario → its rows, the one in force first."""
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in [WORK_LIST, *SCENARIOS]}
    for row in rows("log_rules"):
        found.setdefault(row["scenario"], []).append(row)
    for history in found.values():
        history.sort(key=lambda row: (row["valid_to"] is None, row["valid_from"]), reverse=True)
    return found


def runs(days: int = 14) -> list[dict[str, Any]]:
    """{day, finished_at, look_ups, pairs, findings}: the last days that have been gone through, newest first."""
    return rows("log_runs", days)
