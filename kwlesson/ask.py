"""A question to the learner: posed on every face, answered and kept on the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.compare import origin
from kwlesson.terms import Glossary
from kwlesson.view import View, macro

if TYPE_CHECKING:
    from kwlesson.frames import Frames, Record
    from kwlesson.worksheet import Worksheet


class Question(View):
    """A question whose text and page faces pose it, and whose live face answers.

    Neither the text nor the page holds a feedback or a model answer, or says which choice is best.

    Parameters
    ----------
    lesson : Frames
        The tables.
    question : dict
        A row of `questions`.

    Examples
    --------
    >>> import kwlesson
    >>> question = kwlesson.load(kwlesson.FICTIONAL).ask("who-saw")
    >>> print(question.title)
    Question: Who saw the lamp from close by?
    >>> "stood beside" in question.page(), "stood beside" in question.live().html
    (False, True)
    """

    def __init__(self, lesson: Frames, question: Record) -> None:
        super().__init__(f"Question: {question['prompt']}", "ask", _facts(lesson, question))
        self._lesson = lesson

    def has_live_face(self) -> bool:
        """Say that a question can be answered where there is a kernel.

        Returns
        -------
        bool
            Always true.
        """
        return True

    def live(self) -> Worksheet:
        """Give the live face, which answers without a kernel and keeps answers with one.

        Returns
        -------
        Worksheet
        """
        from kwlesson.worksheet import Worksheet

        answered = self.draw("live", _answered(self._lesson, self.facts))
        question = self.facts["question"]
        facts = {"question": question["id"], "kind": question["kind"]}
        html = macro("view.html", "live_opening", self, answered)
        return Worksheet(str(html), "question", facts)


def _facts(lesson: Frames, question: Record) -> dict[str, Any]:
    """Gather what poses the question, and nothing that answers it."""
    glossary = Glossary(lesson)
    quotes = lesson.by_id("quotes")
    asked = ("id", "kind", "frame")
    return {
        "question": {name: question[name] for name in asked}
        | {"prompt": glossary.part()(question["prompt"])},
        "choices": [
            {name: choice[name] for name in ("id", "text")} | {"quote": quotes.get(choice["quote"])}
            for choice in lesson.records("choices", question=question["id"])
        ],
        "words": glossary.used,
    }


def _answered(lesson: Frames, facts: dict[str, Any]) -> dict[str, Any]:
    """Gather what a learner sees after an attempt; nothing in a first round of two."""
    question = lesson.one("questions", facts["question"]["id"])
    first_of_two = question["kind"] == "choice" and question["round"] == "1"
    if first_of_two or question["kind"] == "scale":
        return {"silent": True, "choices": [], "model": None}
    people, sources, quotes = (lesson.by_id(name) for name in ("people", "sources", "quotes"))
    glossary = Glossary(lesson)

    def said(choice: Record) -> Record:
        explain, quote = glossary.part(), quotes.get(choice["quote"])
        speaker = people.get(quote["speaker"]) if quote else None
        return {
            "id": choice["id"],
            "text": choice["text"],
            "best": choice["best"] == "yes",
            "feedback": explain(choice["feedback"]),
            "tempts": explain(choice["tempts"]),
            "quote": quote,
            "origin": origin(quote, speaker, sources[quote["source"]]) if quote else "",
        }

    explain = glossary.part()
    return {
        "silent": False,
        "choices": [said(one) for one in lesson.records("choices", question=question["id"])],
        "model": {
            "answer": explain(question["model_answer"]),
            "also": explain(question["also_accept"]),
            "source": sources[question["source"]],
        },
    }
