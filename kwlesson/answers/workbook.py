"""The learner's answers on disk: one small file that survives whatever happens around it."""

from __future__ import annotations

import errno
import os
import re
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
from kwlesson.atomic_file import (
    back_up,
    locked,
    permissions,
    read_at_most,
    sibling,
    write_atomic,
)
from kwlesson.errors import LessonError
from kwlesson.tables.schema import DESCRIPTOR, OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ConflictError", "Restored", "Workbook", "is_shared", "work_folder"]

NAME = "answers.json"
VARIABLE = "KWLESSON_WORK"
_BROWSER = "browser"
_ALPHABET = string.ascii_lowercase + string.digits
_ATTEMPTS = 3
_MAX_FORGOTTEN = 50
_NO_LOCKS = "This disk has no locks, so a small file stands in for one: work in one window only."
_NO_SYNC = "This disk does not say when a file is safe: download your work now and then."
_COPY = re.compile(r"previous|(?:broken|newer|other)-[0-9]+")
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
    is written again when the file has gone; `forget` is how to begin anew.

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
            self.path = whole if is_file else (whole / name).resolve()
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

    def forget(self) -> tuple[str, ...]:
        """Remove all answers, the name, and every copy of them beside the file, of every lesson.

        An empty workbook stays, which says to pages and to kernels that are still open that the
        former one is not to be written again.

        Returns
        -------
        tuple of str
            The names of the files that held answers.

        Raises
        ------
        LessonError
            When something of it could not be removed.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     workbook = Workbook(folder)
        ...     _ = workbook.record("name", "Ada")
        ...     workbook.forget(), workbook.answers
        (('answers.json',), {})
        """
        try:
            return tuple(name for one in self._in_this_folder() for name in one._forget())  # noqa: SLF001 - of this class
        except OSError as error:
            raise LessonError(
                f"Not everything is removed from {self.path.parent} ({_reason(error)})."
            ) from error

    def _in_this_folder(self) -> list[Workbook]:
        others = []
        for path in sorted(self.path.parent.glob("answers*.json")):
            lesson = path.stem.removeprefix("answers").removeprefix("-") or OWN_LESSON
            if path != self.path and _parse(path, lesson).usable and "." not in lesson:
                others.append(Workbook(path, lesson))
        return [self, *others]

    def _forget(self) -> tuple[str, ...]:
        if not self.path.parent.is_dir() and self.path not in _WRITTEN:
            return ()
        with locked(self.path, self._previous):
            return self._empty()

    def _empty(self) -> tuple[str, ...]:
        copies = [one for one in self.path.parent.glob("*.json") if self._is_copy(one)]
        found = [one for one in (self.path, *copies) if os.path.lexists(one)]
        books = [_parse(one, self.lesson) for one in found]
        books += [_WRITTEN.pop(self.path, ParsedWorkbook({}))]
        tokens = [token for book in books for token in (*book.forgotten, book.book) if token]
        if not found and not tokens:
            return ()
        tokens = list(dict.fromkeys(tokens))[-_MAX_FORGOTTEN:]
        empty = ParsedWorkbook({}, _token(), forgotten=tuple(tokens), lesson=self.lesson)
        write_atomic(self.path, dumps(empty).encode(), mode=permissions(self.path))
        for copy in copies:
            copy.unlink()
        return tuple(
            one.name for one, book in zip(found, books, strict=False) if book.entries or book.status
        )

    def _is_copy(self, path: Path) -> bool:
        stem, _, kind = path.stem.rpartition(".")
        return stem == self.path.stem and bool(_COPY.fullmatch(kind)) and not path.is_dir()

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
            before = _parse(self._previous, self.lesson)
            if before.usable and before.book and _is_older_state(before, found):
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
        with locked(self.path, self._previous) as has_locks:
            found, content = self._load()
            book = change(self._recover_lost_writes(found))
            token = book.book or _token()
            forgotten = tuple(one for one in book.forgotten if one != token)
            book = book._replace(
                book=token, status="", messages=(), forgotten=forgotten, lesson=self.lesson
            )
            new = dumps(book).encode()
            if len(new) > MAX_FILE_BYTES:
                raise LessonError(f"The answer is not saved, since {self.path} would be too large.")
            mode, is_certain = permissions(self.path), True
            if new != content:
                if found.status:
                    kind = "broken" if found.status == "refused" else found.status
                    copy = back_up(self.path, kind)
                    self._messages.setdefault(f"The file as it was found is kept as {copy.name}.")
                elif content is not None:
                    with suppress(OSError):  # a copy is a bonus
                        write_atomic(self._previous, content, durable=False, mode=mode)
                elif not self._previous.is_dir():  # of whoever was here before
                    self._previous.unlink(missing_ok=True)
                is_certain = write_atomic(self.path, new, mode=mode)
        for message in [_NO_LOCKS] * (not has_locks) + [_NO_SYNC] * (not is_certain):
            self._messages.setdefault(message)
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


def is_shared(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether several visitors use one folder, so that no answer may be written there.

    Parameters
    ----------
    environment : mapping, optional
        Where a dashboard (Voila) leaves its mark, or ``KWLESSON_WORK`` is ``browser``.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_shared({"SERVER_SOFTWARE": "voila/0.5.13"}), is_shared({"KWLESSON_WORK": "browser"})
    (True, True)
    >>> is_shared({"KWLESSON_WORK": "answers-of-ada"})
    False
    """
    return (
        environment.get(VARIABLE) == _BROWSER
        or environment.get("SERVER_SOFTWARE", "").startswith("voila")
        or any(name.startswith("VOILA_") for name in environment)
    )


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


def _parse(path: Path, lesson: str) -> ParsedWorkbook:
    """Read a copy, which is a bonus: where it cannot be read, nothing is in it."""
    try:
        return loads(read_at_most(path, MAX_FILE_BYTES) or b"", [lesson])
    except OSError:
        return ParsedWorkbook({}, status="refused")


def _is_older_state(before: ParsedWorkbook, found: ParsedWorkbook) -> bool:
    """Return whether a copy is of the workbook of which a damaged file was left."""
    if found.book:
        return found.book == before.book
    return all(
        entry.revision > before.counter or before.entries.get(question) == entry
        for question, entry in found.entries.items()
    )


def _token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def _reason(error: OSError) -> str:
    """Return why a file cannot be read or written, in words that a learner can act on."""
    elsewhere = f"name another folder in the environment variable {VARIABLE}"
    if isinstance(error, TimeoutError):
        lock = str(getattr(error, "lock_file", ""))
        held = "another notebook holds it for too long: close that one and answer again"
        return f"{held}; where none is open, delete {lock}" if lock.endswith(".softlock") else held
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "the disk is full: make room and answer again"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"it may not be touched: {elsewhere}"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands where its folder should be"
    return f"{error.strerror or type(error).__name__}: {elsewhere}"
