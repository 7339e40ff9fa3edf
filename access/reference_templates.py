"""Ready templates beside the first ones, for each of the six professions (R9, domain 5.8): text first, few boxes, numbers with unit and limits.

Loaded with the rest of the reference; an administrator changes them afterwards, field by field.
"""

from typing import Any

from access.domain.codes import Category as C
from access.reference_documents import DOCTORS, NURSES, WARD_NURSES, sections

PHYSIO, OT, PSYCHOLOGIST, OFFICER = ["physiotherapist"], ["occupational_therapist"], ["psychologist"], ["case_officer"]
# Norwegian function levels (domain 5.3).
IPLOS = [
    "1 Ingen problemer", "2 Klarer selv med vansker", "3 Middels bistandsbehov", "4 Store bistandsbehov", "5 Fullt bistandsbehov", "9 Ikke relevant",
]  # fmt: skip
IPLOS_OF = {
    "hygiene": "Personlig hygiene", "dressing": "Av- og påkledning", "toilet": "Gå på toalettet", "eating": "Spise", "indoors": "Bevege seg innendørs",
    "outdoors": "Bevege seg utendørs", "cooking": "Lage mat", "housework": "Husarbeid", "shopping": "Innkjøp", "own_health": "Ivareta egen helse",
    "memory": "Hukommelse", "communication": "Kommunikasjon", "decisions": "Beslutninger i dagliglivet", "social": "Sosial deltakelse",
    "behaviour": "Styre atferd", "economy": "Ivareta egen økonomi", "sight": "Syn", "hearing": "Hørsel",
}  # fmt: skip


def field(key: str, label: str, **more: Any) -> dict[str, Any]:
    """A free text that is not asked for at signing, changed by ``more``."""
    return {"key": key, "label": label, "hint": "", "rows": 3, "required": False} | more


def number(key: str, label: str, low: float, high: float, unit: str = "", decimals: int = 0) -> dict[str, Any]:
    return field(key, label, kind="number", min=low, max=high, unit=unit, decimals=decimals)


def choice(key: str, label: str, *options: str, required: bool = False, hint: str = "") -> dict[str, Any]:
    return field(key, label, kind="choice", options=list(options), required=required, hint=hint)


def abcde() -> list[dict[str, Any]]:
    """Airway, breathing, circulation, disability, exposure, each under its letter; then what was done."""
    words = {"a": "Luftveier", "b": "Pust", "c": "Sirkulasjon", "d": "Bevissthet", "e": "Kropp og omgivelser"}
    letters = [field(key, key.upper(), hint=word, rows=2, required=True, carry=False) for key, word in words.items()]
    return [*letters, field("assessment", "Vurdering", required=True), field("done", "Tiltak og effekt", required=True, carry=False)]


CAPACITY = [
    field("decision_about", "Hva gjelder avgjørelsen?", rows=2, required=True), field("understands", "Forstår pasienten informasjonen?", required=True),
    field("weighs", "Kan pasienten vurdere følger og alternativer?"), field("expresses", "Kan pasienten gi uttrykk for et valg?"),
    field("helped", "Hva er gjort for at pasienten skal kunne ta valget selv?"),
    choice("conclusion", "Konklusjon", "Har samtykkekompetanse", "Mangler samtykkekompetanse", "Delvis, se vurderingen", required=True),
    field("assessment", "Begrunnelse", required=True), field("informed", "Hvem er informert?", rows=2),
]  # fmt: skip
COERCION = [
    field("care", "Hvilken helsehjelp gjelder vedtaket?", required=True), field("resistance", "Hvordan viser motstanden seg?", rows=2, required=True),
    field("trust", "Tillitsskapende tiltak som er prøvd", required=True), field("conditions", "Vilkårene: skade, nødvendighet, forholdsmessighet", required=True),
    field("assessment", "Helhetsvurdering", required=True), field("means", "Tiltak og gjennomføring", required=True),
    field("from_on", "Gjelder fra", kind="date", required=True), field("to_on", "Gjelder til", kind="date", required=True),
    field("kin", "Nærmeste pårørendes syn", rows=2), field("complaint", "Informasjon om klage til statsforvalteren", rows=2, required=True),
]  # fmt: skip
KIN = [
    field("with_whom", "Hvem og relasjon", rows=1, required=True), field("consent", "Pasientens samtykke til samtalen", rows=1),
    field("talked", "Innhold", required=True), field("agreed", "Avtalt videre", rows=2), field("children", "Mindreårige barn eller søsken som pårørende", rows=2),
]  # fmt: skip

