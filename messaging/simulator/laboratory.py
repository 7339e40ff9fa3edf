"""Svarrapport 1.4, which we only read ourselves: a handful of blood results."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code, Quantity
from messaging.formats.writing.build import Elem, Maker, serialise
from messaging.formats.writing.parties import OlderPartyMaker
from messaging.simulator.addresses import OID

NAMESPACE = "http://www.kith.no/xmlstds/labsvar/2012-02-15"
# NLK code, name, value, unit, reference, deviation
RESULTS = (
    ("NPU19748", "P-CRP", "41", "mg/L", "< 5", "1"),
    ("NPU18016", "P-Kreatinin", "128", "µmol/L", "60 - 105", "1"),
    ("NPU03230", "P-Kalium", "4.9", "mmol/L", "3,6 - 4,6", "1"),
    ("NPU03429", "P-Natrium", "134", "mmol/L", "137 - 145", "2"),
    ("NPU28309", "B-Hemoglobin", "11.8", "g/dL", "13,4 - 17,0", "2"),
)
_DEVIATIONS = {"1": Code("1", "Over øvre referansegrense"), "2": Code("2", "Under nedre referansegrense")}


def laboratory_report(sender: Party, receiver: Party, patient: Person, now: datetime) -> bytes:
    m = Maker(NAMESPACE)
    parties = OlderPartyMaker(m, additional_last=True)
    at, taken = (moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, now - timedelta(hours=2)))
    when = {"attributes": {"V": at}}
    report = m(
        "ServReport",
        m.code("ServType", Code("N", "Ny")),
        m("IssueDate", **when),
        m.code("Status", Code("F", "Endelig rapport")),
        m.code("MsgDescr", Code("MBIO", "Medisinsk biokjemi")),
        m("ServProvId", str(uuid4())),
        m("ServReq", m("MsgDescr"), m("Id", str(uuid4()))),
        _patient(m, patient, taken),
        parties.party("ServProvider", sender),
        parties.party("Requester", receiver),
    )
    head = (
        m.code("Type", Code("SVAR_LAB", "Svar på laboratorieundersøkelse")),
        m("MIGversion", "v1.4 2012-02-15"),
        m("GenDate", **when),
        m("MsgId", str(uuid4())),
    )
    return serialise(m("Message", *head, report))


def _patient(m: Maker, person: Person, taken: str) -> Elem:
    number = person.identifiers[0]
    sample = m(
        "AnalysedSubject",
        m("CollectedSample", m("CollectedDate", attributes={"V": taken})),
        m.code("TypeCoded", Code("P", "Plasma"), system=True),
        m("IdByServProvider", "1"),
    )
    facts = (m.code("Sex", person.sex), m.moment("DateOfBirth", person.born), m("Name", f"{person.family}, {person.given}"))
    return m("Patient", facts, m("OffId", number.value), m.code("TypeOffId", number.kind), sample, [_result(m, *row) for row in RESULTS])


def _result(m: Maker, number: str, name: str, value: str, unit: str, reference: str, deviation: str) -> Elem:
    return m(
        "ResultItem",
        m("NumResult", m.quantity("NumResultValue", Quantity(value, unit))),
        m("RefInterval", m("Descr", reference)),
        m("Investigation", m.code("Id", Code(number, name, f"{OID}7280"), system=True)),
        m.code("DevResultInd", _DEVIATIONS[deviation]),
        m.code("StatusInvestigation", Code("3", "Endelig")),
    )
