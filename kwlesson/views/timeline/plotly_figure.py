"""The timeline with live drawings: the same panels and tables, and marks to hover over.

A figure is plain data, sent as the bundle that plotly's renderer for JupyterLab reads. Nothing of
plotly is imported, which would cost seconds: its Python package only checks figures and writes
the same data. Where the renderer is not installed, JupyterLab shows the page's own drawing, which
travels beside the figure. Nothing is to be zoomed or dragged, since no keyboard could do so; what
hovering shows stands in the table under each figure.
"""

from __future__ import annotations

import html
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from kwlesson.views.kit.render import macro
from kwlesson.views.kit.stylesheet import sheet
from kwlesson.views.kit.view import View
from kwlesson.views.timeline.drawing import ticks

if TYPE_CHECKING:
    from datetime import date

    from ipywidgets import DOMWidget, Output

    from kwlesson.tables.store import Record
    from kwlesson.views.kit.view import Switch
    from kwlesson.views.timeline.view import Timeline

MIME = "application/vnd.plotly.v1+json"
# Names of the stylesheet's colours.
_COLOURS = {
    "documented": "agree", "narrated": "single", "reported": "tension", "inferred": "conflict",
}  # fmt: skip
_ROW = 38  # pixels
_MARGIN = 60


def colour(name: str) -> str:
    """Return a colour of the light palette: a figure keeps its own paper in a dark theme.

    Parameters
    ----------
    name : str
        A status, or a name of the stylesheet's.

    Returns
    -------
    str

    Examples
    --------
    >>> colour("documented") == colour("agree") != colour("soft")
    True
    """
    found = re.search(rf"--kw-{_COLOURS.get(name, name or 'soft')}: *(#\w+)", sheet())
    return found[1] if found else colour("ink")


class Chart(View):
    """A timeline whose live face has figures.

    Parameters
    ----------
    timeline : Timeline
        What it draws anew; the text and the page are the timeline's own.

    Examples
    --------
    >>> import kwlesson
    >>> chart = kwlesson.load(kwlesson.SAMPLE).timeline().chart()
    >>> chart.page() == chart.timeline.page()
    True
    """

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline.title, timeline.facts)
        self.timeline = timeline

    def switch(self) -> Switch | None:
        """Return the timeline's panels.

        Returns
        -------
        Switch or None
        """
        return self.timeline.switch()

    def figures(self) -> list[dict[str, Any]]:
        """Return all figures, in the order of the panels.

        Returns
        -------
        list of dict
            As plotly's renderer reads them.
        """
        return [
            figure(part) for _, parts in self.timeline.panels() for part in parts if part["drawing"]
        ]

    def live(self) -> DOMWidget:
        """Return the live face: in each panel figures, each above its table.

        Returns
        -------
        ipywidgets.DOMWidget
        """
        import ipywidgets

        def html(name: str, *arguments: object) -> DOMWidget:
            return ipywidgets.HTML(
                str(macro("kit/frame.html", "live", self.draw(name, *arguments)))
            )

        panels = []
        for label, parts in self.timeline.panels():
            shown = [html("heading", label)]
            for part in parts:
                shown += [self._output(part)] if part["drawing"] else []
                shown.append(html("part_table", part))
            panels.append(ipywidgets.VBox(shown))
        # All but the panels is the timeline's own: its words, its radio buttons and their link.
        whole = super().live()
        if self.switch():
            whole.children[2].children = panels
        else:
            whole.children = [whole.children[0], *panels, html("legend")]
        return whole

    def _output(self, part: Record) -> Output:
        import ipywidgets

        drawn = macro("kit/frame.html", "live", self.draw("part_drawing", part, ""))
        data = {MIME: figure(part), "text/html": str(drawn), "text/plain": self.title}
        shown = {"output_type": "display_data", "data": data, "metadata": {}}
        return ipywidgets.Output(outputs=(shown,))

    def _repr_mimebundle_(self, **_formats: object) -> dict[str, Any]:
        live: dict[str, Any] = dict(self.live()._repr_mimebundle_())
        return live | {"text/plain": self.text(), "text/html": self.body()}


