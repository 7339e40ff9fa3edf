"""The classification that an installation starts with: categories, measure templates, services, roles and their rights.

Data, not code: administrators change it afterwards (R11, R13). A data migration loads it once.
"""

from collections.abc import Callable
from typing import Any

from access.domain.codes import Action, Category
from access.reference_documents import DOCUMENT_TYPES
from access.reference_templates import READY_TEMPLATES

C = Category
READ = Action.SEARCH | Action.READ
PRINT = READ | Action.PRINT
CHART = READ | Action.WRITE | Action.SIGN | Action.PRINT | Action.SEND

CATEGORIES: dict[Category, str] = {
    C.ADMIN: "Personopplysninger og kontakter", C.LOGISTICS: "Opphold og logistikk", C.CRITICAL: "Kritisk informasjon",
    C.DIAGNOSIS: "Diagnoser", C.MEDICATION: "Legemidler", C.VITALS: "Målinger og kurve", C.NURSING: "Sykepleie",
    C.MEDICAL: "Medisinsk", C.THERAPY: "Fysio- og ergoterapi", C.MENTAL: "Psykisk helse", C.CASEWORK: "Tjenester og saksbehandling",
    C.ARRIVAL: "Ankomst og henvisning", C.TASKS: "Oppgaver", C.SENSITIVE: "Særlig følsomt",
}  # fmt: skip
STRICT = {C.MENTAL, C.SENSITIVE}
PLAIN = [c for c in C if c not in STRICT]

# code: name, analogue, purpose, max_hours, tail_hours, user_selected, own_unit_only, reviewed   (domain 3.3)
TEMPLATES: dict[str, tuple[str, str, str, int | None, int, bool, bool, bool]] = {
    "NOTIFIED": ("Meldt pasient", "MELDT", "TREAT", 24, 0, False, False, False),
    "ADMITTED": ("Innlagt", "BELEGG", "TREAT", None, 7 * 24, False, False, False),
    "SERVICE_HEALTH": ("Helsetjeneste i kommunen", "VEDTAK", "COC", None, 7 * 24, False, False, False),
    "SERVICE_PRACTICAL": ("Praktisk tjeneste i kommunen", "VEDTAK", "COC", None, 24, False, False, False),
    "SERVICE_CASEWORK": ("Vurdering av tjenester", "SAKSBEH", "COC", None, 14 * 24, False, False, False),
    "PRIMARY_CONTACT": ("Primærkontakt", "PRIMKONT", "TREAT", None, 24, False, False, False),
    "TASK": ("Åpen oppgave", "ARBFLYT", "TREAT", None, 0, False, False, False),
    "PARTICIPATION": ("Deltar i behandlingen", "DELBEHAN", "TREAT", 24, 0, True, False, False),
    "FINISHING": ("Etterarbeid", "ETTERARB", "TREAT", 24, 0, True, True, False),
    "EMERGENCY": ("Nødrettstilgang", "BLAALYS", "BTG", 1, 0, True, False, True),
}

# KPR (Volven 9151) → name, template
SERVICES: dict[int, tuple[str, str]] = {
    1: ("Praktisk bistand: daglige gjøremål", "SERVICE_PRACTICAL"), 2: ("Praktisk bistand: opplæring", "SERVICE_PRACTICAL"),
    3: ("Brukerstyrt personlig assistanse", "SERVICE_PRACTICAL"), 4: ("Dagaktivitetstilbud", "SERVICE_PRACTICAL"),
    5: ("Matombringing", "SERVICE_PRACTICAL"), 6: ("Trygghetsalarm", "SERVICE_PRACTICAL"),
    7: ("Avlastning utenfor institusjon", "SERVICE_PRACTICAL"), 8: ("Avlastning i institusjon", "SERVICE_HEALTH"),
    9: ("Støttekontakt", "SERVICE_PRACTICAL"), 11: ("Omsorgsstønad", "SERVICE_PRACTICAL"),
    15: ("Helsetjenester i hjemmet", "SERVICE_HEALTH"),
    17: ("Dagopphold i institusjon", "SERVICE_HEALTH"), 18: ("Korttidsopphold: utredning og behandling", "SERVICE_HEALTH"),
    19: ("Korttidsopphold: (re)habilitering", "SERVICE_HEALTH"), 20: ("Korttidsopphold: annet", "SERVICE_HEALTH"),
    21: ("Langtidsopphold i institusjon", "SERVICE_HEALTH"), 22: ("Nattopphold i institusjon", "SERVICE_HEALTH"),
    25: ("Kommunal øyeblikkelig hjelp døgnopphold", "SERVICE_HEALTH"), 27: ("Elektronisk medisineringsstøtte", "SERVICE_HEALTH"),
    28: ("Digitalt tilsyn", "SERVICE_HEALTH"), 29: ("Kommunal bolig", "SERVICE_PRACTICAL"), 99: ("Tildeling av tjenester", "SERVICE_CASEWORK"),
}  # fmt: skip

