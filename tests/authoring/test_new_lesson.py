"""A lesson of one's own begins whole: seven tables and a notebook, from a starter or a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
import zipfile

import openpyxl
import pytest

import kwlesson
from kwlesson import cli, paths
from kwlesson.authoring import excel
from kwlesson.authoring.check import check

MOST_CELLS = 150  # of a smallest lesson; it was 831


def files(folder):
    return {path.name: path.read_bytes() for path in (folder / "data").iterdir() if path.is_file()}


def book_of(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def sheets_of(folder):
    return {
        path.stem: list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted(folder.glob("*.csv"))
    }


@pytest.fixture
def begun(tmp_path):
    folder = tmp_path / "low-ferry"
    assert cli.main(["new", str(folder)]) == 0
    return folder


def test_a_smallest_lesson_is_small_and_passes_check(begun):
    tables = sheets_of(begun / "data")
    assert len(tables) == 7
    assert sum(bool(cell) for rows in tables.values() for row in rows[1:] for cell in row) <= (
        MOST_CELLS
    )
    assert check(begun / "data") == []
    assert cli.main(["check", str(begun)]) == 0
    assert kwlesson.load(begun).id == "low-ferry"


def test_its_notebook_runs_as_it_stands_beside_its_tables(begun, monkeypatch):
    [notebook] = (begun / "notebooks").iterdir()
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    monkeypatch.chdir(begun / "notebooks")
    known = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            *statements, last = cell["source"].split("\n")
            exec("\n".join([*statements, f"shown = {last.removeprefix('lesson = ')}"]), known)  # noqa: S102
            known["lesson"] = known.get("lesson", known["shown"])
            assert str(known["shown"])
    assert known["lesson"].cases.id.tolist() == ["flood"]


@pytest.mark.parametrize("folder", ["a file", "a folder with a file"])
def test_nothing_is_written_over_what_is_there(tmp_path, capsys, folder):
    place = tmp_path / "mine"
    mine = place if folder == "a file" else place / "letter.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    assert cli.main(["new", str(place)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    assert len(list(tmp_path.rglob("*"))) == 1 + (place != mine)


@pytest.mark.parametrize("lesson", [paths.SAMPLE, paths.STARTER, paths.DATA])
def test_a_workbook_brings_back_what_was_written_into_it_to_the_byte(tmp_path, lesson):
    book, folder = tmp_path / "lesson.xlsx", tmp_path / "again"
    assert cli.main(["export", str(lesson), str(book)]) == 0
    assert cli.main(["new", str(folder), "--from", str(book)]) == 0
    kept = {path.name: path.read_bytes() for path in lesson.iterdir() if path.is_file()}
    assert files(folder) == kept


def test_every_cell_of_a_workbook_is_text_that_nothing_is_worked_out_of(tmp_path, begun):
    claims = begun / "data" / "claims.csv"
    claims.write_text(claims.read_text().replace("A boy untied it.", "=1+1"))
    excel.write(begun / "data", tmp_path / "lesson.xlsx")
    book = openpyxl.load_workbook(tmp_path / "lesson.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert "=1+1" in [cell.value for cell in cells]
    assert all(sheet.column_dimensions["A"].number_format == "@" for sheet in book)


def test_tables_are_taken_anew_from_a_workbook_only_when_that_is_said(tmp_path, begun):
    sheets = sheets_of(begun / "data")
    notebook = begun / "notebooks" / "01-accounts.ipynb"
    notebook.write_text("mine")
    (begun / "data" / "names.csv").write_text("person,name,language,writing\n")
    sheets["cases"][1][1] = "Another title"
    book = str(book_of(tmp_path / "lesson.xlsx", sheets))
    assert cli.main(["new", str(begun), "--from", book]) == 1
    assert cli.main(["new", str(begun), "--from", book, "--again"]) == 0
    assert kwlesson.load(begun).records("cases")[0]["title"] == "Another title"
    assert not (begun / "data" / "names.csv").exists()
    assert notebook.read_text() == "mine"


def test_a_workbook_is_not_written_over(tmp_path, begun, capsys):
    mine = tmp_path / "lesson.xlsx"
    mine.write_text("mine")
    assert cli.main(["export", str(begun), str(mine)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert mine.read_text() == "mine"


def changed(sheet, row, column, value):
    def change(book):
        book[sheet].cell(row, column).value = value

    return change


def as_month(book):
    cell = book["sources"]["E2"]
    cell.value, cell.number_format = dt.datetime(1911, 5, 1), "mmm\\-yy"  # noqa: DTZ001


SPOILT = {
    "a formula": (changed("quotes", 3, 2, "=1+1"), "quotes, B3: '=1+1': a formula"),
    "a month made a day": (as_month, "sources, E2: '1911-05-01"),
    "a wrong word": (changed("points", 2, 5, "maybe"), "points.csv:2:verdict: 'maybe'"),
    "an empty cell": (changed("claims", 4, 4, None), "claims.csv:4:says: must not be empty"),
    "an error value": (changed("claims", 4, 4, "#REF!"), "claims.csv:4:says: '#REF!'"),
    "markup": (changed("claims", 4, 4, "<b>x</b>"), "claims.csv:4:says: '<b>x</b>'"),
    "a sheet of no table": (lambda book: book.create_sheet("Sheet1"), "sheet 'Sheet1'"),
    "a sheet with a path": (lambda book: book.create_sheet("..csv"), "sheet '..csv'"),
    "a missing sheet": (lambda book: book.remove(book["people"]), "people.csv: file missing"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_workbook_is_refused_with_the_cell_and_nothing_is_written(tmp_path, capsys, what):
    change, sentence = SPOILT[what]
    path = book_of(tmp_path / "lesson.xlsx", sheets_of(paths.STARTER))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    assert cli.main(["new", str(tmp_path / "mine"), "--from", str(path)]) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_every_cell_to_mend_of_a_workbook_is_named_at_once(tmp_path, capsys):
    sheets = sheets_of(paths.STARTER)
    sheets["people"][1][0], sheets["points"][1][4] = "Ferryman", "maybe"
    path = book_of(tmp_path / "lesson.xlsx", sheets)
    assert cli.main(["new", str(tmp_path / "mine"), "--from", str(path)]) == 1
    *lines, last = capsys.readouterr().err.splitlines()
    assert {line.partition(": ")[0] for line in lines} >= {
        "people.csv:2:id",
        "points.csv:2:verdict",
    }
    assert last == f"{path}: {len(lines)} to mend; nothing is written"


def test_what_a_spreadsheet_does_without_harm_is_read(tmp_path):
    sheets = sheets_of(paths.STARTER)
    sheets["sources"][1][4] = dt.datetime(1911, 5, 3)  # noqa: DTZ001 - as openpyxl has it
    sheets["sources"][2][4] = 1911.0
    sheets["points"][0].append("core")
    sheets["points"] = [row if len(row) > 6 else [*row, True] for row in sheets["points"]]
    sheets["points"] += [[None] * 9] * 3
    path = book_of(tmp_path / "lesson.xlsx", sheets)
    assert cli.main(["new", str(tmp_path / "mine"), "--from", str(path)]) == 0
    lesson = kwlesson.load(tmp_path / "mine")
    assert [row["date"] for row in lesson.records("sources")] == ["1911-05-03", "1911"]
    assert len(lesson.records("points", core="yes")) == 3


def of_zeros(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(110_000_000))


NO_WORKBOOK = {
    "nothing": (lambda _: None, "no such file"),
    "a text": (lambda path: path.write_text("id,term"), "not an Excel workbook"),
    "another archive": (lambda path: zipfile.ZipFile(path, "w").close(), "not an Excel workbook"),
    "a bomb": (of_zeros, "larger than any lesson"),
}


@pytest.mark.parametrize("what", NO_WORKBOOK)
def test_what_is_no_workbook_gets_a_sentence(tmp_path, capsys, what):
    make, sentence = NO_WORKBOOK[what]
    make(tmp_path / "lesson.xlsx")
    assert cli.main(["new", str(tmp_path / "mine"), "--from", str(tmp_path / "lesson.xlsx")]) == 1
    assert sentence in capsys.readouterr().err


def test_without_openpyxl_a_sentence_says_what_to_install(tmp_path, begun, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert cli.main(["export", str(begun), str(tmp_path / "lesson.xlsx")]) == 1
    assert 'pip install "kwlesson[excel]"' in capsys.readouterr().err
