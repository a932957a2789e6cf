"""Events as a figure by plotly: marks that name themselves, an axis to zoom, a legend that hides.

plotly's renderer draws plain data, and that is what a notebook is sent. Its Python package takes a
third of a second to import, so it makes a `Figure` of the same data only for those who ask for one.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from kwlesson.views.timeline import drawing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plotly.graph_objects import Figure

    from kwlesson.tables.edtf import Moment
    from kwlesson.tables.store import Record

    Axis = tuple[Moment, Moment]
    Row = tuple[int, Record]  # how high a mark stands, and the mark
    Trace = dict[str, Any]

MIME = "application/vnd.plotly.v1+json"
# The page's colours in a light theme; in a dark one a figure keeps its own paper.
COLOURS = {
    "documented": "#0a6478",
    "narrated": "#512da8",
    "reported": "#7a4a00",
    "inferred": "#8e0038",
    "": "#5d564c",  # a period
}
INK, PAPER, GRID = "#1f1b16", "#fbf8f3", "#ddd3c4"
_PLOTLYS_NONE = {"data": {"scatter": [{"type": "scatter"}]}}  # its template of that name
# The first would offer to send the chart away.
_BUTTONS_LEFT_OUT = ["sendChartToCloud", "toImage", "select2d", "lasso2d", "autoScale2d"]
_DAYS_ARE_NAMED = 14 * 86_400_000  # plotly's milliseconds from one to the next on the axis
_ROW_HEIGHT, _MARGIN, _AXIS_HEIGHT, _LEGEND_HEIGHT = 38, 32, 48, 48  # pixels
_LABEL_RISE = 0.42  # of a row


def figure(marks: Iterable[Record], axis: Axis) -> Figure:
    """Return events as a figure, one under the other.

    Parameters
    ----------
    marks : iterable of dict
        Marks of a timeline.
    axis : tuple of Moment
        From when to when it reaches.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    from plotly.graph_objects import Figure

    return Figure(figure_data(marks, axis))


def is_installed() -> bool:
    """Return whether plotly can be imported.

    Returns
    -------
    bool
    """
    try:
        import plotly  # noqa: F401
    except ImportError:
        return False
    return True


def figure_data(marks: Iterable[Record], axis: Axis) -> dict[str, Any]:
    """Return what a figure is made of, as plotly's renderer reads it.

    Parameters
    ----------
    marks : iterable of dict
        Marks of a timeline. What no date reaches has no place on an axis and is left out.
    axis : tuple of Moment
        From when to when it reaches.

    Returns
    -------
    dict
        Lists, numbers and texts.
    """
    kinds: dict[str, list[Row]] = {}
    placed = [mark for mark in marks if mark["day"]]
    for number, mark in enumerate(placed):
        kinds.setdefault(mark["kind"], []).append((-number, mark))
    data = [trace for kind, rows in kinds.items() for trace in _traces(kind, rows, axis)]
    return {"data": data, "layout": _layout(len(placed), axis)}


def _traces(kind: str, rows: Sequence[Row], axis: Axis) -> Iterator[Trace]:
    """Draw the marks of one kind; its entry in the legend hides and shows them together."""
    colour = COLOURS.get(kind, INK)
    known = rows[0][1]["known"] if kind else None
    trace = {"type": "scatter", "legendgroup": kind, "showlegend": False, "hoverinfo": "skip"}
    solid, dotted = (
        trace | {"mode": "lines"} | _lines([row for row in rows if row[1]["dated"] == dated], axis)
        for dated in (True, False)
    )
    yield solid | {
        "name": _plain(f"{known['mark']} {known['term']}") if known else "",
        "showlegend": known is not None,
        "line": {"color": colour, "width": 5 if kind else 9},
    }
    if dotted["x"] != [None]:
        yield dotted | {"line": {"color": colour, "width": 2, "dash": "dot"}}
    yield trace | {
        "mode": "markers+text",
        "x": [str(mark["day"]) for _, mark in rows],
        "y": [y for y, _ in rows],
        "text": [_plain(mark["sign"]) for _, mark in rows],
        "textfont": {"color": colour, "size": 16},
        "marker": {
            "color": PAPER,
            "opacity": 1 if kind else 0,
            "size": 20,
            "line": {"color": INK, "width": [0 if mark["dated"] else 2 for _, mark in rows]},
        },
        "hoverinfo": "text",
        "hovertext": [_hover(mark) for _, mark in rows],
        "cliponaxis": False,
    }
    x, y, words, sides = map(list, zip(*_words(rows, axis), strict=True))
    yield trace | {
        "mode": "text",
        "x": x,
        "y": y,
        "text": words,
        "textposition": sides,
        "cliponaxis": False,
    }


