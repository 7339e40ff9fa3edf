"""What the assets are made from: when one of these changes they are made again. Standard library only (bootstrap asks)."""

from pathlib import Path


def translation_files(root: Path) -> list[Path]:
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def asset_inputs(root: Path) -> list[Path]:
    folder = root / "lms_epj" / "assets"
    named = [root / "package-lock.json", root / "designsystemet.config.json", folder / "icons.txt"]
    return [*named, *sorted(folder.glob("*.py")), *translation_files(root)]
