"""Read a learner's answers from any text, and keep all of it that can be kept."""

from __future__ import annotations

import codecs
import json
import math
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.json_values import Json, format_ids, repair_surrogates, to_json
from kwlesson.errors import LessonError
from kwlesson.tables.schema import OWN_LESSON

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

FORMAT = "kwlesson-workbook"
VERSION = 1
MAX_FILE_BYTES = 5_000_000
# Beyond it a counter is no count of answers, and JavaScript would soon count inexactly.
MAX_REVISION = 10**12
_BOOK = re.compile(r"[a-z0-9]{1,64}")
# In a damaged file: where an answer begins, on one line or over several.
_ENTRY = re.compile(
    r'^[ \t]*("(?:[^"\\\n]|\\.)*")\s*:\s*(?=\{\s*"(?:answer|n|locked)"\s*:)', re.MULTILINE
)
# Where one begins that does not go on like an answer.
_KEY = re.compile(r'^[ \t]*"((?:[^"\\\n]|\\.)*)', re.MULTILINE)
_HEADER = re.compile(
    r'"(format|lesson|book|version|counter)"\s*:\s*(?:"([^"\\\n]*)"|([0-9]{1,18}))'
)
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class Entry(NamedTuple):
    """One answer of a workbook: ``n`` in the file is its revision.

    Parameters
    ----------
    answer : JSON value
        What the learner answered.
    revision : int
        The workbook's counter at that time: a higher one is newer.
    locked : bool
        Whether it stays as it was first given.
    """

    answer: Json
    revision: int = 0
    locked: bool = False


class ParsedWorkbook(NamedTuple):
    """What was found in a text, and what is to be said about it.

    Parameters
    ----------
    entries : dict of str to Entry
        The answers, by question.
    book : str
        The token that all copies of one learner's workbook share; empty when it is not known.
    counter : int
        The revision of the newest answer. Of two copies of a book the higher is newer.
    status : str
        Empty when all was read; else ``broken`` (a part is lost), ``newer`` (written by a newer
        version), ``other`` (of another lesson) or ``refused`` (no workbook at all). Of the last
        two nothing is read.
    messages : tuple of str
        What a learner or a teacher should know about it.
    forgotten : tuple of str
        The tokens of the workbooks that stood here and were forgotten: no page and no kernel may
        write their answers again.
    lesson : str
        The id of the lesson whose questions were answered.
    """

    entries: dict[str, Entry]
    book: str = ""
    counter: int = 0
    status: str = ""
    messages: tuple[str, ...] = ()
    forgotten: tuple[str, ...] = ()
    lesson: str = OWN_LESSON

    @property
    def answers(self) -> dict[str, Json]:
        """The answers alone, by question."""
        return {question: entry.answer for question, entry in self.entries.items()}

    @property
    def usable(self) -> bool:
        """Whether it is a workbook of this lesson, whole or not."""
        return self.status not in {"other", "refused"}


def loads(
    text: str | bytes | bytearray | memoryview, lessons: Collection[str] = (OWN_LESSON,)
) -> ParsedWorkbook:
    """Read a workbook as far as it can be read; whatever the text is, this raises nothing.

    A file that is cut off or edited by hand gives every answer that still stands complete. Answers
    of another lesson are not read at all: the same id may be another question there.

    Parameters
    ----------
    text : str or bytes
        The content of a file of answers.
    lessons : collection of str, optional
        The ids of the lessons whose answers are wanted; by default that of our own.

    Returns
    -------
    ParsedWorkbook

    Examples
    --------
    >>> whole = '''{"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson", "answers": {
    ... "one": {"answer": "left", "n": 1, "locked": false},
    ... "two": {"answer": "right", "n": 2, "locked": false}
    ... }}'''
    >>> loads(whole).answers
    {'one': 'left', 'two': 'right'}
    >>> cut = loads(whole[:-30])
    >>> cut.answers, cut.status
    ({'one': 'left'}, 'broken')
    >>> print(*cut.messages)
    The file is cut off or damaged: only 1 answer could be read. These are left out: 'two'.
    """
    if len(text) > MAX_FILE_BYTES:
        return _refuse(
            f"The file is larger than {MAX_FILE_BYTES // 1_000_000} MB, which no workbook is: "
            "choose the file that kwlesson saved."
        )
    plain, garbled = (text, False) if isinstance(text, str) else _decode(bytes(text))
    plain = plain.removeprefix("\ufeff")
    if not plain.strip("\0 \t\r\n"):
        return _refuse("The file is empty.")
    try:
        found: object = json.loads(plain)
    except (ValueError, RecursionError):
        parsed = _salvage(plain, lessons)
    else:
        parsed = _interpret(found, lessons)
    if garbled and parsed.usable:
        message = "Some letters of the file could not be read and stand as \ufffd."
        parsed = parsed._replace(status="broken", messages=(*parsed.messages, message))
    return parsed


