"""A payload to the message's content: the facts in rows, and what frames them."""

from messaging.formats.model.message import Content
from messaging.formats.reading import care, clinical
from messaging.formats.wire.elements import Elem, child, code, descendants, moment, text, truth


def content(payload: Elem, frame: Elem | None = None) -> Content:
    """`frame` is the report or request of an older message, which tells status and document number; else the payload does."""
    frame = payload if frame is None else frame
    shipment = next(descendants(payload, "InformasjonOmForsendelsen"), None)
    return Content(
        status=code(shipment, "Forsendelsesstatus") or code(frame, "ServType"),
        report_status=code(frame, "Status"),
        document_id=text(frame, "ServProvId") or text(frame, "DocumentId") or text(frame, "Id"),
        refers_to=tuple(filter(None, (text(one, "Id") for one in frame.iterchildren("{*}ServReq")))),
        issued=moment(frame, "IssueDate"),
        start=moment(frame, "Event", "ReportedEvent", "StartDateTime"),
        stop=moment(frame, "Event", "ReportedEvent", "EndDateTime"),
        kind=code(payload, "TypeInnholdIMelding", "TypeInnhold") or code(payload, "InnholdKonsultasjon", "TypeInnholdKonsultasjon"),
        discipline=code(frame, "MsgDescr"),
        urgency=code(frame, "ReqServ", "Priority"),
        is_answer=truth(shipment, "SvarPaaForesporsel"),
        subject=_subject(frame),
        notes=tuple(care.notes(payload)),
        questions=tuple(care.questions(payload)),
        texts=tuple(part for part in care.texts(payload) if part.text or part.note),
        results=tuple(clinical.results(payload)),
        diagnoses=tuple(one for one in clinical.diagnoses(payload) if one.code or one.text),
        medications=tuple(clinical.medications(payload)),
        critical=tuple(one for one in clinical.critical(payload) if one.text or one.substance or one.notes),
        events=tuple(care.events(payload)),
        discharged_to=next(filter(None, (code(one, "UtTil") for one in descendants(payload, "UtskrevetTil"))), None),
        services=tuple(care.services(payload)),
        functions=tuple(care.functions(payload)),
        relatives=tuple(care.relatives(payload)),
        contacts=tuple(care.contacts(payload)),
        appointments=tuple(care.appointments(payload)),
    )


def _subject(frame: Elem) -> str:
    """The laboratory also answers about animals and materials."""
    return "animal" if child(frame, "Animal") is not None else "material" if child(frame, "Material") is not None else "person"
