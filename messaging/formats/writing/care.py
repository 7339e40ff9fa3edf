"""Care messages (PLO) 1.6: which parts each message has, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from messaging.formats.model.facts import TextPart
from messaging.formats.model.message import Content, Message
from messaging.formats.writing import components
from messaging.formats.writing.build import Child, Elem, Maker
from messaging.formats.writing.components import Parts, po

_EVENT_ROOTS = {
    "LOG_INNLAGT": "MeldingInnlagtPasient",
    "LOG_UTSKRIVNINGSKLAR": "MeldingUtskrivningsklarPasient",
    "LOG_AVMELDING": "AvmeldingUtskrivningsklarPasient",
    "LOG_UTSKREVET": "MeldingOmUtskrevetPasient",
    "LOG_DOD": "OrienteringOmDod",
}
_CANCELS = "C"


@dataclass(frozen=True)
class _Writing:
    told: Content
    parts: Parts

    def texts(self, section: str) -> list[TextPart]:
        return [one for one in self.told.texts if one.section == section]


def _kind(w: _Writing) -> Child:
    return po("TypeInnholdIMelding", po.code("TypeInnhold", w.told.kind, system=True, always=True))


def _consultation(w: _Writing) -> Child:
    return po("InnholdKonsultasjon", po.code("TypeInnholdKonsultasjon", w.told.kind)) if w.told.kind else None


def _stay(w: _Writing) -> Child:
    return [po("OpplysningOpphold", components.event(one)) for one in w.told.events]


def _diagnoses(w: _Writing) -> Child:
    return po.holder("InfoMedisinskDiagnose", [components.diagnosis(one) for one in w.told.diagnoses if not one.former])


def _medical(w: _Writing) -> Child:
    former = [components.former_illness(one) for one in w.told.diagnoses if one.former]
    warnings = w.told.critical
    notes = w.parts.notes(w.texts("medical"))
    return po.holder("MedisinskfagligeOpplysninger", former, w.parts.cave(warnings), w.parts.allergies(warnings), notes)


def _medicines(w: _Writing) -> Child:
    return [w.parts.prescription(one) for one in w.told.medications if not one.given]


def _other(w: _Writing) -> Child:
    return po.holder("InfoAndreViktigeOpplysninger", w.parts.notes(w.texts("other")))


def _nursing(w: _Writing) -> Child:
    notes = po.holder("InfoFraSykepleier", [components.journal_text(one) for one in w.texts("nursing")])
    return po.holder("Sykepleierdokumentasjon", notes, w.parts.given(one for one in w.told.medications if one.given))


def _professions(w: _Writing) -> Child:
    notes = po.holder("AndreFagrapporter", [components.journal_text(one) for one in w.texts("professions")])
    return po.holder("OpplysningerAndreFaggrupper", notes)


def _functions(w: _Writing) -> Child:
    return po.holder("InfoKartleggingFunksjonsniva", [components.function_level(one) for one in w.told.functions])


def _services(w: _Writing) -> Child:
    return [components.service(one) for one in w.told.services if not one.wanted]


def _needs(w: _Writing) -> Child:
    return [components.need(one) for one in w.told.services if one.wanted]


def _appointments(w: _Writing) -> Child:
    return [components.appointment(one) for one in w.told.appointments]


Part = Callable[[_Writing], Child]
_ORDER: dict[str, tuple[Part, ...]] = {
    "HelseopplysningerVedSoknad": (_kind, _stay, _diagnoses, _medical, _nursing, _professions, _functions, _needs),
    "Konsultasjon": (_consultation, _diagnoses, _medical, _medicines, _other, _nursing, _functions),
    "Innleggelsesrapport": (_diagnoses, _medical, _medicines, _services, _functions, _other, _nursing, _professions),
    "OverforingMedisinskeOpplysninger": (_kind, _diagnoses, _medical, _medicines, _professions, _functions, _needs, _other),
    "OrienteringOmTjenestetilbud": (_services,),
    "TverrfagligEpikrise": (
        _kind,
        _stay,
        _diagnoses,
        _medical,
        _medicines,
        _other,
        _nursing,
        _professions,
        _functions,
        _needs,
        _appointments,
    ),
}


def care_message(message: Message) -> Elem:
    """The payload. What a message of this kind has no place for is a ValueError in `write`, never left out in silence."""
    told, root = message.content, message.standard.root
    m = Maker(message.standard.namespace)
    writing = _Writing(told, Parts())
    if root == "Pasientlogistikk":
        return m(root, _head(told), _logistics(m, message))
    return m(root, _head(told), [part(writing) for part in _ORDER[root]])


def _head(told: Content) -> list[Elem | None]:
    shipment = po(
        "InformasjonOmForsendelsen",
        po.code("Forsendelsesstatus", told.status, always=True),
        po.truth("SvarPaaForesporsel", told.is_answer),
        [components.question(one) for one in told.questions[:1]],
    )
    named = [[components.contact(one) for one in told.contacts if one.function == function] for function in ("unit", "contact", "responsible")]
    return [shipment, *(components.relative(one) for one in told.relatives), *(one for group in named for one in group)]


def _logistics(m: Maker, message: Message) -> Elem:
    kind = message.header.type.value if message.header.type else ""
    told = message.content
    events = [components.event(one) for one in told.events]
    if kind not in _EVENT_ROOTS:
        raise ValueError(f"not a logistics message: {kind}")
    if kind == "LOG_UTSKREVET":
        left = po("UtskrevetTil", po.code("UtTil", told.discharged_to, system=True, always=True))
        return m(_EVENT_ROOTS[kind], left, events)
    return m(_EVENT_ROOTS[kind], events)
