"""The files served as they come from the packages, under names of ours."""

import re
import shutil
from pathlib import Path

FILES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet.js": "@digdir/designsystemet-web/dist/umd/index.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "uplot.js": "uplot/dist/uPlot.iife.min.js",
    "inter.css": "@fontsource-variable/inter/wght.css",
}
# Latin covers Norwegian and its neighbours; latin-ext the names of people from the rest of Europe.
FONT_SUBSETS = ("latin", "latin-ext")
LICENCES = ("@digdir/designsystemet-css", "@digdir/designsystemet-web", "uplot", "@fontsource-variable/inter", "@navikt/aksel-icons")


def copy_packages(modules: Path, out: Path) -> None:
    """Copy without the lines that name source maps: those are not served, and the manifest storage would look for them."""
    for name, source in FILES.items():
        text = (modules / source).read_text()
        text = re.sub(r"^\s*(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "", text, flags=re.MULTILINE)
        (out / name).write_text(only_subsets(text) if name == "inter.css" else text)
    fonts = out / "files"
    fonts.mkdir(exist_ok=True)
    for subset in FONT_SUBSETS:
        shutil.copy(modules / "@fontsource-variable/inter/files" / f"inter-{subset}-wght-normal.woff2", fonts)
    (out / "licences.txt").write_text("\n\n".join(licence_of(modules / package, package) for package in LICENCES))


def only_subsets(css: str) -> str:
    """The font faces whose files are copied."""
    faces = re.findall(r"@font-face \{.*?\}", css, flags=re.DOTALL)
    kept = [face for face in faces if any(f"inter-{subset}-wght-normal.woff2" in face for subset in FONT_SUBSETS)]
    if len(kept) != len(FONT_SUBSETS):
        raise ValueError("the font's stylesheet does not look as expected")
    return "\n".join(kept) + "\n"


def licence_of(package: Path, name: str) -> str:
    files = [package / candidate for candidate in ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE")]
    text = next((file.read_text() for file in files if file.exists()), "See the package.")
    return f"{name}\n\n{text}"
