"""The files that a class handed in: loose, in folders, in the zips that learning systems export."""

from __future__ import annotations

import os
import re
import stat
import time
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.answers.file_format import MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_ZIP_BYTES, MAX_BYTES = 100_000_000, 500_000_000  # read of one zip, and in all
MAX_ZIP_ENTRIES, MAX_FILES = 20_000, 50_000
MAX_ZIP_SECONDS, MAX_SECONDS = 60, 600
_DIRECTORY_BYTES = 20_000_000  # of the list of a zip's entries
REST = "the rest of it is not read"
_LINK = "a link to another place; put the file itself here"
_TOO_LARGE = f"larger than {MAX_FILE_BYTES // 1_000_000} MB: no answer file is"
# Other methods unpack far more than they are asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNSUPPORTED = "packed in an unusual way; unpack it first"
_WANTED = 'the one wanted is my-answers.json, which the button "Download" saves'
_OTHER = f"not an answer file: {_WANTED}"
_HEAD_BYTES = 64
# No text in any encoding begins so.
_BINARY = re.compile(rb"%PDF|.{0,63}[\x01-\x08\x0e-\x1a\x1c-\x1f]", re.DOTALL)
_NOTEBOOK = re.compile(rb'\A\s*\{.*"(?:nbformat|cells)"\s*:', re.DOTALL)
_PAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html)", re.IGNORECASE)
_LOCAL_HEADER_BYTES, _SAID_ELSEWHERE = 30, 0xFFFFFFFF
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
    zlib.error,
)


def _now() -> float:
    return time.monotonic()  # noqa: TID251 - no file of a stranger may take a teacher's day


class Submission(NamedTuple):
    """A file's place below its folder, its content, and why it is not read where it is not."""

    place: str
    content: bytes
    reason: str = ""


class _Budget:
    """What may still be read: so many files and bytes, until some moment."""

    def __init__(
        self, files: int, size: int, seconds: float, within: _Budget | None = None
    ) -> None:
        self.files, self.bytes, self.within = files, size, within
        self.until = _now() + seconds
        self.is_exceeded = False

    def spend(self, size: int) -> None:
        self.bytes -= size
        if self.within:
            self.within.spend(size)

    @property
    def is_spent(self) -> bool:
        spent = self.files < 0 or self.bytes <= 0 or _now() > self.until
        return spent or bool(self.within and self.within.is_spent)


def read_submissions(folder: Path) -> Iterator[Submission]:
    r"""Read the files of a folder one by one; nothing is unpacked to the disk, no link is followed.

    What a zip, and all files together, may cost is limited; where a limit is reached, the last
    sentence says so.

    Parameters
    ----------
    folder : Path
        A folder, or a single file.

    Yields
    ------
    Submission
        In the order of their places, zips after the others; what cannot be an answer file comes
        with the reason.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "ada.json").write_text("{}")
    ...     _ = Path(folder, "ada.png").write_bytes(b"\x89PNG\x1a")
    ...     [(file.place, file.reason[:18]) for file in read_submissions(Path(folder))]
    [('ada.json', ''), ('ada.png', 'not an answer file')]
    """
    budget = _Budget(MAX_FILES, MAX_BYTES, MAX_SECONDS)
    if not folder.is_dir():
        yield from _read_file(folder, folder.name, budget)
        return
    closed: list[OSError] = []
    zips: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            if _is_zip(name):
                zips.append(path)
                continue
            yield from _read_file(path, path.relative_to(folder).as_posix(), budget)
    for path in zips:
        yield from _read_file(path, path.relative_to(folder).as_posix(), budget)
    if budget.is_exceeded:
        yield Submission(folder.name, b"", f"too much to read at once; {REST}")
    for error in closed:
        place = Path(str(error.filename)).relative_to(folder).as_posix()
        yield Submission(place, b"", f"a folder that cannot be read: {describe_error(error)}")


