"""A year of the access log: ten million rows as the gate writes them, an ``allow`` and a ``shown`` row for each opened record."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from access.models import AccessAuthorisation
from lms_epj.demo.load.copying import Keys, copy_lines, field, line
from lms_epj.demo.load.follo.staff import Region
from lms_epj.demo.load.progress import Progress

LOG_PAIRS = 5_000_000
COLUMNS = (
    "at", "request_id", "session_id", "user_id", "user_name", "hpr_number", "profession", "role_code", "role_name", "unit_id", "unit_name",
    "legal_entity_id", "legal_entity_name", "action", "route", "patient_id", "patient_name", "measure_id", "template_code",
    "template_name", "purpose", "device", "outcome", "objects_shown", "categories", "epoch",
)  # fmt: skip
ROUTES = ("patient", "notes", "board", "daylist", "search", "curve", "note", "my_patients")
DEVICE = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
SHOWN_POOL = 4000


def load_log(cursor: CursorWrapper, region: Region, progress: Progress, scale: float) -> None:
    """Rows of the past year, spread over units by their patients. Their transaction id is that of the load: the sealer takes them whole."""
    cursor.execute("SELECT auditlog.ensure_partitions(%s, 18)", [(region.now - timedelta(days=366)).date()])
    cursor.execute("SELECT number FROM auditlog.epoch")
    epoch = cursor.fetchone()[0]
    progress.say("access log")
    measures = _measures(cursor)  # read before the copy begins: the connection does nothing else meanwhile
    copy_lines(cursor, "auditlog_entry", COLUMNS, _lines(region, _acting(region), measures, round(LOG_PAIRS * scale), epoch), progress)


def _lines(region: Region, units: dict[UUID, list[tuple[str, str]]], measures: dict[UUID, str], pairs: int, epoch: int) -> Iterator[str]:
    rng, key = Random("follo-log"), Keys("follo-log")
    rand = rng.random
    shown = [_shown(rng, key) for _ in range(SHOWN_POOL)]
    patients = [(p, p.home.id, field(p.name)) for p in region.patients if p.home.id in units and UUID(p.id) in measures]
    size, step = len(patients), timedelta(days=365) / pairs
    at = region.now - timedelta(days=365)
    device = field(DEVICE)
    for _ in range(pairs):
        at += step
        patient, unit, name = patients[int(size * rand() ** 1.6)]
        people = units[unit]
        full, short = people[int(len(people) * rand())]
        route = ROUTES[int(8 * rand())]
        ms = 1_700_000_000_000
        both = f"{at.isoformat()}\t{key(ms)}\t"
        basis = measures[UUID(patient.id)]
        yield f"{both}{full}\tread\t{route}\t{patient.id}\t{name}\t{basis}\t{device}\tallow\t\\N\t\\N\t{epoch}"
        seen = shown[int(SHOWN_POOL * rand())]
        yield f"{both}{short}\tread\t{route}\t{patient.id}\t\t\\N\t\t\t\t\tshown\t{seen}\t{epoch}"


def _acting(region: Region) -> dict[UUID, list[tuple[str, str]]]:
    """Unit → (who acts as an allow row has it, as a shown row has it), from the register of authorisations."""
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    key = Keys("follo-sessions")
    rows = AccessAuthorisation.objects.using(region.org.using).filter(role__may_chart=True)
    for a in rows.select_related("user", "role", "unit", "unit__legal_entity"):
        session = key(1_700_000_000_000)
        names = [a.user.get_full_name(), "", a.role.required_profession, a.role.code, a.role.name]
        entity = a.unit.legal_entity
        full = line(session, a.user_id, *names, a.unit_id, a.unit.name, entity.pk, entity.name)
        short = line(session, a.user_id, "", "", "", "", "", a.unit_id, "", entity.pk, "")
        found[a.unit_id].append((full, short))
    return found


def _measures(cursor: CursorWrapper) -> dict[UUID, str]:
    """Patient → a measure as an allow row has it."""
    cursor.execute(
        "SELECT DISTINCT ON (m.patient_id) m.patient_id, m.id, t.code, t.name, t.purpose FROM access_decidedmeasure m "
        "JOIN access_measuretemplate t ON t.id = m.template_id ORDER BY m.patient_id, m.starts_at DESC"
    )
    return {patient: line(*basis) for patient, *basis in cursor.fetchall()}


def _shown(rng: Random, key: Keys) -> str:
    """(what was shown, categories) of one response: a few entries."""
    ids = [str(UUID(key(1_700_000_000_000))) for _ in range(rng.randint(1, 4))]
    return f"{field(json.dumps({'note': ids}))}\t{{6,7}}"
