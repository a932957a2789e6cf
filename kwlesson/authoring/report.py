"""A check of a lesson as a companion: what is wrong, worst first, and what to look at again."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.authoring import advice, fact_markers
from kwlesson.authoring.check import check_folder
from kwlesson.authoring.every_view import failures
from kwlesson.errors import LessonWarning
from kwlesson.lesson import Lesson
from kwlesson.tables import schema

if TYPE_CHECKING:
    import os

    from kwlesson.errors import Problem

MOST_DRAWN_ALONE = 200  # rows of a table of which each has its own view


@dataclass(frozen=True)
class Report:
    """What a check found. It prints, and a notebook shows it as a small page.

    Attributes
    ----------
    folder : Path
        The lesson.
    blocking : tuple of Problem
        What keeps the lesson from loading.
    broken : tuple of Problem
        Views that cannot be drawn.
    problems : tuple of Problem
        What else has to be mended.
    warnings : tuple of Problem
        What a historian or a teacher would raise: no fault.
    notes : tuple of str
        What a spreadsheet did without harm.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.check(kwlesson.SAMPLE).is_sound
    True
    """

    folder: Path
    blocking: tuple[Problem, ...] = ()
    broken: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    most: int = field(default=30, repr=False)  # lines of a section on a page

    @property
    def to_mend(self) -> int:
        """How much has to be mended."""
        return len(self.blocking) + len(self.broken) + len(self.problems)

    @property
    def is_sound(self) -> bool:
        """Whether nothing has to be mended, whatever is worth a second look."""
        return not self.to_mend

    @property
    def sections(self) -> list[tuple[str, tuple[str, ...]]]:
        """What was found, worst first: each heading with its lines."""
        found = (
            ("The lesson does not load until this is mended", self.blocking),
            ("Views that cannot be drawn", self.broken),
            ("To mend", self.problems),
            ("Worth a second look, and no fault", self.warnings),
        )
        told = [(title, tuple(map(str, problems))) for title, problems in found]
        return [
            (title, lines)
            for title, lines in [*told, ("What a spreadsheet did without harm", self.notes)]
            if lines
        ]

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        said = f"{self.to_mend} to mend" if self.to_mend else "nothing to mend"
        again = f"; {len(self.warnings)} to look at again" if self.warnings else ""
        return f"{self.folder}: {said}{again}"

    def __str__(self) -> str:
        """Return all lines, worst first, and the outcome."""
        lines = [line for title, found in self.sections for line in (f"{title}:", *found)]
        return "\n".join([*lines, self.summary])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from kwlesson.views.kit.render import templates

        page = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
        return templates().from_string(page).render(report=self)


def check(folder: str | os.PathLike[str], sources: str | os.PathLike[str] | None = None) -> Report:
    """Check a lesson: its tables, its notebooks' markers, and every view of it.

    Parameters
    ----------
    folder : path
        The lesson: its tables, or the folder that holds them and its notebooks.
    sources : path, optional
        A folder with the base texts; with it every quotation is held against its paragraph.

    Returns
    -------
    Report

    Raises
    ------
    LessonError
        When the folder is no lesson, or a text is missing.

    Examples
    --------
    >>> import kwlesson
    >>> str(kwlesson.check(kwlesson.SAMPLE)).endswith("nothing to mend")
    True
    """
    data = paths.tables_in(Path(folder))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LessonWarning)
        layout, tables, blocking, problems = check_folder(data, Path(sources) if sources else None)
    beside = fact_markers.notebooks_beside(data)
    if beside:
        problems += fact_markers.problems(data, fact_markers.read_all(beside))
    broken, doubts = [], []
    if not blocking:
        lesson = Lesson(layout, tables, schema.identity(data))
        broken = list(failures(lesson, MOST_DRAWN_ALONE))
        doubts = advice.warnings(tables)
    notes = tuple(dict.fromkeys(str(note.message) for note in caught))
    return Report(data, tuple(blocking), tuple(broken), tuple(problems), tuple(doubts), notes)
