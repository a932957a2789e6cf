"""The class picture: how a class answered, with names off unless they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from kwlesson.classroom.summary import summarise
from kwlesson.translation import _
from kwlesson.views.kit.render import macro
from kwlesson.views.kit.stylesheet import sheet
from kwlesson.views.kit.view import Panel, Switch, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kwlesson.classroom.gather import Learner, Skipped
    from kwlesson.tables.store import Tables


class ClassPicture(View):
    """A view of a class's answers, made of what `summarise` takes.

    Examples
    --------
    >>> import kwlesson
    >>> from kwlesson.classroom.gather import Learner
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> picture = ClassPicture([lesson], [Learner("a.json", "Ada", {"who-saw": "keeper"})])
    >>> "Ada" in picture.text() + picture.page()
    False
    """

    def __init__(
        self,
        lessons: Sequence[Tables],
        learners: Sequence[Learner],
        skipped: Sequence[Skipped] = (),
        notes: Sequence[Skipped] = (),
        *,
        names: bool = False,
    ) -> None:
        context = summarise(lessons, learners, skipped, notes, names=names)
        super().__init__(_("The class picture"), context)

    def switch(self) -> Switch:
        """Return a panel for each kind of answer."""
        parts = [
            (_("Ratings"), "ratings"),
            (_("Questions"), "spreads"),
            (_("Three tests"), "judged"),
            (_("Arguments"), "arguments"),
            (_("Written answers"), "written"),
            (_("Files"), "files"),
        ]
        return Switch(_("Show"), [Panel(label, self.draw(part)) for label, part in parts])

    def document(self) -> str:
        """Return the picture as a whole HTML document without any script, to be kept as a file."""
        return str(macro("gather/page.html", "document", self.title, Markup(self.page())))  # noqa: S704 - drawn by our templates

    def written_document(self) -> str:
        """Return the written answers alone as a whole HTML document, to be printed."""
        parts = [self.draw("arguments"), self.draw("written")]
        body = macro("gather/page.html", "printed", parts, sheet())
        return str(macro("gather/page.html", "document", _("Written answers"), body))


def gather(lesson: Tables, folder: str, *others: Tables, names: bool = False) -> ClassPicture:
    """Show how a class answered, from the answer files in a folder.

    Parameters
    ----------
    folder : str
        Holds the files loose, in subfolders or in zips; nothing in it is changed.
    *others : Tables
        More lessons whose questions the same learners answered.
    names : bool, optional
        Show the names that learners gave; otherwise they are numbered.

    Returns
    -------
    ClassPicture
        A view with three faces.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> lesson.gather("no/such/folder").context["skipped"][0].reason
    'there is no such folder yet: put the answer files there and run this again'
    """
    from kwlesson.classroom import gather as classroom

    path = Path(folder)
    if not path.exists():
        missing = _("there is no such folder yet: put the answer files there and run this again")
        skipped = [classroom.Skipped(folder, missing)]
        return ClassPicture([lesson, *others], [], skipped, names=names)
    found = classroom.gather(path, [lesson, *others])
    return ClassPicture([lesson, *others], *found, names=names)
