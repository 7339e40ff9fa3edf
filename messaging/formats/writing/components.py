"""The parts that care messages 1.6 are put together from, each made of the facts it carries."""

from collections.abc import Iterable, Iterator
from itertools import count

from messaging.formats.model.facts import (
    Appointment,
    Contact,
    Critical,
    Diagnosis,
    Event,
    FunctionLevel,
    Medication,
    Question,
    Relative,
    Service,
    TextPart,
)
from messaging.formats.writing.build import Child, Elem, Maker
from messaging.formats.writing.parties import FK, PartyMaker

COMPONENTS = "http://www.kith.no/xmlstds/po/poKomponent/2012-04-01"
_META = "http://www.kith.no/xmlstds/epj/meta/2008-02-20"
po, fk = Maker(COMPONENTS), Maker(FK)
_EPJ = "http://www.kith.no/xmlstds/epj/epj{}/2008-02-20"
_cave, _note, _drug = (Maker(_EPJ.format(number), {None: _EPJ.format(number), "m": _META}) for number in (1, 2, 3))
people = PartyMaker(fk)


class Parts:
    """Makes parts for one message: its components are numbered as they are made."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)

    def _component(self, m: Maker, name: str, kind: str, oid: str, *content: Child) -> Elem:
        made = m(name, *content, attributes={"komponentID": f"k{next(self._numbers)}"})
        made.set(f"{{{_META}}}basiskomponenttype", kind)
        made.set(f"{{{_META}}}komponenttype", f"2.16.578.1.12.4.1.6.{oid}")
        return made

    def notes(self, texts: Iterable[TextPart]) -> Elem | None:
        made = [journal_text(one) for one in texts]
        return self._component(_note, "GenereltJournalnotat", "EPJ dokument", "13.11009.0", made) if made else None

    def cave(self, warnings: Iterable[Critical]) -> Elem | None:
        words = [
            _cave("StikkordCave", _cave("CaveStikkord", one.text), [journal_text(n) for n in one.notes[:1]]) for one in warnings if one.kind == "cave"
        ]
        if not words:
            return None
        return self._component(_cave, "Cave", "EPJ sak", "14.50001.0", self._component(_cave, "SakshodeCave", "EPJ dokument", "13.10028.0", words))

    def allergies(self, warnings: Iterable[Critical]) -> list[Elem]:
        return [self._allergy(one) for one in warnings if one.kind == "allergy"]

    def _allergy(self, one: Critical) -> Elem:
        what = _cave(
            "Allergi",
            _cave("AllergiskMot", one.text),
            _cave.code("VirkestoffLegemiddel", one.substance, system=True),
            _cave.code("AnafylaktiskeReaksjoner", one.severity),
        )
        return self._component(_cave, "Allerginotat", "EPJ dokument", "13.11036.1", [journal_text(n) for n in one.notes], what)

    def prescription(self, one: Medication) -> Elem:
        inner = _drug(
            "ForenkletForskrivning",
            _drug.code("StatusTilForskrivningen", one.status),
            _drug.code("InngaarIMultidose", one.multidose),
            _drug.text("ReseptId", one.prescription),
            _drug.text("Merknad", one.note),
            _drug("Forskriver", people.professional(one.by)) if one.by else None,
            _drug_info(one, dated=True),
        )
        return self._component(_drug, "Legemiddelinfo", "EPJ dokument", "13.10301.0", inner)

    def given(self, doses: Iterable[Medication]) -> Elem | None:
        made = [_dose(one) for one in doses]
        if not made:
            return None
        return self._component(_drug, "LegemidlerAdministrertVedOverforing", "EPJ dokument", "13.10302.0", made)


def journal_text(one: TextPart) -> Elem:
    return _note(
        "Journaltekst",
        _note.code("Overskriftskode", one.heading, system=True),
        _note("Notat", one.text),
        _note.text("Merknad", one.note),
    )


def _drug_info(one: Medication, *, dated: bool) -> Elem:
    return _drug(
        "Forskrivningsinfo",
        _drug.text("BruksomradeTekst", one.purpose),
        _drug.text("DosVeiledEnkel", one.dose),
        _drug.text("Nr", one.number),
        _drug("Navn", one.name),
        _drug.text("GeneriskNavn", one.generic),
        _drug.code("Atc", one.atc),
        _drug.code("Legemiddelform", one.form),
        _drug.quantity("Styrke", one.strength),
        _drug.code("Bruk", one.use),
        _drug.moment("DoseringStarttidspunkt", one.start) if dated else None,
        _drug.moment("DoseringSluttidspunkt", one.stop) if dated else None,
    )


def _dose(one: Medication) -> Elem:
    return _drug(
        "AdmAvHelsepersonell",
        _drug.quantity("AdmEnkeltdose", one.amount),
        _drug.moment("AdmStart", one.start, always=True),
        _drug.moment("AdmSlutt", one.stop),
        _drug("AdministrertAv", people.professional(one.by)) if one.by else None,
        _drug.code("AdmStatus", one.status),
        _drug("AdministrertLegemiddel", _drug("Kvantum", one.note)) if one.note else None,
        _drug_info(one, dated=False),
    )


def diagnosis(one: Diagnosis) -> Elem:
    return po(
        "MedisinskDiagnose",
        po.truth("Hoveddiagnose", one.main),
        po.code("Diagnosekode", one.code, system=True),
        po.text("DiagnoseBeskrivelse", one.text),
    )


def former_illness(one: Diagnosis) -> Elem:
    fragment = po(
        "TidligereSykdomFragment",
        po.truth("FunksjonshemmingKroniskSykdom", False),
        po("TidligereSykdom", one.text),
        po.code("Diagnosekode", one.code, system=True),
    )
    return po("InfoTidligereSykdommer", fragment)


def event(one: Event) -> Elem:
    return po(
        "TidsfestetHendelse",
        po.code("Hendelsekode", one.code, system=True),
        po.text("BeskrivelseAvHendelse", one.description),
        po.moment("TidspunktForHendelse", one.time, always=True),
        po.truth("Anslag", bool(one.estimate)),
        po.text("Merknad", one.note),
        po("StedForHendelse", po("StedHendelse", one.place)) if one.place else None,
    )


def service(one: Service) -> Elem:
    return po(
        "EksisterendeTjeneste",
        po.code("IPLOStjenestetype", one.kind, system=True),
        po.text("BetegnelseTjeneste", one.name),
        po.truth("PrivatTjeneste", bool(one.private)),
        po.text("TjenestenLevertAv", one.provider),
        po.text("OpplysningerOmTjenesten", one.information),
        po.text("AntallEnheter", one.amount),
        po.text("Enhet", one.unit),
        po.written("Startdato", one.start),
        po.written("Sluttdato", one.stop),
        po.text("Merknad", one.note),
    )


def need(one: Service) -> Elem:
    return po(
        "TjenesteBehov",
        po.code("IPLOStjenestetype", one.kind, system=True),
        po.text("BetegnelseTjeneste", one.name),
        po.text("VedInstitusjon", one.provider),
        po.text("BeskrivelseAvTjeneste", one.information),
        po.text("AntallEnheterOnsket", one.amount),
        po.text("Enhet", one.unit),
    )


def function_level(one: FunctionLevel) -> Elem:
    return po(
        "KartlagtFunksjon",
        po.code("Funksjonsvariabel", one.variable, system=True),
        po.text("Vurdering", one.score),
        po.text("Merknad", one.note),
    )


def relative(one: Relative) -> Elem:
    return po(
        "ParorendeForesatt",
        po.code("Slektskap", one.relation),
        po.code("Omsorgsfunksjon", one.role),
        po.text("FodselsarMindrearigParorende", one.birth_year),
        po("Referanseperson", people.person(one.person)),
        po.text("Merknad", one.note),
    )


def contact(one: Contact) -> Elem | None:
    """A unit, a contact or the one responsible; other functions belong to other messages."""
    if one.function == "unit" and one.organisation:
        return po("TilknyttetEnhet", po("Kontaktenhet", people.organisation(one.organisation)), po.text("Merknad", one.note))
    if one.function == "contact" and one.professional:
        who = po("Kontaktperson", people.professional(one.professional))
        return po("KontaktpersonHelsepersonell", who, po.text("Merknad", one.note))
    if one.function == "responsible" and one.professional:
        who = po("AnsvarligRapport", people.professional(one.professional))
        approved, relation = po.written("GodkjentDato", one.approved), po.code("TypeRelasjon", one.role, system=True)
        return po("AnsvarForRapport", who, approved, relation, po.text("Merknad", one.note))
    return None


def question(one: Question) -> Elem:
    return po(
        "Foresporsel",
        po.code("TypeForesp", one.kind, system=True, always=True),
        po.code("Formål", one.purpose, system=True),
        po.code("Hastegrad", one.urgency),
        [po.code("TypeJournalinfo", item, system=True) for item in one.items[:1]],
        po.text("Sporsmal", one.text),
        po.text("Begrunnelse", one.reason),
        po.written("FraDato", one.since),
        po.written("TilDato", one.until),
        po.text("RefDokIdForesp", one.document_id),
    )


def appointment(one: Appointment) -> Elem:
    told = None
    if one.patient_told is not None or one.relatives_told is not None:
        patient = po.truth("PasientInformert", bool(one.patient_told))
        told = po("InformertOm", patient, po.truth("ParorendeInformert", bool(one.relatives_told)))
    if one.patient_books is not None:
        inner = po("KontrolltimeBestill", po.truth("PasientParorendeBestiller", one.patient_books), told)
    elif one.booked is not None:
        inner = po(
            "InformasjonOmTime",
            po.truth("BestiltKontrolltime", one.booked),
            po.text("TidspunktTime", one.time),
            po.text("Varighet", one.minutes),
            po.text("StedTime", one.place),
            told,
        )
    else:
        place, note = po.text("StedTime", one.place), po.text("Merknad", one.note)
        inner = po("InformasjonOmTentativTime", po.text("TentativtTidspunktTime", one.time), place, note, told)
    return po("InfoKontrolltime", inner)
