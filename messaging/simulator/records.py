"""What stands in the partners' own records about whoever is asked for: one believable old man with heart failure."""

from datetime import UTC, datetime, timedelta

from messaging.formats.model.facts import (
    Contact,
    Critical,
    Diagnosis,
    Event,
    FunctionLevel,
    Medication,
    Relative,
    Service,
    TextPart,
)
from messaging.formats.model.message import Content
from messaging.formats.model.parties import Identifier, Organisation, Person, Professional, Telecom
from messaging.formats.model.values import Code, Moment, Quantity
from messaging.simulator.addresses import HER, OID

ENQUIRY_TEXT = "Hvem følger opp vekt og diuretika etter utskrivning? Vi ønsker en telefon før helgen."
ANSWER_TEXT = "Opplysningene dere ba om er sendt i innleggelsesrapport. Ring vakttelefonen ved spørsmål."
UNKNOWN_TEXT = "Vi har ingen opplysninger om pasienten."
_HPR = Code("HPR", "HPR-nummer", f"{OID}8116")
_NURSE, _DOCTOR = Code("SP", "Sykepleier"), Code("LE", "Lege")
_PHONE = Code("HP", "Hovedtelefon")


def _professional(given: str, family: str, kind: Code, hpr: str, role: Code | None = None, phone: str = "") -> Professional:
    reach = (Telecom(f"tel:{phone}", _PHONE),) if phone else ()
    return Professional(Person(family=family, given=given, identifiers=(Identifier(hpr, _HPR),), telecoms=reach), kind, role)


def _day(now: datetime, days: int) -> Moment:
    return Moment((now + timedelta(days=days)).date().isoformat())


