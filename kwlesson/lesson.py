"""A lesson: its tables, and the views of them. A plural is a table, a verb is a view."""

from __future__ import annotations

from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.errors import LessonError
from kwlesson.tables import reader, rules, schema
from kwlesson.tables.store import Tables
from kwlesson.translation import in_its_language, speaking
from kwlesson.views.argue.view import argue
from kwlesson.views.ask.view import ask
from kwlesson.views.cite.view import cite
from kwlesson.views.compare.view import compare
from kwlesson.views.corroborate.view import corroborate
from kwlesson.views.define.view import define
from kwlesson.views.follow.view import follow
from kwlesson.views.gather.view import gather
from kwlesson.views.go_on.view import go_on
from kwlesson.views.keep.view import keep
from kwlesson.views.kit import stylesheet
from kwlesson.views.look_back.view import look_back
from kwlesson.views.mark.view import mark
from kwlesson.views.quote.view import quote
from kwlesson.views.read_codes.view import read_codes
from kwlesson.views.set_aside.view import set_aside
from kwlesson.views.tally.view import tally
from kwlesson.views.teach.view import teach
from kwlesson.views.timeline.view import timeline
from kwlesson.views.trace.view import trace
from kwlesson.views.where.view import where
from kwlesson.views.who.view import who

if TYPE_CHECKING:
    import os


class Lesson(Tables):
    """The tables of a lesson, and its views.

    Every table is a plural: a data frame of one's own, made when it is asked for, whose cells are
    the text of the table; a required whole number is an integer; an empty cell is the empty text.
    Each date column `d` (EDTF text) brings two more: `d_sort`, text that sorts in order of time,
    and `d_label`, the date as a person would say it. Undated events sort where `after` and `before`
    put them. The same rows without a data frame: `records`, `grouped`, `by_id` and `get`.

    Made by `load`.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    rows : dict of str to list of dict
        The rows of each table.
    id : str, optional
        The name under which the answers to its questions are kept.
    lang : str, optional
        The language that it is shown in, as BCP 47 names it.
    folder : Path, optional
        Where the tables lie; its notebooks are looked for beside them.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.SAMPLE)
    >>> lesson.accounts.label.tolist()
    ['Harbourmaster', 'Lamplighter']
    """

    compare = compare
    follow = follow
    where = where
    who = who
    quote = quote
    cite = cite
    trace = trace
    corroborate = corroborate
    set_aside = set_aside
    timeline = timeline
    ask = ask
    keep = keep
    go_on = go_on
    argue = argue
    look_back = look_back
    define = define
    teach = teach
    mark = mark
    tally = tally
    gather = gather
    read_codes = read_codes

    def __dir__(self) -> list[str]:
        """Leave out the views that have nothing to draw."""
        drawn = {name: getattr(getattr(self, name), "needs", "") for name in self.verbs()}
        idle = {name for name, table in drawn.items() if table and not self.records(table)}
        return [name for name in super().__dir__() if name not in idle]

    @classmethod
    def verbs(cls) -> list[str]:
        """Return the names of the views: the verbs of a lesson.

        Returns
        -------
        list of str
            In the order in which they stand above.

        Examples
        --------
        >>> import kwlesson
        >>> kwlesson.Lesson.verbs()[:2]
        ['compare', 'follow']
        """
        named = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
        return [name for name, value in named.items() if isinstance(value, FunctionType)]


for _verb in Lesson.verbs():
    setattr(Lesson, _verb, in_its_language(getattr(Lesson, _verb)))


def load(folder: str | os.PathLike[str] | None = None) -> Lesson:
    """Load a lesson from its folder of tables.

    Parameters
    ----------
    folder : path, optional
        A folder of CSV tables (UTF-8, header row, dates in EDTF), or one with such a folder `data`.
        Without one, the lesson that came with kwlesson.

    Returns
    -------
    Lesson

    Raises
    ------
    LessonError
        When anything in the folder is not as it must be; the message names file, row, column,
        value and remedy. Nothing is half loaded.

    Examples
    --------
    >>> import kwlesson
    >>> kwlesson.load(kwlesson.SAMPLE).quotes.plain[0]
    'I lit the lamp at dusk.'
    >>> kwlesson.load("no/such/folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kwlesson.errors.LessonError: no/such/folder: not a folder with a lesson: ...
    """
    tables = paths.tables_in(Path(folder or paths.DATA))
    layout, rows, problems = reader.read_folder(tables)
    problems = problems or rules.validate(layout, rows)
    if problems:
        raise LessonError.from_problems(problems)
    lesson = Lesson(layout, rows, schema.identity(tables), schema.language_of(tables), tables)
    with speaking(lesson.lang):
        stylesheet.install(lesson)
    return lesson
