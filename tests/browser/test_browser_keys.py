"""What the keys of JupyterLab's cells do, and that they leave alone what a cell shows."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from browser_support import save, wait_for_kernel, window
from jupyterlab.commands import get_app_dir
from playwright.sync_api import expect

from kwlesson.jupyter.launch import SETTINGS

SHORTCUTS = "@jupyterlab/shortcuts-extension:shortcuts"
OUTSIDE_OUTPUTS = ":not(.jp-OutputArea *)"
# Running a cell harms nothing, and is wanted from everywhere.
HARMLESS = {"notebook:run-cell"}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CONTROLS = """
import ipywidgets
from IPython.display import HTML, display

display(ipywidgets.Button(description="Press"), ipywidgets.Checkbox(description="Tick"))
display(HTML('<a href="#here">A link</a> <p tabindex="0">A stop</p>'))
"""
FOCUSABLE = {
    "a live radio": ".kw-live-choices input",
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


def shipped():
    """List the keys of JupyterLab that act on the cells wherever in a notebook the focus is."""
    schemas = Path(get_app_dir(), "schemas", "@jupyterlab")
    for path in sorted(schemas.rglob("*.json")):
        for row in json.loads(path.read_text()).get("jupyter.lab.shortcuts", []):
            everywhere = row["selector"].split(":not(:read-write)")[0].endswith(" :focus")
            if everywhere and any(row["keys"]) and row["command"] not in HARMLESS:
                yield row


def changed():
    path = SETTINGS / "labconfig" / "default_setting_overrides.json"
    return json.loads(path.read_text())[SHORTCUTS]["shortcuts"]


def test_jupyterlab_has_keys_that_act_on_the_cells():
    assert {"notebook:cut-cell", "kernelmenu:restart"} <= {row["command"] for row in shipped()}


@pytest.mark.parametrize("row", list(shipped()), ids=lambda row: f"{row['command']} {row['keys']}")
def test_a_key_that_acts_on_cells_asks_for_a_focus_outside_their_outputs(row):
    assert {**row, "disabled": True} in changed()
    assert {**row, "selector": row["selector"] + OUTSIDE_OUTPUTS} in changed()


def test_no_key_is_given_that_jupyterlab_has_not():
    given = [row for row in changed() if not row.get("disabled")]
    assert given == sorted(
        ({**row, "selector": row["selector"] + OUTSIDE_OUTPUTS} for row in shipped()),
        key=lambda row: row["command"],
    )


# In JupyterLab


@pytest.fixture(scope="module")
def path(lab, lesson):
    case = lesson.records("cases")[0]["id"]
    cells = [
        nbformat.v4.new_markdown_cell("# Above"),
        nbformat.v4.new_code_cell(
            f"import kwlesson\n\nlesson = kwlesson.load()\nlesson.compare({case!r})"
        ),
        nbformat.v4.new_code_cell(CONTROLS.strip()),
        nbformat.v4.new_markdown_cell("# Below"),
    ]
    path = lab.work / "notebooks" / "keys.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
    return path


@pytest.fixture(scope="module")
def notebook(chromium, lab, path):
    """Open a notebook, run it, and leave cells to paste, to undo and to do again."""
    with window(chromium) as page:
        lab.open(page, path, simple=True, wait_for=page.locator(".jp-CodeCell").last)
        lab.run_all(page)
        page.locator(FOCUSABLE["a button"]).wait_for()
        on_a_cell(page, 0)
        for key in ("c", "b", "d", "d", "b", "z"):
            page.keyboard.press(key)
        expect(page.locator(".jp-Cell")).to_have_count(4)
        yield page


def on_a_cell(page, place):
    """Put the focus on a cell, in command mode."""
    page.locator(".jp-Notebook .jp-Cell").nth(place).focus()
    page.keyboard.press("Escape")
    expect(page.locator(".jp-Notebook .jp-Cell").nth(place)).to_be_focused()


def press(page, keys):
    for key in keys.split():
        page.keyboard.press(key)
    return page.evaluate(STATE)


@pytest.mark.slow
@pytest.mark.parametrize("name", FOCUSABLE)
def test_no_key_harms_the_cells_while_the_focus_is_in_an_output(notebook, name):
    control = notebook.locator(FOCUSABLE[name]).first
    for keys in KEYS:
        control.focus()
        before = notebook.evaluate(STATE)
        assert before["inOutput"]
        assert press(notebook, keys) == before, f"{keys} on {name}"


@pytest.mark.slow
@pytest.mark.parametrize("name", FOCUSABLE)
def test_z_takes_nothing_back_while_the_focus_is_in_an_output(notebook, name):
    cells = notebook.locator(".jp-Notebook .jp-Cell")
    on_a_cell(notebook, 0)
    notebook.keyboard.press("b")
    expect(cells).to_have_count(5)
    notebook.locator(FOCUSABLE[name]).first.focus()
    assert len(press(notebook, "z")["cells"]) == 5
    on_a_cell(notebook, 0)
    notebook.keyboard.press("z")
    expect(cells).to_have_count(4)


@pytest.mark.slow
def test_arrow_keys_choose_on_a_live_toggle(notebook):
    radios = notebook.locator(FOCUSABLE["a live radio"])
    radios.first.check()
    radios.first.focus()
    for key, place in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        notebook.keyboard.press(key)
        expect(radios.nth(place)).to_be_checked()
        expect(radios.nth(place)).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1], ids=["words", "code"])
@pytest.mark.parametrize(
    ("keys", "more"),
    [("x", -1), ("d d", -1), ("a", 1), ("b", 1), ("c v", 1)],
    ids=["cut", "delete", "add above", "add below", "copy"],
)
def test_the_keys_act_as_ever_while_a_cell_has_the_focus(notebook, place, keys, more):
    cells = notebook.locator(".jp-Notebook .jp-Cell")
    before = cells.count()
    on_a_cell(notebook, place)
    press(notebook, keys)
    expect(cells).to_have_count(before + more)
    expect(notebook.locator(".jp-Cell:focus")).to_have_count(1)
    notebook.keyboard.press("z")
    expect(cells).to_have_count(before)


@pytest.mark.slow
def test_the_arrow_keys_go_from_cell_to_cell_as_ever(notebook):
    cells = notebook.locator(".jp-Notebook .jp-Cell")
    on_a_cell(notebook, 0)
    for key, place in (("ArrowDown", 1), ("j", 2), ("ArrowDown", 3), ("ArrowUp", 2), ("k", 1)):
        notebook.keyboard.press(key)
        expect(cells.nth(place)).to_be_focused()


@pytest.mark.slow
def test_enter_and_escape_go_into_a_cell_and_out_of_it_as_ever(notebook):
    cell = notebook.locator(".jp-Notebook .jp-CodeCell").first
    on_a_cell(notebook, 1)
    notebook.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_be_focused()
    notebook.keyboard.press("Escape")
    expect(cell).to_be_focused()


@pytest.mark.slow
def test_m_and_y_change_what_a_cell_is_as_ever(notebook):
    notebook.keyboard.press("Escape")
    on_a_cell(notebook, 0)
    words = notebook.locator(".jp-Notebook .jp-Cell").first
    press(notebook, "b y")
    added = notebook.locator(".jp-Notebook .jp-Cell").nth(1)
    for key, kind in (("m", "jp-MarkdownCell"), ("y", "jp-CodeCell")):
        notebook.keyboard.press(key)
        expect(added).to_contain_class(kind)
    press(notebook, "d d")
    expect(words).to_contain_class("jp-MarkdownCell")
    expect(notebook.locator(".jp-Notebook .jp-Cell")).to_have_count(4)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a live radio", "a folded line", "a link"])
@pytest.mark.parametrize("keys", ["Shift+Enter", "Control+Enter"])
def test_a_cell_is_run_from_within_its_output(notebook, name, keys):
    control = notebook.locator(FOCUSABLE[name]).first
    cell = notebook.locator(".jp-CodeCell").filter(has=control)
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    control.focus()
    notebook.keyboard.press(keys)
    expect(prompt).not_to_have_text(before)
    wait_for_kernel(notebook)
    control.wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("name", FOCUSABLE)
def test_commands_are_found_and_work_is_saved_from_within_an_output(notebook, name):
    control = notebook.locator(FOCUSABLE[name]).first
    control.focus()
    save(notebook)
    control.focus()
    notebook.keyboard.press("Control+Shift+C")
    expect(notebook.locator("input.lm-CommandPalette-input")).to_be_focused()
    notebook.keyboard.press("Escape")
    expect(notebook.locator("input.lm-CommandPalette-input")).to_be_hidden()


@pytest.mark.slow
def test_no_toolbar_stands_between_a_cell_and_what_it_shows(notebook):
    on_a_cell(notebook, 1)
    expect(notebook.locator(".jp-Cell [role=toolbar]")).to_have_count(0)
    expect(notebook.locator(".jp-NotebookPanel-toolbar[role=toolbar]")).to_be_visible()


def test_escape_leads_from_a_control_to_its_cell_and_the_arrows_go_on(page, lab):
    path = lab.work / "notebooks" / "escape.ipynb"
    cells = [
        nbformat.v4.new_markdown_cell("# Above"),
        nbformat.v4.new_code_cell("import kwlesson\n\nkwlesson.load().keep()"),
        nbformat.v4.new_markdown_cell("# Below"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
    lab.open(page, path, simple=True, wait_for=page.locator(".jp-CodeCell").last)
    lab.run_all(page)
    for control in ("[data-do=download]", "input[name=name]", ".kw summary"):
        page.locator(control).first.focus()
        page.keyboard.press("Escape")
        expect(page.locator(".jp-Cell").nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".jp-Cell").nth(2)).to_be_focused()