def dumps(book: ParsedWorkbook) -> str:
    """Write a workbook as text, one answer a line, so that a file cut off loses only the rest.

    Parameters
    ----------
    book : ParsedWorkbook
        The answers, with their book and counter.

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ParsedWorkbook({"one": Entry("left", 1)}, "abc", 1)))
    {"format": "kwlesson-workbook", "version": 1, "lesson": "kwlesson", "book": "abc", "counter": 1, "answers": {
    "one": {"answer": "left", "n": 1, "locked": false}
    }}
    <BLANKLINE>
    """  # noqa: E501 - the line as it is written
    whole = as_dict(book)
    answers = whole.pop("answers")
    lines = ",\n".join(f"{_encode(one)}: {_encode(entry)}" for one, entry in answers.items())
    return f'{_encode(whole)[:-1]}, "answers": {{\n{lines}\n}}}}\n'


def as_dict(book: ParsedWorkbook) -> dict[str, Any]:
    """Return a workbook as the JSON object that its file holds.

    Parameters
    ----------
    book : ParsedWorkbook
        The answers, with their book and counter.

    Returns
    -------
    dict

    Examples
    --------
    >>> as_dict(ParsedWorkbook({"one": Entry("left", 1)}, "abc", 1))["answers"]
    {'one': {'answer': 'left', 'n': 1, 'locked': False}}
    """
    head = {"format": FORMAT, "version": VERSION, "lesson": book.lesson}
    answers = {
        question: {"answer": entry.answer, "n": entry.revision, "locked": entry.locked}
        for question, entry in book.entries.items()
    }
    forgotten = {"forgotten": list(book.forgotten)} if book.forgotten else {}
    return {**head, "book": book.book, "counter": book.counter, **forgotten, "answers": answers}


def as_revision(value: object) -> int | None:
    """Return a value that can be the revision of an answer, and None for any other."""
    return value if type(value) is int and 0 <= value <= MAX_REVISION else None


def _decode(content: bytes) -> tuple[str, bool]:
    """Return the text without a last character that is cut in two, and whether more is garbled."""
    encoding = json.detect_encoding(content)
    if encoding.endswith(("le", "be")) and content[:4].replace(b"\0", b"")[:1] != b"{":
        encoding = "utf-8"  # zeros that stand for a lost beginning
    decoder = codecs.getincrementaldecoder(encoding)
    try:
        return decoder().decode(content), False
    except UnicodeDecodeError:
        return decoder("replace").decode(content), True


def _refuse(message: str, status: str = "refused", lesson: str = OWN_LESSON) -> ParsedWorkbook:
    return ParsedWorkbook({}, status=status, messages=(message,), lesson=lesson)


_NO_WORKBOOK = _refuse("The file is no workbook of kwlesson: no answers can be read in it.")


def _interpret(found: object, lessons: Collection[str]) -> ParsedWorkbook:
    """Read a text that is JSON as a whole."""
    if not isinstance(found, dict) or found.get("format", FORMAT) != FORMAT:
        return _NO_WORKBOOK
    answers = found.get("answers")
    if not isinstance(answers, dict):
        return _NO_WORKBOOK
    # Version 0 had the answer alone, in the order of answering.
    if _as_number(found.get("version")) == 0:
        answers = {
            question: {"answer": answer, "n": n}
            for n, (question, answer) in enumerate(answers.items(), start=1)
        }
    return _assemble(found, answers.items(), lessons, lost=False)


