"""The messages one can write: what is asked for, what is carried along, to whom, and where it is filed.

Headings and codes: Volven, as the PLO profiles and the dialogue profiles use them.
"""

from dataclasses import dataclass

from access.domain.codes import Category as C
from lms_epj.core.words import gettext_noop
from messaging.formats.model.values import Code

OID = "2.16.578.1.12.4.1.1."
WARD, HOME, OFFICE, NURSING_HOME = "observation_ward", "home_nursing", "allocation_office", "nursing_home"
NURSES, CASEWORKERS, DOCTOR, HOSPITAL, ANY = "KP02", "KD0501", "doctor", "hospital", "any"


@dataclass(frozen=True)
class Field:
    """A text the sender writes. ``sources``: where in the notes it begins, «document type.section», the first that says something."""

    key: str
    label: str
    heading: Code | None
    section: str
    sources: tuple[str, ...] = ()
    required: bool = False
    rows: int = 3


@dataclass(frozen=True)
class Kind:
    """``categories``: where it is filed, the first that the sender may send in. ``to``: whom it is meant for. ``answers``: types it answers.

    ``choice``: a code the sender chooses, with its label. ``event``: what it tells of (9121). ``units``: the kinds of unit that send it; empty for all.
    """

    slug: str
    type: str
    title: str
    categories: tuple[C, ...]
    to: tuple[str, ...]
    fields: tuple[Field, ...] = ()
    parts: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset()
    choice: str = ""
    options: tuple[Code, ...] = ()
    event: Code | None = None
    kind: Code | None = None
    needs_course: bool = False

    def document_type(self, category: C) -> str:
        return f"sent_{self.slug.replace('-', '_')}" + (f"_{category.name.lower()}" if len(self.categories) > 1 else "")


def _code(number: int, value: str, text: str) -> Code:
    return Code(value, text, f"{OID}{number}")


def _medical(key: str, label: str, value: str, *sources: str, required: bool = False) -> Field:
    return Field(key, label, _code(9142, value, label), "medical", sources, required)


def _nursing(key: str, label: str, value: str, *sources: str, required: bool = False) -> Field:
    return Field(key, label, _code(9141, value, label), "nursing", sources, required)


def _comment(key: str, label: str, value: str, *sources: str, required: bool = False) -> Field:
    return Field(key, label, Code(value, label), "comment", sources, required)


_TEXT = Field("text", gettext_noop("Tekst"), None, "text", (), required=True, rows=7)
_ALL = ("diagnoses", "critical", "medications", "services", "relatives")
_DIALOGUE = (C.NURSING, C.MEDICAL, C.THERAPY, C.CASEWORK, C.LOGISTICS)
_LAST_NURSE = ("nurse_daily.status", "nurse_note.text", "nurse_isbar.situation", "home_visit.observation")
_TO_WARD = (
    "HENVISNING_NYTILSTAND", "HENVISNING", "HENVISNING_VIDERE", "INNLEGGELSESRAPPORT", "LOG_UTSKRIVNINGSKLAR", "HELSEOPPL_SOKNAD", "EPIKRISE",
    "UTSKRIVNINGSRAPPORT", "MEDISINSKE_OPPLYSNINGER", "HELSEOPPLYSNINGER_LEGE", "SVAR_LAB", "SVAR_RTG", "LOG_INNLAGT", "LOG_UTSKREVET", "LOG_AVMELDING",
    "LOG_DOD", "DIALOG_HELSEFAGLIG", "DIALOG_NOTAT", "DIALOG_SVAR", "DIALOG_FORESPORSEL", "ORIENTERING_TJENESTETILBUD",
)  # fmt: skip

