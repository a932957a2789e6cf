"""A map of a lesson's places, with the ways that words took: measures, which a template draws."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kwlesson.tables.schema import WROTE
from kwlesson.translation import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kwlesson.tables.store import Record, Tables

WIDTH = 340  # pixels: what a small telephone has
_EDGE = 12  # how near the edge of the map somebody leaves it
_LETTER, _LINE = 7.5, 12  # what a name needs beside its place
_BEND = 0.16  # of a way, as a part of its length

_Point = tuple[float, float]


class Stop(NamedTuple):
    """A stay on a way: one place, and the hands that the words passed through there."""

    place: Record
    hands: list[Record]


class Way(NamedTuple):
    """One stretch of a way: its path, how it is known, and the hand with which it ends."""

    path: str
    head: str
    status: str
    step: int


class Town(NamedTuple):
    """A place on the map; `is_far` where it lies outside, and only the way to it is shown."""

    x: int
    y: int
    name: str
    anchor: str
    is_met: bool
    is_far: bool


def stops(lesson: Tables, route: str) -> list[Stop]:
    """Return where the words of a route stayed, one place after the other.

    A hand whose place is not known is left out.

    Parameters
    ----------
    lesson : Tables
        The tables.
    route : str
        Id of a route.

    Returns
    -------
    list of Stop

    Examples
    --------
    >>> import kwlesson
    >>> [stop.place["id"] for stop in stops(kwlesson.load(kwlesson.SAMPLE), "blame-1912")]
    ['quay', 'lighthouse', 'quay']
    """
    places = lesson.by_id("places")
    found: list[Stop] = []
    for hand in sorted(lesson.records("hands", route=route), key=lambda hand: hand["step"]):
        if not hand["place"]:
            continue
        if not found or found[-1].place["id"] != hand["place"]:
            found.append(Stop(places[hand["place"]], []))
        found[-1].hands.append(hand)
    return found


class Map:
    """The measures of a map.

    Parameters
    ----------
    lesson : Tables
        The tables.
    routes : sequence of str
        Ids of the routes whose ways are drawn.

    Attributes
    ----------
    width, height : int
        The size.
    land, borders : str
        Paths.
    countries : list of tuple
        Names, each after its place and how it stands there.
    lines : list of tuple
        Each a path, and the place and the words of its name.
    towns : list of Town
        The places.
    ways : list of list of Way
        Of each route.

    Examples
    --------
    >>> import kwlesson
    >>> drawn = Map(kwlesson.load(kwlesson.SAMPLE), ["wick-1912"])
    >>> [town.name for town in drawn.towns if town.is_met], len(drawn.ways[0])
    (['The quay', 'The light', 'Chapel Town'], 2)
    """

    def __init__(self, lesson: Tables, routes: Sequence[str]) -> None:
        outlines = lesson.grouped("outlines", "kind")
        places = lesson.records("places")
        land = [_points(row) for row in outlines.get("land", ())]
        self._frame([point for shape in land for point in shape] or [_at(row) for row in places])
        self.land = "".join(self._path(shape) + "Z" for shape in land)
        self.borders = "".join(self._path(_points(row)) for row in outlines.get("border", ()))
        named = [(self._xy(_points(row)[0]), row["name"]) for row in outlines.get("country", ())]
        self.countries = [(x, y, _within(x, name), name) for (x, y), name in named]
        self.lines = [
            (self._path(_points(row)), *self._xy(_points(row)[-1]), row["name"])
            for row in outlines.get("line", ())
        ]
        self._sense = partial(lesson.sense, "hands.act")
        went = [stops(lesson, route) for route in routes]
        met = {stop.place["id"] for way in went for stop in way}
        self.towns = self._towns(places, met)
        self.ways = [self._ways(way) for way in went]

    def _frame(self, points: Sequence[_Point]) -> None:
        longitudes, latitudes = zip(*points, strict=True)
        self._west, self._north = min(longitudes), max(latitudes)
        self._squeeze = math.cos(math.radians((self._north + min(latitudes)) / 2))
        across = (max(longitudes) - self._west) * self._squeeze
        self._scale = WIDTH / (across or 1)
        self.width = WIDTH
        self.height = max(round((self._north - min(latitudes)) * self._scale), WIDTH // 3)

    def _xy(self, point: _Point) -> tuple[int, int]:
        east, south = (point[0] - self._west) * self._squeeze, self._north - point[1]
        return round(east * self._scale), round(south * self._scale)

    def _path(self, points: Iterable[_Point]) -> str:
        return "M" + " ".join(f"{x},{y}" for x, y in map(self._xy, points))

    def _towns(self, places: Iterable[Record], met: set[str]) -> list[Town]:
        """Place those that words passed through first: of two names, theirs or today's."""
        taken: dict[tuple[int, int], Town] = {}
        for row in sorted(places, key=lambda row: (row["id"] not in met, row["today"])):
            x, y, is_far = self._seen(row)
            if (x, y) not in taken and not (is_far and row["id"] not in met):
                taken[x, y] = Town(x, y, row["name"], "", row["id"] in met, is_far)
        return [town._replace(anchor=_side(town, taken.values())) for town in taken.values()]

    def _seen(self, place: Record) -> tuple[int, int, bool]:
        """Say where a place lies, or where the way to it leaves the map."""
        x, y = self._xy(_at(place))
        if 0 <= x <= self.width and 0 <= y <= self.height:
            return x, y, False
        middle = self._west + self.width / self._scale / self._squeeze / 2
        centre = (middle, self._north - self.height / self._scale / 2)
        right, down = _bearing(centre, _at(place))
        room = (self.width / 2 - _EDGE) / (abs(right) or 1e-9)
        reach = min(room, (self.height / 2 - _EDGE) / (abs(down) or 1e-9))
        return round(self.width / 2 + right * reach), round(self.height / 2 + down * reach), True

    def _ways(self, went: Sequence[Stop]) -> list[Way]:
        drawn: dict[tuple[str, str], Way] = {}
        for start, end in pairwise(went):
            key = start.place["id"], end.place["id"]
            last, first = start.hands[-1], end.hands[0]
            status = (last if self._sense(last["act"]) in WROTE else first)["status"]
            *there, is_far = self._seen(end.place)
            bend = -_BEND if is_far else _BEND
            path, head = _bent(self._seen(start.place)[:2], (there[0], there[1]), bend)
            drawn.setdefault(key, Way(path, head, status, first["step"]))
        return list(drawn.values())


