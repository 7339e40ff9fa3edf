"""Dialogmelding 1.0 and 1.1: requests, answers, notes, and what went wrong with a message."""

from messaging.formats.model.facts import Contact, Note, Question
from messaging.formats.model.message import Message
from messaging.formats.writing.build import Elem, Maker
from messaging.formats.writing.parties import FK, PartyMaker

_fk = Maker(FK)


def dialogue(message: Message) -> Elem:
    """One question, or notes; a note may enclose the question it answers."""
    told = message.content
    m = Maker(message.standard.namespace)
    roles = [_role(m, one, message.standard.version) for one in told.contacts]
    if not told.notes:
        return m("Dialogmelding", [_question(m, one, message.standard.version, roles) for one in told.questions])
    notes = [_note(m, one, told.questions if place == 0 else (), roles, message.standard.version) for place, one in enumerate(told.notes)]
    return m("Dialogmelding", notes)


def _note(m: Maker, note: Note, questions: tuple[Question, ...], roles: list[Elem], version: str) -> Elem:
    return m(
        "Notat",
        m.code("TemaKodet", note.theme, system=True, always=True),
        m.text("Tema", note.title),
        m.text("TekstNotatInnhold", note.text),
        m.text("Merknad", note.remark),
        m.text("DokIdNotat", note.document_id),
        m.written("DatoNotat", note.written),
        [_question(m, one, version, []) for one in questions[:1]],
        roles,
    )


def _question(m: Maker, question: Question, version: str, roles: list[Elem]) -> Elem:
    newer = version == "1.1"
    items = [m.code("TypeJournalinfo", one, system=True) for one in question.items]
    asked, purpose = m.text("Sporsmal", question.text), m.code("Formål", question.purpose, system=True)
    return m(
        "Foresporsel",
        m.code("TypeForesp", question.kind, system=True, always=True),
        m.text("EmneSporsmal", question.topic) if newer else None,
        asked,
        purpose,
        m.text("Begrunnelse", question.reason),
        m.code("Hastegrad", question.urgency),
        m.written("FraDato", question.since),
        m.written("TilDato", question.until),
        items if newer else items[:1],
        m.text("DokIdForesp", question.document_id),
        roles,
    )


def _role(m: Maker, contact: Contact, version: str) -> Elem:
    people = PartyMaker(m, _fk)
    unit = None
    if contact.organisation and version == "1.1":
        unit = m("TilknyttetEnhet", m("Kontaktenhet", PartyMaker(_fk).organisation(contact.organisation)), m.text("Merknad", contact.note))
    someone = None
    if contact.professional:
        someone = m("HealthcareProfessional", people.professional(contact.professional, numbered=False))
    elif contact.person:
        someone = m("Person", people.person(contact.person, given_first=True))
    elif version == "1.0":
        someone = m("HealthcareProfessional")
    return m("RollerRelatertNotat", m.code("RoleToPatient", contact.role, system=True), unit, someone)
