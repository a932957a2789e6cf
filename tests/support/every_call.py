"""Every call of every verb that a notebook could make, derived from the verbs themselves."""

from __future__ import annotations

import inspect
from itertools import product

import kwlesson

# What a parameter may be given, by its name: the ids of a table where it names a row of one.
GIVEN = {
    "case": lambda lesson: ids(lesson, "cases"),
    "route": lambda lesson: ids(lesson, "routes"),
    "person": lambda lesson: ids(lesson, "people"),
    "name": lambda lesson: [lesson.records("people")[0]["name"]],
    "quote": lambda lesson: ids(lesson, "quotes"),
    "source": lambda lesson: ids(lesson, "sources"),
    "term": lambda lesson: [row["id"] for row in lesson.records("terms") if row["meaning"]],
    "question": lambda lesson: ids(lesson, "questions"),
    "notebook": lambda lesson: [row["notebook"] for row in lesson.records("questions")[:1]],
    "minutes": lambda lesson: planned(*lesson.records("plan")[:1]),
    "what": lambda lesson: ["speaker", lesson.records("sources")[0]["id"]],
    "folder": lambda _: ["no/such/folder"],
    "chat": lambda _: ["Ada: hello!"],
    "here": lambda _: ["01-the-lamp"],
    "back": lambda _: ["00-the-evening"],
    "onward": lambda _: ["02-the-fog"],
}  # fmt: skip
# The cases that have later evidence.
GIVEN["corroborate.case"] = lambda lesson: list(lesson.grouped("corroborations", "case"))


def planned(*steps):
    lengths = (name.removeprefix("minutes_") for step in steps for name in step if step[name])
    return [int(length) for length in lengths if length.isdecimal()]


def ids(lesson, table):
    return [row["id"] for row in lesson.records(table)]


def calls(lesson, most=3):
    """Give every call by what a notebook would write, each a function of a lesson."""
    return {
        f"{verb}({', '.join(said)})": lambda now, verb=verb, chosen=chosen: getattr(now, verb)(
            **chosen
        )
        for verb in kwlesson.Lesson.verbs()
        for said, chosen in _arguments(lesson, verb, most)
    }


def _arguments(lesson, verb, most):
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


def _values(lesson, verb, parameter, most):
    if isinstance(parameter.default, bool):
        return [parameter.default, not parameter.default]
    if parameter.name not in GIVEN:
        raise LookupError(f"say in {__name__}.GIVEN what {verb}({parameter.name}=...) may be given")
    given = GIVEN.get(f"{verb}.{parameter.name}", GIVEN[parameter.name])
    always = [] if parameter.default is parameter.empty else [parameter.default]
    return [*always, *given(lesson)[:most]]
