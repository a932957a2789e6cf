"""A class's answers as a table: a column a question, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re

import pytest

from kwlesson.classroom.csv_export import to_csv
from kwlesson.classroom.gather import Learner

FULL_WIDTH = ["\uff1d1", "\uff0b1", "\uff0d1", "\uff20x"]
SIGNS = set("=+-@\uff1d\uff0b\uff0d\uff20")
BEGINNINGS = ["=1+1", "+1", "-1", "@x", "\t=1", " =1+1", "\r=1", *FULL_WIDTH]


@pytest.mark.parametrize("attack", BEGINNINGS)
def test_no_cell_is_a_formula(attack, lesson):
    texts = {row["id"]: attack for row in lesson.records("questions", kind="text")}
    class_of_one = [Learner(attack, attack, texts | {"argument": {"claim": attack}})]
    rows = list(csv.reader(io.StringIO(to_csv([lesson], class_of_one, names=True), newline="")))
    cells = [cell for cell in rows[1] if cell.strip("'\t\r \n")]
    assert len(rows) == 2
    assert any("1" in cell or "x" in cell for cell in cells)
    assert [cell for cell in cells if cell.lstrip(" \n")[:1] in SIGNS | {"\t"}] == []


@pytest.mark.parametrize("between", [";", "\t", "|", "; ", "|\u3000", ";;", ";\t", "\n", "\r\n "])
def test_no_cell_is_a_formula_however_a_spreadsheet_separates(between, lesson):
    for attack in [*BEGINNINGS, "=HYPERLINK(A1)"]:
        said = f"well{between}{attack};x"
        texts = {row["id"]: said for row in lesson.records("questions", kind="text")}
        class_of_one = [Learner(said, said, texts | {"argument": {"claim": said}})]
        table = to_csv([lesson], class_of_one, names=True)
        cells = re.split(r"[,;|\t\n]", table.replace('"', ""))
        assert cells.count("well") == len(texts) + 3
        assert [cell for cell in cells if cell.strip()[:1] in SIGNS] == []


@pytest.mark.parametrize("words", ["a - b; c", "well-known; 1 = 1", "a|b", "one, two\nthree"])
def test_harmless_words_stay_as_they_are(words, lesson):
    texts = {row["id"]: words for row in lesson.records("questions", kind="text")}
    rows = list(csv.reader(io.StringIO(to_csv([lesson], [Learner("a", "", texts)]), newline="")))
    assert words in rows[1]


def test_very_many_separators_take_no_longer_than_other_words(lesson):
    key = lesson.records("questions", kind="text")[0]["id"]
    assert to_csv([lesson], [Learner("", "", {key: ";\n \t" * 200_000 + "x"})])


def test_there_is_a_column_for_every_question(lesson, invented):
    header = to_csv([lesson, invented], []).splitlines()[0].split(",")
    for question in [*lesson.records("questions"), *invented.records("questions")]:
        assert question["id"] in header or f"{question['id']}-words" in header
    assert len(header) == len(set(header))


def test_a_lone_surrogate_can_be_written(lesson):
    key = lesson.records("questions", kind="text")[0]["id"]
    assert to_csv([lesson], [Learner("", "", {key: "\ud800"})]).encode("utf-8")
