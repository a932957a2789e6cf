"""Where it happened, and the way of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.translation import _
from kwlesson.views.kit.map import Map, stops
from kwlesson.views.kit.view import View, needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Record, Tables


class Where(View):
    """A map of the lesson's places with the way of one report, and the same in words."""

    def __init__(self, lesson: Tables, route: Record | None) -> None:
        credit = [row for row in lesson.grouped("outlines", "credit") if row]
        if route is None:
            drawn = Map(lesson, [])
            shown = {town.name for town in drawn.towns}
            alone: dict[str, Any] = {
                "route": None,
                "map": drawn,
                "places": [row for row in lesson.records("places") if row["name"] in shown],
                "unplaced": [],
            }
            super().__init__(_("Where it happened"), alone | {"credit": credit})
            return
        people, went = lesson.by_id("people"), stops(lesson, route["id"])
        placed = {hand["step"] for stop in went for hand in stop.hands}
        hands = lesson.records("hands", route=route["id"])
        others = [people[hand["person"]]["name"] for hand in hands if hand["step"] not in placed]
        if not went:
            raise LessonError(
                f"hands.csv: no hand of the route '{route['id']}' has a place; add one"
            )
        context = {
            "route": route,
            "map": Map(lesson, [route["id"]]),
            "stops": [{"place": stop.place, "names": _names(stop.hands, people)} for stop in went],
            "unplaced": list(dict.fromkeys(others)),
            "credit": credit,
        }
        super().__init__(_("Where: {title}").format(title=route["title"]), context)


def _names(hands: list[Record], people: Mapping[str, Record]) -> list[str]:
    return list(dict.fromkeys(people[hand["person"]]["name"] for hand in hands))


@needs("places")
def where(lesson: Tables, route: str | None = None) -> Where:
    """Show on a map where a report began, and by what places it came.

    Parameters
    ----------
    route : str, optional
        Id of a route. Without one, the places alone.

    Returns
    -------
    Where
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such route, with the nearest; or when none of its hands has a place.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.where("wick-1912").text().splitlines()[2])
    1. The light: Tom Wick [lighthouse]
    """
    return Where(lesson, None if route is None else lesson.get("routes", route))
