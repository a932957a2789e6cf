"""What a learner sees and can do in JupyterLab, with the server that `kwlesson lab` starts."""

from __future__ import annotations

import json

import nbformat
import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    choose,
    copy_note,
    grave_violations,
    labels,
    open_details,
    output,
    resize,
    save,
    start_on_a_cell,
    tab_to,
    use_theme,
    wait_for_kernel,
)
from lessons import REAL as LESSON
from playwright.sync_api import expect

from kwlesson.jupyter.save_hook import WIDGET_VIEW

CALLS = {
    "follow one": "lesson.follow('may-1950')",
    "follow all": "lesson.follow()",
    "trace": "lesson.trace()",
    "trace answers": "lesson.trace(answers=True)",
    "trace whole": "lesson.trace(whole=True)",
    "set aside": "lesson.set_aside()",
    "corroborate": "lesson.corroborate('kim-il-1949')",
    "timeline": "lesson.timeline()",
    "who": "lesson.who()",
    "who is Filippov": "lesson.who('Filippov')",
    "quote": "lesson.quote('at-any-moment')",
    "cite": "lesson.cite('kovalev-cable-1949-05-18')",
}
VIEWS = {name: eval(call, {"lesson": LESSON}) for name, call in CALLS.items()}  # noqa: S307 - ours
SWITCHED = [name for name, view in VIEWS.items() if view.switch()]
DEAD_WIDGET = "Error displaying widget"
# What lies over the lesson and wants an answer: a dialog, or a message in the corner.
POPUPS = ".jp-Dialog, .Toastify__toast"
# Lists without marks that JupyterLab indents as if they had some.
INDENTED = """
    () => [...document.querySelectorAll(".kw :is(ul, ol)")].filter(list => {
        const { listStyleType, paddingLeft } = getComputedStyle(list);
        return listStyleType === "none" && paddingLeft !== "0px";
    }).map(list => `${list.className} in ${list.closest(".kw").className}`)
"""
# An explained word stays folded, and takes a line of its own: only blanks may be around it. What
# JupyterLab draws again meanwhile is closed, and is opened again.
ALL_SHOWN = """([question, wanted]) => {
    const areas = [...document.querySelectorAll(".jp-OutputArea-output")];
    const area = areas.find(one => one.textContent.includes(question));
    for (const one of area?.querySelectorAll("details:not(.kw-term)") ?? []) one.open = true;
    const seen = (area?.innerText ?? "").replace(/\\s/g, "");
    return wanted.every(words => seen.includes(words));
}"""
LAST_CELL = ".jp-CodeCell >> nth=-1"
# A cell of code shows nothing before it is run.
NOT_RUN = ".jp-Notebook"


@pytest.fixture(scope="module", params=["stored", "live"])
def kind(request):
    return request.param


@pytest.fixture
def face(kind, bench, server):
    """Open the notebook with its toggle; run nothing, or all of it."""

    def make():
        page = bench.open(server.copy(f"{kind}.ipynb"))
        if kind == "live":
            server.run_all(page)
        return page

    return bench.keep(kind, make)


only_stored = pytest.mark.parametrize("kind", ["stored"], indirect=True)
only_live = pytest.mark.parametrize("kind", ["live"], indirect=True)


@pytest.fixture
def names():
    """Name the two choices of the notebook as its table does."""
    accounts = LESSON.by_id("accounts")
    return accounts["shtykov"]["label"], accounts["kovalev"]["label"]


@pytest.fixture
def shows(names):
    """Say what an output must show after a choice, and what it must not."""
    quotes = LESSON.by_id("quotes")
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


# Before anything is run, and run


@only_stored
def test_the_stored_page_toggles_before_anything_is_run(face, names, shows):
    area = output(face)
    expect(area).to_have_count(1)
    shows(area, names[0])
    for name in (names[1], names[0], names[1]):
        choose(area, name)
        shows(area, name)


def test_nothing_pops_up_over_the_lesson(face):
    wait_for_kernel(face)
    expect(face.locator(POPUPS)).to_have_count(0)


