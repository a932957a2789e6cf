"""The bar "your work": how much is kept and where, to save as a file and to bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.view import View, macro

if TYPE_CHECKING:
    from kwlesson.frames import Frames
    from kwlesson.worksheet import Worksheet


class Keeping(View):
    """A view of the learner's work as a whole.

    The text and page faces only say how work is kept; they read nothing and name no folder.

    Parameters
    ----------
    lesson : Frames
        The tables.

    Examples
    --------
    >>> import kwlesson
    >>> print(kwlesson.load(kwlesson.FICTIONAL).keep().text().splitlines()[0])
    Your work
    """

    def __init__(self, lesson: Frames) -> None:
        super().__init__("Your work", "keep", {})
        self._lesson = lesson

    def has_live_face(self) -> bool:
        """Say that work can be kept where there is a kernel.

        Returns
        -------
        bool
            Always true.
        """
        return True

    def live(self) -> Worksheet:
        """Give the live face: what is kept, and the buttons.

        Returns
        -------
        Worksheet
        """
        from kwlesson.codes import Codebook
        from kwlesson.salvage import LARGEST
        from kwlesson.worksheet import Worksheet

        html = macro("view.html", "live_opening", self, self.draw("live"))
        encode = Codebook(self._lesson).encode
        return Worksheet(str(html), "keep", {"largest": LARGEST}, encode)
