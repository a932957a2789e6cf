"""Tables as people save them: read, and said how; or refused in one sentence that is true.

Forms marked "seen" were written by LibreOffice 7.4 here; the others are from memory of what the
program named writes.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import warnings
import zipfile

import pytest

import kwlesson
from kwlesson.authoring.check import check
from kwlesson.errors import LessonWarning, visible
from kwlesson.tables.reader import read_folder


def written(rows, separator=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return file.getvalue()


def wider(rows, columns, above=0, below=0):
    """Return the rows with empty cells around them."""
    rows = [[*row, *[""] * columns] for row in rows]
    empty = [[""] * len(rows[0])]
    return [*empty * above, *rows, *empty * below]


UTF8, BOM = "utf-8", "utf-8-sig"
FORMS = {
    "Excel, CSV UTF-8": (lambda rows: written(rows).encode(BOM), ""),
    "Excel, CSV UTF-8 where the comma is decimal": (
        lambda rows: written(rows, ";").encode(BOM), "cells parted by semicolons"),
    "Excel, Unicode text": (
        lambda rows: written(rows, "\t").encode("utf-16"), "UTF-16; cells parted by tabs"),
    "Excel, with columns and rows once formatted": (
        lambda rows: written(wider(rows, 3, below=3)).encode(BOM),
        "a table without 3 empty rows; a table without 3 empty columns"),
    "Excel for Mac, older": (lambda rows: written(rows, end="\r").encode(UTF8), ""),
    "by hand, for Excel": (
        lambda rows: f"sep=;\r\n{written(rows, ';')}".encode(), "cells parted by semicolons"),
    "by hand, a line above": (
        lambda rows: b"\n" + written(rows).encode(), "a table that begins in row 2"),
    "LibreOffice 7.4, comma (seen)": (lambda rows: written(rows, end="\n").encode(), ""),
    "LibreOffice 7.4, semicolon (seen)": (
        lambda rows: written(rows, ";", "\n").encode(), "cells parted by semicolons"),
    "LibreOffice 7.4, tab and Unicode (seen)": (
        lambda rows: b"\xff\xfe" + written(rows, "\t", "\n").encode("utf-16-le"),
        "UTF-16; cells parted by tabs"),
    "LibreOffice 7.4, a sep= line that it kept (seen)": (
        lambda rows: f'"sep=,"\n{written(rows, end=chr(10))}'.encode(), ""),
    "LibreOffice, all cells quoted": (
        lambda rows: written(rows, ",", "\n", csv.QUOTE_ALL).encode(), ""),
    "Google Sheets, csv": (lambda rows: written(rows).removesuffix("\r\n").encode(), ""),
    "Google Sheets, tsv": (
        lambda rows: "\r\n".join("\t".join(row) for row in rows).encode(),
        "cells parted by tabs"),
    "Numbers, with the room that its tables have": (
        lambda rows: written(wider(rows, 2, below=5)).encode(),
        "a table without 5 empty rows; a table without 2 empty columns"),
    "Numbers, semicolons": (
        lambda rows: written(wider(rows, 1), ";").encode(),
        "cells parted by semicolons; a table without 1 empty column"),
    "a database, upright strokes": (
        lambda rows: written(rows, "|", "\n").encode(), "cells parted by upright strokes"),
    "PowerShell, UTF-16 the other way": (
        lambda rows: b"\xfe\xff" + written(rows).encode("utf-16-be"), "UTF-16"),
    "Notepad, saved twice": (lambda rows: b"\xef\xbb\xbf" + written(rows).encode(BOM), ""),
    "capitals and blanks in the header": (
        lambda rows: written([[f" {name.title()} " for name in rows[0]], *rows[1:]]).encode(), ""),
}  # fmt: skip
ABOVE = {"by hand, a line above": 1}


def load_with_notes(folder):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        lesson = kwlesson.load(folder)
    return lesson, [str(one.message) for one in told]


@pytest.mark.parametrize("form", FORMS)
def test_a_table_as_people_save_it_is_read_and_said_how(fiction, invented, form):
    save, note = FORMS[form]
    for path in fiction.path.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        path.write_bytes(save(rows))
    lesson, told = load_with_notes(fiction.path)
    for table in invented.table_names:
        assert lesson.records(table) == invented.records(table)
    expected = [f"{table}.csv: read as {note}" for table in invented.table_names] if note else []
    assert told == (["\n".join(expected)] if note else [])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.filterwarnings("ignore::kwlesson.errors.LessonWarning")
def test_a_row_is_counted_as_the_spreadsheet_counts_it(fiction, form):
    rows = fiction.rows("events")
    rows.insert(1, dict.fromkeys(rows[0], ""))
    rows[0]["summary"] = "Two,\nlines"
    rows[3]["date"] = "soon"
    save, _ = FORMS[form]
    if form == "Google Sheets, tsv":  # which has no line breaks in its cells
        rows[0]["summary"] = "One line"
    fiction.bytes("events", save([list(rows[0]), *(list(row.values()) for row in rows)]))
    with pytest.raises(kwlesson.LessonError, match=f"^events.csv:{5 + ABOVE.get(form, 0)}:date: "):
        kwlesson.load(fiction.path)


ODS = "application/vnd.oasis.opendocument.spreadsheet"


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, ODS if name == "mimetype" else "")
    return file.getvalue()


TEXT = "id,title\nmarée,dusk\n"
NO_TABLES = {
    "Excel (seen)": (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (xlsx)"),
    "Excel 97 (seen)": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    "LibreOffice (seen)": (zipped("mimetype"), "a LibreOffice workbook (ods)"),
    "LibreOffice, flat (seen)": (b'<?xml version="1.0" encoding="UTF-8"?>', "an XML document"),
    "LibreOffice, HTML (seen)": (b"<!DOCTYPE html>\n\n<html>", "a web page"),
    "Numbers": (zipped("Index/Document.iwa"), "a Numbers workbook"),
    "a zip": (zipped("events.csv"), "a zip archive"),
    "gzip": (gzip.compress(TEXT.encode()), "a packed file (gzip)"),
    "bzip2": (bz2.compress(TEXT.encode()), "a packed file (bzip2)"),
    "xz": (lzma.compress(TEXT.encode()), "a packed file (xz)"),
    "PDF": (b"%PDF-1.7", "a PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", "a picture"),
    "half of UTF-16": (TEXT.encode("utf-16")[:-1], "not whole UTF-16"),
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_of_text_is_named_and_not_printed(fiction, kind):
    content, name = NO_TABLES[kind]
    fiction.bytes("events", content)
    with pytest.raises(kwlesson.LessonError) as caught:
        kwlesson.load(fiction.path)
    remedy = "open it and save the table in its place as CSV UTF-8"
    assert str(caught.value) == f"events.csv: {name}; {remedy}"
    assert [str(problem) for problem in check(fiction.path)] == [str(caught.value)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac-roman", "utf-16-le"])
def test_other_letters_are_named_where_they_stand_whatever_ends_a_line(fiction, encoding, end):
    rows = fiction.rows("people")
    rows[2]["name"] = "Thomas Wickée"
    table = written([list(rows[0]), *(list(row.values()) for row in rows)], end=end)
    content = table.encode(encoding)
    fiction.bytes("people", content)
    if encoding == "utf-16-le":
        with pytest.warns(LessonWarning, match=r"people.csv: read as UTF-16"):
            assert (
                kwlesson.load(fiction.path).get("people", rows[2]["id"])["name"] == rows[2]["name"]
            )
    else:
        with pytest.raises(kwlesson.LessonError, match=r"^people.csv:4:name: .* not UTF-8; save"):
            kwlesson.load(fiction.path)


MEANT = {
    "a phone, Yes": ("quotes", "sensitive", "Yes", "yes"),
    "a tick": ("quotes", "sensitive", "FALSE", "no"),
    "LibreOffice, a truth (seen)": ("quotes", "sensitive", "TRUE", "yes"),
    "a number with its decimals": ("points", "order", "1.0", "1"),
    "a number where the comma is decimal": ("points", "order", "1,00", "1"),
    "blanks round an id": ("quotes", "id", " lit-at-dusk ", "lit-at-dusk"),
    "a hard blank behind an id": ("claims", "account", "keeper\N{NO-BREAK SPACE}", "keeper"),
    "a capital in a word of a list": ("points", "verdict", "Agree", "agree"),
    "LibreOffice, 02 (seen)": ("questions", "notebook", "2", "02"),
    "LibreOffice, 00 (seen)": ("questions", "notebook", "0", "00"),
    "a date with a blank": ("events", "date", " 1912-03-04", "1912-03-04"),
}


@pytest.mark.parametrize("what", MEANT)
def test_a_cell_that_a_spreadsheet_changed_without_harm_is_read_as_it_was(fiction, what):
    table, column, cell, meant = MEANT[what]
    rows = fiction.rows(table)
    index = next((n for n, row in enumerate(rows) if row[column] == meant), 0)
    fiction.change(table, index, **{column: cell})
    told, tables, problems = reading(fiction.path)
    note = f"{table}.csv: read as {column} '{meant}' for '{cell}'"
    assert told == [visible(note)]
    assert tables[table][index][column] == meant
    assert problems == []


def reading(folder):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        _, tables, problems = read_folder(folder)
    return [str(one.message) for one in told], tables, problems


def test_every_such_cell_of_a_column_is_counted(fiction):
    for index in range(3):
        fiction.change(
            "questions", index, notebook=str(int(fiction.rows("questions")[index]["notebook"]))
        )
    lesson, [note] = load_with_notes(fiction.path)
    assert note == "questions.csv: read as notebook '02' for '2' and 2 more"
    assert lesson.mark("02").text()


WRONG = {
    "an error of a formula": ("claims", "says", "#NAME?", "a spreadsheet's error"),
    "an error of a reference": ("claims", "says", "#REF!", "a spreadsheet's error"),
    "LibreOffice, a quotient (seen)": ("claims", "says", "#DIV/0!", "a spreadsheet's error"),
    "an error of a look-up": ("claims", "says", "#N/A", "a spreadsheet's error"),
    "an error in German": ("claims", "says", "#BEZUG!", "a spreadsheet's error"),
    "LibreOffice, its own error": ("claims", "says", "Err:502", "a spreadsheet's error"),
    "LibreOffice, UTF-8 taken for Windows-1252 (seen)": (
        "terms", "mark", "â‰¡", "UTF-8 that was opened as Windows-1252"),
    "quotation marks so taken (seen)": (
        "claims", "says", "â€œthick as woolâ€\x9d", "UTF-8 that was opened as Windows-1252"),
    "no width in an id": ("people", "id", "cle\u200brk", "holds a character that nobody sees"),
    "no width in a key": ("claims", "account", "keeper\u2060", "holds a character that nobody"),
    "no width in a name": ("people", "name", "Ada\ufeff Quill", "holds a character that nobody"),
    "a joiner in a Latin name": ("people", "name", "Ada\u200d", "holds a character that nobody"),
    "a turn in a name": ("people", "name", "Ada \u202elliuQ", "holds a character that nobody"),
    "a day before the month": ("events", "date", "19/04/1775", "did you mean 1775-04-19?"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_cell_that_a_spreadsheet_spoilt_is_refused_in_words_that_are_true(fiction, what):
    table, column, cell, sentence = WRONG[what]
    fiction.change(table, 0, **{column: cell})
    for problems in ([caught(fiction.path)], map(str, check(fiction.path))):
        assert any(one.startswith(f"{table}.csv:2:{column}: ") and sentence in one
                   for one in problems)  # fmt: skip


def caught(folder):
    with pytest.raises(kwlesson.LessonError) as error:
        kwlesson.load(folder)
    return str(error.value)


@pytest.mark.parametrize("name", ["علی‌رضا", "#1 of the crew", "Émile Zolà", "Ã la carte"])
def test_a_name_that_only_looks_like_a_slip_is_left_alone(fiction, name):
    fiction.change("people", 3, name=name)
    assert kwlesson.load(fiction.path).get("people", "writer")["name"] == name


def long_table(fiction, shorten):
    rows = [fiction.rows("terms")[0] | {"id": f"term-{n}", "mark": "x"} for n in range(40)]
    cells = [list(rows[0]), *(list(row.values()) for row in rows)]
    fiction.bytes("terms", written(shorten(cells)).encode())


def test_empty_cells_that_excel_leaves_out_at_the_end_of_sixteen_rows_are_read(fiction):
    long_table(fiction, lambda rows: [row[:-1] if 16 <= n < 32 else row
                                      for n, row in enumerate(rows)])  # fmt: skip
    lesson, [note] = load_with_notes(fiction.path)
    assert note == (
        "terms.csv: read as if Excel had not left out empty cells at the end of 16 rows"
    )
    assert [lesson.get("terms", f"term-{n}")["mark"] for n in range(15, 31)] == [""] * 16


@pytest.mark.parametrize("number", [2, 18, 41])
def test_a_row_that_alone_is_short_has_lost_a_cell(fiction, number):
    long_table(fiction, lambda rows: [row[:-1] if n == number - 1 else row
                                      for n, row in enumerate(rows)])  # fmt: skip
    assert caught(fiction.path).startswith(f"terms.csv:{number}: ")


COLUMNS = {
    10_000: "1:c0: no such column in this table; take it out; so too c1, c2, c3 and 9,996 more",
    40_000: "1: more rows or columns than a spreadsheet shows; keep the table alone in the file",
}


@pytest.mark.parametrize("number", COLUMNS)
def test_too_many_columns_are_one_sentence(fiction, number):
    header = (fiction.path / "terms.csv").read_text(encoding="utf-8").split("\n")[0]
    strange = ",".join(f"c{n}" for n in range(number))
    fiction.bytes("terms", f"{header},{strange}\n".encode())
    assert [str(one) for one in check(fiction.path)] == [f"terms.csv:{COLUMNS[number]}"]


@pytest.mark.slow
def test_more_rows_than_a_spreadsheet_shows_are_one_sentence(fiction):
    fiction.bytes("terms", b"id,term,meaning,mark\n" + b"\n" * 1_048_577)
    [problem] = check(fiction.path)
    assert str(problem).startswith("terms.csv:1048577: more rows or columns than a spreadsheet")


def test_no_problem_moves_a_screen_or_hides_a_letter(fiction):
    header = (fiction.path / "terms.csv").read_text(encoding="utf-8").split("\n")[0]
    fiction.bytes("terms", f'{header},"\x1b]0;x\x07\n\u202e"\n'.encode())
    problem = str(check(fiction.path)[0])
    assert problem.isprintable()
    assert r"\x1b]0;x\x07\n\u202e" in problem
