"""What a learner sees and can do in JupyterLab, with the server that `kwlesson lab` starts."""

from __future__ import annotations

import json

import nbformat
import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    choose,
    grave_violations,
    labels,
    open_details,
    output,
    radios,
    save,
    tab_to,
    wait_for_kernel,
    window,
)
from playwright.sync_api import expect

from kwlesson.jupyter.save_hook import WIDGET_VIEW

pytestmark = pytest.mark.slow

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
DEAD_WIDGET = "Error displaying widget"
# What lies over the lesson and wants an answer: a dialog, or a message in the corner.
POPUPS = ".jp-Dialog, .Toastify__toast"


@pytest.fixture(scope="module")
def stored(chromium, lab):
    """Open the notebook and run nothing."""
    with window(chromium) as page:
        lab.open(page, lab.copy("stored.ipynb"), simple=True)
        yield page


@pytest.fixture(scope="module")
def live(chromium, lab):
    """Open the notebook and run all of it."""
    with window(chromium) as page:
        lab.open(page, lab.copy("live.ipynb"), simple=True)
        lab.run_all(page)
        yield page


@pytest.fixture(params=["stored", "live"])
def face(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def names(lesson):
    """Name the two choices of the notebook as its table does."""
    accounts = lesson.by_id("accounts")
    return accounts["shtykov"]["label"], accounts["kovalev"]["label"]


@pytest.fixture
def shows(lesson, names):
    """Say what an output must show after a choice, and what it must not."""
    quotes = lesson.by_id("quotes")
    own = dict(zip(names, ("at-any-moment", "do-not-advise-attack"), strict=True))

    def check(area, chosen):
        for name, quote in own.items():
            seen = area.locator(f'[data-row="quotes:{quote}"]').filter(visible=True)
            expect(seen).to_have_count(int(name == chosen))
            if name == chosen:
                expect(seen).to_contain_text(quotes[quote]["words"], use_inner_text=True)
            else:
                expect(area).not_to_contain_text(quotes[quote]["words"], use_inner_text=True)

    return check


def use_theme(page, name):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for step in ("Theme", name):
        page.locator(".lm-Menu-itemLabel").get_by_text(step, exact=True).click()


def start_on_a_cell(page):
    """Put the focus where a learner without a mouse has it: on the cell above the output."""
    page.locator(".jp-MarkdownCell").first.focus()
    page.keyboard.press("Escape")


# Before anything is run


def test_the_stored_page_toggles_before_anything_is_run(stored, names, shows):
    area = output(stored)
    expect(area).to_have_count(1)
    expect(stored.locator(".kw-live")).to_have_count(0)
    shows(area, names[0])
    for name in (names[1], names[0], names[1]):
        choose(area, name)
        shows(area, name)


def test_nothing_pops_up_over_the_lesson(face):
    wait_for_kernel(face)
    expect(face.locator(POPUPS)).to_have_count(0)


def test_a_strangers_copy_shows_every_row_though_it_may_not_toggle(page, lab, lesson):
    case = lesson.records("cases")[0]
    path = lab.copy("stranger.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nA stranger wrote here."
    nbformat.write(notebook, path)
    area = page.locator(".jp-OutputArea-output").filter(has_text=case["question"])
    lab.open(page, path, wait_for=area)
    expect(area.locator("style")).to_have_count(0)
    # An explained word stays folded, and takes a line of its own: only blanks may be around it.
    area.locator("details:not(.kw-term)").evaluate_all("all => all.map(one => { one.open = true })")
    seen = "".join(area.inner_text().split())
    points = {point["id"]: point for point in lesson.records("points", case=case["id"])}
    assert points
    for point in points.values():
        assert "".join(point["question"].split()) in seen
    for claim in lesson.records("claims"):
        assert claim["point"] not in points or "".join(claim["says"].split()) in seen


# Run


def test_the_live_toggle_outlives_its_kernel(page, lab, names, shows):
    path = lab.copy("outlives.ipynb")
    lab.open(page, path)
    area = lab.run_all(page)
    shows(area, names[0])
    choose(area, names[1])
    shows(area, names[1])
    lab.stop_kernel(path)
    for name in (names[0], names[1], names[0]):
        choose(area, name)
        shows(area, name)


def test_a_notebook_that_was_run_and_saved_reopens_as_a_page_that_toggles(
    chromium, page, lab, names, shows
):
    path = lab.copy("reopened.ipynb")
    lab.open(page, path)
    choose(lab.run_all(page), names[1])
    start_on_a_cell(page)
    save(page)
    page.close()

    saved = json.loads(path.read_text())
    outputs = [made for cell in saved["cells"] for made in cell.get("outputs", [])]
    assert [set(made["data"]) for made in outputs] == [{"text/plain", "text/html"}] * 2
    assert WIDGET_VIEW not in path.read_text()
    assert "widgets" not in saved["metadata"]

    lab.stop_kernel(path)
    with window(chromium) as again:
        lab.open(again, path)
        wait_for_kernel(again)
        area = output(again)
        for name in (names[1], names[0]):
            choose(area, name)
            shows(area, name)
        expect(again.get_by_text(DEAD_WIDGET)).to_have_count(0)


def test_a_dead_widget_would_be_seen(page, lab):
    path = lab.copy("dead.ipynb")
    notebook = nbformat.read(path, as_version=4)
    *_, made = [made for cell in notebook.cells for made in cell.get("outputs", [])]
    made.data[WIDGET_VIEW] = {"model_id": "2f1c", "version_major": 2, "version_minor": 0}
    nbformat.write(notebook, path)
    lab.trust(path)
    lab.open(page, path, wait_for=page.get_by_text(DEAD_WIDGET))
    expect(page.get_by_text(DEAD_WIDGET)).to_be_visible()


def test_the_masked_live_face_shows_no_reporters_name(page, lab, lesson):
    cases = lesson.records("cases")
    calls = [f"lesson.compare({case['id']!r}, masked=True)" for case in cases]
    cells = [nbformat.v4.new_code_cell("import kwlesson\n\nlesson = kwlesson.load()")]
    cells += [nbformat.v4.new_code_cell(call) for call in calls]
    path = lab.work / "notebooks" / "masked.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
    lab.open(page, path, wait_for=page.locator(".jp-CodeCell").last)
    areas = lab.run_all(page)
    expect(areas).to_have_count(len(cases))
    people = lesson.by_id("people")
    for area, case in zip(areas.all(), cases, strict=True):
        accounts = lesson.records("accounts", case=case["id"])
        secret = {account["label"] for account in accounts}
        secret |= {people[account["reporter"]]["name"] for account in accounts}
        for choice in labels(area):
            choose(area, choice)
            open_details(area)
            seen = area.inner_text()
            assert choice in seen
            assert [name for name in secret if name in seen] == []


# By keyboard


def test_tab_and_arrow_keys_turn_the_stored_page(stored, names, shows):
    area = output(stored)
    choose(area, names[0])
    start_on_a_cell(stored)
    tab_to(stored, ".kw-choices input")
    for key, name in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        stored.keyboard.press(key)
        shows(area, names[name])
        assert stored.evaluate(FOCUS_IS_SEEN)


def test_tab_and_space_turn_the_live_face(live, names, shows):
    area = output(live)
    choose(area, names[0])
    start_on_a_cell(live)
    tab_to(live, ".kw-live-choices input")
    for key, name in (("Tab", 1), ("Shift+Tab", 0), ("Tab", 1)):
        live.keyboard.press(key)
        assert live.evaluate(FOCUS_IS_SEEN)
        live.keyboard.press("Space")
        shows(area, names[name])


def test_arrow_keys_turn_the_live_face(live, names):
    choose(output(live), names[0])
    start_on_a_cell(live)
    tab_to(live, ".kw-live-choices input")
    live.keyboard.press("ArrowRight")
    assert live.evaluate("() => document.activeElement.matches('input:checked')")
    assert radios(output(live)).nth(1).is_checked()


def test_enter_and_space_open_and_close_what_is_folded(face):
    start_on_a_cell(face)
    tab_to(face, ".kw summary")
    assert face.evaluate(FOCUS_IS_SEEN)
    folded = face.locator("details:has(> summary:focus)")
    for key, opened in (("Enter", True), ("Enter", False), ("Space", True), ("Space", False)):
        face.keyboard.press(key)
        expect(folded).to_have_js_property("open", opened)


# For every reader


def test_nothing_in_an_output_shuts_a_reader_out(face):
    area = output(face)
    for choice in (labels(area)[-1], labels(area)[0]):
        choose(area, choice)
        open_details(area)
        assert grave_violations(face, ".jp-OutputArea-output:has(.kw)") == []


def test_nothing_in_an_output_shuts_a_reader_out_in_the_dark_theme(face):
    use_theme(face, "JupyterLab Dark")
    try:
        face.wait_for_function("() => document.body.dataset.jpThemeLight == 'false'")
        area = output(face)
        choose(area, labels(area)[-1])
        open_details(area)
        assert grave_violations(face, ".jp-OutputArea-output:has(.kw)") == []
    finally:
        use_theme(face, "JupyterLab Light")


@pytest.mark.parametrize("width", [400, 1280])
def test_no_output_is_wider_than_its_notebook(face, width):
    before = face.viewport_size
    face.set_viewport_size({"width": width, "height": 900})
    try:
        area = output(face)
        for choice in labels(area):
            choose(area, choice)
            open_details(area)
            assert area.evaluate(STICKS_OUT) == []
            assert area.evaluate("e => e.scrollWidth <= e.clientWidth")
        notebook = face.locator(".jp-WindowedPanel-outer")
        assert notebook.evaluate("e => e.scrollWidth <= e.clientWidth")
    finally:
        face.set_viewport_size(before)