def _lines(rows: Iterable[Row], axis: Axis) -> Trace:
    """Draw several lines as one, with a gap after each."""
    x: list[str | None] = []
    y: list[int | None] = []
    for height, mark in rows:
        start = max(mark["span"].first or axis[0], axis[0])
        stop = min(mark["span"].last or axis[1], axis[1])
        if start < stop and str(start) != str(stop):
            x += [str(start), str(stop), None]
            y += [height, height, None]
    return {"x": x or [None], "y": y or [None]}


def _words(rows: Iterable[Row], axis: Axis) -> Iterator[tuple[str, float, str, str]]:
    """Put a label above each mark, and an arrow where its line goes on beyond the axis."""
    first, last = axis
    middle = (first.number + last.number) / 2
    for height, mark in rows:
        day, (start, stop) = mark["day"], mark["span"]
        side = "middle right" if day.number <= middle else "middle left"
        yield str(day), round(height + _LABEL_RISE, 2), _plain(mark["label"]), side
        if not start or start < first:
            yield str(first), height, "←\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}", "middle left"
        if not stop or stop > last:
            yield str(last), height, "→", "middle right"


def _hover(mark: Record) -> str:
    """Name an event with its date and status, or a period with how many events of each it has."""
    if mark["row"]:
        known = [mark["row"]["date_label"], f"{mark['sign']} {mark['known']['term']}"]
    else:
        known = [f"{number} {term['mark']} {term['term']}" for term, number in mark["counts"]]
    return "<br>".join(_plain(line) for line in (mark["label"], *known))


def _layout(rows: int, axis: Axis) -> dict[str, Any]:
    return {
        "template": _PLOTLYS_NONE,
        "height": _AXIS_HEIGHT + _ROW_HEIGHT * rows + _LEGEND_HEIGHT,
        "margin": {"l": _MARGIN, "r": _MARGIN, "t": _AXIS_HEIGHT, "b": _LEGEND_HEIGHT},
        "font": {"color": INK, "size": 14, "family": "system-ui, sans-serif"},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "hovermode": "closest",
        "hoverdistance": 40,
        "hoverlabel": {"align": "left", "bgcolor": PAPER, "font": {"color": INK}},
        "dragmode": "zoom",
        "modebar": {"remove": _BUTTONS_LEFT_OUT},
        "legend": {"orientation": "h", "y": 0, "yref": "container", "yanchor": "bottom"},
        "xaxis": {
            "type": "date",
            "range": [str(day) for day in axis],
            "side": "top",
            "gridcolor": GRID,
            "nticks": 6,
            "tickangle": 0,
            **_ticks(axis),
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [0.5 - rows, 0.9]},
    }


def _ticks(axis: Axis) -> dict[str, Any]:
    """Name the ticks as the drawing does where plotly could not: hours, and years before ours."""
    first, last = axis
    if first.year > 0 and first[:3] != last[:3]:
        days = {"dtickrange": [None, _DAYS_ARE_NAMED], "value": "%-d %b\n%Y"}
        months = {"dtickrange": ["M1", "M6"], "value": "%b\n%Y"}
        return {"tickformatstops": [days, months]}
    named = drawing.ticks(first, last)
    return {"tickvals": [str(at) for at, _ in named], "ticktext": [name for _, name in named]}


def _plain(words: str) -> str:
    """Keep plotly from reading a cell as markup of its own."""
    return html.escape(words, quote=False)
