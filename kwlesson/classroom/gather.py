"""Gather a class: each learner's newest answers, of all the files that were handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.file_format import loads
from kwlesson.classroom.submissions import describe_error, read_submissions
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from pathlib import Path


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
        """Return the same with numbers in place of files' names.

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
    >>> from pathlib import Path
    >>> from kwlesson import Workbook
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Workbook(Path(folder, "ada.json")).record("who-saw", "keeper")
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
        raise LessonError(f"{folder}: cannot be read ({describe_error(error)})") from None
    if not is_there:
        raise LessonError(f"{folder}: there is no such folder; name the one with the answer files")
    copies: list[_Copy] = []
    skipped: list[Skipped] = []
    # The bar shows on a terminal alone.
    files = tqdm(read_submissions(folder), unit=" files", disable=None, leave=False)
    for number, file in enumerate(files, start=1):
        # A file's name need not be UTF-8, and whatever shows it must be.
        place = file.place.encode("utf-8", "replace").decode("utf-8")
        if file.reason:
            skipped.append(Skipped(place, file.reason, number))
            continue
        parsed = loads(file.content)
        answers = parsed.answers
        messages = parsed.messages or (() if answers else ("no answer in it",))
        skipped += [Skipped(place, message, number) for message in messages]
        if answers:
            name = answers.get("name")
            learner = Learner(place, name if isinstance(name, str) else "", answers)
            copies.append(_Copy(number, parsed.book, parsed.counter, learner))
    learners: list[Learner] = []
    for group in _group_by_book(copies):
        by_learner = _group_by_name(group)
        if len(by_learner) > 1:
            count = f"they count as {len(by_learner)} learners"
            first = group[0]
            reason = f"copies of this file hold different names: {count}"
            skipped.append(Skipped(first.learner.place, reason, first.number))
        for mine in by_learner:
            learner, older = _pick_newest(mine)
            learners.append(learner)
            skipped += older
    learners.sort(key=lambda one: one.place)
    return Gathered(learners, sorted(skipped, key=lambda one: one.number))


def _group_by_book(copies: list[_Copy]) -> list[list[_Copy]]:
    books: dict[tuple[str, int], list[_Copy]] = {}
    for one in copies:
        books.setdefault((one.book, 0 if one.book else one.number), []).append(one)
    return list(books.values())


def _group_by_name(copies: list[_Copy]) -> list[list[_Copy]]:
    """Part the copies of one book by learner."""
    names: dict[str, list[_Copy]] = {}
    for one in copies:
        names.setdefault(" ".join(one.learner.name.split()).casefold(), []).append(one)
    # Who gave a name late is the same learner; two names are two, who began with one file.
    return [copies] if len(names.keys() - {""}) <= 1 else list(names.values())


def _pick_newest(copies: list[_Copy]) -> tuple[Learner, list[Skipped]]:
    """Return the newest of one learner's copies, and a word on each of the others."""
    newest = max(copies, key=lambda one: (one.counter, one.number))
    learner = newest.learner
    if not learner.name.strip():
        names = (one.learner.name for one in copies if one.learner.name.strip())
        learner = learner._replace(name=next(names, ""))
    reason, nameless = f"an older copy of {learner.place}", f"an older copy of file {newest.number}"
    older = [
        Skipped(one.learner.place, reason, one.number, nameless)
        for one in copies
        if one is not newest
    ]
    return learner, older
