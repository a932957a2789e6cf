"""The learner's answers on disk: one small file that survives whatever happens around it."""

from __future__ import annotations

import errno
import os
import secrets
import string
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson import paths
from kwlesson.answers.file_format import (
    MAX_FILE_BYTES,
    Entry,
    ParsedWorkbook,
    as_dict,
    as_revision,
    dumps,
    loads,
)
from kwlesson.answers.json_values import (
    MAX_ANSWER_LENGTH,
    Json,
    format_ids,
    repair_surrogates,
    to_json,
)
from kwlesson.answers.merge_rules import ConflictError, merge_answer, merge_newer, merge_restored
from kwlesson.atomic_file import back_up, locked, read_at_most, sibling, write_atomic
from kwlesson.errors import LessonError
from kwlesson.tables.schema import DESCRIPTOR, OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ConflictError", "Restored", "Workbook", "work_folder"]

NAME = "answers.json"
VARIABLE = "KWLESSON_WORK"
_ALPHABET = string.ascii_lowercase + string.digits
_ATTEMPTS = 3
# What this process wrote, so that it can be written again when the file goes away underneath.
_WRITTEN: dict[Path, ParsedWorkbook] = {}


class Restored(NamedTuple):
    """What a workbook holds after a file was brought back into it.

    Parameters
    ----------
    answers : dict
        The latest answer to each question.
    messages : tuple of str
        What was brought back, what stayed, and what could not be read.
    """

    answers: dict[str, Json]
    messages: tuple[str, ...]


