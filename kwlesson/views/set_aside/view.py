"""What we would still know without a source, a speaker's word or a historian."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from kwlesson.errors import LessonError, nearest, perhaps
from kwlesson.tables import wording
from kwlesson.tables.evidence_chain import KINDS, Change, EvidenceChain
from kwlesson.tables.schema import SPOKE
from kwlesson.translation import _
from kwlesson.views.kit.activity import PageForm
from kwlesson.views.kit.attribution import is_signed
from kwlesson.views.kit.view import Answers, View, needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kwlesson.tables.store import Record, Tables

MAX_CHOICES = 5  # choices offered at once: more are not weighed against each other
MAX_STEPS = 3  # steps of the chain beside the claim: those that change most
LABEL_LENGTH = 60  # of a quotation: enough to know it again
GUESS = "set-aside"  # under which the first choice is kept
_WORDS = ("still-known", "known-from-less", "no-longer-known")
_SPEAKING = {*SPOKE, "writes"}
_ASIDE = re.compile(r"[,(].*")
_LAST_QUESTION = re.compile(r"[^.?!]*\?\s*$")


class SetAside(PageForm):
    """A view of what would change if one source, speaker or historian were set aside.

    The first choice is the learner's guess and is kept; what would still be known shows after it.
    Removing a source never undoes an event.
    """

    def __init__(self, lesson: Tables, what: str) -> None:
        super().__init__(lesson, _("Set a source aside"), _context(lesson, what))

    def script_context(self) -> dict[str, Any]:
        """Return the name under which the guess is kept."""
        return {"question": GUESS}


class _Choice(NamedTuple):
    """What may be set aside, and how many supports each link would lose."""

    kind: str
    key: str
    removed: dict[str, int]


def _context(lesson: Tables, what: str) -> dict[str, Any]:
    """Gather of the choices those that weigh most, and what each would leave."""
    evidence = EvidenceChain(lesson)
    case = next((row for row in lesson.records("cases") if row["claim"]), None)
    offered = [
        _Choice(kind, key, evidence.supports_removed(kind, key))
        for kind, key in _asked(lesson, evidence, what)
    ]
    own_papers = {
        row["source"] for row in lesson.records("accounts") if case and row["case"] == case["id"]
    }

    def rank(one: _Choice) -> tuple[bool, bool, int]:
        claim = evidence.claim_change(one.kind, one.key, case["claim"]) if case else None
        touches = bool(claim and claim.removed)
        return one.key in own_papers, touches, sum(one.removed.values())

    first = sorted(offered, key=rank, reverse=True)[:MAX_CHOICES]
    choices = [one for one in offered if one in first]
    draw = _Drawn(lesson, evidence)
    return {
        "claim": _rated(lesson, case) if case else "",
        "choices": [draw(one, case, _steps(evidence, choices)) for one in choices],
        "words": {key: lesson.get("terms", key) for key in _WORDS},
    }


def _rated(lesson: Tables, case: Record) -> Record:
    """Return the claim with its words as they stand where it is rated."""
    claim = lesson.get("claims", case["claim"])
    rated = [
        _LAST_QUESTION.sub("", row["prompt"]) for row in lesson.records("questions", kind="scale")
    ]
    return claim | {"says": next(filter(None, rated), claim["says"]).strip()}


def _steps(evidence: EvidenceChain, choices: Iterable[_Choice]) -> list[Record]:
    """Return the steps of the spine that lose most, in the order of the chain."""
    lost: dict[str, float] = {}
    for choice in choices:
        for link, number in choice.removed.items():
            if link in evidence.spine:
                lost[link] = lost.get(link, 0) + number / evidence.supporting[link]
    most = sorted(lost, key=lost.__getitem__, reverse=True)[:MAX_STEPS]
    return [link for link in evidence.links if link["id"] in most]


def _asked(lesson: Tables, evidence: EvidenceChain, what: str) -> list[tuple[str, str]]:
    """List what may be set aside: sources, then speakers, then historians, as in their tables."""
    historians = _historians(lesson, evidence)
    if what in {"", *KINDS}:
        speakers = _speakers(lesson, evidence) - historians
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


def _speakers(lesson: Tables, evidence: EvidenceChain) -> set[str]:
    """Find those whose word is given: in a testimony, or as a hand of a route."""
    quotes, hands = evidence.quotes.values(), chain.from_iterable(evidence.routes.values())
    said = {quote["speaker"] for quote in quotes if quote["kind"] == "testimony"}
    said |= {hand["person"] for hand in hands if evidence.sense(hand) in _SPEAKING}
    people, kinds = evidence.people, lesson.words("people.kind")
    return {key for key in said - {""} if kinds[people[key]["kind"]]["sense"] != "unnamed"}


def _historians(lesson: Tables, evidence: EvidenceChain) -> set[str]:
    """Find those who chose what to quote, or give an account in a book or article of their own."""
    hands = chain.from_iterable(evidence.routes.values())
    chose = {hand["person"] for hand in hands if evidence.sense(hand) == "selects"}
    return chose | {
        account["reporter"]
        for account in lesson.records("accounts")
        if account["source"] in evidence.wrote[account["reporter"]]
        and is_signed(lesson, evidence.sources[account["source"]])
    }


def _cut(words: str) -> str:
    """Quote the beginning of long words; the sign for what was cut stands outside the marks."""
    short = textwrap.shorten(words, LABEL_LENGTH, placeholder="", break_on_hyphens=False)
    return f"“{words}”" if short == words else f"“{short}” …"


class _Drawn:
    """Makes what the templates draw of a choice."""

    def __init__(self, lesson: Tables, evidence: EvidenceChain) -> None:
        self._chain, self._lesson = evidence, lesson
        self._quotes, self._people = evidence.quotes, evidence.people
        self._sources = evidence.sources
        shorts = Counter(self._short(source) for source in self._sources.values())
        self._twice = {short for short, times in shorts.items() if times > 1}

    def __call__(self, choice: _Choice, case: Record | None, steps: list[Record]) -> Record:
        row = (self._sources if choice.kind == "source" else self._people)[choice.key]
        changes = {
            change.link["id"]: change for change in self._chain.changes(choice.kind, choice.key)
        }
        lines = [
            self._line(f"links:{step['id']}", self._named(step), changes.get(step["id"]))
            for step in steps
        ]
        if case:
            claim = self._chain.claim_change(choice.kind, choice.key, case["claim"])
            lines.insert(0, self._line(f"claims:{case['claim']}", "", claim))
        return {
            "kind": choice.kind,
            "key": choice.key,
            "row": f"{KINDS[choice.kind]}:{choice.key}",
            "name": self.source(choice.key) if choice.kind == "source" else row["name"],
            "lines": lines,
        }

    def _named(self, link: Record) -> str:
        """Name a link, as a question where somebody only inferred it."""
        inferred = self._lesson.get("events", link["event"])["status"] == "inferred"
        return f"{link['title'].rstrip('?')}?" if inferred else str(link["title"])

    def source(self, key: str) -> str:
        """Name a source in few words, and no other source with the same."""
        short = self._short(self._sources[key])
        return self._sources[key]["title"] if short in self._twice else short

    def _short(self, source: Record) -> str:
        if is_signed(self._lesson, source) and source["author"]:
            return str(source["author"])
        return _ASIDE.sub("", source["title"]).strip() or str(source["title"])

    def _line(self, row: str, title: str, change: Change | None) -> Record:
        """Say of a claim or a step what word holds for it, what falls and what is left."""
        removed = change.removed if change else []
        left = [one for one in change.remaining if one["bearing"] == "supports"] if change else []
        return {
            "row": row,
            "title": title,
            "word": change.word if change else "still-known",
            "words_lost": bool(change and change.words_lost),
            "removed": [
                {"row": one["row"], "name": self._support(one), "because": self._did(one)}
                for one in removed
            ],
            "left": list(dict.fromkeys(map(self._paper, left))),
        }

    def _did(self, row: Record) -> str:
        """Say what whoever is set aside did to a support, where that was not to say it."""
        act = self._lesson.words("hands.act").get(row["because"])
        return wording.say(act["alone"]) if act and act["sense"] != "speaks" else ""

    def _paper(self, row: Record) -> str:
        quote = self._quotes.get(row["quote"])
        return self.source((quote["document"] or quote["source"]) if quote else row["source"])

    def _support(self, row: Record) -> str:
        quote = self._quotes.get(row["quote"])
        if not quote:
            return self.source(row["source"])
        return str(quote["caution"]) if quote["sensitive"] == "yes" else _cut(quote["words"])


@needs("links")
def set_aside(lesson: Tables, what: str = "", *, answers: bool = False) -> View:
    """Ask what we would still know without a source, a speaker's word or a historian.

    Parameters
    ----------
    what : str, optional
        `source`, `speaker` or `historian` for the choices of one kind, or the id of one source
        or person; without it, the choices that change most.
    answers : bool, optional
        For whoever teaches: show what each choice leaves, with nothing to guess.

    Returns
    -------
    View
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such kind, source or person; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [choice["name"] for choice in lesson.set_aside("historian").context["choices"]]
    ['Ada Quill']
    >>> lesson.set_aside("historians")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: nothing called 'historians'; perhaps you meant: historian
    """
    view = SetAside(lesson, what)
    return Answers(view) if answers else view
