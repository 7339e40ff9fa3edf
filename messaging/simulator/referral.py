"""Henvisning 2.0, which we only read ourselves: the little of it that a GP's referral needs."""

from datetime import UTC, datetime
from uuid import uuid4

from messaging.formats.model.message import Header, Message
from messaging.formats.model.parties import Party, Person
from messaging.formats.model.values import Code, Moment
from messaging.formats.writing.build import Maker, serialise
from messaging.formats.writing.head import msghead
from messaging.simulator.addresses import OID

NAMESPACE = "http://ehelse.no/xmlstds/henvisning/2017-11-30"
_COMPONENTS = "http://ehelse.no/xmlstds/po/poKomponent/2017-11-30"
_TYPE = Code("HENVISNING_NYTILSTAND", "Henvisning ved ny tilstand")
_SOON, EMERGENCY = Code("1", "Haster"), Code("0", "Ø-hjelp")
_REASON = "Økende tung pust de siste dagene, vektøkning og ødemer. Kjent hjertesvikt. RF 26, SpO2 90 %. Ønsker observasjon og intravenøs diuretika."


def referral(sender: Party, receiver: Party, patient: Person, now: datetime, reason: str = "", urgency: Code = _SOON) -> bytes:
    """To the centre's acute beds. ``urgency``: EMERGENCY is ø-hjelp."""
    at = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    h, po = Maker(NAMESPACE, {None: NAMESPACE, "po": _COMPONENTS}), Maker(_COMPONENTS)
    payload = h(
        "Henvisning",
        h.code("ServType", Code("N", "Ny")),
        h("IssueDate", at),
        h("DocumentId", str(uuid4())),
        po("TypeInnholdIMelding", po.code("TypeInnhold", Code("10", "Utredning/behandling", f"{OID}8455"), system=True)),
        h(
            "ReasonAsText",
            h.code("Heading", Code("PROB", "Aktuell problemstilling", f"{OID}8231"), system=True),
            h("TextResultValue", reason or _REASON),
        ),
        h("Diagnosis", h.code("Concept", Code("K77", "Hjertesvikt", f"{OID}7170"), system=True)),
        h("ReqServ", h.code("ServType", Code("N", "Ny")), h.code("Priority", urgency)),
    )
    header = Header(message_id=str(uuid4()), type=_TYPE, generated=Moment(f"{at}Z"), sender=sender, receiver=receiver, patient=patient)
    return serialise(msghead(Message(header=header), payload))
