"""Facts that more than one standard carries: results, diagnoses, medicines, warnings."""

from collections.abc import Iterable

from messaging.formats.model.facts import Critical, Diagnosis, LabResult, Medication, TextPart
from messaging.formats.model.values import Code, Moment, Quantity
from messaging.formats.reading.parties import professional
from messaging.formats.wire.elements import (
    Elem,
    child,
    children,
    code,
    codes,
    descendants,
    local,
    moment,
    prose,
    quantity,
    text,
    truth,
)


def diagnoses(payload: Elem) -> Iterable[Diagnosis]:
    for one in descendants(payload, "MedisinskDiagnose", "TidligereSykdomFragment", "Diagnosis", "Observation"):
        if local(one) == "Diagnosis":
            yield Diagnosis(code(one, "Concept"), _modifiers(one))
        elif local(one) == "Observation":
            if is_diagnosis(one):
                coded = child(one, "CodedDescr")
                yield Diagnosis(code(coded, "Concept"), prose(one, "Description") or _modifiers(coded), observation_kind(one) == _MAIN)
        elif local(one) == "MedisinskDiagnose":
            yield Diagnosis(code(one, "Diagnosekode"), text(one, "DiagnoseBeskrivelse"), truth(one, "Hoveddiagnose"))
        else:
            yield Diagnosis(code(one, "Diagnosekode"), text(one, "TidligereSykdom"), former=True)


_MAIN, _DIAGNOSES = "H", ("H", "B")
# Kinds of clinical information (8233) that warn.
_WARNINGS = {"CAVE": "cave", "NB": "precaution", "SM": "infection"}


def observation_kind(element: Elem) -> str:
    """What the item around an Observation says it is (8233)."""
    return (code(element.getparent(), "Type") or Code()).value


def is_diagnosis(observation: Elem) -> bool:
    return observation_kind(observation) in _DIAGNOSES


def is_warning(observation: Elem) -> bool:
    return observation_kind(observation) in _WARNINGS


def _modifiers(element: Elem | None) -> str:
    return ", ".join(c.label for m in children(element, "Modifier") for c in codes(m, "Value"))


def medications(payload: Elem) -> Iterable[Medication]:
    for one in descendants(payload, "ForenkletForskrivning", "AdmAvHelsepersonell", "Egenadministrering", "Medication"):
        if local(one) == "Medication":
            yield _older_medication(one)
        elif local(one) == "ForenkletForskrivning":
            yield _prescription(one)
        else:
            yield _administration(one)


def _prescription(element: Elem) -> Medication:
    by = child(element, "Forskriver")
    return _medication(
        child(element, "Forskrivningsinfo"),
        status=code(element, "StatusTilForskrivningen"),
        multidose=code(element, "InngaarIMultidose"),
        prescription=text(element, "ReseptId"),
        note=text(element, "Merknad"),
        by=professional(by) if by is not None else None,
    )


def _medication(info: Elem | None, **more: object) -> Medication:
    facts: dict[str, object] = {
        "name": text(info, "Navn"),
        "atc": code(info, "Atc"),
        "generic": text(info, "GeneriskNavn"),
        "form": code(info, "Legemiddelform"),
        "strength": quantity(info, "Styrke"),
        "dose": text(info, "DosVeiledEnkel"),
        "purpose": text(info, "BruksomradeTekst"),
        "use": code(info, "Bruk"),
        "start": moment(info, "DoseringStarttidspunkt"),
        "stop": moment(info, "DoseringSluttidspunkt"),
        "number": text(info, "Nr"),
    }
    return Medication(**(facts | more))  # type: ignore[arg-type]


def _administration(element: Elem) -> Medication:
    by = child(element, "AdministrertAv")
    handed_out = [text(one, "AntEnkeltdoser") for one in children(element, "UtlevertLegemiddel")]
    return _medication(
        child(element, "Forskrivningsinfo"),
        given=True,
        amount=quantity(element, "AdmEnkeltdose"),
        start=moment(element, "AdmStart"),
        stop=moment(element, "AdmSlutt"),
        status=code(element, "AdmStatus"),
        note=text(element, "AdministrertLegemiddel", "Kvantum") or ", ".join(filter(None, handed_out)),
        by=professional(by) if by is not None else None,
    )


