"""`check` finds what a load lets pass: unsafe cells, leaked names, references without sources."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import frictionless
import pytest
from lesson_folder import TEXTS, LessonFolder

import kwlesson
from kwlesson import paths
from kwlesson.authoring.check import check
from kwlesson.tables import edtf, schema
from kwlesson.tables.reader import read_folder

FOLDERS = (paths.DATA, paths.TRANSFER, paths.SAMPLE, paths.STARTER)
LESSONS = [folder for folder in FOLDERS if folder.is_dir()]
UNSAFE = {
    "a script": "<script>alert(1)</script>",
    "a tag": "very <b>bold</b>",
    "a closing cell": "</td>",
    "an entity": "Tom &amp; Meg",
    "a template": "{{7*7}}",
    "a formula": '=HYPERLINK("http://example.org")',
    "a plus": "+1",
    "an at sign": "@SUM(A1)",
    "a line break": "one\ntwo",
    "a blank at the end": "one ",
}


@pytest.mark.parametrize("what", UNSAFE)
def test_html_and_formulas_are_text_to_load_and_a_problem_to_check(fiction, what):
    fiction.change("claims", 0, says=UNSAFE[what])
    page = kwlesson.load(fiction.path).compare("harbour-light").page()
    assert "<script>" not in page
    assert "<b>bold" not in page
    assert "</td>" not in page
    assert "49" not in page
    found = check(fiction.path)
    assert [(p.file, p.row, p.column, p.value) for p in found] == [
        ("claims.csv", 2, "says", UNSAFE[what])
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "ftp://x", "see the book", "https://a b"]
)
def test_only_web_addresses_are_addresses(fiction, address):
    fiction.change("sources", 0, url=address)
    assert [(p.file, p.row, p.column) for p in check(fiction.path)] == [("sources.csv", 2, "url")]


def test_a_name_that_gives_the_author_away_is_found(fiction):
    fiction.change("claims", 0, says="Silas Buoy saw the light.")
    assert [(p.file, p.row, p.column) for p in check(fiction.path)] == [("claims.csv", 2, "says")]


@pytest.mark.parametrize("damage", ["[]", "{", "[{}]", '[{"id": "stranger"}]'])
def test_references_that_do_not_match_the_sources_are_found(fiction, damage):
    (fiction.path / "references.json").write_text(damage, encoding="utf-8")
    assert {problem.file for problem in check(fiction.path)} <= {"references.json", "sources.csv"}
    assert check(fiction.path)


def _as_in(folder, resource, others):
    """Leave out of a description what a folder does without; return whether it has the table."""
    path, model = folder / resource["path"], resource["schema"]
    if not path.exists():
        return False
    header = path.read_text(encoding="utf-8").split("\n")[0].split(",")
    fields = {field["name"]: field for field in model["fields"]}
    model["fields"] = [fields[name] for name in header]
    here = {one["name"] for one in others if (folder / one["path"]).exists()} | {""}
    model["foreignKeys"] = [
        key for key in model.get("foreignKeys", ())
        if key["fields"] in header and key["reference"]["resource"] in here
    ]  # fmt: skip
    return True


def second_opinion(folder):
    """Return what the data package standard's own reader finds, by file and row."""
    described = json.loads(
        Path(paths.PACKAGE, "tables", schema.DESCRIPTOR).read_text(encoding="utf-8")
    )
    described["resources"] = [
        one for one in described["resources"] if _as_in(folder, one, described["resources"])
    ]
    report = frictionless.Package(described, basepath=str(folder)).validate()
    assert report.errors == []
    return {
        (Path(task.place).name, error.row_number): error.note
        for task in report.tasks
        for error in task.errors
    }


@pytest.mark.parametrize("folder", LESSONS, ids=lambda path: path.name)
def test_a_lesson_is_a_sound_data_package(folder):
    assert second_opinion(folder) == {}


