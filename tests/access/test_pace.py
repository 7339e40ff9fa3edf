"""A session that asks like a program is held back, and the first time it is a line in the log."""

import pytest

from access import pace as pacing
from access.pace import Pace

PER_MINUTE = 60


def test_a_minutes_worth_at_once_then_evenly():
    pace = Pace()
    assert all(pace.take("a", PER_MINUTE, 100.0) == (True, False) for _ in range(PER_MINUTE))
    assert pace.take("a", PER_MINUTE, 100.0) == (False, True)
    assert pace.take("a", PER_MINUTE, 100.5) == (False, False)
    assert pace.take("b", PER_MINUTE, 100.5) == (True, False)
    assert pace.take("a", PER_MINUTE, 101.6) == (True, False)
    assert pace.take("a", PER_MINUTE, 101.6) == (False, True)


def test_no_session_and_no_limit_are_not_counted():
    pace = Pace()
    assert all(pace.take(secret, limit, 1.0)[0] for secret, limit in (("", 1), ("a", 0)) for _ in range(9))


def test_the_quietest_are_forgotten(monkeypatch):
    monkeypatch.setattr(pacing, "KEPT", 2)
    pace = Pace()
    for secret in ("a", "b", "c"):
        pace.take(secret, 1, 1.0)
    assert [pace.take(secret, 1, 1.0)[0] for secret in ("c", "a")] == [False, True]


@pytest.mark.django_db
def test_a_page_is_refused_with_what_to_do(cast, client_for, settings, log_rows, monkeypatch):
    monkeypatch.setattr("access.middleware.pace", Pace())
    settings.EPJ_REQUESTS_PER_MINUTE = 3
    nurse, doctor = client_for("lms.sykepleier"), client_for("lms.lege")
    assert [nurse.get("/pasienter/").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = nurse.get("/pasienter/")
    assert refused.headers["Retry-After"] == "60"
    assert "Vent et minutt" in refused.content.decode()
    assert doctor.get("/pasienter/").status_code == 200
    assert [row["user_id"] for row in log_rows(reason_code="too_fast")] == [cast["lms.sykepleier"].id]
