"""What every view has: three faces of the same rows, and the Switch that toggles panels."""

from __future__ import annotations

import copy
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from markupsafe import Markup

from kwlesson.translation import ENGLISH, _, direction, in_its_language, language
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.stylesheet import in_frames, style
from kwlesson.views.kit.text import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Self

    from ipywidgets import DOMWidget

    from kwlesson.tables.store import Tables


class Panel(NamedTuple):
    """One panel of a switch: the label of its choice, its HTML, and what draws it live instead."""

    label: str
    html: Markup
    live: Callable[[], DOMWidget] | None = None


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
    >>> from markupsafe import Markup
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
        return macro("kit/frame.html", "switch", self.legend, self.panels)

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
        shown = [
            panel.live()
            if panel.live
            else ipywidgets.HTML(str(macro("kit/frame.html", "live", panel.html)))
            for panel in self.panels
        ]
        stack = ipywidgets.Stack(shown, selected_index=0)
        ipywidgets.jslink((choice, "index"), (stack, "selected_index"))
        return [choice, stack]


class _Spoken:
    """Lets each face of a view speak the language in which the view was asked for."""

    _FACES = ("text", "draw", "page", "body", "stored", "published", "live", "figure", "form",
              "document", "written_document", "_repr_mimebundle_")  # fmt: skip

    def __init_subclass__(cls) -> None:
        for name in vars(cls).keys() & set(cls._FACES):
            setattr(cls, name, in_its_language(vars(cls)[name]))

    lang: str


class View(_Spoken):
    """Something to look at, drawn from rows alone, with three faces.

    *text* is what a log shows and a notebook test compares; *page* is HTML with every row, which
    toggles without a kernel; *live* is the same in widgets. A notebook shows the best it can.
    Every row that is shown is marked `data-row="table:id"` in the HTML faces.

    Its template lies beside its module: `page.html`, with the macros `opening` and `closing`, each
    of which takes `context`. The text is read off the page.

    Parameters
    ----------
    title : str
        What the view is of.
    context : dict
        What the templates draw beside the title: rows, and nothing that was not in the tables.
    """

    template = "page"

    def __init__(self, title: str, context: dict[str, Any]) -> None:
        self.title, self.lang = title, language()
        self.context = context | {"title": title}
        self.is_large = False

    @property
    def folder(self) -> str:
        """The folder in `views` that holds the view and its templates."""
        return type(self).__module__.split(".")[-2]

    @property
    def spoken(self) -> Markup:
        """The language as attributes of the outermost element; English needs none."""
        if self.lang == ENGLISH:
            return Markup()
        return Markup(' lang="{}" dir="{}"').format(self.lang, direction(self.lang))

    def large(self) -> Self:
        """Return the same view in letters for a projector.

        Returns
        -------
        View

        Examples
        --------
        >>> import kwlesson
        >>> view = kwlesson.load(kwlesson.SAMPLE).compare("harbour-light")
        >>> "kw-large" in view.body(), "kw-large" in view.large().body()
        (False, True)
        """
        other = copy.copy(self)
        other.is_large = True
        return other

    def text(self) -> str:
        """Return the text face.

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
            What it takes besides the context.

        Returns
        -------
        Markup
        """
        return macro(f"{self.folder}/{self.template}.html", name, self.context, *arguments)

    def switch(self) -> Switch | None:
        """Return the panels to toggle.

        Returns
        -------
        Switch or None
            None where there is nothing to toggle.
        """
        return None

    def has_live_face(self) -> bool:
        """Return whether a notebook with a kernel can do more than the page does.

        Returns
        -------
        bool
            By itself a view is live where it has something to toggle.
        """
        return self._toggle is not None

    def is_shown_live(self) -> bool:
        """Return whether a notebook shows the widgets: where they do more than the page can.

        Returns
        -------
        bool
            False under ipywidgets 7, which Colab has: the page toggles there, too.
        """
        if not self.has_live_face():
            return False
        import ipywidgets

        return hasattr(ipywidgets, "Stack")

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
        """Return the page face: HTML that needs neither JavaScript nor a kernel.

        Returns
        -------
        str
        """
        return f"{style()}{self.body()}"

    def body(self) -> str:
        """Return the page face without its stylesheet, which a notebook has once.

        Returns
        -------
        str
            HTML that toggles all the same.
        """
        return str(macro("kit/frame.html", "page", self, self._parts))

    def stored(self) -> str:
        """Return the page face as a notebook stores it, with whatever needs no kernel.

        Returns
        -------
        str
        """
        return self.body()

    def published(self) -> str:
        """Return the page face for a page of its own, to which no kernel ever comes.

        Returns
        -------
        str
        """
        return self.stored()

    def live(self) -> DOMWidget:
        """Return the live face: widgets that answer without a kernel.

        Returns
        -------
        ipywidgets.DOMWidget
        """
        import ipywidgets

        first, last = self._parts[0], self._parts[-1]
        switch = self._toggle.live() if self._toggle else []
        opening = ipywidgets.HTML(str(macro("kit/frame.html", "live_opening", self, first)))
        closing = ipywidgets.HTML(str(macro("kit/frame.html", "live", last)))
        box = ipywidgets.VBox([opening, *switch, closing])
        box.add_class(f"kw-view-{self.folder}")
        if self.is_large:
            box.add_class("kw-large")
        return box

    def __repr__(self) -> str:
        """Return the text face."""
        return self.text()

    def _repr_mimebundle_(
        self, **_formats: object
    ) -> dict[str, Any] | tuple[dict[str, Any], dict[str, Any]]:
        html = self.page() if in_frames() else self.stored()
        faces = {"text/plain": self.text(), "text/html": html}
        if not self.is_shown_live():
            return faces
        shown = self.live()._repr_mimebundle_()
        # Colab reads from the metadata how to draw a widget; elsewhere there is none.
        live, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return (live | faces, metadata) if metadata else live | faces


