"""The region's size, shrunk: whole, consistent, and as well guarded as what came through the front door."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Concat

from access.models import DecidedMeasure, OrgUnit, Patient, RegisterPerson, User
from auditlog.models import AccessLogEntry
from journal.models import Note, NoteVersion, VitalSet
from lms_epj.core.clock import now
from lms_epj.demo.load import follo
from lms_epj.demo.load.follo.people import LONG_STAY
from lms_epj.demo.load.organisation import load_organisation
from lms_epj.demo.places import UNITS
from lms_epj.demo.staff import make_staff

pytestmark = pytest.mark.django_db
SCALE = 0.002


def constraints_and_indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint WHERE conrelid <> 0")
        found = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE NOT c.relispartition AND c.relnamespace = 'public'::regnamespace"
        )
        return found | {row[0].split(" WHERE ")[0] for row in cursor.fetchall()}  # a condition is written out anew in other words


def their_units() -> set:
    """Those of the demo; other tests have units of their own."""
    names = {unit.name for unit in UNITS.values()}
    return set(OrgUnit.objects.filter(Q(name__in=names) | Q(name__startswith="Hjemmesykepleien sone")).values_list("pk", flat=True))


@pytest.fixture
def loaded(capsys):
    before = constraints_and_indexes()
    # The people of the other tests go aside until this one is rolled back.
    User.objects.update(username=Concat("username", Value(".aside")))
    org = load_organisation("default", make_staff(Random(1)).staff)
    follo.load_follo(org, now(), SCALE)
    return before


def test_constraints_and_indexes_are_made_again(loaded):
    assert loaded <= constraints_and_indexes()
    assert all("auditlog_entry_" in one for one in constraints_and_indexes() - loaded)  # of the partitions made meanwhile


def test_every_note_has_its_version(loaded):
    notes = Note.objects.filter(unit__in=their_units())
    assert notes.count() > 2000
    assert notes.filter(versions__isnull=True).count() == 0
    assert NoteVersion.objects.filter(unit__in=their_units()).count() == notes.count()
    assert VitalSet.objects.filter(unit__in=their_units(), news2_total__isnull=True).count() == 0


def test_records_are_opened_by_measures_of_the_unit_that_writes(loaded):
    writers = set(Note.objects.filter(unit__in=their_units()).values_list("patient_id", "unit_id"))
    opened = set(DecidedMeasure.objects.values_list("patient_id", "unit_id"))
    assert writers <= opened


def test_one_record_is_very_long(loaded):
    longest = max(Note.objects.filter(patient=p).count() for p in Patient.objects.values_list("pk", flat=True))
    assert longest > 3 * Note.objects.count() / Patient.objects.count()
    assert LONG_STAY == 0


def test_the_log_tells_of_real_people_over_the_past_year(loaded):
    rows = AccessLogEntry.objects.filter(unit_id__in=their_units())
    assert rows.count() == 2 * round(follo.LOG_PAIRS * SCALE)
    assert set(rows.values_list("user_id", flat=True)) <= set(User.objects.values_list("pk", flat=True))
    assert set(rows.values_list("patient_id", flat=True)) <= set(Patient.objects.values_list("pk", flat=True))
    assert rows.order_by("at").first().at > now() - timedelta(days=367)
    assert rows.filter(outcome="shown", objects_shown__isnull=True).count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auditlog_entry_default")
        assert cursor.fetchone()[0] == 0


def test_more_people_than_patients(loaded):
    assert RegisterPerson.objects.count() > 3 * Patient.objects.count()