# code, name, category, role codes that write it, sections
READY_TEMPLATES: list[tuple[str, str, C, list[str], list[dict[str, Any]]]] = [
    ("nurse_admission", "Innkomstnotat, sykepleie", C.NURSING, WARD_NURSES, sections(
        "reason:Innleggelsesårsak og aktuelt", "function:Funksjon og hjelpebehov til vanlig", "nutrition?:Ernæring og utskillelse",
        "skin?:Hud og sår", "fall?:Fallrisiko og trygghet", "understanding?:Kommunikasjon og forståelse", "home?:Bolig, pårørende og tjenester", "plan:Plan")),
    ("nurse_shift", "Vaktrapport", C.NURSING, NURSES, sections("changed:Endringer på vakten", "effect?:Effekt av tiltak", "handover:Følg opp på neste vakt")),
    ("nurse_abcde", "ABCDE, sykepleie", C.NURSING, NURSES, abcde()),
    ("nurse_kin", "Samtale med pårørende, sykepleie", C.NURSING, NURSES, KIN),
    ("doctor_abcde", "ABCDE, lege", C.MEDICAL, DOCTORS, abcde()),
    ("doctor_capacity", "Vurdering av samtykkekompetanse", C.MEDICAL, DOCTORS, CAPACITY),
    ("doctor_coercion", "Vedtak om helsehjelp med tvang", C.MEDICAL, DOCTORS, COERCION),
    ("doctor_level", "Behandlingsavklaring", C.MEDICAL, DOCTORS, [
        choice("resuscitation", "HLR", "HLR+", "HLR minus", "Ikke avklart", required=True), choice("hospital", "Ny sykehusinnleggelse", "Ja", "Nei", "Vurderes når det skjer"),
        field("assessment", "Begrunnelse", required=True), field("patient_view", "Pasientens ønske", required=True), field("kin_view", "Pårørendes syn", rows=2)]),
    ("doctor_kin", "Samtale med pårørende, lege", C.MEDICAL, DOCTORS, KIN),
    ("physio_assessment", "Fysioterapi, undersøkelse", C.THERAPY, PHYSIO, [
        field("history", "Anamnese og funksjon før", required=True), field("findings", "Undersøkelse", required=True),
        number("tug", "Timed Up and Go", 0, 300, "sek", 1), number("sit_to_stand", "Reise og sette seg på 30 sek", 0, 60, "ganger"),
        number("sppb", "SPPB", 0, 12, "poeng"), number("walking", "Ganghastighet", 0, 4, "m/s", 2),
        field("assessment", "Vurdering", required=True), field("goals", "Mål", required=True), field("plan", "Plan", required=True)]),
    ("physio_discharge", "Fysioterapi, sammenfatning", C.THERAPY, PHYSIO, sections(
        "course:Forløp", "function:Funksjon nå", "aids?:Hjelpemidler", "plan:Videre trening og oppfølging")),
    ("ot_assessment", "Ergoterapi, vurdering", C.THERAPY, OT, [
        field("activity", "Aktiviteter som er viktige for pasienten", required=True), field("findings", "Kartlegging av aktivitet", required=True),
        number("barthel", "Barthel", 0, 20, "poeng"), field("cognition", "Kognisjon"), field("assessment", "Vurdering", required=True),
        field("goals", "Mål", required=True), field("measures", "Tiltak og hjelpemidler", required=True)]),
    ("ot_home", "Ergoterapi, bolig og hjemmebesøk", C.THERAPY, OT, sections(
        "access:Adkomst og forflytning", "rooms:Bad, kjøkken og soverom", "risks?:Risiko", "measures:Tiltak og hjelpemidler", "plan?:Videre")),
    ("ot_discharge", "Ergoterapi, sammenfatning", C.THERAPY, OT, sections("course:Forløp", "function:Aktivitet og funksjon nå", "aids?:Hjelpemidler", "plan:Videre")),
    ("therapy_kin", "Samtale med pårørende, fysio- og ergoterapi", C.THERAPY, [*PHYSIO, *OT], KIN),
    ("psych_assessment", "Psykologisk kartlegging", C.MENTAL, PSYCHOLOGIST, [
        field("referral", "Henvisning og problemstilling", required=True), field("history", "Bakgrunn"), field("status", "Psykisk status", required=True),
        choice("suicide", "Selvmordsvurdering", "Ikke tegn til selvmordsrisiko", "Selvmordstanker uten planer", "Økt risiko, se vurderingen", "Akutt risiko, tiltak iverksatt",
               required=True),
        field("assessment", "Vurdering", required=True), field("plan", "Tiltak", required=True)]),
    ("psych_session", "Samtale, psykolog", C.MENTAL, PSYCHOLOGIST, sections("theme:Tema", "assessment:Vurdering", "agreed?:Avtalt videre")),
    ("psych_capacity", "Vurdering av samtykkekompetanse, psykolog", C.MENTAL, PSYCHOLOGIST, CAPACITY),
    ("psych_discharge", "Avslutning, psykolog", C.MENTAL, PSYCHOLOGIST, sections("course:Forløp", "assessment:Vurdering ved avslutning", "follow_up:Videre oppfølging")),
    ("case_application", "Søknad og henvendelse", C.CASEWORK, OFFICER, sections("from_whom:Hvem henvender seg", "wish:Hva det søkes om", "situation?:Situasjonen nå")),
    ("case_home_visit", "Kartleggingsbesøk", C.CASEWORK, OFFICER, sections(
        "present?:Til stede", "situation:Situasjon", "function:Funksjon i hverdagen", "own_view:Brukerens ønske", "kin_view?:Pårørendes syn", "assessment:Vurdering")),
    ("case_iplos", "IPLOS, funksjonsvurdering", C.CASEWORK, OFFICER, [
        *(choice(key, label, *IPLOS, required=True) for key, label in IPLOS_OF.items()), field("assessment", "Samlet vurdering", required=True)]),
    ("case_kin", "Samtale med pårørende, tjenestekontor", C.CASEWORK, OFFICER, KIN),
    ("case_closing", "Avslutning av tjenester", C.CASEWORK, OFFICER, sections("reason:Hvorfor tjenesten avsluttes", "informed:Informasjon gitt", "follow_up?:Videre")),
]  # fmt: skip
