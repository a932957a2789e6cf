"""Files that are on disk whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_SECONDS = 20.0
WINDOWS = os.name == "nt"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let only one program at a time change a file; its folder is made when it is missing.

    Parameters
    ----------
    path : Path
        The file. A hidden file beside it is the lock, and stays.

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
        for stem in (path.stem, sibling(path, "previous").stem):
            for leftover in path.parent.glob(f".{glob.escape(stem)}-*.tmp"):
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


def write_atomic(path: Path, new: bytes, *, lasting: bool = True) -> None:
    """Put new content in the place of a file, and return once it is on disk.

    Parameters
    ----------
    path : Path
        The file. When this fails, what stood there before still stands there.
    new : bytes
        Its content from now on.
    lasting : bool, optional
        False does not wait for the disk: a cut in the power may lose it, a program's end may not.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    tmp = path.with_name(f".{path.stem}-{secrets.token_hex(6)}.tmp")
    try:
        with tmp.open("xb") as file:
            file.write(new)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        _rename(tmp, path)
    finally:
        with suppress(OSError):
            tmp.unlink(missing_ok=True)
    if lasting:
        _sync(path.parent)


def back_up(path: Path, kind: str) -> Path:
    """Keep a copy of a file, as it is, under a name that is still free.

    Parameters
    ----------
    path : Path
        The file.
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
    number = 1
    while True:
        aside = sibling(path, f"{kind}-{number}")
        try:
            target = aside.open("xb")
        except FileExistsError:
            number += 1
            continue
        try:
            with target, path.open("rb") as source:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
        except OSError:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
            raise
        return aside


def sibling(path: Path, kind: str) -> Path:
    """Name a file that stands beside another one.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        What the other one is.

    Returns
    -------
    Path

    Examples
    --------
    >>> from pathlib import Path
    >>> sibling(Path("answers.json"), "previous").name
    'answers.previous.json'
    """
    return path.with_name(f"{path.stem}.{kind}.json")


def reason(error: OSError) -> str:
    """Say why a file cannot be read or written, in words that a learner can act on.

    Parameters
    ----------
    error : OSError
        What the system said.

    Returns
    -------
    str

    Examples
    --------
    >>> reason(OSError(errno.ENOSPC, ""))
    'the disk is full: make room and answer again'
    """
    if isinstance(error, TimeoutError):
        return "another notebook holds it for too long: close that one and answer again"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "the disk is full: make room and answer again"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            "it may not be touched: name another folder in the environment variable KWLESSON_WORK"
        )
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands where its folder should be"
    return error.strerror or type(error).__name__


def _rename(tmp: Path, path: Path) -> None:
    """Rename, with patience where virus scanners hold new files for a moment."""
    for pause in (0.01, 0.05, 0.25, 1.0):
        try:
            tmp.replace(path)
        except PermissionError:
            if not WINDOWS:
                raise
            time.sleep(pause)
        else:
            return
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
