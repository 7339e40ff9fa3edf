"""`python -m lms_epj.assets`: build everything. The theme takes seconds, so it is kept while its inputs are the same."""

import hashlib
import sys
from pathlib import Path

from lms_epj.assets.icons import build_sprite
from lms_epj.assets.inputs import translation_files
from lms_epj.assets.theme import build_theme
from lms_epj.assets.translations import compile_translation
from lms_epj.assets.vendor import copy_packages

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    out = ROOT / "build" / "vendor"
    out.mkdir(parents=True, exist_ok=True)
    copy_packages(ROOT / "node_modules", out)
    build_sprite(ROOT / "lms_epj" / "assets" / "icons.txt", ROOT / "node_modules", out / "icons.svg")
    theme_inputs = (ROOT / "designsystemet.config.json").read_bytes() + (ROOT / "package-lock.json").read_bytes()
    digest, stamp = hashlib.sha256(theme_inputs).hexdigest(), ROOT / "build" / "theme.stamp"
    if not (out / "theme.css").exists() or not stamp.exists() or stamp.read_text() != digest:
        build_theme(ROOT, out / "theme.css")
        stamp.write_text(digest)
    for source in translation_files(ROOT):
        compile_translation(source)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"The assets could not be built: {error}")