SPOILT = [
    ("claims", 0, {"point": "nowhere"}), ("claims", 1, {"says": ""}),
    ("points", 0, {"verdict": "maybe"}), ("events", 0, {"summary": "x" * 3000}),
    ("events", 2, {"id": "inquiry"}), ("hands", 0, {"step": "one"}), ("hands", 3, {"step": "0"}),
    ("quotes", 0, {"id": "Lit At Dusk"}), ("quotes", 1, {"sensitive": "oui"}),
]  # fmt: skip


def test_what_the_standards_own_reader_finds_is_found_too(fiction):
    for table, index, cells in SPOILT:
        fiction.change(table, index, **cells)
    with (fiction.path / "terms.csv").open("a", encoding="utf-8") as file:
        file.write("one,two\na,b,c,d,e\n")
    theirs = second_opinion(fiction.path)
    ours = {(problem.file, problem.row) for problem in check(fiction.path)}
    assert len(theirs) >= len(SPOILT) + 2  # a cell that is too long is ours alone to find
    missed = {place: note for place, note in theirs.items() if place not in ours}
    # Rows that point to an id that was spoilt are in order themselves.
    assert [note for note in missed.values() if "lit-at-dusk" not in note
            and "ladder-brought" not in note] == []  # fmt: skip


@pytest.mark.parametrize("spoil", [{"id": "Harbour Master"}, {"id": ""}, {"name": "a\x07"}])
def test_what_is_wrong_with_one_row_accuses_no_healthy_row(fiction, spoil):
    fiction.change("people", 0, **spoil)
    assert {(p.file, p.row) for p in check(fiction.path, TEXTS)} == {("people.csv", 2)}


UNKEPT = {
    "a type": ({"type": "number"}, "column terms.mood: type 'number': not one that"),
    "a limit": ({"constraints": {"maximum": 3}}, "column terms.mood: constraint 'maximum': not"),
    "a key beside the key": ({"constraints": {"unique": True}}, "terms.mood: constraint 'unique'"),
    "a pattern": ({"constraints": {"pattern": "("}}, "column terms.mood: pattern '(' (only"),
    "a pattern that never ends": ({"constraints": {"pattern": "(a+)+b"}}, "pattern '(a+)+b' (only"),
    "a length without end": ({"constraints": {"maxLength": 1e400}}, "maxLength 'inf'"),
    "a list of nothing": ({"itemsOf": "moods"}, "terms.mood: no table 'moods' with ids to"),
}


@pytest.mark.parametrize("what", UNKEPT)
def test_a_description_that_promises_what_no_row_is_held_to_is_refused(fiction, what):
    promise, sentence = UNKEPT[what]
    path = fiction.path / schema.DESCRIPTOR
    added = {"name": "terms", "schema": {"fields": [{"name": "mood"} | promise]}}
    path.write_text(json.dumps({"resources": [added]}), encoding="utf-8")
    for read in (kwlesson.load, check):
        with pytest.raises(kwlesson.LessonError, match=r"datapackage\.json: column") as caught:
            read(fiction.path)
        assert sentence in str(caught.value)


def calls_to_check(fiction, times):
    """Count the calls of a check of so many rows: work, told without a clock."""
    for table in ("people", "accounts", "claims", "quotes", "events", "links"):
        rows = fiction.rows(table)
        own = {"id", "name", "label"} & set(rows[0])
        more = [
            row | {column: f"{row[column]}-{n}" for column in own}
            for n in range(1, times)
            for row in rows
        ]
        fiction.write(table, rows + more)
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        check(fiction.path, TEXTS)
    finally:
        sys.setprofile(None)
    return calls


def test_check_grows_in_step_with_the_tables(tmp_path):
    few, many = (
        calls_to_check(LessonFolder(paths.SAMPLE, tmp_path / str(times)), times)
        for times in (10, 40)
    )
    assert many < 4 * few


def test_check_parses_each_date_once():
    layout, tables, _ = read_folder(paths.DATA)
    columns = [(name, one.name) for name in layout for one in layout[name].columns.values()
               if one.is_date]  # fmt: skip
    dates = {row[column] for name, column in columns for row in tables[name] if row[column]}
    edtf.parse.cache_clear()
    check(paths.DATA)
    assert edtf.parse.cache_info().misses == len(dates)