def _salvage(text: str, lessons: Collection[str]) -> ParsedWorkbook:
    """Read a text that is no JSON as a whole, answer by answer."""
    starts = list(_ENTRY.finditer(text))
    head = text[: starts[0].start()] if starts else text[:1000]
    header = {key: int(number) if number else word for key, word, number in _HEADER.findall(head)}
    if header.get("format", FORMAT) != FORMAT or not (starts or "format" in header):
        return _NO_WORKBOOK
    decoder = json.JSONDecoder(strict=False)
    entries: list[tuple[str, object]] = []
    for start, after in zip_longest(starts, starts[1:]):
        chunk = text[start.end() : after.start() if after else None]
        question, entry, stop = start[1], None, len(chunk)
        try:
            question = decoder.decode(question)
            entry, stop = decoder.raw_decode(chunk)
        except (ValueError, RecursionError):
            pass
        entries += [(question, entry), *((key, None) for key in _KEY.findall(chunk, stop))]
    return _assemble(header, entries, lessons, lost=True)


def _assemble(
    header: Mapping[str, object],
    entries: Iterable[tuple[str, Any]],
    lessons: Collection[str],
    *,
    lost: bool,
) -> ParsedWorkbook:
    """Keep the good answers of a workbook, and name the others."""
    lesson = str(header.get("lesson", next(iter(lessons))))
    if lesson not in lessons:
        message = (
            f"The file belongs to another lesson ({format_ids([lesson])}), "
            "so its answers are not taken."
        )
        if lesson == OWN_LESSON:
            message += (
                " (The first version of kwlesson wrote that name for every lesson: if such a file "
                f"is of this one, write {format_ids(sorted(lessons))} for it in the first line.)"
            )
        return _refuse(message, "other", lesson)
    kept: dict[str, Entry] = {}
    bad: dict[str, None] = {}
    unordered: list[str] = []
    for key, value in entries:
        question = repair_surrogates(key)
        try:
            answer = to_json(value["answer"], question)
        except (LessonError, LookupError, TypeError):
            bad[question] = None
            continue
        revision = as_revision(value.get("n"))
        if revision is None:
            unordered.append(question)
        kept[question] = Entry(answer, revision or 0, value.get("locked") is True)
    version, book, counter = header.get("version"), header.get("book"), header.get("counter")
    number = _as_number(version)
    newer = number > VERSION
    messages = []
    if newer:
        messages.append(
            f"The file was written by a newer version of kwlesson (its format is {number:g}, and "
            f"this one knows {VERSION}): what fits is read, and the file stays as it is."
        )
    if lost:
        count = f"only {len(kept):,} answer{'' if len(kept) == 1 else 's'}" if kept else "no answer"
        messages.append(f"The file is cut off or damaged: {count} could be read.")
    if bad:
        messages.append(f"These are left out: {format_ids(bad)}.")
    if unordered:
        messages.append(
            "The number of these is not readable, so they count as the oldest: "
            f"{format_ids(unordered)}."
        )
    forgotten = header.get("forgotten")
    tokens = forgotten if isinstance(forgotten, list) else ()
    return ParsedWorkbook(
        kept,
        book if isinstance(book, str) and _BOOK.fullmatch(book) else "",
        max([as_revision(counter) or 0, *(entry.revision for entry in kept.values())]),
        "newer" if newer else "broken" if messages else "",
        tuple(messages),
        tuple(one for one in tokens if isinstance(one, str) and _BOOK.fullmatch(one)),
        lesson,
    )


def _as_number(version: object) -> float:
    """Return a version as a number, however an editor wrote it; a missing one is ours."""
    if version is None:
        return VERSION
    try:
        number = float(version)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.inf
    return math.inf if math.isnan(number) else number
