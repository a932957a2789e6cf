"""Through whose hands a report came, from the one who spoke to the one who reads."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from kwlesson.tables import wording
from kwlesson.translation import _
from kwlesson.views.kit.activity import PageForm
from kwlesson.views.kit.attribution import notes_on, origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.map import Map, stops
from kwlesson.views.kit.view import Answers, Panel, Switch, needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables
    from kwlesson.views.kit.view import View


class Routes(PageForm):
    """A view of one route, or of several: a learner puts the hands in order and then sees ours."""

    def __init__(self, lesson: Tables, routes: Sequence[Record]) -> None:
        title = routes[0]["title"] if len(routes) == 1 else _("Through whose hands")
        super().__init__(lesson, title, _context(lesson, routes))

    def switch(self) -> Switch | None:
        """Return a panel for each route where there are several."""
        if self.context["alone"]:
            return None
        routes = self.context["routes"]
        return Switch(
            _("Show"), [Panel(route["title"], self.draw("one", route)) for route in routes]
        )


class _Rows:
    """The rows that routes need, looked up once."""

    def __init__(self, lesson: Tables) -> None:
        self.lesson = lesson
        self.people, self.sources, self.terms = map(lesson.by_id, ("people", "sources", "terms"))
        self.places = lesson.by_id("places")
        self.hands, self.quotes = (lesson.grouped(name, "route") for name in ("hands", "quotes"))

    def quoted(self, quote: Record) -> Record:
        """Return a quotation with all that stands beside it."""
        adds = notes_on(self.lesson, f"quotes:{quote['id']}")
        return quote | {"origin": origin(self.lesson, quote), "adds": adds}

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
            kind = self.lesson.sense("people.kind", who["kind"])
            returns = kind != "unnamed" and before < row["step"] - 1
            hands.append(
                row
                | {
                    "who": who,
                    "did": wording.did(self.lesson, row),
                    "known": self.terms[row["status"]],
                    "origin": self.sources[row["source"]],
                    "office": self.lesson.words("people.office").get(who["office"]),
                    "kind": kind,
                    "side": self._side(who),
                    "where": self.places[row["place"]]["name"] if row["place"] else "",
                    "again": before if returns else 0,
                    "not": self.people[other]["name"] if not before and other in here else "",
                }
            )
            last[who["id"]] = row["step"]
        return hands

    def _side(self, who: Record) -> str:
        decider = self.people.get(who["decider"])
        return str(decider["name"]) if decider else ""


def _context(lesson: Tables, routes: Sequence[Record]) -> dict[str, Any]:
    """Gather the hands of the routes, the words that came with them, and the sources of both."""
    alone = len(routes) == 1
    rows, glossary = _Rows(lesson), Glossary(lesson)
    shown = [_gathered(rows, route, glossary if alone else None) for route in routes]
    every = [hand for route in shown for hand in route["hands"]]
    return {
        "routes": shown,
        "alone": alone,
        "shared": _shared(shown),
        "marks": list({hand["status"]: hand["known"] for hand in every}.values()),
    }


def _gathered(rows: _Rows, route: Record, glossary: Glossary | None) -> Record:
    """Gather one route; with a glossary in full: the map, and what describers and documents add."""
    explain, reveal = (glossary.scope(), glossary.scope()) if glossary else (str, str)
    hands = rows.chain(route["id"])
    for hand in hands:
        hand["detail"] = explain(hand["detail"])
    quotes = [
        rows.quoted(quote)
        for quote in rows.quotes.get(route["id"], ())
        if glossary or quote["kind"] == "testimony"
    ]
    adds = notes_on(rows.lesson, f"routes:{route['id']}")
    for quote in quotes:
        adds += quote["adds"] if quote["sensitive"] == "no" else []
    named = {hand["source"]: hand["origin"] for hand in hands}
    went = stops(rows.lesson, route["id"])
    return route | {
        "summary": explain(route["summary"]),
        "interest": reveal(route["interest"]),
        "hands": hands,
        "shuffled": sorted(hands, key=_out_of_order),
        "map": Map(rows.lesson, [route["id"]]) if glossary and went else None,
        "carried": [quote for quote in quotes if quote["kind"] == "testimony"],
        "retold": [quote for quote in quotes if quote["kind"] != "testimony"],
        "adds": [note | {"text": reveal(note["text"])} for note in adds] if glossary else [],
        "sources": [
            source | {"through": rows.sources.get(source["cited_in"])}
            for source in (named.values() if glossary else ())
        ],
    }


def _out_of_order(hand: Record) -> int:
    """Give a hand a place that tells nothing, and is the same each time."""
    return zlib.crc32(f"{hand['route']}/{hand['step']}".encode())


def _shared(routes: list[Record]) -> list[Record]:
    """Find the people whom several routes pass through."""
    seen: dict[str, Record] = {}
    for route in routes:
        for hand in route["hands"]:
            found = seen.setdefault(hand["person"], hand["who"] | {"on": {}, "kind": hand["kind"]})
            found["on"][route["id"]] = route["title"]
    return [who for who in seen.values() if who["kind"] == "one" and len(who["on"]) > 1]


@needs("routes")
def follow(lesson: Tables, route: str | None = None, *, answers: bool = False) -> View:
    """Follow a report through all hands, from the one who spoke to the one who reads.

    Parameters
    ----------
    route : str, optional
        Id of a route; without one, all routes.
    answers : bool, optional
        For whoever teaches: show the hands in order, with nothing to put in order.

    Returns
    -------
    View
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
    view = Routes(lesson, chosen)
    return Answers(view) if answers else view
