"""The one way to a terminal, on which nothing that a stranger wrote may act."""

from __future__ import annotations

import sys

from kwlesson.errors import visible


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
