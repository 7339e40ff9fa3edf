"""The whole message for a reader: head, patient, what it tells, files – and last everything, as it came."""

from messaging.formats.model.attachment import Attachment
from messaging.formats.model.message import Envelope, Message, ReceiptStatus
from messaging.formats.model.parties import Person
from messaging.formats.showing.blocks import Facts, File, Section, facts, section, table
from messaging.formats.showing.reading_view import coded, reading_view, when, words
from messaging.formats.showing.tree import shown_tree


def as_document(message: Message) -> tuple[Section, ...]:
    """Sections in reading order. The last one, marked `detail`, holds every value of the message, also of a kind we do not know."""
    made = [
        section("Melding", [_head(message)]),
        section("Pasient", [_patient(message.header.patient)]),
        section("Kvittering", [_receipt(message.receipt), _errors(message.receipt)]),
        *reading_view(message.content),
        section("Vedlegg", [_file(place, one) for place, one in enumerate(message.attachments)]),
        section("Transport", [_envelope(message.envelope)]),
        None if message.source is None else Section("Alt innhold", shown_tree(message.source).blocks, detail=True),
    ]
    return tuple(one for one in made if one is not None)


def title_of(message: Message) -> str:
    """What to call the message in a list: the sender's own words for its type, else the standard's name."""
    return words(message.header.type) or message.standard.name or "Ukjent melding"


def _head(message: Message) -> Facts | None:
    head, told, thread = message.header, message.content, message.header.conversation
    return facts(
        ("Type", title_of(message)),
        ("Format", f"{message.standard.name} {message.standard.version}".strip()),
        ("Status", words(told.status)),
        ("Rapportstatus", words(told.report_status)),
        ("Innhold", coded(told.kind)),
        ("Fagområde", words(told.discipline)),
        ("Hastegrad", coded(told.urgency)),
        ("Sendt", when(head.generated)),
        ("Tidsrom", " – ".join(filter(None, (when(told.start), when(told.stop))))),
        ("Fra", head.sender.shown if head.sender else ""),
        ("Til", head.receiver.shown if head.receiver else ""),
        ("Kopi til", "; ".join(one.shown for one in head.copies)),
        ("Meldingsnummer", head.message_id),
        ("Dokumentnummer", told.document_id),
        ("Gjelder", ", ".join(told.refers_to)),
        ("Svar på", thread.parent if thread else ""),
        ("Samtale", thread.root if thread else ""),
        ("Behandling", words(head.processing)),
        ("Underskrift", "Meldingen er signert" if message.signed else ""),
    )


def _patient(person: Person | None) -> Facts | None:
    if person is None:
        return None
    numbers = ((words(one.kind) or "Nummer", one.value) for one in person.identifiers)
    return facts(
        ("Navn", person.shown),
        *numbers,
        ("Født", when(person.born)),
        ("Død", when(person.died)),
        ("Kjønn", words(person.sex)),
        ("Adresse", person.address.shown if person.address else ""),
        ("Telefon", ", ".join(one.shown for one in person.telecoms)),
    )


def _receipt(receipt: ReceiptStatus | None) -> Facts | None:
    if receipt is None:
        return None
    return facts(
        ("Status", coded(receipt.status)),
        ("Gjelder melding", receipt.original_id),
        ("Meldingens type", words(receipt.original_type)),
        ("Meldingen sendt", when(receipt.original_issued)),
        ("Mottakerens system", f"{receipt.software} {receipt.software_version}".strip()),
    )


def _errors(receipt: ReceiptStatus | None):
    rows = ((one.value, one.text, one.original) for one in receipt.errors) if receipt else ()
    return table(("Kode", "Feil", "Forklaring"), rows)


def _file(place: int, one: Attachment) -> File:
    warning = f"Oppgitt som {one.declared}, men er {one.sniffed}." if one.encoded and one.lies else ""
    return File(place, one.title or one.reference or one.number or "Vedlegg", one.media_type, one.size, warning)


def _envelope(envelope: Envelope | None) -> Facts | None:
    if envelope is None:
        return None
    return facts(
        ("Handling", envelope.action),
        ("Tjeneste", envelope.service),
        ("Fra", envelope.sender),
        ("Til", envelope.receiver),
        ("Nummer", envelope.message_id),
        ("Samtale", envelope.conversation),
        ("Avtale", envelope.agreement),
        ("Gjelder", envelope.refers_to),
        ("Sendt", when(envelope.sent)),
        ("Feil", "; ".join(envelope.errors)),
    )
