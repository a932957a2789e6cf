"""Gather a class: each learner's newest answers, of all the files that were handed in."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.answer_kinds import ARGUMENT, NAME
from kwlesson.answers.file_format import loads
from kwlesson.classroom.hand_ins import read_place
from kwlesson.classroom.same_learner import decide, grouped, state_of
from kwlesson.classroom.submissions import REST, describe_error, explain, read_submissions
from kwlesson.errors import LessonError, visible
from kwlesson.tables.schema import OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kwlesson.answers.file_format import ParsedWorkbook
    from kwlesson.classroom.same_learner import State, Verdict
    from kwlesson.classroom.submissions import Submission
    from kwlesson.tables.store import Tables

MAX_ANSWERS_OF_A_FILE, MAX_ANSWERS = 5_000, 1_000_000
_REASONS = {
    "older": "an older copy of {}",
    "same": "the same answers as {}, so they count once",
    "again": "handed in again by the same learner: {} counts",
}
_FEW, _LONGEST_NAME = 5, 60
# Control signs but for the new line and the tab, and those that turn the order of letters round.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


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
    """What a folder of answer files holds: learners, what was not counted, what to look at."""

    learners: list[Learner]
    skipped: list[Skipped]
    notes: list[Skipped]


def gather(folder: Path, lessons: Sequence[Tables] = ()) -> Gathered:
    """Read all answer files of a folder; what cannot be read is listed and skipped.

    Nothing is unpacked and nothing written. Links are not followed. A file is known by its content,
    whatever its name. Two files are one learner's where one of them is an older state of the other,
    or where a learning system wrote into their names that one learner handed them in; else they are
    two learners. Ctrl-C ends the reading, and what was read until then counts.

    Parameters
    ----------
    folder : Path
        Holds answer files loose, in subfolders and in zip files; a single file does too.
    lessons : sequence of Tables, optional
        The lessons whose answers count; without any, our own.

    Returns
    -------
    Gathered
        Learners in the order of their files' names.

    Raises
    ------
    LessonError
        When there is no such folder, or it may not be looked into, or the lessons cannot be told
        apart.

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
    reading = _Reading(lessons)
    # The bar shows on a terminal alone.
    files = tqdm(read_submissions(folder), unit=" files", disable=None, leave=False)
    try:
        for number, file in enumerate(files, start=1):
            if not reading.take(number, file):
                break
    except KeyboardInterrupt:
        reading.note("the reading was stopped: files that come later are not counted")
    finally:
        files.close()
    return reading.result()


