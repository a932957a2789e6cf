"""Where the learner is: the way back and on, and what is answered in each notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.translation import _
from kwlesson.views.kit.activity import PageForm

if TYPE_CHECKING:
    from kwlesson.tables.store import Tables


_CLASS = "class"  # asked in a session, and in no notebook


class Place(PageForm):
    """A view of the place of a notebook in the lesson; its ticks follow the learner's answers."""

    def __init__(self, lesson: Tables, here: str, back: str, onward: str) -> None:
        parts: dict[str, list[str]] = {}
        for row in lesson.records("questions"):
            if row["notebook"] == _CLASS:
                continue
            parts.setdefault(row["notebook"], []).append(row["id"])
        context = {
            "back": _page(lesson, back),
            "onward": _page(lesson, onward),
            "parts": [
                {"number": number, "questions": parts[number], "is_here": here.startswith(number)}
                for number in sorted(parts)
            ],
        }
        super().__init__(lesson, _("Where you are"), context)
        self._here, self._title = here, lesson.notebook_title(here)

    def script_context(self) -> dict[str, Any]:
        """Return what the script needs to know besides."""
        return {
            "here": self._here,
            "title": self._title,
            "parts": {part["number"]: part["questions"] for part in self.context["parts"]},
        }


def _page(lesson: Tables, name: str) -> dict[str, str] | None:
    """Name a notebook's file, and what a reader calls it."""
    return {"file": f"{name}.ipynb", "title": lesson.notebook_title(name)} if name else None


def go_on(lesson: Tables, here: str, back: str = "", onward: str = "") -> Place:
    """Show the way back and on, and which notebooks are answered.

    Parameters
    ----------
    here : str
        Name of the notebook that shows it.
    back : str, optional
        Name of the notebook before it.
    onward : str, optional
        Name of the notebook after it.

    Returns
    -------
    Place
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.go_on("01-the-lamp", onward="02-the-fog").text().splitlines()[2])
    Next: 02 The fog
    """
    return Place(lesson, here, back, onward)
