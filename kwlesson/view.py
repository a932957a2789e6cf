"""What every view has: three faces of the same rows, and the Switch that toggles panels."""

from __future__ import annotations

import copy
import re
import textwrap
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import jinja2
from markupsafe import Markup

from kwlesson.places import PACKAGE
from kwlesson.styles import sheet, worn
from kwlesson.views.kit.text import to_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Self

    from ipywidgets import DOMWidget

LINE = 88
_BLANK_LINES = re.compile(r"\n\s*\n+")


def _wrap(text: str, indent: int = 0, hanging: int = 0) -> str:
    """Wrap one paragraph of the text face."""
    margin = " " * indent
    return textwrap.fill(
        " ".join(str(text).split()),
        LINE,
        initial_indent=margin,
        subsequent_indent=margin + " " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sheet(view: str, parts: Iterable[str] = ()) -> Markup:
    """Give a view's rules, or those of them that the parts of a page wear."""
    html = "".join(parts)
    return Markup(worn(sheet(view), html) if html else sheet(view))  # noqa: S704 - our own file


@cache
def templates() -> jinja2.Environment:
    """Give the templates; HTML is escaped, text is wrapped.

    Returns
    -------
    jinja2.Environment
    """
    from kwlesson.terms import explained

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / "templates"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"wrap": _wrap, "explained": explained}
    environment.globals["sheet"] = _sheet
    return environment


def macro(template: str, name: str, *arguments: object) -> Markup:
    """Draw one part of a view.

    Parameters
    ----------
    template : str
        File name of the template.
    name : str
        The macro in it.
    *arguments : object
        What the macro takes.

    Returns
    -------
    Markup
        HTML in which every cell is escaped.
    """
    part = getattr(templates().get_template(template).module, name)
    return Markup(_BLANK_LINES.sub("\n", part(*arguments)))  # noqa: S704 - the template escaped it


class Panel(NamedTuple):
    """One panel of a switch: the label of its choice, and its HTML."""

    label: str
    html: Markup


class Switch:
    """Labelled panels of which one is shown.

    On a page they are native radios with CSS, which need neither JavaScript nor a kernel; where
    styles are stripped all panels show. Live they are radio buttons linked in the browser to a
    stack, which needs no kernel either.

    Parameters
    ----------
    legend : str
        What is being chosen.
    panels : sequence of Panel
        At least one; the first is shown.

    Examples
    --------
    >>> switch = Switch("Show", [Panel("One", Markup("<p>1</p>")), Panel("Two", Markup("2"))])
    >>> switch.page().count('type="radio"')
    2
    """

    def __init__(self, legend: str, panels: Collection[Panel]) -> None:
        self.legend = legend
        self.panels = tuple(panels)

    def page(self) -> Markup:
        """Draw the switch as HTML with native radios.

        Returns
        -------
        Markup
        """
        return macro("view.html", "switch", self.legend, self.panels)

    def live(self) -> list[DOMWidget]:
        """Draw the switch as linked widgets.

        Returns
        -------
        list of ipywidgets.DOMWidget
            The radio buttons and the stack they turn.
        """
        import ipywidgets

        choice = ipywidgets.RadioButtons(
            options=[(panel.label, number) for number, panel in enumerate(self.panels)],
            description=self.legend,
            tooltip=self.legend,
            orientation="horizontal",
            layout={"width": "auto"},
            style={"description_width": "initial"},
        )
        choice.add_class("kw-live-choices")
        stack = ipywidgets.Stack(
            [ipywidgets.HTML(str(macro("view.html", "live", p.html))) for p in self.panels],
            selected_index=0,
        )
        ipywidgets.jslink((choice, "index"), (stack, "selected_index"))
        return [choice, stack]


class View:
    """Something to look at, drawn from rows alone, with three faces.

    *text* is what a log shows and a notebook test compares; *page* is HTML with every row, which
    toggles without a kernel; *live* is the same in widgets. A notebook shows the best it can.
    Every row that is shown is marked `data-row="table:id"` in the HTML faces.

    Parameters
    ----------
    title : str
        What the view is of.
    template : str
        Name of its templates: `<template>.txt`, and `<template>.html` with the macros `opening`
        and `closing`, each of which takes `facts`.
    facts : dict
        What the templates draw: rows of the tables, and nothing that was not in them.
    """

    def __init__(self, title: str, template: str, facts: dict[str, Any]) -> None:
        self.title = title
        self.template = template
        self.facts = facts
        self.is_large = False

    def large(self) -> Self:
        """Give the same view in letters for a projector.

        Returns
        -------
        View

        Examples
        --------
        >>> import kwlesson
        >>> view = kwlesson.load(kwlesson.FICTIONAL).compare("harbour-light")
        >>> 'class="kw kw-large"' in view.large().page()
        True
        """
        other = copy.copy(self)
        other.is_large = True
        return other

    def text(self) -> str:
        """Give the text face.

        Returns
        -------
        str
        """
        return to_text("".join(self._parts))

    def draw(self, name: str, *arguments: object) -> Markup:
        """Draw one part of the view with a macro of its template.

        Parameters
        ----------
        name : str
            The macro.
        *arguments : object
            What it takes besides the facts.

        Returns
        -------
        Markup
        """
        return macro(f"{self.template}.html", name, self.facts, *arguments)

    def switch(self) -> Switch | None:
        """Give the panels to toggle.

        Returns
        -------
        Switch or None
            None where there is nothing to toggle.
        """
        return None

    def has_live_face(self) -> bool:
        """Say whether a notebook with a kernel can do more than the page does.

        Returns
        -------
        bool
            By itself a view is live where it has something to toggle.
        """
        return self._toggle is not None

    @cached_property
    def _toggle(self) -> Switch | None:
        """Draw the panels once: the page and the live face hold the same."""
        return self.switch()

    @cached_property
    def _parts(self) -> list[Markup]:
        """Draw the parts of the page once: its text is read off them."""
        switch = [self._toggle.page()] if self._toggle else []
        return [self.draw("opening"), *switch, self.draw("closing")]

    def page(self) -> str:
        """Give the page face: HTML that needs neither JavaScript nor a kernel.

        Returns
        -------
        str
        """
        return str(macro("view.html", "page", self, self._parts))

    def live(self) -> DOMWidget:
        """Give the live face: widgets that answer without a kernel.

        Returns
        -------
        ipywidgets.DOMWidget
        """
        import ipywidgets

        switch = self._toggle
        drawn = macro("view.html", "live_opening", self, self.draw("opening"))
        opening = ipywidgets.HTML(str(drawn))
        closing = ipywidgets.HTML(str(macro("view.html", "live", self.draw("closing"))))
        box = ipywidgets.VBox([opening, *(switch.live() if switch else ()), closing])
        if self.is_large:
            box.add_class("kw-large")
        return box

    def __repr__(self) -> str:
        """Give the text face."""
        return self.text()

    def _repr_mimebundle_(self, **_formats: object) -> dict[str, Any]:
        bundle: dict[str, Any] = {}
        if self.has_live_face():
            bundle |= self.live()._repr_mimebundle_()
        return bundle | {"text/plain": self.text(), "text/html": self.page()}
