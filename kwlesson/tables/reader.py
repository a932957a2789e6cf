"""Read a folder of tables; say everything that is wrong with a cell, a row or a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from kwlesson.errors import LessonError, Problem
from kwlesson.tables import edtf, schema

HEADER_ROW = 1
_MAX_FILE_BYTES = 20_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
# What a cell must be, told by a sign in the pattern that it misses.
_WRITTEN = {
    ";": "write whole numbers from 1 up, with ; between them",
    ":": "write table:id, such as points:soldiers",
}


class Row(dict[str, str]):
    """The cells of a row by column, and its number as a spreadsheet shows it."""

    __slots__ = ("number",)
    number: int


TableRows = dict[str, list[Row]]
Report = Callable[[Problem], None]


def read_folder(folder: Path) -> tuple[dict[str, schema.Table], TableRows, list[Problem]]:
    """Read every table of a lesson.

    Parameters
    ----------
    folder : Path
        A folder with one CSV file a table, and a datapackage.json where it adds to them.

    Returns
    -------
    layout : dict of str to Table
        What each table must look like: the binding columns and the folder's own additions.
    tables : dict of str to list of dict
        Rows of text by table name. A file that could not be read has no entry.
    problems : list of Problem
        What is wrong with files, headers, rows and cells; keys are not yet followed.

    Raises
    ------
    LessonError
        When the folder is no lesson at all.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> layout, tables, problems = read_folder(SAMPLE)
    >>> len(layout) == len(tables), problems
    (True, [])
    """
    layout = _layout(folder)
    tables: TableRows = {}
    problems: list[Problem] = []
    for name, table in layout.items():
        rows = _read_table(folder, table, problems.append)
        if rows is not None:
            tables[name] = rows
    return layout, tables, problems


def _layout(folder: Path) -> dict[str, schema.Table]:
    layout = schema.layout(folder)
    if not any(Path(folder, table.path).exists() for table in layout.values()):
        first, *others = [table.path for table in layout.values()]
        raise LessonError(
            f"{folder}: not a folder with a lesson: none of its tables is there; "
            f"name a folder that holds {first} and the {len(others)} others"
        )
    return layout


def _read_table(folder: Path, table: schema.Table, report: Report) -> list[Row] | None:
    found: list[Problem] = []
    rows = _read_rows(folder, table, found.append)
    # Row after row; what is wrong with the whole file often follows from a row.
    for problem in sorted(found, key=lambda problem: (not problem.row, problem.row)):
        report(problem)
    return rows


def _read_rows(folder: Path, table: schema.Table, report: Report) -> list[Row] | None:
    text = _read_text(folder, table, report)
    if text is None:
        return None
    header, *records = _records(table, text, report) or [[]]
    if not header:
        remedy = f"an empty file; give it the header {','.join(table.columns)} and its rows"
        report(Problem(table.path, 0, "", "", remedy))
        return None
    if not _header_fits(table, header, report):
        return None
    rows: list[Row] = []
    for number, cells in enumerate(records, start=HEADER_ROW + 1):
        if not cells:
            continue
        if len(cells) != len(header):
            remedy = (
                f"{len(cells)} cells under {len(header)} columns; "
                "give each column its cell and put quotation marks round a cell with a comma"
            )
            report(Problem(table.path, number, "", ",".join(cells), remedy))
            continue
        row = Row(zip(header, cells, strict=True))
        row.number = number
        rows.append(row)
    if not rows:
        report(Problem(table.path, 0, "", "", "a table without rows; give it at least one"))
    _check_cells(table, rows, report)
    _check_key(table, rows, report)
    return rows


def _read_text(folder: Path, table: schema.Table, report: Report) -> str | None:
    path = Path(folder, table.path)
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            remedy = (
                f"larger than {_MAX_FILE_BYTES // 1_000_000} MB; keep only the table itself in it"
            )
            report(Problem(table.path, 0, "", "", remedy))
            return None
        content = path.read_bytes()
    except FileNotFoundError:
        report(Problem(table.path, 0, "", "", f"file missing in {folder}; put it back"))
    except PermissionError:
        report(Problem(table.path, 0, "", "", "may not be read; give yourself read permission"))
    except OSError as error:
        why = error.strerror or "cannot be read"
        report(Problem(table.path, 0, "", "", f"{why}; put a CSV file in its place"))
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            report(_wrong_bytes(table, content, error))
    return None


def _wrong_bytes(table: schema.Table, content: bytes, error: UnicodeDecodeError) -> Problem:
    lines = content[: error.start].decode("latin-1").split("\n")
    header = content.split(b"\n", 1)[0].decode("latin-1").strip().split(",")
    cells = next(csv.reader([lines[-1]]), [""])
    column = header[min(len(cells) or 1, len(header)) - 1]
    word = content[max(0, error.start - 12) : error.start + 12].decode("latin-1")
    value = word.splitlines()[0] if word.splitlines() else ""
    return Problem(table.path, len(lines), column, value, "not UTF-8; save the file as UTF-8")


def _records(table: schema.Table, text: str, report: Report) -> list[list[str]]:
    records: list[list[str]] = []
    limit = csv.field_size_limit(len(text) + 1)
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        remedy = "a quotation mark too many or too few from here on; double each one in a cell"
        report(Problem(table.path, len(records) + 1, "", "", remedy))
    finally:
        csv.field_size_limit(limit)
    return records


def _header_fits(table: schema.Table, names: list[str], report: Report) -> bool:
    twice = {name for name in names if names.count(name) > 1}
    wrong = [
        (name, "no such column in this table; take it out")
        for name in names
        if name not in table.columns
    ]
    wrong += [(name, "column named twice; keep one") for name in twice if name in table.columns]
    wrong += [(name, "column missing; put it back") for name in table.columns if name not in names]
    for name, remedy in wrong:
        report(Problem(table.path, HEADER_ROW, name, "", remedy))
    return not wrong


def _check_cells(table: schema.Table, rows: list[Row], report: Report) -> None:
    for column in table.columns.values():
        # A column says the same thing many times: each is looked at once.
        remedies = {cell: _cell_remedy(column, cell) for cell in {row[column.name] for row in rows}}
        for row in rows if any(remedies.values()) else ():
            value = row[column.name]
            if remedies[value]:
                report(Problem(table.path, row.number, column.name, value, remedies[value]))


def _cell_remedy(column: schema.Column, value: str) -> str:  # noqa: PLR0911
    if not value:
        return "must not be empty" if column.required else ""
    if len(value) > column.longest:
        return f"longer than {column.longest:,} characters; shorten it"
    if not value.isprintable() and _CONTROL.search(value):
        return "holds a control character; type it again"
    if column.type == "date":
        try:
            edtf.parse(value)
        except ValueError as error:
            return str(error)
    elif column.enum and value not in column.enum:
        return f"write one of: {', '.join(column.enum)}"
    elif column.type == "boolean" and value not in {"yes", "no"}:
        return "write yes or no"
    elif column.type == "integer" and not _WHOLE_NUMBER.fullmatch(value):
        return "write a whole number from 1 up"
    elif column.pattern and not re.fullmatch(column.pattern, value):
        signs = (sign for sign in _WRITTEN if sign in column.pattern)
        return _WRITTEN.get(next(signs, ""), "write lower-case words joined by hyphens")
    return ""


def _check_key(table: schema.Table, rows: list[Row], report: Report) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row[name] for name in table.key)
        if key in seen:
            remedy = "stands on an earlier row too; every one needs its own"
            report(Problem(table.path, row.number, table.key[-1], " ".join(key), remedy))
        elif key:
            seen.add(key)
