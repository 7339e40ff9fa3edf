"""Document types and their templates to start with: text first, few boxes; ``required`` is asked for at signing (R9)."""

from typing import Any

from access.domain.codes import Category as C


def section(key: str, label: str, hint: str = "", rows: int = 3, required: bool = False) -> dict[str, Any]:
    return {"key": key, "label": label, "hint": hint, "rows": rows, "required": required}


ISBAR = [
    section("identification", "I", "Identifikasjon", 1),
    section("situation", "S", "Situasjon", 3, required=True),
    section("background", "B", "Bakgrunn", 2),
    section("assessment", "A", "Aktuell vurdering", 3, required=True),
    section("recommendation", "R", "Råd", 2),
]
NURSES = ["lms_nurse", "home_nurse", "health_worker"]
DOCTORS = ["lms_doctor"]

# code, name, category, roles that write it, sections
DOCUMENT_TYPES: list[tuple[str, str, C, list[str], list[dict[str, Any]]]] = [
    ("nurse_note", "Sykepleienotat", C.NURSING, NURSES, [section("text", "Notat", "", 8, required=True)]),
    ("nurse_isbar", "Sykepleienotat, ISBAR", C.NURSING, NURSES, ISBAR),
    ("nurse_admission", "Innkomst sykepleie", C.NURSING, ["lms_nurse"], [
        section("situation", "Situasjon ved ankomst", "", 4, required=True), section("function", "Funksjon og hjelpebehov", "", 3),
        section("nutrition", "Ernæring og væske", "", 2), section("elimination", "Eliminasjon", "", 2),
        section("skin", "Hud og sår", "", 2), section("plan", "Plan", "", 3, required=True)]),
    ("nurse_discharge", "Utskriving sykepleie", C.NURSING, ["lms_nurse"], [
        section("course", "Forløp", "", 4, required=True), section("status", "Status ved utskriving", "", 3, required=True),
        section("follow_up", "Oppfølging i kommunen", "", 3, required=True)]),
    ("home_visit", "Hjemmebesøk", C.NURSING, ["home_nurse", "health_worker"], [section("text", "Notat", "", 6, required=True)]),
    ("doctor_admission", "Innkomst lege", C.MEDICAL, DOCTORS, [
        section("reason", "Innleggelsesårsak", "", 2, required=True), section("history", "Aktuelt og tidligere", "", 4, required=True),
        section("findings", "Funn", "", 4), section("assessment", "Vurdering", "", 3, required=True), section("plan", "Plan", "", 3, required=True)]),
    ("doctor_note", "Legenotat", C.MEDICAL, DOCTORS, [
        section("findings", "Status og funn", "", 4, required=True), section("assessment", "Vurdering og tiltak", "", 4, required=True)]),
    ("doctor_discharge", "Epikrise", C.MEDICAL, DOCTORS, [
        section("reason", "Innleggelsesårsak", "", 2, required=True), section("course", "Forløp og behandling", "", 5, required=True),
        section("medication", "Endringer i legemidler", "", 3), section("follow_up", "Videre oppfølging", "", 3, required=True)]),
    ("physio_note", "Fysioterapi", C.THERAPY, ["physiotherapist"], [
        section("assessment", "Vurdering", "", 3, required=True), section("treatment", "Tiltak", "", 3), section("plan", "Plan", "", 2)]),
    ("ot_note", "Ergoterapi", C.THERAPY, ["occupational_therapist"], [
        section("assessment", "Vurdering", "", 3, required=True), section("aids", "Hjelpemidler og tiltak", "", 3)]),
    ("psych_note", "Psykisk helse", C.MENTAL, ["psychologist", "lms_doctor"], [section("text", "Notat", "", 8, required=True)]),
    ("sensitive_note", "Særlig følsomt notat", C.SENSITIVE, ["lms_doctor", "lms_nurse", "psychologist"], [
        section("text", "Notat", "", 6, required=True)]),
    ("case_note", "Saksnotat", C.CASEWORK, ["case_officer"], [
        section("application", "Søknad og behov", "", 3, required=True), section("assessment", "Vurdering", "", 4, required=True)]),
    ("arrival_note", "Ankomstnotat", C.ARRIVAL, ["lms_nurse", "lms_doctor"], [
        section("notified", "Meldt av og når", "", 2, required=True), section("situation", "Situasjon", "", 4, required=True),
        section("plan", "Plan for mottak", "", 3)]),
]  # fmt: skip
