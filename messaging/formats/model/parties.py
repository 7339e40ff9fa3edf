"""People and organisations, with every number they were given."""

from dataclasses import dataclass

from messaging.formats.model.values import Code, Moment

_NO_CODE = Code()


@dataclass(frozen=True)
class Identifier:
    """A number and what kind it is (`HER`, `ENH`, `HPR`, `FNR`, …: Volven 9051 and 8116)."""

    value: str
    kind: Code = _NO_CODE


@dataclass(frozen=True)
class Telecom:
    """`address` is a URI (`tel:…`, `mailto:…`) or, from older senders, just a number."""

    address: str
    kind: Code | None = None

    @property
    def shown(self) -> str:
        return self.address.partition(":")[2] if self.address.startswith(("tel:", "mailto:", "fax:")) else self.address


@dataclass(frozen=True)
class Address:
    street: str = ""
    postal_code: str = ""
    city: str = ""
    postbox: str = ""
    kind: Code | None = None
    county: Code | None = None
    country: Code | None = None
    district: Code | None = None

    @property
    def shown(self) -> str:
        box = f"Postboks {self.postbox}" if self.postbox.isdigit() else self.postbox
        place = f"{self.postal_code} {self.city}".strip()
        return ", ".join(filter(None, (self.street, box, place, self.country.label if self.country else "")))


@dataclass(frozen=True)
class Person:
    """`name` is the whole name where the sender gave it as one text, most often «Etternavn, Fornavn»."""

    family: str = ""
    given: str = ""
    middle: str = ""
    name: str = ""
    born: Moment | None = None
    died: Moment | None = None
    sex: Code | None = None
    nationality: Code | None = None
    identifiers: tuple[Identifier, ...] = ()
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()

    @property
    def shown(self) -> str:
        return " ".join(filter(None, (self.given, self.middle, self.family))) or self.name

    def number(self, *kinds: str) -> str:
        """The first number of one of these kinds, or empty."""
        return next((i.value for i in self.identifiers if i.kind.value in kinds and i.value), "")


@dataclass(frozen=True)
class Professional:
    """A person at work: `kind` is the profession (9060), `role` the relation to the patient (9034)."""

    person: Person = Person()
    kind: Code | None = None
    role: Code | None = None


@dataclass(frozen=True)
class Organisation:
    """A legal entity with the service (`units`) or the professional addressed in it."""

    name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    kind: Code | None = None
    units: tuple["Organisation", ...] = ()
    professionals: tuple[Professional, ...] = ()
    address: Address | None = None
    telecoms: tuple[Telecom, ...] = ()
    speciality: Code | None = None

    def number(self, kind: str) -> str:
        return next((i.value for i in self.identifiers if i.kind.value == kind and i.value), "")

    @property
    def her_id(self) -> str:
        """Of the communication party: the innermost service or professional, else the entity itself."""
        inner = [unit.her_id for unit in self.units]
        inner += [p.person.number("HER") for p in self.professionals]
        return next(filter(None, inner), "") or self.number("HER")

    @property
    def her_ids(self) -> tuple[str, ...]:
        """On every level, the legal entity's first."""
        own = tuple(i.value for i in self.identifiers if i.kind.value == "HER" and i.value)
        people = tuple(i.value for p in self.professionals for i in p.person.identifiers if i.kind.value == "HER" and i.value)
        return (*own, *(number for unit in self.units for number in unit.her_ids), *people)

    @property
    def shown(self) -> str:
        """«St. Olavs hospital, Ortopedisk kirurgi»."""
        inner = [u.shown for u in self.units] + [p.person.shown for p in self.professionals]
        return ", ".join(filter(None, (self.name, *inner)))


@dataclass(frozen=True)
class Party:
    """One end of a message. A copy recipient may be a person instead of an organisation."""

    organisation: Organisation | None = None
    role: Code | None = None
    person: Person | None = None

    @property
    def shown(self) -> str:
        return self.organisation.shown if self.organisation else self.person.shown if self.person else ""

    @property
    def her_id(self) -> str:
        return self.organisation.her_id if self.organisation else self.person.number("HER") if self.person else ""

    @property
    def identified(self) -> bool:
        """Whether a receipt could be sent here: some name or number stands."""
        return bool(self.shown or (self.organisation and _any_number(self.organisation)) or (self.person and _has_number(self.person)))


def _has_number(person: Person) -> bool:
    return any(i.value for i in person.identifiers)


def _any_number(organisation: Organisation) -> bool:
    own = any(i.value for i in organisation.identifiers) or any(_has_number(p.person) for p in organisation.professionals)
    return own or any(_any_number(unit) for unit in organisation.units)
