"""Where the servers keep what they keep. All of it is below `var/` unless the servers' account cannot get there."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from lms_epj.embedded.processes import Account, can_reach

SOCKET_PATH_LIMIT = 107  # bytes; of the operating system
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")


def data_folder(var: Path, account: Account) -> Path:
    """`var` itself, or a folder in `/var/tmp` named after it when the account cannot reach it (a project below a closed home)."""
    make_folder(var, 0o711 if os.geteuid() == 0 else 0o700)
    if can_reach(account, var):
        return var
    other = Path("/var/tmp") / f"lms-epj-{short_hash(var)}"  # noqa: S108
    make_folder(other, 0o711)
    return other


def socket_folder(var: Path, name: str, account: Account) -> Path:
    """A private folder with a short name: the path of a socket may be 107 bytes at most."""
    for place in (tempfile.gettempdir(), "/tmp"):  # noqa: S108
        folder = Path(place) / f"epj-{name}-{short_hash(var)}-{account.uid}"
        if len(os.fsencode(folder)) + LONGEST_SOCKET_NAME <= SOCKET_PATH_LIMIT and can_reach(account, folder.parent):
            break
    make_folder(folder, 0o700, owner=account)
    return folder


def make_folder(folder: Path, mode: int, owner: Account | None = None) -> None:
    """Make a folder, or take one that is ours already.

    Raises:
        PermissionError: the name is taken by somebody else's folder or by a link.
    """
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    found = folder.lstat()
    allowed = {os.geteuid(), owner.uid} if owner else {os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() != 0 and found.st_uid not in allowed):
        raise PermissionError(f"{folder} belongs to somebody else")
    if os.geteuid() in (0, found.st_uid):
        if owner and not owner.is_self:
            if found.st_uid not in allowed:
                raise PermissionError(f"{folder} belongs to somebody else")
            os.chown(folder, owner.uid, owner.gid)
        os.chmod(folder, mode)


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:10]
