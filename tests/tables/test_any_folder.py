"""Whatever happens to a table, load and check accept it or name the cell; they never crash."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check
from kwlesson.tables import schema
from kwlesson.tables.reader import read_folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.no_cover,  # what is read amiss, test_reader.py has one by one
    pytest.mark.filterwarnings("ignore::kwlesson.errors.LessonWarning"),
]

LAYOUT, TABLES, _ = read_folder(paths.DATA)
_, SMALL, _ = read_folder(paths.SAMPLE)
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
    """One table of the lesson with one thing changed, as bytes."""
    name = draw(
        st.sampled_from(
            sorted(name for name in TABLES if (paths.DATA / LAYOUT[name].path).is_file())
        )
    )
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
    if (
        problem.row > 1
        and problem.file.endswith(".csv")
        and not {"column", "UTF-8"} & set(problem.remedy.split())
    ):
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


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "data"
    shutil.copytree(paths.SAMPLE, path)
    return path


@st.composite
def files(draw):
    """Draw a file in a table's place, and the row in which a spreadsheet shows its one wrong cell.

    Encodings, line ends, separators, quotation marks, empty rows and columns, a line for Excel;
    or bytes of any kind, which have no such row.
    """
    name = draw(st.sampled_from(sorted(SMALL)))
    kind = draw(st.sampled_from(["table", "table", "table", "bytes", "archive", "text"]))
    if kind == "bytes":
        return name, draw(st.binary(max_size=300)), None
    if kind == "archive":
        start = draw(
            st.sampled_from([b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\xff\xfe"])
        )
        return name, start + draw(st.binary(max_size=300)), None
    if kind == "text":
        return name, draw(st.text(max_size=300)).encode("utf-8", "surrogatepass"), None
    columns = list(LAYOUT[name].columns)
    rows = [[row[column] for column in columns] for row in SMALL[name]]
    wrong = draw(st.integers(0, len(rows) - 1))
    rows[wrong][0] = draw(st.sampled_from(["\x07", "#REF!", "a\x9bb", "\x1b]0;x\x07"]))
    lines = [columns, *rows]
    place = wrong + 1
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines)))
        lines.insert(at, draw(st.sampled_from([[], [""] * len(columns), [" ", ""]])))
        place += at <= place
    more = draw(st.integers(0, 2))
    separator = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    file = io.StringIO()
    table = csv.writer(file, delimiter=separator, lineterminator=end, quoting=quoting)
    table.writerows([[*cells, *[""] * more] if cells else cells for cells in lines])
    said = draw(st.sampled_from(["", f"sep={separator}{end}"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"]))
    return name, (said + file.getvalue()).encode(encoding), place + 1


def assert_told(folder, name, row):
    lesson, problems = outcome(folder)
    found = check(folder)
    assert lesson or (problems and found)
    for problem in [*problems, *found]:
        assert str(problem).isprintable()
        assert len(str(problem)) < 1_500
        assert_named(problem)
    if row is not None:
        first = next(iter(LAYOUT[name].columns))
        assert (f"{name}.csv", row, first) in {problem[:3] for problem in found}


@given(file=files())
@settings(max_examples=100)
def test_any_file_in_any_tables_place_is_read_or_told_in_the_spreadsheets_rows(small, file):
    name, content, row = file
    before = (small / f"{name}.csv").read_bytes()
    (small / f"{name}.csv").write_bytes(content)
    try:
        assert_told(small, name, row)
    finally:
        (small / f"{name}.csv").write_bytes(before)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["(a+)+b", "a{99999999999}", 1e400, "boats", "people", "string", 10**30]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
fields = st.fixed_dictionaries(
    {"name": st.sampled_from(["mood", "term", "id"]) | values},
    optional={
        "type": st.sampled_from(["string", "integer", "boolean", "date"]) | values,
        "itemsOf": st.sampled_from(["boats", "people"]) | values,
        "constraints": st.dictionaries(
            st.sampled_from(["required", "enum", "pattern", "maxLength", "unique"]), values
        )
        | values,
    },
)
keys = st.fixed_dictionaries(
    {"fields": st.sampled_from(["mood", "id"]) | values},
    optional={"reference": st.fixed_dictionaries({}, optional={"resource": values}) | values},
)
schemas = st.fixed_dictionaries(
    {"fields": st.lists(fields, max_size=3) | values},
    optional={"primaryKey": st.just("id") | values, "foreignKeys": st.lists(keys) | values},
)
resources = st.fixed_dictionaries(
    {"name": st.sampled_from(["terms", "boats"]) | values, "schema": schemas | values},
    optional={"path": st.just("boats.csv") | values, "optional": values},
)


def refusal(read, folder):
    try:
        read(folder)
    except kwlesson.LessonError as error:
        return str(error).replace("\n", "")
    return ""


@given(own=st.lists(resources, max_size=2) | values)
@settings(max_examples=300)
def test_any_columns_of_a_folders_own_are_held_to_or_refused_in_a_sentence(small, own):
    description = small / schema.DESCRIPTOR
    before = description.read_text(encoding="utf-8")
    (small / "boats.csv").write_text("id,mood,term\ngull,a,b\n", encoding="utf-8")
    description.write_text(json.dumps({"resources": own}), encoding="utf-8")
    try:
        for read in (kwlesson.load, check):
            assert refusal(read, small).isprintable()
    finally:
        description.write_text(before, encoding="utf-8")


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
