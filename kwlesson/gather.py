"""Gather a class's answer files: loose, in folders, in the zips that learning systems export."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
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
    """A file that was not counted, and why; or that was, and what in it could not be read."""

    place: str
    reason: str


class Gathered(NamedTuple):
    """What a folder of answer files holds."""

    learners: list[Learner]
    skipped: list[Skipped]


class _File(NamedTuple):
    place: str
    content: bytes
    reason: str = ""


def gather(folder: Path) -> Gathered:
    """Read all answer files of a folder; what cannot be read is listed and skipped.

    Nothing is unpacked and nothing written. Links are not followed. Of several files of one
    learner the newest counts, by the counter in them and never by a clock.

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
        When there is no such folder.

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

    if not folder.exists():
        raise LessonError(f"{folder}: there is no such folder; name the one with the answer files")
    newest: dict[tuple[str, str], tuple[int, Learner]] = {}
    skipped: list[Skipped] = []
    # The bar shows on a terminal alone.
    for file in tqdm(_files(folder), unit=" files", disable=None, leave=False):
        if file.reason:
            skipped.append(Skipped(file.place, file.reason))
            continue
        reading = workbook.read(file.content)
        skipped += [Skipped(file.place, sentence) for sentence in reading.sentences]
        if not reading.answers:
            if not reading.sentences:
                skipped.append(Skipped(file.place, "no answer in it"))
            continue
        name = reading.answers.get("name")
        learner = Learner(file.place, name if isinstance(name, str) else "", reading.answers)
        key = (reading.book, learner.name) if reading.book else ("", file.place)
        counter, other = newest.get(key, (-1, learner))
        older = other if reading.counter >= counter else learner
        if counter >= 0:
            newer = learner if older is other else other
            skipped.append(Skipped(older.place, f"an older copy of {newer.place}"))
        if older is other:
            newest[key] = (reading.counter, learner)
    learners = sorted((learner for _, learner in newest.values()), key=lambda one: one.place)
    return Gathered(learners, skipped)


def _files(folder: Path) -> Iterator[_File]:
    if not folder.is_dir():
        yield from _loose_or_zip(folder, folder.name)
        return
    for here, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(here, name)
            yield from _loose_or_zip(path, path.relative_to(folder).as_posix())


def _loose_or_zip(path: Path, place: str) -> Iterator[_File]:
    reason = _not_wanted(path.name)
    if path.is_symlink():
        yield _File(place, b"", "a link to another place; put the file itself here")
    elif path.suffix.lower() == ".zip":
        yield from _zipped(path, place)
    elif reason is not None:
        if reason:
            yield _File(place, b"", reason)
    else:
        try:
            if path.stat().st_size > LARGEST_FILE:
                yield _File(place, b"", _too_large())
            else:
                yield _File(place, path.read_bytes())
        except OSError as error:
            yield _File(place, b"", f"cannot be read: {error.strerror or error}")


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
        yield _File(place, b"", f"not a zip that can be read: {error}")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: str) -> _File:
    try:
        with archive.open(entry) as stream:
            # An entry may hold more than it says: never read past the limit.
            content = stream.read(LARGEST_FILE + 1)
    except _UNREADABLE as error:
        return _File(place, b"", f"cannot be read: {error}")
    return _File(place, b"", _too_large()) if len(content) > LARGEST_FILE else _File(place, content)


def _entry_not_wanted(entry: zipfile.ZipInfo) -> str | None:
    """Say why an entry of a zip is not read: empty for what needs no word, None if it is read."""
    parts = entry.filename.replace("\\", "/").split("/")
    if entry.is_dir() or "__MACOSX" in parts:
        return ""
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "a link to another place; put the file itself here"
    if parts[-1].lower().endswith(".zip"):
        return "a zip in a zip; unpack it first"
    if entry.file_size > LARGEST_FILE:
        return _too_large()
    return _not_wanted(parts[-1])


def _not_wanted(name: str) -> str | None:
    if name.startswith("."):
        return ""
    is_wanted = name.lower().endswith(_ENDING)
    return None if is_wanted else f"not an answer file: its name does not end in {_ENDING}"


def _too_large() -> str:
    return f"larger than {LARGEST_FILE // 1_000_000} MB: no answer file is"