class NothingThere(View):
    """A sentence in place of a view, where a lesson has nothing that it could draw."""

    template = "nothing"

    def __init__(self, verb: str, table: str) -> None:
        super().__init__(verb.replace("_", " ").capitalize(), {})
        self._table = table

    @cached_property
    def _parts(self) -> list[Markup]:
        return [self.draw("sentence", self.title, self._table), Markup()]


Verb = TypeVar("Verb", bound="Callable[..., View]")


def needs(table: str) -> Callable[[Verb], Verb]:
    """Let a verb say so in a sentence where a lesson has no rows of the table that it draws.

    Parameters
    ----------
    table : str
        Name of the table.

    Returns
    -------
    callable
        What takes the verb, and returns it with a `needs` that names the table.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.Lesson.trace.needs
    'links'
    """

    def wrap(verb: Verb) -> Verb:
        @wraps(verb)
        def asked(lesson: Tables, *arguments: object, **named: object) -> View:
            if lesson.records(table):
                return verb(lesson, *arguments, **named)
            return NothingThere(verb.__name__, table)

        vars(asked)["needs"] = table
        return cast("Verb", asked)

    return wrap


class Answers(View):
    """What a view keeps back until a learner has judged, for whoever teaches.

    The template of the view draws it with its macro `answers`.

    Parameters
    ----------
    view : View
        The view.

    Examples
    --------
    >>> import kwlesson
    >>> answers = kwlesson.load(kwlesson.SAMPLE).compare("harbour-light", answers=True)
    >>> answers.title
    'For whoever teaches: Two accounts of one night'
    """

    def __init__(self, view: View) -> None:
        super().__init__(_("For whoever teaches: {title}").format(title=view.title), view.context)
        self._view = view

    @property
    def folder(self) -> str:
        """The folder of the view whose answers they are."""
        return self._view.folder

    @cached_property
    def _parts(self) -> list[Markup]:
        return [self.draw("answers", self.title), Markup()]