KINDS: dict[str, Kind] = {
    one.slug: one
    for one in (
        Kind(
            "foresporsel", "DIALOG_FORESPORSEL", gettext_noop("Forespørsel"), _DIALOGUE, (NURSES, DOCTOR, HOSPITAL, CASEWORKERS), (_TEXT,),
            choice=gettext_noop("Det spørres om"),
            options=(_code(9152, "1", "Helseopplysninger"), _code(9152, "4", "Legemiddelopplysninger"), _code(9152, "8", "Status/plan for utskrivning"),
                     _code(9152, "99", "Annen henvendelse")),
        ),
        Kind(
            "utskrivningsrapport", "UTSKRIVNINGSRAPPORT", gettext_noop("Utskrivningsrapport"), (C.NURSING,), (NURSES,),
            (_medical("problem", gettext_noop("Aktuell problemstilling"), "PROB", "stay.cause", required=True),
             _nursing("course", gettext_noop("Sykepleiesammenfatning"), "8", "nurse_discharge.course", *_LAST_NURSE, required=True),
             _nursing("function", gettext_noop("Status ved utskrivning"), "12", "nurse_discharge.function", "nurse_daily.activity"),
             _medical("follow_up", gettext_noop("Planer for videre oppfølging"), "OP", "nurse_discharge.follow_up", "nurse_daily.plan", required=True),
             _medical("informed", gettext_noop("Informasjon til pasient/pårørende"), "IP", "nurse_discharge.informed")),
            ("diagnoses", "critical", "medications", "relatives"), frozenset({WARD, NURSING_HOME}), kind=_code(9139, "11", "Utskrivningsrapport"), needs_course=True,
        ),
        Kind(
            "epikrise", "EPIKRISE", gettext_noop("Epikrise"), (C.MEDICAL,), (DOCTOR,),
            (_comment("reason", gettext_noop("Aktuell problemstilling"), "PROB", "doctor_discharge.reason", "doctor_admission.reason", "stay.cause", required=True),
             _comment("course", gettext_noop("Forløp og behandling"), "FO", "doctor_discharge.course", "doctor_daily.assessment", required=True),
             _comment("medication", gettext_noop("Endringer i legemidler"), "FU", "doctor_discharge.medication"),
             _comment("follow_up", gettext_noop("Planer for videre oppfølging"), "OP", "doctor_discharge.follow_up", "doctor_daily.plan", required=True)),
            ("diagnoses", "critical", "medications"), frozenset({WARD, NURSING_HOME}), needs_course=True,
        ),
        Kind(
            "innleggelsesrapport", "INNLEGGELSESRAPPORT", gettext_noop("Innleggelsesrapport"), (C.NURSING,), (HOSPITAL,),
            (_medical("reason", gettext_noop("Årsak til innleggelse"), "AAI", "home_visit.observation", "nurse_isbar.situation", required=True),
             _nursing("status", gettext_noop("Innkomststatus"), "1", "home_visit.observation", "nurse_isbar.assessment"),
             _nursing("practical", gettext_noop("Praktiske opplysninger"), "14", "home_visit.help")),
            _ALL, frozenset({HOME, NURSING_HOME}),
        ),
        Kind(
            "helseopplysninger", "HELSEOPPL_SOKNAD", gettext_noop("Helseopplysninger (tidligmelding)"), (C.NURSING,), (CASEWORKERS,),
            (Field("status", gettext_noop("Pasientens status"), _code(9145, "1", "Pasientens status"), "nursing", _LAST_NURSE, required=True),
             Field("course", gettext_noop("Antatt forløp"), _code(9145, "2", "Antatt forløp"), "nursing", ("nurse_daily.plan", "doctor_daily.plan"), required=True)),
            ("diagnoses", "critical", "relatives"), frozenset({WARD}), event=_code(9121, "1", "Pasient innlagt"),
            kind=_code(9140, "1", "Varsel om innlagt pasient"), needs_course=True,
        ),
        Kind(
            "helseopplysninger-lege", "HELSEOPPLYSNINGER_LEGE", gettext_noop("Helseopplysninger til lege"), (C.NURSING, C.THERAPY), (DOCTOR,),
            (_nursing("status", gettext_noop("Sykepleiesammenfatning"), "8", "home_visit.observation", *_LAST_NURSE, required=True),
             _medical("wish", gettext_noop("Aktuell problemstilling"), "PROB", "home_visit.plan")),
            ("diagnoses", "critical", "medications", "relatives"), frozenset({HOME, NURSING_HOME, "therapy"}), choice=gettext_noop("Hva det gjelder"),
            options=(Code("2", "Statusrapport"), Code("3", "Ønske om legevurdering")),
        ),
        Kind("innlagt", "LOG_INNLAGT", gettext_noop("Melding om innlagt pasient"), (C.LOGISTICS,), (NURSES,), units=frozenset({WARD}),
             event=_code(9121, "1", "Pasient innlagt"), needs_course=True),
        Kind("utskrivningsklar", "LOG_UTSKRIVNINGSKLAR", gettext_noop("Melding om utskrivningsklar pasient"), (C.LOGISTICS,), (CASEWORKERS,), units=frozenset({WARD}),
             event=_code(9121, "3", "Pasient utskrivningsklar"), needs_course=True),
        Kind("avmelding", "LOG_AVMELDING", gettext_noop("Avmelding av utskrivningsklar pasient"), (C.LOGISTICS,), (CASEWORKERS,), units=frozenset({WARD}),
             event=_code(9121, "4", "Avmelding av utskrivningsklar pasient"), needs_course=True),
        Kind(
            "utskrevet", "LOG_UTSKREVET", gettext_noop("Melding om utskrevet pasient"), (C.LOGISTICS,), (NURSES,), units=frozenset({WARD}),
            event=_code(9121, "2", "Pasient utskrevet"), needs_course=True, choice=gettext_noop("Utskrevet til"),
            options=(_code(8408, "1", "Bosted/arbeidssted"), _code(8408, "11", "Sykehjem/aldershjem/helsehus"),
                     _code(8408, "3", "Annen helseinstitusjon innen spesialisthelsetjenesten"), _code(8408, "88", "Annet"), _code(8408, "98", "Ukjent")),
        ),
        Kind("dodsfall", "LOG_DOD", gettext_noop("Orientering om dødsfall"), (C.LOGISTICS,), (DOCTOR, NURSES), event=_code(9121, "13", "Pasienten er død")),
        Kind("orientering", "ORIENTERING_TJENESTETILBUD", gettext_noop("Orientering om tjenestetilbud"), (C.CASEWORK,), (DOCTOR,), parts=("services",),
             units=frozenset({OFFICE})),
        Kind(
            "svar", "DIALOG_SVAR", gettext_noop("Svar på forespørsel"), _DIALOGUE, (ANY,), (_TEXT,), answers=frozenset({"DIALOG_FORESPORSEL"}), choice=gettext_noop("Svaret"),
            options=(_code(9069, "5", "Svar på forespørsel"), _code(9069, "1", "De etterspurte opplysningene er inkludert i meldingen"),
                     _code(9069, "3", "Har ikke ønskede opplysninger"), _code(9069, "4", "Kan ikke besvares. Krever pasientens samtykke"),
                     _code(9069, "2", "Forespørselen avvist uten begrunnelse")),
        ),
        Kind(
            "avvik", "DIALOG_AVVIK", gettext_noop("Feil i mottatt melding"), (C.LOGISTICS,), (ANY,), (_TEXT,), answers=frozenset(_TO_WARD), choice=gettext_noop("Hva er feil"),
            options=(_code(8117, "1", "Feil adressat"), _code(8117, "2", "Mangelfulle opplysninger"), _code(8117, "9", "Annet")),
        ),
        Kind(
            "dialog", "DIALOG_HELSEFAGLIG", gettext_noop("Helsefaglig dialog"), _DIALOGUE, (ANY,), (_TEXT,), choice=gettext_noop("Tema"),
            options=(_code(7322, "6", "Henvendelse om pasient"), _code(7322, "7", "Tilbakemelding på mottak av utskrivningsklar pasient"),
                     _code(7322, "8", "Forespørsel om helseopplysninger"), _code(7322, "9", "Forespørsel om legemiddelopplysninger")),
        ),
    )
}  # fmt: skip
FALLBACK = KINDS["dialog"]


def document_types() -> list[tuple[str, str, C]]:
    """(code, name, category) of each place a sent message is filed in."""
    return [(kind.document_type(category), f"{kind.title}, sendt", category) for kind in KINDS.values() for category in kind.categories]
