"""Words explained where they stand: the first time each is met, in a disclosure that opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kwlesson.tables.store import Record, Tables

# Columns whose words each view explains in full, beside the row or in its legend.
_IN_LEGENDS = (("sources", "read"), ("supports", "bearing"))
_ASIDE = re.compile(r"\s*\(.*\)$")
# What stands in quotation marks is somebody's own words: nothing is put between them.
_QUOTED = '“[^”]*”|"[^"]*"'


class Piece(NamedTuple):
    """A stretch of a passage, with the row of `terms` that explains it."""

    text: str
    term: Record | None = None


class Passage(str):
    """A text that knows which of its words are explained; everywhere else just the text.

    Parameters
    ----------
    pieces : iterable of Piece
        They add up to the text.

    Examples
    --------
    >>> Passage([Piece("an "), Piece("oar", {"id": "oar"})]).upper()
    'AN OAR'
    """

    __slots__ = ("pieces",)
    pieces: tuple[Piece, ...]

    def __new__(cls, pieces: Iterable[Piece]) -> Passage:  # noqa: D102, PYI034 - Python's own
        kept = tuple(pieces)
        passage = super().__new__(cls, "".join(piece.text for piece in kept))
        passage.pieces = kept
        return passage


class Glossary:
    """The terms of a lesson that are explained in passing.

    Words with a mark, and words for how much was read or what bears on what, have their place
    beside the rows they describe; all others are looked up where they stand.

    Parameters
    ----------
    lesson : Tables
        The tables.

    Examples
    --------
    >>> import kwlesson
    >>> glossary = Glossary(kwlesson.load(kwlesson.SAMPLE))
    >>> explain = glossary.scope()
    >>> [piece.text for piece in explain("Two inquiries, one Inquiry, an inquiry.").pieces]
    ['Two inquiries, one ', 'Inquiry', ', an inquiry.']
    """

    def __init__(self, lesson: Tables) -> None:
        taken = {word for table, column in _IN_LEGENDS for word in lesson.grouped(table, column)}
        self._terms: dict[str, Record] = {}
        for term in lesson.records("terms"):
            if not term["mark"] and term["id"] not in taken:
                self._terms.setdefault(casefold_key(_ASIDE.sub("", term["term"])), term)
        longest_first = sorted(self._terms, key=len, reverse=True)
        words = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
        known = rf"(?<![\w-])({words})s?(?![\w-])" if words else r"(?!)()"
        self._pattern = re.compile(f"{_QUOTED}|{known}", re.IGNORECASE)

    def scope(self) -> Callable[[str], Passage]:
        """Begin a part of a view.

        Returns
        -------
        function of str to Passage
            Explains each word the first time it is met in the texts it is given, in their order.
        """
        met: set[str] = set()

        def explain(text: str) -> Passage:
            return Passage(self._pieces(str(text), met))

        return explain

    def _pieces(self, text: str, met: set[str]) -> Iterable[Piece]:
        start = 0
        for found in self._pattern.finditer(text):
            term = self._terms[casefold_key(found[1])] if found[1] else None
            if term and term["id"] not in met:
                met.add(term["id"])
                yield Piece(text[start : found.start()])
                yield Piece(found[0], term)
                start = found.end()
        yield Piece(text[start:])


def casefold_key(word: str) -> str:
    """Return a word as it is looked up, however it is written.

    Parameters
    ----------
    word : str
        One word or several.

    Returns
    -------
    str

    Examples
    --------
    >>> casefold_key(" Tide  Table")
    'tide table'
    """
    return " ".join(word.casefold().split())
