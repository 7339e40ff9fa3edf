"""Facts of the care messages and the dialogue: events, services, people around the patient, questions, notes."""

from collections.abc import Iterable

from messaging.formats.model.facts import (
    Appointment,
    Contact,
    Event,
    FunctionLevel,
    Note,
    Question,
    Relative,
    Service,
    TextPart,
)
from messaging.formats.reading.clinical import is_diagnosis, is_warning, journal_text
from messaging.formats.reading.parties import hcp, organisation, person, professional, related_person
from messaging.formats.wire.elements import Elem, child, children, code, codes, descendants, local, moment, prose, text, truth

_CRITICAL = {"Allerginotat", "StikkordCave"}
_SECTIONS = {
    "MedisinskfagligeOpplysninger": "medical",
    "Sykepleierdokumentasjon": "nursing",
    "OpplysningerAndreFaggrupper": "professions",
}


def texts(payload: Elem) -> Iterable[TextPart]:
    for one in descendants(payload, "Journaltekst", "ReasonAsText", "Comment", "Observation", "Funksjonsbeskrivelse"):
        name = local(one)
        if name == "Journaltekst":
            if local(one.getparent()) not in _CRITICAL:
                yield journal_text(one, _section(one))
        elif name == "Observation":
            if is_diagnosis(one) or is_warning(one):
                continue  # told as what they are
            yield TextPart(prose(one, "Description"), code(one.getparent(), "Type"), "observation", text(one, "Comment"))
        elif name == "Funksjonsbeskrivelse":
            yield TextPart(prose(one, "FunksjonsbeskrivelseTekst"), code(one, "Funksjonsvariabel"), "function", text(one, "Merknad"))
        elif len(one):
            yield _headed(one, "reason" if name == "ReasonAsText" else "comment")
        elif text(one):
            yield TextPart(text(one), section="comment")


def _headed(element: Elem, section: str) -> TextPart:
    words = [prose(element, "TextResultValue"), *(c.label for c in codes(element, "TextCode") + codes(element, "CodedComment"))]
    return TextPart("\n".join(filter(None, words)), code(element, "Heading"), section)


def _section(element: Elem) -> str:
    return next((_SECTIONS[local(above)] for above in element.iterancestors() if local(above) in _SECTIONS), "other")


def events(payload: Elem) -> Iterable[Event]:
    for one in descendants(payload, "TidsfestetHendelse"):
        yield Event(
            code(one, "Hendelsekode"),
            moment(one, "TidspunktForHendelse"),
            truth(one, "Anslag"),
            text(one, "BeskrivelseAvHendelse"),
            text(one, "StedForHendelse", "StedHendelse"),
            text(one, "Merknad"),
        )


def services(payload: Elem) -> Iterable[Service]:
    for one in descendants(payload, "EksisterendeTjeneste", "TjenesteBehov"):
        yield Service(
            kind=code(one, "IPLOStjenestetype"),
            name=text(one, "BetegnelseTjeneste"),
            private=truth(one, "PrivatTjeneste"),
            provider=text(one, "TjenestenLevertAv") or text(one, "VedInstitusjon"),
            information=text(one, "OpplysningerOmTjenesten") or text(one, "BeskrivelseAvTjeneste"),
            amount=text(one, "AntallEnheter") or text(one, "AntallEnheterOnsket"),
            unit=text(one, "Enhet"),
            start=moment(one, "Startdato"),
            stop=moment(one, "Sluttdato"),
            note=text(one, "Merknad"),
            wanted=local(one) == "TjenesteBehov",
        )

    for one in descendants(payload, "ReqInvestigation"):
        yield from (_ordered(one, asked) for asked in children(one, "Investigation"))


def _ordered(order: Elem, investigation: Elem) -> Service:
    """An investigation that is asked for."""
    what = code(investigation, "Id")
    return Service(
        kind=what,
        name=what.label if what else "",
        information=", ".join(one.label for one in codes(investigation, "Spec")),
        start=moment(order, "ReqDate"),
        note="; ".join(filter(None, (text(investigation, "Comment"), text(order, "Comment")))),
        wanted=True,
    )


def functions(payload: Elem) -> Iterable[FunctionLevel]:
    for one in descendants(payload, "KartlagtFunksjon"):
        yield FunctionLevel(code(one, "Funksjonsvariabel"), text(one, "Vurdering"), text(one, "Merknad"))


