"""A lesson in one Excel workbook, a sheet a table, and back: values alone, and all of them text."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from kwlesson.authoring.check import REFERENCES
from kwlesson.errors import LessonError
from kwlesson.tables import reader, schema, spreadsheets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Files of a lesson that are no tables: a line of one is a row of its sheet.
_FILES = (schema.DESCRIPTOR, REFERENCES)
_MAX_UNPACKED = 100_000_000
_LONGEST_CELL = 32_767  # of a workbook
_TEXT = "@"


def _openpyxl() -> Any:  # noqa: ANN401 - optional, and without types
    try:
        import openpyxl
    except ImportError:
        raise LessonError(
            'a workbook needs the package openpyxl: pip install "kwlesson[excel]", '
            "or save each sheet as a CSV file"
        ) from None
    return openpyxl


def write(folder: Path, workbook: Path) -> None:
    """Write a lesson into a workbook, a sheet a table.

    Every cell is text, whatever it looks like: nothing in it is worked out when it is opened.

    Parameters
    ----------
    folder : Path
        The tables.
    workbook : Path
        A file that is not there yet.

    Raises
    ------
    LessonError
        When the file is there, cannot be written, or holds more than a workbook can; when a table
        cannot be read; when openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    if workbook.exists():
        raise LessonError(f"{workbook}: is there already; name another file, or move it away")
    layout, _, problems = reader.read_folder(folder)
    if problems:
        raise LessonError.from_problems(problems)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in layout.items():
        path = folder / table.path
        if path.exists():
            _fill(book.create_sheet(name), reader.read_cells(path.read_bytes(), table))
    for name in _FILES:
        if (folder / name).exists():
            lines = (folder / name).read_text(encoding="utf-8-sig").splitlines()
            _fill(book.create_sheet(name), ([line] for line in lines))
    try:
        book.save(workbook)
    except OSError as error:
        raise LessonError(f"{workbook}: cannot be written ({error.strerror})") from None


def _fill(sheet: Any, rows: Iterable[list[str]]) -> None:  # noqa: ANN401
    width = 0
    for number, cells in enumerate(rows, start=1):
        width = max(width, len(cells))
        for place, value in enumerate(cells, start=1):
            if len(value) > _LONGEST_CELL:
                where = f"{sheet.title}, {spreadsheets.letters(place - 1)}{number}"
                raise LessonError(f"{where}: longer than a cell of a workbook may be; shorten it")
            if value:
                cell = sheet.cell(number, place, value)
                cell.data_type, cell.number_format = "s", _TEXT
    # Cells that are still empty are text, too: no date that is typed there becomes another.
    for place in range(width):
        sheet.column_dimensions[spreadsheets.letters(place)].number_format = _TEXT


def read(workbook: Path) -> dict[str, str]:
    """Read the files of a lesson from a workbook.

    Parameters
    ----------
    workbook : Path
        A sheet a table, with its name.

    Returns
    -------
    dict of str to str
        What each file of the lesson's folder says.

    Raises
    ------
    LessonError
        When it is no workbook; when a sheet is no table; when a cell holds a formula, or what a
        spreadsheet made of something else, with the cell; when openpyxl is not installed.
    """
    openpyxl = _openpyxl()
    if not workbook.is_file():
        raise LessonError(f"{workbook}: no such file; name an Excel workbook (xlsx)")
    sheets = None
    try:
        with zipfile.ZipFile(workbook) as packed, warnings.catch_warnings():
            if sum(one.file_size for one in packed.infolist()) <= _MAX_UNPACKED:
                warnings.simplefilter("ignore")  # on charts and menus, of which a table needs none
                sheets = openpyxl.load_workbook(workbook, keep_links=False).worksheets
    except Exception as error:  # noqa: BLE001 - whatever openpyxl meets in a file of another kind
        raise LessonError(
            f"{workbook}: not an Excel workbook (xlsx) that can be read ({type(error).__name__}); "
            "save it as one"
        ) from None
    if sheets is None:
        raise LessonError(f"{workbook}: larger than any lesson; keep only the tables in it")
    return dict(_file(workbook, sheet) for sheet in sheets)


def _file(workbook: Path, sheet: Any) -> tuple[str, str]:  # noqa: ANN401
    name = sheet.title.strip()
    rows = [[_said(workbook, cell) for cell in row] for row in sheet.iter_rows()]
    width = max((place for row in rows for place, cell in enumerate(row, 1) if cell), default=0)
    while rows and not any(rows[-1]):
        rows.pop()
    if name in _FILES:
        return name, "".join(f"{row[0]}\n" for row in rows)
    if not name.isidentifier():
        raise LessonError(
            f"{workbook}: sheet '{name}': not the name of a table, such as "
            f"{', '.join(list(schema.binding())[:3])}; rename the sheet, or take it out"
        )
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(row[:width] for row in rows)
    return f"{name}.csv", text.getvalue()


def _said(workbook: Path, cell: Any) -> str:  # noqa: ANN401
    """Return what somebody wrote in a cell, or name the cell where nobody can tell."""
    value, why = cell.value, ""
    if cell.data_type == "f":
        why = "a formula; write what it says"
    elif isinstance(value, datetime) and "d" not in cell.number_format.lower():
        why = "a month or year that a spreadsheet took for a day; format the cell as text"
    elif isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    elif value is not None and not isinstance(value, bool | int | float | str):
        why = "a time that a spreadsheet works out; format the cell as text"
    elif isinstance(value, bool):
        return "yes" if value else "no"
    if why:
        place = f"{workbook}: {cell.parent.title}, {cell.coordinate}"
        raise LessonError(f"{place}: '{value}': {why}, and write it again")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
