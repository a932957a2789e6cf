"""Hold every quoted word against the texts themselves."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from kwlesson.errors import LessonError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kwlesson.tables import schema
    from kwlesson.tables.reader import TableRows

LONGEST_ECHO = 8
_WORD_OR_SIGN = re.compile(r"\w+|\W")
_AROUND = 8  # words and signs shown on both sides of a difference
_MOST_COMPARED = 1_000_000  # pairs of them
_QUOTED = re.compile("“([^“”]*)”")
_WORD = re.compile(r"[^\W_]+")
# Cells whose words are the text's own: the words of a quotation, of a date, of a caution.
_OWN_WORDS = {"quotes": "words", "events": "date_words", "claims": "hedge"}


def problems(layout: dict[str, schema.Table], tables: TableRows, folder: Path) -> list[Problem]:
    """Find every cell that misquotes a text or repeats it without saying so.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    tables : dict of str to list of Row
        The tables of a lesson.
    folder : Path
        Holds ``<source id>.txt`` (UTF-8) for each base source; a paragraph is a line that is not
        empty.

    Returns
    -------
    list of Problem

    Raises
    ------
    LessonError
        When the folder or a text is missing.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> from kwlesson.tables.reader import read_folder
    >>> layout, tables, _ = read_folder(SAMPLE)
    >>> problems(layout, tables, SAMPLE / "texts")
    []
    """
    texts = {
        row["id"]: _paragraphs(folder, row["id"])
        for row in tables["sources"]
        if row["base"] == "yes"
    }
    return [*_misquoted(tables, texts), *_echoes(layout, tables, texts)]


def _paragraphs(folder: Path, source: str) -> list[str]:
    path = folder / f"{source}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        message = f"{path}: the text of '{source}' cannot be read; --sources names its folder"
        raise LessonError(message) from None
    return [line for line in text.split("\n") if line.strip()]


def _misquoted(tables: TableRows, texts: dict[str, list[str]]) -> Iterator[Problem]:
    for name, column in _OWN_WORDS.items():
        for row in tables[name]:
            paragraphs = texts.get(row["source"])
            if not row[column] or paragraphs is None:
                continue
            places = [int(number) for number in row["paragraph"].split(";") if number]
            if not places or max(places) > len(paragraphs):
                remedy = f"the text has {len(paragraphs)} paragraphs; name one of them"
                yield Problem(f"{name}.csv", row.number, "paragraph", row["paragraph"], remedy)
            elif not any(row[column] in paragraphs[place - 1] for place in places):
                remedy = (
                    f"does not stand so in paragraph {row['paragraph']} of {row['source']}"
                    f"{_instead(row[column], paragraphs[places[0] - 1], paragraphs)}; "
                    "copy it to the letter"
                )
                yield Problem(f"{name}.csv", row.number, column, row[column], remedy)


def _instead(ours: str, named: str, paragraphs: list[str]) -> str:
    """Say what a text has instead of words that it is said to have."""
    elsewhere = [n for n, paragraph in enumerate(paragraphs, start=1) if ours in paragraph]
    if elsewhere:
        return f", but in paragraph {elsewhere[0]}"
    nearest = max([named, *paragraphs], key=lambda paragraph: _shared(ours, paragraph))
    difference = _difference(ours, nearest)
    if not difference or nearest == named:
        return difference
    return f", nor in another; paragraph {paragraphs.index(nearest) + 1} is the nearest{difference}"


def _shared(ours: str, theirs: str) -> int:
    return len({*ours.split()} & _all_words(theirs))


@lru_cache(maxsize=1_000)
def _all_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _difference(ours: str, theirs: str) -> str:
    """Say where words first differ from the nearest of a text; nothing where none are near."""
    own, other = _WORD_OR_SIGN.findall(ours), _WORD_OR_SIGN.findall(theirs)
    if len(own) * len(other) > _MOST_COMPARED:
        return ""
    blocks = SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()
    same = [block for block in blocks if block.size]
    shared = [word for one in same for word in own[one.a : one.a + one.size] if word.isalnum()]
    if 2 * len(shared) < sum(map(str.isalnum, own)) or not shared:
        return ""
    start = max(0, same[0].b - same[0].a)
    end = same[-1].b + len(own) - same[-1].a
    near = other[start:end]
    at = next((n for n, (one, two) in enumerate(zip(own, near, strict=False)) if one != two), 0)
    written, stands = (
        "".join(words[max(0, at - _AROUND) : at + _AROUND + 1]) for words in (own, near)
    )
    said = f": '{written.strip()}' for '{stands.strip()}'"
    return said.replace("\N{NO-BREAK SPACE}", r"\xa0")  # which looks like the other blank


def _echoes(
    layout: dict[str, schema.Table], tables: TableRows, texts: dict[str, list[str]]
) -> Iterator[Problem]:
    whole = "\n".join(line for paragraphs in texts.values() for line in paragraphs)
    for name, rows in tables.items():
        if name == "sources":  # a title is repeated wherever its text is cited
            continue
        columns = [
            column.name
            for column in layout[name].columns.values()
            if column.type == "string" and column.name != _OWN_WORDS.get(name)
        ]
        for row in rows:
            for column in columns:
                for words, remedy in borrowed(row[column], whole):
                    yield Problem(f"{name}.csv", row.number, column, words, remedy)


def borrowed(ours: str, texts: str) -> Iterator[tuple[str, str]]:
    r"""Find words that are said to be a text's and are not, or are and are not said to be.

    Parameters
    ----------
    ours : str
        What we wrote, with the texts' words in curly quotation marks.
    texts : str
        The texts.

    Yields
    ------
    tuple of str
        The words, and what to do about them.

    Examples
    --------
    >>> text = "Half an hour before dawn the lamp in the tower went out."
    >>> [words for words, _ in borrowed("We read of \u201cdusk\u201d.", text)]
    ['dusk']
    >>> [words for words, _ in borrowed("Hear: an hour before dawn the lamp in the tower!", text)]
    ['an hour before dawn the lamp in the']
    """
    for quoted in _QUOTED.findall(ours):
        if quoted not in texts:
            instead = _difference(
                quoted, max(texts.split("\n"), key=lambda one: _shared(quoted, one))
            )
            yield quoted, f"in curly quotation marks, but in none of the texts{instead}; correct it"
    runs = _all_runs(texts)
    echo = next((run for run in _runs(_QUOTED.sub("|", ours)) if run in runs), None)
    if echo:
        yield " ".join(echo), "repeats the text; quote it or say it in other words"


@lru_cache(maxsize=8)
def _all_runs(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_runs(text))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    for piece in text.split("|"):
        words = _WORD.findall(piece.lower())
        yield from zip(*(words[start:] for start in range(LONGEST_ECHO)), strict=False)
