"""The accounts of one case, set side by side point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.view import Panel, Switch, View, macro, templates

if TYPE_CHECKING:
    from markupsafe import Markup

    from kwlesson.lesson import Lesson, Record

TEMPLATE = "compare.html"


class Comparison(View):
    """A view of all accounts of a case: each alone, then side by side.

    Parameters
    ----------
    lesson : Lesson
        The tables.
    case : dict
        A row of `cases`.
    masked : bool
        Hide who reports.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
    >>> view = lesson.compare("harbour-light", masked=True)
    >>> "Lamplighter" in view.text() + view.page()
    False
    """

    def __init__(self, lesson: Lesson, case: Record, *, masked: bool) -> None:
        self.title: str = case["title"]
        self.facts = _facts(lesson, case, masked=masked)

    def text(self) -> str:
        """Give the text face.

        Returns
        -------
        str
        """
        return templates().get_template("compare.txt").render(self.facts).strip()

    def opening(self) -> Markup:
        """Draw the case and its question.

        Returns
        -------
        Markup
        """
        return macro(TEMPLATE, "opening", self.facts)

    def switch(self) -> Switch:
        """Give a panel for each account and one for all side by side.

        Returns
        -------
        Switch
        """
        accounts = self.facts["accounts"]
        panels = [Panel(a["label"], macro(TEMPLATE, "account", self.facts, a)) for a in accounts]
        panels.append(Panel("Side by side", macro(TEMPLATE, "side_by_side", self.facts)))
        return Switch("Show", panels)

    def closing(self) -> Markup:
        """Draw what documents add, closed, and the meaning of the marks.

        Returns
        -------
        Markup
        """
        return macro(TEMPLATE, "closing", self.facts)


def _facts(lesson: Lesson, case: Record, *, masked: bool) -> dict[str, Any]:
    terms, people, sources = (lesson.by_id(name) for name in ("terms", "people", "sources"))
    accounts = [
        _account(row, people, masked=masked) for row in lesson.records("accounts", case=case["id"])
    ]
    claims = _grouped(lesson.records("claims"), "point")
    quotes = _grouped(lesson.records("quotes"), "point")
    notes = _grouped(lesson.records("notes"), "about")

    def where(row: Record) -> str:
        source = sources[row["source"]]
        paragraph = f", paragraph {row['paragraph']}" if row["paragraph"] else ""
        return "" if masked else f"{source['author'] or source['title']}{paragraph}"

    def words(quote: Record) -> dict[str, Any]:
        speaker = people.get(quote["speaker"])
        return {
            **quote,
            "who": "" if masked or not speaker else _attribution(quote, speaker),
            "where": where(quote),
            "editorial": "" if masked else quote["editorial"],
            "beside": []
            if masked
            else [_note(n, sources) for n in notes.get(f"quotes:{quote['id']}", ())],
        }

    def cell(point: Record, account: str) -> dict[str, Any]:
        return {
            "claims": [
                {**claim, "where": where(claim), "known": terms[claim["status"]]}
                for claim in claims.get(point["id"], ())
                if claim["account"] == account
            ],
            "quotes": [
                words(quote)
                for quote in quotes.get(point["id"], ())
                if quote["account"] == account and not (masked and quote["sensitive"] == "yes")
            ],
        }

    points = []
    for point in sorted(lesson.records("points", case=case["id"]), key=lambda p: p["order"]):
        cells = {account["id"]: cell(point, account["id"]) for account in accounts}
        points.append(
            {
                **point,
                "note": "" if masked else point["note"],
                "verdict": terms[point["verdict"]],
                "beyond": any(c["source"] in lesson.beyond for c in claims.get(point["id"], ())),
                "cells": cells,
                "unassigned": cell(point, ""),
                "adds": []
                if masked
                else [_note(n, sources) for n in notes.get(f"points:{point['id']}", ())],
            }
        )
    core = [p for p in points if p["core"] == "yes"]
    more = [p for p in points if p["core"] == "no" and not p["beyond"]]
    beyond = [] if masked else [p for p in points if p["core"] == "no" and p["beyond"]]
    return {
        "case": case,
        "masked": masked,
        "accounts": accounts,
        "core": core,
        "more": more,
        "beyond": beyond,
        "adds": [] if masked else [_note(n, sources) for n in notes.get(f"cases:{case['id']}", ())],
        "marks": list({p["verdict"]["id"]: p["verdict"] for p in core + more + beyond}.values()),
    }


def _account(row: Record, people: dict[str, Record], *, masked: bool) -> dict[str, Any]:
    reporter = people[row["reporter"]]
    return {
        "id": row["id"],
        "label": row["masked_label"] if masked else row["label"],
        "reporter": reporter["id"],
        "name": "" if masked else reporter["name"],
        "position": "" if masked else row["position"],
        "silence": row["silence"],
    }


def _attribution(quote: Record, speaker: Record) -> str:
    if quote["kind"] == "testimony":
        return f"words given to {speaker['name']}"
    return f"in the words of {speaker['name']}"


def _note(row: Record, sources: dict[str, Record]) -> dict[str, Any]:
    source = sources[row["source"]]
    return {**row, "title": source["title"], "read": source["read"], "read_in": source["read_in"]}


def _grouped(rows: list[Record], column: str) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
