"""The accounts of one case, point by point: one alone, or all side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kwlesson.tables.people import names_in, secret_names
from kwlesson.tables.schema import SEVERAL_SPEAK
from kwlesson.tables.wording import listed
from kwlesson.views.kit.activity import PageForm
from kwlesson.views.kit.attribution import OURS, Voice, Voices, notes_on, origin, paragraphs
from kwlesson.views.kit.glossary import Glossary
from kwlesson.views.kit.map import Map, stops
from kwlesson.views.kit.render import macro, short_title
from kwlesson.views.kit.view import Answers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from kwlesson.tables.store import Record, Tables
    from kwlesson.views.kit.view import View

# Whose account it is where the text does not say.
_NOBODY = {"id": "", "reporter": "", "label": "No report is named", "silence": "", "side": 0}
_TWO = 2  # whom everybody knows apart
_QUOTED = re.compile("(“[^”]*”)")


class Comparison(PageForm):
    """A view of all accounts of a case, in rows whose lines change where they stand.

    A learner judges a row and then sees our judgement. Nothing of it needs a script; the live face
    keeps what was judged.
    """

    def __init__(self, lesson: Tables, case: Record, *, masked: bool) -> None:
        super().__init__(lesson, case["title"], _Gathered(lesson, case, masked=masked).context())

    def has_live_face(self) -> bool:
        """Return whether anything is judged, and so kept.

        Returns
        -------
        bool
            The switch alone needs no kernel.
        """
        return not self.context["masked"]


class _Gathered:
    """Gathers the rows of a case; where authors are hidden, nothing that names them."""

    def __init__(self, lesson: Tables, case: Record, *, masked: bool) -> None:
        self._lesson, self._case, self._masked = lesson, case, masked
        self._terms, self._people = lesson.by_id("terms"), lesson.by_id("people")
        self._sources, self._routes = lesson.by_id("sources"), lesson.by_id("routes")
        self._claims = lesson.grouped("claims", "point")
        self._quotes = lesson.grouped("quotes", "point")
        self._voices = Voices(lesson)
        self._heard: set[Voice] = set()
        self._kinds = lesson.words("people.kind")
        glossary = Glossary(lesson)
        self._explain, self._explain_added = glossary.scope(), glossary.scope()
        rows = lesson.records("accounts", case=case["id"])
        self._reports = {row["source"] for row in rows}
        reporters = [self._people[row["reporter"]] for row in rows] if masked else []
        groups = {key for key, word in self._kinds.items() if word["sense"] == "group"}
        self._hidden = [
            name for row in reporters for name in secret_names(row, whole=row["kind"] in groups)
        ]
        self._accounts = [self._account(row, side) for side, row in enumerate(rows, start=1)]

    def context(self) -> dict[str, Any]:
        """Return what the template draws.

        Returns
        -------
        dict
        """
        rows = self._lesson.records("points", case=self._case["id"])
        points = [self._point(row) for row in sorted(rows, key=lambda point: point["order"])]
        if self._masked:
            # What others make of the accounts waits: a learner weighs the words before any verdict.
            points = [point for point in points if not point["is_judged"]]
        heard = {key for point in points if not point["beyond"] for key in point["speakers"]}
        for point in points:
            # Documents wait until the learner has judged; a voice heard nowhere else need not.
            point["waits"] = point["beyond"] and point["speakers"] <= heard
        shown = [point for point in points if not point["waits"]]
        core = [point for point in shown if point["core"] == "yes"]
        for first in [row for row in core if row["is_asked"]][:1]:
            # What is disputed is no example.
            first["is_example"] = first["ours"] == "agree"
        return {
            "case": self._case,
            "masked": self._masked,
            "accounts": self._accounts,
            "core": [point for point in core if not point["is_judged"]],
            "whole": [point for point in core if point["is_judged"]],
            "more": [point for point in shown if point["core"] == "no"],
            "waiting": [] if self._masked else [point for point in points if point["waits"]],
            "adds": self._added(f"cases:{self._case['id']}"),
            "voices": sorted({voice.kind for voice in (*self._heard, OURS)}),
            "aside": self._map(),
        }

    def _map(self) -> Markup | str:
        """Draw the way of each report, which its side of the switch lights up."""
        routes = [account["route"] for account in self._accounts]
        if self._masked or not any(stops(self._lesson, route) for route in routes):
            return ""
        label = "Map: where each report was written, and its way."
        return macro("kit/map.html", "map", Map(self._lesson, routes), label)

    def _account(self, row: Record, side: int) -> dict[str, Any]:
        if self._masked:
            shown = {"label": row["masked_label"], "position": "", "stands": "", "came": ""}
        else:
            route = self._routes.get(row["route"])
            shown = {
                "stands": self._sources[row["source"]]["title"] if row["source"] else "",
                "came": route["title"] if route else "",
            }
        retelling = self._retelling(row) if self._masked else []
        return row | shown | {"side": side, "retelling": retelling}

    def _retelling(self, account: Record) -> list[dict[str, Any]]:
        """Return an account retold, in pieces: each quotation with the voice in which it speaks."""
        quotes = self._lesson.records("quotes", account=account["id"])

        def voice(words: str) -> Voice | None:
            own = [quote for quote in quotes if words.strip("“”.,") in quote["words"]]
            return self._voice(own[0]) if own else None

        return [
            {"text": self._explain(words), "voice": voice(words) if place % 2 else None}
            for place, words in enumerate(_QUOTED.split(account["retelling"]))
            if words
        ]

    def _point(self, point: Record) -> dict[str, Any]:
        claims = self._claims.get(point["id"], ())
        beyond = any(claim["source"] in self._lesson.later_source_ids for claim in claims)
        # A historian's verdict on accounts that are not his own stands apart.
        is_judged = bool(claims) and all(
            claim["status"] == "inferred" and claim["source"] not in self._reports
            for claim in claims
        )
        # A learner tells no finer shades apart than what a verdict counts as.
        sense = self._lesson.sense("points.verdict", point["verdict"])
        stands = sense if sense in SEVERAL_SPEAK else ""
        asks = "stands" if stands else "elsewhere" if point["elsewhere"] else ""
        own = point | {
            "cells": [self._cell(point, account) for account in self._accounts],
            "unnamed": self._cell(point, _NOBODY),
            "adds": self._added(f"points:{point['id']}"),
            "speakers": {claim["account"] for claim in claims} - {""},
            "beyond": beyond,
            "told_elsewhere": beyond or any(not claim["account"] for claim in claims),
            "is_judged": is_judged,
            "is_example": False,
            "camps": self._camps(point, claims),
            "asks": asks,
            "is_asked": bool(asks) and not is_judged,
            "term": self._terms[point["verdict"]],
            "ours": stands or point["elsewhere"],
        }
        return own | {"note": "", "is_asked": False} if self._masked else own

    def _camps(self, point: Record, claims: Iterable[Record]) -> list[str]:
        """Return who stands with whom where more than two speak."""
        speaking = {claim["account"] for claim in claims} - {""}
        if len(speaking) <= _TWO:
            return []
        sides = [side.split(";") for side in point["sides"].split("/") if side]
        together = self._lesson.sense("points.verdict", point["verdict"]) == "agree"
        own = [one["id"] for one in self._accounts if one["id"] in speaking]
        labels = {one["id"]: one["label"] for one in self._accounts}
        found = sides or ([own] if together else [[one] for one in own])
        return [listed([labels[one] for one in side]) for side in found]

    def _cell(self, point: Record, account: Record) -> dict[str, Any]:
        """Return what one account says on a point: its lines, and what stands behind them."""
        own = [row for row in self._claims.get(point["id"], ()) if row["account"] == account["id"]]
        quotes = [
            quote
            for quote in self._quotes.get(point["id"], ())
            if quote["account"] == account["id"]
            and not (self._masked and quote["sensitive"] == "yes")
        ]
        claims = [
            claim
            | {
                "id": "" if self._masked else claim["id"],  # An id may be made of a name.
                "voice": self._named(self._voices.of_claim(claim, account["reporter"])),
                "known": self._terms[claim["status"]],
                "says": claim["says"]
                if claim["says"] == claim["brief"]
                else self._explain(claim["says"]),
                "where": "" if self._masked else _where(claim, self._sources[claim["source"]]),
            }
            for claim in own
        ]
        drawn = [self._quoted(quote) for quote in quotes]
        briefs = [claim for claim in claims if claim["brief"]]
        # The document's own words, where there are such, are the best line.
        plain = sorted(
            (quote for quote in drawn if quote["sensitive"] == "no"),
            key=lambda quote: quote["kind"] != "testimony",
        )
        first = [] if briefs else plain[:1]
        return {
            "account": account,
            "briefs": briefs,
            "quote": first[0] if first else None,
            "says": [] if briefs or first else claims[:1],
            "claims": claims,
            "quotes": [quote for quote in drawn if quote not in first],
        }

    def _quoted(self, quote: Record) -> dict[str, Any]:
        own = quote | {"voice": self._voice(quote)}
        if self._masked:
            return own | {"id": "", "origin": "", "editorial": "", "beside": []}
        beside = self._added(f"quotes:{quote['id']}") if quote["sensitive"] == "yes" else []
        return own | {"origin": origin(self._lesson, quote), "beside": beside}

    def _voice(self, quote: Record) -> Voice:
        return self._named(self._voices.of_quote(quote))

    def _named(self, voice: Voice) -> Voice:
        """Return a voice without its name where that is a reporter's and hidden."""
        named = voice._replace(name="") if names_in(voice.name, self._hidden) else voice
        self._heard.add(named)
        return named

    def _added(self, about: str) -> list[Record]:
        return [] if self._masked else notes_on(self._lesson, about, self._explain_added)


def _where(claim: Record, source: Record) -> str:
    """Say where a claim can be read; documents have many writers, so they go by their titles."""
    author = source["author"] if source["base"] == "yes" else ""
    return f"{author or short_title(source)}{paragraphs(claim['paragraph'])}"


def compare(lesson: Tables, case: str, *, masked: bool = False, answers: bool = False) -> View:
    """Set the accounts of a case side by side, point by point.

    Parameters
    ----------
    case : str
        Id of the case.
    masked : bool, optional
        Hide who reports: names, routes, sensitive rows and our judgements.
    answers : bool, optional
        Show what a learner judges first, for whoever teaches: our judgement of each point, and
        what documents add. On a projector `compare(...).large()` shows none of it.

    Returns
    -------
    View
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
    view = Comparison(lesson, lesson.get("cases", case), masked=masked)
    return Answers(view) if answers else view
