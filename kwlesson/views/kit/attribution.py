"""Whose words a quotation gives, in whose voice a line speaks, and on what an answer rests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.translation import _

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
        self._lesson = lesson
        self._sources, self._people = lesson.by_id("sources"), lesson.by_id("people")
        self._kinds = lesson.words("sources.kind")
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
        if speaker and is_own(speaker, source):
            if is_signed(self._lesson, source):
                return self.historian(quote["source"])
            document = source
        return Voice("document", str(self._kinds[document["kind"]]["term"]) if document else "")

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


def is_signed(lesson: Tables, source: Record) -> bool:
    """Return whether a source is known by its author, as a book is.

    Parameters
    ----------
    lesson : Tables
        The tables.
    source : dict
        A row of `sources`.

    Returns
    -------
    bool

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [is_signed(lesson, source) for source in lesson.records("sources")]
    [True, False, False]
    """
    return lesson.sense("sources.kind", source["kind"]) == "signed"


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
    'words given to Tom Wick, in Ada Quill, paragraph 2'
    """
    speaker, source = (
        lesson.by_id("people").get(quote["speaker"]),
        lesson.get("sources", quote["source"]),
    )
    printed = str(source["author"] or source["title"]) + paragraphs(quote["paragraph"])
    if not speaker:
        return _("printed in {printed}").format(printed=printed)
    if is_own(speaker, source):
        return printed
    if quote["kind"] == "testimony":
        said = _("words given to {speaker}, in {printed}")
    else:
        said = _("in the words of {speaker}, in {printed}")
    return said.format(speaker=speaker["name"], printed=printed)


def is_own(speaker: Record, source: Record) -> bool:
    """Return whether somebody's words stand in a text of their own: nobody else gives them.

    Parameters
    ----------
    speaker : dict
        A row of `people`.
    source : dict
        A row of `sources`.

    Returns
    -------
    bool

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> is_own(lesson.get("people", "lamplighter"), lesson.get("sources", "keeper-letter"))
    True
    """
    names = {speaker["name"], *speaker.get("also_known_as", "").split(";")} - {""}
    return source["author"] in names


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
    said = _(", paragraphs {cell}") if ";" in cell else _(", paragraph {cell}")
    return said.format(cell=cell.replace(";", ", ")) if cell else ""


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
