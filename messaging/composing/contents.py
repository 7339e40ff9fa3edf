"""What a message of a kind tells, from the material and what the sender wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from lms_epj.core.words import gettext_noop, say
from messaging.composing.kinds import Kind
from messaging.composing.pieces import Material
from messaging.formats.model.facts import Contact, Critical, Event, Note, Question, TextPart
from messaging.formats.model.message import Content
from messaging.formats.model.parties import Organisation, Person, Professional
from messaging.formats.model.values import Code, Moment

NEW = Code("N", "Ny", "2.16.578.1.12.4.1.1.7309")
FINAL = Code("F", "Endelig rapport")
_WARNINGS_OF_CARE = ("cave", "allergy")
RESPONSIBLE = Code("AHP", "Ansvarlig helsepersonell")
AT_RECEIVER = Code("24", "Kontakt hos mottaker", "2.16.578.1.12.4.1.1.9034")


@dataclass(frozen=True)
class Written:
    """What the sender wrote and chose. ``texts`` by the kind's fields; ``at`` where the message tells of a time."""

    texts: Mapping[str, str]
    choice: Code | None = None
    at: datetime | None = None
    asked: tuple[Question, ...] = ()


class Incomplete(ValueError):
    """The kind of message demands something that is not there; ``field`` is where."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def moment(at: datetime) -> Moment:
    return Moment(at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def content_of(kind: Kind, material: Material, written: Written, sender: Professional, now: datetime) -> Content:
    """Raises Incomplete."""
    for field in kind.fields:
        if field.required and not written.texts.get(field.key, "").strip():
            raise Incomplete(field.key, say(gettext_noop("Skriv {what}.")).format(what=say(field.label).lower()))
    if kind.options and written.choice is None:
        raise Incomplete("choice", say(gettext_noop("Velg: {what}.")).format(what=say(kind.choice).lower()))
    if kind.type.startswith("DIALOG_"):
        return _dialogue(kind, written, sender, now)
    told = Content(status=NEW, contacts=(Contact("responsible", professional=sender, approved=Moment(now.date().isoformat())),))
    told = replace(told, texts=_texts(kind, written.texts), **_carried(kind, material))
    if kind.type == "EPIKRISE":
        return _discharge(told, material, sender, now)
    if kind.type == "ORIENTERING_TJENESTETILBUD" and not told.services:
        raise Incomplete("", say(gettext_noop("Pasienten har ingen tjenester å orientere om.")))
    events = _events(kind, material, written, now)
    typed = written.choice if kind.type in ("HELSEOPPLYSNINGER_LEGE",) else kind.kind
    left = written.choice if kind.type == "LOG_UTSKREVET" else None
    return replace(told, kind=typed, events=events, discharged_to=left)


def _texts(kind: Kind, texts: Mapping[str, str]) -> tuple[TextPart, ...]:
    written = ((field, texts.get(field.key, "").strip()) for field in kind.fields)
    return tuple(TextPart(text, field.heading, field.section) for field, text in written if text)


def _carried(kind: Kind, material: Material) -> dict[str, tuple]:
    carried = {part: tuple(piece.fact for piece in material.of(part)) for part in kind.parts}
    if "critical" in carried and kind.type != "EPIKRISE":
        carried["critical"] = tuple(_for_care(one) for one in carried["critical"])
    return carried


def _for_care(one: Critical) -> Critical:
    """Care messages know warnings and allergies; what is neither goes as a warning."""
    return one if one.kind in _WARNINGS_OF_CARE else replace(one, kind="cave")


def _events(kind: Kind, material: Material, written: Written, now: datetime) -> tuple[Event, ...]:
    course = material.course
    if kind.type == "UTSKRIVNINGSRAPPORT" and course and course.admitted_at:
        left = course.discharged_at or now
        admitted, discharged = (
            Code(value, text, "2.16.578.1.12.4.1.1.9121") for value, text in (("1", "Pasient innlagt"), ("2", "Pasient utskrevet"))
        )
        return (Event(admitted, moment(course.admitted_at), estimate=True), Event(discharged, moment(left), estimate=True))
    if kind.event is None:
        return ()
    if written.at is None:
        raise Incomplete("at", "Skriv tidspunktet.")
    return (Event(kind.event, moment(written.at), estimate=written.at <= now),)


def _discharge(told: Content, material: Material, sender: Professional, now: datetime) -> Content:
    course = material.course
    if course is None or course.admitted_at is None:
        raise Incomplete("", say(gettext_noop("Epikrisen gjelder et opphold, og pasienten har ikke vært innlagt her.")))
    status = {"1": Code("1", "Fast"), "3": Code("3", "Ved behov")}
    drugs = tuple(
        replace(one, status=status.get(one.use.value if one.use else "1"), use=None, purpose="", note="", strength=None) for one in told.medications
    )
    return replace(
        told, contacts=(_responsible(sender),), report_status=FINAL, document_id=str(uuid4()), issued=moment(now), start=moment(course.admitted_at),
        stop=moment(course.discharged_at or now), medications=drugs,
    )  # fmt: skip


def _responsible(sender: Professional) -> Contact:
    """The older messages name a person in one word, with one number, beside the services (HCProf)."""
    person = Person(name=sender.person.shown, identifiers=tuple(replace(one, kind=replace(one.kind, system="")) for one in sender.person.identifiers))
    return Contact("relation", organisation=Organisation(professionals=(Professional(person, sender.kind),)), role=RESPONSIBLE)


def _dialogue(kind: Kind, written: Written, sender: Professional, now: datetime) -> Content:
    text = written.texts.get("text", "").strip()
    author = Contact("role", professional=sender)
    if kind.type == "DIALOG_FORESPORSEL":
        return Content(questions=(Question(kind=written.choice, text=text, document_id=str(uuid4())),), contacts=(author,))
    if kind.type == "DIALOG_HELSEFAGLIG":
        return dialogue_of(written.choice or Code(), text, sender, now)
    note = Note(theme=written.choice, text=text, written=Moment(now.date().isoformat()))
    return Content(notes=(note,), questions=written.asked[:1], contacts=(author,))


def dialogue_of(theme: Code, text: str, author: Professional, now: datetime) -> Content:
    """A professional dialogue (HIS 1077)."""
    return Content(notes=(Note(theme=theme, text=text, written=Moment(now.date().isoformat())),), contacts=(Contact("role", professional=author),))


def with_reader(content: Content, profession: Code | None) -> Content:
    """An enquiry that opens a professional dialogue names whom at the receiver it is for, by profession (HIS 1077)."""
    if profession is None:
        return content
    return replace(content, contacts=(*content.contacts, Contact("role", professional=Professional(kind=profession), role=AT_RECEIVER)))


def in_words(title: str, sections: Iterable[tuple[str, str]]) -> str:
    """A message as the text of a dialogue, for a receiver that does not take its type."""
    return "\n\n".join([title.upper(), *(f"{heading}\n{text}" for heading, text in sections if text)])
