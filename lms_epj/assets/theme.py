"""Our colours, type and radii in the form the design system reads, made by its own builder. It needs no network."""

import shutil
import subprocess
import tempfile
from pathlib import Path

STEPS = (["create", "--config", "designsystemet.config.json"], ["build", "--tokens", "design-tokens", "--out-dir", "css"])
BUILDER = "node_modules/@digdir/designsystemet/dist/bin/designsystemet.js"


def build_theme(root: Path, out: Path) -> None:
    """Make the theme's stylesheet from `designsystemet.config.json`.

    The builder cleans the folders it writes to and finds its configuration by relative path, so it works in a folder of its own.
    """
    with tempfile.TemporaryDirectory(dir=root / "build") as name:
        work = Path(name)
        shutil.copy(root / "designsystemet.config.json", work)
        for arguments in STEPS:
            done = subprocess.run(["node", str(root / BUILDER), "tokens", *arguments], cwd=work, capture_output=True, text=True, check=False)
            if done.returncode:
                raise ValueError(f"the theme builder failed: {(done.stderr or done.stdout).strip()[-800:]}")
        shutil.copy(work / "css" / "epj.css", out)
