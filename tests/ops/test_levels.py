"""Whether what was agreed is kept: each incident by the terms of its day, time that is down counted once, and who the agreement says runs it."""

from datetime import date, timedelta

import pytest

from ops.models import Incident, Terms
from ops.selectors.levels import service_levels
from tests.ops.conftest import KEEPER
from tests.ops.test_pages import text_of

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def lay(duty, opened, *, answer=None, mend=None, severity="serious"):
    return Incident.objects.create(
        system=duty.system, key=f"k{opened:%j%H%M}", severity=severity, title="Borte", origin="monitor", opened_at=opened, alarmed_at=opened, last_seen_at=opened,
        acknowledged_at=opened + answer * MINUTE if answer is not None else None, closed_at=opened + mend * MINUTE if mend is not None else None,
    )  # fmt: skip


def agree(duty, day: date, answer: int):
    return Terms.objects.create(
        system=duty.system,
        valid_from=day,
        operation="external",
        supplier="Firma AS",
        answer_minutes=answer,
        mend_minutes=120,
        up_percent="99.0",
        made_at=duty.now,
    )


def test_each_incident_is_measured_by_the_terms_of_its_day(duty, open_gate):
    now = duty.now
    agree(duty, (now - 40 * DAY).date(), 30)
    agree(duty, (now - 10 * DAY).date(), 10)
    before = lay(duty, now - 20 * DAY, answer=20, mend=100)
    after = lay(duty, now - 5 * DAY, answer=20, mend=100)
    waiting = lay(duty, now - 11 * MINUTE)
    lay(duty, now - 3 * DAY, answer=500, mend=900, severity="notice")
    with open_gate("drift"):
        (kept,) = service_levels(now - 30 * DAY, now + DAY, now)
    assert kept.count == 3 and before not in kept.late
    assert kept.late == [after, waiting] and kept.slow == [] and kept.answer_mean == 20


def test_time_down_is_counted_once_and_cover_from_when_there_was_a_plan(duty, open_gate):
    now = duty.now
    agree(duty, (now - 40 * DAY).date(), 30)
    lay(duty, now - 5 * DAY, answer=1, mend=60, severity="critical")
    lay(duty, now - 5 * DAY + 30 * MINUTE, answer=1, mend=60, severity="critical")
    with open_gate("drift"):
        (kept,) = service_levels(now - 10 * DAY, now, now)
    assert kept.up == pytest.approx(100 - 100 * 90 / (10 * 1440)) and kept.up_kept
    assert kept.cover is None or kept.cover == pytest.approx(100)


def test_the_page_says_where_the_agreement_names_another_operator(duty, cast, client_for):
    agree(duty, (duty.now - 40 * DAY).date(), 30)
    page = text_of(client_for("drift").get("/vakt/tjenesteniva/"))
    assert "Avtalen om felles journal sier" in page and "Firma AS" in page
    lay(duty, duty.now - 40 * MINUTE, answer=35, mend=36)
    year = text_of(client_for(KEEPER).get("/vakt/tjenesteniva/?maned=ar"))
    assert "1 for sent" in year and "svarte for sent" in year and "brutt" in year
