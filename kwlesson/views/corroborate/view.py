"""Later evidence on a case, put to three tests: the learner first, our judgement after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.tables import wording
from kwlesson.tables.evidence_chain import EvidenceChain
from kwlesson.tables.schema import ANSWERS, TESTS
from kwlesson.views.kit.activity import PageForm
from kwlesson.views.kit.attribution import Voices, origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import Answers, Panel, Switch, needs

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables
    from kwlesson.views.kit.view import View


class Corroboration(PageForm):
    """A view of later evidence on a case, one piece at a time, with three tests to answer."""

    def __init__(self, lesson: Tables, case: Record) -> None:
        title = f"{case['title']}: does anything back it up?"
        super().__init__(lesson, title, _context(lesson, case))

    def switch(self) -> Switch:
        """Return a panel for each piece of evidence.

        Returns
        -------
        Switch
        """
        pieces = self.context["evidence"]
        panels = [Panel(str(piece["place"]), self.draw("piece", piece)) for piece in pieces]
        return Switch("Evidence", panels)


def _context(lesson: Tables, case: Record) -> dict[str, Any]:
    rows = lesson.records("corroborations", case=case["id"])
    if not rows:
        others = ", ".join(lesson.grouped("corroborations", "case")) or "no case"
        raise LessonError(f"no later evidence on the case '{case['id']}'; there is on: {others}")
    gathered = _Gathered(lesson)
    return {
        "case": case,
        "tests": [{"column": column} | lesson.get("terms", key) for column, key in TESTS.items()],
        "answers": ANSWERS,
        "evidence": [gathered(row) | {"place": place} for place, row in enumerate(rows, start=1)],
    }


class _Gathered:
    """Gathers what one piece of evidence rests on, and apart from it what we judge."""

    def __init__(self, lesson: Tables) -> None:
        self._lesson = lesson
        self._quotes, self._events = lesson.by_id("quotes"), lesson.by_id("events")
        self._sources = lesson.by_id("sources")
        self._terms, self._routes = lesson.by_id("terms"), lesson.by_id("routes")
        self._accounts = lesson.by_id("accounts")
        self._chain, self._voices = EvidenceChain(lesson), Voices(lesson)
        glossary = Glossary(lesson)
        self._explain, self._explain_after = glossary.scope(), glossary.scope()

    def __call__(self, row: Record) -> Record:
        quote, event = self._quotes.get(row["quote"]), self._events.get(row["event"])
        paper = (quote["document"] if quote else "") or row["source"]
        hands = self._chain.hands(paper)
        route = (quote["route"] if quote else "") or (hands[0]["route"] if hands else "")
        favours = [self._accounts[key]["label"] for key in row["favours"].split(";") if key]
        return row | {
            "quote": quote and self._quoted(quote),
            "event": event and self._happened(event, told=not quote),
            "when": _when(quote, event),
            "sources": [self._read(key) for key in dict.fromkeys((paper, row["source"]))],
            "route": self._routes.get(route),
            "bears_on": self._terms[row["bears_on"]]["term"] if row["bears_on"] else "",
            "tested": bool(row["other_speaker"]),
            "favours": wording.listed(favours),
            "judgement": self._explain_after(row["judgement"]),
        }

    def _quoted(self, quote: Record) -> Record:
        plain = quote["plain"] if quote["sensitive"] == "yes" else self._explain(quote["plain"])
        printed, voice = origin(self._lesson, quote), self._voices.of_quote(quote)
        return quote | {"origin": printed, "plain": plain, "voice": voice}

    def _happened(self, event: Record, *, told: bool) -> Record:
        """Return an event; beside a quotation its title is enough."""
        summary = self._explain(event["summary"]) if told else ""
        return event | {"summary": summary}

    def _read(self, key: str) -> Record:
        source = self._sources[key]
        through = self._sources.get(source["cited_in"])
        return source | {
            "known": self._terms.get(source["read"], {"id": "", "term": source["read"]}),
            "through": through["title"] if through else "",
        }


def _when(quote: Record | None, event: Record | None) -> str:
    said = quote["said_label"] if quote else ""
    return str(said or (event["date_label"] if event else "") or "No date is given.")


@needs("corroborations")
def corroborate(lesson: Tables, case: str, *, answers: bool = False) -> View:
    """Put later evidence on a case to three tests: the learner first, our judgement after.

    Parameters
    ----------
    case : str
        Id of the case.
    answers : bool, optional
        Show what a learner answers first, for whoever teaches: our tests and judgements.

    Returns
    -------
    View
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such case, or no later evidence on it; the message names others.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.corroborate("harbour-light").text().splitlines()[0])
    Two accounts of one night: does anything back it up? [harbour-light]
    >>> lesson.corroborate("harbour")
    Traceback (most recent call last):
    kwlesson.errors.LessonError: no row 'harbour' in cases; perhaps you meant: harbour-light
    """
    view = Corroboration(lesson, lesson.get("cases", case))
    return Answers(view) if answers else view
