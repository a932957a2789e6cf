"""The bar "your work": how much is kept and where, to save as a file and to bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.translation import _
from kwlesson.views.kit.activity import FormView

if TYPE_CHECKING:
    from kwlesson.tables.store import Tables


class SaveBar(FormView):
    """A view of the learner's work as a whole.

    The text and page faces only say how work is kept; they read nothing and name no folder.
    """

    def __init__(self, lesson: Tables) -> None:
        super().__init__(lesson, _("Your work"), {})

    def script_context(self) -> dict[str, Any]:
        """Return what the script needs to know besides."""
        from kwlesson.answers.answer_code import Codebook
        from kwlesson.answers.file_format import MAX_FILE_BYTES
        from kwlesson.answers.workbook import is_shared

        codes = Codebook(self._lesson).layout()
        return {"largest": MAX_FILE_BYTES, "shared": is_shared(), "codes": codes}


def keep(lesson: Tables) -> SaveBar:
    """Show what is kept of the learner's work, to be saved as a file and brought back.

    Returns
    -------
    SaveBar
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> print(lesson.keep().title)
    Your work
    """
    return SaveBar(lesson)
