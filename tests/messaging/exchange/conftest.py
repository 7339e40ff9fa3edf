"""Anna lies on the ward and lives in Enebakk, which charts elsewhere and takes some kinds of messages."""

from typing import Any

import pytest

from access.models import LegalEntity, Patient
from messaging.models import CommunicationParty, InformationGap
from tests.messaging.engine.conftest import Post, add_party, due_now, post  # noqa: F401 - fixtures
from tests.messaging.engine.letters import ENEBAKK, ENEBAKK_HOME

TAKES = {"DIALOG_FORESPORSEL": ["1.0"], "DIALOG_SVAR": ["1.0"], "DIALOG_HELSEFAGLIG": ["1.1"], "UTSKRIVNINGSRAPPORT": ["1.6"], "LOG_INNLAGT": ["1.6"]}


@pytest.fixture
def enebakk(post: Post, cast: Any) -> CommunicationParty:  # noqa: F811
    entity = LegalEntity.objects.get(id=cast.entities["enebakk"])
    CommunicationParty.objects.filter(her_id=ENEBAKK).update(org_number=entity.org_number)
    CommunicationParty.objects.filter(her_id=ENEBAKK_HOME).update(receives=TAKES, service_type="KP02")
    Patient.objects.filter(id=cast.anna.id).update(municipality_number="3220", general_practitioner="Ragna Vik")
    InformationGap.objects.filter(stay=cast.anna.rows["stay"]).update(mode="message", municipality_number="3220", received_at=None, minutes=None)
    return CommunicationParty.objects.select_related("parent").get(her_id=ENEBAKK_HOME)


@pytest.fixture
def doctor(post: Post) -> CommunicationParty:  # noqa: F811
    """A GP who takes epikriser and nothing else but dialogue."""
    office = add_party("701", "Flateby legesenter", None, None, "")
    gp = add_party("702", "Ragna Vik", office, None, "double")
    CommunicationParty.objects.filter(id=gp.id).update(kind="person", receives={"EPIKRISE": ["1.2"], "DIALOG_HELSEFAGLIG": ["1.1"]})
    return CommunicationParty.objects.select_related("parent").get(id=gp.id)
