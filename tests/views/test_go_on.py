"""The way back and on: its links, its parts, and no learner's answer in a stored face."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from html_probe import Page, squeeze

import kwlesson

LESSON = kwlesson.load()


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


@pytest.mark.ours
def test_every_notebook_with_questions_is_a_part_with_their_number(view):
    asked = Counter(row["notebook"] for row in LESSON.records("questions"))
    assert asked.pop("class")  # a session asks it, and no notebook
    told = dict(re.findall(r"(\d\d) (\d+)\?", squeeze(view.text())))
    assert told == {notebook: str(number) for notebook, number in asked.items()}
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
