"""The events in order of time: an overview first, then period after period.

Why the drawing is SVG in every face, and plotly is there for the asking. A drawing by plotly has
no name for a screen reader, answers to a mouse alone and keeps its own colours in a dark theme;
a bundle that carries one is shown as the drawing only, without periods and table, wherever its
renderer is installed and widgets are not, as in a stored notebook opened again. So the live face
is the page's own panels, drawing and table, behind radio buttons; `Timeline.chart` gives the same
panels with drawings to hover over, each above the same table.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kwlesson.tables import edtf
from kwlesson.tables.people import find_person
from kwlesson.views.kit.view import Panel, Switch, View
from kwlesson.views.timeline import drawing
from kwlesson.views.timeline.periods import (
    Period,
    Span,
    canonical_ids,
    day_of,
    divide,
    month_span,
    spans,
)

if TYPE_CHECKING:
    from kwlesson.tables.store import Record, Tables
    from kwlesson.views.timeline.plotly_figure import Chart

FEW = 15  # marks at first sight
FULL = 18  # marks in a drawing, where one month alone has more than a few
MOST = 8  # periods that an overview can name
_SIGNED = {"book", "article"}  # kinds of sources that are known by their authors


class Timeline(View):
    """A view of the events of a lesson, or of those that a person had a part in.

    Parameters
    ----------
    lesson : Tables
        The tables.
    person : dict, optional
        A row of `people`; by default everybody.

    Examples
    --------
    >>> import kwlesson
    >>> view = kwlesson.load(kwlesson.SAMPLE).timeline("lamplighter")
    >>> [mark["row"]["id"] for mark in view.facts["marks"]]
    ['boat-strikes', 'inquiry']
    """

    def __init__(self, lesson: Tables, person: Record | None = None) -> None:
        title = f"Timeline: {person['name']}" if person else "Timeline"
        super().__init__(title, _facts(lesson, person) | {"title": title})

    def switch(self) -> Switch | None:
        """Return an overview and a panel for each period.

        Returns
        -------
        Switch or None
            None where all events can be seen at once.
        """
        return self._switch

    @cached_property
    def _switch(self) -> Switch | None:
        if not self.facts["overview"]:
            return None
        panels = self.panels()
        return Switch("Period", [Panel(key, self.draw("panel", key, own)) for key, own in panels])

    def panels(self) -> list[tuple[str, list[Record]]]:
        """Return what the panels show.

        Returns
        -------
        list of tuple
            Of each its label, empty where there is only one, and its parts: marks and a drawing.
        """
        facts = self.facts
        if not facts["overview"]:
            return [("", facts["whole"])]
        periods = [(one["label"], one["parts"]) for one in facts["periods"]]
        return [("Overview", [facts["overview"]]), *periods]

    def chart(self) -> Chart:
        """Return the same view with live drawings to hover over, by plotly.

        Returns
        -------
        Chart
            Where plotly's renderer is not installed, it shows the drawings of the page.

        Examples
        --------
        >>> import kwlesson
        >>> chart = kwlesson.load(kwlesson.SAMPLE).timeline().chart()
        >>> chart.figures()[0]["data"][-1]["text"][0]
        'Oil is delivered'
        """
        from kwlesson.views.timeline.plotly_figure import Chart

        return Chart(self)


def _facts(lesson: Tables, person: Record | None) -> dict[str, Any]:
    """Gather the events in order of time, and divide them into periods."""
    events = lesson.records("events")
    marks = _marks(lesson, events, person)
    periods = divide(marks, FEW, MOST) if len(marks) > FULL else []
    return {
        "person": person,
        "marks": marks,
        "whole": _parts(month_span(marks, ends=True)),
        "periods": [{"label": one.label, "parts": _parts(one)} for one in periods],
        "overview": _overview(lesson, marks, periods) if periods else None,
        "legend": list({mark["kind"]: mark["known"] for mark in marks}.values()),
    }


def _marks(lesson: Tables, events: list[Record], person: Record | None) -> list[Record]:
    """Make one mark of each event, however many texts tell it."""
    terms, sources, people = (lesson.by_id(name) for name in ("terms", "sources", "people"))
    reach, titles = spans(events), {row["id"]: row["title"] for row in events}
    told = [row for row in events if not person or person["id"] in row["people"].split(";")]
    head = canonical_ids(told)

    def known(key: str) -> Record:
        return terms.get(key) or {"id": key, "term": key, "mark": "?", "meaning": ""}

    def telling(row: Record) -> Record:
        source = sources[row["source"]]
        signed = source["kind"] in _SIGNED and source["author"]
        return {
            "row": row,
            "known": known(row["status"]),
            "content": known(row["content_status"]) if row["content_status"] else None,
            "origin": signed or source["title"],
            "who": [people[key]["name"] for key in row["people"].split(";") if key],
            "words": _unsaid(row),
            # The label of an undated event names them itself.
            "beside": [
                f"{side}: {titles[row[side]]}"
                for side in ("after", "before")
                if row["date"] and row[side]
            ],
        }

    others: dict[str, list[Record]] = {}
    for row in told:
        if head[row["id"]] != row["id"]:
            others.setdefault(head[row["id"]], []).append(telling(row))
    return [
        telling(row)
        | {
            "others": others.get(row["id"], []),
            "day": day_of(row["date_sort"]),
            "span": reach[row["id"]],
            "dated": bool(row["date"]),
            "label": row["title"] if row["date"] else f"{row['title']}, undated",
            "kind": row["status"],
            "sign": known(row["status"])["mark"][:1],
        }
        for row in sorted(told, key=lambda row: str(row["date_sort"]))
        if head[row["id"]] == row["id"]
    ]


def _unsaid(row: Record) -> str:
    """Return the text's own words for a date where the label has others."""
    own = edtf.label(row["date"])
    computed = row["date"] and (row["derived"] or row["date_label"] == own)
    return str(row["date_words"]) if computed and row["date_words"] != own else ""


