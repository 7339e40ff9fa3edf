"""The ground of the tests themselves: the cast stands, and acting as the application is really acting as it."""

import pytest
from django.db import ProgrammingError, connection, transaction

from access import gate
from access.domain.codes import Action
from access.models import Patient
from journal.models import Note

pytestmark = pytest.mark.django_db


def test_home_nurse_reads_her_patient_and_nobody_else(cast, open_gate):
    with open_gate("aas.hjemmesykepleier", patient=cast.kari.id) as opened:
        assert [p.family_name for p in Patient.objects.all()] == ["Kvistmyrhansen"]
        assert {n.id for n in Note.objects.all()} == {cast.kari.rows["note"], cast.kari.rows["draft"]}
        assert opened.may(Action.WRITE, 7)
    assert Patient.objects.count() >= 5


def test_foreign_patient_is_refused(cast, open_gate):
    with pytest.raises(gate.Refusal), open_gate("aas.hjemmesykepleier", patient=cast.foreign.id):
        pass
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT current_user").fetchone()[0] == "epj_owner"


def test_block_hides_the_record_from_the_ward_but_not_critical_information(cast, open_gate):
    with open_gate("lms.sykepleier", patient=cast.blocked.id):
        assert not Note.objects.exists()
        from journal.models import CriticalInfo

        assert CriticalInfo.objects.count() == 1


def test_as_app_and_back(as_app, as_owner):
    with as_app():
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM access_session")
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM access_session")
        assert Patient.objects.count() == 0


def test_clock_stands_where_it_is_put(set_clock):
    from datetime import UTC, datetime

    moment = datetime(2031, 5, 4, 3, 2, tzinfo=UTC)
    set_clock(moment)
    assert gate.call("clock") == moment
    set_clock(None)
    assert gate.call("clock") != moment
