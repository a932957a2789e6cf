"""The files that a class handed in: loose, in folders, in the zips that learning systems export."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILE_BYTES = 2_000_000
MAX_ZIP_BYTES = 500_000_000
MAX_ZIP_ENTRIES = 20_000
_SUFFIX = ".json"
_LINK = "a link to another place; put the file itself here"
# Other methods unpack far more than they are asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNSUPPORTED = "packed in an unusual way; unpack it first"
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)


class Submission(NamedTuple):
    """A file's place below its folder, its content, and why it is not read where it is not."""

    place: str
    content: bytes
    reason: str = ""


def read_submissions(folder: Path) -> Iterator[Submission]:
    """Read the files of a folder one by one; nothing is unpacked to the disk, no link is followed.

    Parameters
    ----------
    folder : Path
        A folder, or a single file.

    Yields
    ------
    Submission
        In the order of their places; what cannot be an answer file comes with the reason.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ada.json").write_text("{}")
    ...     _ = Path(folder, "ada.txt").write_text("hello")
    ...     [(file.place, file.reason) for file in read_submissions(Path(folder))]
    [('ada.json', ''), ('ada.txt', 'not an answer file: its name does not end in .json')]
    """
    if not folder.is_dir():
        yield from _read_file(folder, folder.name)
        return
    closed: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            yield from _read_file(path, path.relative_to(folder).as_posix())
    for error in closed:
        place = Path(str(error.filename)).relative_to(folder).as_posix()
        yield Submission(place, b"", f"a folder that cannot be read: {describe_error(error)}")


def _read_file(path: Path, place: str) -> Iterator[Submission]:
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            yield Submission(place, b"", _LINK)
        elif not stat.S_ISREG(about.st_mode):
            yield Submission(place, b"", "not a file that can be read")
        elif path.suffix.lower() == ".zip":
            yield from _read_zip(path, place)
        elif path.name.startswith("."):
            return
        elif reason := _reject(path.name, about.st_size):
            yield Submission(place, b"", reason)
        else:
            yield Submission(place, path.read_bytes())
    except OSError as error:
        yield Submission(place, b"", f"cannot be read: {describe_error(error)}")


def _read_zip(path: Path, place: str) -> Iterator[Submission]:
    left, read = MAX_ZIP_BYTES, 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.infolist(), key=lambda one: one.filename):
                *folders, name = entry.filename.replace("\\", "/").split("/")
                inside = f"{place}/{entry.filename}"
                if not name or "__MACOSX" in folders:
                    continue
                if stat.S_ISLNK(entry.external_attr >> 16):
                    yield Submission(inside, b"", _LINK)
                elif name.lower().endswith(".zip"):
                    yield Submission(inside, b"", "a zip in a zip; unpack it first")
                elif name.startswith("."):
                    continue
                elif reason := _reject(name, entry.file_size, entry.compress_type):
                    yield Submission(inside, b"", reason)
                elif read >= MAX_ZIP_ENTRIES or left <= 0:
                    yield Submission(place, b"", "too much in one zip; the rest of it is not read")
                    return
                else:
                    read += 1
                    file = _read_entry(archive, entry, inside)
                    left -= max(len(file.content), entry.compress_size)
                    yield file
    except _UNREADABLE as error:
        yield Submission(place, b"", f"not a zip that can be read: {describe_error(error)}")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> Submission:
    try:
        with archive.open(entry) as stream:
            # An entry may hold more than it says: never read past the limit.
            content = stream.read(MAX_FILE_BYTES + 1)
    except _UNREADABLE as error:
        return Submission(place, b"", f"cannot be read: {describe_error(error)}")
    reason = _reject(place, len(content))
    return Submission(place, b"" if reason else content, reason)


def _reject(name: str, size: int, method: int = zipfile.ZIP_STORED) -> str:
    """Return why a file is not read, and nothing where it is."""
    if not name.lower().endswith(_SUFFIX):
        return f"not an answer file: its name does not end in {_SUFFIX}"
    if size > MAX_FILE_BYTES:
        return f"larger than {MAX_FILE_BYTES // 1_000_000} MB: no answer file is"
    return UNSUPPORTED if method not in _METHODS else ""


def describe_error(error: Exception) -> str:
    """Return why a file could not be read, never in the error's own words: they hold its name."""
    said = error.strerror if isinstance(error, OSError) else None
    return said or "damaged, or locked with a password"
