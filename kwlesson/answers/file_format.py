"""Read a learner's answers from any text, and keep all of it that can be kept."""

from __future__ import annotations

import codecs
import json
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.answers.json_values import Json, format_ids, repair_surrogates, to_json
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

FORMAT = "kwlesson-workbook"
LESSON = "kwlesson"
VERSION = 1
MAX_FILE_BYTES = 5_000_000
# Beyond it a counter is no count of answers, and JavaScript would soon count inexactly.
MAX_REVISION = 10**12
_BOOK = re.compile(r"[a-z0-9]{1,64}")
# Where an answer begins, on one line or over several.
_ENTRY = re.compile(
    r'^[ \t]*("(?:[^"\\\n]|\\.)*")\s*:\s*(?=\{\s*"(?:answer|n|locked)"\s*:)', re.MULTILINE
)
# Where one begins that does not go on like an answer.
_KEY = re.compile(r'^[ \t]*"((?:[^"\\\n]|\\.)*)', re.MULTILINE)
_HEADER = re.compile(r'"(format|lesson|book|version|counter)"\s*:\s*("(?:[^"\\\n]|\\.)*"|\d{1,18})')
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)


class Entry(NamedTuple):
    """One answer of a workbook.

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
        The number of the newest answer. Of two copies of a book the higher is newer.
    status : str
        Empty when all was read; else ``broken`` (a part is lost), ``newer`` (written by a newer
        version), ``other`` (of another lesson) or ``refused`` (no workbook at all). Of the last
        two nothing is read.
    messages : tuple of str
        What a learner or a teacher should know about it.
    """

    entries: dict[str, Entry]
    book: str = ""
    counter: int = 0
    status: str = ""
    messages: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, Json]:
        """The answers alone, by question."""
        return {question: entry.answer for question, entry in self.entries.items()}

    @property
    def usable(self) -> bool:
        """Whether it is a workbook of this lesson, whole or not."""
        return self.status not in {"other", "refused"}