def figure(part: Record) -> dict[str, Any]:
    """Draw the marks of a part as a figure.

    Parameters
    ----------
    part : dict
        With marks, and a drawing whose axis the figure shares.

    Returns
    -------
    dict
        Data, layout and config: lists, numbers and texts.
    """
    # What no date reaches has no place on an axis.
    marks = [mark for mark in part["marks"] if mark["day"]]
    height = dict(zip(map(id, marks), count(0, -1), strict=False))
    first, last = part["drawing"]["axis"]
    middle = first + (last - first) / 2
    groups: dict[str, list[Record]] = {}
    for mark in marks:
        groups.setdefault(mark["kind"], []).append(mark)

    def points(shown: list[Record], above: float = 0, **others: object) -> dict[str, Any]:
        x = [mark["day"].isoformat() for mark in shown]
        y = [round(height[id(mark)] + above, 2) for mark in shown]
        return {"type": "scatter", "x": x, "y": y, "hoverinfo": "skip"} | others

    def lines(kind: str, *, dated: bool) -> dict[str, Any]:
        """Draw several lines as one, with a gap after each."""
        own = [mark for mark in groups[kind] if mark["dated"] == dated]
        ends = [
            (mark, max(mark["span"].first or first, first), min(mark["span"].last or last, last))
            for mark in own
        ]
        drawn = [(mark, start, stop) for mark, start, stop in ends if start < stop]
        line = {"color": colour(kind), "width": (5 if kind else 9) if dated else 2}
        return points([]) | {
            "mode": "lines",
            "x": [x for _, start, stop in drawn for x in (str(start), str(stop), None)],
            "y": [y for mark, *_ in drawn for y in (height[id(mark)], height[id(mark)], None)],
            "line": line if dated else line | {"dash": "dot"},
        }

    bands = [lines(kind, dated=dated) for kind in groups for dated in (True, False)]
    ring = {"size": 20, "color": colour("ground"), "line": {"color": colour("ink"), "width": 2}}
    free = [mark for mark in marks if not mark["dated"]]
    undated = points(free, mode="markers", marker=ring, cliponaxis=False)
    signs = [
        points(
            own,
            mode="text",
            name=_plain(own[0]["known"]["term"]),
            text=[_plain(mark["sign"]) for mark in own],
            textfont={"color": colour(kind), "size": 16},
            hovertext=[_plain(f"{m['row']['date_label']}: {m['known']['term']}") for m in own],
            hoverinfo="text",
            cliponaxis=False,
        )
        for kind, own in groups.items()
        if kind
    ]
    sides = ["middle right" if mark["day"] <= middle else "middle left" for mark in marks]
    titles = [_plain(mark["label"]) for mark in marks]
    labels = points(marks, 0.42, mode="text", text=titles, textposition=sides, cliponaxis=False)
    ahead = [mark for mark in marks if not mark["span"].last or mark["span"].last > last]
    behind = [mark for mark in marks if not mark["span"].first or mark["span"].first < first]
    edges = [
        (ahead, last, "→", "middle right"),
        (behind, first, "←\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}", "middle left"),
    ]
    arrows = [
        points(own, mode="text", textposition=side, cliponaxis=False)
        | {"x": [str(edge)] * len(own), "text": [sign] * len(own)}
        for own, edge, sign, side in edges
    ]
    return {
        "data": [trace for trace in (*bands, *arrows, undated, *signs, labels) if trace["x"]],
        "layout": _layout(len(marks), first, last),
        # A responsive figure takes its height from an output that has none, and is not seen.
        "config": {"displayModeBar": False, "responsive": False},
    }


def _layout(rows: int, first: date, last: date) -> dict[str, Any]:
    named = ticks(first, last)
    return {
        "template": {},
        "height": _ROW * rows + _MARGIN,
        "margin": {"l": 32, "r": 32, "t": 32, "b": 8},
        "font": {"color": colour("ink"), "size": 14, "family": "system-ui, sans-serif"},
        "paper_bgcolor": colour("ground"),
        "plot_bgcolor": colour("ground"),
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "xaxis": {
            "type": "date",
            "range": [str(first), str(last)],
            "side": "top",
            "gridcolor": colour("line"),
            "fixedrange": True,
            "tickvals": [str(day) for day, _ in named],
            "ticktext": [name for _, name in named],
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [0.5 - rows, 0.9]},
    }


def _plain(words: str) -> str:
    """Keep plotly from reading a cell as markup of its own."""
    return html.escape(words, quote=False)
