"""A notebook has the stylesheet once, in the output of the cell that loads its lesson."""

from __future__ import annotations

import asyncio
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from types import SimpleNamespace

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import kwlesson
from kwlesson import paths
from kwlesson.jupyter.save_hook import WIDGET_VIEW
from kwlesson.views.kit.completion import offer_ids
from kwlesson.views.kit.stylesheet import sheet


class Notebook:
    """What a kernel's shell knows, and what it was given to show in each cell."""

    def __init__(self):
        self.execution_count = 1
        self.display_pub = self
        self.shown = []

    def publish(self, data, **_metadata):
        self.shown.append((self.execution_count, data))


@pytest.fixture
def notebook(monkeypatch):
    shell = Notebook()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    return shell


def test_a_cell_shows_the_stylesheet_once_however_many_lessons_it_loads(notebook):
    kwlesson.load(kwlesson.SAMPLE)
    kwlesson.load(kwlesson.TRANSFER)
    ((cell, data),) = notebook.shown
    assert cell == 1
    assert set(data) == {"text/html", "text/plain"}
    assert data["text/plain"] == ""
    assert data["text/html"].count(sheet()) == 1
    # Nothing of it is seen, so that the cell shows what it showed before.
    hidden = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
    (seen,) = hidden.sub("", data["text/html"]).strip().split("\n")
    assert seen.startswith('<p class="kw-printed">')
    assert ".kw-printed{display:none;}" in sheet()


def in_a_kernel(run):
    """Run what a kernel would: in a thread of its own, where no browser's loop is running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


def test_a_kernel_s_cell_connects_the_page_with_one_workbook_and_shows_nothing(notebook):
    notebook.kernel = object()
    in_a_kernel(kwlesson.load)
    in_a_kernel(lambda: kwlesson.load(kwlesson.TRANSFER))
    (_, _), (cell, data) = notebook.shown
    assert cell == 1
    assert set(data) == {WIDGET_VIEW}


def test_nobody_waits_for_a_page_to_be_connected(notebook):
    notebook.kernel = object()

    async def kernel():
        kwlesson.load()
        answered_with = len(notebook.shown)
        await asyncio.sleep(0)
        return answered_with

    assert in_a_kernel(lambda: asyncio.run(kernel())) == 1
    assert [set(data) for _, data in notebook.shown[1:]] == [{WIDGET_VIEW}]


def test_a_cell_says_where_no_answers_can_be_kept(notebook, monkeypatch):
    notebook.kernel = object()
    monkeypatch.setenv("KWLESSON_WORK", str(kwlesson.SAMPLE))

    async def kernel():
        kwlesson.load()

    with pytest.raises(kwlesson.LessonError, match="name another one"):
        in_a_kernel(lambda: asyncio.run(kernel()))


def test_a_cell_that_is_run_again_shows_the_same_again(notebook):
    for notebook.execution_count in (1, 2):
        kwlesson.load(kwlesson.SAMPLE)
    (first, shown), (again, shown_again) = notebook.shown
    assert (first, again) == (1, 2)
    assert shown == shown_again


def test_tab_offers_the_ids_that_a_verb_takes():
    shell = InteractiveShell()
    lesson = kwlesson.load(kwlesson.SAMPLE)
    offer_ids(shell, lesson)
    for code, offered in {
        "lesson.compare(": {'"harbour-light"'},
        "view = lesson.ask('who-": {"who-saw"},
    }.items():
        with provisionalcompleter():
            found = {one.text for one in shell.Completer.completions(code, len(code))}
        assert found == offered


@pytest.mark.parametrize("missing", ["no IPython", "no shell"])
def test_where_there_is_no_notebook_nothing_is_shown(monkeypatch, capsys, missing):
    if missing == "no IPython":
        monkeypatch.delitem(sys.modules, "IPython", raising=False)
    else:
        module = SimpleNamespace(get_ipython=lambda: None)
        monkeypatch.setitem(sys.modules, "IPython", module)
    kwlesson.load(kwlesson.SAMPLE)
    assert capsys.readouterr() == ("", "")


def test_a_page_by_itself_brings_the_stylesheet_and_a_notebook_s_output_does_not(invented):
    view = invented.compare("harbour-light")
    assert view.page() == f"<style>\n{sheet()}\n</style>\n{view.body()}"
    assert view._repr_mimebundle_()["text/html"] == view.stored()
    assert sheet() not in view.body()


@pytest.mark.parametrize("path", sorted((paths.PACKAGE / "views").glob("*/style.css")), ids=str)
def test_the_rules_of_a_view_reach_no_other(path):
    name = f".kw-view-{path.parent.name}{{"
    (line,) = [one for one in sheet().splitlines() if one.startswith(name)]
    depths = accumulate({"{": 1, "}": -1}.get(sign, 0) for sign in line.removeprefix(name))
    # The brace that closes the view's own class is the last.
    assert list(depths).index(-1) == len(line.removeprefix(name)) - 1


def test_the_stylesheet_is_small():
    assert len(sheet().encode()) < 38_250
    assert "</" not in sheet()
