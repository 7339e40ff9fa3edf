"""Starting and stopping the programs of one machine so that nothing is left behind, even when the parent is killed."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """Whom a program runs as."""

    uid: int
    gid: int
    name: str

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()


def start(
    command: Sequence[object],
    *,
    env: Mapping[str, str],
    log: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; when this process dies, however it dies, the kernel sends it `death_signal`.

    Call from the main thread: the signal follows the thread that started the program, not the process.
    """
    who = {} if account is None or account.is_self else {"user": account.uid, "group": account.gid, "extra_groups": []}
    output = log.open("ab") if log else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            process_group=0,
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509
            **who,  # type: ignore[call-overload]
        )
    finally:
        if output:
            output.close()


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    parent = os.getpid()

    def ask_kernel() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and here
            os._exit(1)

    return ask_kernel


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, seconds: float = 15) -> None:
    """Ask a program to end, and kill its whole group when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def myself() -> Account:
    return Account(os.geteuid(), os.getegid(), str(os.geteuid()))


def unprivileged_account() -> Account:
    """The account for a server that refuses to run as root: `postgres`, else `nobody`; otherwise whoever we are."""
    if os.geteuid() != 0:
        return myself()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, name)
    return myself()


def can_reach(account: Account, path: Path) -> bool:
    """Whether an account may pass all folders down to a path (execute permission), tried as that account."""
    if account.is_self:
        return os.access(path, os.X_OK)
    done = subprocess.run(["test", "-x", str(path)], user=account.uid, group=account.gid, extra_groups=[], cwd="/", capture_output=True, check=False)
    return done.returncode == 0
