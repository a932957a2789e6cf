"""The lesson's notebooks, as tests read them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import kwlesson
from kwlesson import paths
from kwlesson.authoring import fact_markers

if TYPE_CHECKING:
    from pathlib import Path


_SCRIPT = re.compile(r"(?s)<script\b.*?</script>")


def without_scripts(html: str) -> str:
    """Leave out scripts, and the forms that they wake: nobody reads those in a page."""
    return _SCRIPT.sub("", html)


class Booklet(NamedTuple):
    """A notebook: its name, its cells and the prose in them."""

    name: str
    cells: list[dict]
    prose: fact_markers.Notebook

    @property
    def number(self) -> str:
        return self.name[:2]

    def sources(self, kind: str) -> list[str]:
        return [cell["source"] for cell in self.cells if cell["cell_type"] == kind]

    @property
    def markdown(self) -> str:
        return "\n\n".join(self.sources("markdown"))

    @property
    def shown(self) -> str:
        """All that its stored outputs say, in every face; what only a script wakes is left out."""
        outputs = [o for cell in self.cells for o in cell.get("outputs", ())]
        faces = [face for output in outputs for face in output.get("data", {}).values()]
        return " ".join(without_scripts("".join(f)) for f in faces if isinstance(f, list))

    @property
    def lessons(self) -> list[kwlesson.Lesson]:
        return [lesson_called(name) for name in self.prose.lessons]


@cache
def lesson_called(name: str) -> kwlesson.Lesson:
    return kwlesson.load(getattr(kwlesson, name) if name else None)


@cache
def booklet(path: Path, name: str) -> Booklet:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    cells = [cell | {"source": "".join(cell["source"])} for cell in cells]
    return Booklet(name, cells, fact_markers.read(path, name))


def made(*cells: tuple[str, str]) -> Booklet:
    """Make a notebook of (kind, source) to show that a rule bites."""
    read = [{"cell_type": kind, "source": source, "outputs": []} for kind, source in cells]
    sentences = [
        fact_markers.Sentence("made", number, *parts)
        for number, (kind, source) in enumerate(cells, start=1)
        if kind == "markdown"
        for parts in fact_markers.split(source)
    ]
    return Booklet("02-made.ipynb", read, fact_markers.Notebook("made", sentences, [], ("",)))


NOTEBOOKS = sorted(
    path for path in paths.NOTEBOOKS.rglob("*.ipynb")
    if not any(part.startswith(".") for part in path.relative_to(paths.NOTEBOOKS).parts)
)  # fmt: skip
NAMES = {path.relative_to(paths.NOTEBOOKS).as_posix(): path for path in NOTEBOOKS}
LEARNERS = [name for name in NAMES if re.match(r"\d\d-[^/]*$", name)]
WITH_WORK = [name for name in LEARNERS if int(name[:2]) <= 10]
INSTRUCTORS = [name for name in NAMES if name.startswith("instructor/")]


def named(name: str) -> Booklet:
    return booklet(NAMES[name], name)
