"""Whose words a quotation gives, in whose voice a line speaks, and on what an answer rests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from kwlesson.tables.store import Record, Tables


class Voice(NamedTuple):
    """Who speaks in a line: the document, the historian who tells of it, or we.

    A template draws it as a sign and a word. `name` is the kind of document or the historian.
    """

    kind: str
    name: str


OURS = Voice("ours", "")
_TOLD_LATER = {"book", "article", "reference"}  # kinds of sources: the others are documents


class Voices:
    """Tells apart what is quoted from a document, what a historian says, and what we say.

    Parameters
    ----------
    lesson : Tables
        The tables.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> voices = Voices(lesson)
    >>> voices.of_quote(lesson.get("quotes", "lit-at-dusk"))
    Voice(kind='document', name='letter')
    >>> voices.of_quote(lesson.get("quotes", "quill-hardly"))
    Voice(kind='historian', name='Ada Quill')
    """

    def __init__(self, lesson: Tables) -> None:
        self._sources, self._people = lesson.by_id("sources"), lesson.by_id("people")
        self._known_as = {
            row["name"]: row["also_known_as"].partition(";")[0] or row["name"]
            for row in self._people.values()
        }

    def of_quote(self, quote: Record) -> Voice:
        """Return in whose voice a quotation speaks.

        Parameters
        ----------
        quote : dict
            A row of `quotes`.

        Returns
        -------
        Voice
        """
        speaker, source = self._people.get(quote["speaker"]), self._sources[quote["source"]]
        document = self._sources.get(quote["document"])
        if speaker and speaker["name"] == source["author"]:
            if source["kind"] in _TOLD_LATER:
                return self.historian(quote["source"])
            document = source
        return Voice("document", str(document["kind"]) if document else "")

    def of_claim(self, claim: Record, reporter: str) -> Voice:
        """Return in whose voice a claim speaks; what is quoted has its row in `quotes`.

        Parameters
        ----------
        claim : dict
            A row of `claims`.
        reporter : str
            Id of the one whose account it belongs to: a historian does not sum up himself.

        Returns
        -------
        Voice
        """
        source = self._sources[claim["source"]]
        named = self._people[reporter]["name"] if reporter else ""
        tells = claim["status"] != "stated" and source["base"] == "yes"
        return self.historian(source["id"]) if tells and source["author"] != named else OURS

    def historian(self, source: str) -> Voice:
        """Return the voice of the one who wrote a source.

        Parameters
        ----------
        source : str
            Id of a row of `sources`.

        Returns
        -------
        Voice
        """
        author = self._sources[source]["author"]
        return Voice("historian", str(self._known_as.get(author, author)))


ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def origin(lesson: Tables, quote: Record) -> str:
    """Say whose words a quotation gives, and where they are printed.

    Parameters
    ----------
    lesson : Tables
        The tables.
    quote : dict
        A row of `quotes`.

    Returns
    -------
    str

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> origin(lesson, lesson.get("quotes", "thick-as-wool"))
    'words given to Tom Wick; printed in Ada Quill, paragraph 2'
    """
    speaker, source = (
        lesson.by_id("people").get(quote["speaker"]),
        lesson.get("sources", quote["source"]),
    )
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


def rests_on(lesson: Tables, question: Record) -> list[Record]:
    """Return the sources on which the answer to a question rests.

    Parameters
    ----------
    lesson : Tables
        The tables.
    question : dict
        A row of `questions`.

    Returns
    -------
    list of dict
        Empty where the case is made up.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [row["id"] for row in rests_on(lesson, lesson.get("questions", "who-saw"))]
    ['harbour-book', 'keeper-letter']
    """
    named = [question["source"], *question["more_sources"].split(";")]
    return [lesson.get("sources", key) for key in named if key]


def notes_on(lesson: Tables, row: str, explain: Callable[[str], str] = str) -> list[Record]:
    """Return the notes on a row, each with the source in which it can be read.

    Parameters
    ----------
    lesson : Tables
        The tables.
    row : str
        The row, as `table:id`.
    explain : function, optional
        What is done to a note's text, such as to explain its words.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [note["origin"]["id"] for note in notes_on(lesson, "points:lamp")]
    ['keeper-letter']
    """
    return [
        note | {"text": explain(note["text"]), "origin": lesson.get("sources", note["source"])}
        for note in lesson.records("notes", about=row)
    ]
