"""The chain as a picture: a lane for whoever decides, and an arrow from lane to lane for a step."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH, MIDDLE = 222, 19  # pixels: of all lanes together; how deep down an arrow lies
MAX_LANES = 6  # a picture of more is read by nobody
_HOP, _TIP = 8, 7  # where an arrow passes over a lane; its head


def order_lanes(steps: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lanes, so ordered that the arrows are short.

    Parameters
    ----------
    steps : iterable of tuple of str
        From whose lane to whose a step leads; the second is empty where it leads nowhere.

    Returns
    -------
    list of str
        At most `MAX_LANES`: the busiest.

    Examples
    --------
    >>> order_lanes([("crier", "mayor"), *[("crier", "baker")] * 2, ("baker", "mayor")])
    ['crier', 'baker', 'mayor']
    """
    ways = Counter(steps)
    busy = Counter(lane for way in ways.elements() for lane in way if lane)
    lanes = [lane for lane, _ in busy.most_common(MAX_LANES)]
    lanes.sort(key=list(busy).index)

    def length(order: Iterable[str]) -> int:
        place = {lane: number for number, lane in enumerate(order)}
        known = ((way, times) for way, times in ways.items() if place.keys() >= set(way))
        return sum(abs(place[start] - place[end]) * times for (start, end), times in known)

    return list(min(permutations(lanes), key=length))


class Arrow:
    """The measures of one step; a template draws it.

    Parameters
    ----------
    lanes : sequence of str
        All lanes, from left to right.
    start, end : str
        From whose lane to whose; a step that leads nowhere is a disc on its own lane.

    Attributes
    ----------
    line, head : str
        Paths; empty where nothing is drawn.
    x : int
        Where it starts, or -1 where there is no such lane.
    label : int
        Where its word stands.
    anchor : str
        On which side of that place the word stands.

    Examples
    --------
    >>> Arrow(["crier", "baker", "mayor"], "crier", "mayor").line
    'M37 19H103a8 8 0 0 1 16 0H185'
    """

    def __init__(self, lanes: Sequence[str], start: str, end: str) -> None:
        at = {lane: _x(number, len(lanes)) for number, lane in enumerate(lanes)}
        self.line = self.head = ""
        self.x = at.get(start, -1)
        self.label = self.x + 12 if self.x < WIDTH / 2 else self.x - 12
        self.anchor = "start" if self.x < WIDTH / 2 else "end"
        if start == end or not {start, end} <= at.keys():
            return
        there, forward = at[end], 1 if at[end] > self.x else -1
        passed = sorted(
            (x for x in at.values() if min(self.x, there) < x < max(self.x, there)),
            reverse=forward < 0,
        )
        hop = f"a{_HOP} {_HOP} 0 0 {int(forward > 0)} {2 * _HOP * forward} 0"
        hops = "".join(f"H{x - _HOP * forward}{hop}" for x in passed)
        self.line = f"M{self.x} {MIDDLE}{hops}H{there}"
        self.head = f"M{there} {MIDDLE}l{-_TIP * forward}-4.5v9z"
        self.label = there - 11 * forward
        self.anchor = "end" if forward > 0 else "start"


def lane_lines(count: int) -> str:
    """Return the path of the lanes behind one step.

    Parameters
    ----------
    count : int
        How many lanes there are.

    Returns
    -------
    str

    Examples
    --------
    >>> lane_lines(2)
    'M56 0V38M166 0V38'
    """
    return "".join(f"M{_x(number, count)} 0V{2 * MIDDLE}" for number in range(count))


def _x(number: int, count: int) -> int:
    return round(WIDTH * (number + 0.5) / count)