def _at(now: datetime, hours: float) -> Moment:
    return Moment((now + timedelta(hours=hours)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _icpc(value: str, text: str) -> Code:
    return Code(value, text, f"{OID}7170")


def _atc(value: str, text: str) -> Code:
    return Code(value, text, f"{OID}7180")


def _drug(name: str, atc: str, generic: str, strength: str, unit: str, dose: str, purpose: str) -> Medication:
    return Medication(
        name=name, atc=_atc(atc, generic), generic=generic, form=Code("53", "Tablett"), strength=Quantity(strength, unit), dose=dose, purpose=purpose,
        use=Code("1", "Fast"),
    )  # fmt: skip


REGULAR = (
    _drug("Furix", "C03CA01", "furosemid", "40", "mg", "1 tablett kl. 08 og ½ tablett kl. 14", "Mot væskeansamling"),
    _drug("Ramipril", "C09AA05", "ramipril", "5", "mg", "1 tablett kl. 08", "For hjertet"),
    _drug("Eliquis", "B01AF02", "apiksaban", "2.5", "mg", "1 tablett kl. 08 og 20", "Blodfortynnende"),
)
PROBLEMS = (
    Diagnosis(_icpc("K77", "Hjertesvikt"), "Kronisk hjertesvikt, NYHA III", main=True),
    Diagnosis(_icpc("K78", "Atrieflimmer/flutter"), "Permanent atrieflimmer"),
)
WARNINGS = (
    Critical("cave", "Trimetoprim-sulfa: utslett og feber 2016"),
    Critical("allergy", "Sulfonamider", severity=None),
)
_LEVELS = (
    ("7", "Vaske seg", "3"),
    ("8", "Kle på og av seg", "3"),
    ("5", "Bevege seg innendørs", "2"),
    ("15", "Hukommelse", "2"),
    ("9", "Lage mat", "4"),
)
FUNCTIONS = tuple(FunctionLevel(Code(value, text, f"{OID}9111"), score) for value, text, score in _LEVELS)
DAUGHTER = Relative(
    Person(family="Brekke", given="Ingunn", telecoms=(Telecom("tel:47900318", _PHONE),)), Code("DA", "Datter"), note="Nærmeste pårørende, har nøkkel"
)
NURSE = _professional("Marte", "Holt", _NURSE, "9144910", Code("9", "Primærkontakt", f"{OID}9034"), "64920041")
HOME_OFFICE = Organisation(
    name="Hjemmesykepleien Flateby, sone 2", identifiers=(Identifier("8100101", HER),), telecoms=(Telecom("tel:64920040", _PHONE),)
)


def admission(now: datetime, reason: str = "") -> Content:
    """Of an innleggelsesrapport, but for its status."""
    wanted = (
        TextPart(reason or "Økende tung pust de siste tre dagene. Vekt opp 3,4 kg på en uke, hovne legger. Sov sittende i natt.", Code("AAI", "Årsak til innleggelse", f"{OID}9142"), "medical"),
        TextPart("Hjertesvikt kjent siden 2017. Innlagt sist i mars, da vekt 78 kg ved utskrivning.", Code("FO", "Forløp og behandling", f"{OID}9142"), "medical"),
        TextPart("Våken og klar. RF 26, SpO2 90 % uten oksygen, puls 104 uregelmessig, blodtrykk 138/76. Spist lite siden i går.", Code("1", "Innkomststatus", f"{OID}9141"), "nursing"),
        TextPart("Bor alene i 2. etasje uten heis. Går med rullator inne. Høreapparat begge sider, briller ligger i vesken.", Code("14", "Praktiske opplysninger", f"{OID}9141"), "nursing"),
        TextPart("Ønsker å være hjemme så lenge det går. Har ikke ønsket sykehjem.", Code("13", "Pasientens egne vurderinger", f"{OID}9141"), "nursing"),
    )  # fmt: skip
    given = Medication(name="Furix", dose="40 mg", start=_at(now, -7), amount=Quantity("1", "tablett"), given=True)
    home_nursing = Service(Code("15", "Helsetjenester i hjemmet", f"{OID}9151"), "Hjemmesykepleie", False, "Hjemmesykepleien Flateby, sone 2",
                           "Tre besøk daglig: morgenstell, medisiner, kveldsstell", start=_day(now, -420))  # fmt: skip
    alarm = Service(Code("6", "Trygghetsalarm", f"{OID}9151"), "Trygghetsalarm", False, "Enebakk kommune", start=_day(now, -700))
    responsible = Contact("responsible", professional=NURSE, approved=_day(now, 0))
    return Content(
        texts=wanted, diagnoses=PROBLEMS, critical=WARNINGS, medications=(*REGULAR, given), functions=FUNCTIONS, services=(home_nursing, alarm),
        relatives=(DAUGHTER,), contacts=(Contact("unit", organisation=HOME_OFFICE), responsible),
    )  # fmt: skip


def early(now: datetime) -> Content:
    """Of helseopplysninger at admission to hospital."""
    return Content(
        kind=Code("1", "Varsel om innlagt pasient", f"{OID}9140"),
        events=(Event(Code("1", "Pasient innlagt", f"{OID}9121"), _at(now, -5), estimate=True), Event(Code("2", "Pasient utskrevet", f"{OID}9121"), _day(now, 4), estimate=False)),
        diagnoses=PROBLEMS[:1], critical=WARNINGS[:1], functions=FUNCTIONS,
        texts=(TextPart("Oppegående med hjelp av én. Oksygen 2 liter.", Code("1", "Pasientens status", f"{OID}9145"), "nursing"),
               TextPart("Antatt klar om fire dager. Vil trenge økt tilsyn og vektkontroll.", Code("2", "Antatt forløp", f"{OID}9145"), "nursing")),
        services=(Service(Code("15", "Helsetjenester i hjemmet", f"{OID}9151"), "Hjemmesykepleie", information="Daglig vekt i to uker", wanted=True),),
        contacts=(discharging_doctor(now),),
    )  # fmt: skip


def discharge(now: datetime) -> Content:
    """Of an epikrise after a hospital stay."""
    return Content(
        report_status=Code("F", "Endelig rapport"), start=_at(now, -96), stop=_at(now, -1),
        diagnoses=(Diagnosis(Code("I50.9", "Hjertesvikt, uspesifisert", f"{OID}7110"), main=True),),
        critical=(Critical("cave", "Trimetoprim-sulfa: utslett og feber 2016"),),
        medications=tuple(Medication(name=one.name, atc=one.atc, dose=one.dose, status=Code("1", "Fast")) for one in REGULAR),
        texts=(TextPart("Forverring av kjent hjertesvikt, utløst av luftveisinfeksjon.", Code("PROB", "Aktuell problemstilling"), "comment"),
               TextPart("Diuretika intravenøst i to døgn, deretter tabletter. Vekt ned 3,1 kg.", Code("FO", "Forløp og behandling"), "comment"),
               TextPart("Vekt daglig. Kreatinin og kalium hos fastlege om en uke.", Code("OP", "Planer for videre oppfølging"), "comment")),
    )  # fmt: skip


def discharging_doctor(now: datetime) -> Contact:
    doctor = _professional("Sindre", "Lauvås", _DOCTOR, "9144911", Code("10", "Utskrivende lege", f"{OID}9034"), "67960012")
    return Contact("responsible", professional=doctor, approved=_day(now, 0))


def dialogue_contacts() -> tuple[Contact, ...]:
    """The writer with a telephone, and whom at the receiver it is for: an opening enquiry needs both."""
    reader = Professional(Person(), _NURSE, None)
    return (
        Contact("role", professional=NURSE, role=NURSE.role),
        Contact("role", professional=reader, role=Code("24", "Kontakt hos mottaker", f"{OID}9034")),
    )
