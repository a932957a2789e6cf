"""The questions with their answers, for whoever marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.tables.store import questions_with_choices
from kwlesson.translation import _
from kwlesson.views.kit.attribution import rests_on
from kwlesson.views.kit.view import Panel, Switch, View, needs

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables


class Marking(View):
    """A view of the questions with feedback, model answers and what else to accept."""

    def __init__(self, lesson: Tables, notebook: str | None) -> None:
        books = _books(lesson)
        if notebook is not None and notebook not in books:
            known = ", ".join(books) or "none"
            raise LessonError(
                f"no question in a notebook '{notebook}'; there are questions in: {known}"
            )
        shown = books if notebook is None else {notebook: books[notebook]}
        title = _("Questions, with answers")
        if notebook is not None:
            title = _("Questions of notebook {notebook}, with answers").format(notebook=notebook)
        context = {"books": shown, "several": len(shown) > 1}
        super().__init__(title, context)

    def switch(self) -> Switch | None:
        """Return one panel a notebook."""
        if not self.context["several"]:
            return None
        books = self.context["books"].items()
        panels = [Panel(number, self.draw("book", number, rows)) for number, rows in books]
        return Switch(_("Notebook"), panels)


def _books(lesson: Tables) -> dict[str, list[Record]]:
    gathered = _Gathered(lesson)
    books: dict[str, list[Record]] = {}
    for row in questions_with_choices(lesson):
        books.setdefault(row["notebook"], []).append(gathered(row))
    return books


class _Gathered:
    """Gathers what belongs to one question."""

    def __init__(self, lesson: Tables) -> None:
        self._lesson = lesson
        self._accounts, self._quotes = lesson.by_id("accounts"), lesson.by_id("quotes")

    def __call__(self, row: Record) -> Record:
        choices = [self._choice(one) for one in row["choices"]]
        feedback = {one["feedback"] for one in choices}
        return row | {
            "account": self._accounts.get(row["account"]),
            "choices": choices,
            # Where every choice gets the same words, the answer is kept and not judged.
            "same": feedback.pop() if len(feedback) == 1 < len(choices) else "",
            "meets": [number for number in row["meets"].split(";") if number],
            "sources": rests_on(self._lesson, row),
        }

    def _choice(self, row: Record) -> dict[str, Any]:
        quote = self._quotes.get(row["quote"])
        hidden = quote and quote["sensitive"] == "yes"
        words = quote and (quote["caution"] if hidden else f"“{quote['words']}”")
        return row | {"words": words or ""}


@needs("questions")
def mark(lesson: Tables, notebook: str | None = None) -> Marking:
    """Show the questions with their model answers, for whoever teaches.

    Parameters
    ----------
    notebook : str, optional
        Number of a notebook, such as 02; without it, all.

    Returns
    -------
    Marking
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no question in that notebook; the message names those with questions.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.mark("02").title)
    Questions of notebook 02, with answers
    """
    return Marking(lesson, notebook)
