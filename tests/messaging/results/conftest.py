"""The laboratory of the hospital writes to the ward about somebody of the cast."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from messaging.formats.model.parties import Identifier, Organisation, Party
from messaging.formats.model.values import Code, Moment
from messaging.simulator.laboratory import FINDINGS, Finding, laboratory_report
from tests.messaging.engine.conftest import Post, due_now, post  # noqa: F401 - fixtures
from tests.messaging.engine.letters import HER, LMS, WARD, about, end

LAB = end("Akershus universitetssykehus", "501", "Laboratoriet", "502")
TO = Party(
    Organisation(
        name="Follo LMS", identifiers=(Identifier(LMS, HER),), units=(Organisation(name="Døgnenheten", identifiers=(Identifier(WARD, HER),)),)
    )
)


@pytest.fixture
def report(post: Post, cast: Any) -> Any:  # noqa: F811
    """`report(CRP, …)`: arrives, and is settled. ``at`` is when it was written."""

    def made(*findings: Finding, patient: Any = None, at: datetime | None = None, **how: Any) -> Any:
        whom = about(patient or cast.anna, born=Moment("1938-07-19") if patient is None else None, sex=Code("2", "Kvinne"))
        now = at or datetime.now(UTC) - timedelta(minutes=5)
        return post.receive(laboratory_report(LAB, TO, whom, now, findings=findings or FINDINGS, **how))

    return made
