"""People and organisations of both families: the head's Organisation and Ident, the older messages' HCP and Inst."""

from messaging.formats.model.parties import Address, Identifier, Organisation, Party, Person, Professional, Telecom
from messaging.formats.model.values import Code, Moment
from messaging.formats.wire.elements import Elem, child, children, code, local, moment, text


def organisation(element: Elem | None) -> Organisation | None:
    """An Organisation of the head or of a payload, with the service or person inside it."""
    if element is None:
        return None
    return Organisation(
        name=text(element, "OrganisationName"),
        identifiers=_idents(element),
        kind=code(element, "TypeOrganisation"),
        units=tuple(filter(None, (organisation(one) for one in children(element, "Organisation")))),
        professionals=tuple(professional(one) for one in children(element, "HealthcareProfessional")),
        address=address(child(element, "Address")),
        telecoms=_telecoms(element),
    )


def professional(element: Elem) -> Professional:
    return Professional(person(element), code(element, "TypeHealthcareProfessional"), code(element, "RoleToPatient"))


def person(element: Elem) -> Person:
    return Person(
        family=text(element, "FamilyName"),
        given=text(element, "GivenName"),
        middle=text(element, "MiddleName"),
        born=moment(element, "DateOfBirth"),
        sex=code(element, "Sex"),
        nationality=code(element, "Nationality"),
        identifiers=_idents(element),
        address=address(child(element, "Address")),
        telecoms=_telecoms(element),
    )


def party(element: Elem | None) -> Party | None:
    """Sender, Receiver or OtherReceiver of the head."""
    if element is None:
        return None
    inner = next(children(element, "Patient", "Person"), None)
    alone = child(element, "HealthcareProfessional")
    whole = organisation(child(element, "Organisation"))
    if whole is None and alone is not None:
        whole = Organisation(professionals=(professional(alone),))
    return Party(whole, code(element, "RoleReceiver"), None if inner is None else person(inner))


def _idents(element: Elem) -> tuple[Identifier, ...]:
    found = (Identifier(text(one, "Id"), code(one, "TypeId") or Code()) for one in children(element, "Ident"))
    return tuple(one for one in found if one.value)


def _telecoms(element: Elem) -> tuple[Telecom, ...]:
    found = ((next(iter(tele_addresses(one)), None), code(one, "TypeTelecom")) for one in children(element, "TeleCom"))
    return tuple(Telecom(where.address, kind) for where, kind in found if where is not None)


def address(element: Elem | None) -> Address | None:
    if element is None:
        return None
    made = Address(
        street=text(element, "StreetAdr"),
        postal_code=text(element, "PostalCode"),
        city=text(element, "City"),
        postbox=text(element, "Postbox"),
        kind=code(element, "Type"),
        county=code(element, "County"),
        country=code(element, "Country"),
        district=code(element, "CityDistr"),
    )
    return made if made != Address() else None


def hcp_party(element: Elem | None) -> Party | None:
    """A ServProvider, Requester, CopyDest, or an end of a receipt."""
    if element is None:
        return None
    return Party(hcp(child(element, "HCP")), code(element, "Role"))


def hcp(element: Elem | None) -> Organisation | None:
    """HCP: an institution with departments and people, or a person alone."""
    if element is None:
        return None
    inst, alone, whereabouts = child(element, "Inst"), child(element, "HCProf"), child(element, "Address")
    made = _inst(inst) if inst is not None else Organisation()
    lone = (Professional(_hcp_person(alone), code(alone, "Type")),) if alone is not None else ()
    return Organisation(
        name=made.name,
        identifiers=made.identifiers,
        kind=made.kind,
        units=made.units,
        professionals=made.professionals + lone,
        address=address(whereabouts),
        telecoms=tele_addresses(whereabouts),
        speciality=code(element, "MedSpeciality") or code(element, "MedSpecialty"),
    )


def _inst(element: Elem) -> Organisation:
    return Organisation(
        name=text(element, "Name"),
        identifiers=ids(element),
        kind=code(element, "Type"),
        units=tuple(_inst(one) for one in children(element, "Dept")),
        professionals=tuple(Professional(_hcp_person(one)) for one in children(element, "HCPerson")),
    )


def _hcp_person(element: Elem) -> Person:
    return Person(name=text(element, "Name"), identifiers=ids(element))


def ids(element: Elem, own: str = "Id", kind: str = "TypeId") -> tuple[Identifier, ...]:
    """The party's own number and the additional ones."""
    first = Identifier(text(element, own), code(element, kind) or Code())
    more = (Identifier(text(one, "Id"), code(one, "Type") or Code()) for one in children(element, "AdditionalId"))
    return tuple(one for one in (first, *more) if one.value)


def tele_addresses(element: Elem | None) -> tuple[Telecom, ...]:
    written = (one.get("V", "").strip() for one in children(element, "TeleAddress"))
    return tuple(Telecom(one) for one in written if one)


def older_patient(element: Elem | None) -> Person | None:
    """The Patient of the older messages, whose name is one text."""
    if element is None:
        return None
    return Person(
        name=text(element, "Name"),
        born=moment(element, "DateOfBirth"),
        died=moment(element, "DateOfDeath"),
        sex=code(element, "Sex"),
        identifiers=ids(element, "OffId", "TypeOffId"),
        address=address(child(element, "Address")),
        telecoms=tele_addresses(child(element, "Address")),
    )


def related_person(element: Elem) -> Person:
    """PatRelperson and PatientRelParty of the older messages."""
    number = text(element, "OffId") or text(element, "RelPartyOffId")
    identifiers = (Identifier(number, code(element, "TypeOffId") or Code()),) if number else ()
    born: Moment | None = moment(element, "DateOfBirth")
    return Person(
        name=text(element, "Name"),
        born=born,
        sex=code(element, "Sex"),
        identifiers=identifiers,
        address=address(child(element, "Address")),
        telecoms=tele_addresses(child(element, "Address")),
    )


def is_person(element: Elem) -> bool:
    return local(element) == "Person"
