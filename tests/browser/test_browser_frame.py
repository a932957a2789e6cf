"""The lesson in JupyterLab: a page that answers with nothing run, and that nothing changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser_support import OPEN_NOTEBOOK, TOKEN, start_on_a_cell, wait_for_kernel, window
from playwright.sync_api import expect

import kwlesson
from kwlesson.authoring.refresh import refresh

FRAMED, NEXT = "notebooks/framed.ipynb", "notebooks/next.ipynb"
IS_DIRTY = "jupyterapp.shell.currentWidget.context.model.dirty"
SCROLLER = ".jp-WindowedPanel-outer"
SCROLLED = f"document.querySelector('{SCROLLER}').scrollTop"


@pytest.fixture(scope="module")
def stored(server):
    """Store a notebook of the lesson, with answers in a folder of its own."""
    start = (
        f'import os\n\nos.environ["KWLESSON_WORK"] = {str(server.work / "framed")!r}\n'
        "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)"
    )
    long = "# A page\n\n" + "A line to read.\n\n" * 60
    calls = ("lesson.keep()", 'lesson.ask("who-saw")', 'lesson.go_on("00-a", onward="first")')
    path = server.write(Path(FRAMED).name, long, start, *calls)
    refresh(path)
    server.trust(path)
    return path


@pytest.fixture
def page(lab, bench, stored):  # noqa: ARG001 - no answers and no kernels of another test
    page = bench.open(stored, wait_for=".kw-view-ask .kw-live")
    wait_for_kernel(page)  # until then JupyterLab lays cells out anew, and a click may miss
    return page


def test_a_stored_page_takes_answers_and_running_it_only_adds_the_file(lab, page):
    question, bar = page.locator(".kw-view-ask"), page.locator(".kw-view-keep")
    question.get_by_role("radio").first.check()
    question.get_by_role("button").click()
    expect(question.get_by_role("status")).to_have_text("Kept in this browser.")
    expect(bar).to_contain_text("1 answer so far. Kept in this browser.")
    expect(page.locator(".kw-view-go_on")).to_contain_text("1 of 2")
    folder = kwlesson.Workbook(lab.work / "framed", lesson="kwlesson-sample")
    assert folder.answers == {}

    question.evaluate("one => one.scrollIntoView()")
    before = page.wait_for_function(SCROLLED).json_value()
    page.get_by_role("button", name="Run All Cells").click()
    expect(bar).to_contain_text("1 answer so far, saved in")
    expect(question.get_by_role("status")).to_have_text("Saved.")
    assert list(folder.answers) == ["who-saw"]
    page.wait_for_function(f"before => Math.abs({SCROLLED} - before) <= 30", arg=before)
    assert page.evaluate(IS_DIRTY) is False

    # Its kernel ends; the page that is opened next has none, and says what holds for it.
    lab.stop_kernel(lab.work / FRAMED)
    shutil.copy(lab.work / FRAMED, lab.work / NEXT)
    page.evaluate(OPEN_NOTEBOOK, NEXT)
    expect(page.locator(".jp-NotebookPanel")).to_have_count(1)
    question.get_by_role("radio").last.check()
    question.get_by_role("button").click()
    expect(question.get_by_role("status")).to_have_text("Kept in this browser.")
    expect(bar).to_contain_text("1 answer so far. Kept in this browser.")


def test_no_key_and_no_double_click_changes_a_page(page):
    cells, editors = page.locator(".jp-Cell"), page.locator(".cm-editor:visible")
    expect(cells).to_have_count(5)
    page.locator(".jp-MarkdownOutput").dblclick()
    expect(editors).to_have_count(0)
    start_on_a_cell(page)
    for key in "ddxvabmyz1":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(editors).to_have_count(0)
    expect(cells).to_have_count(5)
    assert page.evaluate(IS_DIRTY) is False


# As JupyterLab stores what somebody has left open who worked with its files.
OTHER_WORK = {
    "data": {
        "layout-restorer:data": {
            "left": {"collapsed": False, "current": "filebrowser", "widgets": ["filebrowser"]},
            "relativeSizes": [0.2, 0.8, 0],
        }
    },
    "metadata": {"id": "other-work"},
}


def test_what_is_empty_or_of_other_work_takes_no_room_beside_a_page(lab, chromium):
    lab.ask("lab/api/workspaces/other-work", "PUT", OTHER_WORK)
    (lab.work / "notebooks" / "instructor").mkdir(exist_ok=True)
    with window(chromium) as page:
        for where, name in (("other-work", "beside"), ("new", "instructor/beside")):
            written = lab.write("beside.ipynb", "# A page")
            written.replace(lab.work / "notebooks" / f"{name}.ipynb")
            here = f"lab/workspaces/{where}/tree/notebooks/{name}.ipynb"
            page.goto(f"{lab.url}{here}?token={TOKEN}")
            page.wait_for_function(
                "document.querySelector('.jp-NotebookPanel')?.clientWidth > innerWidth - 16"
            )
