"""The readable part: what the message tells, gathered from the model whatever standard it came in."""

import re
from collections.abc import Iterable, Iterator

from messaging.formats.model.facts import Contact, LabResult, Medication, Note, Question
from messaging.formats.model.message import Content
from messaging.formats.model.parties import Organisation, Person, Professional
from messaging.formats.model.values import Code, Moment, Quantity
from messaging.formats.showing.blocks import Block, Section, Text, facts, section, table

_NUMBER = re.compile(r"-?\d+\.\d+")
_WARNINGS = {"cave": "Cave", "allergy": "Allergi", "infection": "Smitte", "precaution": "Hensyn"}
_FUNCTIONS = {"unit": "Enhet", "contact": "Kontaktperson", "responsible": "Ansvarlig", "role": "Rolle", "relation": "Tilknyttet"}


def reading_view(told: Content) -> Iterator[Section | None]:
    """The sections in the order a clinician wants them: warnings first, then what it is about, then the rest."""
    yield section("Kritisk informasjon", [_critical(told)])
    yield from (_note(one) for one in told.notes)
    yield from (_question(one) for one in told.questions)
    yield section("Hendelser", [_events(told), facts(("Utskrevet til", words(told.discharged_to)))])
    yield section("Diagnoser", [_diagnoses(told)])
    yield section("Prøvesvar", [_results(told.results)])
    yield section("Opplysninger", [Text(words(one.heading), one.text + (f"\n{one.note}" if one.note else "")) for one in told.texts])
    yield section("Legemidler", [_medications(one for one in told.medications if not one.given)])
    yield section("Gitte legemidler", [_medications(one for one in told.medications if one.given)])
    yield section("Funksjonsnivå", [_functions(told)])
    yield section("Tjenester", [_services(told)])
    yield section("Kontroller", [_appointments(told)])
    yield section("Pårørende", [_relatives(told)])
    yield section("Kontakter", [_contacts(told.contacts)])


def words(code: Code | None) -> str:
    return code.label if code else ""


def when(moment: Moment | None) -> str:
    return moment.shown if moment else ""


def amount(quantity: Quantity | None) -> str:
    return quantity.shown if quantity else ""


def yes(answer: bool | None) -> str:
    return "" if answer is None else "Ja" if answer else "Nei"


def coded(code: Code | None) -> str:
    """«Erysipelas (A46)»."""
    if code is None:
        return ""
    return f"{code.label} ({code.value})" if code.value and code.value != code.label else code.label


def _critical(told: Content) -> Block | None:
    rows = (
        (_WARNINGS.get(one.kind, ""), one.text, coded(one.substance), words(one.severity), "\n".join(f"{n.text} {n.note}".strip() for n in one.notes))
        for one in told.critical
    )
    return table(("Type", "Beskrivelse", "Stoff", "Alvorlighet", "Merknad"), rows)


def _note(one: Note) -> Section | None:
    head = facts(("Tema", coded(one.theme)), ("Dato", when(one.written)), ("Merknad", one.remark))
    return section(one.title or words(one.theme) or "Notat", [head, Text("", one.text) if one.text else None])


def _question(one: Question) -> Section | None:
    head = facts(
        ("Gjelder", coded(one.kind)),
        ("Emne", one.topic),
        ("Formål", coded(one.purpose)),
        ("Hastegrad", coded(one.urgency)),
        ("Periode", " – ".join(filter(None, (when(one.since), when(one.until))))),
        ("Opplysninger", ", ".join(coded(item) for item in one.items)),
    )
    return section("Forespørsel", [head, *(Text(name, text) for name, text in (("Spørsmål", one.text), ("Begrunnelse", one.reason)) if text)])


def _events(told: Content) -> Block | None:
    # What Anslag means is read in two opposite ways: it is shown as it stands.
    rows = ((coded(one.code), when(one.time), yes(one.estimate), one.description, one.place, one.note) for one in told.events)
    return table(("Hendelse", "Tid", "Anslag/endelig ikke sikkert", "Beskrivelse", "Sted", "Merknad"), rows)


