"""Tally boxes: a teacher counts hands, types the counts, and bars appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.views.kit.render import macro
from kwlesson.views.kit.view import View, needs

if TYPE_CHECKING:
    from ipywidgets import DOMWidget

    from kwlesson.tables.store import Record, Tables

MAX_CLASS_SIZE = 60


class Tally(View):
    """A view with a box and a bar for each choice of a question, for a room without devices.

    The bars follow the boxes in the browser: no kernel is needed. On paper the boxes are empty.
    """

    def __init__(self, lesson: Tables, question: Record) -> None:
        choices = lesson.records("choices", question=question["id"])
        context = {"question": question, "choices": choices, "most": MAX_CLASS_SIZE}
        super().__init__(question["prompt"], context)

    def has_live_face(self) -> bool:
        """Return whether there is anything to count."""
        return bool(self.context["choices"])

    def live(self) -> DOMWidget:
        """Return boxes whose bars follow them in the browser."""
        import ipywidgets

        rows = []
        for choice in self.context["choices"]:
            box = ipywidgets.BoundedIntText(
                min=0,
                max=MAX_CLASS_SIZE,
                description=choice["text"],
                layout={"width": "24em"},
                style={"description_width": "16em"},
            )
            bar = ipywidgets.IntProgress(min=0, max=MAX_CLASS_SIZE // 2, layout={"width": "30em"})
            ipywidgets.jslink((box, "value"), (bar, "value"))
            rows.append(ipywidgets.HBox([box, bar]))
        opening = macro("kit/frame.html", "live_opening", self, self.draw("opening"))
        return ipywidgets.VBox([ipywidgets.HTML(str(opening)), *rows])


@needs("questions")
def tally(lesson: Tables, question: str) -> Tally:
    """Return boxes for counted hands, with a bar for each choice of a question.

    Parameters
    ----------
    question : str
        Id of a question that has choices.

    Returns
    -------
    Tally
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such question; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.tally("who-saw").text().splitlines()[3])
    [ ] The lamplighter
    """
    return Tally(lesson, lesson.get("questions", question))
