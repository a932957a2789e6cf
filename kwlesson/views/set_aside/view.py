"""What we would still know without a source, a speaker's word or a historian."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.errors import LessonError, nearest, perhaps
from kwlesson.tables.evidence_chain import KINDS, Change, EvidenceChain
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables

MAX_CHOICES = 10  # choices offered at once: more cannot be taken in, nor found again
MAX_LINKS_DRAWN = 40  # links drawn in one panel; the rest is counted
LABEL_LENGTH = 60  # of a quotation: enough to know it again
_WORDS = ("still-known", "known-from-less", "no-longer-known")
_SPEAKING = ("said", "told", "wrote")
_TEXTS = ("book", "article")
_ASIDE = re.compile(r"[,(].*")


class SetAside(View):
    """A view of what would change if one source, speaker or historian were set aside.

    Each panel lists only the links that change. Removing a source never undoes an event.
    """

    def __init__(self, lesson: Tables, what: str) -> None:
        super().__init__("Set a source aside", _facts(lesson, what))

    def switch(self) -> Switch:
        """Return a panel for nothing, then one for each choice that changes something."""
        choices = self.facts["choices"]
        panels = [Panel(choice["label"], self.draw("without", choice)) for choice in choices]
        return Switch("Set aside", [Panel("Nothing yet", self.draw("all_known")), *panels])


class _Choice(NamedTuple):
    """What may be set aside, and how many supports each link would lose."""

    kind: str
    key: str
    removed: dict[str, int]

    def weight(self, evidence: EvidenceChain) -> tuple[bool, int, bool]:
        lost = {
            link for link, number in self.removed.items() if number == evidence.supporting[link]
        }
        return bool(lost), sum(self.removed.values()), bool(lost & evidence.spine)


def _facts(lesson: Tables, what: str) -> dict[str, Any]:
    """Gather the choices that change something, and of those too many to offer the weightiest."""
    evidence = EvidenceChain(lesson)
    offered = [
        _Choice(kind, key, evidence.supports_removed(kind, key))
        for kind, key in _asked(lesson, evidence, what)
    ]
    named = what not in {"", *KINDS}
    telling = [choice for choice in offered if choice.removed or named]
    compared = _compared(lesson, evidence)
    ranked = sorted(
        telling, key=lambda one: (one.key in compared, *one.weight(evidence)), reverse=True
    )
    first = {(choice.kind, choice.key) for choice in ranked[:MAX_CHOICES]}
    draw = _Drawn(lesson, evidence)
    links = evidence.links
    return {
        "choices": [draw(choice) for choice in telling if (choice.kind, choice.key) in first],
        "more": len(telling) - len(first),
        "idle": len(offered) - len(telling),
        "links": [
            link | {"name": draw.named(link), "supports": evidence.supporting.get(link["id"], 0)}
            for link in links[:MAX_LINKS_DRAWN]
        ],
        "links_left": max(0, len(links) - MAX_LINKS_DRAWN),
        "total": len(links),
        "words": {key: draw.terms.get(key) or lesson.get("terms", key) for key in _WORDS},
        "kinds_shown": [] if named else [kind for kind in KINDS if what in {"", kind}],
    }


def _asked(lesson: Tables, evidence: EvidenceChain, what: str) -> list[tuple[str, str]]:
    """List what may be set aside: sources, then speakers, then historians, as in their tables."""
    historians = _historians(lesson, evidence)
    if what in {"", *KINDS}:
        speakers = _speakers(evidence) - historians
        own_texts = {text for key in historians for text in evidence.wrote[key]}
        carrying = {row["source"] for rows in evidence.supports.values() for row in rows}
        behind = {quote[at] for quote in evidence.quotes.values() for at in ("document", "source")}
        papers = (carrying | behind) - own_texts
        order = [
            *(("source", key) for key in evidence.sources if key in papers),
            *(("speaker", key) for key in evidence.people if key in speakers),
            *(("historian", key) for key in evidence.people if key in historians),
        ]
        return [(kind, key) for kind, key in order if what in {"", kind}]
    found = [("source", what)] if what in evidence.sources else []
    if what in evidence.people:
        found.append(("historian" if what in historians else "speaker", what))
    if not found:
        known = [*KINDS, *evidence.sources, *evidence.people]
        near = perhaps(nearest(str(what), known) or KINDS)
        raise LessonError(f"nothing called '{what}'{near}")
    return found


def _speakers(evidence: EvidenceChain) -> set[str]:
    """Find the persons whose word is given: in a testimony, or as a hand of a route."""
    quotes, hands = evidence.quotes.values(), chain.from_iterable(evidence.routes.values())
    said = {quote["speaker"] for quote in quotes if quote["kind"] == "testimony"}
    said |= {hand["person"] for hand in hands if hand["act"] in _SPEAKING}
    return {key for key in said - {""} if evidence.people[key]["kind"] == "person"}


def _historians(lesson: Tables, evidence: EvidenceChain) -> set[str]:
    """Find those who chose what to quote, or give an account in a book or article of their own."""
    hands = chain.from_iterable(evidence.routes.values())
    chose = {hand["person"] for hand in hands if hand["act"] == "chose-to-quote"}
    return chose | {
        account["reporter"]
        for account in lesson.records("accounts")
        if account["source"] in evidence.wrote[account["reporter"]]
        and evidence.sources[account["source"]]["kind"] in _TEXTS
    }


def _compared(lesson: Tables, evidence: EvidenceChain) -> set[str]:
    """Name the papers and the historians whose accounts the lesson sets side by side."""
    reporters = set(lesson.grouped("accounts", "reporter"))
    return set(lesson.grouped("accounts", "source")) | (_historians(lesson, evidence) & reporters)


def _cut(words: str) -> str:
    """Quote the beginning of long words; the sign for what was cut stands outside the marks."""
    short = textwrap.shorten(words, LABEL_LENGTH, placeholder="", break_on_hyphens=False)
    return f"“{words}”" if short == words else f"“{short}” …"


class _Drawn:
    """Makes what the templates draw of a choice."""

    def __init__(self, lesson: Tables, evidence: EvidenceChain) -> None:
        self._chain, self.terms = evidence, lesson.by_id("terms")
        self._quotes, self._people = evidence.quotes, evidence.people
        self._sources = evidence.sources
        self._events = lesson.by_id("events")
        shorts = Counter(self._short(source) for source in self._sources.values())
        self._twice = {short for short, times in shorts.items() if times > 1}

    def __call__(self, choice: _Choice) -> Record:
        row = (self._sources if choice.kind == "source" else self._people)[choice.key]
        name = self.source(choice.key) if choice.kind == "source" else row["name"]
        changes = self._chain.changes(choice.kind, choice.key)
        shown = changes[:MAX_LINKS_DRAWN]
        return {
            "kind": choice.kind,
            "row": f"{KINDS[choice.kind]}:{choice.key}",
            "label": f"{choice.kind.capitalize()}: {name}",
            "name": str(row["title"] if choice.kind == "source" else name),
            "groups": [
                {"word": word, "changes": [self._change(change, choice) for change in group]}
                for word, group in groupby(shown, key=lambda change: change.word)
            ],
            "left_out": len(changes) - len(shown),
            "same": len(self._chain.links) - len(changes),
        }

    def named(self, link: Record) -> str:
        """Name a link, as a question where somebody only inferred it."""
        name = str(link["title"] or link["says"])
        inferred = self._events[link["event"]]["status"] == "inferred"
        return f"{name.rstrip('?.')}?" if inferred else name

    def source(self, key: str) -> str:
        """Name a source in few words, and no other source with the same."""
        short = self._short(self._sources[key])
        return self._sources[key]["title"] if short in self._twice else short

    @staticmethod
    def _short(source: Record) -> str:
        if source["kind"] in _TEXTS and source["author"]:
            return str(source["author"])
        return _ASIDE.sub("", source["title"]).strip() or str(source["title"])

    def _change(self, change: Change, choice: _Choice) -> Record:
        holding = [row for row in change.remaining if row["bearing"] == "supports"]
        beside = [row for row in change.remaining if row["bearing"] != "supports"]
        return {
            "link": change.link | {"name": self.named(change.link)},
            "supports_left": change.supports_left,
            "supports_removed": change.supports_removed,
            "words_lost": change.words_lost,
            "removed": [self._support(row, choice) for row in change.removed],
            "supporting": self._papers(holding),
            "beside": self._papers(beside),
        }

    def _papers(self, rows: list[Record]) -> list[Record]:
        """Name the papers in which a link is still found, and in how many places of each."""
        papers: dict[tuple[str, str], int] = {}
        for row in rows:
            quote = self._quotes.get(row["quote"])
            paper = quote["document"] or quote["source"] if quote else row["source"]
            place = paper, self._bears(row)
            papers[place] = papers.get(place, 0) + 1
        return [
            {"name": self.source(paper), "bears": bears, "times": times}
            for (paper, bears), times in papers.items()
        ]

    def _bears(self, row: Record) -> str:
        return "" if row["bearing"] == "supports" else str(self.terms[row["bearing"]]["term"])

    def _support(self, row: Record, choice: _Choice) -> Record:
        quote = self._quotes.get(row["quote"])
        if not quote:
            itself = choice.kind == "source" and choice.key == row["source"]
            name = "" if itself else self.source(row["source"])
        elif quote["sensitive"] == "yes":
            name = quote["caution"]
        else:
            name = _cut(quote["words"])
        return {
            "row": row["row"],
            "name": name,
            "because": row["because"],
            "bears": self._bears(row),
        }


def set_aside(lesson: Tables, what: str = "") -> SetAside:
    """Show what we would still know without a source, a speaker's word or a historian.

    Parameters
    ----------
    what : str, optional
        `source`, `speaker` or `historian` for the choices of one kind, or the id of one source
        or person; without it, the choices that change most.

    Returns
    -------
    SetAside
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such kind, source or person; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [panel.label for panel in lesson.set_aside("historian").switch().panels]
    ['Nothing yet', 'Historian: Ada Quill']
    >>> lesson.set_aside("historians")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: nothing called 'historians'; perhaps you meant: historian
    """
    return SetAside(lesson, what)
