"""The learner's path: the same claim, each time it was rated, with the reasons given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.view import View, macro

if TYPE_CHECKING:
    from kwlesson.frames import Frames, Record
    from kwlesson.worksheet import Worksheet


class Path(View):
    """A view of all ratings side by side; it says nothing about staying or moving.

    The text and page faces show the claim and the empty places, never a learner's answer.

    Parameters
    ----------
    lesson : Frames
        The tables.

    Examples
    --------
    >>> import kwlesson
    >>> print(kwlesson.load(kwlesson.FICTIONAL).look_back().text().splitlines()[4])
    - Rating 1 (notebook 01): not rated yet [lamp-rating-1]
    """

    def __init__(self, lesson: Frames) -> None:
        super().__init__("Your path", "look_back", _facts(lesson))

    def has_live_face(self) -> bool:
        """Say that ratings can be shown where there is a kernel.

        Returns
        -------
        bool
            True where something is rated.
        """
        return bool(self.facts["ratings"])

    def live(self) -> Worksheet:
        """Give the live face, which follows the learner's answers as they are kept.

        Returns
        -------
        Worksheet
        """
        from kwlesson.worksheet import Worksheet

        after = self.facts["after"]
        facts = {
            "choices": {
                rating["id"]: {choice["id"]: choice["text"] for choice in rating["choices"]}
                for rating in self.facts["ratings"]
            },
            "after": after["id"] if after else "",
        }
        html = macro("view.html", "live_opening", self, self.draw("path"))
        return Worksheet(str(html), "look_back", facts)


def _facts(lesson: Frames) -> dict[str, Any]:
    choices = lesson.grouped("choices", "question")
    rated = [row for row in lesson.records("questions", kind="scale") if row["round"]]
    ratings = [
        row | {"choices": choices.get(row["id"], [])}
        for row in sorted(rated, key=lambda row: int(row["round"]))
    ]
    prompts = list(dict.fromkeys(rating["prompt"] for rating in ratings))
    return {
        "ratings": ratings,
        "prompts": [
            {
                "prompt": prompt,
                "ratings": [rating for rating in ratings if rating["prompt"] == prompt],
            }
            for prompt in prompts
        ],
        "after": _after(lesson, ratings[-1]) if ratings else None,
    }


def _after(lesson: Frames, last: Record) -> Record | None:
    """Find the question that the learner answers in words after the last rating."""
    place = (last["notebook"], last["order"])
    texts = lesson.records("questions", kind="text")
    later = [row for row in texts if (row["notebook"], row["order"]) > place]
    return min(later, key=lambda row: (row["notebook"], row["order"]), default=None)