def _diagnoses(told: Content) -> Block | None:
    rows = (
        (coded(one.code), one.text, "Hoveddiagnose" if one.main else "Tidligere" if one.former else "")
        for one in sorted(told.diagnoses, key=lambda one: (one.former, not one.main))
    )
    return table(("Diagnose", "Beskrivelse", ""), rows)


def _results(results: Iterable[LabResult]) -> Block | None:
    rows = (
        (
            words(one.analysis),
            answer(one),
            one.unit,
            one.reference,
            words(one.deviation),
            when(one.taken),
            one.material,
            words(one.status),
            words(one.change),
            one.comment,
        )
        for one in results
    )
    return table(("Analyse", "Svar", "Enhet", "Referanse", "Avvik", "Tatt", "Materiale", "Status", "Tjenestetype", "Kommentar"), rows)


def answer(one: LabResult) -> str:
    """«< 5», «5 – 10», or the words of the laboratory."""
    if one.low or one.high:
        return " – ".join(filter(None, (amount(one.low), amount(one.high))))
    value = one.value.replace(".", ",") if one.unit and _NUMBER.fullmatch(one.value) else one.value
    return f"{words(one.comparator)} {value}".strip()


def _medications(medications: Iterable[Medication]) -> Block | None:
    rows = (
        (
            one.name,
            " ".join(filter(None, (words(one.form), amount(one.strength), amount(one.amount)))),
            one.dose,
            words(one.use),
            words(one.status),
            when(one.start),
            when(one.stop),
            one.purpose,
            one.note,
        )
        for one in medications
    )
    return table(("Legemiddel", "Form og styrke", "Dosering", "Bruk", "Status", "Fra", "Til", "Bruksområde", "Merknad"), rows)


def _functions(told: Content) -> Block | None:
    return table(("Funksjon", "Vurdering", "Merknad"), ((words(one.variable), one.score, one.note) for one in told.functions))


def _services(told: Content) -> Block | None:
    rows = (
        (
            one.name or words(one.kind),
            "Ønsket" if one.wanted else "",
            one.provider,
            one.information,
            f"{one.amount} {one.unit}".strip(),
            when(one.start),
            when(one.stop),
            one.note,
        )
        for one in told.services
    )
    return table(("Tjeneste", "", "Leveres av", "Opplysninger", "Omfang", "Fra", "Til", "Merknad"), rows)


def _appointments(told: Content) -> Block | None:
    rows = (
        (when(Moment(one.time)) if one.time else "", one.place, yes(one.booked), yes(one.patient_books), yes(one.patient_told), one.note)
        for one in told.appointments
    )
    return table(("Tid", "Sted", "Bestilt", "Pasienten bestiller", "Pasienten informert", "Merknad"), rows)


def _relatives(told: Content) -> Block | None:
    rows = ((one.person.shown, words(one.relation), words(one.role), _reach(one.person), one.note) for one in told.relatives)
    return table(("Navn", "Slektskap", "Rolle", "Telefon", "Merknad"), rows)


def _contacts(contacts: Iterable[Contact]) -> Block | None:
    rows = ((_FUNCTIONS.get(one.function, ""), _named(one), words(one.role), _reach_of(one), one.note) for one in contacts)
    return table(("Funksjon", "Navn", "Rolle", "Telefon", "Merknad"), rows)


def _named(one: Contact) -> str:
    worker = one.professional
    names = (
        one.organisation.shown if one.organisation else "",
        worker.person.shown if worker else one.person.shown if one.person else "",
        words(worker.kind) if worker else "",
        words(worker.role) if worker else "",
    )
    return ", ".join(filter(None, names))


def _reach(*who: Person | Organisation | Professional | None) -> str:
    known = (one.person if isinstance(one, Professional) else one for one in who)
    return ", ".join(tele.shown for one in known if one for tele in one.telecoms)


def _reach_of(one: Contact) -> str:
    return _reach(one.professional, one.person, one.organisation)
