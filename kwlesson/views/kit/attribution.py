"""Whose words a quotation gives, and on which sources an answer rests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Record

ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def origin(quote: Record, speaker: Record | None, source: Record) -> str:
    """Say whose words a quotation gives, and where they are printed.

    Parameters
    ----------
    quote : dict
        A row of `quotes`.
    speaker : dict or None
        Its row of `people`.
    source : dict
        Its row of `sources`.

    Returns
    -------
    str

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> quote, keeper = lesson.get("quotes", "thick-as-wool"), lesson.get("people", "lamplighter")
    >>> origin(quote, keeper, lesson.get("sources", "harbour-book"))
    'words given to Tom Wick; printed in Ada Quill, paragraph 2'
    """
    printed = (source["author"] or source["title"]) + paragraphs(quote["paragraph"])
    if not speaker:
        return f"printed in {printed}"
    if quote["kind"] == "testimony":
        return f"words given to {speaker['name']}; printed in {printed}"
    if speaker["name"] == source["author"]:
        return f"in the words of {printed}"
    return f"in the words of {speaker['name']}; printed in {printed}"


def paragraphs(cell: str) -> str:
    """Say behind the name of a source which of its paragraphs are meant: the filter `paragraphs`.

    Parameters
    ----------
    cell : str
        A cell of the column `paragraph`: numbers with ; between them.

    Returns
    -------
    str
        Empty for an empty cell.

    Examples
    --------
    >>> paragraphs("2;14")
    ', paragraphs 2, 14'
    """
    word = "paragraphs" if ";" in cell else "paragraph"
    return f", {word} {cell.replace(';', ', ')}" if cell else ""


def rests_on(question: Record, sources: Mapping[str, Record]) -> list[Record]:
    """Return the sources on which the answer to a question rests.

    Parameters
    ----------
    question : dict
        A row of `questions`.
    sources : mapping
        Rows of `sources` by their ids.

    Returns
    -------
    list of dict
        Empty where the case is made up.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [row["id"] for row in rests_on(lesson.get("questions", "who-saw"), lesson.by_id("sources"))]
    ['harbour-book', 'keeper-letter']
    """
    named = [question["source"], *question["more_sources"].split(";")]
    return [sources[key] for key in named if key]
