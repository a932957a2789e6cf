"""Gather a class's answer files: loose, in folders, in the zips that learning systems export."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson import workbook
from kwlesson.errors import LessonError

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


class Learner(NamedTuple):
    """One learner's newest answers: the file they stand in, the name if given, the answers."""

    place: str
    name: str
    answers: dict[str, Any]


class Skipped(NamedTuple):
    """A file that was not counted, and why; or that was, and what in it could not be read.

    Parameters
    ----------
    place : str
        Where it lies. Learning systems write learners' names into it.
    reason : str
        What is to be said about it; it may name another file.
    number : int, optional
        Its number in the order found; 0 for what is no learner's file.
    nameless : str, optional
        The reason without any file's name, where `reason` has one.
    """

    place: str
    reason: str
    number: int = 0
    nameless: str = ""

    def without_names(self) -> Skipped:
        """Give the same with numbers in place of files' names.

        Returns
        -------
        Skipped

        Examples
        --------
        >>> Skipped("Ada Lovelace_4711/answers.json", "The file is empty.", 3).without_names().place
        'file 3'
        """
        if not self.number:
            return self
        return Skipped(f"file {self.number}", self.nameless or self.reason, self.number)


class Gathered(NamedTuple):
    """What a folder of answer files holds."""

    learners: list[Learner]
    skipped: list[Skipped]


class _File(NamedTuple):
    place: str
    content: bytes
    reason: str = ""


class _Copy(NamedTuple):
    number: int
    book: str
    counter: int
    learner: Learner


def gather(folder: Path) -> Gathered:
    """Read all answer files of a folder; what cannot be read is listed and skipped.

    Nothing is unpacked and nothing written. Links are not followed. Of several files of one
    learner the newest counts, by the counter in them and never by a clock. Copies of one file are
    one learner's, unless the names in them differ.

    Parameters
    ----------
    folder : Path
        Holds answer files loose, in subfolders and in zip files; a single file does too.

    Returns
    -------
    Gathered
        Learners in the order of their files' names.

    Raises
    ------
    LessonError
        When there is no such folder, or it may not be looked into.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = workbook.Workbook(Path(folder, "ada.json")).record("who-saw", "keeper")
    ...     _ = Path(folder, "notes.json").write_text("nothing")
    ...     found = gather(Path(folder))
    >>> [learner.answers for learner in found.learners]
    [{'who-saw': 'keeper'}]
    >>> [file.place for file in found.skipped]
    ['notes.json']
    """
    from tqdm import tqdm

    try:
        is_there = folder.exists()
    except OSError as error:
        raise LessonError(f"{folder}: cannot be read ({_why(error)})") from None
    if not is_there:
        raise LessonError(f"{folder}: there is no such folder; name the one with the answer files")
    copies: list[_Copy] = []
    skipped: list[Skipped] = []
    # The bar shows on a terminal alone.
    files = tqdm(_files(folder), unit=" files", disable=None, leave=False)
    for number, file in enumerate(files, start=1):
        # A file's name need not be UTF-8, and whatever shows it must be.
        place = file.place.encode("utf-8", "replace").decode("utf-8")
        if file.reason:
            skipped.append(Skipped(place, file.reason, number))
            continue
        reading = workbook.read(file.content)
        skipped += [Skipped(place, sentence, number) for sentence in reading.sentences]
        if not reading.answers:
            if not reading.sentences:
                skipped.append(Skipped(place, "no answer in it", number))
            continue
        name = reading.answers.get("name")
        learner = Learner(place, name if isinstance(name, str) else "", reading.answers)
        copies.append(_Copy(number, reading.book, reading.counter, learner))
    learners: list[Learner] = []
    for names in _books(copies):
        if len(names) > 1:
            skipped.append(_apart(names))
        for group in names:
            learner, older = _newest(group)
            learners.append(learner)
            skipped += older
    learners.sort(key=lambda one: one.place)
    return Gathered(learners, sorted(skipped, key=lambda one: one.number))


def _books(copies: list[_Copy]) -> Iterator[list[list[_Copy]]]:
    """Give for each book its copies, learner by learner."""
    books: dict[tuple[str, int], dict[str, list[_Copy]]] = {}
    for one in copies:
        book = (one.book, 0 if one.book else one.number)
        name = " ".join(one.learner.name.split()).casefold()
        books.setdefault(book, {}).setdefault(name, []).append(one)
    for names in books.values():
        # Who gave a name late is the same learner; two names are two, who began with one file.
        is_one = len(names.keys() - {""}) <= 1
        yield [list(chain(*names.values()))] if is_one else list(names.values())


def _apart(names: list[list[_Copy]]) -> Skipped:
    first = min(chain(*names))
    reason = f"copies of this file hold different names: they count as {len(names)} learners"
    return Skipped(first.learner.place, reason, first.number)


def _newest(group: list[_Copy]) -> tuple[Learner, list[Skipped]]:
    """Give the newest of one learner's copies, and a word on each of the others."""
    newest = max(group, key=lambda one: (one.counter, one.number))
    learner = newest.learner
    if not learner.name.strip():
        named = (one.learner.name for one in group if one.learner.name.strip())
        learner = learner._replace(name=next(named, ""))
    reason, nameless = f"an older copy of {learner.place}", f"an older copy of file {newest.number}"
    older = [
        Skipped(one.learner.place, reason, one.number, nameless)
        for one in group
        if one is not newest
    ]
    return learner, older


def _files(folder: Path) -> Iterator[_File]:
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
        yield _File(place, b"", f"a folder that cannot be read: {_why(error)}")


def _loose_or_zip(path: Path, place: str) -> Iterator[_File]:
    reason = _not_wanted(path.name)
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            yield _File(place, b"", _LINK)
        elif not stat.S_ISREG(about.st_mode):
            yield _File(place, b"", "not a file that can be read")
        elif path.suffix.lower() == ".zip":
            yield from _zipped(path, place)
        elif reason is not None:
            if reason:
                yield _File(place, b"", reason)
        elif about.st_size > LARGEST_FILE:
            yield _File(place, b"", _too_large())
        else:
            yield _File(place, path.read_bytes())
    except OSError as error:
        yield _File(place, b"", f"cannot be read: {_why(error)}")


def _zipped(path: Path, place: str) -> Iterator[_File]:
    left, read = LARGEST_ZIP_CONTENT, 0
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.infolist(), key=lambda one: one.filename):
                inside = f"{place}/{entry.filename}"
                reason = _entry_not_wanted(entry)
                if reason is None and (read >= MOST_ENTRIES or left <= 0):
                    yield _File(place, b"", "too much in one zip; the rest of it is not read")
                    return
                if reason is not None:
                    if reason:
                        yield _File(inside, b"", reason)
                    continue
                read += 1
                file = _entry(archive, entry, inside)
                left -= max(len(file.content), entry.compress_size)
                yield file
    except _UNREADABLE as error:
        yield _File(place, b"", f"not a zip that can be read: {_why(error)}")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> _File:
    try:
        with archive.open(entry) as stream:
            # An entry may hold more than it says: never read past the limit.
            content = stream.read(LARGEST_FILE + 1)
    except _UNREADABLE as error:
        return _File(place, b"", f"cannot be read: {_why(error)}")
    return _File(place, b"", _too_large()) if len(content) > LARGEST_FILE else _File(place, content)


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


def _why(error: Exception) -> str:
    # Never the error's own words: they hold the file's name.
    said = error.strerror if isinstance(error, OSError) else None
    return said or "damaged, or locked with a password"


def _too_large() -> str:
    return f"larger than {LARGEST_FILE // 1_000_000} MB: no answer file is"
