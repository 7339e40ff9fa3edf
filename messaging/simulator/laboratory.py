"""Svarrapport 1.3 and 1.4, which we only read ourselves: a handful of blood results."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code, Quantity
from messaging.formats.writing.build import Elem, Maker, serialise
from messaging.formats.writing.parties import OlderPartyMaker
from messaging.simulator.addresses import OID

VERSIONS = {
    "1.3": ("http://www.kith.no/xmlstds/labsvar/2008-12-01", "v1.3 2008-12-01"),
    "1.4": ("http://www.kith.no/xmlstds/labsvar/2012-02-15", "v1.4 2012-02-15"),
}
STATES = {"N": Code("N", "Ny"), "M": Code("M", "Endring"), "C": Code("C", "Kansellering"), "A": Code("A", "Tillegg")}
_DEVIATIONS = {"1": Code("1", "Over øvre referansegrense"), "2": Code("2", "Under nedre referansegrense")}
_COMPARED = {"<": Code("LT", "Mindre"), ">": Code("GT", "Større")}


@dataclass(frozen=True)
class Finding:
    """One result. ``value`` «4.9», «<5» or words; ``number`` its NLK code; ``status`` of its own (N, M, C) where it has one; ``drift`` a day's change."""

    number: str
    name: str
    value: str
    unit: str = ""
    reference: str = ""
    deviation: str = ""
    status: str = ""
    drift: float = 0.0

    def some_days_ago(self, days: int) -> "Finding":
        """As it was before: the demo's results change from day to day."""
        if not days or not self.drift:
            return self
        places = len(self.value.partition(".")[2])
        return Finding(self.number, self.name, f"{float(self.value) - self.drift * days:.{places}f}", self.unit, self.reference, self.deviation)


FINDINGS = (
    Finding("NPU19748", "P-CRP", "41", "mg/L", "< 5", "1", drift=-18),
    Finding("NPU18016", "P-Kreatinin", "128", "µmol/L", "60 - 105", "1", drift=6),
    Finding("NPU03230", "P-Kalium", "4.9", "mmol/L", "3,6 - 4,6", "1", drift=0.2),
    Finding("NPU03429", "P-Natrium", "134", "mmol/L", "137 - 145", "2", drift=1),
    Finding("NPU28309", "B-Hemoglobin", "11.8", "g/dL", "13,4 - 17,0", "2", drift=0.1),
    Finding("NPU27501", "P-Troponin T", "<5", "ng/L", "< 14"),
    Finding("", "U-Dyrkning", "Ingen vekst av patogene mikrober."),
)


def laboratory_report(
    sender: Party, receiver: Party, patient: Person, now: datetime, *, version: str = "1.4", status: str = "N", document: str = "", msg_id: str = "",
    taken: datetime | None = None, findings: Iterable[Finding] = FINDINGS,
) -> bytes:  # fmt: skip
    """``document`` stays the same through a report's versions (ServProvId)."""
    namespace, written_as = VERSIONS[version]
    m = Maker(namespace)
    parties = OlderPartyMaker(m, additional_last=version == "1.4")
    at, sampled = (moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, taken or now - timedelta(hours=2)))
    when = {"attributes": {"V": at}}
    report = m(
        "ServReport",
        m.code("ServType", STATES[status]),
        m("IssueDate", **when),
        m.code("Status", Code("F", "Endelig rapport")),
        m.code("MsgDescr", Code("CLIN", "Medisinsk biokjemi")),
        m("ServProvId", document or str(uuid4())),
        m("ServReq", m("MsgDescr"), m("Id", str(uuid4()))),
        _patient(m, patient, sampled, findings),
        parties.party("ServProvider", sender),
        parties.party("Requester", receiver),
    )
    head = (
        m.code("Type", Code("SVAR_LAB", "Svar på laboratorieundersøkelse")),
        m("MIGversion", written_as),
        m("GenDate", **when),
        m("MsgId", msg_id or str(uuid4())),
    )
    return serialise(m("Message", *head, report))


def _patient(m: Maker, person: Person, taken: str, findings: Iterable[Finding]) -> Elem:
    number = person.identifiers[0]
    sample = m(
        "AnalysedSubject",
        m("CollectedSample", m("CollectedDate", attributes={"V": taken})),
        m.code("TypeCoded", Code("P", "Plasma"), system=True),
        m("IdByServProvider", "1"),
    )
    facts = (m.code("Sex", person.sex), m.moment("DateOfBirth", person.born), m("Name", f"{person.family}, {person.given}"))
    return m("Patient", facts, m("OffId", number.value), m.code("TypeOffId", number.kind), sample, [_result(m, one) for one in findings])


def _result(m: Maker, one: Finding) -> Elem:
    kind = Code(one.number, one.name, f"{OID}{7280 if one.number else 8212}")
    return m(
        "ResultItem",
        _answer(m, one),
        m.code("ServType", STATES[one.status]) if one.status else None,
        m("RefInterval", m("Descr", one.reference)) if one.reference else None,
        m("Investigation", m.code("Id", kind, system=True)),
        m.code("DevResultInd", _DEVIATIONS[one.deviation]) if one.deviation else None,
        m.code("StatusInvestigation", Code("3", "Endelig")),
    )


def _answer(m: Maker, one: Finding) -> Elem | None:
    compared = _COMPARED.get(one.value[:1])
    number = one.value[1:] if compared else one.value
    if number.replace(".", "", 1).isdigit():
        return m("NumResult", m.code("ArithmeticComp", compared), m.quantity("NumResultValue", Quantity(number, one.unit)))
    return m("TextResult", m("TextResultValue", one.value)) if one.value else None
