"""Bad input gets one sentence: file, row, column, value, remedy. Nothing is half loaded."""

from __future__ import annotations

import os
import shutil

import pytest

import kwlesson
from kwlesson.authoring.check import check

CELLS = {
    "a dangling key": ("claims", 0, "point", "nowhere", "claims.csv:2:point: 'nowhere'"),
    "a dangling key in a list": ("events", 0, "people", "nobody", "events.csv:2:people: 'nobody'"),
    "a list with an empty place": ("events", 0, "people", "writer;", "events.csv:2:people:"),
    "a dangling note": ("notes", 0, "about", "points:none", "notes.csv:2:about: 'points:none'"),
    "a note on no table": ("notes", 0, "about", "dogs:rex", "notes.csv:2:about: 'dogs:rex'"),
    "a note on no row": ("notes", 0, "about", "lamp", "notes.csv:2:about: 'lamp': write table:id"),
    "a month that is none": ("events", 1, "date", "1912-13", "events.csv:3:date: '1912-13'"),
    "a day that is none": ("events", 1, "date", "1912-02-30", "events.csv:3:date: '1912-02-30'"),
    "a date in words": ("events", 1, "date", "last spring", "events.csv:3:date: 'last spring'"),
    "an interval run backwards": ("events", 1, "date", "1913/1912", "events.csv:3:date:"),
    "an impossible verdict": ("points", 0, "verdict", "quoted-from-one", "points.csv:2:verdict:"),
    "agreement of one": ("points", 2, "verdict", "agree", "points.csv:4:verdict: 'agree'"),
    "nobody's claim with a name": ("points", 0, "verdict", "unassigned", "points.csv:2:verdict:"),
    "a verdict of no kind": ("points", 0, "verdict", "maybe", "points.csv:2:verdict: 'maybe'"),
    "mixed evidence": ("claims", 0, "source", "keeper-letter", "claims.csv:3:source:"),
    "a gap in a route": ("hands", 2, "step", "4", "hands.csv:4:step: '4': a gap"),
    "a route that starts late": ("hands", 0, "step", "9", "hands.csv:3:step: '2': a gap"),
    "a step in words": ("hands", 0, "step", "one", "hands.csv:2:step: 'one'"),
    "a step twice": ("hands", 1, "step", "1", "hands.csv:3:step: 'wick-1912 1'"),
    "a duplicate id": ("quotes", 1, "id", "lit-at-dusk", "quotes.csv:3:id: 'lit-at-dusk'"),
    "an id in capitals": ("quotes", 4, "id", "Hardly", "quotes.csv:6:id: 'Hardly'"),
    "no id": ("quotes", 4, "id", "", "quotes.csv:6:id: must not be empty"),
    "yes in another language": ("quotes", 0, "sensitive", "oui", "quotes.csv:2:sensitive: 'oui'"),
    "a sensitive quotation without its caution": (
        "quotes", 3, "caution", "", "quotes.csv:5:caution: a sensitive quotation"),
    "a nameless bracket": ("quotes", 1, "editorial", "", "quotes.csv:3:editorial:"),
    "an event without a place in time": (
        "events", 2, "after", "", "events.csv:4:date: an event needs a date"),
    "a circle in time": ("events", 2, "after", "ladder-brought", "events.csv:4:after:"),
    "a date against the order": ("events", 1, "before", "boat-strikes", "events.csv:3:before:"),
    "a thing that is itself": ("events", 1, "same_as", "inquiry", "events.csv:3:same_as:"),
    "a computed date that is missing": ("events", 2, "derived", "a guess", "events.csv:4:derived:"),
    "a citation out of nowhere": ("sources", 2, "cited_in", "", "sources.csv:4:cited_in:"),
    "a link on hearsay": ("supports", 0, "source", "pilot-diary", "links.csv:2:id: 'blame'"),
    "a place twice": ("points", 1, "order", "1", "points.csv:3:order: '1': a place that is taken"),
    "a place left empty": ("points", 4, "order", "9", "points.csv:6:order: '9': a gap in harbour"),
    "a question left out": ("questions", 1, "order", "3", "questions.csv:3:order: '3': a gap in"),
    "a document for everybody": (
        "points", 4, "core", "yes", "points.csv:6:core: 'yes': rests on documents beyond"),
    "a claim in a foreign case": ("accounts", 0, "case", "nothing", "accounts.csv:2:case:"),
    "a paragraph in words": (
        "quotes", 0, "paragraph", "two", "quotes.csv:2:paragraph: 'two': write whole numbers"),
    "a test left out": (
        "corroborations", 0, "against_interest", "", "corroborations.csv:2:against_interest:"),
    "evidence on an unexplained matter": (
        "corroborations", 0, "bears_on", "tides", "corroborations.csv:2:bears_on: 'tides'"),
    "1 MB in a cell": ("events", 0, "summary", "x" * 1_000_000, "1,000,000 characters"),
    "a control character": ("events", 0, "summary", "a\x07b", "events.csv:2:summary: 'a\\x07b'"),
}  # fmt: skip


