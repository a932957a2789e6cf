"""kwlesson: a lesson in source criticism whose every word can be traced.

>>> import kwlesson
>>> lesson = kwlesson.load(kwlesson.SAMPLE)
>>> print(lesson.compare("harbour-light").title)
Two accounts of one night

`load` reads a folder of tables and gives a `Lesson`. A plural of the lesson is a table (a pandas
data frame), a verb is a view that shows itself in a notebook, on a page and as text.
"""

from typing import TYPE_CHECKING

from kwlesson.errors import LessonError, Problem
from kwlesson.lesson import Lesson, load
from kwlesson.paths import SAMPLE, TRANSFER

if TYPE_CHECKING:
    from kwlesson.answers.workbook import Workbook

__all__ = ["SAMPLE", "TRANSFER", "Lesson", "LessonError", "Problem", "Workbook", "load"]


def __getattr__(name: str) -> object:
    """Import what only whoever keeps answers needs, once it is asked for."""
    if name != "Workbook":
        raise AttributeError(f"module 'kwlesson' has no attribute '{name}'")
    from kwlesson.answers.workbook import Workbook

    return Workbook
