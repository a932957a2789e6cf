"""Every learner's notebook as one page, which needs no server, no kernel and no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.publish.notebook_parts import learners, read_parts

if TYPE_CHECKING:
    from pathlib import Path

    from kwlesson.lesson import Lesson


def build(lesson: Lesson, notebooks: Path, out: Path) -> None:
    """Write a page of each learner's notebook.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks.
    out : Path
        The folder of the site.
    """
    for path in learners(notebooks):
        body = "".join(part.view.stored() for part in read_parts(path, lesson) if part.view)
        (out / f"{path.stem}.html").write_text(body, encoding="utf-8")
