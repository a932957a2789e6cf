"""kwlesson: a lesson in source criticism whose every word can be traced.

>>> import kwlesson
>>> lesson = kwlesson.load(kwlesson.SAMPLE)
>>> print(lesson.compare("harbour-light").title)
Two accounts of one night

`load` reads a folder of tables and gives a `Lesson`. A plural of the lesson is a table (a pandas
data frame), a verb is a view that shows itself in a notebook, on a page and as text.
"""

from importlib import import_module

TYPE_CHECKING = False  # as typing says it, whose import takes longer than all of this
if TYPE_CHECKING:
    from kwlesson.answers.workbook import Workbook
    from kwlesson.authoring.report import check
    from kwlesson.errors import LessonError, Problem
    from kwlesson.lesson import Lesson, load
    from kwlesson.paths import SAMPLE, TRANSFER

__all__ = ["SAMPLE", "TRANSFER", "Lesson", "LessonError", "Problem", "Workbook", "check", "load"]
_ROOMS = {
    "Workbook": "answers.workbook",
    "Lesson": "lesson",
    "load": "lesson",
    "check": "authoring.report",
    "LessonError": "errors",
    "Problem": "errors",
    "SAMPLE": "paths",
    "TRANSFER": "paths",
}


def __getattr__(name: str) -> object:
    """Import a name once it is asked for: a command is then listening from its first moment."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'kwlesson' has no attribute '{name}'")
    return getattr(import_module(f"kwlesson.{_ROOMS[name]}"), name)
