"""The tables of a lesson as data frames, and the few joins that views need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kwlesson.errors import LessonError
from kwlesson.tables import edtf, event_order

if TYPE_CHECKING:
    import pandas as pd

    from kwlesson.tables import reader, schema

Record = dict[str, Any]


class Tables:
    """The tables, each a data frame under its own name.

    Parameters
    ----------
    layout : dict of str to Table
        The columns of each table.
    rows : dict of str to list of dict
        The rows of each table.
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

    def __init__(self, layout: dict[str, schema.Table], rows: reader.TableRows) -> None:
        for name, table in layout.items():
            setattr(self, name, _frame(table, rows[name]))
        self.table_names = tuple(layout)

    def __repr__(self) -> str:
        """Name the tables and how many rows each has."""
        sizes = ", ".join(f"{len(getattr(self, name))} {name}" for name in self.table_names)
        return f"Lesson with {sizes}"

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
        frame: pd.DataFrame = getattr(self, table)
        for column, value in equal.items():
            frame = frame[frame[column] == value]
        rows: list[Record] = frame.to_dict("records")  # type: ignore[assignment]
        return rows

    def grouped(self, table: str, column: str) -> dict[str, list[Record]]:
        """Return the rows of a table by the value of a column.

        Parameters
        ----------
        table, column : str
            Names of the table and of its column.

        Returns
        -------
        dict of str to list of dict
            In the order of the table.

        Examples
        --------
        >>> import kwlesson
        >>> lesson = kwlesson.load(kwlesson.SAMPLE)
        >>> sorted(lesson.grouped("hands", "status"))
        ['documented', 'presumed']
        """
        groups: dict[str, list[Record]] = {}
        for row in self.records(table):
            groups.setdefault(row[column], []).append(row)
        return groups

    def by_id(self, table: str) -> dict[str, Record]:
        """Return the rows of a table by their ids.

        Parameters
        ----------
        table : str
            Name of a table with ids.

        Returns
        -------
        dict of str to dict

        Examples
        --------
        >>> import kwlesson
        >>> kwlesson.load(kwlesson.SAMPLE).by_id("terms")["agree"]["mark"]
        '≡'
        """
        return {row["id"]: row for row in self.records(table)}

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
        >>> lesson.get("events", "inquest")
        Traceback (most recent call last):
        kwlesson.errors.LessonError: no row 'inquest' in events; perhaps you meant: inquiry
        """
        rows = self.by_id(table)
        if key not in rows:
            import difflib

            near = difflib.get_close_matches(str(key), rows, n=3, cutoff=0.5) or list(rows)[:5]
            message = f"no row '{key}' in {table}; perhaps you meant: {', '.join(near)}"
            raise LessonError(message)
        return rows[key]

    @property
    def later_source_ids(self) -> frozenset[str]:
        """Ids of the sources beyond the base texts."""
        return frozenset(self.sources.id[self.sources.base == "no"])


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


def _frame(table: schema.Table, rows: list[reader.Row]) -> pd.DataFrame:
    import pandas as pd

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
    return pd.DataFrame(columns)


def _event_labels(events: list[reader.Row]) -> list[str]:
    titles = {row["id"]: row["title"] for row in events}
    labels = []
    for row in events:
        label = edtf.label(row["date"], row["date_words"], row["derived"])
        neighbours = [f"{side}: {titles[row[side]]}" for side in ("after", "before") if row[side]]
        labels.append(label if row["date"] else "; ".join([label, *neighbours]))
    return labels
