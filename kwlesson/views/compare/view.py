"""The accounts of one case, set side by side point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.views.kit.attribution import origin
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kwlesson.tables.store import Record, Tables


class Comparison(View):
    """A view of all accounts of a case: each alone, then side by side."""

    def __init__(self, lesson: Tables, case: Record, *, masked: bool) -> None:
        super().__init__(case["title"], _facts(lesson, case, masked=masked))

    def switch(self) -> Switch:
        """Return a panel for each account and one for all side by side."""
        accounts = self.facts["accounts"]
        panels = [Panel(account["label"], self.draw("account", account)) for account in accounts]
        return Switch("Show", [*panels, Panel("Side by side", self.draw("side_by_side"))])


def _facts(lesson: Tables, case: Record, *, masked: bool) -> dict[str, Any]:
    """Gather the rows of a case; where authors are hidden, nothing that names them is gathered."""
    terms, people, sources = (lesson.by_id(name) for name in ("terms", "people", "sources"))
    claims, quotes = lesson.grouped("claims", "point"), lesson.grouped("quotes", "point")
    notes = {} if masked else lesson.grouped("notes", "about")
    routes = lesson.by_id("routes")
    accounts = [
        row
        | {
            "stands": "" if masked or not row["source"] else sources[row["source"]]["title"],
            "came": "" if masked or not row["route"] else routes[row["route"]]["title"],
        }
        | ({"label": row["masked_label"], "position": ""} if masked else {})
        for row in lesson.records("accounts", case=case["id"])
    ]

    # An id may be made of a name.
    hidden = {"id": ""} if masked else {}
    glossary = Glossary(lesson)
    explain = {key: glossary.scope() for key in ["", *(account["id"] for account in accounts)]}
    explain_added = glossary.scope()
    for account in accounts:
        account["retelling"] = explain[account["id"]](account["retelling"])

    def added(about: str) -> list[Record]:
        return [
            note | {"origin": sources[note["source"]], "text": explain_added(note["text"])}
            for note in notes.get(about, ())
        ]

    def quoted(quote: Record) -> Record:
        if masked:
            return quote | hidden | {"origin": "", "editorial": "", "beside": []}
        printed = origin(quote, people.get(quote["speaker"]), sources[quote["source"]])
        beside = added(f"quotes:{quote['id']}") if quote["sensitive"] == "yes" else []
        return quote | {"origin": printed, "beside": beside}

    def cell(point: Record, account: str) -> Record:
        return {
            "claims": [
                claim
                | hidden
                | {
                    "known": terms[claim["status"]],
                    "says": explain[account](claim["says"]),
                    "where": "" if masked else _where(claim, sources[claim["source"]]),
                }
                for claim in claims.get(point["id"], ())
                if claim["account"] == account
            ],
            "quotes": [
                quoted(quote)
                for quote in quotes.get(point["id"], ())
                if quote["account"] == account and not (masked and quote["sensitive"] == "yes")
            ],
        }

    def gathered(point: Record) -> Record:
        own = claims.get(point["id"], ())
        beyond = any(claim["source"] in lesson.later_source_ids for claim in own)
        return point | {
            "note": "" if masked else point["note"],
            "verdict": terms[point["verdict"]],
            "beyond": beyond,
            "told_elsewhere": beyond or any(not claim["account"] for claim in own),
            "cells": {account["id"]: cell(point, account["id"]) for account in accounts},
            "unassigned": cell(point, ""),
            "adds": added(f"points:{point['id']}"),
        }

    rows = sorted(lesson.records("points", case=case["id"]), key=lambda point: point["order"])
    if masked:
        # What others make of the accounts waits: a learner weighs the words before any verdict.
        rows = [row for row in rows if not _is_judged(claims.get(row["id"], ()))]
    points = [gathered(row) for row in rows]
    heard = {key for point in points if not point["beyond"] for key in _speakers(point)}
    for point in points:
        # Documents wait until the learner has judged; a voice heard nowhere else need not.
        point["waits"] = point["beyond"] and _speakers(point) <= heard
    shown = [point for point in points if not point["waits"]]
    for account in accounts:
        account["name"] = "" if masked else people[account["reporter"]]["name"]
        account["points"] = [point for point in shown if _concerns(point, account)]
    return {
        "case": case,
        "masked": masked,
        "accounts": accounts,
        "points": shown,
        "waiting": [] if masked else [point for point in points if point["waits"]],
        "adds": added(f"cases:{case['id']}"),
        "marks": list({point["verdict"]["id"]: point["verdict"] for point in points}.values()),
    }


def _where(claim: Record, source: Record) -> str:
    """Say where a claim can be read; documents have many writers, so they go by their titles."""
    place = f", paragraph {claim['paragraph']}" if claim["paragraph"] else ""
    author = source["author"] if source["base"] == "yes" else ""
    return f"{author or source['title']}{place}"


def _is_judged(claims: Iterable[Record]) -> bool:
    return {claim["status"] for claim in claims} == {"inferred"}


def _speakers(point: Record) -> set[str]:
    return {account for account, cell in point["cells"].items() if cell["claims"]}


def _concerns(point: Record, account: Record) -> bool:
    cell = point["cells"][account["id"]]
    unassigned = point["unassigned"]["claims"]
    return bool(cell["claims"] or cell["quotes"] or unassigned or account["silence"])


def compare(lesson: Tables, case: str, *, masked: bool = False) -> Comparison:
    """Set the accounts of a case side by side, point by point.

    Parameters
    ----------
    case : str
        Id of the case.
    masked : bool, optional
        Hide who reports: names, routes and sensitive rows.

    Returns
    -------
    Comparison
        A view with three faces.

    Raises
    ------
    LessonError
        When there is no such case; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.compare("harbour-light").text().splitlines()[0])
    Two accounts of one night
    """
    return Comparison(lesson, lesson.get("cases", case), masked=masked)
