"""What views have in common whose live face takes answers and keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.views.kit.render import macro
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from markupsafe import Markup

    from kwlesson.answers.widget import Worksheet


class Answered(View):
    """A view whose live face is a worksheet: drawn by a template, brought to life by a script.

    A view of this kind gives `part`, `form` and what its script needs to know; the text and page
    faces stay those of every view, and hold no answer.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.load(kwlesson.SAMPLE).keep().live().part
    'keep'
    """

    part = ""

    def form(self) -> Markup:
        """Draw what the learner fills in.

        Returns
        -------
        Markup
        """
        return self.draw("live")

    def script_facts(self) -> dict[str, Any]:
        """Give what the script needs to know besides.

        Returns
        -------
        dict
        """
        return {}

    def encoder(self) -> Callable[[Mapping[str, Any]], str] | None:
        """Give the function that makes a short code of the answers.

        Returns
        -------
        callable or None
            None where no code is shown.
        """
        return None

    def has_live_face(self) -> bool:
        """Say that answers can be kept where there is a kernel.

        Returns
        -------
        bool
        """
        return True

    def live(self) -> Worksheet:
        """Give the live face, which answers without a kernel and keeps answers with one.

        Returns
        -------
        Worksheet
        """
        from kwlesson.answers.widget import Worksheet

        html = macro("kit/frame.html", "live_opening", self, self.form())
        return Worksheet(str(html), self.part, self.script_facts(), self.encoder())
