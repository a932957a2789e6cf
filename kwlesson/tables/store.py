"""The rows of a lesson, the few joins that views need, and a data frame for whoever asks."""

from __future__ import annotations

import sys
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from kwlesson.errors import LessonError, nearest, perhaps
from kwlesson.tables import edtf, event_order, schema
from kwlesson.tables.notebook_title import notebook_title
from kwlesson.translation import ENGLISH, _, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from kwlesson.tables import reader

Record = dict[str, Any]


class ReadOnlyRow(Record):
    """A row that all views share: `row | {...}` and a copy are dicts of one's own.

    Examples
    --------
    >>> row = ReadOnlyRow(id="oar", mark="")
    >>> row | {"mark": "=", "first": True}
    {'id': 'oar', 'mark': '=', 'first': True}
    >>> row["mark"] = "="
    Traceback (most recent call last):
    TypeError: the views of a lesson share its rows: change a copy, such as dict(row)
    """

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("the views of a lesson share its rows: change a copy, such as dict(row)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[type[Record], tuple[Record]]:
        """Copy and pickle as a dict."""
        return dict, (dict(self),)


class Tables:
    """The tables: rows for views, and each under its own name as a data frame of one's own.

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
    """

    sources: pd.DataFrame
    people: pd.DataFrame
    names: pd.DataFrame
    cases: pd.DataFrame
    routes: pd.DataFrame
    hands: pd.DataFrame
    accounts: pd.DataFrame
    points: pd.DataFrame
    claims: pd.DataFrame
    quotes: pd.DataFrame
    events: pd.DataFrame
    links: pd.DataFrame
    supports: pd.DataFrame
    corroborations: pd.DataFrame
    notes: pd.DataFrame
    questions: pd.DataFrame
    choices: pd.DataFrame
    terms: pd.DataFrame
    plan: pd.DataFrame
    places: pd.DataFrame
    outlines: pd.DataFrame

    def __init__(
        self,
        layout: dict[str, schema.Table],
        rows: reader.TableRows,
        id: str = schema.OWN_LESSON,  # noqa: A002 - the name that it has everywhere
        lang: str = ENGLISH,
        folder: Path | None = None,
    ) -> None:
        self._layout, self._cells, self.id, self.lang = layout, rows, id, lang
        self._folder = folder
        self._rows: dict[str, tuple[Record, ...]] = {}
        self._groups: dict[tuple[str, str], Mapping[Any, tuple[Record, ...]]] = {}
        self._ids: dict[str, Mapping[str, Record]] = {}

    def __reduce__(
        self,
    ) -> tuple[type[Tables], tuple[object, ...]]:
        """Copy and pickle what was read; the rest is made again."""
        return type(self), (self._layout, self._cells, self.id, self.lang, self._folder)

    def __repr__(self) -> str:
        """Name the tables and how many rows each has."""
        sizes = ", ".join(f"{len(rows)} {name}" for name, rows in self._cells.items() if rows)
        return f"Lesson with {sizes}"

    def __dir__(self) -> list[str]:
        """List the tables that have rows beside the views: both can be asked for."""
        return [*super().__dir__(), *(name for name, rows in self._cells.items() if rows)]

    if not TYPE_CHECKING:  # a checker knows the tables by the names above

        def __getattr__(self, name: str) -> pd.DataFrame:
            """Return a table as a data frame, made anew: changing it changes no view."""
            if name.startswith("_") or name not in self._layout:
                near = "" if name.startswith("_") else perhaps(nearest(name, dir(self)))
                raise AttributeError(f"a lesson has no table or view '{name}'{near}")
            try:
                import pandas as pd
            except ImportError:
                is_browser = sys.platform == "emscripten"
                how = "run `kwlesson lab` on your machine" if is_browser else "pip install pandas"
                message = (
                    f"lesson.{name} is a data frame, which needs pandas: {how} "
                    f"(lesson.records('{name}') gives the same rows without it)"
                )
                raise LessonError(message) from None
            return pd.DataFrame(list(self._table(name)))

    @property
    def table_names(self) -> tuple[str, ...]:
        """The names of the tables, in their order."""
        return tuple(self._layout)

    def _table(self, name: str) -> tuple[Record, ...]:
        """Return the rows of a table; what they do not say in so many words is worked out once."""
        if name not in self._rows:
            if name not in self._layout:
                raise LessonError(f"no table '{name}'{perhaps(nearest(name, self._layout))}")
            with speaking(self.lang):
                columns = _columns(self._layout[name], self._cells[name])
            cells = zip(*columns.values(), strict=True)
            self._rows[name] = tuple(ReadOnlyRow(zip(columns, row, strict=True)) for row in cells)
        return self._rows[name]

    def notebook_title(self, name: str) -> str:
        """Return how a notebook of the lesson is headed.

        Parameters
        ----------
        name : str
            The name of its file, without `.ipynb`.

        Returns
        -------
        str
            What the name says, where there is no such notebook.
        """
        return notebook_title(name, self._folder)

    def records(self, table: str, **equal: str) -> list[Record]:
        """Return the rows of a table whose columns equal the given values.

        Parameters
        ----------
        table : str
            Name of the table.
        **equal : str
            Column and value.

        Returns
        -------
        list of dict
            In the order of the table.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.SAMPLE)
        >>> [point["id"] for point in lesson.records("points", verdict="agree")]
        ['lamp']
        """
        rows: Sequence[Record] = self._table(table)
        for place, (column, value) in enumerate(equal.items()):
            if place:
                rows = [row for row in rows if row[column] == value]
            else:
                rows = self.grouped(table, column).get(value, ())
        return list(rows)

    def grouped(self, table: str, column: str) -> Mapping[str, Sequence[Record]]:
        """Return the rows of a table by the value of a column.

        Parameters
        ----------
        table, column : str
            Names of the table and of its column.

        Returns
        -------
        mapping of str to sequence of dict
            In the order of the table.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.SAMPLE)
        >>> sorted(lesson.grouped("hands", "status"))
        ['documented', 'presumed']
        """
        if (table, column) not in self._groups:
            groups: dict[str, list[Record]] = {}
            for row in self._table(table):
                if column not in row:
                    near = perhaps(nearest(column, row))
                    raise LessonError(f"no column '{column}' in {table}{near}")
                groups.setdefault(row[column], []).append(row)
            frozen = {value: tuple(rows) for value, rows in groups.items()}
            self._groups[table, column] = MappingProxyType(frozen)
        return self._groups[table, column]

    def by_id(self, table: str) -> Mapping[str, Record]:
        """Return the rows of a table by their ids.

        Parameters
        ----------
        table : str
            Name of a table with ids.

        Returns
        -------
        mapping of str to dict

        Examples
        --------
        >>> import kwlesson
        >>> kwlesson.load(kwlesson.SAMPLE).by_id("terms")["agree"]["mark"]
        '≡'
        """
        if table not in self._ids:
            self._ids[table] = MappingProxyType({row["id"]: row for row in self._table(table)})
        return self._ids[table]

    def get(self, table: str, key: str) -> Record:
        """Return the row with an id.

        Parameters
        ----------
        table : str
            Name of a table with ids.
        key : str
            The id.

        Returns
        -------
        dict

        Raises
        ------
        LessonError
            When there is none; the message names the nearest.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.SAMPLE)
        >>> lesson.get("events", "enquiry")
        Traceback (most recent call last):
        kwlesson.errors.LessonError: no row 'enquiry' in events; perhaps you meant: inquiry
        """
        rows = self.by_id(table)
        if key not in rows:
            near = perhaps(nearest(str(key), rows)) or f"; there are: {', '.join(list(rows)[:5])}"
            raise LessonError(f"no row '{key}' in {table}{near}")
        return rows[key]

    def words(self, column: str) -> Mapping[str, Record]:
        """Return the terms that a column may name, by their ids.

        Parameters
        ----------
        column : str
            The column, as table.column.

        Returns
        -------
        mapping of str to dict
            In the order of `terms`.

        Examples
        --------
        >>> import kwlesson
        >>> kwlesson.load(kwlesson.SAMPLE).words("sources.kind")["diary"]["plural"]
        'diaries'
        """
        if column not in self._ids:
            found = {
                row["id"]: row for row in self._table("terms") if column in row["of"].split(";")
            }
            self._ids[column] = MappingProxyType(found)
        return self._ids[column]

    def sense(self, column: str, word: str) -> str:
        """Return what a word counts as.

        Parameters
        ----------
        column : str
            The column that names it, as table.column.
        word : str
            Id of the term.

        Returns
        -------
        str
            Empty where it counts as nothing.

        Examples
        --------
        >>> import kwlesson
        >>> kwlesson.load(kwlesson.SAMPLE).sense("hands.act", "swore")
        'speaks'
        """
        words = self.words(column)
        return str(words[word]["sense"]) if word in words else ""

    @cached_property
    def later_source_ids(self) -> frozenset[str]:
        """Ids of the sources beyond the base texts."""
        return frozenset(row["id"] for row in self.records("sources", base="no"))


def questions_with_choices(*lessons: Tables) -> list[Record]:
    """Return the questions of lessons in the order in which a learner meets them.

    Parameters
    ----------
    *lessons : Tables
        The tables.

    Returns
    -------
    list of dict
        Rows of `questions`, each with its rows of `choices`.

    Examples
    --------
    >>> import kwlesson
    >>> [row["notebook"] for row in questions_with_choices(kwlesson.load(kwlesson.SAMPLE))][:2]
    ['00', '01']
    """
    questions: list[Record] = []
    for lesson in lessons:
        choices = lesson.grouped("choices", "question")
        rows = lesson.records("questions")
        questions += [row | {"choices": choices.get(row["id"], [])} for row in rows]
    return sorted(questions, key=lambda row: (row["notebook"], row["order"]))


def _columns(table: schema.Table, rows: list[reader.Row]) -> dict[str, list[Any]]:
    """Return the cells of a table by column: whole numbers as such, and two more for each date."""
    columns: dict[str, list[Any]] = {}
    for column in table.columns.values():
        cells: list[Any] = [row[column.name] for row in rows]
        if column.type == "integer" and column.required:
            cells = [int(cell) for cell in cells]
        columns[column.name] = cells
        if column.is_date and table.name != "events":
            known = [edtf.parse(cell) if cell else None for cell in cells]
            columns[f"{column.name}_sort"] = [date.sort_key if date else "" for date in known]
            columns[f"{column.name}_label"] = [date.words if date else "" for date in known]
    if table.name == "events":
        columns["date_sort"] = [str(place) for place in event_order.places(rows)]
        columns["date_label"] = _event_labels(rows)
    return columns


def _event_labels(events: list[reader.Row]) -> list[str]:
    titles = {row["id"]: row["title"] for row in events}
    sides = {"after": _('after "{title}"'), "before": _('before "{title}"')}
    labels = []
    for row in events:
        label = edtf.label(row["date"], row["date_words"], row["derived"])
        beside = [said.format(title=titles[row[key]]) for key, said in sides.items() if row[key]]
        undated = ", ".join([label, _(" and ").join(beside)] if beside else [label])
        labels.append(label if row["date"] else undated)
    return labels
