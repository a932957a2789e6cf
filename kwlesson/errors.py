"""What is wrong with a lesson, said so that a teacher can mend it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN_OF_A_VALUE = 60
_SHOWN_OF_A_LIST = 3
_MAX_NAME_LENGTH = 80  # longer names are no slip of the pen, and slow to compare


def visible(text: str) -> str:
    r"""Return a text as one line in which a terminal finds nothing to do but to show it.

    Control characters, line ends, marks that turn the direction of writing and all else that has
    no shape of its own stand as they would in Python.

    Parameters
    ----------
    text : str
        Any text, such as the name that somebody gave, or a file's.

    Returns
    -------
    str

    Examples
    --------
    >>> print(visible("Ada\x1b[2J \u202ecba\n30 learners"))
    Ada\x1b[2J \u202ecba\n30 learners
    """
    if text.isprintable():
        return text
    return "".join(
        one
        if one.isprintable() or unicodedata.category(one) == "Zs"
        else one.encode("unicode_escape").decode()
        for one in text
    )


class Problem(NamedTuple):
    """One thing to mend: where it stands, what stands there, what to do.

    Parameters
    ----------
    file : str
        Name of the file, such as ``events.csv``.
    row : int
        Row as a spreadsheet counts it: the header is row 1. 0 is the whole file.
    column : str
        Name of the column; empty for a whole row or file.
    value : str
        What stands there now.
    remedy : str
        What to do about it.

    Examples
    --------
    >>> print(Problem("events.csv", 4, "date", "1949-13", "write an EDTF date such as 1949-05"))
    events.csv:4:date: '1949-13': write an EDTF date such as 1949-05
    """

    file: str
    row: int
    column: str
    value: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as ``file:row:column: value: what to do``."""
        parts = (self.file, self.row and str(self.row), _shorten(self.column))
        said = ":".join(part for part in parts if part)
        if self.value:
            said += f": '{_shorten(self.value)}'"
        return visible(f"{said}: {self.remedy}")


def _shorten(value: str) -> str:
    if len(value) <= SHOWN_OF_A_VALUE:
        return value
    return f"{value[:SHOWN_OF_A_VALUE]}... ({len(value):,} characters)"


def shortlist(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: the first few, and how many more there are.

    Parameters
    ----------
    names : sequence of str
        At least one.

    Returns
    -------
    str

    Examples
    --------
    >>> shortlist(["oar", "tide", "wick", "fog", "quay"])
    'oar, tide, wick and 2 more'
    """
    shown = ", ".join(map(_shorten, names[:_SHOWN_OF_A_LIST]))
    more = len(names) - _SHOWN_OF_A_LIST
    return f"{shown} and {more:,} more" if more > 0 else shown


class LessonWarning(UserWarning):
    """What a spreadsheet had done to a table, and that it was read all the same."""

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(visible, message.split("\n"))))


class LessonError(ValueError):
    """A lesson, or a request to it, that cannot be used as it stands.

    The message is written for the person who can mend it.

    Parameters
    ----------
    message : str
        One or two plain sentences.
    problems : iterable of Problem, optional
        All that was found, in the order of the tables.

    Examples
    --------
    >>> problem = Problem("events.csv", 4, "date", "soon", "write an EDTF date")
    >>> print(LessonError.from_problems([problem]))
    events.csv:4:date: 'soon': write an EDTF date
    """

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__("\n".join(map(visible, message.split("\n"))))
        self.problems = tuple(problems)

    @classmethod
    def from_problems(cls, problems: Iterable[Problem]) -> LessonError:
        """Make one error that shows the first problem and counts the others.

        Parameters
        ----------
        problems : iterable of Problem
            At least one.

        Returns
        -------
        LessonError
        """
        found = tuple(problems)
        message = str(found[0])
        others = len(found) - 1
        if others:
            message += f"\n({others} more: `kwlesson check` with the folder's name lists them all)"
        return cls(message, found)


def nearest(asked: str, known: Iterable[str]) -> list[str]:
    """Find the names that look most like one that nobody knows.

    Parameters
    ----------
    asked : str
        The name that was asked for.
    known : iterable of str
        The names there are.

    Returns
    -------
    list of str
        Three at most, the nearest first.

    Examples
    --------
    >>> nearest("ore", ["oar", "tide"])
    ['oar']
    """
    import difflib

    return difflib.get_close_matches(asked[:_MAX_NAME_LENGTH], list(known), n=3)


def perhaps(names: Iterable[str]) -> str:
    """Return the end of a sentence that says what might have been meant.

    Parameters
    ----------
    names : iterable of str
        Such as `nearest` finds.

    Returns
    -------
    str
        Empty where there are no names.

    Examples
    --------
    >>> "no row 'ore'" + perhaps(["oar"])
    "no row 'ore'; perhaps you meant: oar"
    """
    meant = ", ".join(dict.fromkeys(names))
    return f"; perhaps you meant: {meant}" if meant else ""