def _parts(period: Period) -> list[Record]:
    """Divide what is too much for one drawing evenly; all parts keep the axis of the period."""
    marks = period.marks
    many = -(-len(marks) // FEW) if len(marks) > FULL else 1
    cuts = [len(marks) * number // many for number in range(many + 1)]
    return [
        {"marks": marks[start:end], "drawing": drawing.drawing(period, marks[start:end])}
        for start, end in pairwise(cuts)
    ]


def _overview(lesson: Tables, marks: list[Record], periods: list[Period]) -> Record:
    """Put the main line between the periods: all of it, or one event for each card, if it fits."""
    place = {
        one["row"]["id"]: number
        for number, mark in enumerate(marks)
        for one in [mark, *mark["others"]]
    }
    links = [link for link in lesson.records("links", spine="yes") if link["event"] in place]
    line = {place[link["event"]] for link in links}
    # The first of a card's links opens it: read backwards, so that it is the one that stays.
    cards = {link["card"]: place[link["event"]] for link in reversed(links)}
    room = FEW - sum(bool(period.first) for period in periods)
    kept = sorted(line if len(line) <= room else set(cards.values()))[:room]
    bars = [_bar(period) for period in periods]
    rows = sorted(
        [*bars, *(marks[number] for number in kept)], key=lambda row: str(row["day"] or "")
    )
    return {
        "marks": rows,
        "line": len(kept),
        "left_out": len(line) - len(kept),
        "drawing": drawing.drawing(
            month_span(marks, ends=True), [row for row in rows if row["day"]]
        ),
    }


def _bar(period: Period) -> Record:
    counted = Counter(mark["kind"] for mark in period.marks)
    terms = {mark["kind"]: mark["known"] for mark in period.marks}
    events = "1 event" if len(period.marks) == 1 else f"{len(period.marks)} events"
    return {
        "label": f"{period.label}: {events}",
        "row": None,
        "period": period.label,
        "events": events,
        "counts": [(terms[kind], number) for kind, number in counted.items()],
        "day": period.first,
        "span": Span(period.first, period.last),
        "dated": True,
        "kind": "",
        "sign": "",
    }


def timeline(lesson: Tables, person: str | None = None) -> Timeline:
    """Show the events in order of time: an overview first, then period after period.

    Parameters
    ----------
    person : str, optional
        Id or name of somebody; then only the events that this person had a part in.

    Returns
    -------
    Timeline
        A view with three faces.

    Raises
    ------
    LessonError
        When nobody is called so, or several are; the message names the nearest.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.timeline().text().splitlines()[4])
    When: by February 1912 [oil-delivered]
    """
    return Timeline(lesson, None if person is None else find_person(lesson, person))
