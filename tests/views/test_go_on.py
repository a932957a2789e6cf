"""The way back and on: its links, its parts, and no learner's answer in a stored face."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from html_probe import Page, squeeze
from lessons import REAL as LESSON

import kwlesson
from kwlesson import paths


@pytest.fixture(scope="module")
def view():
    return LESSON.go_on("02-two-names", "01-two-reports", "03-through-whose-hands")


def test_the_links_lead_to_the_notebooks_named_and_say_their_names(view):
    links = dict(re.findall(r'<a href="([^"]+)"(?: aria-label="[^"]+")?>([^<]+)</a>', view.body()))
    assert links == {
        "01-two-reports.ipynb": "Back",
        "03-through-whose-hands.ipynb": "Next: 03 Through whose hands",
    }
    assert "Back" not in LESSON.go_on("00-start-here", onward="01-two-reports").text()


@pytest.mark.parametrize("place", ["notebooks", ".", "here"])
def test_the_way_on_says_a_notebook_s_own_heading_wherever_it_lies(tmp_path, monkeypatch, place):
    shutil.copytree(kwlesson.SAMPLE, tmp_path / "data")
    notebook = tmp_path / place / "02-fog.ipynb"
    notebook.parent.mkdir(exist_ok=True)
    prose = ["# 02 *안개*, a fog?<!--cases:harbour-light-->\n", "\n", "# More"]
    calls = {"cell_type": "code", "source": ["# no heading"]}
    cells = [calls, {"cell_type": "markdown", "source": prose}]
    notebook.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    if place == "here":
        monkeypatch.chdir(notebook.parent)
    lesson = kwlesson.load(tmp_path / "data")
    assert "Next: 02 안개, a fog?" in lesson.go_on("01-a", onward="02-fog").text()
    for spoilt in ("", "[]", '{"cells": [1]}', json.dumps({"cells": [calls]})):
        notebook.write_text(spoilt, encoding="utf-8")
        assert "Next: 02 Fog" in lesson.go_on("01-a", onward="02-fog").text()


@pytest.mark.ours
@pytest.mark.parametrize(
    "path", sorted(paths.NOTEBOOKS.glob("0[1-9]-*.ipynb")), ids=lambda one: one.stem
)
def test_a_notebook_of_ours_is_called_as_it_is_headed(path):
    heading = re.search(r'"# (.+?)(?:<!--.*?-->)?(?:\\n)?"', path.read_text(encoding="utf-8"))[1]
    assert LESSON.notebook_title(path.stem) == heading


@pytest.mark.ours
def test_every_notebook_with_questions_is_a_part(view):
    asked = {row["notebook"] for row in LESSON.records("questions")}
    assert re.findall(r"(\d\d) \?", squeeze(view.text())) == sorted(asked - {"class"})
    assert view.body().count('aria-current="page"') == 1


def test_the_page_is_the_form_and_is_stored_once(view):
    assert view.stored().count("kw-places") == 1
    assert 'class="kw-form"' in view.stored()
    assert Page(view.stored()).unbalanced == []


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '" onmouseover="alert(1)'])
def test_a_hostile_name_is_text(attack):
    hostile = LESSON.go_on("00-a", onward=attack).stored()
    assert re.findall(r"<\w+", hostile) == re.findall(
        r"<\w+", LESSON.go_on("00-a", onward="b").stored()
    )
    assert 'onmouseover="' not in hostile
