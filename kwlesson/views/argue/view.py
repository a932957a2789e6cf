"""The learner's argument: a claim, what supports it, what speaks against it, and one page of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kwlesson.translation import _, later
from kwlesson.views.argue import footnotes
from kwlesson.views.kit.activity import FormView
from kwlesson.views.kit.render import templates

if TYPE_CHECKING:
    from markupsafe import Markup

    from kwlesson.tables.store import Tables
    from kwlesson.views.argue.footnotes import Piece

ABOUT = 80  # words of a claim
MOST = {"evidence": 4, "against": 2}  # with more pieces the argument would not fit on one page
SURE = {
    "guess": later("It is a guess"),
    "possible": later("It is possible"),
    "probable": later("It is probable"),
    "certain": later("It is as good as certain"),
}
# What the page says where there is nothing to show.
EMPTY = later("Not written yet.")
UNSUPPORTED = later("Unsupported so far: no evidence is chosen for this claim.")
MISSING = later("Chosen, but not part of this lesson:")
_SLOTS = ("name", "claim", "unsupported", "evidence", "but", "against", "sure", "why", "notes",
          "missing")  # fmt: skip
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&!^@]")
_LEADING = re.compile(r"^([0-9]{0,9})([-+=:.)])")


class Argument(FormView):
    """A view in which the learner argues for a claim, and takes the argument away as one page.

    Parameters
    ----------
    lesson : Tables
        The tables.

    Examples
    --------
    >>> import kwlesson
    >>> argument = kwlesson.load(kwlesson.SAMPLE).argue()
    >>> argument.pieces["quotes:thick-as-wool"].whose
    'Words given to Tom Wick'
    >>> "a pack of" in argument.text() + argument.page()
    False
    """

    def __init__(self, lesson: Tables) -> None:
        groups = footnotes.groups(lesson)
        self.pieces = {piece.key: piece for group in groups for piece in group.pieces}
        self.sources = footnotes.sources(lesson)
        context = {
            "cases": lesson.records("cases"),
            "groups": groups,
            "sure": {key: _(words) for key, words in SURE.items()},
            "about": ABOUT,
            "most": MOST,
            "unsupported": _(UNSUPPORTED),
        }
        super().__init__(lesson, _("Your argument"), context)

    def script_context(self) -> dict[str, Any]:
        """Return what a browser needs to make the same page without a kernel.

        Returns
        -------
        dict
            Everything that may be chosen is drawn already; only the learner's words are missing.
        """
        pieces = self.pieces.values()
        cited = {part.source for piece in pieces for part in piece.note} - {""}
        sources = {key: self.sources[key] for key in self.sources if key in cited}
        slots = {slot: f"\x02{slot}\x03" for slot in _SLOTS}
        return {
            "document": _draw("handout.html", pieces=pieces, sources=sources),
            "markdown": _draw("handout.md", page=slots),
            "lines": {key: _line(piece) for key, piece in self.pieces.items()},
            "notes": {
                key: [[part.source, _marked(part.text)] for part in piece.note]
                for key, piece in self.pieces.items()
            },
            "sources": {key: list(map(_marked, source)) for key, source in sources.items()},
            "sure": {key: _(words) for key, words in SURE.items()},
            "about": ABOUT,
            "most": MOST,
            "empty": _(EMPTY),
            "unsupported": _(UNSUPPORTED),
            "missing": _(MISSING),
        }

    def form(self) -> Markup:
        """Draw the form that keeps what is written, and makes the page of it.

        Returns
        -------
        Markup
        """
        return self.draw("form")


def escaped(text: str) -> str:
    r"""Write a text so that Markdown takes none of it as markup.

    Parameters
    ----------
    text : str
        Anybody's words.

    Returns
    -------
    str

    Examples
    --------
    >>> print(escaped("# [a](javascript:b)"))
    \# \[a\](javascript:b)
    """
    lines = (_LEADING.sub(r"\1\\\2", _marked(line.strip())) for line in text.split("\n"))
    return "\\\n".join(filter(None, lines))


def _marked(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _line(piece: Piece) -> str:
    return escaped(f"{piece.words} {_aside(piece)}")


def _aside(piece: Piece) -> str:
    return f"{piece.whose}." if piece.words.startswith("“") else f"{piece.plain} {piece.whose}."


def _draw(template: str, **content: object) -> str:
    return templates().get_template(f"argue/{template}").render(content).strip() + "\n"


def argue(lesson: Tables) -> Argument:
    """Let the learner make an argument: claim, evidence, what speaks against it, how sure.

    Returns
    -------
    Argument
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.argue().title)
    Your argument
    """
    return Argument(lesson)
