"""What spreadsheets make of a table, and what of it can be read all the same."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kwlesson.tables.schema import Column

# How a file begins, in small letters, and what it is. What lies in a zip archive says whether it
# is a workbook, and of which program.
_KINDS = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"bzh9", "a packed file (bzip2)"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)"),
    (b"\xfd7zxz", "a packed file (xz)"),
    (b"\x28\xb5\x2f\xfd", "a packed file (zstd)"),
    (b"%pdf-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89png", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"sqlite format 3", "a database"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b"<?xml", "an XML document"),
)
_IN_A_ZIP = (
    (b"opendocument.spreadsheet", "a LibreOffice workbook (ods)"),
    (b"xl/", "an Excel workbook (xlsx)"),
    (b".iwa", "a Numbers workbook"),
)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
_SEPARATOR_LINE = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n)', re.IGNORECASE)
# The words with which spreadsheets say that they could not work a cell out, in any language.
ERROR_VALUE = re.compile(r"#(?:[^\W\d_]*[/ ]?[^\W_]+[!?]|N/A|NV|ND)|(?:Err|Fehler):[0-9]{3}")
_TRUTHS = {"true": "yes", "false": "no"}
_WHOLE = re.compile(r"([0-9]{1,9})[.,]0{1,9}")
_LEADING_BYTE = re.compile(r"[\u00c2-\u00f4][^\x00-\x7f]")  # of UTF-8, read as Windows-1252
_NOT_IN_CP1252 = frozenset("\x81\x8d\x8f\x90\x9d")  # programs take these bytes as they are
_HEADER_WITHIN, _COLUMNS = 1_000, 1_000  # rows and cells in which the header is looked for
_BLOCK = 16  # rows that Excel writes at a time, each without the columns that are empty in all


def _kind(content: bytes) -> str:
    """Say what a file is that cannot be a table of text; nothing where it may be one."""
    if content.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _IN_A_ZIP if part in content), "a zip archive")
    begins = content[:64].lstrip().lower()
    return next((kind for start, kind in _KINDS if begins.startswith(start)), "")


def decode(content: bytes) -> tuple[str | None, str]:
    r"""Read the text of a table.

    Parameters
    ----------
    content : bytes
        UTF-8, or UTF-16 or UTF-32 as Excel's Unicode text is.

    Returns
    -------
    text : str or None
        Bytes that are no UTF-8 are lone surrogates in it, each where it stands. None where the
        file is no text.
    read_as : str
        What the file is; empty for UTF-8.

    Examples
    --------
    >>> decode("id\tterm".encode("utf-16"))
    ('id\tterm', 'UTF-16')
    >>> decode(b"\x1f\x8b\x08")
    (None, 'a packed file (gzip)')
    """
    kind = _kind(content)
    if kind:
        return None, kind
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    if not encoding and 0 in content[:2]:
        encoding = "utf-16-be" if content[0] == 0 else "utf-16-le"
    if not encoding:
        return content.decode("utf-8-sig", "surrogateescape").removeprefix("\ufeff"), ""
    try:
        return content.decode(encoding), encoding[:6].upper()
    except UnicodeDecodeError:
        return None, f"not whole {encoding[:6].upper()}"


def take_separator(text: str, columns: Collection[str]) -> tuple[str, str]:
    r"""Find what parts the cells of a table.

    Parameters
    ----------
    text : str
        The table. Its first line may be ``sep=;``, which Excel does not count as a row.
    columns : collection of str
        The names that its header should have.

    Returns
    -------
    text : str
        The table without such a line.
    separator : str

    Examples
    --------
    >>> take_separator("sep=;\nid;term\n", ["id", "term"])
    ('id;term\n', ';')
    """
    said = _SEPARATOR_LINE.match(text)
    text = text[said.end() :] if said else text

    def known(separator: str) -> int:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        try:
            above = islice(rows, _HEADER_WITHIN)
            header = next((cells for cells in above if not is_blank(cells)), [])
        except csv.Error:
            return 0
        return len({column_meant(cell) for cell in header[:_COLUMNS]} & set(columns))

    return text, max(SEPARATORS, key=known)


def column_meant(cell: str) -> str:
    """Return the column that a cell of the header means."""
    return cell.strip().strip("\ufeff").lower()


def is_blank(cells: Iterable[str]) -> bool:
    """Return whether a row, or the rest of one, says nothing."""
    return not "".join(cells).strip()


def is_free_text(column: Column) -> bool:
    """Return whether the cells of a column are somebody's words, of which no letter is changed."""
    kept = column.enum or column.pattern or column.key_of or column.list_of
    return column.type == "string" and not kept


