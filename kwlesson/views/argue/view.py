"""The learner's argument: a claim, what supports it, what speaks against it, and one page of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.views.argue import footnotes
from kwlesson.views.kit.activity import FormView
from kwlesson.views.kit.render import templates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from markupsafe import Markup

    from kwlesson.tables.store import Frames
    from kwlesson.views.argue.footnotes import Piece

ABOUT = 80  # words of a claim
MOST = {"evidence": 4, "against": 2}  # with more pieces the argument would not fit on one page
SURE = {
    "guess": "It is a guess",
    "possible": "It is possible",
    "probable": "It is probable",
    "certain": "It is as good as certain",
}
# What the page says where there is nothing to show; JavaScript uses the same words.
EMPTY = "Not written yet."
UNSUPPORTED = "Unsupported so far: no evidence is chosen for this claim."
MISSING = "Chosen, but not part of this lesson:"
_WRITTEN = ("claim", "but", "why")
_SLOTS = (*_WRITTEN, "name", "unsupported", "evidence", "against", "sure", "notes", "missing")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&!^@]")
_LEADING = re.compile(r"^([0-9]{0,9})([-+=:.)])")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_BLANK_LINES = re.compile(r"\n{3,}")


class Argument(FormView):
    """A view in which the learner argues for a claim, and takes the argument away as one page.

    Parameters
    ----------
    lesson : Frames
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

    def __init__(self, lesson: Frames) -> None:
        groups = footnotes.groups(lesson)
        self.pieces = {piece.key: piece for group in groups for piece in group.pieces}
        self.sources = footnotes.sources(lesson)
        facts = {
            "cases": lesson.records("cases"),
            "groups": groups,
            "sure": SURE,
            "about": ABOUT,
            "most": MOST,
            "unsupported": UNSUPPORTED,
        }
        super().__init__("Your argument", facts)

    def document(self, answer: Mapping[str, Any], *, name: str = "") -> str:
        """Make the one page of an argument: HTML that stands alone, for one sheet of paper.

        Parameters
        ----------
        answer : mapping
            What the workbook has for `argument`.
        name : str, optional
            Who wrote it.

        Returns
        -------
        str

        Raises
        ------
        LessonError
            When the answer is no argument.

        Examples
        --------
        >>> import kwlesson
        >>> argument = kwlesson.load(kwlesson.SAMPLE).argue()
        >>> page = argument.document({"claim": "It <b>burned</b>.", "evidence": []})
        >>> "It &lt;b&gt;burned&lt;/b&gt;." in page, "Unsupported" in page
        (True, True)
        """
        page = self._page(answer, name)
        notes = self._notes([*page["evidence"], *page["against"]], str)
        return _document(page | {"notes": notes})

    def markdown(self, answer: Mapping[str, Any], *, name: str = "") -> str:
        r"""Make the one page of an argument as Markdown.

        Parameters
        ----------
        answer : mapping
            What the workbook has for `argument`.
        name : str, optional
            Who wrote it.

        Returns
        -------
        str

        Raises
        ------
        LessonError
            When the answer is no argument.

        Examples
        --------
        >>> import kwlesson
        >>> argument = kwlesson.load(kwlesson.SAMPLE).argue()
        >>> print(argument.markdown({"claim": "It *burned*."}).splitlines()[4])
        It \*burned\*.
        """
        page = self._page(answer, name)
        chosen = [*page["evidence"], *page["against"]]
        lines = [f"- {_line(piece)} (note {number})" for number, piece in enumerate(chosen, 1)]
        own = len(page["evidence"])
        slots = {key: escaped(value) for key, value in page.items() if isinstance(value, str)}
        notes = self._notes(chosen, _marked)
        slots |= {
            "evidence": "\n".join(lines[:own]),
            "against": "\n".join(lines[own:]),
            "notes": "\n".join(f"{number}. {note}" for number, note in enumerate(notes, 1)),
        }
        return _BLANK_LINES.sub("\n\n", _markdown(slots))

    def script_context(self) -> dict[str, Any]:
        """Return what a browser needs to make the same page without a kernel.

        Returns
        -------
        dict
            Everything that may be chosen is drawn already; only the learner's words are missing.
        """
        cited = {part.source for piece in self.pieces.values() for part in piece.note} - {""}
        sources = {key: self.sources[key] for key in self.sources if key in cited}
        pool = {"pieces": list(self.pieces.values()), "sources": sources}
        nothing: dict[str, Any] = dict.fromkeys(_SLOTS, "")
        return {
            "document": _document(nothing | {"pool": pool}),
            "markdown": _markdown({slot: f"\x02{slot}\x03" for slot in _SLOTS}),
            "lines": {key: _line(piece) for key, piece in self.pieces.items()},
            "notes": {
                key: [[part.source, _marked(part.text)] for part in piece.note]
                for key, piece in self.pieces.items()
            },
            "sources": {key: list(map(_marked, source)) for key, source in sources.items()},
            "sure": SURE,
            "about": ABOUT,
            "most": MOST,
            "empty": EMPTY,
            "unsupported": UNSUPPORTED,
            "missing": MISSING,
        }

    def form(self) -> Markup:
        """Draw the form that keeps what is written, and makes the page of it.

        Returns
        -------
        Markup
        """
        return self.draw("form")

    def _page(self, answer: object, name: str) -> dict[str, Any]:
        """Take from an answer what the page shows; what no table knows is named, not dropped."""
        if not hasattr(answer, "get"):
            kind = type(answer).__name__
            raise LessonError(f"an argument has fields such as 'claim', and {kind} has none")
        chosen = {side: _keys(answer.get(side)) for side in MOST}
        every = dict.fromkeys(key for keys in chosen.values() for key in keys)
        missing = [key for key in every if key not in self.pieces]
        known = {
            side: [self.pieces[key] for key in keys if key in self.pieces]
            for side, keys in chosen.items()
        }
        sure = SURE.get(_text(answer.get("sure")))
        return {
            **{key: _text(answer.get(key)) or EMPTY for key in _WRITTEN},
            **known,
            "name": _text(name) and f"By {_text(name)}",
            "sure": f"{sure}." if sure else EMPTY,
            "unsupported": "" if known["evidence"] else UNSUPPORTED,
            "missing": f"{MISSING} {'; '.join(missing)}." if missing else "",
        }

    def _notes(self, pieces: Iterable[Piece], clean: Callable[[str], str]) -> list[str]:
        """Write the notes of the chosen pieces; a source cited before is cited briefly."""
        first: dict[str, int] = {}
        notes = []
        for number, piece in enumerate(pieces, 1):
            note = ""
            for key, text in piece.note:
                if key in first:
                    note += f"{clean(self.sources[key].brief)} (note {first[key]})"
                elif key:
                    first[key] = number
                    note += clean(self.sources[key].full)
                note += clean(text)
            notes.append(note)
        return notes


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


def _keys(value: object) -> list[str]:
    return list(dict.fromkeys(_text(one) for one in value)) if isinstance(value, list) else []


def _text(value: object) -> str:
    plain = value if isinstance(value, str) else ""
    return _CONTROL.sub(" ", plain.replace("\r\n", "\n")).strip()


def _document(page: dict[str, Any]) -> str:
    return templates().get_template("argue/handout.html").render(page=page).strip() + "\n"


def _markdown(slots: dict[str, str]) -> str:
    return templates().get_template("argue/handout.md").render(page=slots).strip() + "\n"


def argue(lesson: Frames) -> Argument:
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
