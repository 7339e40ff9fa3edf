"""The steps of the throughput run: puts messages in, waits until they are through, and reads off the rows when each thing happened."""

import time
from pathlib import Path
from random import Random
from statistics import median
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import connections

from access.models import Patient, PatientIdentity
from lms_epj.bench.flow_where import where
from lms_epj.bench.storm_feed import compose, described, dialogue, one
from lms_epj.bench.storm_ground import THEIRS, WARD
from lms_epj.bench.storm_nurse import ask
from lms_epj.bench.storm_partner import put
from messaging.formats.write import write
from messaging.models import CommunicationParty
from messaging.services.handling import party_of

PACE = 20  # messages a second, where what one of them waits for is measured
POLL = 0.25  # seconds between two looks of the nurse's at her list


class Ground:
    """Who can be written about, and both addresses."""

    def __init__(self, folder: Path, nurse: str) -> None:
        using = settings.DATABASE_OWNER_ALIAS
        self.folder, self.nurse = folder, nurse
        self.parties = {each.her_id: party_of(each) for each in CommunicationParty.objects.using(using).select_related("parent")}
        numbers = dict(PatientIdentity.objects.using(using).values_list("patient_id", "value"))
        self.people = [(each.id, described(each, numbers[each.id])) for each in Patient.objects.using(using).order_by("id")]

    def letter(self, place: int, *, out: bool = False) -> tuple[Any, Any]:
        """A message about each patient in turn, and whom it is about."""
        patient, person = self.people[place % len(self.people)]
        ends = (WARD, THEIRS) if out else (THEIRS, WARD)
        return patient, dialogue(person, self.parties[ends[0]], self.parties[ends[1]], place)


def run(step: str, folder: Path, nurse: str, options: dict[str, Any]) -> dict[str, Any]:
    """One step. {at: time} where it put something in, else figures."""
    count = options["count"]
    if step.startswith("drain"):
        return drained(step.removeprefix("drain-"), count, options["since"])
    ground = Ground(folder, nurse)
    if step == "where":
        return where(ground, count)
    if step == "paced":
        return paced(ground, options["url"], options["seconds"], PACE)
    at = _ask("SELECT clock_timestamp()::text")[0][0]
    for place in range(count):
        patient, letter = ground.letter(place, out=step == "letters-out")
        if step == "letters-out":
            compose(nurse, patient, letter)
        else:
            put(folder / "in", write(letter))
    return {"at": at}


def drained(way: str, count: int, since: str) -> dict[str, Any]:
    """Waits until all that was put in is through, and says how many a second that was, from the first that was touched."""
    sent = "SELECT count(*) FROM messaging_outboxitem WHERE handed_over_at >= %s::timestamptz"
    while one(sent, since) < count:
        time.sleep(0.5)
    last = _ask("SELECT max(settled_at) FROM messaging_outboxitem WHERE settled_at >= %s::timestamptz", since)[0][0]
    if way == "out":
        first = _ask("SELECT min(at) FROM auditlog_entry WHERE action = 'message_send' AND at >= %s::timestamptz", since)[0][0]
        return {"sent": count / (last - first).total_seconds()}
    first = _ask("SELECT min(received_at) FROM messaging_message WHERE received_at >= %s::timestamptz", since)[0][0]
    filed = _ask("SELECT max(at), count(*) FROM auditlog_entry WHERE action = 'message_filed' AND at >= %s::timestamptz", since)[0]
    return {"filed": filed[1] / (filed[0] - first).total_seconds(), "receipted": count / (last - first).total_seconds()}


def paced(ground: Ground, address: str, seconds: float, pace: int) -> dict[str, Any]:
    """So many a second. From the file's arrival until it is filed, receipted and on the nurse's list."""
    done = Event()
    looks: list[tuple[float, str]] = []
    reader = Thread(target=_look, args=(address, ground.nurse, done, looks), daemon=True)
    reader.start()
    arrived: dict[str, float] = {}
    began = time.time()
    for place in range(int(seconds * pace)):
        letter = ground.letter(place)[1]
        raw = write(letter)
        time.sleep(max(0.0, began + place / pace + Random(place).uniform(0, 1 / pace) - time.time()))
        put(ground.folder / "in", raw)
        arrived[letter.header.message_id] = time.time()
    time.sleep(10)
    done.set()
    reader.join()
    rows = _ask(
        """SELECT m.id::text, m.msg_id, extract(epoch FROM l.at)::float, extract(epoch FROM o.settled_at)::float FROM messaging_message m
        JOIN auditlog_entry l ON l.request_id = m.id AND l.action = 'message_filed'
        LEFT JOIN messaging_receipt r ON r.message_id = m.id LEFT JOIN messaging_outboxitem o ON o.message_id = r.carrier_id
        WHERE m.direction = 'in' AND m.state = 'filed' AND m.msg_id = ANY (%s)""",
        list(arrived),
    )  # fmt: skip
    shown = {number: next((at for at, page in looks if key in page), None) for key, number, _, _ in rows}
    return {
        "pace": pace, "count": len(arrived), "in time": len(rows), "on the list": sum(1 for at in shown.values() if at),
        "filed": _spread(filed - arrived[number] for _, number, filed, _ in rows),
        "receipted": _spread(sent - arrived[number] for _, number, _, sent in rows if sent),
        "shown": _spread(at - arrived[number] for number, at in shown.items() if at),
        "looks": len(looks),
    }  # fmt: skip


def _look(address: str, nurse: str, done: Event, looks: list[tuple[float, str]]) -> None:
    while not done.wait(POLL):
        status, page = ask(address, nurse, "GET", "/meldinger/")
        if status != 200:
            raise RuntimeError(f"the list of messages answered {status}")
        looks.append((time.time(), page))


def _spread(values: Any) -> dict[str, float]:
    """Seconds."""
    found = sorted(values)
    return {"median": median(found), "p95": found[int(len(found) * 0.95)], "most": found[-1]} if found else {}


def _ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[settings.DATABASE_OWNER_ALIAS].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
