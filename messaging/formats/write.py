"""The way out: a message to bytes that follow its standard, or an error that says why they cannot.

Nothing is left out in silence: what is written is read back, and must tell the same.
"""

from collections.abc import Callable
from dataclasses import fields

from messaging.formats.model.message import Content, Message
from messaging.formats.read import read
from messaging.formats.standards import standard_of
from messaging.formats.writing.build import Elem, serialise
from messaging.formats.writing.care import care_message
from messaging.formats.writing.dialogue import dialogue
from messaging.formats.writing.discharge import discharge_summary
from messaging.formats.writing.head import msghead
from messaging.formats.writing.receipt import receipt

_KITH = "http://www.kith.no/xmlstds"
_CARE = f"{_KITH}/po/{{}}/2012-04-01"
_DIALOGUE_10, _DIALOGUE_11 = f"{_KITH}/dialog/2006-10-11", f"{_KITH}/dialog/2013-01-23"
_DISCHARGE = f"{_KITH}/epikrise/2012-02-15"

# What we send: type (8279) → its text, the standard's namespace and root.
OUTGOING: dict[str, tuple[str, str, str]] = {
    "UTSKRIVNINGSRAPPORT": ("Utskrivningsrapport", _CARE.format("TverrfagligEpikrise"), "TverrfagligEpikrise"),
    "INNLEGGELSESRAPPORT": ("Innleggelsesrapport", _CARE.format("Innleggelsesrapport"), "Innleggelsesrapport"),
    "HELSEOPPL_SOKNAD": ("Helseopplysninger ved søknad", _CARE.format("HelseopplysningerVedSoknad"), "HelseopplysningerVedSoknad"),
    "HELSEOPPLYSNINGER_LEGE": ("Helseopplysninger til lege", _CARE.format("HelseopplysningerTilLege"), "Konsultasjon"),
    "MEDISINSKE_OPPLYSNINGER": ("Medisinske opplysninger", _CARE.format("MedisinskeOpplysninger"), "OverforingMedisinskeOpplysninger"),
    "ORIENTERING_TJENESTETILBUD": (
        "Orientering om tjenestetilbud",
        _CARE.format("OrienteringOmTjenestetilbud"),
        "OrienteringOmTjenestetilbud",
    ),
    "LOG_INNLAGT": ("Melding om innlagt pasient", _CARE.format("Pasientlogistikk"), "Pasientlogistikk"),
    "LOG_UTSKRIVNINGSKLAR": ("Melding om utskrivningsklar pasient", _CARE.format("Pasientlogistikk"), "Pasientlogistikk"),
    "LOG_AVMELDING": ("Avmelding av utskrivningsklar pasient", _CARE.format("Pasientlogistikk"), "Pasientlogistikk"),
    "LOG_UTSKREVET": ("Melding om utskrevet pasient", _CARE.format("Pasientlogistikk"), "Pasientlogistikk"),
    "LOG_DOD": ("Orientering om dødsfall", _CARE.format("Pasientlogistikk"), "Pasientlogistikk"),
    "DIALOG_FORESPORSEL": ("Forespørsel", _DIALOGUE_10, "Dialogmelding"),
    "DIALOG_SVAR": ("Svar på forespørsel", _DIALOGUE_10, "Dialogmelding"),
    "DIALOG_NOTAT": ("Notat", _DIALOGUE_10, "Dialogmelding"),
    "DIALOG_AVVIK": ("Feil i mottatt melding", _DIALOGUE_10, "Dialogmelding"),
    "DIALOG_HELSEFAGLIG": ("Helsefaglig dialog", _DIALOGUE_11, "Dialogmelding"),
    "DIALOG_STATUS_HENVISNING": ("Status på henvisning", _DIALOGUE_11, "Dialogmelding"),
    "DIALOG_TIL_ARKIVERING": ("Melding til arkivering", _DIALOGUE_11, "Dialogmelding"),
    "EPIKRISE": ("Epikrise", _DISCHARGE, "Message"),
}
_WRITERS: dict[str, Callable[[Message], Elem]] = {
    "Dialogmelding": lambda message: msghead(message, dialogue(message)),
    "Epikrise": discharge_summary,
    "Applikasjonskvittering": receipt,
}
# The versions we write; everything else is read only.
_VERSIONS = {"Dialogmelding": ("1.0", "1.1"), "Epikrise": ("1.2",), "Applikasjonskvittering": ("1.0", "1.1")}


class Unwritable(ValueError):
    """The message holds what its standard has no place for, or lacks what it demands."""


def outgoing_standard(message_type: str):
    """The standard we send a type in. KeyError for a type we do not send."""
    _, namespace, root = OUTGOING[message_type]
    return standard_of(namespace, root)


def write(message: Message) -> bytes:
    """UTF-8 with a declaration. :class:`Unwritable` names what is wrong; nothing is sent then."""
    standard = message.standard
    if standard.version not in _VERSIONS.get(standard.name, ("1.6",)):
        raise Unwritable(f"{standard.name} {standard.version} is not written.")
    maker = _WRITERS.get(standard.name, lambda one: msghead(one, care_message(one)))
    try:
        data = serialise(maker(message))
    except (ValueError, KeyError) as error:
        raise Unwritable(str(error)) from error
    _check(message, data)
    return data


def _check(message: Message, data: bytes) -> None:
    reading = read(data)
    if reading.problem:
        raise Unwritable(reading.problem.reason)
    lost = [field.name for field in fields(Content) if _count(reading.message.content, field.name) != _count(message.content, field.name)]
    if lost:
        raise Unwritable(f"{message.standard.name} has no place for: {', '.join(lost)}.")


def _count(content: Content, name: str) -> int:
    """Rows of a kind; single facts are held by the structure itself."""
    value = getattr(content, name)
    return len(value) if isinstance(value, tuple) else 0
