"""The events in order of time: an overview first, then period after period."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.tables import edtf
from kwlesson.tables.people import find_person
from kwlesson.translation import _
from kwlesson.views.kit.attribution import is_signed
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.view import Panel, Switch, View, needs
from kwlesson.views.timeline import drawing, plotly_figure
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
    from ipywidgets import DOMWidget
    from markupsafe import Markup
    from plotly.graph_objects import Figure

    from kwlesson.tables.store import Record, Tables

MAX_MARKS_AT_FIRST_SIGHT = 15
MAX_MARKS_IN_A_DRAWING = 18  # where one month alone has more than are seen at first sight
MAX_PERIODS = 8


class Timeline(View):
    """A view of the events of a lesson, of those of a person, or of those of some time.

    Parameters
    ----------
    lesson : Tables
        The tables.
    person : dict, optional
        A row of `people`; by default everybody.
    during : str, optional
        An EDTF date; only what is dated within it is drawn, and its table is folded to titles.

    Examples
    --------
    >>> import kwlesson
    >>> view = kwlesson.load(kwlesson.SAMPLE).timeline("lamplighter")
    >>> [mark["row"]["id"] for mark in view.context["marks"]]
    ['boat-strikes', 'inquiry']
    """

    def __init__(
        self, lesson: Tables, person: Record | None = None, during: str | None = None
    ) -> None:
        title = _("Timeline")
        if person:
            title = _("Timeline: {person}").format(person=person["name"])
        super().__init__(title, _context(lesson, person, during))

    def switch(self) -> Switch | None:
        """Return an overview and a panel for each period.

        Returns
        -------
        Switch or None
            None where all events can be seen at once.
        """
        if not self.context["overview"]:
            return None
        panels = [
            Panel(label, self.draw("panel", label, parts), partial(self._live_panel, label, parts))
            for label, parts in self.panels()
        ]
        return Switch(_("Period"), panels)

    def panels(self) -> list[tuple[str, list[Record]]]:
        """Return what the panels show.

        Returns
        -------
        list of tuple
            Of each its label, empty where there is only one, and its parts: marks and a drawing.
        """
        context = self.context
        if not context["overview"]:
            return [("", context["whole"])]
        periods = [(one["label"], one["parts"]) for one in context["periods"]]
        return [(_("Overview"), [context["overview"]]), *periods]

    def figure(self, period: str | None = None) -> Figure:
        """Return the drawing of a period as a figure by plotly, to hover over, zoom and change.

        Parameters
        ----------
        period : str, optional
            Label of a period; by default the overview, or all events where they need none.

        Returns
        -------
        plotly.graph_objects.Figure

        Raises
        ------
        LessonError
            When there is no such period, or no date to draw; the message names the periods.

        Examples
        --------
        >>> import kwlesson
        >>> figure = kwlesson.load(kwlesson.SAMPLE).timeline().figure()
        >>> [trace.name for trace in figure.data if trace.showlegend]
        ['○ inferred', '● documented', '◆ narrated']
        """
        panels = self.panels()
        drawn = {label: parts for label, parts in panels if parts[0]["drawing"]}
        label = panels[0][0] if period is None else period
        if label not in drawn:
            known = ", ".join(f"'{one}'" for one in drawn if one)
            remedy = f"choose one of: {known}" if known else "leave the period out"
            raise LessonError(
                f"no period '{period}' is drawn; {remedy}"
                if drawn
                else "no event of this timeline has a date, so there is nothing to draw"
            )
        marks = [mark for part in drawn[label] for mark in part["marks"]]
        return plotly_figure.figure(marks, drawn[label][0]["drawing"]["axis"])

    def has_live_face(self) -> bool:
        """Return whether there is anything to toggle, or a drawing that can be a figure.

        Returns
        -------
        bool
        """
        return super().has_live_face() or self._is_drawn()

    def _is_drawn(self) -> bool:
        return any(parts[0]["drawing"] for _, parts in self.panels())

    def live(self) -> DOMWidget:
        """Return the live face: in each panel a figure by plotly above its table.

        A period that is folded into several drawings keeps those of the page; all do where plotly
        cannot be imported.

        Returns
        -------
        ipywidgets.DOMWidget
        """
        box = super().live()
        if not self._is_drawn():
            return box
        opening, *others = box.children
        if not self.context["overview"]:
            others = [self._live_panel(*self.panels()[0]), self._html("legend")]
        if not plotly_figure.is_installed():
            others.insert(0, self._html("without_figures"))
        box.children = [opening, *others]
        return box

    def _live_panel(self, label: str, parts: list[Record]) -> DOMWidget:
        import ipywidgets

        part, *more = parts
        if more or not part["drawing"] or not plotly_figure.is_installed():
            return self._html("panel", label, parts)
        figure = plotly_figure.figure_data(part["marks"], part["drawing"]["axis"])
        data = {
            plotly_figure.MIME: figure | {"config": {"displaylogo": False}},
            # For whoever's notebook has no renderer of plotly's.
            "text/html": str(self._live_html("part_drawing", part, label)),
            "text/plain": self.title,
        }
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        height = f"{figure['layout']['height']}px"
        drawn = ipywidgets.Output(outputs=(output,), layout={"min_height": height})
        drawn.add_class("kw-figure")
        table = self._html("part_table", part)
        return ipywidgets.VBox([self._html("heading", label), drawn, table])

    def _html(self, name: str, *arguments: object) -> DOMWidget:
        import ipywidgets

        return ipywidgets.HTML(str(self._live_html(name, *arguments)))

    def _live_html(self, name: str, *arguments: object) -> Markup:
        return macro("kit/frame.html", "live", self.draw(name, *arguments))


def _context(lesson: Tables, person: Record | None, during: str | None) -> dict[str, Any]:
    """Gather the events in order of time, and divide them into periods."""
    events = lesson.records("events")
    told = [row for row in events if not person or person["id"] in row["people"].split(";")]
    if during is not None:
        told = _within(told, during)
    marks = _marks(lesson, events, told)
    periods = (
        divide(marks, MAX_MARKS_AT_FIRST_SIGHT, MAX_PERIODS)
        if len(marks) > MAX_MARKS_IN_A_DRAWING
        else []
    )
    return {
        "person": person,
        "during": during,
        "marks": marks,
        "whole": [] if periods else _parts(month_span(marks, ends=True)),
        "periods": [{"label": one.label, "parts": _parts(one)} for one in periods],
        "overview": _overview(lesson, marks, periods) if periods else None,
        "legend": list({mark["kind"]: mark["known"] for mark in marks}.values()),
    }


def _within(events: list[Record], during: str) -> list[Record]:
    try:
        first, last = edtf.parse(during).bounds
    except ValueError as error:
        raise LessonError(f"no time '{during}': {error}") from None
    return [
        row
        for row in events
        if row["date"] and (day := day_of(row["date_sort"])) and first <= day <= last
    ]


def _marks(lesson: Tables, events: list[Record], told: list[Record]) -> list[Record]:
    """Make one mark of each event, however many texts tell it."""
    terms, sources, people = (lesson.by_id(name) for name in ("terms", "sources", "people"))
    reach, titles = spans(events), {row["id"]: row["title"] for row in events}
    head = canonical_ids(told)

    def known(key: str) -> Record:
        return terms.get(key) or {"id": key, "term": key, "mark": "?", "meaning": ""}

    beside = {"after": _('after "{title}"'), "before": _('before "{title}"')}

    def telling(row: Record) -> Record:
        source = sources[row["source"]]
        signed = is_signed(lesson, source) and source["author"]
        return {
            "row": row,
            "known": known(row["status"]),
            "content": known(row["content_status"]) if row["content_status"] else None,
            "origin": signed or source["title"],
            "who": [people[key]["name"] for key in row["people"].split(";") if key],
            "words": _unsaid(row),
            # The label of an undated event names them itself.
            "beside": [
                said.format(title=titles[row[key]])
                for key, said in beside.items()
                if row["date"] and row[key]
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
            "label": row["title"]
            if row["date"]
            else _("{title}, undated").format(title=row["title"]),
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
    count = 1
    if len(marks) > MAX_MARKS_IN_A_DRAWING:
        count = -(-len(marks) // MAX_MARKS_AT_FIRST_SIGHT)
    cuts = [len(marks) * number // count for number in range(count + 1)]
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
    room = MAX_MARKS_AT_FIRST_SIGHT - sum(bool(period.first) for period in periods)
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
    events = _("1 event")
    if len(period.marks) > 1:
        events = _("{marks} events").format(marks=len(period.marks))
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


@needs("events")
def timeline(lesson: Tables, person: str | None = None, during: str | None = None) -> Timeline:
    """Show the events in order of time: an overview first, then period after period.

    Parameters
    ----------
    person : str, optional
        Id or name of somebody; then only the events that this person had a part in.
    during : str, optional
        An EDTF date such as ``1912-03/1912-05``; then only what is dated within it, and the table
        is folded to dates and titles.

    Returns
    -------
    Timeline
        A view with three faces.

    Raises
    ------
    LessonError
        When nobody is called so, or several are (the message names the nearest), or the time is no
        EDTF date.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.timeline().text().splitlines()[4])
    When: by February 1912 [oil-delivered]
    """
    return Timeline(lesson, None if person is None else find_person(lesson, person), during)
