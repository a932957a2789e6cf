"""What a notebook is made of: prose, and calls that draw a view; no code is run."""

from __future__ import annotations

import ast
import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kwlesson import paths
from kwlesson.errors import LessonError
from kwlesson.lesson import Lesson, load
from kwlesson.paths import list_files

if TYPE_CHECKING:
    from pathlib import Path

    from kwlesson.views.kit.view import View

# A cell with this tag speaks of Jupyter, which a page is not.
_JUPYTER = "jupyter"


class Part(NamedTuple):
    """A cell: prose in Markdown, or the verb of a call and the view that it draws."""

    prose: str = ""
    verb: str = ""
    view: View | None = None


def learners(folder: Path) -> list[Path]:
    """List the notebooks of a learner, in their order.

    Parameters
    ----------
    folder : Path
        The folder of notebooks.

    Returns
    -------
    list of Path
        Those whose names begin with a number, and none in a folder below.

    Examples
    --------
    >>> learners(paths.NOTEBOOKS) == sorted(paths.NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    True
    """
    return [
        path
        for path in list_files(folder, "[0-9][0-9]-*.ipynb")
        if path.parent == folder
    ]  # fmt: skip


def read_parts(path: Path, lesson: Lesson) -> list[Part]:
    """Read a notebook as the parts of a page.

    Parameters
    ----------
    path : Path
        The notebook.
    lesson : Lesson
        What it has where it loads its lesson without naming another folder.

    Returns
    -------
    list of Part

    Raises
    ------
    LessonError
        When it cannot be read, or a cell is no call such as `lesson.trace()`.
    """
    parts: list[Part] = []
    scope: dict[str, Lesson] = {}
    for number, kind, source in _read_cells(path):
        if kind == "markdown":
            parts.append(Part(prose=source))
        elif kind == "code":
            try:
                parts += _draw(source, scope, lesson)
            except (SyntaxError, ValueError, TypeError):
                raise LessonError(
                    f"{path}, cell {number}: {source!r}: a page draws calls of one line, such as "
                    f"lesson.trace(); write one, or give the cell the tag {_JUPYTER!r}"
                ) from None
    return parts


def read_prose(path: Path) -> str:
    """Read the prose of a notebook, of which nothing is drawn.

    Parameters
    ----------
    path : Path
        The notebook.

    Returns
    -------
    str
        Its Markdown.

    Raises
    ------
    LessonError
        When it cannot be read.
    """
    return "\n".join(source for _, kind, source in _read_cells(path) if kind == "markdown")


def _read_cells(path: Path) -> list[tuple[int, str, str]]:
    """Return number, kind and source of each cell that speaks of more than Jupyter."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [
            (number, cell["cell_type"], "".join(cell["source"]))
            for number, cell in enumerate(cells, start=1)
            if _JUPYTER not in cell["metadata"].get("tags", ())
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = getattr(error, "strerror", None) or "it is no notebook"
        raise LessonError(f"{path}: cannot be read ({why})") from None


@cache
def _loaded(folder: Path) -> Lesson:
    return load(folder)


def _draw(source: str, scope: dict[str, Lesson], lesson: Lesson) -> list[Part]:
    """Do what a cell says, as far as a learner's notebook goes; any other cell is a ValueError."""
    parts = []
    for statement in ast.parse(source).body:
        match statement:
            case ast.Import(names=[ast.alias(name="kwlesson", asname=None)]):
                pass
            case ast.Assign(
                targets=[ast.Name(name)],
                value=ast.Call(ast.Attribute(ast.Name("kwlesson"), "load"), named, []),
            ):
                scope[name] = _named(named, lesson)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), verb), arguments, options)) if (
                name in scope and verb in Lesson.verbs()
            ):
                values = [ast.literal_eval(one) for one in arguments]
                chosen = {str(one.arg): ast.literal_eval(one.value) for one in options}
                view = getattr(scope[name], verb)(*values, **chosen)
                parts.append(Part(verb=verb, view=view))
            case _:
                raise ValueError(source)
    return parts


def _named(named: list[ast.expr], lesson: Lesson) -> Lesson:
    match named:
        case [] | [ast.Constant(paths.BESIDE)]:
            return lesson
        case [ast.Attribute(ast.Name("kwlesson"), "TRANSFER" | "SAMPLE" as folder)]:
            return _loaded(getattr(paths, folder))
    raise ValueError(named)