class _Reading:
    """What was read so far of a class: of each file no more than is needed."""

    def __init__(self, lessons: Sequence[Tables]) -> None:
        self._lessons = list(dict.fromkeys(one.id for one in lessons)) or [OWN_LESSON]
        self._asked = _asked(lessons)
        self._learners: dict[int, Learner] = {}
        self._states: list[State] = []
        self._skipped: list[Skipped] = []
        self._notes: list[Skipped] = []
        self._others: Counter[str] = Counter()
        self._nameless: dict[int, list[State]] = {}
        self._left = MAX_ANSWERS

    def note(self, reason: str, nameless: str = "") -> None:
        self._notes.append(Skipped("", reason, 0, nameless))

    def take(self, number: int, file: Submission) -> bool:
        """Read a file; return whether another one may be read."""
        # A file's name need not be UTF-8, and whatever shows it must be.
        place = visible(file.place.encode("utf-8", "replace").decode("utf-8"))
        if file.reason:
            self._skipped.append(Skipped(place, file.reason, number))
            if file.reason.endswith(REST):
                self.note(f"{place}: {file.reason}", f"file {number}: {file.reason}")
            return True
        parsed = loads(file.content, self._lessons)
        reasons = list(map(visible, parsed.messages))
        if parsed.status == "other":
            self._others[visible(parsed.lesson[:_LONGEST_NAME])] += 1
        elif parsed.status == "refused":
            reasons = [explain(file) or reasons[0]]
        elif not reasons and not parsed.entries:
            reasons = ["no answer in it"]
        elif len(parsed.entries) > MAX_ANSWERS_OF_A_FILE:
            reasons = [f"more than {MAX_ANSWERS_OF_A_FILE:,} answers, which no lesson asks for"]
            parsed = parsed._replace(entries={})
        self._skipped += [Skipped(place, reason, number) for reason in reasons]
        if parsed.entries:
            self._keep(number, place, file.place, parsed)
        if self._left < 0:
            self.note(
                f"more than {MAX_ANSWERS:,} answers in all: files that come later are not read"
            )
        return self._left >= 0

    def _keep(self, number: int, place: str, raw_place: str, parsed: ParsedWorkbook) -> None:
        answers = {
            question: _legible(answer)
            for question, answer in parsed.answers.items()
            if not self._asked or question in self._asked
        }
        self._left -= len(parsed.entries)
        name = answers.get(NAME)
        said = visible(name) if isinstance(name, str) else ""
        self._learners[number] = Learner(place, said, answers)
        self._states.append(state_of(number, parsed, read_place(raw_place)))

    def result(self) -> Gathered:
        """Say who is a learner, and what is to be looked at."""
        verdicts = decide(self._states)
        for one in self._states:
            verdict = verdicts.get(one.number)
            if verdict:
                self._skip(one, verdict)
        counted = [one for one in self._states if one.number not in verdicts]
        for of_book in grouped(counted, lambda one: one.book):
            if of_book[0].book and len(of_book) > 1:
                self._tell(
                    of_book,
                    f"began with one file, and count as {len(of_book)} learners. Where one of them "
                    "worked on two machines, let them bring one file back into the other",
                )
        for copies in self._nameless.values():
            self._tell(copies, "hold states of one book and no name, and count as 1 learner")
        for of_name in grouped(counted, lambda one: one.name):
            if of_name[0].name and len({one.book for one in of_name}) > 1:
                self._tell(of_name, f"hold one name, and count as {len(of_name)} learners")
        for lesson, count in self._others.items():
            files = "1 file is" if count == 1 else f"{count} files are"
            self.note(f"{files} of another lesson ('{lesson}'), and not counted here")
        learners = [self._learners[one.number] for one in counted]
        return Gathered(
            sorted(learners, key=lambda one: one.place),
            sorted(self._skipped, key=lambda one: one.number),
            self._notes,
        )

    def _skip(self, one: State, verdict: Verdict) -> None:
        newer = verdict.counts.number
        reason, nameless = (
            _REASONS[verdict.kind].format(other)
            for other in (self._learners[newer].place, f"file {newer}")
        )
        self._skipped.append(
            Skipped(self._learners[one.number].place, reason, one.number, nameless)
        )
        if not (verdict.counts.name or one.hand_in.owner):
            self._nameless.setdefault(newer, [verdict.counts]).append(one)

    def _tell(self, states: Sequence[State], what: str) -> None:
        places = [self._learners[one.number].place for one in states]
        numbers = [str(one.number) for one in states]
        self.note(f"{_list(places)} {what}", f"files {_list(numbers)} {what}")


def _legible(answer: Any) -> Any:  # noqa: ANN401 - whatever stood in the file
    """Return an answer in which no sign is obeyed by what shows it."""
    if isinstance(answer, str):
        plain = answer.replace("\r\n", "\n")
        return _OBEYED.sub(lambda sign: visible(sign[0]), plain)
    if isinstance(answer, list):
        return [_legible(one) for one in answer]
    if isinstance(answer, dict):
        return {key: _legible(one) for key, one in answer.items()}
    return answer


def _list(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = len(names) - _FEW
    shown = ", ".join(names[:_FEW])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _asked(lessons: Sequence[Tables]) -> set[str]:
    """Return what answers are kept under in these lessons."""
    asked: dict[str, str] = {}
    for lesson in lessons:
        for question in lesson.by_id("questions"):
            if asked.setdefault(question, lesson.id) != lesson.id:
                raise LessonError(
                    f"the lessons '{asked[question]}' and '{lesson.id}' both ask '{question}': "
                    "gather one of them at a time"
                )
    rows = {
        f"{table}:{row}"
        for lesson in lessons
        for table in ("corroborations", "links", "points")
        for row in lesson.by_id(table)
    }
    return {*asked, *rows, NAME, ARGUMENT} if lessons else set()
