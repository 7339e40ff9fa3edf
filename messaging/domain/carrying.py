"""What of a message can be carried into the record: medicines for the list in use, and prose for a note (R7)."""

from dataclasses import dataclass
from datetime import date

from messaging.formats.model.facts import Medication
from messaging.formats.model.message import Content

AS_NEEDED = "3"  # use of the medicine: 1 regularly, 3 as needed
# Words of headings whose text is a plan or what follows; it is offered as chosen.
PLANS = ("plan", "oppfølging", "tiltak", "behandling", "anbefal", "vurdering", "kontroll")


@dataclass(frozen=True)
class Medicine:
    """As a row of the list in use. ``code``: ATC, or empty."""

    generic: str
    brand: str
    code: str
    form: str
    strength: str
    dose: str
    purpose: str
    as_needed: bool
    started: date | None

    @property
    def is_whole(self) -> bool:
        """Without a dose nobody can act on it."""
        return bool(self.generic and self.dose)

    def is_like(self, other: str, code: str) -> bool:
        """The same substance as one of the list: by code where both have one, else by name."""
        if self.code and code:
            return self.code == code
        return other.casefold() in (self.generic.casefold(), self.brand.casefold())


@dataclass(frozen=True)
class Prose:
    heading: str
    text: str

    @property
    def is_plan(self) -> bool:
        return any(word in self.heading.casefold() for word in PLANS)


def medicines(told: Content, today: date) -> list[Medicine]:
    """Those in use: not doses given, and not what was stopped before today."""
    return [_medicine(one) for one in told.medications if not one.given and not (one.stop and one.stop.day and one.stop.day < today)]


def _medicine(one: Medication) -> Medicine:
    generic = one.generic or (one.atc.text if one.atc and one.atc.text else "") or one.name
    return Medicine(
        generic=generic, brand=one.name if one.name != generic else "", code=one.atc.value[:7] if one.atc else "",
        form=one.form.label if one.form else "", strength=one.strength.shown if one.strength else "", dose=one.dose, purpose=one.purpose,
        as_needed=bool(one.use and one.use.value == AS_NEEDED), started=one.start.day if one.start else None,
    )  # fmt: skip


def prose(told: Content) -> list[Prose]:
    """Each piece of text under its heading."""
    return [Prose(one.heading.label if one.heading else "", one.text.strip()) for one in told.texts if one.text.strip()]
