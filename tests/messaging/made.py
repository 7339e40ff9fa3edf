"""Made messages: strategies for content that a sender could have meant. Synthetic people only."""

import base64
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from access.domain.identity import synthetic_number
from messaging.formats.model.attachment import Attachment
from messaging.formats.model.facts import (
    Appointment,
    Contact,
    Critical,
    Diagnosis,
    Event,
    FunctionLevel,
    Medication,
    Note,
    Question,
    Relative,
    Service,
    TextPart,
)
from messaging.formats.model.message import Content, Conversation, Header, Message, ReceiptStatus, Standard
from messaging.formats.model.parties import Address, Identifier, Organisation, Party, Person, Professional, Telecom
from messaging.formats.model.values import Code, Moment, Quantity
from messaging.formats.standards import RECEIPT_NAMESPACES
from messaging.formats.write import OUTGOING, outgoing_standard

_LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp"))
words = (
    st.text(st.one_of(_LETTERS, st.sampled_from("abcæøåÆØÅáŋšžđ –&<>\"'")), min_size=1, max_size=24)
    .map(lambda written: " ".join(written.split()))
    .filter(bool)
)
prose = st.lists(words, min_size=1, max_size=3).map("\n".join)
maybe_words = st.one_of(st.just(""), words)
_values = st.text("ABCDEFN0123456789", min_size=1, max_size=6)
codes = st.builds(Code, _values, words, st.sampled_from(["2.16.578.1.12.4.1.1.9141", "2.16.578.1.12.4.1.1.7110"]))
plain_codes = st.builds(Code, _values, words)
days = st.dates(date(1930, 1, 1), date(2029, 12, 31)).map(lambda day: Moment(day.isoformat()))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2029, 1, 1)).map(lambda at: Moment(at.strftime("%Y-%m-%dT%H:%M:%S")))
moments = st.one_of(days, instants)
quantities = st.builds(Quantity, st.decimals(0, 999, places=1).map(str), st.sampled_from(["mg", "ml", "g/dL"]))
numbers = st.integers(1, 999_999).map(str)
maybe = st.one_of
nothing = st.none()


