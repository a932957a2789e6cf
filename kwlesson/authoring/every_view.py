"""Every view of a lesson: each call that a notebook could make, derived from the verbs."""

from __future__ import annotations

import inspect
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError, Problem
from kwlesson.lesson import Lesson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kwlesson.tables.store import Record
    from kwlesson.views.kit.view import View

# What a parameter may be given, by its name: the ids of a table where it names a row of one.
_GIVEN: dict[str, Callable[[Lesson], list[Any]]] = {
    "case": lambda lesson: list(lesson.by_id("cases")),
    "route": lambda lesson: list(lesson.by_id("routes")),
    "person": lambda lesson: list(lesson.by_id("people")),
    "during": lambda lesson: [row["date"] for row in lesson.records("events") if row["date"]][:1],
    "name": lambda lesson: [row["name"] for row in lesson.records("people")[:1]],
    "quote": lambda lesson: list(lesson.by_id("quotes")),
    "source": lambda lesson: list(lesson.by_id("sources")),
    "term": lambda lesson: [row["id"] for row in lesson.records("terms") if row["meaning"]],
    "question": lambda lesson: list(lesson.by_id("questions")),
    "notebook": lambda lesson: list(lesson.grouped("questions", "notebook"))[:1],
    "minutes": lambda lesson: _planned(*lesson.records("plan")[:1]),
    "what": lambda lesson: ["speaker", *list(lesson.by_id("sources"))[:1]],
    "folder": lambda _: ["no/such/folder"],
    "chat": lambda _: ["Ada: hello!"],
    "here": lambda _: ["01-the-lamp"],
    "back": lambda _: ["00-the-evening"],
    "onward": lambda _: ["02-the-fog"],
    # Of the cases, those that have later evidence.
    "corroborate.case": lambda lesson: list(lesson.grouped("corroborations", "case")),
}


def _planned(*steps: Record) -> list[int]:
    lengths = (name.removeprefix("minutes_") for step in steps for name in step if step[name])
    return [int(length) for length in lengths if length.isdecimal()]


def calls(lesson: Lesson, most: int | None = 3) -> dict[str, Callable[[Lesson], View]]:
    """Return every call by what a notebook would write, each a function of a lesson.

    Parameters
    ----------
    lesson : Lesson
        Whose rows are named.
    most : int, optional
        How many rows of a table.

    Returns
    -------
    dict of str to function

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> list(calls(lesson))[:3]
    ['compare(harbour-light)', 'compare(harbour-light, answers)', 'compare(harbour-light, masked)']
    """
    return {
        f"{verb}({', '.join(said)})": partial(_call, verb, chosen)
        for verb in Lesson.verbs()
        for said, chosen in _arguments(lesson, verb, most)
    }


def _call(verb: str, chosen: dict[str, Any], lesson: Lesson) -> View:
    view: View = getattr(lesson, verb)(**chosen)
    return view


def failures(lesson: Lesson, most: int) -> Iterator[Problem]:
    """Draw every view, and tell of each that cannot be drawn.

    Parameters
    ----------
    lesson : Lesson
        What is drawn.
    most : int
        How many rows of a table are drawn alone.

    Yields
    ------
    Problem
        One for each verb, with the first call that failed.

    Examples
    --------
    >>> import kwlesson
    >>> list(failures(kwlesson.load(kwlesson.SAMPLE), 1))
    []
    """
    failed: set[str] = set()
    for said, call in calls(lesson, most).items():
        verb = said.partition("(")[0]
        if verb in failed:
            continue
        try:
            call(lesson).text()
        except LessonError:
            continue  # a sentence to whoever asks, such as: no plan of that length
        except Exception as error:  # noqa: BLE001 - whatever it is, the teacher is told
            failed.add(verb)
            why = f"{type(error).__name__}: {error}"
            remedy = "this view cannot be drawn, which is a fault of kwlesson; please report it"
            yield Problem(f"lesson.{said}", 0, "", why, remedy)


def _arguments(
    lesson: Lesson, verb: str, most: int | None
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    parameters = list(inspect.signature(getattr(lesson, verb)).parameters.values())
    named = [one for one in parameters if one.kind is not one.VAR_POSITIONAL]
    for values in product(*(_values(lesson, verb, one, most) for one in named)):
        chosen = {
            one.name: value
            for one, value in zip(named, values, strict=True)
            if value is not one.default
        }
        if list(chosen.values()).count(True) > 1:
            continue
        yield [name if value is True else str(value) for name, value in chosen.items()], chosen


def _values(lesson: Lesson, verb: str, parameter: inspect.Parameter, most: int | None) -> list[Any]:
    if isinstance(parameter.default, bool):
        return [parameter.default, not parameter.default]
    if parameter.name not in _GIVEN:
        raise LookupError(f"say in {__name__} what {verb}({parameter.name}=...) may be given")
    given = _GIVEN.get(f"{verb}.{parameter.name}", _GIVEN[parameter.name])
    always = [] if parameter.default is parameter.empty else [parameter.default]
    return [*always, *given(lesson)[:most]]
