"""Read a folder of tables; say everything that is wrong with a cell, a row or a file."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kwlesson.errors import LessonError, LessonWarning, Problem, shortlist
from kwlesson.tables import edtf, schema, spreadsheets
from kwlesson.translation import _, speaking

HEADER_ROW = 1
SAID = ("term", "meaning", "plural", "sentence", "alone")  # of a term, its words
TERMS = "terms"  # the table of which a part comes with the package
_MAX_FILE_BYTES = 20_000_000
_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384  # of a spreadsheet
_SHOWN = 20  # letters on both sides of a wrong one
# Compiled where they are needed, which is in few tables.
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
# Joiners are part of the spelling between letters of Arabic and Indian scripts alone.
_INVISIBLE = (
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    r"|(?<![\u0600-\u0dff])[\u200c\u200d]"
)
_NAMES = {"name", "also_known_as", "native_name", "label"}
_OTHER_BYTES = "[\udc80-\udcff]+"
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Row(dict[str, str]):
    """The cells of a row by column, and its number as a spreadsheet shows it."""

    __slots__ = ("number",)
    number: int


TableRows = dict[str, list[Row]]
Lines = dict[int, list[str]]  # cells by the number that a spreadsheet shows


class _Report(NamedTuple):
    """What is wrong with a table, and what was read though it is not as it should be."""

    table: schema.Table
    problems: list[Problem]
    notes: list[str]

    def wrong(self, row: int, column: str, value: str, remedy: str) -> None:
        self.problems.append(Problem(self.table.path, row, column, value, remedy))


def read_folder(folder: Path) -> tuple[dict[str, schema.Table], TableRows, list[Problem]]:
    """Read every table of a lesson.

    What a spreadsheet has done harmlessly to a table is read, and told by one `LessonWarning`.

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
    read_as: list[str] = []
    for name, table in layout.items():
        report = _Report(table, [], [])
        rows = _read_rows(folder, report)
        if rows is not None:
            tables[name] = rows
        # Row after row; what is wrong with the whole file often follows from a row.
        problems += sorted(report.problems, key=lambda problem: (not problem.row, problem.row))
        if report.notes:
            read_as.append(f"{table.path}: read as {'; '.join(report.notes)}")
    if TERMS in tables:
        tables[TERMS] = _with_shared(tables[TERMS], layout[TERMS], schema.language_of(folder))
    if read_as:
        warnings.warn(LessonWarning("\n".join(read_as)), stacklevel=3)
    return layout, tables, problems


def read_as_it_is(content: bytes, table: schema.Table) -> list[Row]:
    r"""Read the rows of a table, right or wrong.

    Parameters
    ----------
    content : bytes
        The file.
    table : Table
        What it should look like.

    Returns
    -------
    list of Row
        Empty cells are left out.

    Examples
    --------
    >>> read_as_it_is(b"id,term,mood\noar,,blue", schema.binding()["terms"])
    [{'id': 'oar', 'mood': 'blue'}]
    """
    header, *rows = _cells(content, table).items() or [(0, [])]
    names = [spreadsheets.column_meant(cell) for cell in header[1]]
    found = []
    for number, cells in rows:
        row = Row((name, cell) for name, cell in zip(names, cells, strict=False) if name and cell)
        row.number = number
        found.append(row)
    return found


def read_cells(content: bytes, table: schema.Table) -> list[list[str]]:
    r"""Read the rows of a table as they are written, the header first.

    Parameters
    ----------
    content : bytes
        The file.
    table : Table
        What it should look like.

    Returns
    -------
    list of list of str
        Without the rows that are empty.

    Examples
    --------
    >>> read_cells(b"id;term\n\noar;", schema.binding()["terms"])
    [['id', 'term'], ['oar', '']]
    """
    return list(_cells(content, table).values())


def _cells(content: bytes, table: schema.Table) -> Lines:
    text, _ = spreadsheets.decode(content)
    return _lines(text or "", _Report(table, [], []))[1]


@cache
def shared_terms() -> tuple[Row, ...]:
    """Return the words that every lesson has, as they come with the package.

    Returns
    -------
    tuple of Row
        Empty cells are left out.

    Examples
    --------
    >>> shared_terms()[0]["term"]
    'agree'
    """
    content = Path(__file__).with_name(f"{TERMS}.csv").read_bytes()
    return tuple(read_as_it_is(content, schema.binding()[TERMS]))


def _with_shared(own: list[Row], table: schema.Table, spoken: str) -> list[Row]:
    """Add the words that every lesson has; a row of the folder's own says one of them otherwise."""
    by_id = {row["id"]: row for row in own}
    shared = []
    with speaking(spoken):
        words = [
            {name: _(cell) if name in SAID else cell for name, cell in word.items()}
            for word in shared_terms()
        ]
    for word in words:
        said = by_id.pop(word["id"], Row())
        row = Row((name, said.get(name) or word.get(name, "")) for name in table.columns)
        row.number = getattr(said, "number", 0)
        shared.append(row)
    return [*shared, *by_id.values()]


