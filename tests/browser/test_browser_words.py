"""Few words: what a notebook shows at first, and all that it holds, as a browser counts it."""

from __future__ import annotations

import re

import pytest
from browser_support import document
from notebook_cells import WITH_WORK, named
from word_count import count, count_once, page_of

from kwlesson import paths

OURS, SOURCES, EVERYTHING = 5_000, 3_000, 18_000
PACE = 130  # words a minute
# A stored form unpacks itself after the page has loaded, and then draws itself.
ALIVE = """
    () => [...document.querySelectorAll("script.kw-form")]
        .every(form => form.previousElementSibling.classList.contains("kw-live"))
"""


@pytest.fixture(scope="module")
def counted(windows, tmp_path_factory):
    """Count the words of each notebook that a learner works in."""
    window, folder = windows(), tmp_path_factory.mktemp("words")
    found = {}
    for name in WITH_WORK:
        path = folder / f"{name}.html"
        path.write_text(document(page_of(paths.NOTEBOOKS / name)), encoding="utf-8")
        window.goto(path.as_uri())
        window.wait_for_function(ALIVE)
        found[name] = count(window)
    return found


@pytest.mark.parametrize("name", WITH_WORK)
def test_a_notebook_is_read_in_half_its_minutes(counted, name):
    minutes = int(re.search(r"^\*\*(\d+) minutes\*\*", named(name).markdown, re.MULTILINE)[1])
    assert counted[name].ours + counted[name].sources <= PACE * minutes / 2


def test_all_notebooks_together_stay_within_their_words(counted):
    assert sum(words.ours for words in counted.values()) <= OURS
    assert sum(words.sources for words in counted.values()) <= SOURCES
    texts = [text for words in counted.values() for text in words.texts]
    assert count_once(texts) <= EVERYTHING


def test_a_row_is_counted_once_and_a_label_each_time():
    texts = [("He saw the lamp go out.", 6), ("ours", 1)]
    assert count_once(texts * 2) == 8
