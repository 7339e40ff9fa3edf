"""Lock files work on any machine only when they name no host."""

import json
from pathlib import Path

from django.conf import settings

from lms_epj.management.commands.lint import hosts_in_locks


def test_no_lock_file_of_the_project_names_a_host() -> None:
    assert list(hosts_in_locks(settings.BASE_DIR)) == []


def test_a_host_in_a_lock_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("--index-url https://example.invalid/simple\ndjango==5.2\n")
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": {"": {}, "node_modules/a": {"resolved": "https://example.invalid/a.tgz"}}}))
    assert len(list(hosts_in_locks(tmp_path))) == 2
