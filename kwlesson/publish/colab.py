"""The notebooks for Colab: each as it is stored, behind one cell that brings kwlesson there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.publish.lite import installed, load_own, own_files, write_wheel
from kwlesson.publish.notebook_parts import learners
from kwlesson.publish.pages import about_page
from kwlesson.publish.paper import write_index

if TYPE_CHECKING:
    from pathlib import Path

    from kwlesson.lesson import Lesson

FOLDER = "colab"
_SAYS = (
    "Save one. On colab.research.google.com choose File, then Upload notebook, and run all cells: "
    "the first brings the lesson, and changes none of Colab's own packages. What you answer is "
    "gone when Colab ends: download your work."
)
# Colab has all else that a learner's notebook needs; folded away there by its first line.
_CELL = """\
#@title The lesson, where it is missing
import subprocess
import sys
from importlib.util import find_spec

if not find_spec("kwlesson"):
    wanted = ["anywidget", "psygnal", "{wheel}"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *wanted], check=True
    )"""


def build(lesson: Lesson, notebooks: Path, out: Path, *, address: str = "") -> None:
    """Write the learner's notebooks for Colab, and kwlesson with the lesson's tables.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks.
    out : Path
        The folder of the site.
    address : str, optional
        Where the site will be; Colab takes kwlesson from there, and without it nothing is written.
    """
    if not address or "//OWNER." in address:  # not known yet: see `make owner`
        return
    tables = paths.tables_in(notebooks.parent)
    folder = out / FOLDER
    folder.mkdir()
    version = installed("kwlesson").version
    _, entry = write_wheel(folder, "kwlesson", version, own_files(tables))
    first: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "bring-the-lesson",
        "metadata": {"cellView": "form"},
        "outputs": [],
        "source": _CELL.format(wheel=f"{address.rstrip('/')}/{FOLDER}/{entry['file_name']}"),
    }
    links = []
    for path in learners(notebooks):
        links.append({"file": path.name, "title": about_page(path).title, "saved": "yes"})
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = load_own("".join(cell["source"]))
        notebook["cells"].insert(0, first)
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        (folder / path.name).write_text(text + "\n", encoding="utf-8", newline="\n")
    write_index(lesson, folder / "index.html", "for Colab", _SAYS, links)
