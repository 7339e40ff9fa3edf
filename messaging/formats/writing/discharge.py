"""Epikrise 1.2."""

from messaging.formats.model.facts import Critical, Diagnosis, Medication, TextPart
from messaging.formats.model.message import Content, Message
from messaging.formats.model.parties import Person
from messaging.formats.model.values import Code, Moment
from messaging.formats.writing.build import Child, Elem, Maker
from messaging.formats.writing.head import enclosed
from messaging.formats.writing.parties import OlderPartyMaker

_VERSION = "v1.2 2012-02-15"
_NEW, _FINAL = Code("N", "Ny"), Code("F", "Endelig rapport")
_MAIN, _SIDE = Code("H", "Hoveddiagnose"), Code("B", "Bidiagnose")
_MEDICINE = Code("MEDB", "Legemiddelopplysning")
_REGULAR = Code("1", "Fast")
_WARNINGS = {
    "cave": Code("CAVE", "Cave-opplysninger"),
    "allergy": Code("CAVE", "Cave-opplysninger"),
    "infection": Code("SM", "Smitte"),
    "precaution": Code("NB", "Spesielle hensyn av betydning for behandlingen"),
}


def discharge_summary(message: Message) -> Elem:
    return _Discharge(Maker(message.standard.namespace)).message(message)


class _Discharge:
    def __init__(self, maker: Maker) -> None:
        self.m = maker
        self.parties = OlderPartyMaker(maker, additional_last=True)

    def message(self, message: Message) -> Elem:
        m, head = self.m, message.header
        return m(
            "Message",
            m.code("Type", head.type),
            m("MIGversion", _VERSION),
            m.moment("GenDate", head.generated),
            m("MsgId", head.message_id),
            m.code("Status", head.processing),
            self._report(message),
        )

    def _report(self, message: Message) -> Elem:
        m, head, told = self.m, message.header, message.content
        copies = [self.parties.party("CopyDest", one) for one in head.copies]
        related = [(one.role, one.organisation) for one in told.contacts if one.function == "relation" and one.organisation]
        return m(
            "ServRprt",
            m.code("ServType", told.status or _NEW),
            m.moment("IssueDate", told.issued or head.generated),
            m.code("Status", told.report_status or _FINAL),
            m.code("Priority", head.priority),
            m("MsgDescr", told.discipline.text if told.discipline else "Epikrise"),
            m.text("ServProvId", told.document_id),
            [self._referral(one, told.issued or head.generated) for one in told.refers_to],
            self._event(told),
            self._patient(head.patient or Person()),
            self.parties.party("ServProvider", head.sender),
            copies,
            self.parties.party("Requester", head.receiver),
            [m("RelServProvider", m.code("Relation", role, always=True), self.parties.hcp(who)) for role, who in related],
            [enclosed(m, one) for one in message.attachments],
        )

    def _referral(self, number: str, issued: Moment | None) -> Elem:
        m = self.m
        reason = m("Diagnosis", m("Concept"))
        return m("ServReq", m.code("ServType", _NEW), m.moment("IssueDate", issued), m("MsgDescr"), m("Id", number), reason)

    def _patient(self, person: Person) -> Elem:
        m = self.m
        first = person.identifiers[0] if person.identifiers else None
        shown = person.name or ", ".join(filter(None, (person.family, f"{person.given} {person.middle}".strip())))
        return m(
            "Patient",
            m.code("Sex", person.sex),
            m.moment("DateOfBirth", person.born),
            m.moment("DateOfDeath", person.died),
            m.text("Name", shown),
            m.text("OffId", first.value if first else ""),
            m.code("TypeOffId", first.kind if first else None),
            [m("AdditionalId", m("Id", one.value), m.code("Type", one.kind)) for one in person.identifiers[1:]],
        )

    def _event(self, told: Content) -> Elem:
        m = self.m
        return m(
            "Event",
            m("ReportedEvent", m.moment("StartDateTime", told.start, always=True), m.moment("EndDateTime", told.stop)),
            m.code("ServType", _NEW),
            m("Service"),
            [self._diagnosis(one) for one in told.diagnoses],
            [self._warning(one) for one in told.critical],
            [self._medication(one) for one in told.medications],
            [self._text(one) for one in told.texts],
        )

    def _item(self, content: Child, kind: Code, start: Moment | None = None, stop: Moment | None = None) -> Elem:
        m = self.m
        return m("InfItem", content, m.code("Type", kind), m.moment("StartDateTime", start), m.moment("EndDateTime", stop))

    def _diagnosis(self, one: Diagnosis) -> Elem:
        m = self.m
        coded = m("CodedDescr", m.code("Concept", one.code, system=True)) if one.code else None
        return self._item(m("Observation", m.text("Description", one.text), coded), _MAIN if one.main else _SIDE)

    def _warning(self, one: Critical) -> Elem:
        m = self.m
        coded = m("CodedDescr", m.code("Concept", one.substance, system=True)) if one.substance else None
        return self._item(m("Observation", m.text("Description", one.text), coded), _WARNINGS[one.kind])

    def _medication(self, one: Medication) -> Elem:
        m = self.m
        drug = Code(one.atc.value, one.name, one.atc.system) if one.atc else Code("", one.name)
        made = m(
            "Medication",
            m.code("DrugId", drug, system=True),
            m.text("Comment", one.note),
            m.code("Status", one.status or _REGULAR),
            m.code("Form", one.form, system=True),
            m.quantity("UnitDose", one.amount),
            m.text("DosageText", one.dose),
        )
        return self._item(made, _MEDICINE, one.start, one.stop)

    def _text(self, one: TextPart) -> Elem:
        m = self.m
        return m("Comment", m.code("Heading", one.heading), m.text("TextResultValue", one.text))
