"""Through whose hands a report came, from the one who spoke to the one who reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.views.follow.drawing import RouteDrawing
from kwlesson.views.kit.attribution import origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.map import Map, stops
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables

MAX_OPEN_QUOTATIONS = 6  # quotations shown at first; the others are folded


class Routes(View):
    """A view of one route hand after hand, or of several with an overview first.

    One route alone has more room: who each person is, what a describer says of the report, what
    documents add, and the sources.
    """

    def __init__(self, lesson: Tables, routes: Sequence[Record]) -> None:
        facts = _facts(lesson, routes)
        title = routes[0]["title"] if len(routes) == 1 else "Through whose hands"
        super().__init__(title, facts | {"title": title})

    def switch(self) -> Switch | None:
        """Return an overview and a panel for each route."""
        if self.facts["alone"]:
            return None
        routes = self.facts["routes"]
        panels = [Panel(route["title"], self.draw("one", route)) for route in routes]
        return Switch("Show", [Panel("Overview", self.draw("overview")), *panels])


class _Rows:
    """The rows that routes need, looked up once."""

    def __init__(self, lesson: Tables) -> None:
        self._lesson = lesson
        self.people, self.sources, self.terms = map(lesson.by_id, ("people", "sources", "terms"))
        self.hands, self.quotes = (lesson.grouped(name, "route") for name in ("hands", "quotes"))
        self._notes = lesson.grouped("notes", "about")

    def map(self, route: str) -> Map | None:
        """Measure the way of a route; none where no place of it is known."""
        return Map(self._lesson, [route]) if stops(self._lesson, route) else None

    def added(self, about: str) -> list[Record]:
        """Return the notes on a row."""
        notes = self._notes.get(about, ())
        return [note | {"origin": self.sources[note["source"]]} for note in notes]

    def quoted(self, quote: Record) -> Record:
        """Return a quotation with all that stands beside it."""
        speaker, source = self.people.get(quote["speaker"]), self.sources[quote["source"]]
        return quote | {
            "origin": origin(quote, speaker, source),
            "caution": quote["caution"],
            "adds": self.added(f"quotes:{quote['id']}"),
        }

    def chain(self, route: str) -> list[Record]:
        """Return the hands in order, and say where the same person stood before.

        Two unnamed interpreters share a row and may be two people: never the same again.
        """
        rows = sorted(self.hands[route], key=lambda row: row["step"])
        here, last = {row["person"] for row in rows}, dict[str, int]()
        hands: list[Record] = []
        for row in rows:
            who = self.people[row["person"]]
            before, other = last.get(who["id"], 0), who["mistaken_for"]
            returns = who["kind"] != "unnamed" and before < row["step"] - 1
            hands.append(
                row
                | {
                    "who": who,
                    "known": self.terms[row["status"]],
                    "origin": (source := self.sources[row["source"]]),
                    "through": self.sources.get(source["cited_in"]),
                    "first": not before,
                    "again": before if returns else 0,
                    "not": self.people[other]["name"] if not before and other in here else "",
                    "same_source": bool(hands) and _shown_by(row) == _shown_by(hands[-1]),
                }
            )
            last[who["id"]] = row["step"]
        return hands


def _facts(lesson: Tables, routes: Sequence[Record]) -> dict[str, Any]:
    """Gather the hands of the routes, the words that came with them, and the sources of both."""
    alone = len(routes) == 1
    rows, glossary = _Rows(lesson), Glossary(lesson)
    shown = [_gathered(rows, route, glossary if alone else None) for route in routes]
    every = [hand for route in shown for hand in route["hands"]]
    return {
        "routes": shown,
        "alone": alone,
        "few": MAX_OPEN_QUOTATIONS,
        "shared": _shared(shown),
        "marks": list({hand["status"]: hand["known"] for hand in every}.values()),
    }


def _gathered(rows: _Rows, route: Record, glossary: Glossary | None) -> Record:
    """Gather one route; with a glossary, in full."""
    explain, reveal = (glossary.scope(), glossary.scope()) if glossary else (str, str)
    hands = rows.chain(route["id"])
    for hand in hands:
        named = glossary and hand["first"] and hand["who"]["kind"] != "unnamed"
        hand["detail"] = explain(hand["detail"])
        hand["role"] = explain(hand["who"]["role"]) if named else ""
    quotes = [
        rows.quoted(quote)
        for quote in rows.quotes.get(route["id"], ())
        if glossary or quote["kind"] == "testimony"
    ]
    adds = rows.added(f"routes:{route['id']}")
    for quote in quotes:
        adds += quote["adds"] if quote["sensitive"] == "no" else []
    return route | {
        "summary": explain(route["summary"]),
        "map": rows.map(route["id"]) if glossary else None,
        "interest": reveal(route["interest"]),
        "hands": hands,
        "drawing": RouteDrawing(hands, brief=not glossary),
        "carried": [quote for quote in quotes if _is_open(quote)],
        "retold": [quote for quote in quotes if not _is_open(quote)],
        "adds": [note | {"text": reveal(note["text"])} for note in adds] if glossary else [],
    }


def _is_open(quote: Record) -> bool:
    """Return whether a quotation stands in sight: words of the one who spoke, and no hurtful ones."""
    return bool(quote["kind"] == "testimony" and quote["sensitive"] == "no")


def _shown_by(hand: Record) -> tuple[str, str]:
    return hand["source"], hand["paragraph"]


def _shared(routes: list[Record]) -> list[Record]:
    """Find the people whom several routes pass through."""
    seen: dict[str, Record] = {}
    for route in routes:
        for hand in route["hands"]:
            found = seen.setdefault(hand["person"], hand["who"] | {"on": {}})
            found["on"][route["id"]] = route["title"]
    return [who for who in seen.values() if who["kind"] == "person" and len(who["on"]) > 1]


def follow(lesson: Tables, route: str | None = None) -> Routes:
    """Follow a report through all hands, from the one who spoke to the one who reads.

    Parameters
    ----------
    route : str, optional
        Id of a route; without one, all routes.

    Returns
    -------
    Routes
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such route; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.follow("wick-1912").text().splitlines()[0])
    From the lamplighter to the reader
    """
    chosen = lesson.records("routes") if route is None else [lesson.get("routes", route)]
    return Routes(lesson, chosen)
