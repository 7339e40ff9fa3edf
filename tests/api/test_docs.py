"""The requests shown in docs/api.md go well as they are written."""

import itertools
import re
import shlex

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
BLOCKS = re.findall(r"```sh\n(curl.*?)\n```", (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8"), re.S)


def test_docs_show_requests():
    assert len(BLOCKS) == 4


@pytest.mark.parametrize("block", BLOCKS)
def test_request_of_the_docs(cast, gateway, block):
    block = block.replace("$PATIENT", str(cast.anna.id)).replace("$TASK", str(cast.anna.rows["task"])).replace("$TOKEN", "token")
    words = shlex.split(block)
    url = next(word for word in words if word.startswith("http"))
    headers = dict(word.split(": ", 1) for flag, word in itertools.pairwise(words) if flag == "-H")
    headers.pop("Authorization")
    path = url.removeprefix("http://127.0.0.1:8000")
    if "-d" in words:
        body, kind = words[words.index("-d") + 1], headers.pop("Content-Type")
        answer = gateway.client.post(path, body, content_type=kind, headers=headers)
    else:
        answer = gateway.client.get(path, headers=headers)
    assert answer.status_code in (200, 201), answer.content
    assert answer.json()
