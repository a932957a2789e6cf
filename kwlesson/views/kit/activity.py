"""What views have in common whose live face takes answers and keeps them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kwlesson.paths import PACKAGE
from kwlesson.views.kit.page_script import LIVE_ALONE, pack
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.stylesheet import in_frames, style
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from kwlesson.answers.widget import AnswerWidget
    from kwlesson.tables.store import Tables

# Whoever runs no script takes the form for one, and leaves it.
_FORM = Markup(
    '<script type="text/plain" class="kw-form" data-lesson="{}" data-view="{}">{}</script>'
)


class FormView(View):
    """A view whose live face is a form that keeps answers.

    The form is drawn by the view's template and brought to life by `script.js` beside it. The text
    and page faces stay those of every view, and hold no answer.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.load(kwlesson.SAMPLE).ask("who-saw").live().context["kind"]
    'choice'
    """

    def __init__(self, lesson: Tables, title: str, context: dict[str, Any]) -> None:
        super().__init__(title, context)
        self._lesson = lesson

    def form(self) -> Markup:
        """Draw what the learner fills in.

        Returns
        -------
        Markup
        """
        return self.draw("live")

    def script_context(self) -> dict[str, Any]:
        """Return what the script needs to know besides.

        Returns
        -------
        dict
        """
        return {}

    def has_live_face(self) -> bool:
        """Return whether answers can be kept where there is a kernel.

        Returns
        -------
        bool
        """
        return True

    def stored(self) -> str:
        """Return what a notebook stores: the page, and the form, which a script brings to life.

        The form is packed: GitHub, a printer or an untrusted notebook shows nothing of it.

        Returns
        -------
        str

        Examples
        --------
        >>> import kwlesson
        >>> view = kwlesson.load(kwlesson.SAMPLE).ask("who-saw")
        >>> "He speaks with the most confidence" in view.stored()
        False
        """
        return self.body() if self.folder in LIVE_ALONE else self.published()

    def published(self) -> str:
        """Return the page, and the form, which a script brings to life, however large it is.

        Returns
        -------
        str
        """
        if not self.has_live_face():
            return self.body()
        page, form = self._parts, self.form()
        own = None if form == Markup().join(page) else form
        packed = pack(json.dumps({"html": own, "context": self.script_context()}))
        kept = _FORM.format(self._lesson.id, self.folder, packed)
        return str(macro("kit/frame.html", "stored", self, page, kept))

    def is_shown_live(self) -> bool:
        """Return whether a notebook needs the widget: where no script of the page reaches it."""
        return self.folder in LIVE_ALONE or in_frames()

    def live(self) -> AnswerWidget:
        """Return the live face, which answers without a kernel and keeps answers with one.

        Returns
        -------
        AnswerWidget
        """
        from kwlesson.answers.widget import AnswerWidget

        html = macro("kit/frame.html", "live_opening", self, self.form())
        if in_frames():
            html = style() + html
        script = PACKAGE / "views" / self.folder / "script.js"
        return AnswerWidget(str(html), script, self.script_context(), self._lesson.id)


class PageForm(FormView):
    """A form view whose page is the form: it answers without a script, which only keeps answers."""

    def form(self) -> Markup:
        """Draw what the learner fills in: the page itself.

        Returns
        -------
        Markup
        """
        return Markup().join(self._parts)