def _points(row: Record) -> list[_Point]:
    pairs = (point.split(",") for point in row["points"].split())
    return [(float(longitude), float(latitude)) for longitude, latitude in pairs]


def _at(place: Record) -> _Point:
    return float(place["longitude"]), float(place["latitude"])


def _bearing(start: _Point, end: _Point) -> _Point:
    """Return the direction in which the shortest way begins, as steps to the right and down."""
    east = math.radians(end[0] - start[0])
    south, north = math.radians(start[1]), math.radians(end[1])
    right = math.sin(east) * math.cos(north)
    up = math.cos(south) * math.sin(north) - math.sin(south) * math.cos(north) * math.cos(east)
    return right, -up


def _bent(start: tuple[int, int], end: tuple[int, int], bend: float) -> tuple[str, str]:
    """Draw a way as a bow, so that the way back is another, and its head as it arrives."""
    (x, y), (to_x, to_y) = start, end
    right, down = to_x - x, to_y - y
    by_x, by_y = (x + to_x) / 2 + down * bend, (y + to_y) / 2 - right * bend
    angle = math.atan2(to_y - by_y, to_x - by_x)
    tips = [
        (to_x - 9 * math.cos(angle + turn), to_y - 9 * math.sin(angle + turn))
        for turn in (-0.45, 0.45)
    ]
    (a, b), (c, d) = tips
    head = f"M{to_x} {to_y}L{a:.0f} {b:.0f} {c:.0f} {d:.0f}Z"
    return f"M{x} {y}Q{by_x:.0f} {by_y:.0f} {to_x} {to_y}", head


def _side(town: Town, others: Iterable[Town]) -> str:
    """Say on which side of a place its name stands; where a way leaves the map, under it."""
    room = len(town.name) * _LETTER + _EDGE
    if town.is_far:
        return _within(town.x, _("to {name}").format(name=town.name))
    crowded = any(0 < other.x - town.x < room and abs(other.y - town.y) < _LINE for other in others)
    return "end" if crowded or town.x > WIDTH - room else "start"


def _within(x: int, name: str) -> str:
    """Say how a name stands on its place, so that it does not leave the map."""
    half = len(name) * _LETTER / 2
    return "start" if x < half else "end" if x > WIDTH - half else "middle"
