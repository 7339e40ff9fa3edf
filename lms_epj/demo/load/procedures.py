"""Procedures and checklists that the ward's leader wrote and a municipality's leader approved, a proposal that waits, and links to knowledge."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from access.models import AccessAuthorisation
from journal.domain.procedure_steps import read_steps
from journal.models import KnowledgeLink, Procedure
from lms_epj.core.clock import oslo_date
from lms_epj.demo.load.organisation import Organisation


class Written(NamedTuple):
    title: str
    codes: list[str]
    keywords: str
    text: str
    steps: str


IN_FORCE = [
    Written(
        "Fall på posten", ["icpc2:A80"], "falle, hodeskade",
        "Bli hos pasienten og ring på hjelp. Ikke løft før du har sett etter brudd og skade i nakken.\n\n"
        "Den som bruker blodfortynnende og har slått hodet, skal vurderes av lege med en gang, også uten symptomer.",
        "! Sett etter skade, smerte og feilstilling\n! Vitale mål og NEWS2\n! Spurt om slag mot hodet, og om blodfortynnende\nLege varslet\n! Pårørende varslet\n"
        "Årsaken drøftet: medisiner, sko, lys, hjelpemidler\nTiltak ført i planen",
    ),
    Written(
        "Mottak av pasient fra kommunen", [], "ankomst, innkomst",
        "Journalen er åpen for posten fra pasienten er varslet. Les oversikten før bilen kommer, og spør bare om det som ikke står der.",
        "! Identitet kontrollert mot armbånd\n! Kritisk informasjon lest og bekreftet med pasienten\n! Vitale mål og NEWS2\n! Legemidlene samstemt med det pasienten faktisk bruker\n"
        "Verdisaker og klær notert\nHjemmesykepleien har satt besøkene på vent\nPårørende vet hvor pasienten er",
    ),
    Written(
        "Utskriving til hjemmet", [], "hjemreise, utskrivningsklar",
        "Avtal tidspunkt med hjemmesykepleien før pasienten får vite det. Legemidler for to døgn følger med når apoteket er stengt.",
        "! Legemiddellisten er oppdatert for hjemmet\n! Hjemmesykepleien vet når pasienten kommer\n! Epikrise signert\nPårørende varslet\nTransport bestilt\nHjelpemidler på plass hjemme",
    ),
    Written(
        "Trykksår: se, snu, avlaste", ["icd10:L89", "icpc2:S97"], "hæl, sacrum, avlastning",
        "Se huden over bein og under utstyr hver vakt. Rødhet som ikke blekner for trykk, er et trykksår i første kategori.\n\n"
        "Avlast helt. Snu hver annen til fjerde time om natten også, og skriv tiden i planen.",
        "! Huden sett over hæler, hofter, korsbein og bakhode\n! Underlag valgt\n! Snuplan lagt i planen\nErnæring vurdert\nSåret målt og fotografert",
    ),
    Written(
        "Mistanke om blodforgiftning", ["icd10:A41", "icpc2:A78"], "sepsis, infeksjon, feber",
        "NEWS2 på 5 eller mer, eller 3 på ett mål, sammen med tegn til infeksjon: ring lege nå. Vent ikke på prøvesvar.",
        "! Lege varslet med ISBAR\n! Vitale mål hvert 15. minutt\n! Venevei lagt\nBlodkultur tatt før antibiotika\n! Tidspunkt for første antibiotika notert\nDiurese målt hver time",
    ),
]  # fmt: skip
PROPOSED = Written(
    "Dobbeltkontroll av blodfortynnende", ["atc:B01"], "heparin, warfarin, kontroll",
    "To kontrollerer legemiddel, styrke, mengde og pasient hver for seg før dosen gis.", "! Forordning lest av begge\n! Mengde regnet ut av begge\n! Armbånd lest",
)  # fmt: skip
# system, beginning of the code, name, address
LINKS = (
    ("atc", "", "ATC-registeret", "https://atcddd.fhi.no/atc_ddd_index/?code={code}"),
    ("atc", "", "Norsk legemiddelhåndbok", "https://www.legemiddelhandboka.no/"),
    ("icd10", "", "FinnKode: ICD-10", "https://finnkode.helsedirektoratet.no/"),
    ("icpc2", "", "FinnKode: ICPC-2", "https://finnkode.helsedirektoratet.no/"),
    ("icd10", "", "Helsebiblioteket", "https://www.helsebiblioteket.no/"),
)


ARRIVAL = IN_FORCE[1]
_SERIES = UUID("5a0a8f0c-6a51-5c1e-9a44-6d5f3b1c7e20")


def series_of(one: Written) -> UUID:
    """The same in every demo."""
    return uuid5(_SERIES, one.title)


def load_procedures(org: Organisation, now: datetime) -> None:
    """After the leaders are there."""
    writer = org.users["lms.leder"]
    approver = AccessAuthorisation.objects.using(org.using).filter(role__code="unit_leader").exclude(user=writer).order_by("user__username").first()
    for age, one in enumerate(IN_FORCE):
        written = now - timedelta(days=400 - 60 * age)
        approved = {"approved_by_id": approver.user_id, "approved_at": written + timedelta(days=3)} if approver else {}
        _add(org, one, written, review=now + timedelta(days=40 * age - 20), **approved)
    _add(org, PROPOSED, now - timedelta(days=2), review=now + timedelta(days=365))
    for system, prefix, title, address in LINKS:
        org.add(KnowledgeLink, community_id=org.community, system=system, prefix=prefix, title=title, address=address, added_by=writer, added_at=now)


def _add(org: Organisation, one: Written, at: datetime, *, review: datetime, **approved: object) -> None:
    org.add(
        Procedure, series=series_of(one), number=1, community_id=org.community, title=one.title, codes=one.codes, keywords=one.keywords, text=one.text,
        steps=read_steps(one.steps), changed="Første utgave", review_on=oslo_date(review), written_by=org.users["lms.leder"], written_at=at, **approved,
    )  # fmt: skip
