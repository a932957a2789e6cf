"""A notebook has its stylesheet once, and every output toggles whatever becomes of that one."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from browser_support import Workbench, choose, labels, output, save, wait_for_kernel, window
from playwright.sync_api import expect

from kwlesson.authoring.refresh import refresh

SETTINGS = "lab/api/settings/@jupyterlab/notebook-extension:tracker"
SHEETS = "style.kw-stylesheet"
# Long enough that the first output is out of sight, and out of the document where it may be.
LONG = "\n\n".join(["Read on."] * 80)
VIEWS = [f'lesson.compare("harbour-light"{how})' for how in ("", ", masked=True")]
CELLS_BEFORE = 3


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Store a notebook as ours are stored: what loads the lesson, and views far below it."""
    new_code, new_words = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    first = new_code("import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)")
    cells = [new_words("# A day"), first, new_words(LONG)]
    cells += [new_code(view) for view in VIEWS]
    path = tmp_path_factory.mktemp("stored") / "stored.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert refresh(path)
    return nbformat.read(path, as_version=4)


@pytest.fixture(scope="module", params=["contentVisibility", "full"])
def bench(chromium, server, request):
    """Let a JupyterLab keep in the document what is out of sight, or take it out."""
    server.ask(SETTINGS, "PUT", {"raw": json.dumps({"windowingMode": request.param})})
    bench = Workbench(chromium, server)
    yield bench
    bench.close()
    server.ask(SETTINGS, "PUT", {"raw": "{}"})


def put(lab, name, notebook):
    path = lab.work / "notebooks" / name
    nbformat.write(notebook, path)
    lab.trust(path)
    return path


def first_cell(page):
    scroll_to_cell(page, 1)
    cell = page.locator(".jp-CodeCell").first
    cell.scroll_into_view_if_needed()  # waits until it is there, and not hidden
    return cell


def scroll_to_cell(page, number):
    """Ask the notebook itself, which takes what is far from sight out of the document."""
    page.evaluate(
        "number => window.jupyterapp?.shell.currentWidget.content.scrollToItem(number)", number
    )


def on_first_cell(page):
    """Put the focus on the first cell: JupyterLab's commands are about that one."""
    first_cell(page).focus()
    page.keyboard.press("Escape")
    expect(first_cell(page)).to_be_focused()


def expect_dressed(area, *, dressed=True):
    ink = re.compile("." if dressed else "^$")
    expect(area.locator(".kw").first).to_have_css("--kw-ink", ink)


def assert_toggles(page, *, dressed=True):
    areas = output(page)
    expect(areas).to_have_count(len(VIEWS))
    for number, area in enumerate(areas.all(), CELLS_BEFORE):
        scroll_to_cell(page, number)
        area.scroll_into_view_if_needed()
        first, second = (area.locator(f".kw-row .kw-side-{side}").first for side in (1, 2))
        for label, sees_both in ((labels(area)[-1], True), (labels(area)[0], False)):
            scroll_to_cell(page, number)
            choose(area, label)
            expect(first).to_be_visible()
            expect(second).to_be_visible(visible=sees_both)
        expect_dressed(area, dressed=dressed)


def run_first_cell(page, times):
    on_first_cell(page)
    page.keyboard.press("Control+Enter")
    expect(first_cell(page).locator(".jp-InputPrompt")).to_have_text(f"[{times}]:")
    expect(first_cell(page).locator(".jp-OutputArea-output")).not_to_have_count(0)


# A window that has the sheet once keeps it, so the notebook without one comes first.
def test_without_the_first_output_all_toggle_and_run_all_dresses_them(bench, lab, stored):
    bare = nbformat.from_dict(stored)
    bare.cells[1].outputs = []
    path = put(lab, "bare.ipynb", bare)
    page = bench.open(path)
    assert_toggles(page, dressed=False)
    for area in lab.run_all(page).all():
        expect_dressed(area)
    expect(page.locator(SHEETS)).to_have_count(1)

    on_first_cell(page)
    save(page)
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    assert ["kw-stylesheet" in str(cell["outputs"]) for cell in cells] == [True, False, False]


def test_outputs_toggle_whatever_becomes_of_the_first(bench, lab, stored):
    page = bench.open(put(lab, "first.ipynb", stored))
    assert_toggles(page)
    for command in ("notebook:hide-cell-outputs", "notebook:clear-cell-output"):
        on_first_cell(page)
        page.evaluate("command => jupyterapp.commands.execute(command)", command)
        assert_toggles(page)
    expect(first_cell(page).locator(".jp-OutputArea-output")).to_have_count(0)
    wait_for_kernel(page)
    for times in (1, 2):
        run_first_cell(page, times)
        assert_toggles(page)
        expect(page.locator(SHEETS)).to_have_count(1)


def test_an_exported_page_toggles_without_javascript(chromium, tmp_path, stored):
    from nbconvert import HTMLExporter

    path = tmp_path / "page.html"
    path.write_text(HTMLExporter().from_notebook_node(stored)[0], encoding="utf-8")
    with window(chromium, java_script_enabled=False) as page:
        page.route("http*://**", lambda route: route.abort())
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        assert_toggles(page)