def as_meant(column: Column, cell: str) -> str:
    """Return a cell as it was before a spreadsheet took it for something else.

    Parameters
    ----------
    column : Column
        Its column.
    cell : str
        What stands there.

    Returns
    -------
    str
        The same, where it is not sure what was meant.

    Examples
    --------
    >>> from kwlesson.tables import schema
    >>> tables = schema.binding()
    >>> as_meant(tables["quotes"].columns["sensitive"], "TRUE")
    'yes'
    >>> as_meant(tables["questions"].columns["notebook"], "2")
    '02'
    """
    if is_free_text(column):
        return cell
    plain = cell.strip()
    if column.type == "boolean":
        lower = plain.lower()
        return _TRUTHS.get(lower, lower if lower in {"yes", "no"} else plain)
    if column.type == "integer":
        whole = _WHOLE.fullmatch(plain)
        return whole[1] if whole else plain
    if column.enum or column.vocabulary:
        return next((word for word in column.enum if word.lower() == plain.lower()), plain.lower())
    if column.pattern and plain.isascii() and plain.isdigit():
        padded = plain.zfill(2)
        return padded if re.fullmatch(column.pattern, padded) else plain
    return plain


def is_misread(cell: str) -> bool:
    r"""Return whether a cell was UTF-8 that some program took for Windows-1252 and saved anew.

    Parameters
    ----------
    cell : str
        What stands there.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_misread("caf\u00c3\u00a9"), is_misread("caf\u00e9")
    (True, False)
    """
    if cell.isascii() or not _LEADING_BYTE.search(cell):
        return False
    try:
        taken = (
            bytes([ord(sign)]) if sign in _NOT_IN_CP1252 else sign.encode("cp1252") for sign in cell
        )
        b"".join(taken).decode("utf-8")
    except UnicodeError:
        return False
    return True


def cut_by_excel(widths: Mapping[int, int], width: int) -> set[int]:
    """Find the rows whose empty cells at the end Excel has left out.

    It writes sixteen rows at a time, and no column that is empty in all of them. So within such a
    block all rows are equally short; where one alone is, a cell was lost.

    Parameters
    ----------
    widths : mapping of int to int
        How many cells each row has, by its number.
    width : int
        How many it should have.

    Returns
    -------
    set of int
        Numbers of rows.

    Examples
    --------
    >>> sorted(cut_by_excel({2: 2, 17: 2, 18: 2, 33: 3, 34: 2}, 3))
    [17, 18]
    """
    blocks: dict[int, set[int]] = {}
    for number in widths:
        blocks.setdefault((number - 1) // _BLOCK, set()).add(widths[number])
    cut = {
        block for block, found in blocks.items() if block and len(found) == 1 and max(found) < width
    }
    return {number for number in widths if (number - 1) // _BLOCK in cut}


def letters(place: int) -> str:
    """Return how a spreadsheet names a column.

    Parameters
    ----------
    place : int
        Counted from 0.

    Returns
    -------
    str

    Examples
    --------
    >>> letters(0), letters(26), letters(701)
    ('A', 'AA', 'ZZ')
    """
    named = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        named = chr(ord("A") + letter) + named
    return named
