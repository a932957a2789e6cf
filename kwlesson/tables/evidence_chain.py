"""What each link of the decision chain rests on, and what is left when something is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Record, Tables

KINDS = {"source": "sources", "speaker": "people", "historian": "people"}
_PUT_ON_PAPER = ("wrote", "forwarded")


class Change(NamedTuple):
    """A link that is known from less, or no longer, once something is set aside.

    `word` is the id of the term for it. `fell` and `remain` are rows of `supports`, in the order
    of the table, each with `row`, its place (`link/n`); those that fell also say `because`: what
    the person did, an act of the table `hands`, or nothing where a source itself is set aside.
    """

    link: Record
    word: str
    fell: list[Record]
    remain: list[Record]

    @property
    def lost(self) -> int:
        """How many rows that held the link fell."""
        return _holding(self.fell)

    @property
    def left(self) -> int:
        """How many rows still hold the link."""
        return _holding(self.remain)


def changes(lesson: Tables, kind: str, key: str) -> list[Change]:
    """Say which links change when a source, a speaker's word or a historian is set aside.

    A row of `supports` falls if its source, its quotation's source, document or speaker, or any
    hand of its quotation's route is set aside. A link with no row left that supports it is no
    longer known; with fewer than before it is known from less. Rows that complicate or contradict
    a link fall in the same way, but never hold it.

    What is set aside with it: a person's word takes with it every source that names him, and
    nobody else, as its author. So a historian goes with his texts.

    What is derived, since the tables have no column for it: a row without a quotation rests on
    the paper itself, and has the hands of the route which that paper belongs to; so has a
    quotation without a route of its own. A paper belongs to the route whose first hand to write or
    forward cites it. Hands count up to the last that wrote or forwarded it, and so does who
    translated it, unless for a quotation in a base text: what befell the quotation did not befall
    the paper. On an event, a paper also speaks with the voice of those whose testimony about this
    event is quoted from it. And a source that was only cited falls with the source that cites it.

    Parameters
    ----------
    lesson : Tables
        The tables.
    kind : str
        `source`, `speaker` or `historian`.
    key : str
        Id of the source or of the person.

    Returns
    -------
    list of Change
        Only the links that change: first those no longer known; each in the order of the chain.

    Raises
    ------
    LessonError
        When there is no such kind, source or person; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [(change.link["id"], change.word) for change in changes(lesson, "historian", "writer")][0]
    ('blame', 'no-longer-known')
    >>> changes(lesson, "speaker", "lamplighters-son")
    []
    """
    if kind not in KINDS:
        raise LessonError(f"nothing of the kind '{kind}' to set aside; write: {', '.join(KINDS)}")
    lesson.get(KINDS[kind], key)
    return Grounds(lesson).without(kind, key)


class Grounds:
    """All that the links rest on, looked up once.

    Parameters
    ----------
    lesson : Tables
        The tables.
    """

    def __init__(self, lesson: Tables) -> None:
        self.sources, self.people = lesson.by_id("sources"), lesson.by_id("people")
        self.quotes = lesson.by_id("quotes")
        self.routes = {
            route: sorted(hands, key=lambda hand: int(hand["step"]))
            for route, hands in lesson.grouped("hands", "route").items()
        }
        self._papers = [(_paper(hands), hands) for hands in self.routes.values()]
        self._voices: dict[tuple[str, str], set[str]] = {}
        for quote in self.quotes.values():
            if quote["kind"] == "testimony":
                about = self._voices.setdefault((quote["document"], quote["event"]), set())
                about.add(quote["speaker"])
        # The sources that name a person, and nobody else, as their author.
        self.wrote = _authors(self.sources, self.people)
        self.links = sorted(lesson.records("links"), key=lambda link: int(link["step"]))
        self.supports = {
            link: [row | {"row": f"{link}/{place}"} for place, row in enumerate(rows, start=1)]
            for link, rows in lesson.grouped("supports", "link").items()
        }
        # Which rows fall with which source or person, and because of what.
        self._falls: dict[tuple[str, str], dict[str, str]] = {}
        for rows in self.supports.values():
            for row in rows:
                for aside, because in self._rests_on(row).items():
                    self._falls.setdefault(aside, {})[row["row"]] = because

    def without(self, kind: str, key: str) -> list[Change]:
        """Say which links change when one source or person is set aside.

        Parameters
        ----------
        kind, key : str
            As `changes` takes them.

        Returns
        -------
        list of Change
        """
        fallen = dict(self._falls.get((KINDS[kind], key), {}))
        if KINDS[kind] == "people":
            for source in self.wrote.get(key, ()):
                fallen |= self._falls.get(("sources", source), {})
        found: list[Change] = []
        for link in self.links:
            rows = self.supports.get(link["id"], [])
            fell = [row | {"because": fallen[row["row"]]} for row in rows if row["row"] in fallen]
            remain = [row for row in rows if row["row"] not in fallen]
            if _holding(fell):
                word = "known-from-less" if _holding(remain) else "no-longer-known"
                found.append(Change(link, word, fell, remain))
        return sorted(found, key=lambda change: change.word != "no-longer-known")

    def hands(self, paper: str) -> list[Record]:
        """Return the hands through which a paper itself came, as far as the routes tell.

        Parameters
        ----------
        paper : str
            Id of a source.

        Returns
        -------
        list of dict
            Rows of `hands`, in order.
        """
        found = []
        for first, hands in self._papers:
            if paper and first == paper:
                sent = [
                    place
                    for place, hand in enumerate(hands, start=1)
                    if hand["source"] == paper and hand["act"] in _PUT_ON_PAPER
                ]
                found += hands[: sent[-1]]
                found += [
                    hand
                    for hand in hands[sent[-1] :]
                    if hand["act"] == "translated" and self.sources[hand["source"]]["base"] == "no"
                ]
        return found

    def _rests_on(self, row: Record) -> dict[tuple[str, str], str]:
        """Name everything a row of `supports` falls with, and because of what."""
        quote = self.quotes.get(row["quote"])
        if quote:
            sources = {row["source"], quote["source"], quote["document"]}
            speakers = {quote["speaker"]}
            hands = self.routes.get(quote["route"]) or self.hands(quote["document"])
        else:
            sources = {row["source"]}
            speakers = self._voices.get((row["source"], row["event"]), set())
            hands = self.hands(row["source"])
        cited_in = {self.sources[key]["cited_in"] for key in sources - {""}}
        found = {("sources", key): "" for key in (sources | cited_in) - {""}}
        found |= {("people", hand["person"]): hand["act"] for hand in reversed(hands)}
        found |= {("people", key): "said" for key in speakers - {""}}
        return found


def _holding(rows: list[Record]) -> int:
    return sum(row["bearing"] == "supports" for row in rows)


def _paper(hands: list[Record]) -> str:
    return next((hand["source"] for hand in hands if hand["act"] in _PUT_ON_PAPER), "")


def _authors(sources: Mapping[str, Record], people: Mapping[str, Record]) -> dict[str, list[str]]:
    by_author: dict[str, list[str]] = {}
    for source in sources.values():
        by_author.setdefault(source["author"], []).append(source["id"])
    found = {}
    for person in people.values():
        names = {person["name"], *person["also_known_as"].split(";")} - {""}
        found[person["id"]] = [key for name in sorted(names) for key in by_author.get(name, ())]
    return found
