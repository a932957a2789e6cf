"""The plan of a session, for whoever teaches: what to do, say and drop, with a running clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.translation import _
from kwlesson.views.kit.view import View, needs

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables

_MINUTES = "minutes_"
_WHOLE = "full"


class Session(View):
    """A view of the steps of a session, each with its place on the clock."""

    def __init__(self, lesson: Tables, minutes: int | None, *, paper: bool) -> None:
        steps = _steps(lesson, minutes)
        title = _("The whole lesson")
        if minutes is not None:
            title = _("A session of {minutes} minutes").format(minutes=minutes)
        questions = lesson.by_id("questions") if paper else {}
        for step in steps:
            step["asks"] = questions.get(step["question"])
            if paper:
                step["step"] = step["on_paper"] or step["step"]
        if paper:
            title = _("{session}, on paper alone").format(session=title)
        super().__init__(title, {"steps": steps, "total": steps[-1]["until"], "minutes": minutes})


def _steps(lesson: Tables, minutes: int | None) -> list[Record]:
    column = f"{_MINUTES}{_WHOLE if minutes is None else minutes}"
    rows = sorted(lesson.records("plan"), key=lambda row: row["order"])
    planned = {name for row in rows for name in row if name.startswith(_MINUTES) and row[name]}
    if column not in planned:
        raise LessonError(_no_such_length(minutes, planned))
    taken = {row["notebook"] for row in rows if row[column]}
    steps: list[dict[str, Any]] = []
    clock = 0
    for row in rows:
        start, clock = clock, clock + int(row[column] or 0)
        is_at_hand = row["notebook"] in taken and not any(row[name] for name in planned)
        if row[column] or is_at_hand:
            steps.append(row | {"start": start, "until": clock})
    return steps


def _no_such_length(minutes: int | None, planned: set[str]) -> str:
    lengths = sorted(int(name) for name in _after(planned) if name.isdecimal())
    wanted = "plan of the whole lesson" if minutes is None else f"session of {minutes} minutes"
    message = f"no {wanted}; there are: {', '.join(map(str, lengths)) or 'none'}"
    if minutes is not None and _WHOLE in _after(planned):
        message += "; lesson.teach() shows the whole lesson"
    return message


def _after(planned: set[str]) -> set[str]:
    return {name.removeprefix(_MINUTES) for name in planned}


@needs("plan")
def teach(lesson: Tables, minutes: int | None = None, *, paper: bool = False) -> Session:
    """Show the plan of a session for whoever teaches it.

    Parameters
    ----------
    minutes : int, optional
        15, 50 or 90; without it, the whole lesson.
    paper : bool, optional
        For a class without any device: say what is done with the printed sheets.

    Returns
    -------
    Session
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no plan of that length; the message names those there are.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.teach(15).title)
    A session of 15 minutes
    """
    return Session(lesson, minutes, paper=paper)
