"""The house has rooms: arrows run one way, no circle, and a view needs only itself and the kit."""

from __future__ import annotations

import ast
import graphlib
import os.path
import re
from functools import cache
from pathlib import PurePosixPath as File

import pytest

from kwlesson import paths

# A room uses what lies on the floors before its own, and no other room on its own.
FLOORS = (
    {"errors", "paths", "atomic_file"}, {"translation"}, {"console", "tables"}, {"answers"},
    {"classroom", "views/kit"}, {"views/a verb"}, {"lesson"}, {"jupyter"}, {"authoring"},
    {"kwlesson"}, {"publish"}, {"cli"}, {"__main__"},
)  # fmt: skip
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
USED_BY_JUPYTER = {"errors", "paths", "atomic_file", "console", "answers"}
SOURCES = {
    path.relative_to(paths.PACKAGE).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(paths.PACKAGE.rglob("*"))
    if path.suffix in {".py", ".js", ".html", ".jinja"} and "__pycache__" not in path.parts
}
READING = {"open", "read_text", "read_bytes", "iterdir", "glob", "rglob"}
SCRIPT = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)"', re.MULTILINE)
TEMPLATE = re.compile(r'\{%-? *(?:from|import|include|extends) +"([^"]+)"')


def room_of(file: str) -> str:
    parts = File(file).with_suffix("").parts
    if parts[0] == "views":
        return "/".join(parts[:2])
    return "kwlesson" if parts[0] == "__init__" else parts[0]


def may_use(user: str, used: str) -> bool:
    if user == used:
        return True
    above, below = (FLOOR_OF.get(room, FLOOR_OF["views/a verb"]) for room in (user, used))
    return below < above and (user != "jupyter" or used in USED_BY_JUPYTER)


def module(dotted: str) -> str:
    """Return the file of a module of ours, or nothing."""
    place = dotted.removeprefix("kwlesson").lstrip(".").replace(".", "/")
    files = (f"{place}.py", f"{place}/__init__.py".lstrip("/"))
    ours = dotted.split(".", maxsplit=1)[0] == "kwlesson"
    return next((file for file in files if ours and file in SOURCES), "")


@cache
def imports(source: str) -> list[tuple[str, bool]]:
    """Give what Python imports, in functions too, and whether it does more than name a type."""
    nodes = list(ast.walk(ast.parse(source)))
    typing = {
        id(node)
        for block in nodes
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for part in block.body
        for node in ast.walk(part)
    }
    return [
        (f"{node.module}.{name.name}" if isinstance(node, ast.ImportFrom) else name.name,
         id(node) not in typing)
        for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for name in node.names
    ]  # fmt: skip


@cache
def named_in(source: str) -> list[str]:
    """Give the words of a Python module and the functions it calls, as `name()`."""
    nodes = list(ast.walk(ast.parse(source)))
    called = [getattr(one.func, "attr", getattr(one.func, "id", ""))
              for one in nodes if isinstance(one, ast.Call)]  # fmt: skip
    words = [one.value for one in nodes if isinstance(one, ast.Constant)]
    return [*words, *(f"{name}()" for name in called)]


def uses(file: str, source: str) -> dict[str, bool]:
    """Give the files that a file uses, and whether it needs them at run time."""
    views = [name for name in TEMPLATE.findall(source) if file.endswith((".html", ".jinja"))]
    if file.endswith(".py"):
        views += [
            name
            for name in map(str, named_in(source))
            if f"views/{name}" in SOURCES and not name.endswith(".py")
        ]
    found = {f"views/{name}": False for name in views}
    if file.endswith(".js"):
        folder = File(file).parent
        return {os.path.normpath(folder / name): True for name in SCRIPT.findall(source)}
    for dotted, runs in imports(source) if file.endswith(".py") else ():
        used = module(dotted) or module(dotted.rpartition(".")[0])
        found[used] = runs or found.get(used, False)
    return {used: runs for used, runs in found.items() if used not in {"", file}}


def faults(sources: dict[str, str]) -> list[str]:
    """List every arrow that runs the wrong way, every circle, and what no view may do."""
    used = {file: uses(file, source) for file, source in sources.items()}
    found = [
        f"{file} uses {other}"
        for file, others in used.items()
        for other in others
        if not may_use(room_of(file), room_of(other))
    ]
    for file, source in sources.items():
        if file.endswith(".py") and FLOOR_OF.get(room_of(file)) is None:
            needed = {name.split(".")[0] for name, _ in imports(source)} & {"pandas"}
            read = {f"{name}()" for name in READING} & set(map(str, named_in(source)))
            found += [f"{file} uses {name}" for name in sorted(needed | read)]
    graph = {file: {one for one, runs in others.items() if runs} for file, others in used.items()}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found.append(f"a circle: {' -> '.join(error.args[1])}")
    return found


def test_arrows_between_the_rooms_run_one_way():
    assert len(SOURCES) > 100
    assert faults(SOURCES) == []


PLANTED = {
    "an arrow up": ("tables/edtf.py", "from kwlesson.lesson import Lesson"),
    "an arrow up in a function": ("answers/workbook.py", "def f():\n    import kwlesson.lesson"),
    "an arrow up for a type": (
        "tables/people.py", "if TYPE_CHECKING:\n    from kwlesson.views.kit.view import View"),
    "the class in the kit": ("views/kit/render.py", "from kwlesson.classroom import gather"),
    "the lesson in its server": ("jupyter/launch.py", "from kwlesson import load"),
    "a view in a view": ("views/ask/view.py", "from kwlesson.views.cite.view import cite"),
    "a view's template in a view": ("views/ask/view.py", "PAGE = 'cite/page.html'"),
    "a view's template in a template": (
        "views/ask/page.html", '{% from "cite/page.html" import opening %}'),
    "a view's script in a view": ("views/ask/script.js", 'import { a } from "../keep/script.js";'),
    "pandas in a view": ("views/ask/view.py", "def f():\n    from pandas import DataFrame"),
    "a view that reads": ("views/ask/view.py", "def f(path):\n    return path.read_text()"),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_a_wrong_arrow_would_be_found(what):
    file, line = PLANTED[what]
    found = faults(SOURCES | {file: f"{SOURCES[file]}\n{line}\n"})
    assert found[0].startswith(f"{file} uses ")
    assert all(one.startswith("a circle: ") for one in found[1:])


def test_a_circle_in_a_room_would_be_found_even_where_a_function_closes_it():
    planted = f"{SOURCES['tables/edtf.py']}\ndef f():\n    from kwlesson.tables import rules\n"
    found = faults(SOURCES | {"tables/edtf.py": planted})
    assert [one.partition(":")[0] for one in found] == ["a circle"]