def explain(file: Submission) -> str:
    """Say of a file in which no answers are what it is, and which one is wanted.

    Parameters
    ----------
    file : Submission
        As it was read.

    Returns
    -------
    str
        Empty for what may have been an answer file once.

    Examples
    --------
    >>> explain(Submission("lesson.ipynb", b'{"cells": []}')).partition(":")[0]
    'a notebook, which holds no answers'
    """
    content = file.content
    if _NOTEBOOK.match(content):
        return f"a notebook, which holds no answers: {_WANTED}"
    if _PAGE.match(content):
        kind = "the page of an argument" if b"<title>My argument</title>" in content else "a page"
        return f"{kind}, which holds no answers: {_WANTED}"
    may_be = not content or file.place.lower().endswith(".json") or b"kwlesson" in content
    return "" if may_be else _OTHER


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _read_file(path: Path, place: str, budget: _Budget) -> Iterator[Submission]:
    budget.files -= 1
    if budget.is_spent:
        budget.is_exceeded = True
        return
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            yield Submission(place, b"", _LINK)
        elif not stat.S_ISREG(about.st_mode):
            yield Submission(place, b"", "not a file that can be read")
        elif _is_zip(path.name):
            yield from _read_zip(path, place, budget)
        elif not path.name.startswith("."):
            with path.open("rb") as stream:
                yield _read_stream(stream, place, about.st_size, budget)
    except OSError as error:
        yield Submission(place, b"", f"cannot be read: {describe_error(error)}")


def _read_zip(path: Path, place: str, within: _Budget) -> Iterator[Submission]:
    budget = _Budget(MAX_ZIP_ENTRIES, MAX_ZIP_BYTES, MAX_ZIP_SECONDS, within)
    rest = Submission(place, b"", f"too much in one zip; {REST}")
    is_empty = True
    try:
        if _directory_size(path) > _DIRECTORY_BYTES:
            yield rest
            return
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if _overlap(entries):
                yield Submission(place, b"", "a zip whose files overlap, as in no honest one")
                return
            for entry in sorted(entries, key=lambda one: one.filename):
                *folders, name = entry.filename.replace("\\", "/").split("/")
                if not name or name.startswith(".") or "__MACOSX" in folders:
                    continue
                is_empty = False
                budget.files -= 1
                if budget.is_spent:
                    yield rest
                    return
                yield _read_entry(archive, entry, f"{place}/{entry.filename}", budget)
    except _UNREADABLE as error:
        yield Submission(place, b"", f"not a zip that can be read: {describe_error(error)}")
    else:
        if is_empty:
            yield Submission(place, b"", "an empty zip: no file is in it")


def _read_entry(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str, budget: _Budget
) -> Submission:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Submission(place, b"", _LINK)
    if _is_zip(entry.filename):
        return Submission(place, b"", "a zip in a zip; unpack it first")
    if entry.file_size <= MAX_FILE_BYTES and entry.compress_type not in _METHODS:
        return Submission(place, b"", UNSUPPORTED)
    try:
        with archive.open(entry) as stream:
            return _read_stream(stream, place, entry.file_size, budget)  # type: ignore[arg-type]
    except _UNREADABLE as error:
        return Submission(place, b"", f"cannot be read: {describe_error(error)}")


def _read_stream(stream: BinaryIO, place: str, size: int, budget: _Budget) -> Submission:
    """Read what can be an answer file by its size and its first bytes, whatever its name is."""
    content = stream.read(_HEAD_BYTES) if size <= MAX_FILE_BYTES else b""
    is_binary = bool(_BINARY.match(content))
    if not is_binary and size <= MAX_FILE_BYTES:
        # An entry may hold more than it says: never read past the limit.
        content += stream.read(MAX_FILE_BYTES + 1 - len(content))
    budget.spend(len(content))
    if is_binary:
        return Submission(place, b"", _OTHER)
    if max(size, len(content)) > MAX_FILE_BYTES:
        return Submission(place, b"", _TOO_LARGE)
    return Submission(place, content)


def _directory_size(path: Path) -> int:
    """Return how long the list of a zip's entries is, before all of it is read into memory."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 66_000))
        tail = file.read()
    end, large = tail.rfind(b"PK\5\6"), tail.rfind(b"PK\6\6")
    short = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    is_large = short == _SAID_ELSEWHERE and large >= 0
    return int.from_bytes(tail[large + 40 : large + 48], "little") if is_large else short


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether entries of a zip share bytes: so a few of them unpack to very many."""
    end = -1
    for start, size in sorted((one.header_offset, one.compress_size) for one in entries):
        if start < end:
            return True
        end = start + _LOCAL_HEADER_BYTES + size
    return False


def describe_error(error: Exception) -> str:
    """Return why a file could not be read, never in the error's own words: they hold its name."""
    said = error.strerror if isinstance(error, OSError) else None
    return said or "damaged, or locked with a password"
