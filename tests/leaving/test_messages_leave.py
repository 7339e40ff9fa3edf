"""Messages are part of the record: the copy of one who leaves holds them, and they stand in the new installation as they stood here."""

import json

import pytest

from journal.services import exports
from messaging.models import Message
from tests.leaving.conftest import lines_of
from tests.leaving.receiver import RECEIVER
from tests.messaging.engine.conftest import post  # noqa: F401 - a fixture
from tests.messaging.engine.letters import about, letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(post, cast):  # noqa: F811
    """A letter about a resident of the municipality that leaves, read by a nurse of the ward."""
    return post.receive(letter(about(cast.anna), text="Sonden er byttet."))


def test_a_message_goes_along_with_its_receipts(filed, cast, copied):
    line = lines_of(copied())[str(cast.anna.id)]
    (row,) = line["entries"]["messaging_message"]
    assert row["id"] == str(filed.id) and bytes.fromhex(row["raw"].removeprefix("\\x")) == bytes(Message.objects.get(id=filed.id).raw)
    (receipt,) = line["attached"]["messaging_receipt"]
    assert (receipt["message_id"], receipt["state"], receipt["carrier_id"]) == (str(filed.id), "ok", None)


@pytest.mark.slow
def test_it_stands_as_it_stood_in_the_installation_that_reads_the_copy(filed, copied, empty_installation, tmp_path):
    folder = exports.folder_of(str(copied().id))
    assert json.loads((folder / exports.MANIFEST).read_text())["totals"]["messaging_message"] == 1
    done = empty_installation.run("import_export", str(folder), *RECEIVER.files(tmp_path))
    assert done.returncode == 0, done.stderr
    stored = empty_installation.rows("SELECT raw, state FROM messaging_message")
    assert stored == [(bytes(Message.objects.get(id=filed.id).raw), "filed")]
    assert empty_installation.rows("SELECT state FROM messaging_receipt") == [("ok",)]
