"""Which of two answers stands: pure functions, whose cases the page's JavaScript runs too."""

from __future__ import annotations

import json

from kwlesson.answers.file_format import MAX_REVISION, Entry, ParsedWorkbook
from kwlesson.answers.json_values import format_ids
from kwlesson.errors import LessonError


class ConflictError(LessonError):
    """An answer is not kept, since whoever gave it had not seen the newer one that stands."""


def merge_answer(
    book: ParsedWorkbook, question: str, given: Entry, base_revision: int | None = None
) -> ParsedWorkbook:
    """Add one answer to a workbook.

    Parameters
    ----------
    book : ParsedWorkbook
        The workbook as it stands.
    question : str
        Which question was answered.
    given : Entry
        The answer; it gets no lower revision than it comes with.
    base_revision : int, optional
        The revision that whoever answered had seen, 0 for none. Without it, the answer takes the
        place of any that is not locked.

    Returns
    -------
    ParsedWorkbook
        The same where a locked answer stands, or the same answer.

    Raises
    ------
    ConflictError
        When another answer stands that is newer than the one that was seen.

    Examples
    --------
    >>> book = merge_answer(ParsedWorkbook({}), "one", Entry("left"))
    >>> merge_answer(book, "one", Entry("right"), base_revision=1).entries
    {'one': Entry(answer='right', revision=2, locked=False)}
    >>> merge_answer(book, "one", Entry("right"), base_revision=0)
    Traceback (most recent call last):
    kwlesson.answers.merge_rules.ConflictError: Another answer is in your folder, and it stays.
    """
    stands = book.entries.get(question)
    if stands:
        same_answer = _is_same(stands, given._replace(locked=stands.locked))
        if stands.locked or (same_answer and not given.locked):
            return book
        if not same_answer and base_revision is not None and stands.revision > base_revision:
            raise ConflictError("Another answer is in your folder, and it stays.")
    revision = min(max(book.counter + 1, given.revision), MAX_REVISION)
    entries = {**book.entries, question: given._replace(revision=revision)}
    return book._replace(entries=entries, counter=revision)


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
        if _is_newer(entry, here.entries.get(question))
    }
    counter = max(here.counter, there.counter)
    return here._replace(entries={**here.entries, **newer}, counter=counter)


def merge_restored(
    here: ParsedWorkbook, found: ParsedWorkbook
) -> tuple[ParsedWorkbook, tuple[str, ...]]:
    """Bring the answers of a file into a workbook.

    Into an empty workbook everything comes, also the book's token. Of another copy of the same
    book the newer answers come. Another book only fills in what is not yet answered. A locked
    answer always stays.

    Parameters
    ----------
    here : ParsedWorkbook
        The workbook as it stands.
    found : ParsedWorkbook
        What the file holds.

    Returns
    -------
    ParsedWorkbook
        The workbook from now on.
    tuple of str
        What came and what stayed, in sentences.

    Examples
    --------
    >>> file = ParsedWorkbook({"one": Entry("left", 1)}, "abc", 1)
    >>> merged, messages = merge_restored(ParsedWorkbook({}), file)
    >>> merged == file, messages
    (True, ('1 answer was brought back.',))
    """
    same_book = not here.entries or here.book == found.book != ""
    counter = max(here.counter, found.counter) if same_book else here.counter
    entries = dict(here.entries)
    came: list[str] = []
    stayed: list[str] = []
    locked: list[str] = []
    for question, entry in sorted(found.entries.items(), key=lambda item: item[1].revision):
        ours = entries.get(question)
        is_same = ours is not None and _is_same(ours, entry)
        if (ours is None or same_book) and _is_newer(entry, ours):
            counter = min(counter + (not same_book), MAX_REVISION)
            entries[question] = entry if same_book else entry._replace(revision=counter)
            came += [question] * (not is_same)
        elif not is_same:
            (locked if ours and ours.locked else stayed).append(question)
    messages = []
    if not same_book:
        messages.append("The file is of another workbook than the one here, so it only fills gaps.")
    if came:
        count = "1 answer was" if len(came) == 1 else f"{len(came):,} answers were"
        messages.append(f"{count} brought back.")
    else:
        messages.append("Nothing in the file is newer than what is here.")
    if stayed:
        why = "are newer here and stay" if same_book else "differ and stay as they are here"
        messages.append(f"These answers {why}: {format_ids(stayed)}.")
    if locked:
        messages.append(f"These answers stay as they were first given: {format_ids(locked)}.")
    book = here.book if here.entries else found.book or here.book
    return here._replace(entries=entries, counter=counter, book=book), tuple(messages)


def _is_newer(theirs: Entry, ours: Entry | None) -> bool:
    return ours is None or (not ours.locked and theirs.revision > ours.revision)


def _is_same(one: Entry, other: Entry) -> bool:
    """Return whether two entries are written alike: to Python also 1, 1.0 and True are equal."""
    return json.dumps([one.answer, one.locked]) == json.dumps([other.answer, other.locked])
