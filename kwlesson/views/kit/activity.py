"""What views have in common whose live face takes answers and keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.paths import PACKAGE
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markupsafe import Markup

    from kwlesson.answers.widget import AnswerWidget
    from kwlesson.tables.store import Tables


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

    def __init__(self, lesson: Tables, title: str, facts: dict[str, Any]) -> None:
        super().__init__(title, facts)
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

    def encoder(self) -> Callable[[Mapping[str, Any]], str] | None:
        """Return the function that makes a short code of the answers.

        Returns
        -------
        callable or None
            None where no code is shown.
        """
        return None

    def has_live_face(self) -> bool:
        """Return whether answers can be kept where there is a kernel.

        Returns
        -------
        bool
        """
        return True

    def live(self) -> AnswerWidget:
        """Return the live face, which answers without a kernel and keeps answers with one.

        Returns
        -------
        AnswerWidget
        """
        from kwlesson.answers.widget import AnswerWidget

        html = macro("kit/frame.html", "live_opening", self, self.form())
        script = PACKAGE / "views" / self.folder / "script.js"
        return AnswerWidget(
            str(html), script, self.script_context(), self.encoder(), self._lesson.id
        )
