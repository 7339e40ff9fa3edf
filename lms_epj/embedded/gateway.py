"""What the demo's workers of messages are given: a token of their own, and a folder that a gateway would fill and empty."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from lms_epj.embedded.folders import make_folder
from lms_epj.embedded.keys import write_private

TOKEN_DAYS = 366
RENEWED_AFTER = 300 * 86400  # seconds


class NoTokenError(Exception):
    """No token was given; the text is the command's own."""


class Gateway:
    """`in` and `out` below the folder, and the token beside it."""

    def __init__(self, var: Path) -> None:
        self.folder, self.token_file = var / "messages", var / "messaging-token"

    def prepare(self, root: Path, env: Mapping[str, str]) -> None:
        """Make what is not there: the token at the first start, and anew when the year it holds is nearly over.

        Raises:
            NoTokenError: the database knows no message service.
        """
        for name in ("in", "out"):
            make_folder(self.folder / name, 0o700)
        if self.token_file.exists() and time.time() - self.token_file.stat().st_mtime < RENEWED_AFTER:
            return
        issue = [sys.executable, "manage.py", "issue_token", "meldingstjeneste", "--purpose", "messaging", "--days", str(TOKEN_DAYS)]
        made = subprocess.run(issue, env=dict(env), cwd=root, capture_output=True, text=True, check=False)
        if made.returncode:
            raise NoTokenError(made.stderr.strip())
        write_private(self.token_file, made.stdout.strip().encode())

    def environment(self) -> dict[str, str]:
        """For the workers of messages alone."""
        return {"EPJ_MESSAGING_TOKEN": self.token_file.read_text(), "EPJ_MESSAGING_DIR": str(self.folder)}

    def reset(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.token_file.unlink(missing_ok=True)
