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

LARGEST_FILE = 2_000_000
LARGEST_ZIP_CONTENT = 500_000_000
MOST_ENTRIES = 20_000
_ENDING = ".json"
_LINK = "a link to another place; put the file itself here"
# Other methods unpack far more than they are asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNUSUAL = "packed in an unusual way; unpack it first"
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)


class File(NamedTuple):
    """A file's place below its folder, its content, and why it is not read where it is not."""

    place: str
    content: bytes
    reason: str = ""


def files_in(folder: Path) -> Iterator[File]:
    """Read the files of a folder one by one; nothing is unpacked to the disk, no link is followed.

    Parameters
    ----------
    folder : Path
        A folder, or a single file.

    Yields
    ------
    File
        In the order of their places; what cannot be an answer file comes with the reason.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ada.json").write_text("{}")
    ...     _ = Path(folder, "ada.txt").write_text("hello")
    ...     [(file.place, file.reason) for file in files_in(Path(folder))]
    [('ada.json', ''), ('ada.txt', 'not an answer file: its name does not end in .json')]
    """
    if not folder.is_dir():
        yield from _loose_or_zip(folder, folder.name)
        return
    closed: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            yield from _loose_or_zip(path, path.relative_to(folder).as_posix())
    for error in closed:
        place = Path(str(error.filename)).relative_to(folder).as_posix()
        yield File(place, b"", f"a folder that cannot be read: {why(error)}")


def _loose_or_zip(path: Path, place: str) -> Iterator[File]:
    reason = _not_wanted(path.name)
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            yield File(place, b"", _LINK)
        elif not stat.S_ISREG(about.st_mode):
            yield File(place, b"", "not a file that can be read")
        elif path.suffix.lower() == ".zip":
            yield from _zipped(path, place)
        elif reason is not None:
            if reason:
                yield File(place, b"", reason)
        elif about.st_size > LARGEST_FILE:
            yield File(place, b"", _too_large())
        else:
            yield File(place, path.read_bytes())
    except OSError as error:
        yield File(place, b"", f"cannot be read: {why(error)}")


def _zipped(path: Path, place: str) -> Iterator[File]:
    left, read = LARGEST_ZIP_CONTENT, 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.infolist(), key=lambda one: one.filename):
                inside = f"{place}/{entry.filename}"
                reason = _entry_not_wanted(entry)
                if reason is None and (read >= MOST_ENTRIES or left <= 0):
                    yield File(place, b"", "too much in one zip; the rest of it is not read")
                    return
                if reason is not None:
                    if reason:
                        yield File(inside, b"", reason)
                    continue
                read += 1
                file = _entry(archive, entry, inside)
                left -= max(len(file.content), entry.compress_size)
                yield file
    except _UNREADABLE as error:
        yield File(place, b"", f"not a zip that can be read: {why(error)}")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> File:
    try:
        with archive.open(entry) as stream:
            # An entry may hold more than it says: never read past the limit.
            content = stream.read(LARGEST_FILE + 1)
    except _UNREADABLE as error:
        return File(place, b"", f"cannot be read: {why(error)}")
    return File(place, b"", _too_large()) if len(content) > LARGEST_FILE else File(place, content)


def _entry_not_wanted(entry: zipfile.ZipInfo) -> str | None:
    """Say why an entry of a zip is not read: empty for what needs no word, None if it is read."""
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.filename.endswith("/") or "__MACOSX" in parts:
        return ""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _LINK
    if parts[-1].lower().endswith(".zip"):
        return "a zip in a zip; unpack it first"
    if entry.file_size > LARGEST_FILE:
        return _too_large()
    reason = _not_wanted(parts[-1])
    if reason is None and entry.compress_type not in _METHODS:
        return UNUSUAL
    return reason


def _not_wanted(name: str) -> str | None:
    if name.startswith("."):
        return ""
    is_wanted = name.lower().endswith(_ENDING)
    return None if is_wanted else f"not an answer file: its name does not end in {_ENDING}"


def why(error: Exception) -> str:
    """Say why a file could not be read.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    str

    Examples
    --------
    >>> why(FileNotFoundError(2, "No such file or directory", "Ada.json"))
    'No such file or directory'
    """
    # Never the error's own words: they hold the file's name.
    said = error.strerror if isinstance(error, OSError) else None
    return said or "damaged, or locked with a password"


def _too_large() -> str:
    return f"larger than {LARGEST_FILE // 1_000_000} MB: no answer file is"
