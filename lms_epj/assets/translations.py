"""Compiles translations without msgfmt, which a bare machine does not have."""

from pathlib import Path

import polib


def compile_translation(source: Path) -> None:
    """Write the `.mo` beside a `.po`, unless it is newer already."""
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        polib.pofile(str(source)).save_as_mofile(str(target))
