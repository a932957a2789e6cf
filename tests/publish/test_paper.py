"""The sheets: all that a lesson without any device needs, from the tables and nothing else."""

from __future__ import annotations

import re

import pytest
from html_probe import Page
from lesson_folder import spoilt

from kwlesson import paths
from kwlesson.publish import paper, pdf

HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


def sheets(lesson, out):
    paper.build(lesson, paths.NOTEBOOKS, out)
    return {name: (out / "paper" / f"{name}.html").read_text("utf-8") for name in paper.SHEETS}


@pytest.fixture(scope="module")
def printed(lesson, tmp_path_factory):
    return sheets(lesson, tmp_path_factory.mktemp("site"))


def test_the_handout_names_nobody_who_reports(lesson, printed):
    people = lesson.by_id("people")
    reporters = [people[row["reporter"]] for row in lesson.records("accounts", case="kim-il-1949")]
    names = [
        name
        for row in reporters
        for name in (row["id"], row["name"], *row["also_known_as"].split(";"))
    ]
    found = [name for name in names if name and name.lower() in printed["handout"].lower()]
    assert found == []
    assert all(row["name"].split()[-1] in printed["plan"] for row in reporters)


def test_seven_cards_hold_every_step_of_the_class_path_once_under_its_number(lesson, printed):
    spine = sorted(lesson.records("links", spine="yes"), key=lambda row: row["step"])
    page = Page(printed["cards"])
    assert re.findall(r"<h2>Card (\d+)", printed["cards"]) == list("1234567")
    assert sorted(row for row in page.rows if row.startswith("links:")) == sorted(
        f"links:{row['id']}" for row in spine
    )
    # The plan speaks of steps by the numbers that the chain has in its notebook.
    for number, row in enumerate(spine, start=1):
        assert f"Step {number} {row['title']}" in page.text


def test_the_slip_asks_what_the_plan_says_is_written_on_it(lesson, printed):
    steps = [row for row in lesson.records("plan") if row["minutes_50"] and row["question"]]
    asked = [row.partition(":")[2] for row in Page(printed["slip"]).rows if "questions" in row]
    assert asked == [row["question"] for row in steps]
    assert all(f"questions:{one}" in Page(printed["plan"]).rows for one in asked)


def test_no_sheet_speaks_of_a_screen(printed):
    words = r"\b(click|toggle|project|projector|screen|browser|notebook 0)\b"
    found = {
        name: re.findall(words, Page(page).text, re.IGNORECASE) for name, page in printed.items()
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_a_sheet_asks_for_no_other_file(printed):
    for page in printed.values():
        assert not re.search(r"<(script|link|img|iframe)\b|url\(|@import|\son\w+=", page)


def test_sheets_are_the_same_bytes_each_time(lesson, printed, tmp_path):
    assert sheets(lesson, tmp_path) == printed


def test_a_hostile_lesson_is_text_on_every_sheet(tmp_path):
    free = {
        "cases": "title", "points": "question", "quotes": "words", "links": "title",
        "questions": "prompt", "plan": "on_paper", "claims": "brief",
    }  # fmt: skip

    def spoil(rows):
        for table, column in free.items():
            for row in rows[table]:
                row[column] = f"{row[column]} {HOSTILE}"

    for page in sheets(spoilt(paths.SAMPLE, spoil), tmp_path).values():
        assert "<img" not in page
        assert "{{7*7}}" in page


def test_without_a_browser_it_says_so_and_how_to_print(lesson, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    sheets(lesson, tmp_path)
    pdf.build(lesson, paths.NOTEBOOKS, tmp_path)
    assert "No PDF is made" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.pdf"))
