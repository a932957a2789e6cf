"""The answer codes of a class: a chat is pasted, and the class is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kwlesson.classroom.summary import summarise
from kwlesson.translation import _
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipywidgets import DOMWidget

    from kwlesson.tables.store import Tables


class CodeBoard(View):
    """A view of the answer codes in a chat, which are mistyped, and how a class answered."""

    def __init__(self, lessons: Sequence[Tables], chat: str) -> None:
        from kwlesson.answers.answer_code import Codebook
        from kwlesson.classroom.chat_parser import read_chat
        from kwlesson.classroom.gather import Learner, Skipped

        self._lessons = tuple(lessons)
        read = read_chat(chat, [Codebook(lesson) for lesson in self._lessons])
        learners = [Learner("", "", answers) for answers in read.answers]
        refused = [Skipped("chat", sentence) for sentence in read.refused]
        notes = [Skipped("chat", sentence) for sentence in read.notes]
        super().__init__(_("Answer codes"), summarise(self._lessons, learners, refused, notes))

    def has_live_face(self) -> bool:
        """Return True: wherever there is a kernel, a chat can be pasted."""
        return True

    def live(self) -> DOMWidget:
        """Return a box to paste a chat into, and under it what the codes say."""
        import ipywidgets

        box = ipywidgets.Textarea(
            description=_("Paste the chat here:"),
            layout={"width": "100%", "height": "8em"},
            style={"description_width": "initial"},
        )
        button = ipywidgets.Button(description=_("Show the class"))
        shown = ipywidgets.HTML(str(macro("kit/frame.html", "live", self.draw("seen"))))
        opening = macro("kit/frame.html", "live_opening", self, self.draw("heading"))

        def show(_button: object) -> None:
            other = CodeBoard(self._lessons, box.value)
            shown.value = str(macro("kit/frame.html", "live", other.draw("seen")))

        button.on_click(show)
        return ipywidgets.VBox([ipywidgets.HTML(str(opening)), box, button, shown])


def read_codes(lesson: Tables, chat: str = "", *others: Tables) -> CodeBoard:
    """Show how a class answered, from the answer codes in a chat, chatter and all.

    Parameters
    ----------
    chat : str, optional
        The chat as it was copied; live, there is a box to paste it into.
    *others : Tables
        More lessons whose questions the codes may be about.

    Returns
    -------
    CodeBoard
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.answers.answer_code import Codebook
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> code = Codebook(lesson).encode({"who-saw": "keeper"})
    >>> lesson.read_codes(f"Ada: {code} Ben: {code}").context["learners"]
    2
    """
    return CodeBoard([lesson, *others], chat)
