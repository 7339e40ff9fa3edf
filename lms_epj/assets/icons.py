"""One sprite of the icons the pages use, so that a page fetches one file and an icon is `<use href="…/icons.svg#Bed">`."""

import re
from pathlib import Path


def build_sprite(names: Path, modules: Path, out: Path) -> None:
    """Write the icons named in a file (one name to a line, `#` begins a remark) as symbols with the icon's name as id.

    Raises:
        ValueError: a name is not in the icon package; the text lists all such names.
    """
    folder = modules / "@navikt/aksel-icons/dist/svg"
    wanted = sorted({line.split("#")[0].strip() for line in names.read_text().splitlines()} - {""})
    missing = [name for name in wanted if not (folder / f"{name}.svg").exists()]
    if missing:
        raise ValueError(f"{names.name} names icons that the package does not have: {', '.join(missing)}")
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text()) for name in wanted)
    out.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n')


def symbol(name: str, svg: str) -> str:
    view_box = re.search(r'viewBox="([^"]+)"', svg)
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if not view_box or not body:
        raise ValueError(f"the icon {name} is not an SVG with a viewBox")
    return f'<symbol id="{name}" viewBox="{view_box.group(1)}" fill="none">{body.group(1).strip()}</symbol>'
