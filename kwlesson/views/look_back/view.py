"""The learner's path: the same claim, each time it was rated, with the reasons given."""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from kwlesson.tables.store import questions_with_choices
from kwlesson.translation import _
from kwlesson.views.kit.activity import FormView
from kwlesson.views.kit.view import needs

if TYPE_CHECKING:
    from markupsafe import Markup

    from kwlesson.tables.store import Record, Tables


class RatingHistory(FormView):
    """A view of all ratings side by side; it says nothing about staying or moving.

    The text and page faces show the claim and the empty places, never a learner's answer.
    """

    def __init__(self, lesson: Tables) -> None:
        super().__init__(lesson, _("Your path"), _context(lesson))

    def has_live_face(self) -> bool:
        """Say that ratings can be shown where there is a kernel."""
        return bool(self.context["ratings"])

    def form(self) -> Markup:
        """Draw the path, which follows the learner's answers as they are kept."""
        return self.draw("path")

    def script_context(self) -> dict[str, Any]:
        """Return what the script needs to know besides."""
        after = self.context["after"]
        return {
            "choices": {
                rating["id"]: {choice["id"]: choice["text"] for choice in rating["choices"]}
                for rating in self.context["ratings"]
            },
            "after": after["id"] if after else "",
        }


def _context(lesson: Tables) -> dict[str, Any]:
    choices = lesson.grouped("choices", "question")
    rated = [row for row in lesson.records("questions", kind="scale") if row["round"]]
    ratings = [
        row | {"choices": choices.get(row["id"], [])}
        for row in sorted(rated, key=lambda row: int(row["round"]))
    ]
    prompts: dict[str, list[Record]] = {}
    for rating in ratings:
        prompts.setdefault(rating["prompt"], []).append(rating)
    return {
        "ratings": ratings,
        "prompts": [{"prompt": prompt, "ratings": same} for prompt, same in prompts.items()],
        "after": _after(lesson, ratings[-1]) if ratings else None,
    }


def _after(lesson: Tables, last: Record) -> Record | None:
    """Find the question that the learner answers in words after the last rating."""
    rest = dropwhile(lambda row: row["id"] != last["id"], questions_with_choices(lesson))
    return next((row for row in rest if row["kind"] == "text"), None)


@needs("questions")
def look_back(lesson: Tables) -> RatingHistory:
    """Show how the learner rated the same claim each time, with the reasons given.

    Returns
    -------
    RatingHistory
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.look_back().title)
    Your path
    """
    return RatingHistory(lesson)
