"""The ``follo`` size on top of the ward's: a whole region's people, staff, courses and a year of access log, by COPY.

Everything is written in the caller's transaction: either whole or not at all.
"""

from datetime import datetime

from django.db import connections

from lms_epj.demo import bulk
from lms_epj.demo.load.copying import bare
from lms_epj.demo.load.follo.access_log import LOG_PAIRS, load_log
from lms_epj.demo.load.follo.courses import load_courses
from lms_epj.demo.load.follo.people import load_people
from lms_epj.demo.load.follo.records import load_records
from lms_epj.demo.load.follo.staff import load_units_and_staff
from lms_epj.demo.load.organisation import Organisation
from lms_epj.demo.load.progress import Progress

BARE = [
    "journal_note", "journal_noteversion", "journal_vitalset", "journal_task", "journal_medication", "journal_diagnosis", "auditlog_entry",
]  # fmt: skip
CLINICAL = 2 * bulk.NOTES + bulk.VITALS + bulk.TASKS + bulk.MEDICATIONS + bulk.DIAGNOSES


def load_follo(org: Organisation, now: datetime, scale: float = 1.0) -> None:
    """``scale`` shrinks everything, for tests."""
    progress = Progress(round(scale * (CLINICAL + bulk.PERSONS + 2 * LOG_PAIRS)))
    source = bulk.Bulk(now, scale=scale)
    with connections[org.using].cursor() as cursor, bare(cursor, BARE, progress):
        region = load_units_and_staff(org, source)
        load_people(cursor, region, source, progress)
        load_courses(cursor, region, progress)
        load_records(cursor, region, source, progress)
        load_log(cursor, region, progress, scale)
    progress.finish()