# code: name, reference. The laws were renumbered in 2026: an administrator checks the references before they are used in letters.
LEGAL_GROUNDS: dict[str, tuple[str, str]] = {
    "object": ("Retten til å motsette seg at helseopplysninger gjøres tilgjengelige", "pasientjournalloven § 17"),
    "presumed": ("Det er grunn til å tro at pasienten ville motsette seg det", "helsepersonelloven § 25"),
    "record-correction": ("Retting av journalen", "helsepersonelloven § 42"),
    "record-deletion": ("Sletting i journalen", "helsepersonelloven § 43"),
    "record-wrong-patient": ("Opplysninger på feil person", "helsepersonelloven § 44"),
    "record-complaint": ("Klage til statsforvalteren", "helsepersonelloven §§ 42 og 43"),
}

SELF = ["PARTICIPATION", "FINISHING", "EMERGENCY"]
# code: name, mark, may_chart, required_profession, needs_cosign, decides, writes
ROLES: dict[str, tuple[str, str, bool, str, bool, list[str], list[Category]]] = {
    "lms_nurse": ("Sykepleier", "S", True, "nurse", False, ["NOTIFIED", "ADMITTED", "TASK", *SELF],
                  [C.ADMIN, C.LOGISTICS, C.CRITICAL, C.MEDICATION, C.VITALS, C.NURSING, C.ARRIVAL, C.TASKS, C.SENSITIVE]),
    "lms_doctor": ("Lege", "L", True, "doctor", False, ["NOTIFIED", "ADMITTED", "TASK", *SELF],
                   [C.ADMIN, C.LOGISTICS, C.CRITICAL, C.DIAGNOSIS, C.MEDICATION, C.VITALS, C.MEDICAL, C.ARRIVAL, C.TASKS, C.MENTAL, C.SENSITIVE]),
    "home_nurse": ("Sykepleier, hjemmetjeneste", "H", True, "nurse", False, ["TASK", "PRIMARY_CONTACT", *SELF],
                   [C.ADMIN, C.LOGISTICS, C.CRITICAL, C.MEDICATION, C.VITALS, C.NURSING, C.TASKS]),
    "health_worker": ("Helsefagarbeider", "HF", True, "health_worker", True, ["TASK", "PARTICIPATION", "FINISHING"],
                      [C.VITALS, C.NURSING, C.TASKS, C.LOGISTICS]),
    "physiotherapist": ("Fysioterapeut", "F", True, "physiotherapist", False, ["TASK", *SELF], [C.LOGISTICS, C.THERAPY, C.VITALS, C.TASKS]),
    "occupational_therapist": ("Ergoterapeut", "E", True, "occupational_therapist", False, ["TASK", *SELF], [C.LOGISTICS, C.THERAPY, C.TASKS]),
    "psychologist": ("Psykolog", "P", True, "psychologist", False, ["TASK", *SELF], [C.MENTAL, C.SENSITIVE, C.TASKS]),
    "case_officer": ("Saksbehandler", "", True, "", False,
                     ["SERVICE_HEALTH", "SERVICE_PRACTICAL", "SERVICE_CASEWORK", "PRIMARY_CONTACT", "TASK"], [C.ADMIN, C.CASEWORK, C.LOGISTICS, C.TASKS]),
    "unit_leader": ("Enhetsleder", "", False, "", False, [], []),
    "access_admin": ("Systemadministrator", "", False, "", False, [], []),
    "log_reviewer": ("Loggkontrollør", "", False, "", False, [], []),
    "custodian": ("Journalansvarlig", "", False, "", False, [], []),
    "it_operator": ("Driftspersonell", "", False, "", False, [], []),
    "economy": ("Økonomi", "", False, "", False, [], []),
    "system": ("Systemklient", "", False, "", False, [], []),
}  # fmt: skip
CLINICAL = [code for code, role in ROLES.items() if role[2] and code != "case_officer"]
# Strict categories are opened by narrower measures only: not while a patient is merely notified.
OPENS_STRICT = {"ADMITTED", "SERVICE_HEALTH", "PRIMARY_CONTACT", "EMERGENCY"}
READS_STRICT = {"lms_doctor": {C.MENTAL, C.SENSITIVE}, "lms_nurse": {C.SENSITIVE}, "psychologist": {C.MENTAL, C.SENSITIVE}}
# What one who works for the case only may see beside the case (domain 3.3: function, services, necessary health information).
CASEWORK_READS = [C.ADMIN, C.LOGISTICS, C.CRITICAL, C.DIAGNOSIS, C.NURSING, C.THERAPY, C.CASEWORK, C.TASKS]
PRACTICAL_READS = [C.ADMIN, C.LOGISTICS, C.CRITICAL, C.CASEWORK, C.TASKS]
NOTIFIED_WRITES = [C.ARRIVAL, C.LOGISTICS]


