"""Words explained where they stand: the first time each is met, in a disclosure that opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kwlesson.tables.store import Record, Tables

# Columns whose words each view explains in full, beside the row or in its legend.
_IN_LEGENDS = (("sources", "read"), ("supports", "bearing"), ("corroborations", "bears_on"))
_ASIDE = re.compile(r"\s*\(.*\)$")
# Where a word may begin. What stands in quotation marks is somebody's own words: nothing is put
# between them.
_BEGINNING = re.compile(r"""“[^”]*”|"[^"]*"|(?<![\w-])(\w+|[^\w\s])""")


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
            if term["meaning"] and not term["mark"] and term["id"] not in taken:
                self._terms.setdefault(casefold_key(_ASIDE.sub("", term["term"])), term)
        # One pattern for all terms would be tried, term after term, at each letter of a text.
        self._by_first_word: dict[str, list[str]] = {}
        for words in self._terms:
            if first := _BEGINNING.match(words):
                self._by_first_word.setdefault(first[0], []).append(words)
        self._patterns: dict[str, re.Pattern[str]] = {}

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
        start = end = 0
        while beginning := _BEGINNING.search(text, end):
            found = beginning[1] and self._find(text, beginning.start(), beginning[1].casefold())
            end = (found or beginning).end()
            term = self._terms.get(casefold_key(found[1])) if found else None
            if found and term and term["id"] not in met:
                met.add(term["id"])
                yield Piece(text[start : found.start()])
                yield Piece(found[0], term)
                start = end
        yield Piece(text[start:])

    def _find(self, text: str, place: int, word: str) -> re.Match[str] | None:
        """Find the longest term that begins at a place, with a word that may be a plural."""
        for first in (word, word.removesuffix("s")):
            if first in self._by_first_word and (found := self._pattern(first).match(text, place)):
                return found
        return None

    def _pattern(self, first: str) -> re.Pattern[str]:
        if first not in self._patterns:
            longest_first = sorted(self._by_first_word[first], key=len, reverse=True)
            words = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in longest_first)
            self._patterns[first] = re.compile(rf"({words})s?(?![\w-])", re.IGNORECASE)
        return self._patterns[first]


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