def _layout(folder: Path) -> dict[str, schema.Table]:
    layout = schema.layout(folder)
    if not any(Path(folder, table.path).exists() for table in layout.values()):
        needed = ", ".join(table.path for table in layout.values() if not table.optional)
        raise LessonError(
            f"{folder}: not a folder with a lesson: none of its tables is there; "
            f"name a folder that holds {needed}"
        )
    return layout


def _read_rows(folder: Path, report: _Report) -> list[Row] | None:
    table = report.table
    if table.optional and not Path(folder, table.path).exists():
        return []
    text = _read_text(folder, report)
    if text is None:
        return None
    lines, said, separator = _lines(text, report)
    if not said or _has_other_bytes(text, said, report):
        if not report.problems:
            needed = [name for name, column in table.columns.items() if column.required]
            remedy = f"an empty file; give it the header {','.join(needed)} and its rows"
            report.wrong(0, "", "", remedy)
        return None
    number = next(iter(said))
    header = [spreadsheets.column_meant(cell) for cell in said.pop(number)]
    if not _header_fits(number, header, report):
        return None
    if separator != ",":
        report.notes.append(f"cells parted by {spreadsheets.SEPARATORS[separator]}")
    if number != HEADER_ROW:
        report.notes.append(f"a table that begins in row {number}")
    empty = sum(map(bool, lines.values())) - len(said) - 1
    if empty:
        report.notes.append(f"a table without {_counted(empty, 'empty row')}")
    rows = _rows(header, said, text.endswith(("\n", "\r")), report)
    if not (said or table.optional):
        report.wrong(0, "", "", "a table without rows; give it at least one")
    _check_cells(rows, report)
    _check_key(rows, report)
    return rows


def _read_text(folder: Path, report: _Report) -> str | None:
    path = Path(folder, report.table.path)
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            millions = _MAX_FILE_BYTES // 1_000_000
            remedy = f"larger than {millions} MB; keep only the table itself in it"
        else:
            text, read_as = spreadsheets.decode(path.read_bytes())
            if text is not None:
                report.notes.extend([read_as] if read_as else [])
                return text
            remedy = f"{read_as}; open it and save the table in its place as CSV UTF-8"
    except FileNotFoundError:
        remedy = f"file missing in {folder}, and no lesson does without it; put it there"
    except PermissionError:
        remedy = "may not be read; give yourself read permission"
    except OSError as error:
        remedy = f"{error.strerror or 'cannot be read'}; put a CSV file in its place"
    report.wrong(0, "", "", remedy)
    return None


def _lines(text: str, report: _Report) -> tuple[Lines, Lines, str]:
    """Return all rows, those that say something, and what parts their cells."""
    text, separator = spreadsheets.take_separator(text, report.table.columns)
    lines: Lines = {}
    limit = csv.field_size_limit(len(text) + 1)
    try:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        lines.update(enumerate(islice(records, _MAX_ROWS + 1), start=HEADER_ROW))
    except csv.Error:
        remedy = "a quotation mark too many or too few from here on; double each one in a cell"
        report.wrong(len(lines) + 1, "", "", remedy)
    finally:
        csv.field_size_limit(limit)
    beyond = next((n for n, cells in lines.items() if len(cells) > _MAX_COLUMNS), 0)
    if beyond or len(lines) > _MAX_ROWS:
        remedy = "more rows or columns than a spreadsheet shows; keep the table alone in the file"
        report.wrong(beyond or _MAX_ROWS + 1, "", "", remedy)
        return lines, {}, separator
    said = {number: cells for number, cells in lines.items() if not spreadsheets.is_blank(cells)}
    return lines, said, separator


def _has_other_bytes(text: str, lines: Lines, report: _Report) -> bool:
    """Name the first cell whose bytes are no UTF-8."""
    try:
        text.encode()  # looking for the bytes themselves takes ten times as long
    except UnicodeEncodeError:
        pass
    else:
        return False
    header = [spreadsheets.column_meant(cell) for cell in next(iter(lines.values()))]
    if not set(header) & set(report.table.columns):
        report.wrong(0, "", "", "not a table of text; put a CSV file in its place")
        return True
    for number, cells in lines.items():
        for place, cell in enumerate(cells):
            found = re.search(_OTHER_BYTES, cell)
            if found:
                start = max(0, found.start() - _SHOWN)
                shown = cell[start : found.end() + _SHOWN].encode("utf-8", "surrogateescape")
                column = header[place] if place < len(header) else spreadsheets.letters(place)
                remedy = "not UTF-8; save the table anew as CSV UTF-8"
                report.wrong(number, column, shown.decode("cp1252", "replace"), remedy)
                return True
    return True  # behind the quotation mark that was named


