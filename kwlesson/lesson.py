"""A lesson: its tables, and the views of them. A plural is a table, a verb is a view."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson import places, rules, tables
from kwlesson.errors import LessonError
from kwlesson.frames import Frames

if TYPE_CHECKING:
    import os

    from kwlesson.compare import Comparison


class Lesson(Frames):
    """The tables of a lesson, and its views.

    Every table is a data frame whose cells are the text of the table; a required whole number is
    an integer; an empty cell is the empty text. Each date column `d` (EDTF text) brings two more:
    `d_sort`, text that sorts in order of time, and `d_label`, the date as a person would say it.
    Undated events sort where `after` and `before` put them.

    Made by `load`.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    rows : dict of str to list of dict
        The rows of each table.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
    >>> lesson.accounts.label.tolist()
    ['Harbourmaster', 'Lamplighter']
    """

    def compare(self, case: str, *, masked: bool = False) -> Comparison:
        """Set the accounts of a case side by side, point by point.

        Parameters
        ----------
        case : str
            Id of the case.
        masked : bool, optional
            Hide who reports: names, routes and sensitive rows.

        Returns
        -------
        Comparison
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such case; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.compare("harbour-light").text().splitlines()[0])
        Two accounts of one night
        """
        from kwlesson.compare import Comparison

        return Comparison(self, self.one("cases", case), masked=masked)


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
