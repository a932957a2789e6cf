"""The decision chain: who asked whom, who allowed it, and how we know."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kwlesson.tables import edtf
from kwlesson.views.kit.attribution import origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.tables.store import Record, Tables

MAX_OPEN_CARDS = 4  # cards of a panel that stand open; in a fuller panel all are folded
MAX_PANELS = 24  # panels, and links in the drawing; a longer chain is bundled


class Chain(View):
    """A view of the decision chain: the whole at a glance, then step after step."""

    def __init__(self, lesson: Tables, *, whole: bool, sealed: bool) -> None:
        facts = _facts(lesson, whole=whole) | {"sealed": sealed}
        super().__init__("The decision chain", facts)

    def switch(self) -> Switch:
        """Return an overview and a panel for each step, or for each bundle of a long chain."""
        return self._switch

    @cached_property
    def _switch(self) -> Switch:
        bundles = self.facts["bundles"]
        panels = [Panel(bundle["label"], self.draw("panel", bundle)) for bundle in bundles]
        return Switch("Step", [Panel("Overview", self.draw("overview")), *panels])


def _facts(lesson: Tables, *, whole: bool) -> dict[str, Any]:
    """Gather the links in order of their steps, each with all that bears on it."""
    links = sorted(lesson.records("links"), key=lambda link: link["step"])
    make = _Cards(lesson)
    cards = [make.card(link) for link in links if whole or link["spine"] == "yes"]
    known = [term for card in cards for term in (card["happened"], card["content"])]
    bearings = [support["bears"] for card in cards for support in card["supports"]]
    return {
        "cards": cards,
        "bundles": _bundles(cards),
        "drawn": cards[:MAX_PANELS],
        "left_out": sorted({link["step"] for link in links} - {card["step"] for card in cards}),
        "texts": len(lesson.records("sources", base="yes")),
        "marks": list({term["id"]: term for term in known + bearings}.values()),
    }


def _bundles(cards: list[Record]) -> list[Record]:
    """Put the cards of one step into one panel; where steps are many, those of several."""
    steps = [list(group) for _, group in groupby(cards, key=lambda card: card["step"])]
    size = -(-len(steps) // MAX_PANELS) or 1
    bundles = []
    for start in range(0, len(steps), size):
        own = [card for step in steps[start : start + size] for card in step]
        first, last = str(own[0]["step"]), str(own[-1]["step"])
        label = first if first == last else f"{first} to {last}"
        bundles.append({"label": label, "cards": own, "folded": len(own) > MAX_OPEN_CARDS})
    return bundles


class _Cards:
    """Makes a card of a link: its event, what bears on it, and what documents add."""

    def __init__(self, lesson: Tables) -> None:
        self.later_source_ids = lesson.later_source_ids
        self.glossary = Glossary(lesson)
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
        explain = self.glossary.scope()
        return link | {
            "says": explain(link["says"]),
            "by": self.people[link["by"]]["name"],
            "to": self.people[link["to"]]["name"] if link["to"] else "",
            "when": event["date_label"],
            # How a date was worked out would tell, before the sorting, that it was.
            "bare_when": edtf.label(event["date"], event["date_words"]),
            "happened": happened,
            "content": content,
            "inferred": content["id"] == "inferred",
            "supports": supports,
            "quotes": list(quotes.values()),
            "sources": [
                self._source(key) for key in dict.fromkeys(row["source"] for row in supports)
            ],
            "base": self._by_source([row | {"note": explain(row["note"])} for row in base]),
            "beyond": self._by_source(
                [row | {"note": explain(row["note"])} for row in added],
                [note | {"text": explain(note["text"])} for note in notes],
            ),
            "adds": len(added) + len(notes),
        }

    def _term(self, key: str) -> Record:
        return self.terms.get(key) or {"id": key, "term": key, "mark": "", "meaning": ""}

    def _in_order(self, rows: Sequence[Record]) -> list[Record]:
        """Order what bears on a link by the figures of its number, else as the table has it."""
        numbered = [
            row
            | {
                "row": f"{row['link']}/{place}",
                "bears": self._term(row["bearing"]),
                "quote": self._quoted(self.quotes[row["quote"]]) if row["quote"] else None,
                "note": row["note"] or (self.events[row["event"]]["title"] if row["event"] else ""),
            }
            for place, row in enumerate(rows, start=1)
        ]
        return sorted(numbered, key=lambda row: int(re.sub(r"\D", "", row["number"]) or 0))

    def _quoted(self, quote: Record) -> Record:
        printed = origin(quote, self.people.get(quote["speaker"]), self.sources[quote["source"]])
        return quote | {"origin": printed}

    def _source(self, key: str) -> Record:
        """Return a source with how it was read."""
        source = self.sources[key]
        if source["read"] == "cited":
            other = self.sources[source["cited_in"]]
            author = f" ({other['author']})" if other["author"] else ""
            return source | {"how": f"cited by {other['title']}{author}, not read"}
        how = "read whole" if source["read"] == "whole" else "read in part"
        return source | {"how": f"{how} ({source['read_in']})" if source["read_in"] else how}

    def _by_source(self, rows: list[Record], notes: list[Record] | None = None) -> list[Record]:
        """Group rows by source without changing their order; a note joins its source."""
        groups: list[Record] = [
            {"source": self._source(key), "supports": list(own), "notes": []}
            for key, own in groupby(rows, key=lambda row: row["source"])
        ]
        first = {group["source"]["id"]: group for group in reversed(groups)}
        for note in notes or ():
            key = note["source"]
            if key not in first:
                first[key] = {"source": self._source(key), "supports": [], "notes": []}
                groups.append(first[key])
            first[key]["notes"].append(note)
        return groups


def trace(lesson: Tables, *, whole: bool = False, sealed: bool = False) -> Chain:
    """Walk the decision chain step by step: who asked, who allowed it, and how we know.

    Parameters
    ----------
    whole : bool, optional
        Show what lies beside the spine too, as side branches.
    sealed : bool, optional
        For sorting: keep what is known, and how, closed until the learner has judged.

    Returns
    -------
    Chain
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> [panel.label for panel in lesson.trace(whole=True).switch().panels]
    ['Overview', '1', '2', '3']
    """
    return Chain(lesson, whole=whole, sealed=sealed)
