"""Files that are on disk whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import stat
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filelock import BaseFileLock

LOCK_SECONDS = 20.0
WINDOWS = os.name == "nt"
OWN = 0o600  # the owner's alone
# What network and user-space disks say of locks and of fsync, which not all of them have.
_UNSUPPORTED = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


@contextmanager
def locked(path: Path, *others: Path) -> Iterator[bool]:
    """Let only one program at a time change a file; its folder is made when it is missing.

    Where the disk has no locks, a second hidden file stands for the lock while it is held.

    Parameters
    ----------
    path : Path
        The file. A hidden file beside it is the lock, and stays.
    *others : Path
        Files beside it that are written under the same lock.

    Yields
    ------
    bool
        Whether the disk has locks.

    Raises
    ------
    OSError
        When the folder cannot be written, or when another program does not let go.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder, locked(Path(folder, "new", "a.json")):
    ...     [path.name for path in Path(folder, "new").iterdir()]
    ['.a.lock']
    """
    from filelock import FileLock, SoftFileLock

    lock: BaseFileLock
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        try:
            file = path.with_name(f".{path.stem}.lock")
            lock = FileLock(file, timeout=LOCK_SECONDS, poll_interval=0.01)
            stack.enter_context(lock)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            file = path.with_name(f".{path.stem}.softlock")
            lock = SoftFileLock(file, timeout=LOCK_SECONDS, poll_interval=0.01)
            stack.enter_context(lock)
        for file in (path, *others):
            for leftover in path.parent.glob(f".{glob.escape(file.name)}-*.tmp"):
                with suppress(OSError):
                    leftover.unlink()  # of a program that was killed
        yield not isinstance(lock, SoftFileLock)  # which filelock may turn a lock into


def read_at_most(path: Path, limit: int) -> bytes | None:
    """Read a file, or so much of one that is too large that this can be seen.

    Parameters
    ----------
    path : Path
        The file.
    limit : int
        How many bytes it may have.

    Returns
    -------
    bytes or None
        None when there is no file.

    Raises
    ------
    OSError
        When it cannot be read, or is something else than a file.
    """
    _refuse_other_than_file(path)
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        return None


def write_atomic(
    path: Path, content: bytes, *, durable: bool = True, mode: int | None = None
) -> bool:
    """Put new content in the place of a file, and return once it is on disk.

    A link stays a link: what it leads to gets the content.

    Parameters
    ----------
    path : Path
        The file. When this fails, what stood there before still stands there.
    content : bytes
        Its content from now on.
    durable : bool, optional
        False does not wait for the disk: a cut in the power may lose it, a program's end may not.
        Nor does a disk that cannot be asked.
    mode : int, optional
        Its permissions. Without them a file that is there keeps its own, and a new one has those of
        any other new file.

    Returns
    -------
    bool
        Whether the disk said that it has it.

    Raises
    ------
    OSError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.json")
    ...     _ = write_atomic(file, b"{}")
    ...     file.read_text(), len(list(Path(folder).iterdir()))
    ('{}', 1)
    """
    _refuse_other_than_file(path)
    path = Path(os.path.realpath(path))
    tmp = path.with_name(f".{path.name}-{secrets.token_hex(6)}.tmp")
    if mode is None and path.exists():
        mode = permissions(path)
    try:
        tmp.touch(0o666 if mode is None else OWN, exist_ok=False)
        with tmp.open("r+b") as file:
            file.write(content)
            file.flush()
            is_certain = durable and _sync(file.fileno())
        if mode is not None:
            with suppress(OSError):  # some disks have no permissions
                tmp.chmod(mode)
        _rename(tmp, path)
    finally:
        with suppress(OSError):
            tmp.unlink(missing_ok=True)
    if durable:
        with suppress(OSError):  # it is written: no later fault makes that untrue
            _sync_folder(path.parent)
    return is_certain


def permissions(path: Path) -> int:
    """Return the permissions of a file, and those of its owner alone where there is none.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    int
    """
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    return OWN


def back_up(path: Path, kind: str) -> Path:
    """Keep a copy of a file, as it is, under a name that is still free.

    Parameters
    ----------
    path : Path
        The file, which nobody else changes meanwhile.
    kind : str
        A word for the name of the copy.

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    OSError
        When it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.json")
    ...     _ = file.write_text("rubbish")
    ...     back_up(file, "broken").name, back_up(file, "broken").name
    ('a.broken-1.json', 'a.broken-2.json')
    """
    copies = (sibling(path, f"{kind}-{number}") for number in count(1))
    copy = next(one for one in copies if not os.path.lexists(one))
    write_atomic(copy, path.read_bytes(), mode=permissions(path))
    return copy


def sibling(path: Path, kind: str) -> Path:
    """Return the path of a file that stands beside another one, such as `a.previous.json`."""
    return path.with_name(f"{path.stem}.{kind}.json")


def _refuse_other_than_file(path: Path) -> None:
    """Refuse folders, and pipes and devices, which would be waited for to no end."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file", str(path))


def _rename(tmp: Path, path: Path) -> None:
    """Rename, with patience where virus scanners hold new files for a moment."""
    for pause in (0.01, 0.05, 0.25, 1.0) if WINDOWS else ():
        with suppress(PermissionError):
            tmp.replace(path)
            return
        time.sleep(pause)
    tmp.replace(path)


def _sync(handle: int) -> bool:
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Let the renaming reach the disk, on systems that can be asked for it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
