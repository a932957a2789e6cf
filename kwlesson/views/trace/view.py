"""The decision chain: who asked whom, who allowed it, and how we know."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kwlesson.tables import edtf, wording
from kwlesson.translation import _
from kwlesson.views.kit.activity import PageForm
from kwlesson.views.kit.attribution import origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import Answers, View, needs
from kwlesson.views.trace.drawing import Arrow, lane_lines, order_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables

MAX_STEPS = 40  # steps that stand open; the others are folded
# What a status says of whether something happened, and how we know what was said where no
# column tells it: the choices of a learner, in words of the template.
_HAPPENED = {"documented": "shown", "inferred": "worked-out"}
_SAID = {"documented": "paper", "inferred": "worked-out"}


class Chain(PageForm):
    """A view of the decision chain: lanes, an arrow a step, and two questions a step.

    What we answer shows once a learner has answered both: beside the choice by styles alone, and
    in full in a disclosure that is closed where there are none. No text face holds it.
    """

    def __init__(self, lesson: Tables, *, whole: bool) -> None:
        super().__init__(lesson, _("The decision chain"), _context(lesson, whole=whole))


def _context(lesson: Tables, *, whole: bool) -> dict[str, Any]:
    """Gather the links in order of their steps, each with all that bears on it."""
    links = sorted(lesson.records("links"), key=lambda link: link["step"])
    make = _Cards(lesson)
    cards = [make.card(link) for link in links if whole or link["spine"] == "yes"]
    lanes = order_lanes((card["from"], card["towards"]) for card in cards)
    known = [term for card in cards for term in (card["happened"], card["content"])]
    bearings = [support["bears"] for card in cards for support in card["supports"]]
    return {
        "cards": [card | {"arrow": Arrow(lanes, card["from"], card["towards"])} for card in cards],
        "most": MAX_STEPS,
        "lanes": [make.people[lane] for lane in lanes],
        "lane_lines": lane_lines(len(lanes)),
        "marks": list({term["id"]: term for term in known + bearings}.values()),
    }


class _Cards:
    """Makes a card of a link: its event, what bears on it, and what documents add."""

    def __init__(self, lesson: Tables) -> None:
        self.lesson, self.later_source_ids = lesson, lesson.later_source_ids
        self.explain = Glossary(lesson).scope()
        self.events, self.people, self.quotes, self.sources, self.terms = (
            lesson.by_id(name) for name in ("events", "people", "quotes", "sources", "terms")
        )
        self.supports = lesson.grouped("supports", "link")
        self.notes = lesson.grouped("notes", "about")

    def card(self, link: Record) -> Record:
        event = self.events[link["event"]]
        happened = self._term(event["status"])
        content = self._term(event["content_status"]) if event["content_status"] else happened
        supports = self._in_order(self.supports.get(link["id"], []))
        base = [row for row in supports if row["source"] not in self.later_source_ids]
        added = [row for row in supports if row["source"] in self.later_source_ids]
        about = (f"links:{link['id']}", f"events:{event['id']}")
        notes = [note for key in about for note in self.notes.get(key, ())]
        quotes = {row["quote"]["id"]: row["quote"] for row in base if row["quote"]}
        explain = self.explain
        return link | {
            "says": explain(link["says"]),
            "by": wording.names_of(self.lesson, link["by"]),
            "does": wording.does(self.lesson, link),
            "word": self.lesson.words("links.act")[link["act"]]["term"],
            "from": self._decider(link["by"]),
            "towards": self._decider(link["to"]) if link["to"] else "",
            "when": self._when(event, supports),
            "worked_out_from": event["derived"],
            "happened": happened,
            "content": content,
            "ours": {
                "happened": _HAPPENED.get(happened["id"], "told"),
                "said": link["known_by"] or _SAID.get(content["id"], "passed-on"),
            },
            "supports": supports,
            "quotes": list(quotes.values()),
            "read": [key for key, quote in quotes.items() if quote["sensitive"] == "no"],
            "groups": self._by_source(
                [row | {"note": explain(row["note"])} for row in base + added],
                [note | {"text": explain(note["text"])} for note in notes],
            ),
        }

    def _decider(self, person: str) -> str:
        """Return who decides for a person's side, or for the first one's: whose lane it is."""
        first = person.split(";", maxsplit=1)[0]
        return self.people[first]["decider"] or first

    def _when(self, event: Record, supports: list[Record]) -> str:
        """Say when, and nothing of how that was worked out: it would tell before the sorting."""
        events = [event, *(self.events[row["event"]] for row in supports if row["event"])]
        return next((edtf.label(one["date"]) for one in events if one["date"]), "")

    def _term(self, key: str) -> Record:
        return self.terms.get(key) or {"id": key, "term": key, "mark": "", "meaning": ""}

    def _in_order(self, rows: Sequence[Record]) -> list[Record]:
        """Order what bears on a link by the figures of its number, else as the table has it."""
        numbered = [
            row
            | {
                "row": f"{row['link']}/{place}",
                "bears": self._term(row["bearing"]),
                "quote": quote and quote | {"origin": origin(self.lesson, quote)},
                "note": row["note"] or (self.events[row["event"]]["title"] if row["event"] else ""),
            }
            for place, row in enumerate(rows, start=1)
            for quote in [self.quotes.get(row["quote"])]
        ]
        return sorted(numbered, key=lambda row: int(re.sub(r"\D", "", row["number"]) or 0))

    def _source(self, key: str) -> Record:
        """Return a source with how it was read."""
        source = self.sources[key]
        if source["read"] == "cited":
            other = self.sources[source["cited_in"]]
            author = f" ({other['author']})" if other["author"] else ""
            how = _("cited by {title}, not read").format(title=other["title"] + author)
            return source | {"how": how}
        return source | {"how": "" if source["read"] == "whole" else _("read in part")}

    def _by_source(self, rows: list[Record], notes: list[Record]) -> list[Record]:
        """Group rows by source without changing their order; a note joins its source."""
        groups: list[Record] = [
            {"source": self._source(key), "supports": list(own), "notes": []}
            for key, own in groupby(rows, key=lambda row: row["source"])
        ]
        first = {group["source"]["id"]: group for group in reversed(groups)}
        for note in notes:
            key = note["source"]
            if key not in first:
                first[key] = {"source": self._source(key), "supports": [], "notes": []}
                groups.append(first[key])
            first[key]["notes"].append(note)
        return groups


@needs("links")
def trace(lesson: Tables, *, whole: bool = False, answers: bool = False) -> View:
    """Walk the decision chain step by step, and ask of each how it is known.

    Parameters
    ----------
    whole : bool, optional
        Show what lies beside the spine too.
    answers : bool, optional
        For whoever teaches: show what we answer and why, with nothing to choose.

    Returns
    -------
    View
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> "inferred" in lesson.trace().text(), "inferred" in lesson.trace(answers=True).text()
    (False, True)
    """
    view = Chain(lesson, whole=whole)
    return Answers(view) if answers else view