class Workbook:
    """One learner's answers, kept in one file.

    Reading it creates nothing. Several notebooks may write to it at once. What this process wrote
    is written again when the file has gone: to begin anew, delete it and restart the kernels.

    Parameters
    ----------
    path : str or Path, optional
        The file, whose name ends in ``.json``, or its folder. Without it, `work_folder`. In a
        folder it is ``answers.json``, and that of another lesson ``answers-<its id>.json``.
    lesson : str, optional
        The id of the lesson whose questions are answered.

    Raises
    ------
    LessonError
        When it would lie among the files of a lesson.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     workbook = Workbook(folder)
    ...     _ = workbook.record("who-was-there", "the-keeper")
    ...     _ = workbook.record("rating", {"choice": "likely", "reason": "Two logs."}, lock=True)
    ...     second = workbook.record("rating", {"choice": "unlikely", "reason": ""})
    ...     workbook.answers == {"who-was-there": "the-keeper", "rating": second}
    True
    >>> second
    {'choice': 'likely', 'reason': 'Two logs.'}
    """

    def __init__(
        self, path: str | os.PathLike[str] | None = None, lesson: str = OWN_LESSON
    ) -> None:
        self.lesson = lesson
        name = NAME if lesson == OWN_LESSON else f"answers-{lesson}.json"
        try:
            given = work_folder() if path is None else Path(path).expanduser()
            whole = given.resolve()
            is_file = whole.suffix == ".json" and not whole.is_dir()
            self.path = whole if is_file else whole / name
            folder = self.path.parent
            of_a_lesson = any((folder / name).exists() for name in (DESCRIPTOR, "sources.csv"))
        except (OSError, RuntimeError, ValueError) as error:
            raise LessonError(f"The folder of the answers cannot be found ({error}).") from error
        ours = (paths.DATA, paths.NOTEBOOKS, paths.SAMPLE)
        if of_a_lesson or any(folder.is_relative_to(one) for one in ours):
            raise LessonError(
                f"Answers are not kept in {folder}, since that is the folder of a lesson: "
                f"name another one in the environment variable {VARIABLE}."
            )
        self._messages: dict[str, None] = {}

    @property
    def answers(self) -> dict[str, Json]:
        """The latest answer to each question, as it now stands on disk."""
        return self._on_disk().answers

    @property
    def messages(self) -> tuple[str, ...]:
        """What there was to say about the file so far, such as that a part was damaged."""
        return tuple(self._messages)

    def snapshot(self) -> dict[str, Any]:
        """Return the whole workbook as its file holds it.

        Returns
        -------
        dict
            ``book`` is empty and ``counter`` 0 when there is no file yet.

        Examples
        --------
        >>> Workbook("no/such/folder").snapshot()["answers"]
        {}
        """
        return as_dict(self._on_disk())

    def record(
        self,
        question: str,
        answer: object,
        *,
        lock: bool = False,
        revision: object = None,
        base_revision: object = None,
    ) -> Json:
        """Keep an answer, and return once it is on disk.

        Parameters
        ----------
        question : str
            Any id.
        answer : JSON value
            What the learner answered.
        lock : bool, optional
            Whether it stays from now on, whatever is answered later.
        revision : int, optional
            The number that a page gave it: here it gets none below that one.
        base_revision : int, optional
            The number of the answer to this question that the page last saw in the file, 0 for
            none. Without it, the answer takes the place of any that is not locked.

        Returns
        -------
        JSON value
            The answer that stands: for a locked question, the first one.

        Raises
        ------
        ConflictError
            When another answer stands that is newer than the one that was seen.
        LessonError
            When it cannot be kept; what was kept before stays.
        """
        if not isinstance(question, str) or len(question) > MAX_ANSWER_LENGTH:
            raise LessonError("A question's id is a text that is not longer than an answer.")
        question = repair_surrogates(question)
        kept = to_json(answer, f"The answer to {format_ids([question])}")
        given, base = Entry(kept, as_revision(revision) or 0, lock), as_revision(base_revision)
        book = self._change(lambda book: merge_answer(book, question, given, base))
        return book.entries[question].answer

    def restore(self, text: str | bytes | bytearray | memoryview) -> Restored:
        """Bring answers back from the content of a file, which stays as it is.

        Into an empty workbook everything comes, also the book's token. Of another copy of the same
        book the newer answers come. Another book only fills in what is not yet answered. A locked
        answer always stays.

        Parameters
        ----------
        text : str or bytes
            The content of a file of answers.

        Returns
        -------
        Restored

        Raises
        ------
        LessonError
            When it is no workbook of this lesson, or nothing can be written.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as old, tempfile.TemporaryDirectory() as new:
        ...     _ = Workbook(old).record("one", "left")
        ...     restored = Workbook(new).restore(Workbook(old).path.read_bytes())
        >>> restored.answers, restored.messages
        ({'one': 'left'}, ('1 answer was brought back.',))
        """
        found = loads(text, [self.lesson])
        if not found.usable:
            raise LessonError(found.messages[0])
        messages: tuple[str, ...] = ()

        def merge(book: ParsedWorkbook) -> ParsedWorkbook:
            nonlocal messages
            merged, messages = merge_restored(book, found)
            return merged

        return Restored(self._change(merge).answers, (*found.messages, *messages))

    def _on_disk(self) -> ParsedWorkbook:
        try:
            return self._load()[0]
        except OSError as error:
            raise LessonError(f"{self.path} cannot be read ({_reason(error)}).") from error

    def _load(self) -> tuple[ParsedWorkbook, bytes | None]:
        """Read the file and, where it is damaged, also the one before it."""
        content = read_at_most(self.path, MAX_FILE_BYTES)
        if content is None:
            return ParsedWorkbook({}, lesson=self.lesson), None
        found = loads(content, [self.lesson])
        for message in found.messages:
            self._messages.setdefault(f"{self.path.name}: {message}")
        if found.status:
            before = loads(read_at_most(self._previous, MAX_FILE_BYTES) or b"", [self.lesson])
            if before.usable and found.book in {"", before.book}:
                found = merge_newer(found._replace(book=before.book), before)
        return found, content

    @property
    def _previous(self) -> Path:
        return sibling(self.path, "previous")

    def _change(self, change: Callable[[ParsedWorkbook], ParsedWorkbook]) -> ParsedWorkbook:
        """Read, change and write under the lock; a folder that goes away meanwhile is remade."""
        try:
            for _ in range(_ATTEMPTS - 1):
                with suppress(FileNotFoundError):
                    return self._rewrite(change)
            return self._rewrite(change)
        except OSError as error:
            raise LessonError(
                f"The answer is not saved in {self.path} ({_reason(error)}); "
                "what was saved before is still there."
            ) from error

    def _rewrite(self, change: Callable[[ParsedWorkbook], ParsedWorkbook]) -> ParsedWorkbook:
        with locked(self.path, self._previous):
            found, content = self._load()
            book = change(self._recover_lost_writes(found))
            book = book._replace(
                book=book.book or _token(), status="", messages=(), lesson=self.lesson
            )
            new = dumps(book).encode()
            if len(new) > MAX_FILE_BYTES:
                raise LessonError(f"The answer is not saved, since {self.path} would be too large.")
            if new != content:
                if found.status:
                    kind = "broken" if found.status == "refused" else found.status
                    copy = back_up(self.path, kind)
                    self._messages.setdefault(f"The file as it was found is kept as {copy.name}.")
                elif content is not None:
                    write_atomic(self._previous, content, durable=False)
                write_atomic(self.path, new)
        _WRITTEN[self.path] = book
        return book

    def _recover_lost_writes(self, found: ParsedWorkbook) -> ParsedWorkbook:
        before = _WRITTEN.get(self.path)
        if before is None or found.book not in {"", before.book}:
            return found
        whole = merge_newer(found._replace(book=before.book), before)
        if whole.entries != found.entries:
            self._messages.setdefault(f"{self.path.name}: What had gone from it was written again.")
        return whole


def work_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder in which a learner's answers are kept.

    Parameters
    ----------
    environment : mapping, optional
        Where ``KWLESSON_WORK`` may name it.

    Returns
    -------
    Path
        Else ``work`` in the checkout; without a checkout, the folder ``work`` in which the current
        folder lies, or one in the current folder.

    Examples
    --------
    >>> work_folder({"KWLESSON_WORK": "answers-of-ada"}).name
    'answers-of-ada'
    >>> work_folder({}).name
    'work'
    """
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE]).expanduser()
    if paths.CHECKOUT is not None:
        return paths.CHECKOUT / "work"
    here = Path.cwd()
    return next((one for one in (here, *here.parents) if one.name == "work"), here / "work")


def _token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def _reason(error: OSError) -> str:
    """Return why a file cannot be read or written, in words that a learner can act on."""
    if isinstance(error, TimeoutError):
        return "another notebook holds it for too long: close that one and answer again"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "the disk is full: make room and answer again"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"it may not be touched: name another folder in the environment variable {VARIABLE}"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands where its folder should be"
    return error.strerror or type(error).__name__
