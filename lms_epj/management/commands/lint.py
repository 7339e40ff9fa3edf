import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import contracts": ["lint-imports", "--no-logo"],
    "mypy": ["mypy"],
}
BIN = Path(sys.executable).parent


class Command(BaseCommand):
    help = "Style, formatting, layering, types, and lock files that name no host."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name, (program, *arguments) in TOOLS.items():
            done = subprocess.run([str(BIN / program), *arguments], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
            if done.returncode:
                failed.append(name)
                self.stdout.write(done.stdout + done.stderr)
        hosts = list(hosts_in_locks(settings.BASE_DIR))
        if hosts:
            failed.append("lock files")
            self.stdout.write("\n".join(hosts))
        self.stdout.write(f"Failed: {', '.join(failed)}" if failed else f"Clean: {', '.join(TOOLS)}, lock files")
        sys.exit(1 if failed else 0)


def hosts_in_locks(root: Path) -> Iterator[str]:
    """A lock that names a host works only where that host is the one to ask; ours are for whatever index a machine has."""
    for file in sorted(root.glob("requirements*.txt")) + sorted(root.glob("requirements*.in")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if re.search(r"https?://|--(index-url|extra-index-url|find-links|trusted-host)", line):
                yield f"{file.name}:{number}: {line.strip()}"
    for name, package in json.loads((root / "package-lock.json").read_text())["packages"].items():
        if "resolved" in package:
            yield f"package-lock.json: {name} is resolved from {package['resolved']}"
