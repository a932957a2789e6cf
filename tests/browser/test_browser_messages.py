"""What a kernel tells a page: the script once, however many questions and notebooks it serves."""

from __future__ import annotations

import nbformat
import pytest
from browser_support import NOTEBOOK, listen, wait_for_kernel, window
from playwright.sync_api import expect

import kwlesson
from kwlesson.answers.bundle import modules
from kwlesson.paths import PACKAGE

pytestmark = pytest.mark.slow

MODULES = {
    line.encode()
    for view in ("ask", "keep")
    for code in modules(PACKAGE / "views" / view / "script.js")
    for line in code.splitlines()
    if len(line) > 60 and '"' not in line and "\\" not in line
}


RUN_ALL = 350_000  # bytes


def notebook(lab, name, *calls):
    """Write a notebook whose answers go into a folder of its own."""
    start = (
        f'import os\n\nos.environ["KWLESSON_WORK"] = {str(lab.work / "told")!r}\n'
        "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)"
    )
    cells = [nbformat.v4.new_code_cell(source) for source in (start, *calls)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path = lab.work / "notebooks" / f"{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


def open_and_run(lab, page, path):
    lab.open(page, path, wait_for=page.locator(".jp-CodeCell").last)
    lab.run_all(page)


def test_the_script_reaches_a_page_once_and_serves_every_notebook_of_the_kernel(lab, chromium):
    first = notebook(
        lab, "first", "lesson.keep()", 'lesson.ask("who-saw")', 'lesson.ask("which-words")'
    )
    second = notebook(lab, "second", 'lesson.ask("what-fog-hides")')
    with window(chromium) as page:
        frames = listen(page)
        open_and_run(lab, page, first)
        expect(page.locator(".kw-live")).to_have_count(3)
        told = b"".join(frames)
        assert {told.count(line) for line in MODULES} == {1}
    session = {"path": "notebooks/second.ipynb", "name": "", "type": "notebook"}
    lab.ask("api/sessions", "POST", session | {"kernel": {"id": lab.kernel(first)}})
    with window(chromium) as page:
        open_and_run(lab, page, second)
        assert lab.kernel(first) == lab.kernel(second)
        page.locator(".kw-live textarea").fill("Fog hides.")
        page.get_by_role("button", name="Save my answer").click()
        expect(page.locator(".kw-live").get_by_role("status")).to_have_text("Saved.")
    assert kwlesson.Workbook(lab.work / "told").answers == {"what-fog-hides": "Fog hides."}


def test_to_run_all_cells_of_the_toggle_takes_few_bytes(lab, page):
    frames = listen(page)
    lab.open(page, lab.work / "notebooks" / NOTEBOOK)
    wait_for_kernel(page)
    frames.clear()
    questions = lab.run_all(page).filter(has=page.get_by_role("status"))
    expect(questions).to_have_count(4)
    wait_for_kernel(page)
    assert 100_000 < sum(map(len, frames)) <= RUN_ALL