def _header_fits(number: int, header: list[str], report: _Report) -> bool:
    columns, times = report.table.columns, Counter(filter(None, header))
    unknown = [name for name in times if name not in columns]
    twice = [name for name in times if times[name] > 1 and name in columns]
    needed = [name for name in columns if columns[name].required]
    missing = [name for name in needed if name not in times]
    if not set(times) & set(columns):
        remedy = f"none of the columns of this table; begin with the row {','.join(needed)}"
        report.wrong(number, "", ",".join(header), remedy)
        return False
    for names, remedy in (
        (unknown, "no such column in this table; take it out"),
        (twice, "column named twice; keep one"),
        (missing, "column missing; put it back"),
    ):
        if names:
            others = f"; so too {shortlist(names[1:])}" if names[1:] else ""
            report.wrong(number, names[0], "", remedy + others)
    return not (unknown or twice or missing)


def _rows(header: list[str], lines: Lines, is_whole: bool, report: _Report) -> list[Row]:  # noqa: FBT001
    """Return the rows under a header; a column without a name is left out if it is empty."""
    rows: list[Row] = []
    nameless = {place for place, name in enumerate(header) if not name}
    columns = report.table.columns
    empty = dict.fromkeys(columns, "")
    defaults = [(name, column.default) for name, column in columns.items() if column.default]
    places = {name: place for place, name in enumerate(header, start=1) if name}
    width = max(places.values())
    needed = max((place for name, place in places.items() if columns[name].required), default=0)
    cut = spreadsheets.cut_by_excel({n: len(cells) for n, cells in lines.items()}, width)
    padded = {number for number in cut if len(lines[number]) >= needed}
    if lines and not is_whole:
        padded.discard(next(reversed(lines)))
    for number, cells in lines.items():
        if len(cells) != len(header):
            is_short = len(cells) < width and number not in padded
            if is_short or not spreadsheets.is_blank(cells[len(header) :]):
                remedy = (
                    f"{len(cells)} cells under {len(header)} columns; "
                    "give each column its cell and put quotation marks round a cell with a comma"
                )
                report.wrong(number, "", ",".join(cells), remedy)
                continue
        for place in nameless and range(len(cells)):
            if place in nameless and cells[place].strip():
                remedy = "stands in a column without a name; name the column or empty the cell"
                report.wrong(number, spreadsheets.letters(place), cells[place], remedy)
        row = Row(empty | dict(zip(header, cells, strict=False)))
        row.pop("", None)
        for name, default in defaults:
            row[name] = row[name] or default
        row.number = number
        rows.append(row)
    if nameless and not report.problems:
        report.notes.append(f"a table without {_counted(len(nameless), 'empty column')}")
    if padded:
        rows_said = _counted(len(padded), "row")
        report.notes.append(f"if Excel had not left out empty cells at the end of {rows_said}")
    return rows


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number > 1 else ''}"


def _check_cells(rows: list[Row], report: _Report) -> None:
    for column in report.table.columns.values():
        # A column says the same thing many times: each is looked at once.
        cells = {row[column.name] for row in rows}
        wrong = {cell: remedy for cell in cells if (remedy := _cell_remedy(column, cell))}
        meant = {cell: spreadsheets.as_meant(column, cell) for cell in wrong}
        meant = {cell: word for cell, word in meant.items() if not _cell_remedy(column, word)}
        read: list[str] = []
        for row in rows if wrong else ():
            value = row[column.name]
            if value in meant:
                row[column.name] = meant[value]
                read.append(value)
            elif value in wrong:
                report.wrong(row.number, column.name, value, wrong[value])
        if read:
            example = f"{column.name} '{meant[read[0]]}' for '{read[0]}'"
            others = f" and {len(read) - 1} more" if read[1:] else ""
            report.notes.append(example + others)


def _cell_remedy(column: schema.Column, value: str) -> str:
    if not value:
        return "must not be empty" if column.required else ""
    if len(value) > column.longest:
        return f"longer than {column.longest:,} characters; shorten it"
    return _wrong_letters(column, value) or _wrong_type(column, value)


def _wrong_letters(column: schema.Column, value: str) -> str:
    if not value.isprintable():
        if re.search(_CONTROL, value):
            return "holds a control character; type it again"
        is_name = column.name in _NAMES or not spreadsheets.is_free_text(column)
        if is_name and re.search(_INVISIBLE, value):
            return "holds a character that nobody sees; type it again"
    if value[0] in "#EF" and spreadsheets.ERROR_VALUE.fullmatch(value):
        return "a spreadsheet's error in place of what stood here; write that again"
    if spreadsheets.is_misread(value):
        return "UTF-8 that was opened as Windows-1252 and saved; open the older file as UTF-8"
    return ""


def _wrong_type(column: schema.Column, value: str) -> str:  # noqa: PLR0911
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
        return schema.PATTERNS[column.pattern]
    elif value != value.strip() and not spreadsheets.is_free_text(column):
        return "has blanks at its ends; take them out"
    return ""


def _check_key(rows: list[Row], report: _Report) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row[name] for name in report.table.key)
        if key in seen:
            remedy = "stands on an earlier row too; every one needs its own"
            report.wrong(row.number, report.table.key[-1], " ".join(key), remedy)
        elif key:
            seen.add(key)
