"""What a kernel tells a page: the script once, however many questions and notebooks it serves."""

from __future__ import annotations

import re

from browser_support import NOTEBOOK, listen, wait_for_kernel
from playwright.sync_api import expect

import kwlesson
from kwlesson.views.kit.page_script import page_script

RUN_ALL = 200_000  # bytes
# What JupyterLab asks of each kernel, and when it comes to it, is its own affair.
CHATTER = re.compile(rb'"(?:debug|comm_info|create_subshell|delete_subshell)_re')
LAST_CELL = ".jp-CodeCell >> nth=-1"


def notebook(lab, name, *calls):
    """Write a notebook whose answers go into a folder of its own."""
    start = (
        f'import os\n\nos.environ["KWLESSON_WORK"] = {str(lab.work / "told")!r}\n'
        "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)"
    )
    return lab.write(f"{name}.ipynb", start, *calls)


def test_the_script_reaches_a_page_once_and_serves_every_notebook_of_the_kernel(lab, bench, page):
    first = notebook(
        lab, "first", "lesson.keep()", 'lesson.ask("who-saw")', 'lesson.ask("which-words")'
    )
    second = notebook(lab, "second", 'lesson.ask("what-fog-hides")')
    frames = listen(bench.window)
    lab.run_all(bench.open(first, wait_for=LAST_CELL))
    expect(bench.window.locator(".kw-live")).to_have_count(3)
    told = b"".join(frames)
    assert told.count(page_script().split(">")[1].split("<")[0].encode()) == 1

    session = {"path": "notebooks/second.ipynb", "name": "", "type": "notebook"}
    lab.ask("api/sessions", "POST", session | {"kernel": {"id": lab.kernel(first)}})
    lab.open(page, second, wait_for=page.locator(".jp-CodeCell").last)
    lab.run_all(page)
    assert lab.kernel(first) == lab.kernel(second)
    page.locator(".kw-live textarea").fill("Fog hides.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".kw-live").get_by_role("status")).to_have_text("Saved.")
    folder = kwlesson.Workbook(lab.work / "told", lesson="kwlesson-sample")
    assert folder.answers == {"what-fog-hides": "Fog hides."}


def test_to_run_all_cells_of_the_toggle_takes_few_bytes(lab, bench):
    frames = listen(bench.window)
    page = bench.open(lab.work / "notebooks" / NOTEBOOK)
    wait_for_kernel(page)
    frames.clear()
    questions = lab.run_all(page).filter(has=page.get_by_role("status"))
    expect(questions).not_to_have_count(0)
    wait_for_kernel(page)
    assert 100_000 < sum(len(frame) for frame in frames if not CHATTER.search(frame)) <= RUN_ALL
