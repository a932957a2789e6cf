"""Files that are on disk whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import time
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_SECONDS = 20.0
WINDOWS = os.name == "nt"


@contextmanager
def locked(path: Path, *others: Path) -> Iterator[None]:
    """Let only one program at a time change a file; its folder is made when it is missing.

    Parameters
    ----------
    path : Path
        The file. A hidden file beside it is the lock, and stays.
    *others : Path
        Files beside it that are written under the same lock.

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
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.stem}.lock"), timeout=LOCK_SECONDS, poll_interval=0.01):
        for file in (path, *others):
            for leftover in path.parent.glob(f".{glob.escape(file.name)}-*.tmp"):
                leftover.unlink(missing_ok=True)  # of a program that was killed
        yield


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
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        return None


def write_atomic(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Put new content in the place of a file, and return once it is on disk.

    Parameters
    ----------
    path : Path
        The file. When this fails, what stood there before still stands there.
    content : bytes
        Its content from now on.
    durable : bool, optional
        False does not wait for the disk: a cut in the power may lose it, a program's end may not.

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
    ...     write_atomic(file, b"{}")
    ...     file.read_text(), len(list(Path(folder).iterdir()))
    ('{}', 1)
    """
    tmp = path.with_name(f".{path.name}-{secrets.token_hex(6)}.tmp")
    try:
        with tmp.open("xb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        _rename(tmp, path)
    finally:
        with suppress(OSError):
            tmp.unlink(missing_ok=True)
    if durable:
        _sync(path.parent)


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
    write_atomic(copy, path.read_bytes())
    return copy


def sibling(path: Path, kind: str) -> Path:
    """Return the path of a file that stands beside another one, such as `a.previous.json`."""
    return path.with_name(f"{path.stem}.{kind}.json")


def _rename(tmp: Path, path: Path) -> None:
    """Rename, with patience where virus scanners hold new files for a moment."""
    for pause in (0.01, 0.05, 0.25, 1.0) if WINDOWS else ():
        with suppress(PermissionError):
            tmp.replace(path)
            return
        time.sleep(pause)
    tmp.replace(path)


def _sync(folder: Path) -> None:
    """Let the renaming reach the disk, on systems that can be asked for it."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}:
            raise
    finally:
        os.close(handle)
