"""People and organisations as the head (and payloads) and as the older messages write them."""

from messaging.formats.model.parties import Address, Identifier, Organisation, Party, Person, Professional
from messaging.formats.model.values import Code
from messaging.formats.writing.build import Elem, Maker, flat

FK = "http://www.kith.no/xmlstds/felleskomponent1"
# Where a profile asks for a number and none is known.
_NO_NUMBER = Identifier("", Code("XXX", "Annet"))


class PartyMaker:
    """What stands inside an organisation, a person or a professional; the caller names the element around it.

    `outer` makes the fields, `inner` what numbers, addresses and telephones hold (felleskomponent in some payloads).
    """

    def __init__(self, outer: Maker, inner: Maker | None = None) -> None:
        self.outer = outer
        self.inner = inner or outer

    def organisation(self, value: Organisation) -> list[Elem]:
        m = self.outer
        kind = m.code("TypeOrganisation", value.kind, system=True)
        in_payload = m.namespace == FK
        # The head and the payloads' components put the kind on either side of the name, and only the head names people.
        head = [kind, m("OrganisationName", value.name)] if in_payload else [m("OrganisationName", value.name), kind]
        units = [m("Organisation", self.organisation(unit)) for unit in value.units[:1]]
        people = [] if in_payload else [m("HealthcareProfessional", self.professional(one)) for one in value.professionals[:1]]
        numbers = self._numbers(value.identifiers, required=True)
        return list(flat((head, numbers, self._reach(value.address, value.telecoms), units, people)))

    def professional(self, value: Professional, *, numbered: bool = True) -> list[Elem]:
        m = self.outer
        front = [m.code("TypeHealthcareProfessional", value.kind), m.code("RoleToPatient", value.role, system=True)]
        return list(flat((front, self._names(value.person), self._rest(value.person, required=numbered))))

    def person(self, value: Person, *, given_first: bool = False) -> list[Elem]:
        names = self._names(value)
        return [*(names[::-1] if given_first else names), *self._rest(value)]

    def _names(self, value: Person) -> list[Elem]:
        m = self.outer
        written = (("FamilyName", value.family or value.name), ("MiddleName", value.middle), ("GivenName", value.given))
        return list(flat(m.text(name, text) for name, text in written))

    def _rest(self, value: Person, *, required: bool = False) -> list[Elem]:
        m = self.outer
        facts = (m.written("DateOfBirth", value.born), m.code("Sex", value.sex), m.code("Nationality", value.nationality))
        return list(flat((facts, self._numbers(value.identifiers, required=required), self._reach(value.address, value.telecoms))))

    def _numbers(self, identifiers: tuple[Identifier, ...], *, required: bool = False) -> list[Elem]:
        m = self.inner
        numbers = identifiers or ((_NO_NUMBER,) if required else ())
        return [self.outer("Ident", m("Id", one.value), m.code("TypeId", one.kind, system=True)) for one in numbers]

    def _reach(self, address: Address | None, telecoms: tuple) -> list[Elem]:
        m = self.inner
        reach = [self.outer("TeleCom", m.code("TypeTelecom", one.kind), m("TeleAddress", attributes={"V": one.address})) for one in telecoms]
        return [*flat(self._address(address)), *reach]

    def _address(self, value: Address | None) -> Elem | None:
        if value is None:
            return None
        m = self.inner
        return self.outer(
            "Address",
            m.code("Type", value.kind),
            m.text("StreetAdr", value.street),
            m.text("PostalCode", value.postal_code),
            m.text("City", value.city),
            m.text("Postbox", value.postbox),
            m.code("County", value.county),
            m.code("Country", value.country),
        )


class OlderPartyMaker:
    """HCP, Inst, Dept and HCPerson. `additional_last` is where the standard puts the further numbers of an institution."""

    def __init__(self, maker: Maker, *, additional_last: bool) -> None:
        self.m = maker
        self.additional_last = additional_last

    def party(self, name: str, value: Party | None, *more: Elem | None) -> Elem:
        party = value or Party()
        return self.m(name, self.m.code("Role", party.role), more, self.hcp(party.organisation or _of_person(party.person)))

    def hcp(self, value: Organisation) -> Elem:
        return self.m("HCP", self._inst(value) if value.name or value.identifiers or value.units else self._lone(value))

    def _inst(self, value: Organisation) -> Elem:
        units = [self.m("Dept", self._named(unit.name, unit.identifiers), self._further(unit.identifiers)) for unit in _below(value)]
        people = [self.m("HCPerson", self._named(p.person.shown, p.person.identifiers), self._further(p.person.identifiers)) for p in _workers(value)]
        further = self._further(value.identifiers)
        order = (units, people, further) if self.additional_last else (units, further, people)
        return self.m("Inst", self._named(value.name, value.identifiers), *order)

    def _lone(self, value: Organisation) -> Elem:
        worker = value.professionals[0] if value.professionals else Professional()
        named = self._named(worker.person.shown, worker.person.identifiers)
        return self.m("HCProf", self.m.code("Type", worker.kind), named, self._further(worker.person.identifiers))

    def _named(self, name: str, identifiers: tuple[Identifier, ...]) -> list[Elem | None]:
        first = identifiers[0] if identifiers else None
        return [self.m.text("Name", name), *([self.m("Id", first.value), self.m.code("TypeId", first.kind)] if first else [])]

    def _further(self, identifiers: tuple[Identifier, ...]) -> list[Elem]:
        return [self.m("AdditionalId", self.m("Id", one.value), self.m.code("Type", one.kind)) for one in identifiers[1:]]


def _of_person(person: Person | None) -> Organisation:
    return Organisation(professionals=(Professional(person),)) if person else Organisation()


def _below(value: Organisation) -> list[Organisation]:
    """All units, however deep: the older messages have one level."""
    return [deep for unit in value.units for deep in (unit, *_below(unit))]


def _workers(value: Organisation) -> list[Professional]:
    return [*value.professionals, *(p for unit in _below(value) for p in unit.professionals)]