@pytest.mark.parametrize("what", CELLS)
def test_a_bad_cell_is_named_by_load_and_by_check(fiction, what):
    table, index, column, value, sentence = CELLS[what]
    if what == "an event without a place in time":
        fiction.change("events", 2, before="")
    fiction.change(table, index, **{column: value})
    with pytest.raises(kwlesson.LessonError) as caught:
        kwlesson.load(fiction.path)
    assert sentence in str(caught.value)
    assert caught.value.problems
    assert any(sentence in str(problem) for problem in check(fiction.path))


FILES = {
    "an empty file": (b"", "events.csv: an empty file"),
    "a table of another's columns": (b"id,step\n", "events.csv:1:step: no such column"),
    "a missing column": (b"id,title\na,b\n", "events.csv:1:summary: column missing"),
    "an unclosed quotation mark": (b'@header"open', "a quotation mark too many"),
    "a row too short": (b"@headerone,two\n", "events.csv:2: 'one,two': 2 cells under"),
    "Latin-1 bytes": ("@headerx,1912,café".encode("latin-1"), "events.csv:2:date_words: "),
    "a table of nothing but commas": (b",,\n,,\n", "events.csv: an empty file"),
    "another table": (b"one,two\n1,2\n", "events.csv:1: 'one,two': none of the columns"),
    "a column without a name": (
        b"@names,\n" + b"x," * 16 + b"stray",
        "events.csv:2:Q: 'stray': stands in a column",
    ),
    "bytes of no table": (b"\xfe\x01\n\xfe", "events.csv: not a table of text"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_named_by_load_and_by_check(fiction, what):
    content, sentence = FILES[what]
    header = (fiction.path / "events.csv").read_bytes().split(b"\n")[0] + b"\n"
    content = content.replace(b"@header", header).replace(b"@names", header.strip())
    fiction.bytes("events", content)
    with pytest.raises(kwlesson.LessonError, match=r"events\.csv") as caught:
        kwlesson.load(fiction.path)
    assert sentence in str(caught.value)
    assert any(sentence in str(problem) for problem in check(fiction.path))


def test_an_extra_column_is_named(fiction):
    rows = [row | {"mood": "blue"} for row in fiction.rows("events")]
    fiction.write("events", rows)
    with pytest.raises(kwlesson.LessonError, match=r"events.csv:1:mood: no such column"):
        kwlesson.load(fiction.path)


def test_a_column_named_twice_is_named(fiction):
    lines = (fiction.path / "terms.csv").read_text(encoding="utf-8").splitlines()
    fiction.bytes("terms", "\n".join(line + ",id" for line in lines).encode())
    with pytest.raises(kwlesson.LessonError, match=r"terms.csv:1:id: column named twice"):
        kwlesson.load(fiction.path)


def test_a_missing_file_is_named(fiction):
    (fiction.path / "quotes.csv").unlink()
    with pytest.raises(kwlesson.LessonError, match=r"quotes.csv: file missing"):
        kwlesson.load(fiction.path)
    assert [problem.file for problem in check(fiction.path)] == ["quotes.csv"]


def test_a_folder_in_the_place_of_a_file_is_named(fiction):
    (fiction.path / "quotes.csv").unlink()
    (fiction.path / "quotes.csv").mkdir()
    with pytest.raises(kwlesson.LessonError, match=r"quotes.csv: "):
        kwlesson.load(fiction.path)


def test_a_file_that_may_not_be_read_is_named(fiction, monkeypatch):
    secret = fiction.path / "people.csv"
    secret.chmod(0)
    if os.access(secret, os.R_OK):  # nothing is forbidden to root: refuse in its stead
        original = type(secret).read_bytes

        def refuse(path):
            if path.name == "people.csv":
                raise PermissionError(13, "Permission denied", str(path))
            return original(path)

        monkeypatch.setattr(type(secret), "read_bytes", refuse)
    with pytest.raises(kwlesson.LessonError, match=r"people.csv: may not be read"):
        kwlesson.load(fiction.path)


@pytest.mark.parametrize("kind", ["no folder", "an empty folder", "a file"])
def test_what_is_not_a_lesson_is_said_to_be_none(tmp_path, fiction, kind):
    place = tmp_path / "nowhere" if kind != "a file" else fiction.path / "events.csv"
    if kind == "an empty folder":
        place.mkdir()
    with pytest.raises(kwlesson.LessonError) as caught:
        kwlesson.load(place)
    assert str(caught.value) == (
        f"{place}: not a folder with a lesson: none of its tables is there; "
        "name a folder that holds "
        "sources.csv, people.csv, cases.csv, accounts.csv, points.csv, claims.csv, quotes.csv"
    )


@pytest.mark.parametrize("spelling", ["BOM", "CRLF", "BOM and CRLF", "blank lines at the end"])
def test_what_a_spreadsheet_does_harmlessly_is_accepted(fiction, invented, spelling):
    for path in fiction.path.glob("*.csv"):
        content = path.read_bytes()
        if "CRLF" in spelling:
            content = content.replace(b"\n", b"\r\n")
        if "BOM" in spelling:
            content = b"\xef\xbb\xbf" + content
        if "blank" in spelling:
            content += b"\n\n"
        path.write_bytes(content)
    lesson = kwlesson.load(fiction.path)
    for table in invented.table_names:
        assert getattr(lesson, table).equals(getattr(invented, table))
    assert check(fiction.path) == []


def test_check_lists_every_problem_and_load_counts_them(fiction):
    fiction.change("claims", 0, says="", point="nowhere")
    fiction.change("events", 1, date="1912-13")
    found = check(fiction.path)
    assert {(p.file, p.row, p.column) for p in found} >= {
        ("claims.csv", 2, "says"), ("claims.csv", 2, "point"), ("events.csv", 3, "date"),
    }  # fmt: skip
    with pytest.raises(kwlesson.LessonError, match=r"\(1 more"):
        kwlesson.load(fiction.path)


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\u00a0"])
def test_only_a_line_break_ends_a_row(fiction, sign):
    fiction.change("events", 0, summary=f"One line{sign}and another.")
    event = kwlesson.load(fiction.path).records("events")[0]
    assert event["summary"] == f"One line{sign}and another."


def test_nothing_is_left_behind_by_a_failed_load(fiction):
    before = __import__("csv").field_size_limit()
    shutil.copy(fiction.path / "events.csv", fiction.path / "quotes.csv")
    with pytest.raises(kwlesson.LessonError):
        kwlesson.load(fiction.path)
    assert __import__("csv").field_size_limit() == before
