"""What the keys of JupyterLab's cells do, and that they leave alone what a cell shows."""

from __future__ import annotations

import re

import pytest
from browser_support import save
from playwright.sync_api import expect

CONTROLS = """
import ipywidgets
from IPython.display import HTML, display

display(ipywidgets.Button(description="Press"), ipywidgets.Checkbox(description="Tick"))
display(HTML('<a href="#here">A link</a> <p tabindex="0">A stop</p>'))
"""
FOCUSABLE = {
    "a live radio": ".kw-live .kw-choices input",
    "a folded line": ".kw summary",
    "a button": ".widget-button",
    "a box to tick": ".widget-checkbox input",
    "a link": ".jp-OutputArea a[href='#here']",
    "a stop of Tab": ".jp-OutputArea p[tabindex]",
}
KEYS = [
    *("x", "d d", "a", "b", "v", "m", "y", "r", "Shift+Z", "Shift+M", "0 0"),
    *("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "j", "k"),
    *("Shift+ArrowDown", "Shift+ArrowUp", "Shift+Home", "Shift+End", "Shift+A", "Shift+B"),
    *("Alt+Enter", "Control+a", "Control+Backspace", "Control+Shift+ArrowDown"),
]
# Two frames later, JupyterLab has done what it does upon a key.
STATE = """
    () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
        const cells = [...document.querySelectorAll(".jp-Notebook .jp-Cell")];
        const focus = document.activeElement;
        done({
            cells: cells.map(cell => [
                ["jp-CodeCell", "jp-MarkdownCell", "jp-RawCell"].find(
                    name => cell.classList.contains(name)),
                cell.classList.contains("jp-mod-selected"),
                cell.querySelectorAll(".jp-OutputArea-output").length,
            ]),
            focus: cells.indexOf(focus.closest(".jp-Cell")),
            inOutput: Boolean(focus.closest(".jp-OutputArea")),
            dialogs: document.querySelectorAll(".jp-Dialog").length,
        });
    })))
"""


@pytest.fixture
def notebook(bench, server):
    """Open a notebook and run it."""

    def make():
        lesson = "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)"
        compare = f"{lesson}\nlesson.compare('harbour-light')"
        path = server.write("keys.ipynb", "# Above", compare, CONTROLS.strip(), "# Below")
        page = bench.open(path, wait_for=".jp-Notebook")
        server.run_all(page, wait_for=page.locator(FOCUSABLE["a button"]))
        expect(page.locator(".jp-Cell")).to_have_count(4)
        return page

    return bench.keep("keys", make)


def on_a_cell(page, place):
    """Put the focus on a cell, in command mode."""
    page.locator(".jp-Notebook .jp-Cell").nth(place).focus()
    page.keyboard.press("Escape")
    expect(page.locator(".jp-Notebook .jp-Cell").nth(place)).to_be_focused()


def press(page, keys):
    for key in keys.split():
        page.keyboard.press(key)
    return page.evaluate(STATE)


@pytest.mark.parametrize("name", FOCUSABLE)
def test_no_key_harms_the_cells_while_the_focus_is_in_an_output(notebook, name):
    control = notebook.locator(FOCUSABLE[name]).first
    for keys in KEYS:
        control.focus()
        before = notebook.evaluate(STATE)
        assert before["inOutput"]
        assert press(notebook, keys) == before, f"{keys} on {name}"


def test_arrow_keys_choose_on_a_live_toggle(notebook):
    radios = notebook.locator(FOCUSABLE["a live radio"])
    radios.first.check()
    radios.first.focus()
    for key, place in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        notebook.keyboard.press(key)
        expect(radios.nth(place)).to_be_checked()
        expect(radios.nth(place)).to_be_focused()


@pytest.mark.parametrize("place", [0, 1], ids=["words", "code"])
@pytest.mark.parametrize("keys", ["x", "d d", "a", "b", "c v", "m", "y", "r", "z", "Shift+M"])
def test_no_key_changes_the_cells_while_a_cell_has_the_focus(notebook, place, keys):
    on_a_cell(notebook, place)
    before = notebook.evaluate(STATE)
    assert press(notebook, keys) == before


def test_the_arrow_keys_go_from_cell_to_cell_as_ever(notebook):
    cells = notebook.locator(".jp-Notebook .jp-Cell")
    on_a_cell(notebook, 0)
    for key, place in (("ArrowDown", 1), ("j", 2), ("ArrowDown", 3), ("ArrowUp", 2), ("k", 1)):
        notebook.keyboard.press(key)
        expect(cells.nth(place)).to_be_focused()


# A control keeps its keys for itself, and Escape leads from it to its cell.


def leave_for_the_cell(page, name):
    control = page.locator(FOCUSABLE[name]).first
    cell = page.locator(".jp-CodeCell").filter(has=control)
    control.focus()
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    return cell


@pytest.mark.parametrize("name", ["a live radio", "a folded line", "a link"])
@pytest.mark.parametrize("keys", ["Shift+Enter", "Control+Enter"])
def test_escape_leads_from_an_output_to_its_cell_which_runs(notebook, name, keys):
    prompt = leave_for_the_cell(notebook, name).locator(".jp-InputPrompt")
    before = re.escape(prompt.text_content())
    notebook.keyboard.press(keys)
    expect(prompt).to_have_text(re.compile(rf"^(?!{before})\[\d+\]:"))
    notebook.locator(FOCUSABLE[name]).first.wait_for()


@pytest.mark.parametrize("name", FOCUSABLE)
def test_escape_leads_from_an_output_to_the_commands_and_to_saving(notebook, name):
    leave_for_the_cell(notebook, name)
    save(notebook)
    notebook.keyboard.press("Control+Shift+C")
    expect(notebook.locator("input.lm-CommandPalette-input")).to_be_focused()
    notebook.keyboard.press("Escape")
    expect(notebook.locator("input.lm-CommandPalette-input")).to_be_hidden()


def test_no_toolbar_stands_between_a_cell_and_what_it_shows(notebook):
    on_a_cell(notebook, 1)
    expect(notebook.locator(".jp-Cell [role=toolbar]")).to_have_count(0)
    expect(notebook.locator(".jp-NotebookPanel-toolbar[role=toolbar]")).to_be_visible()
