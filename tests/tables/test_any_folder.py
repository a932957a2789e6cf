"""Whatever happens to a table, load and check accept it or name the cell; they never crash."""

from __future__ import annotations

import csv
import io
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check
from kwlesson.tables import schema
from kwlesson.tables.reader import read_folder

pytestmark = pytest.mark.slow

LAYOUT, TABLES, _ = read_folder(paths.DATA)
FILES = {table.path for table in LAYOUT.values()} | {schema.DESCRIPTOR, "references.json"}

anything = st.one_of(
    st.text(max_size=30),
    st.text(alphabet='0123456789-/.~?;:,"\n\r\t[] ', max_size=20),
    st.sampled_from(["", "yes", "no", "1", "0", "-1", "1e9", "=1+1", "<b>", "NaN", "None", "\ufeff",
                     "x" * 5000, "9" * 400, "٣", "²", "1950-06-25", "..", ";", ";;", ":", "points:",
                     "a:b:c", "\x00", "\u202e", "😀"]),
)  # fmt: skip


KINDS = ["cell", "other cell", "drop", "double", "swap", "short", "header", "bytes", "cut"]


@st.composite
def spoiled_tables(draw):
    """One table of the real lesson with one thing changed, as bytes."""
    name = draw(st.sampled_from(sorted(TABLES)))
    columns = list(LAYOUT[name].columns)
    rows = [[row[column] for column in columns] for row in TABLES[name]]
    index = draw(st.integers(0, len(rows) - 1))
    column = draw(st.integers(0, len(columns) - 1))
    kind = draw(st.sampled_from(KINDS))
    if kind == "cell":
        rows[index][column] = draw(anything)
    elif kind == "other cell":
        rows[index][column] = draw(st.sampled_from(rows))[draw(st.integers(0, len(columns) - 1))]
    elif kind == "drop":
        del rows[index]
    elif kind == "double":
        rows.append(rows[index])
    elif kind == "swap":
        rows[index].reverse()
    elif kind == "short":
        rows[index] = rows[index][:column]
    elif kind == "header":
        columns[column] = draw(anything)
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([columns, *rows])
    content = file.getvalue().encode()
    if kind == "bytes":
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=4)) + content[place + 1 :]
    elif kind == "cut":
        content = content[: draw(st.integers(0, len(content)))]
    return name, content


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("spoiled") / "data"
    shutil.copytree(paths.DATA, path)
    return path


def spoil(folder, table, content):
    shutil.copy(paths.DATA / f"{table}.csv", folder / f"{table}.csv")
    (folder / f"{table}.csv").write_bytes(content)


def restore(folder, table):
    shutil.copy(paths.DATA / f"{table}.csv", folder / f"{table}.csv")


def outcome(folder):
    try:
        return kwlesson.load(folder), ()
    except kwlesson.LessonError as error:
        return None, error.problems


def assert_named(problem):
    assert problem.file in FILES
    assert problem.remedy
    if problem.row > 1:
        assert problem.column == "" or problem.column in {
            column for table in LAYOUT.values() if table.path == problem.file
            for column in table.columns
        }  # fmt: skip


@given(spoiled=spoiled_tables())
@settings(max_examples=300)
def test_load_accepts_a_spoiled_table_or_names_the_cell(folder, spoiled):
    table, content = spoiled
    spoil(folder, table, content)
    lesson, problems = outcome(folder)
    restore(folder, table)
    assert lesson or problems
    for problem in problems:
        assert_named(problem)
    for case in lesson.cases.id if lesson else ():
        assert lesson.compare(case).text()


@given(spoiled=spoiled_tables())
@settings(max_examples=25)
def test_check_accepts_a_spoiled_table_or_names_the_cell(folder, spoiled):
    table, content = spoiled
    spoil(folder, table, content)
    found = check(folder)
    lesson, _ = outcome(folder)
    restore(folder, table)
    assert lesson or found
    for problem in found:
        assert_named(problem)