def some(strategy: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


def kind(value: str, text: str, number: str = "9051") -> Code:
    return Code(value, text, f"2.16.578.1.12.4.1.1.{number}")


her_ids = numbers.map(lambda value: Identifier(value, kind("HER", "HER-id")))
hpr_numbers = numbers.map(lambda value: Identifier(value, kind("HPR", "HPR-nummer", "8116")))
telecoms = st.integers(20_000_000, 99_999_999).map(lambda value: Telecom(f"tel:{value}", Code("HP", "Hovedtelefon")))
addresses = st.builds(Address, words, st.just("1820"), words)


@st.composite
def patients(draw: st.DrawFn) -> Person:
    born = draw(st.dates(date(1930, 1, 1), date(2020, 1, 1)))
    female = draw(st.booleans())
    number = Identifier(synthetic_number(born, female=female, seed=draw(st.integers(0, 90))), kind("FNR", "Fødselsnummer", "8116"))
    return Person(
        family=draw(words),
        given=draw(words),
        middle=draw(maybe_words),
        born=Moment(born.isoformat()),
        sex=Code("2", "Kvinne") if female else Code("1", "Mann"),
        identifiers=(number,),
        address=draw(maybe(nothing, addresses)),
        telecoms=draw(some(telecoms, 2)),
    )


people = st.builds(Person, family=words, given=words, telecoms=some(telecoms, 1))
professionals = st.builds(
    Professional,
    person=st.builds(Person, family=words, given=words, identifiers=some(hpr_numbers, 1), telecoms=some(telecoms, 1)),
    kind=maybe(nothing, plain_codes),
    role=maybe(nothing, codes),
)
services_of_entity = st.builds(Organisation, name=words, identifiers=st.tuples(her_ids), telecoms=some(telecoms, 1))
entities = st.one_of(
    st.builds(Organisation, name=words, identifiers=st.tuples(her_ids), units=st.tuples(services_of_entity)),
    st.builds(Organisation, name=words, identifiers=st.tuples(her_ids, her_ids), professionals=st.tuples(professionals)),
)
ends = st.builds(Party, organisation=entities)
copies = st.builds(Party, organisation=entities, role=st.just(Code("COP", "Kopimottaker")))
files = st.builds(
    Attachment,
    title=words,
    declared=st.just("application/pdf"),
    encoded=st.binary(max_size=30).map(lambda data: base64.b64encode(b"%PDF-1.7 " + data).decode()),
    kind=st.just(Code("A", "Vedlegg")),
    issued=maybe(nothing, moments),
)

texts = {
    name: st.builds(TextPart, text=prose, heading=maybe(nothing, codes), section=st.just(name), note=maybe_words)
    for name in ("medical", "nursing", "other", "professions")
}
diagnoses = st.builds(Diagnosis, code=codes, text=maybe_words, main=st.booleans())
former = st.builds(Diagnosis, code=maybe(nothing, codes), text=words, former=st.just(True))
_warning_notes = st.builds(TextPart, text=prose, section=st.just("critical"))
caves = st.builds(Critical, st.just("cave"), words, notes=some(_warning_notes, 1))
allergies = st.builds(Critical, st.just("allergy"), words, maybe(nothing, codes), maybe(nothing, plain_codes), some(_warning_notes, 2))
medicines = st.builds(
    Medication,
    name=words,
    atc=maybe(nothing, plain_codes),
    generic=maybe_words,
    form=maybe(nothing, plain_codes),
    strength=maybe(nothing, quantities),
    dose=maybe_words,
    purpose=maybe_words,
    use=maybe(nothing, plain_codes),
    status=maybe(nothing, plain_codes),
    start=maybe(nothing, moments),
    stop=maybe(nothing, moments),
    number=maybe_words,
    prescription=maybe_words,
    multidose=maybe(nothing, plain_codes),
    note=maybe_words,
    by=maybe(nothing, professionals),
)
doses = st.builds(Medication, name=words, dose=maybe_words, start=moments, amount=maybe(nothing, quantities), note=maybe_words, given=st.just(True))
events = st.builds(Event, maybe(nothing, codes), moments, st.booleans(), maybe_words, maybe_words, maybe_words)
wanted = st.builds(Service, kind=maybe(nothing, codes), name=words, information=maybe_words, wanted=st.just(True))
services = st.builds(
    Service,
    kind=maybe(nothing, codes),
    name=words,
    private=st.booleans(),
    provider=maybe_words,
    information=maybe_words,
    start=maybe(nothing, days),
    stop=maybe(nothing, days),
    note=maybe_words,
)
functions = st.builds(FunctionLevel, codes, st.integers(1, 5).map(str), maybe_words)
relatives = st.builds(Relative, people, maybe(nothing, plain_codes), maybe(nothing, plain_codes), note=maybe_words)
contacts = st.tuples(
    st.builds(Contact, st.just("unit"), organisation=services_of_entity, note=maybe_words),
    st.builds(Contact, st.just("contact"), professional=professionals, note=maybe_words),
    st.builds(Contact, st.just("responsible"), professional=professionals, role=maybe(nothing, codes), approved=maybe(nothing, days)),
)
appointments = st.builds(
    Appointment,
    booked=st.just(True),
    time=instants.map(lambda at: at.written),
    place=maybe_words,
    patient_told=st.booleans(),
    relatives_told=st.booleans(),
)
questions = st.builds(
    Question,
    kind=codes,
    text=prose,
    reason=maybe_words,
    purpose=maybe(nothing, codes),
    urgency=maybe(nothing, plain_codes),
    since=maybe(nothing, days),
    items=some(codes, 1),
    document_id=maybe_words,
)
notes = st.builds(Note, theme=codes, title=maybe_words, text=prose, remark=maybe_words, document_id=maybe_words, written=maybe(nothing, days))
roles = st.builds(Contact, st.just("role"), professional=professionals, role=maybe(nothing, codes))
statuses = st.sampled_from([Code("N", "Ny"), Code("M", "Endring"), Code("C", "Kansellering")])


def joined(*parts: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(*parts).map(lambda groups: sum(groups, ()))


_HEAD = {"status": statuses, "relatives": some(relatives, 2), "contacts": contacts, "is_answer": st.sampled_from([None, True, False])}
_DIAGNOSES = joined(some(diagnoses), some(former, 2))
_WARNINGS = joined(some(caves, 2), some(allergies, 2))
_PARTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "TverrfagligEpikrise": {
        "kind": codes,
        "events": some(events),
        "diagnoses": _DIAGNOSES,
        "critical": _WARNINGS,
        "medications": joined(some(medicines), some(doses, 2)),
        "texts": joined(*(some(texts[name]) for name in ("medical", "other", "nursing", "professions"))),
        "functions": some(functions),
        "services": some(wanted),
        "appointments": some(appointments),
    },
    "Innleggelsesrapport": {
        "diagnoses": _DIAGNOSES,
        "critical": _WARNINGS,
        "medications": joined(some(medicines), some(doses, 2)),
        "texts": joined(*(some(texts[name]) for name in ("medical", "other", "nursing", "professions"))),
        "functions": some(functions),
        "services": some(services),
    },
    "HelseopplysningerVedSoknad": {
        "kind": codes,
        "events": st.lists(events, min_size=1, max_size=3).map(tuple),
        "diagnoses": _DIAGNOSES,
        "critical": _WARNINGS,
        "medications": some(doses, 2),
        "texts": joined(*(some(texts[name]) for name in ("medical", "nursing", "professions"))),
        "functions": some(functions),
        "services": some(wanted),
    },
    "Konsultasjon": {
        "kind": maybe(nothing, plain_codes),
        "diagnoses": _DIAGNOSES,
        "critical": _WARNINGS,
        "medications": joined(some(medicines), some(doses, 2)),
        "texts": joined(*(some(texts[name]) for name in ("medical", "other", "nursing"))),
        "functions": some(functions),
    },
    "OverforingMedisinskeOpplysninger": {
        "kind": codes,
        "diagnoses": _DIAGNOSES,
        "critical": _WARNINGS,
        "medications": some(medicines),
        "texts": joined(*(some(texts[name]) for name in ("medical", "professions", "other"))),
        "functions": some(functions),
        "services": some(wanted),
    },
    "OrienteringOmTjenestetilbud": {"services": st.lists(services, min_size=1, max_size=3).map(tuple)},
}


def contents(message_type: str) -> st.SearchStrategy[Content]:
    """What a message of a type may tell."""
    root = OUTGOING[message_type][2]
    if root in _PARTS:
        return st.builds(Content, **_HEAD, **_PARTS[root])
    if root == "Pasientlogistikk":
        left = codes if message_type == "LOG_UTSKREVET" else nothing
        return st.builds(Content, **_HEAD, events=st.tuples(events), discharged_to=left)
    if message_type == "DIALOG_FORESPORSEL":
        return st.builds(Content, questions=st.tuples(questions), contacts=some(roles, 2))
    if root == "Dialogmelding":
        return st.builds(Content, notes=st.tuples(notes), questions=some(questions, 1), contacts=some(roles, 2))
    return _DISCHARGE


_dischargetexts = st.builds(TextPart, text=prose, heading=maybe(nothing, plain_codes), section=st.just("comment"))
_DISCHARGE = st.builds(
    Content,
    status=statuses,
    report_status=st.just(Code("F", "Endelig rapport")),
    document_id=numbers,
    refers_to=some(numbers, 1),
    issued=instants,
    start=instants,
    stop=instants,
    diagnoses=some(st.builds(Diagnosis, code=codes, text=maybe_words, main=st.booleans())),
    critical=some(st.builds(Critical, st.sampled_from(["cave", "infection", "precaution"]), words), 2),
    medications=some(
        st.builds(Medication, name=words, dose=maybe_words, start=maybe(nothing, moments), amount=maybe(nothing, quantities), status=plain_codes)
    ),
    texts=some(_dischargetexts),
)


@st.composite
def messages(draw: st.DrawFn, message_type: str) -> Message:
    """A message of a type we send, ready to be written."""
    standard = outgoing_standard(message_type)
    older = standard.family == "message"
    header = Header(
        message_id=str(draw(st.uuids())),
        type=Code(message_type, OUTGOING[message_type][0]),
        generated=draw(instants),
        sender=draw(ends),
        receiver=draw(ends),
        copies=draw(some(copies, 1)),
        patient=draw(patients()),
        conversation=None if older else draw(maybe(nothing, st.builds(Conversation, st.uuids().map(str), st.uuids().map(str)))),
    )
    return Message(standard, header, draw(contents(message_type)), draw(some(files, 2)))


@st.composite
def receipts(draw: st.DrawFn) -> Message:
    version = draw(st.sampled_from(["1.0", "1.1"]))
    named = st.builds(
        Organisation,
        name=words,
        identifiers=st.lists(st.builds(Identifier, numbers, st.just(Code("HER", "HER-id"))), min_size=1, max_size=3).map(tuple),
    )
    end = st.builds(
        Party,
        organisation=st.builds(
            Organisation, name=words, identifiers=st.tuples(st.builds(Identifier, numbers, st.just(Code("HER", "HER-id")))), units=st.tuples(named)
        ),
        role=plain_codes,
    )
    header = Header(str(draw(st.uuids())), Code("APPREC", "Applikasjonskvittering"), draw(instants), draw(end), draw(end))
    told = ReceiptStatus(
        draw(plain_codes),
        draw(some(st.builds(Code, _values, words, st.just("2.16.578.1.12.4.1.1.8221"), maybe_words), 2)),
        str(draw(st.uuids())),
        draw(plain_codes),
        draw(instants),
        draw(maybe_words),
        draw(maybe_words),
    )
    return Message(Standard("Applikasjonskvittering", version, "apprec", RECEIPT_NAMESPACES[version], "AppRec"), header, receipt=told)
