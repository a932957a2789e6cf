"""What each link of the decision chain rests on, and what is left when something is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kwlesson.errors import LessonError
from kwlesson.tables.schema import SPOKE, WROTE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kwlesson.tables.store import Record, Tables

KINDS = {"source": "sources", "speaker": "people", "historian": "people"}


class Change(NamedTuple):
    """A link, or a claim that is rated, once something is set aside.

    `word` is the id of the term for it. `removed` and `remaining` are rows of `supports`, in the
    order of the table, each with `row`, its place (`link/n`); those removed also say `because`:
    what the person did, an act of the table `hands`, or nothing where a source itself is set aside.
    """

    link: Record
    word: str
    removed: list[Record]
    remaining: list[Record]

    @property
    def supports_removed(self) -> int:
        """How many of the rows that supported the link are removed."""
        return sum(map(_supports, self.removed))

    @property
    def supports_left(self) -> int:
        """How many rows still support the link."""
        return sum(map(_supports, self.remaining))

    @property
    def words_lost(self) -> bool:
        """Whether we still know that it happened, and no longer what was said or done."""
        removed, left = (
            any(_supports(row) and not _is_of_event(row) for row in rows)
            for rows in (self.removed, self.remaining)
        )
        return self.word == "known-from-less" and removed and not left


class EvidenceChain:
    """All that the links of the decision chain rest on, looked up once.

    Parameters
    ----------
    lesson : Tables
        The tables.
    """

    def __init__(self, lesson: Tables) -> None:
        self._lesson = lesson
        self.sources, self.people = lesson.by_id("sources"), lesson.by_id("people")
        self.quotes = lesson.by_id("quotes")
        self.routes = {
            route: sorted(hands, key=lambda hand: int(hand["step"]))
            for route, hands in lesson.grouped("hands", "route").items()
        }
        # The routes that a paper belongs to.
        self._papers: dict[str, list[list[Record]]] = {}
        for hands in self.routes.values():
            self._papers.setdefault(self._paper(hands), []).append(hands)
        self._hands: dict[str, list[Record]] = {"": []}
        self._acts: dict[tuple[str, str, bool], dict[str, str]] = {}
        self._voices: dict[tuple[str, str], set[str]] = {}
        for quote in self.quotes.values():
            if quote["kind"] == "testimony":
                about = self._voices.setdefault((quote["document"], quote["event"]), set())
                about.add(quote["speaker"])
        # The sources that name a person, and nobody else, as their author.
        self.wrote = _authors(self.sources, self.people)
        self.links = sorted(lesson.records("links"), key=lambda link: int(link["step"]))
        self.spine = {link["id"] for link in self.links if link["spine"] == "yes"}
        self._place = {link["id"]: place for place, link in enumerate(self.links)}
        self.supports = {
            link: [row | {"row": f"{link}/{place}"} for place, row in enumerate(rows, start=1)]
            for link, rows in lesson.grouped("supports", "link").items()
        }
        self.supporting = {link: sum(map(_supports, rows)) for link, rows in self.supports.items()}
        self._claims: dict[str, list[tuple[Record, dict[tuple[str, str], str]]]] = {}
        # What is removed with a source or person: by link, by place, and because of what.
        self._removed: dict[tuple[str, str], dict[str, dict[int, str]]] = {}
        for link, rows in self.supports.items():
            for place, row in enumerate(rows):
                for aside, because in self._rests_on(row).items():
                    self._removed.setdefault(aside, {}).setdefault(link, {})[place] = because

    def changes(self, kind: str, key: str) -> list[Change]:
        """Say which links change when a source, a speaker's word or a historian is set aside.

        A row of `supports` is removed if its source, its quotation's source, document or speaker,
        or any hand of its quotation's route is set aside, unless that hand only heard it. A row on
        what `happened` needs nobody but whoever told the writer of it, and those who came after. A
        link with fewer rows than before that support it is known from less; with none, and no row
        that shows the event while it differs on what was `said`, no longer. Rows that complicate
        or contradict a link are removed in the same way, and hold nothing else.

        What is set aside with it: a person's word takes with it every source that names him, and
        nobody else, as its author. So a historian goes with his texts.

        What is derived, since the tables have no column for it: a row without a quotation rests on
        the paper itself, and has the hands of the route which that paper belongs to; so has a
        quotation without a route of its own. A paper belongs to the route whose first hand to write
        or forward cites it. Hands count up to the last that wrote or forwarded it, and so does who
        translated it, unless for a quotation in a base text: what befell the quotation did not
        befall the paper. On an event, a paper also speaks with the voice of those whose testimony
        about this event is quoted from it. And a source that was only cited is removed with the
        source that cites it.

        Parameters
        ----------
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
        >>> chain = EvidenceChain(kwlesson.load(kwlesson.SAMPLE))
        >>> [(one.link["id"], one.word) for one in chain.changes("historian", "writer")][0]
        ('blame', 'no-longer-known')
        >>> chain.changes("speaker", "lamplighters-son")
        []
        """
        if kind not in KINDS:
            message = f"nothing of the kind '{kind}' to set aside; write: {', '.join(KINDS)}"
            raise LessonError(message)
        self._lesson.get(KINDS[kind], key)
        found = []
        removed = self._removed_with(kind, key)
        for link in sorted(removed, key=self._place.__getitem__):
            because, rows = removed[link], self.supports[link]
            gone = [rows[place] | {"because": because[place]} for place in sorted(because)]
            left = [row for place, row in enumerate(rows) if place not in because]
            word = "known-from-less" if any(map(_attests, left)) else "no-longer-known"
            if any(map(_supports, gone)):
                found.append(Change(self.links[self._place[link]], word, gone, left))
        return sorted(found, key=lambda change: change.word != "no-longer-known")

    def supports_removed(self, kind: str, key: str) -> dict[str, int]:
        """Count the supports that links lose when a source or a person is set aside.

        Parameters
        ----------
        kind, key : str
            As `changes` takes them.

        Returns
        -------
        dict of str to int
            By link, and only for the links that lose any.
        """
        counted = {}
        for link, because in self._removed_with(kind, key).items():
            if number := sum(_supports(self.supports[link][place]) for place in because):
                counted[link] = number
        return counted

    def claim_change(self, kind: str, key: str, claim: str) -> Change:
        """Say from what a rated claim is still known when something is set aside.

        A claim rests on the words that its account has on its point, and on the later evidence of
        its case that favours this account and is put to the tests.

        Parameters
        ----------
        kind, key : str
            As `changes` takes them.
        claim : str
            Id of a row of `claims`.

        Returns
        -------
        Change
            With the claim as its `link`; its rows name a row of `quotes` or `corroborations`.

        Examples
        --------
        >>> import kwlesson
        >>> chain = EvidenceChain(kwlesson.load(kwlesson.SAMPLE))
        >>> chain.claim_change("source", "keeper-letter", "lamp-lamplighter").word
        'no-longer-known'
        >>> chain.claim_change("source", "pilot-diary", "lamp-lamplighter").word
        'still-known'
        """
        row = self._lesson.get("claims", claim)
        if claim not in self._claims:
            supports = self._rests_claim_on(row)
            self._claims[claim] = [(one, self._rests_on(one)) for one in supports]
        aside = self._set_aside(kind, key)
        gone, left = [], []
        for support, rests_on in self._claims[claim]:
            because = [rests_on[one] for one in aside if one in rests_on]
            if because:
                gone.append(support | {"because": because[0]})
            else:
                left.append(support)
        word = ("known-from-less" if left else "no-longer-known") if gone else "still-known"
        return Change(row, word, gone, left)

    def _rests_claim_on(self, claim: Record) -> list[Record]:
        account, supports = claim["account"], {"bearing": "supports", "what": "said"}
        case = self._lesson.get("points", claim["point"])["case"]
        told = [
            {"quote": quote["id"], "event": quote["event"], "source": quote["source"]}
            | {"row": f"quotes:{quote['id']}"}
            for quote in self.quotes.values()
            if (quote["account"], quote["point"]) == (account, claim["point"])
            and quote["kind"] == "testimony"
        ]
        later = [
            row | {"row": f"corroborations:{row['id']}"}
            for row in self._lesson.grouped("corroborations", "case").get(case, ())
            if account in row["favours"].split(";") and row["other_speaker"]
        ]
        return [row | supports for row in told + later]

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
        if paper not in self._hands:
            routes = self._papers.get(paper, ())
            self._hands[paper] = [hand for hands in routes for hand in self._sent(hands, paper)]
        return self._hands[paper]

    def _sent(self, hands: list[Record], paper: str) -> list[Record]:
        last = max(
            place
            for place, hand in enumerate(hands, start=1)
            if hand["source"] == paper and self.sense(hand) in WROTE
        )
        translated = [
            hand
            for hand in hands[last:]
            if self.sense(hand) == "translates" and self.sources[hand["source"]]["base"] == "no"
        ]
        return hands[:last] + translated

    def _set_aside(self, kind: str, key: str) -> list[tuple[str, str]]:
        """Name a source or person, and with a person the texts that are this person's own."""
        texts = self.wrote.get(key, ()) if KINDS[kind] == "people" else ()
        return [(KINDS[kind], key), *(("sources", source) for source in texts)]

    def _removed_with(self, kind: str, key: str) -> dict[str, dict[int, str]]:
        """Name the rows of `supports` that go with a source or person, by link."""
        removed: dict[str, dict[int, str]] = {}
        for one in self._set_aside(kind, key):
            for link, because in self._removed.get(one, {}).items():
                removed[link] = removed.get(link, {}) | because
        return removed

    def _rests_on(self, row: Record) -> dict[tuple[str, str], str]:
        """Name everything a row of `supports` is removed with, and because of what."""
        quote = self.quotes.get(row["quote"])
        if quote:
            sources = {row["source"], quote["source"], quote["document"]}
            speakers = {quote["speaker"]}
            way = ("routes", quote["route"])
            if quote["route"] not in self.routes:
                way = ("sources", quote["document"])
        else:
            sources = {row["source"]}
            speakers = self._voices.get((row["source"], row["event"]), set())
            way = ("sources", row["source"])
        happened = _is_of_event(row)
        cited_in = {self.sources[key]["cited_in"] for key in sources - {""}}
        found = {("sources", key): "" for key in (sources | cited_in) - {""}}
        found |= {("people", person): act for person, act in self._acts_on(*way, happened).items()}
        found |= {("people", key): "" for key in speakers - {""} if not happened}
        return found

    def _acts_on(self, kind: str, key: str, happened: bool) -> dict[str, str]:  # noqa: FBT001
        """Say what each person on whom it depends first did on a route, or with a paper."""
        place = kind, key, happened
        if place not in self._acts:
            hands = self.routes[key] if kind == "routes" else self.hands(key)
            acts = {
                hand["person"]: hand["act"]
                for hand in reversed(self._from_who_told(hands) if happened else hands)
                if self.sense(hand) != "listens"
            }
            self._acts[place] = acts
        return self._acts[place]

    def sense(self, hand: Record) -> str:
        """Return what the act of a hand counts as."""
        return self._lesson.sense("hands.act", hand["act"])

    def _from_who_told(self, hands: list[Record]) -> list[Record]:
        """Leave out those before whoever told the first writer."""
        acts = [self.sense(hand) for hand in hands]
        written = next((n for n, act in enumerate(acts) if act in WROTE), 0)
        return hands[max((n for n in range(written) if acts[n] in SPOKE), default=0) :]

    def _paper(self, hands: list[Record]) -> str:
        return next((hand["source"] for hand in hands if self.sense(hand) in WROTE), "")


def _supports(row: Record) -> bool:
    return bool(row["bearing"] == "supports")


def _is_of_event(row: Record) -> bool:
    return bool(row["what"] == "happened")


def _attests(row: Record) -> bool:
    """Return whether a row still shows that it happened, though it may differ on what was said."""
    return _supports(row) or bool(row["what"] == "said")


def _authors(sources: Mapping[str, Record], people: Mapping[str, Record]) -> dict[str, list[str]]:
    by_author: dict[str, list[str]] = {}
    for source in sources.values():
        by_author.setdefault(source["author"], []).append(source["id"])
    found = {}
    for person in people.values():
        names = {person["name"], *person["also_known_as"].split(";")} - {""}
        found[person["id"]] = [key for name in sorted(names) for key in by_author.get(name, ())]
    return found