def relatives(payload: Elem) -> Iterable[Relative]:
    for one in descendants(payload, "ParorendeForesatt", "PatRelperson", "PatientRelParty"):
        named = child(one, "Referanseperson")
        if named is None:
            yield Relative(related_person(one), code(one, "Relation") or code(one, "Relation", "RelationCode"), note=text(one, "Description"))
        else:
            yield Relative(
                person(named),
                code(one, "Slektskap"),
                code(one, "Omsorgsfunksjon"),
                text(one, "FodselsarMindrearigParorende"),
                text(one, "Merknad"),
            )


_FUNCTIONS = {
    "TilknyttetEnhet": "unit",
    "KontaktpersonHelsepersonell": "contact",
    "AnsvarForRapport": "responsible",
    "RollerRelatertNotat": "role",
    "PatRelHCP": "relation",
    "RelServProvider": "relation",
    "ResponsibleHcp": "relation",
    "PasientrelatertKontaktperson": "contact",
    "ContactPerson": "contact",
}


def contacts(payload: Elem) -> Iterable[Contact]:
    for one in descendants(payload, *_FUNCTIONS):
        if local(one) == "TilknyttetEnhet" and local(one.getparent()) == "RollerRelatertNotat":
            continue  # told with the role it stands in
        if child(one, "HCP") is not None:
            yield Contact(_FUNCTIONS[local(one)], organisation=hcp(child(one, "HCP")), role=code(one, "Relation"))
        elif len(one):
            yield _contact(one, _FUNCTIONS[local(one)])


def _contact(element: Elem, function: str) -> Contact:
    unit = child(element, "TilknyttetEnhet")
    holder = unit if unit is not None else element
    whole = next((e for e in (child(holder, "Kontaktenhet"),) if e is not None), None)
    worker = _any(element, "AnsvarligRapport", "Kontaktperson", "HealthcareProfessional")
    worker = worker if worker is not None else child(unit, "HealthcareProfessional")
    human = _any(element, "Person", "Referanseperson")
    human = human if human is not None else child(unit, "Person")
    return Contact(
        function,
        professional(worker) if worker is not None else None,
        organisation(whole),
        person(human) if human is not None else None,
        code(element, "RoleToPatient") or code(element, "RolleNotat") or code(element, "TypeRelasjon"),
        moment(element, "GodkjentDato"),
        text(element, "Merknad") or text(unit, "Merknad"),
    )


def _any(element: Elem, *names: str) -> Elem | None:
    return next((e for e in children(element, *names) if len(e)), None)


def questions(payload: Elem) -> Iterable[Question]:
    for one in descendants(payload, "Foresporsel"):
        yield Question(
            kind=code(one, "TypeForesp"),
            topic=text(one, "EmneSporsmal"),
            text=prose(one, "Sporsmal"),
            reason=text(one, "Begrunnelse"),
            purpose=code(one, "Formål"),
            urgency=code(one, "Hastegrad"),
            since=moment(one, "FraDato"),
            until=moment(one, "TilDato"),
            items=codes(one, "TypeJournalinfo") + codes(one, "KodetOpplysning"),
            document_id=text(one, "DokIdForesp") or text(one, "RefDokIdForesp"),
        )


def notes(payload: Elem) -> Iterable[Note]:
    for one in children(payload, "Notat") if local(payload) == "Dialogmelding" else ():
        yield Note(
            theme=code(one, "TemaKodet"),
            title=text(one, "Tema"),
            text=prose(one, "TekstNotatInnhold"),
            remark=text(one, "Merknad"),
            document_id=text(one, "DokIdNotat"),
            written=moment(one, "DatoNotat"),
        )


def appointments(payload: Elem) -> Iterable[Appointment]:
    for one in descendants(payload, "InfoKontrolltime"):
        inner = next(children(one), None)
        if inner is None:
            continue
        yield Appointment(
            booked=truth(inner, "BestiltKontrolltime"),
            time=text(inner, "TidspunktTime") or text(inner, "TentativtTidspunktTime"),
            minutes=text(inner, "Varighet"),
            place=text(inner, "StedTime"),
            patient_books=truth(inner, "PasientParorendeBestiller"),
            patient_told=truth(inner, "InformertOm", "PasientInformert"),
            relatives_told=truth(inner, "InformertOm", "ParorendeInformert"),
            note=text(inner, "Merknad"),
        )
