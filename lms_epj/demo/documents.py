"""The document types the demo writes, with the sections of their templates (R9)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    key: str
    heading: str
    required: bool = True


@dataclass(frozen=True)
class Document:
    """``category`` is the info category's number, ``roles`` the role codes that may write it."""

    code: str
    name: str
    category: int
    mark: str
    roles: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(s.key for s in self.sections if s.required)


def _sections(*pairs: str) -> tuple[Section, ...]:
    """``key:Heading``, with ``?`` after the key where the section is not mandatory."""
    split = (pair.partition(":") for pair in pairs)
    return tuple(Section(key.rstrip("?"), heading, not key.endswith("?")) for key, _, heading in split)


DOCUMENTS: dict[str, Document] = {
    doc.code: doc
    for doc in (
        Document(
            "arrival_note", "Ankomstnotat", 12, "S", ("lms_nurse",),
            _sections("arrival:Ankomst", "condition:Tilstand ved ankomst", "informed:Informasjon og pårørende"),
        ),
        Document(
            "nurse_isbar", "Sykepleienotat, ISBAR", 7, "S", ("lms_nurse",),
            _sections("identification:Identifikasjon", "situation:Situasjon", "background:Bakgrunn",
                      "assessment:Aktuell vurdering", "advice:Råd"),
        ),
        Document(
            "nurse_daily", "Sykepleienotat", 7, "S", ("lms_nurse",),
            _sections("status:Tilstand", "nutrition:Ernæring og utskillelse", "activity:Aktivitet og hvile",
                      "contact?:Samtale og pårørende", "plan:Videre"),
        ),
        Document(
            "doctor_admission", "Innkomstnotat", 8, "L", ("lms_doctor",),
            _sections("reason:Innleggelsesårsak", "history?:Tidligere sykdommer", "current:Aktuelt",
                      "medication:Legemidler", "findings:Funn", "assessment:Vurdering", "plan:Tiltak"),
        ),
        Document(
            "doctor_daily", "Visitt", 8, "L", ("lms_doctor",),
            _sections("subjective:Pasientens situasjon", "findings:Funn og prøver", "assessment:Vurdering",
                      "plan:Tiltak"),
        ),
        Document(
            "nurse_discharge", "Sykepleiesammenfatning ved utskriving", 7, "S", ("lms_nurse",),
            _sections("course:Oppholdet", "function:Funksjon ved utskriving", "follow_up:Videre oppfølging",
                      "informed:Informasjon gitt"),
        ),
        Document(
            "physio_note", "Fysioterapinotat", 9, "F", ("physiotherapist",),
            _sections("findings:Undersøkelse", "treatment:Behandling", "plan:Mål og plan"),
        ),
        Document(
            "ot_note", "Ergoterapinotat", 9, "E", ("occupational_therapist",),
            _sections("findings:Kartlegging", "measures:Tiltak og hjelpemidler", "plan:Plan"),
        ),
        Document(
            "home_visit", "Hjemmebesøk", 7, "H", ("home_nurse", "health_worker"),
            _sections("observation:Observasjon", "help:Hjelp gitt", "plan?:Videre"),
        ),
        Document(
            "service_assessment", "Vurdering av tjenestebehov", 11, "X", ("case_officer",),
            _sections("background:Bakgrunn", "function:Funksjon i hverdagen", "own_view:Pasientens ønske",
                      "assessment:Vurdering", "decision:Konklusjon"),
        ),
    )
}  # fmt: skip