def loads(text: str | bytes | bytearray | memoryview) -> ParsedWorkbook:
    """Read a workbook as far as it can be read; whatever the text is, this raises nothing.

    A file that is cut off or edited by hand gives every answer that still stands complete. Answers
    of another lesson are not read at all: the same id may be another question there.

    Parameters
    ----------
    text : str or bytes
        The content of a file of answers.

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
        return _refused(
            f"The file is larger than {MAX_FILE_BYTES // 1_000_000} MB, which no workbook is: "
            "choose the file that kwlesson saved."
        )
    plain, garbled = _decode(text)
    if not plain.strip("\0 \t\r\n"):
        return _refused("The file is empty.")
    try:
        found: object = json.loads(plain)
    except (ValueError, RecursionError):
        reading = _salvage(plain)
    else:
        reading = _interpret(found)
    if garbled and reading.usable:
        said = "Some letters of the file could not be read and stand as \ufffd."
        reading = reading._replace(status="broken", messages=(*reading.messages, said))
    return reading


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
    head = {"format": FORMAT, "version": VERSION, "lesson": LESSON}
    answers = {
        question: {"answer": entry.answer, "n": entry.revision, "locked": entry.locked}
        for question, entry in book.entries.items()
    }
    return {**head, "book": book.book, "counter": book.counter, "answers": answers}


def _decode(text: str | bytes | bytearray | memoryview) -> tuple[str, bool]:
    """Return the text, and whether some of it could not be decoded."""
    if isinstance(text, str):
        return text.removeprefix("\ufeff"), False
    content = bytes(text)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding), False
    except UnicodeDecodeError as error:
        # A last character that is cut in two is no more than a file cut off.
        if error.end == len(content):
            return content[: error.start].decode(encoding), False
        return content.decode(encoding, "replace"), True


def _refused(sentence: str, status: str = "refused") -> ParsedWorkbook:
    return ParsedWorkbook({}, status=status, messages=(sentence,))


def _interpret(found: object) -> ParsedWorkbook:
    """Read a text that is JSON as a whole."""
    if not isinstance(found, dict) or found.get("format", FORMAT) != FORMAT:
        return _NO_WORKBOOK
    if not isinstance(found.get("answers"), dict):
        return _NO_WORKBOOK
    version = found.get("version")
    if type(version) is int:
        while version in _MIGRATIONS:
            found = _MIGRATIONS[version](found)
            version = found["version"]
    return _reading(found, found["answers"].items(), lost=False)


def _salvage(text: str) -> ParsedWorkbook:
    """Read a text that is no JSON as a whole, answer by answer."""
    starts = list(_ENTRY.finditer(text))
    head = text[: starts[0].start()] if starts else text[:1000]
    header = {key: json.loads(value, strict=False) for key, value in _headers(head)}
    if header.get("format", FORMAT) != FORMAT or not (starts or "format" in header):
        return _NO_WORKBOOK
    decoder = json.JSONDecoder(strict=False)
    entries: list[tuple[str, object]] = []
    for start, after in zip_longest(starts, starts[1:]):
        chunk = text[start.end() : after.start() if after else None]
        question = start[1]
        try:
            question = json.loads(question, strict=False)
            entry, stop = decoder.raw_decode(chunk)
        except (ValueError, RecursionError):
            entries.append((question, None))
            continue
        entries.append((question, entry))
        entries += [(key, None) for key in _KEY.findall(chunk, stop)]
    return _reading(header, entries, lost=True)


def _headers(head: str) -> Iterable[tuple[str, str]]:
    for match in _HEADER.finditer(head):
        try:
            json.loads(match[2], strict=False)
        except ValueError:
            continue
        yield match[1], match[2]


def _reading(
    header: Mapping[str, object], entries: Iterable[tuple[str, object]], *, lost: bool
) -> ParsedWorkbook:
    """Keep the good answers of a workbook, and name the others."""
    lesson = header.get("lesson", LESSON)
    if lesson != LESSON:
        return _refused(
            f"The file belongs to another lesson ({format_ids([str(lesson)])}), "
            "so its answers are not taken.",
            "other",
        )
    kept: dict[str, Entry] = {}
    bad: dict[str, None] = {}
    unordered: list[str] = []
    for question, value in entries:
        try:
            entry, ordered = _entry(value)
        except LessonError:
            bad[repair_surrogates(question)] = None
            continue
        if not ordered:
            unordered.append(question)
        kept[repair_surrogates(question)] = entry
    version, book, counter = header.get("version"), header.get("book"), header.get("counter")
    newer = type(version) is int and version > VERSION
    sentences = []
    if newer:
        sentences.append(
            f"The file was written by a newer version of kwlesson (its format is {version}, and "
            f"this one knows {VERSION}): what fits is read, and the file stays as it is."
        )
    if lost:
        count = f"only {len(kept):,} answer{'' if len(kept) == 1 else 's'}" if kept else "no answer"
        sentences.append(f"The file is cut off or damaged: {count} could be read.")
    if bad:
        sentences.append(f"These are left out: {format_ids(bad)}.")
    if unordered:
        sentences.append(f"The number of these is not readable, so they count as the oldest: "
                         f"{format_ids(unordered)}.")  # fmt: skip
    revisions = [entry.revision for entry in kept.values()]
    return ParsedWorkbook(
        kept,
        book if isinstance(book, str) and _BOOK.fullmatch(book) else "",
        max([as_revision(counter) or 0, *revisions]),
        "newer" if newer else "broken" if sentences else "",
        tuple(sentences),
    )


def _entry(value: object) -> tuple[Entry, bool]:
    """Return one answer, and whether its number could be read."""
    if not isinstance(value, dict) or "answer" not in value:
        raise LessonError("This is no answer.")
    revision = as_revision(value.get("n"))
    answer = to_json(value["answer"], "The answer")
    return Entry(answer, revision or 0, value.get("locked") is True), revision is not None


def merge_newer(here: ParsedWorkbook, there: ParsedWorkbook) -> ParsedWorkbook:
    """Add to one copy of a book what another copy of it has newer.

    Parameters
    ----------
    here, there : ParsedWorkbook
        Two copies of one book.

    Returns
    -------
    ParsedWorkbook
        The first one, with the newer answers of the other; a locked answer stays.

    Examples
    --------
    >>> old, new = (ParsedWorkbook({"one": Entry(answer, n)}) for n, answer in enumerate("ab"))
    >>> merge_newer(old, new).answers
    {'one': 'b'}
    """
    newer = {
        question: entry
        for question, entry in there.entries.items()
        if question not in here.entries
        or (entry.revision > here.entries[question].revision and not here.entries[question].locked)
    }
    counter = max(here.counter, there.counter)
    return here._replace(entries={**here.entries, **newer}, counter=counter)


def as_revision(value: object) -> int | None:
    """Return a value that can be the number of an answer, and nothing for any other.

    Parameters
    ----------
    value : object
        What stands where a number should be.

    Returns
    -------
    int or None

    Examples
    --------
    >>> as_revision(7), as_revision(True), as_revision(-1)
    (7, None, None)
    """
    return value if type(value) is int and 0 <= value <= MAX_REVISION else None


def _number_answers(found: dict[str, Any]) -> dict[str, Any]:
    """Take version 0, question and answer alone, to version 1, which numbers the answers."""
    answers = {
        question: {"answer": answer, "n": n, "locked": False}
        for n, (question, answer) in enumerate(found["answers"].items(), start=1)
    }
    return {**found, "version": 1, "answers": answers}


_NO_WORKBOOK = _refused("The file is no workbook of kwlesson: no answers can be read in it.")
# From each older version to the next one.
_MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: _number_answers}
