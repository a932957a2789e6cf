"""A lesson: its tables as data frames, and the few joins that views need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kwlesson import chronology, dates, places, rules, schema, tables
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    import os

    import pandas as pd

    from kwlesson.compare import Comparison

Record = dict[str, Any]


class Lesson:
    """The tables of a lesson, and its views.

    A plural is a table, a verb is a view. Every table is a data frame whose cells are the text of
    the table; a required whole number is an integer; an empty cell is the empty text. Each date
    column `d` (EDTF text) brings two more: `d_sort`, text that sorts in order of time, and
    `d_label`, the date as a person would say it. Undated events sort where `after` and `before`
    put them.

    Made by `load`.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    rows : dict of str to list of dict
        The rows of each table.

    Examples
    --------
    >>> import kwlesson
    >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
    >>> lesson.accounts.label.tolist()
    ['Harbourmaster', 'Lamplighter']
    """

    sources: pd.DataFrame
    people: pd.DataFrame
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

    def __init__(self, layout: dict[str, schema.Table], rows: tables.Tables) -> None:
        for name, table in layout.items():
            setattr(self, name, _frame(table, rows[name]))
        self.table_names = tuple(layout)

    def __repr__(self) -> str:
        """Name the tables and how many rows each has."""
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in self.table_names)
        return f"Lesson with {sizes}"

    def records(self, table: str, **equal: str) -> list[Record]:
        """Give the rows of a table whose columns equal the given values.

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
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> [point["id"] for point in lesson.records("points", verdict="agree")]
        ['lamp']
        """
        rows: list[Record] = getattr(self, table).to_dict("records")
        return [row for row in rows if all(row[key] == value for key, value in equal.items())]

    def by_id(self, table: str) -> dict[str, Record]:
        """Give the rows of a table by their ids.

        Parameters
        ----------
        table : str
            Name of a table with ids.

        Returns
        -------
        dict of str to dict
        """
        return {row["id"]: row for row in self.records(table)}

    @property
    def beyond(self) -> frozenset[str]:
        """Ids of the sources beyond the base texts."""
        return frozenset(self.sources.id[self.sources.base == "no"])

    def compare(self, case: str, *, masked: bool = False) -> Comparison:
        """Set the accounts of a case side by side, point by point.

        Parameters
        ----------
        case : str
            Id of the case.
        masked : bool, optional
            Hide who reports: names, routes and sensitive rows.

        Returns
        -------
        Comparison
            A view with three faces.

        Raises
        ------
        LessonError
            When there is no such case; the message names those there are.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.FICTIONAL)
        >>> print(lesson.compare("harbour-light").text().splitlines()[0])
        Two accounts of one night
        """
        from kwlesson.compare import Comparison

        return Comparison(self, self.one("cases", case), masked=masked)

    def one(self, table: str, key: str) -> Record:
        """Give the row with an id.

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
        """
        rows = self.by_id(table)
        if key not in rows:
            import difflib

            near = difflib.get_close_matches(str(key), rows, n=3, cutoff=0.4) or sorted(rows)[:5]
            message = f"no row '{key}' in {table}; perhaps you meant: {', '.join(near)}"
            raise LessonError(message)
        return rows[key]


def load(folder: str | os.PathLike[str] | None = None) -> Lesson:
    """Load a lesson from its folder of tables.

    Parameters
    ----------
    folder : path, optional
        A folder with datapackage.json and its CSV tables (UTF-8, header row, dates in EDTF).
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
    >>> kwlesson.load(kwlesson.FICTIONAL).quotes.plain[0]
    'I lit the lamp at dusk.'
    >>> kwlesson.load("no/such/folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kwlesson.errors.LessonError: no/such/folder: not a folder with a lesson: ...
    """
    layout, rows, problems = tables.read_folder(Path(folder or places.DATA))
    problems = problems or rules.broken(layout, rows)
    if problems:
        raise LessonError.from_problems(problems)
    return Lesson(layout, rows)


def _frame(table: schema.Table, rows: list[tables.Row]) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, list[Any]] = {}
    for column in table.columns.values():
        cells: list[Any] = [row[column.name] for row in rows]
        if column.type == "integer" and column.required:
            cells = [int(cell) for cell in cells]
        columns[column.name] = cells
        if column.is_date and table.name != "events":
            known = [dates.parse(cell) if cell else None for cell in cells]
            columns[f"{column.name}_sort"] = [date.sort_key if date else "" for date in known]
            columns[f"{column.name}_label"] = [date.words if date else "" for date in known]
    if table.name == "events":
        columns["date_sort"] = [str(place) for place in chronology.places(rows)]
        columns["date_label"] = _event_labels(rows)
    return pd.DataFrame(columns)


def _event_labels(events: list[tables.Row]) -> list[str]:
    titles = {row["id"]: row["title"] for row in events}
    labels = []
    for row in events:
        label = dates.label(row["date"], row["date_words"], row["derived"])
        neighbours = [f"{side}: {titles[row[side]]}" for side in ("after", "before") if row[side]]
        labels.append(label if row["date"] else "; ".join([label, *neighbours]))
    return labels