@only_stored
def test_tab_and_arrow_keys_turn_the_stored_page(face, names, shows):
    area = output(face)
    choose(area, names[0])
    start_on_a_cell(face)
    tab_to(face, ".kw-choices input")
    for key, name in (("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        face.keyboard.press(key)
        shows(area, names[name])
        assert face.evaluate(FOCUS_IS_SEEN)


@only_live
def test_tab_space_and_arrow_keys_turn_the_live_face(face, names, shows):
    area = output(face)
    choose(area, names[0])
    start_on_a_cell(face)
    tab_to(face, ".kw-choices input")
    for key, name in (("ArrowRight", 1), ("ArrowLeft", 0), ("Space", 0)):
        face.keyboard.press(key)
        assert face.evaluate(FOCUS_IS_SEEN)
        shows(area, names[name])


def test_enter_and_space_open_and_close_what_is_folded(face):
    start_on_a_cell(face)
    tab_to(face, ".kw summary")
    assert face.evaluate(FOCUS_IS_SEEN)
    folded = face.locator("details:has(> summary:focus)")
    for key, opened in (("Enter", True), ("Enter", False), ("Space", True), ("Space", False)):
        face.keyboard.press(key)
        expect(folded).to_have_js_property("open", opened)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_nothing_in_an_output_shuts_a_reader_out(face, theme):
    use_theme(face, theme)
    try:
        area = output(face)
        choose(area, labels(area)[-1 if theme.endswith("Dark") else 0])
        open_details(area)
        assert grave_violations(face, ".jp-OutputArea-output:has(.kw)") == []
    finally:
        use_theme(face, "JupyterLab Light")


@pytest.mark.parametrize("width", [400, 1280])
def test_no_output_is_wider_than_its_notebook(face, width):
    resize(face, width)
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
        resize(face, 1280)


def test_a_strangers_copy_shows_every_row_though_it_may_not_toggle(bench, lab):
    case = LESSON.records("cases")[0]
    path = lab.copy("stranger.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n\nA stranger wrote here."
    nbformat.write(notebook, path)
    page = bench.open(path, wait_for=LAST_CELL)
    area = page.locator(".jp-OutputArea-output").filter(has_text=case["question"])
    expect(area.locator("style")).to_have_count(0)
    points = {point["id"]: point["question"] for point in LESSON.records("points", case=case["id"])}
    assert points
    claims = [claim["says"] for claim in LESSON.records("claims") if claim["point"] in points]
    wanted = ["".join(words.split()) for words in (*points.values(), *claims)]
    page.wait_for_function(ALL_SHOWN, arg=[case["question"], wanted])


def test_a_stored_card_answers_before_anything_is_run(bench, lab):
    source = "kovalev-cable-1949-05-18"
    view = LESSON.cite(source)
    stored = nbformat.v4.new_output(
        "display_data", {"text/plain": view.text(), "text/html": view.page()}
    )
    path = lab.write("cards.ipynb", "lesson")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].update(outputs=[stored], execution_count=1)
    nbformat.write(notebook, path)
    lab.trust(path)
    page = bench.open(path)
    copy_note(page, LESSON.get("sources", source)["citation"])
    page.locator("details.kw-term > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.kw-term > span").first).to_be_visible()


# Run, and the kernel gone


def test_a_toggle_outlives_its_kernel_and_reopens_as_a_page_that_toggles(bench, lab, names, shows):
    path = lab.copy("outlives.ipynb")
    page = bench.open(path)
    area = lab.run_all(page)
    shows(area, names[0])
    choose(area, names[1])
    shows(area, names[1])
    start_on_a_cell(page)
    save(page)
    lab.stop_kernel(path)
    for name in (names[0], names[1], names[0]):
        choose(area, name)
        shows(area, name)

    saved = json.loads(path.read_text())
    outputs = [made for cell in saved["cells"] for made in cell.get("outputs", [])]
    assert [set(made["data"]) for made in outputs] == [{"text/plain", "text/html"}] * 2
    assert WIDGET_VIEW not in path.read_text()
    assert "widgets" not in saved["metadata"]

    page = bench.open(path)
    wait_for_kernel(page)
    area = output(page)
    for name in (names[1], names[0]):
        choose(area, name)
        shows(area, name)
    expect(page.get_by_text(DEAD_WIDGET)).to_have_count(0)


def test_a_dead_widget_would_be_seen(bench, lab):
    path = lab.copy("dead.ipynb")
    notebook = nbformat.read(path, as_version=4)
    *_, made = [made for cell in notebook.cells for made in cell.get("outputs", [])]
    made.data[WIDGET_VIEW] = {"model_id": "2f1c", "version_major": 2, "version_minor": 0}
    nbformat.write(notebook, path)
    lab.trust(path)
    page = bench.open(path, wait_for=f"text={DEAD_WIDGET}")
    expect(page.get_by_text(DEAD_WIDGET)).to_be_visible()


def test_the_masked_live_face_shows_no_reporters_name(bench, lab):
    cases = LESSON.records("cases")
    calls = [f"lesson.compare({case['id']!r}, masked=True)" for case in cases]
    path = lab.write("masked.ipynb", "import kwlesson\n\nlesson = kwlesson.load()", *calls)
    page = bench.open(path, wait_for=NOT_RUN)
    areas = lab.run_all(page, wait_for=output(page))
    expect(areas).to_have_count(len(cases))
    people = LESSON.by_id("people")
    for area, case in zip(areas.all(), cases, strict=True):
        accounts = LESSON.records("accounts", case=case["id"])
        secret = {account["label"] for account in accounts}
        secret |= {people[account["reporter"]]["name"] for account in accounts}
        area.scroll_into_view_if_needed()  # what is out of sight has no words
        open_details(area)
        for choice in labels(area):
            choose(area, choice)
            expect(area).to_contain_text(choice, use_inner_text=True)
            assert [name for name in secret if name in area.inner_text()] == []


def test_every_view_answers_without_its_kernel_and_shuts_nobody_out(bench, lab):
    path = lab.write("views.ipynb", "import kwlesson\n\nlesson = kwlesson.load()", *CALLS.values())
    page = bench.open(path, wait_for=NOT_RUN)
    lab.run_all(page)
    areas = output(page)
    expect(areas).to_have_count(len(VIEWS))
    lab.stop_kernel(path)
    for area, name in zip(areas.all(), VIEWS, strict=True):
        area.scroll_into_view_if_needed()
        shown = VIEWS[name].switch().panels if name in SWITCHED else []
        switch = area.locator(".kw-live-choices, .kw-choices")
        assert not shown or labels(switch) == [panel.label for panel in shown]
        for choice in (shown[-1].label, shown[0].label) if shown else ():
            before = area.inner_text()
            choose(switch, choice)
            page.wait_for_function(
                "([area, before]) => area.innerText != before", arg=[area.element_handle(), before]
            )
    assert grave_violations(page, ".jp-OutputArea-output:has(.kw)") == []
    assert page.evaluate(INDENTED) == []

    start_on_a_cell(page)
    tests = page.locator(".kw-evidence").first.locator("fieldset")
    tests.first.get_by_role("radio").first.focus()
    for key, answer in (
        ("Space", "yes"), ("ArrowRight", "no"), ("ArrowDown", "unclear"), ("ArrowUp", "no"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(tests.first.get_by_role("radio", name=answer, exact=True)).to_be_checked()
        assert page.evaluate(FOCUS_IS_SEEN)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(tests.nth(1).get_by_role("radio", name="yes", exact=True)).to_be_checked()
    expect(tests.first.get_by_role("radio", name="no", exact=True)).to_be_checked()


def test_a_timeline_is_drawn_by_plotly_above_its_table(bench, lab):
    path = lab.write("timeline.ipynb", "import kwlesson\n\nkwlesson.load().timeline()")
    page = bench.open(path, wait_for=NOT_RUN)
    lab.run_all(page)
    lab.stop_kernel(path)
    figure = page.locator(".kw-figure")
    expect(figure.locator(".legendtext")).not_to_have_count(0)
    # The second time nothing but the figure may come back: no picture of it that has no name.
    for choice in ("Undated", "Overview", "May to June 1950", "Overview", "May to June 1950"):
        choose(page.locator(".kw-live-choices"), choice)
        expect(page.locator("table").filter(visible=True).first).to_be_visible()
        expect(figure.locator(".main-svg").filter(visible=True)).to_have_count(
            0 if choice == "Undated" else 3
        )
    expect(page.locator(".plot-img").filter(visible=True)).to_have_count(0)
    figure.locator(".textpoint").filter(has_text="●").first.hover(force=True)
    events = {row["title"] for row in LESSON.records("events")}
    expect(figure.locator(".hovertext")).to_have_count(1)
    assert figure.locator(".hovertext tspan").first.text_content() in events
    assert "cloud" not in page.locator(".modebar").inner_html().casefold()
