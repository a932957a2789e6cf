"""Load a folder of tables as a lesson, or say in one sentence why it is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson import places, rules, tables
from kwlesson.errors import LessonError
from kwlesson.lesson import Lesson

if TYPE_CHECKING:
    import os


def load(folder: str | os.PathLike[str] | None = None) -> Lesson:
    """Load a lesson from its folder of tables.

    Parameters
    ----------
    folder : path, optional
        A folder with datapackage.json and its CSV tables (UTF-8, header row, dates in EDTF).
        Without one, the lesson that came with kwlesson.

    Returns
    -------
    Lesson

    Raises
    ------
    LessonError
        When anything in the folder is not as it must be; the message names file, row, column,
        value and remedy. Nothing is half loaded.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.load(kwlesson.FICTIONAL).quotes.plain[0]
    'I lit the lamp at dusk.'
    >>> kwlesson.load("no/such/folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kwlesson.errors.LessonError: no/such/folder: not a folder with a lesson: ...
    """
    layout, rows, problems = tables.read_folder(Path(folder or places.DATA))
    problems = problems or rules.broken(layout, rows)
    if problems:
        raise LessonError.from_problems(problems)
    return Lesson(layout, rows)