def _older_medication(element: Elem) -> Medication:
    item = element.getparent()
    drug = code(element, "DrugId") or Code()
    return Medication(
        name=drug.label,
        atc=drug if drug.value else None,
        form=code(element, "Form"),
        dose=text(element, "DosageText"),
        status=code(element, "Status"),
        amount=quantity(element, "UnitDose"),
        start=moment(item, "StartDateTime"),
        stop=moment(item, "EndDateTime"),
        note=text(element, "Comment"),
    )


def critical(payload: Elem) -> Iterable[Critical]:
    for one in descendants(payload, "StikkordCave", "Allergi", "PatientPrecaution", "Observation"):
        if local(one) == "StikkordCave":
            yield Critical("cave", text(one, "CaveStikkord"), notes=_notes(one))
        elif local(one) == "Observation":
            if is_warning(one):
                yield Critical(_WARNINGS[observation_kind(one)], prose(one, "Description"), code(one, "CodedDescr", "Concept"))
        elif local(one) == "PatientPrecaution":
            yield Critical("precaution", text(one, "Precaution"))
        else:
            yield Critical(
                "allergy",
                text(one, "AllergiskMot"),
                code(one, "VirkestoffLegemiddel") or code(one, "KodeAnnetStoff"),
                code(one, "AnafylaktiskeReaksjoner"),
                _notes(one.getparent()),
            )


def _notes(element: Elem | None) -> tuple[TextPart, ...]:
    return tuple(journal_text(one, "critical") for one in children(element, "Journaltekst"))


def journal_text(element: Elem, section: str) -> TextPart:
    return TextPart(prose(element, "Notat"), code(element, "Overskriftskode"), section, text(element, "Merknad"))


def results(payload: Elem) -> Iterable[LabResult]:
    for one in descendants(payload, "ResultItem"):
        number, interval, words = child(one, "NumResult"), child(one, "Interval"), child(one, "TextResult")
        measured = quantity(number, "NumResultValue")
        yield LabResult(
            analysis=_analysis(one),
            value=measured.value if measured else _value_in_words(words) or text_of_date(one),
            unit=measured.unit if measured else text(words, "Unit"),
            comparator=code(number, "ArithmeticComp"),
            low=_bound(interval, "Low"),
            high=_bound(interval, "High"),
            reference="; ".join(filter(None, (text(r, "Descr") for r in children(one, "RefInterval")))),
            deviation=code(one, "DevResultInd"),
            status=code(one, "StatusInvestigation"),
            change=code(one, "ServType"),
            taken=moment(one, "InvDate") or _sampled(one),
            material=_material(one),
            comment=text(one, "Comment"),
            number=text(one, "IdResultItem"),
            belongs_to=text(one, "RefIdResultItem") or _parent_number(one),
        )


def _analysis(item: Elem) -> Code | None:
    asked = child(item, "Investigation")
    return code(asked if asked is not None else child(item, "ClinInv"), "Id")


def _bound(interval: Elem | None, name: str) -> Quantity | None:
    return quantity(interval, name)


def _value_in_words(words: Elem | None) -> str:
    inner = child(words, "Result")
    holder = inner if inner is not None else words
    pieces = [prose(holder, "TextResultValue"), *(c.label for c in codes(holder, "TextCode"))] if holder is not None else []
    return "\n".join(filter(None, pieces))


def text_of_date(item: Elem) -> str:
    found = moment(item, "DateResult", "DateResultValue")
    return found.written if found else ""


def _samples(item: Elem) -> list[Elem]:
    """The samples a result says it was measured on; all of the patient's when it says none."""
    wanted = {text(item_ref) for item_ref in children(item, "RefAnalysedSubject")}
    holder = item.getparent()
    while holder is not None and local(holder) == "ResultItem":
        holder = holder.getparent()
    every = list(children(holder, "AnalysedSubject"))
    return [one for one in every if text(one, "IdByServProvider") in wanted] if wanted else every[:1] if len(every) == 1 else []


def _sampled(item: Elem) -> Moment | None:
    return next(filter(None, (moment(one, "CollectedSample", "CollectedDate") for one in _samples(item))), None)


def _material(item: Elem) -> str:
    words = (text(one, "Type") or (code(one, "TypeCoded") or Code()).label for one in _samples(item))
    return ", ".join(dict.fromkeys(filter(None, words)))


def _parent_number(item: Elem) -> str:
    above = item.getparent()
    return text(above, "IdResultItem") if above is not None and local(above) == "ResultItem" else ""
