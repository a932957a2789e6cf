"""The ids that a verb takes, offered to whoever presses Tab behind its bracket."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from kwlesson.tables.store import Tables

_CALL = re.compile(r"\.(\w+)\((?:\w+=)?([\"']?)([\w-]*)$")


def ids(lesson: Tables, line: str) -> list[str]:
    """Return what may stand at the end of a line that calls a verb of the lesson.

    Parameters
    ----------
    lesson : Tables
        The tables whose ids they are.
    line : str
        The code before the cursor.

    Returns
    -------
    list of str
        Ids, in quotation marks where none is there yet.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> ids(lesson, "lesson.compare("), ids(lesson, "view = lesson.compare('har")
    (['"harbour-light"'], ['harbour-light'])
    """
    call = _CALL.search(line)
    verb = getattr(type(lesson), call[1], None) if call else None
    if call is None or not inspect.isfunction(verb):
        return []
    _, *takes = inspect.signature(verb).parameters
    try:
        rows = lesson.by_id(f"{takes[0] if takes else ''}s")
    except LessonError:
        return []
    mark = "" if call[2] else '"'
    return [f"{mark}{key}{mark}" for key in rows if key.startswith(call[3])]


def offer_ids(shell: Any, lesson: Tables) -> None:  # noqa: ANN401 - of IPython, which has no types
    """Teach a notebook's Tab key the ids of a lesson.

    Parameters
    ----------
    shell : object
        IPython's.
    lesson : Tables
        The tables whose ids they are.
    """
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher()  # type: ignore[untyped-decorator]
    def lesson_ids(context: Any) -> dict[str, Any]:  # noqa: ANN401
        before = context.full_text[: context.cursor_position].splitlines()
        line = before[-1] if before else ""
        found, offered = _CALL.search(line), ids(lesson, line)
        return {
            "completions": [SimpleCompletion(text=one, type="id") for one in offered],
            "matched_fragment": found[3] if found else "",
            "suppress": bool(offered),
        }

    others = [one for one in shell.Completer.custom_matchers if one.__name__ != "lesson_ids"]
    shell.Completer.custom_matchers = [*others, lesson_ids]
