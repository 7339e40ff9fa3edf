"""Document types and their templates to start with: text first, few boxes; ``required`` is asked for at signing (R9)."""

from typing import Any

from access.domain.codes import Category as C

NURSES = ["lms_nurse", "home_nurse", "health_worker"]
WARD_NURSES = ["lms_nurse"]
DOCTORS = ["lms_doctor"]


def sections(*headings: str) -> list[dict[str, Any]]:
    """``key:Heading`` each, ``?`` after the key where signing does not ask for it."""
    split = (heading.partition(":") for heading in headings)
    return [
        {"key": key.rstrip("?"), "label": label, "hint": "", "rows": 8 if len(headings) == 1 else 3, "required": not key.endswith("?")}
        for key, _, label in split
    ]


# code, name, category, role codes that write it, sections
DOCUMENT_TYPES: list[tuple[str, str, C, list[str], list[dict[str, Any]]]] = [
    (
        "nurse_isbar", "Sykepleienotat, ISBAR", C.NURSING, NURSES,
        sections("identification?:Identifikasjon", "situation:Situasjon", "background?:Bakgrunn", "assessment:Aktuell vurdering",
                 "advice?:Råd"),
    ),
    (
        "nurse_daily", "Sykepleienotat, døgn", C.NURSING, WARD_NURSES,
        sections("status:Tilstand", "nutrition?:Ernæring og utskillelse", "activity?:Aktivitet og hvile", "contact?:Samtale og pårørende",
                 "plan:Videre"),
    ),
    ("nurse_note", "Kort sykepleienotat", C.NURSING, NURSES, sections("text:Notat")),
    (
        "home_visit", "Hjemmebesøk", C.NURSING, ["home_nurse", "health_worker"],
        sections("observation:Observasjon", "help:Hjelp gitt", "plan?:Videre"),
    ),
    (
        "nurse_discharge", "Sykepleiesammenfatning ved utskriving", C.NURSING, WARD_NURSES,
        sections("course:Oppholdet", "function:Funksjon ved utskriving", "follow_up:Videre oppfølging", "informed?:Informasjon gitt"),
    ),
    (
        "doctor_admission", "Innkomstnotat", C.MEDICAL, DOCTORS,
        sections("reason:Innleggelsesårsak", "history?:Tidligere sykdommer", "current:Aktuelt", "medication?:Legemidler", "findings:Funn",
                 "assessment:Vurdering", "plan:Tiltak"),
    ),
    (
        "doctor_daily", "Visitt", C.MEDICAL, DOCTORS,
        sections("subjective?:Pasientens situasjon", "findings:Funn og prøver", "assessment:Vurdering", "plan:Tiltak"),
    ),
    (
        "doctor_discharge", "Epikrise", C.MEDICAL, DOCTORS,
        sections("reason:Innleggelsesårsak", "course:Forløp og behandling", "medication?:Endringer i legemidler",
                 "follow_up:Videre oppfølging"),
    ),
    (
        "physio_note", "Fysioterapinotat", C.THERAPY, ["physiotherapist"],
        sections("findings:Undersøkelse", "treatment?:Behandling", "plan?:Mål og plan"),
    ),
    (
        "ot_note", "Ergoterapinotat", C.THERAPY, ["occupational_therapist"],
        sections("findings:Kartlegging", "measures?:Tiltak og hjelpemidler", "plan?:Plan"),
    ),
    (
        "service_assessment", "Vurdering av tjenestebehov", C.CASEWORK, ["case_officer"],
        sections("background:Bakgrunn", "function:Funksjon i hverdagen", "own_view?:Pasientens ønske", "assessment:Vurdering",
                 "decision?:Konklusjon"),
    ),
    (
        "arrival_note", "Ankomstnotat", C.ARRIVAL, ["lms_nurse", "lms_doctor"],
        sections("arrival:Ankomst", "condition:Tilstand ved ankomst", "informed?:Informasjon og pårørende"),
    ),
    ("psych_note", "Psykisk helse", C.MENTAL, ["psychologist", "lms_doctor"], sections("text:Notat")),
    ("sensitive_note", "Særlig følsomt notat", C.SENSITIVE, ["lms_doctor", "lms_nurse", "psychologist"], sections("text:Notat")),
]  # fmt: skip
