"""Rows are the truth: views read rows that nobody can change, and need no data frames."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys

import pytest

import kwlesson
from kwlesson import paths
from kwlesson.authoring import every_view

TABLES = kwlesson.load(kwlesson.SAMPLE).table_names


def texts(lesson):
    return {said: call(lesson).text() for said, call in every_view.calls(lesson, most=1).items()}


@pytest.mark.parametrize("table", TABLES)
def test_changing_a_data_frame_changes_no_view_and_no_later_frame(table):
    lesson = kwlesson.load(kwlesson.SAMPLE)
    rows, frame = lesson.records(table), getattr(lesson, table)
    assert frame.to_dict("records") == rows
    for column in frame:
        frame[column] = "changed"
    assert lesson.records(table) == rows
    assert getattr(lesson, table).to_dict("records") == rows


CHANGES = {
    "a cell": lambda row: row.__setitem__("id", "changed"),
    "a cell taken out": lambda row: row.__delitem__("id"),
    "several cells": lambda row: row.update(id="changed"),
    "a cell put in": lambda row: row.setdefault("new", "changed"),
    "a cell popped": lambda row: row.pop("id"),
    "a last cell popped": lambda row: row.popitem(),
    "all cells": lambda row: row.clear(),
    "cells joined in": lambda row: row.__ior__({"id": "changed"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_that_views_share_cannot_be_changed(invented, what):
    row = invented.records("quotes")[0]
    with pytest.raises(TypeError, match=r"change a copy, such as dict\(row\)"):
        CHANGES[what](row)
    assert row == kwlesson.load(kwlesson.SAMPLE).records("quotes")[0]


def test_changing_what_was_handed_out_changes_no_view():
    lesson = kwlesson.load(kwlesson.SAMPLE)
    before = texts(lesson)
    for table in TABLES:
        lesson.records(table).clear()
        groups = lesson.grouped(table, next(iter(lesson.records(table)[0])))
        assert not hasattr(groups, "clear")
        assert not any(hasattr(group, "clear") for group in groups.values())
    assert not hasattr(lesson.by_id("quotes"), "clear")
    assert texts(lesson) == before


@pytest.mark.parametrize(
    "twin",
    [dict, copy.copy, copy.deepcopy, lambda row: pickle.loads(pickle.dumps(row))],  # noqa: S301
)
def test_a_copy_of_a_row_is_a_dict_of_ones_own(invented, twin):
    row = invented.records("events")[0]
    own = twin(row)
    assert own == row
    own["title"] = "changed"
    assert row["title"] != "changed"


def test_rows_are_the_same_however_they_are_asked_for(invented):
    rows = invented.records("hands")
    assert [row for group in invented.grouped("hands", "route").values() for row in group] == rows
    assert invented.records("hands", route="wick-1912") == [
        row for row in rows if row["route"] == "wick-1912"
    ]
    assert invented.records("hands", route="wick-1912", person="clerk") == rows[1:2]
    assert invented.records("hands", route="no-such-route") == []
    assert invented.by_id("people") == {row["id"]: row for row in invented.records("people")}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda lesson: lesson.records("quote"), "no table 'quote'; perhaps you meant: quotes"),
        (lambda lesson: lesson.by_id("xyz"), "no table 'xyz'"),
        (lambda lesson: lesson.grouped("hands", "rout"), "no column 'rout' in hands; perhaps"),
        (lambda lesson: lesson.records("hands", xyz="1"), "no column 'xyz' in hands"),
        (lambda lesson: lesson.get("quotes", "?"), "no row '?' in quotes; there are: lit-at-dusk,"),
    ],
)
def test_a_wrong_name_is_told_the_nearest(invented, asked, sentence):
    with pytest.raises(kwlesson.LessonError) as caught:
        asked(invented)
    assert str(caught.value).startswith(sentence)


def test_a_wrong_plural_is_no_attribute_and_says_the_nearest(invented):
    assert not hasattr(invented, "_repr_html_")
    with pytest.raises(
        AttributeError, match="no table or view 'qoutes'; perhaps you meant: routes, quotes"
    ):
        _ = invented.qoutes
    assert {*TABLES, *kwlesson.Lesson.verbs()} <= set(dir(invented))


def test_a_lesson_can_be_copied_and_pickled(invented):
    for twin in (copy.deepcopy(invented), pickle.loads(pickle.dumps(invented))):  # noqa: S301
        assert twin.records("events") == invented.records("events")


NO_PANDAS = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pandas", "numpy"}:
            raise ImportError(name + " is not here")
sys.meta_path.insert(0, Refuse())
"""
EVERY_VIEW = """
import kwlesson
from kwlesson.authoring import every_view
for folder in (None, kwlesson.SAMPLE, *(one for one in [kwlesson.TRANSFER] if one.is_dir())):
    lesson = kwlesson.load(folder)
    for said, call in every_view.calls(lesson).items():
        view = call(lesson)
        assert view.text() and view.page(), said
        assert view._repr_mimebundle_()["text/plain"], said
        assert not hasattr(view, "live") or view.live(), said
print(len(every_view.calls(lesson)))
"""
RUN_A_CELL = """
import ast
def run(code, place, names):
    *before, last = ast.parse(code, place).body
    exec(compile(ast.Module(before, []), place, "exec"), names)
    if isinstance(last, ast.Expr):
        shown = eval(compile(ast.Expression(last.value), place, "eval"), names)
        assert shown is None or not hasattr(shown, "_repr_mimebundle_") or shown._repr_mimebundle_()
    else:
        exec(compile(ast.Module([last], []), place, "exec"), names)
"""


def without_pandas(code, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", NO_PANDAS + code], capture_output=True, text=True,
        cwd=tmp_path, env=os.environ | {"KWLESSON_WORK": str(tmp_path)},
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_every_face_of_every_view_is_drawn_with_pandas_not_importable(tmp_path):
    assert int(without_pandas(EVERY_VIEW, tmp_path)) >= len(kwlesson.Lesson.verbs())


def test_every_cell_of_every_notebook_runs_with_pandas_not_importable(tmp_path):
    program: list[str] = []
    for book in sorted(paths.NOTEBOOKS.rglob("*.ipynb")):
        program += ["names = {}", f"os.chdir({str(book.parent)!r})"]
        for number, cell in enumerate(json.loads(book.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "code":
                place = f"{book.name}, cell {number}"
                program.append(f"run({''.join(cell['source'])!r}, {place!r}, names)")
    assert program
    without_pandas("import os\n" + RUN_A_CELL + "\n".join(program), tmp_path)


def test_a_plural_without_pandas_says_how_to_get_a_data_frame(tmp_path):
    code = """
import kwlesson
lesson = kwlesson.load(kwlesson.SAMPLE)
try:
    lesson.quotes
except kwlesson.LessonError as error:
    print(error)
"""
    assert without_pandas(code, tmp_path).strip() == (
        "lesson.quotes is a data frame, which needs pandas: pip install pandas "
        "(lesson.records('quotes') gives the same rows without it)"
    )
