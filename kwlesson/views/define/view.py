"""What the words of a lesson mean: all of them, or one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError, nearest, perhaps
from kwlesson.translation import _
from kwlesson.views.kit.glossary import Glossary, casefold_key
from kwlesson.views.kit.render import capital
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables

_LONGEST = 80


class Definitions(View):
    """A view of all words of a lesson with their meanings, or of one word."""

    def __init__(self, lesson: Tables, term: str | None = None) -> None:
        terms = [term for term in lesson.records("terms") if term["meaning"]]
        if term is None:
            title, context = _("Words of this lesson"), _all(terms)
        else:
            found = _find(terms, str(term))
            title, context = capital(found["term"]), _one(lesson, found)
        super().__init__(title, context)


def _all(terms: list[Record]) -> dict[str, Any]:
    signs = [term for term in terms if term["mark"]]
    words = sorted(
        (term for term in terms if not term["mark"]), key=lambda term: term["term"].casefold()
    )
    groups = [{"label": _("Signs"), "terms": signs}, {"label": _("Words"), "terms": words}]
    return {"term": None, "groups": [group for group in groups if group["terms"]], "words": []}


def _one(lesson: Tables, term: Record) -> dict[str, Any]:
    """Return a word with its meaning, in which other words may need explaining."""
    glossary = Glossary(lesson)
    others = [piece.term for piece in glossary.scope()(term["meaning"]).pieces if piece.term]
    words = [other for other in others if other["id"] != term["id"]]
    return {"term": term, "groups": [], "words": words}


def _find(terms: list[Record], asked: str) -> Record:
    ways: dict[str, Record] = {}
    for term in terms:
        for way in (term["id"], term["term"], term["term"].partition(" (")[0]):
            ways.setdefault(casefold_key(way), term)
    wanted = casefold_key(asked)
    if wanted not in ways:
        near = perhaps(ways[way]["term"] for way in nearest(wanted, ways))
        shown = ascii(asked[:_LONGEST])[1:-1] if not asked.isprintable() else asked[:_LONGEST]
        message = f"no word '{shown}' is explained here{near}; lesson.define() lists all words"
        raise LessonError(message)
    return ways[wanted]


def define(lesson: Tables, term: str | None = None) -> Definitions:
    """Say what a word means here; without a word, list all words.

    Parameters
    ----------
    term : str, optional
        Id of a term, or the word itself.

    Returns
    -------
    Definitions
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such word; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.define("oar").title)
    Oar
    """
    return Definitions(lesson, term)
