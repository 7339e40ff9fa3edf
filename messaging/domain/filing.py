"""Where a message of a kind is filed, what is to be done with it, and within which time."""

from dataclasses import dataclass

from access.domain.codes import Category as C


@dataclass(frozen=True)
class Place:
    """``document_type`` and its category say who may read it. ``notifies``: the patient may be on the way here (NOTIFIED for 24 hours, to a ward)."""

    document_type: str
    name: str
    category: C
    hours: int = 24  # within which the service should have looked at it
    notifies: bool = False


# Name of the standard → place. What is not here is filed as another message, readable to those who read medical notes.
PLACES = {
    "Henvisning": Place("msg_referral", "Henvisning, mottatt", C.ARRIVAL, 1, notifies=True),
    "Epikrise": Place("msg_epicrisis", "Epikrise, mottatt", C.MEDICAL),
    "Utskrivningsrapport": Place("msg_discharge_report", "Utskrivningsrapport, mottatt", C.NURSING, 4),
    "Innleggelsesrapport": Place("msg_admission_report", "Innleggelsesrapport, mottatt", C.NURSING, 4),
    "Helseopplysninger": Place("msg_early_notice", "Helseopplysninger, mottatt", C.CASEWORK, 24),
    "Helseopplysninger til lege": Place("msg_to_doctor", "Helseopplysninger til lege, mottatt", C.MEDICAL),
    "Medisinske opplysninger": Place("msg_medical_information", "Medisinske opplysninger, mottatt", C.MEDICAL),
    "Pasientlogistikk": Place("msg_logistics", "Melding om pasientlogistikk, mottatt", C.LOGISTICS, 2),
    "Orientering om tjenestetilbud": Place("msg_services", "Orientering om tjenestetilbud, mottatt", C.CASEWORK),
    "Dialogmelding": Place("msg_dialogue", "Dialogmelding, mottatt", C.NURSING, 8),
    "Svarrapport": Place("msg_results", "Svarrapport, mottatt", C.MEDICAL),
    "Rekvisisjon": Place("msg_requisition", "Rekvisisjon, mottatt", C.MEDICAL),
    "EPJ-ekstrakt": Place("msg_medication", "Legemiddelopplysninger, mottatt", C.MEDICATION),
    "Melding om fravær": Place("msg_absence", "Melding om fravær, mottatt", C.LOGISTICS),
}
# Types that notify too, whatever else is filed as they are: the hospital asks whether the ward takes the patient in.
NOTIFYING = {"LOG_UTSKRIVNINGSKLAR"}
OTHER = Place("msg_other", "Annen melding, mottatt", C.MEDICAL)


def place_of(standard: str) -> Place:
    return PLACES.get(standard, OTHER)


def notifies(standard: str, kind: str) -> bool:
    """Whether one of this standard and type makes the patient expected where it is addressed."""
    return place_of(standard).notifies or kind in NOTIFYING
