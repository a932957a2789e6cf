"""The one way to a terminal, on which nothing that a stranger wrote may act."""

from __future__ import annotations

import sys
import unicodedata


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
    return "".join(
        one
        if one.isprintable() or unicodedata.category(one) == "Zs"
        else one.encode("unicode_escape").decode()
        for one in text
    )


def say(*lines: str, error: bool = False) -> None:
    r"""Print lines, whatever is in them and whatever this terminal can show.

    Parameters
    ----------
    *lines : str
        Each becomes one line.
    error : bool, optional
        Whether they tell what went wrong.

    Raises
    ------
    OSError
        When nobody listens any more, or there is no room.

    Examples
    --------
    >>> say("30 learners", "Ada\nBen")
    30 learners
    Ada\nBen
    """
    stream = sys.stderr if error else sys.stdout
    if stream is None:  # its program was started without one
        return
    encoding = stream.encoding or "utf-8"
    text = "".join(f"{visible(line)}\n" for line in lines)
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()