def rights() -> dict[tuple[str, str, Category], Action]:
    """The matrix role × measure template × category → actions (domain 3.2)."""
    matrix: dict[tuple[str, str, Category], Action] = {}
    for code in CLINICAL:
        writes = ROLES[code][6]
        for template in TEMPLATES:
            if template == "SERVICE_CASEWORK":
                continue
            readable = PRACTICAL_READS if template == "SERVICE_PRACTICAL" else PLAIN
            strict = READS_STRICT.get(code, set()) if template in OPENS_STRICT else set()
            for category in [*readable, *strict]:
                wanted = NOTIFIED_WRITES if template == "NOTIFIED" else writes
                charts = category in writes and category in wanted
                matrix[code, template, category] = CHART if charts else PRINT
    for template in ("SERVICE_HEALTH", "SERVICE_PRACTICAL", "SERVICE_CASEWORK", "TASK"):
        for category in CASEWORK_READS:
            charts = category in ROLES["case_officer"][6]
            matrix["case_officer", template, category] = CHART if charts else PRINT
    for category in (C.ADMIN, C.LOGISTICS, C.CRITICAL, C.DIAGNOSIS, C.MEDICATION, C.VITALS, C.TASKS):
        matrix["system", "TASK", category] = READ
    return matrix


def load_reference(rows: Callable[[str], Any]) -> None:
    """Writes the classification. Existing rows keep what administrators made of them.

    ``rows``: model name → its manager, as it was when the migration was written.
    """
    for code, name in CATEGORIES.items():
        rows("InfoCategory").get_or_create(code=int(code), defaults={"name": name, "strict": code in STRICT})
    for code, (name, analogue, purpose, max_hours, tail, chosen, own_unit, reviewed) in TEMPLATES.items():
        rows("MeasureTemplate").get_or_create(code=code, defaults={
            "name": name, "analogue": analogue, "purpose": purpose, "max_hours": max_hours, "tail_hours": tail,
            "user_selected": chosen, "own_unit_only": own_unit, "reviewed": reviewed})  # fmt: skip
    templates = {t.code: t for t in rows("MeasureTemplate").all()}
    for number, (name, template) in SERVICES.items():
        rows("ServiceType").get_or_create(code=number, defaults={"name": name, "template": templates[template]})
    for code, (name, mark, may_chart, profession, cosign, decides, _writes) in ROLES.items():
        rows("RoleTemplate").get_or_create(code=code, defaults={
            "name": name, "mark": mark, "may_chart": may_chart, "required_profession": profession, "needs_cosign": cosign,
            "decides": decides, "reviews_log": code == "log_reviewer", "administers_access": code == "access_admin",
            "is_custodian": code == "custodian"})  # fmt: skip
    roles = {r.code: r for r in rows("RoleTemplate").all()}
    right = rows("RoleRight").model
    rows("RoleRight").bulk_create(
        [
            right(role=roles[role], template=templates[template], category_id=int(category), actions=int(actions))
            for (role, template, category), actions in rights().items()
        ],
        ignore_conflicts=True,
    )
    for order, (code, name, category, roles_writing, sections) in enumerate([*DOCUMENT_TYPES, *READY_TEMPLATES]):
        rows("DocumentType").get_or_create(code=code, defaults={
            "name": name, "category_id": int(category), "written_by": roles_writing, "sections": sections, "order": order})  # fmt: skip


def load_legal_grounds(rows: Callable[[str], Any]) -> None:
    """Existing rows keep what administrators made of them."""
    for code, (name, reference) in LEGAL_GROUNDS.items():
        rows("LegalGround").get_or_create(code=code, defaults={"name": name, "reference": reference})
