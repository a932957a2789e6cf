"""A question to the learner: posed on every face, answered and kept on the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.translation import _
from kwlesson.views.kit.activity import FormView
from kwlesson.views.kit.attribution import origin, rests_on
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import needs

if TYPE_CHECKING:
    from markupsafe import Markup

    from kwlesson.tables.store import Record, Tables


class Question(FormView):
    """A question whose text and page faces pose it, and whose live face answers.

    Neither the text nor the page holds a feedback or a model answer, or says which choice is best.
    """

    def __init__(self, lesson: Tables, question: Record) -> None:
        title = _("Question: {prompt}").format(prompt=question["prompt"])
        super().__init__(lesson, title, _context(lesson, question))

    def form(self) -> Markup:
        """Draw the question with every feedback, hidden until there is an attempt."""
        return self.draw("live", _answered(self._lesson, self.context))

    def script_context(self) -> dict[str, Any]:
        """Return what the script needs to know besides."""
        question = self.context["question"]
        return {
            "question": question["id"],
            "kind": question["kind"],
            "prompt": str(question["prompt"]),
        }


def _context(lesson: Tables, question: Record) -> dict[str, Any]:
    """Gather what poses the question, and nothing that answers it."""
    glossary = Glossary(lesson)
    quotes = lesson.by_id("quotes")
    asked = ("id", "kind", "frame")
    return {
        "question": {name: question[name] for name in asked}
        | {"prompt": glossary.scope()(question["prompt"])},
        "choices": [
            {name: choice[name] for name in ("id", "text")} | {"quote": quotes.get(choice["quote"])}
            for choice in lesson.records("choices", question=question["id"])
        ],
    }


def _answered(lesson: Tables, context: dict[str, Any]) -> dict[str, Any]:
    """Gather what a learner sees after an attempt; nothing in a first round of two."""
    question = lesson.get("questions", context["question"]["id"])
    first_of_two = question["kind"] == "choice" and question["round"] == "1"
    if first_of_two or question["kind"] == "scale":
        return {"silent": True, "choices": [], "model": None}
    quotes, glossary = lesson.by_id("quotes"), Glossary(lesson)

    def said(choice: Record) -> Record:
        explain, quote = glossary.scope(), quotes.get(choice["quote"])
        return {
            "id": choice["id"],
            "text": choice["text"],
            "best": choice["best"] == "yes",
            "feedback": explain(choice["feedback"]),
            "quote": quote,
            "origin": origin(lesson, quote) if quote else "",
        }

    explain = glossary.scope()
    return {
        "silent": False,
        "choices": [said(one) for one in lesson.records("choices", question=question["id"])],
        "model": {
            "answer": explain(question["model_answer"]),
            "also": explain(question["also_accept"]),
            "sources": rests_on(lesson, question),
        },
    }


@needs("questions")
def ask(lesson: Tables, question: str) -> Question:
    """Ask a question, and keep the answer in the learner's workbook.

    Parameters
    ----------
    question : str
        Id of the question.

    Returns
    -------
    Question
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such question; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.ask("who-saw").text().splitlines()[2])
    Who saw the lamp from close by? [who-saw]
    """
    return Question(lesson, lesson.get("questions", question))
