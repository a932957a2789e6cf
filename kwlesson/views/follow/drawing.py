"""A route as a drawing: who stands below whom, and what line each act draws to the next."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kwlesson.tables.store import Record

WIDTH = 372  # pixels: what a small telephone has
_LETTER = 8.2  # width of a bold letter
_SHORT = 17  # letters of a date that stand beside the words for an act
_LINE = 40  # letters of other words on a line
_LANE, _LANES = 14, 4  # for the ways back of those who stand on a route again


# One path for all strokes of a kind.
_STROKES = ("solid", "dashed", "heads", "persons", "bodies", "loops")


class RouteDrawing:
    """The measures of a drawing; a template draws it.

    Steps of one person in a row make one stop. Each act draws the line from its stop to the next:
    solid where it is documented. Where a named person stands again, a way leads back.

    Parameters
    ----------
    hands : sequence of dict
        Rows of `hands` in order, each with its row of `people` as `who`, and as `again` the
        earlier step of the same person, or 0.
    brief : bool, optional
        Names and lines only: leave acts and dates to the list beside the drawing.

    Attributes
    ----------
    width, height, x, reader : int
        The size; where the line stands; how deep down the reader stands.
    solid, dashed, heads, persons, bodies, loops : str
        Paths: lines, arrow heads, two kinds of stops, and the ways back.
    unnamed : list of int
        How deep down those stand of whom no name is known.
    names, again, acts, dates : list of tuple
        Words, each after its place.

    Examples
    --------
    >>> who = {"id": "crier", "name": "The Crier", "kind": "person"}
    >>> said = {"who": who, "step": 1, "again": 0, "status": "documented", "date_label": "1912"}
    >>> drawing = RouteDrawing([said])
    >>> drawing.persons, drawing.solid, drawing.names
    ('M20 18h0', 'M20 18V86', [(23, 'The Crier')])
    """

    def __init__(self, hands: Sequence[Record], *, brief: bool = False) -> None:
        returns = min(sum(bool(hand["again"]) for hand in hands), _LANES)
        self.width, self.x, self.brief = WIDTH, 20 + returns * _LANE + 4 * bool(returns), brief
        self._strokes: dict[str, list[str]] = {name: [] for name in _STROKES}
        self.unnamed: list[int] = []
        self.names: list[tuple[int, str]] = []
        self.again: list[tuple[int, Record, int]] = []
        self.acts: list[tuple[int, Record, str]] = []
        self.dates: list[tuple[int, str]] = []
        self._stands: dict[int, int] = {}
        self._lines: list[tuple[int, int, bool]] = []
        y = 18
        for stop in stops(hands):
            y = self._stop(y, stop)
        self.reader, self.height = y, y + 16
        for start, end, solid in self._lines:
            self._strokes["solid" if solid else "dashed"].append(f"M{self.x} {start}V{end}")
        self.solid, self.dashed, self.heads, self.persons, self.bodies, self.loops = (
            "".join(self._strokes[name]) for name in _STROKES
        )

    def _stop(self, y: int, hands: Sequence[Record]) -> int:
        """Draw who stands here and what they did; give the place of the next stop."""
        here, below = hands[0], y + 5
        self._node(y, here["who"]["kind"])
        room = int((self.width - self.x - 24) / _LETTER)
        number = f"{here['step']}. " if self.brief else ""
        for line in textwrap.wrap(number + here["who"]["name"], room - len(number)):
            self.names.append((below, line))
            below += 18
        if here["again"]:
            self.again.append((below, here["who"], here["again"]))
            self._way_back(y, self._stands[here["again"]])
            below += 18
        start = y
        for hand in hands:
            self._stands[hand["step"]] = y
            below = self._act(below, hand)
            turn = below + 27 if hand is hands[-1] else max(below - 12, start + 12)
            self._line(start, turn, solid=hand["status"] == "documented")
            start = turn
        if not self.brief:
            self._strokes["heads"].append(f"M{self.x - 5} {start - 18}l5 6 5-6")
        return start

    def _node(self, y: int, kind: str) -> None:
        if kind == "unnamed":
            self.unnamed.append(y)
        else:
            self._strokes["bodies" if kind == "body" else "persons"].append(f"M{self.x} {y}h0")

    def _act(self, y: int, hand: Record) -> int:
        """Place the words for an act, its date beside or below; give the place of what follows."""
        if self.brief:
            return y + 2
        date = hand["date_label"]
        beside = date if len(date) <= _SHORT else ""
        self.acts.append((y, hand, beside))
        for line in () if beside else textwrap.wrap(date, _LINE):
            y += 17
            self.dates.append((y, line))
        return y + 18

    def _line(self, start: int, end: int, *, solid: bool) -> None:
        if self._lines and self._lines[-1][2] == solid:
            start = self._lines.pop()[0]
        self._lines.append((start, end, solid))

    def _way_back(self, start: int, end: int) -> None:
        """Lead from where somebody stands again to where he stood before."""
        loops = self._strokes["loops"]
        lane = self.x - 24 - _LANE * (len(loops) % _LANES)
        loops.append(
            f"M{self.x - 11} {start}Q{lane} {start} {lane} {start - 18}"
            f"V{end + 18}Q{lane} {end} {self.x - 13} {end}m-7-5 7 5-7 5"
        )


def stops(hands: Iterable[Record]) -> Iterator[list[Record]]:
    """Put the steps of one person in a row together; each unnamed hand stands alone.

    Parameters
    ----------
    hands : iterable of dict
        Rows of `hands`, each with its row of `people` as `who`.

    Yields
    ------
    list of dict
        The hands of one stop.
    """

    def whose(hand: Record) -> tuple[str, int]:
        who = hand["who"]
        return who["id"], hand["step"] if who["kind"] == "unnamed" else 0

    for _, run in groupby(hands, whose):
        yield list(run)
