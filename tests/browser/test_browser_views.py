"""Every other view in a browser: by every reader, by keyboard, without JavaScript or a kernel."""

from __future__ import annotations

import re

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
    tab_to,
)
from playwright.sync_api import expect

import kwlesson

LESSON = kwlesson.load()
CALLS = {
    "follow one": "lesson.follow('may-1950')",
    "follow all": "lesson.follow()",
    "trace": "lesson.trace()",
    "trace sealed": "lesson.trace(sealed=True)",
    "trace whole": "lesson.trace(whole=True)",
    "set aside": "lesson.set_aside()",
    "corroborate": "lesson.corroborate('kim-il-1949')",
    "timeline": "lesson.timeline()",
    "who": "lesson.who()",
    "who is Filippov": "lesson.who('Filippov')",
    "quote": "lesson.quote('at-any-moment')",
    "cite": "lesson.cite('kovalev-cable-1949-05-18')",
}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
VIEWS = {name: eval(call, {"lesson": LESSON}) for name, call in CALLS.items()}  # noqa: S307 - ours
SWITCHED = [name for name, view in VIEWS.items() if view.switch()]

pytestmark = pytest.mark.slow
every_view = pytest.mark.parametrize("name", VIEWS)
every_switch = pytest.mark.parametrize("name", SWITCHED)


def switch(area):
    return area.locator(".kw-switch > .kw-choices, .kw-live-choices")


def panels(area):
    return area.locator(".kw-panel").filter(visible=True)


@every_view
def test_nothing_on_a_page_shuts_a_reader_out(show, name):
    page = show(VIEWS[name].page())
    open_details(page)
    for width, scheme in ((1280, "light"), (400, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert grave_violations(page, "html") == [], (width, scheme)


@every_switch
def test_no_panel_of_a_page_shuts_a_reader_out(show, name):
    page = show(VIEWS[name].page())
    choices = labels(switch(page))
    for choice in {choices[len(choices) // 2], choices[-1]}:
        choose(switch(page), choice)
        open_details(page)
        assert grave_violations(page, "html") == [], choice


@every_switch
def test_without_javascript_each_choice_shows_its_panel(show, name):
    page = show(VIEWS[name].page(), java_script_enabled=False)
    choices = labels(switch(page))
    assert choices == [panel.label for panel in VIEWS[name].switch().panels]
    for choice in [*choices, choices[0]]:
        choose(switch(page), choice)
        expect(panels(page)).to_have_count(1)
        expect(panels(page)).to_have_attribute("aria-label", choice)


@every_switch
def test_arrow_keys_reach_every_choice(show, name):
    page = show(VIEWS[name].page())
    choices = labels(switch(page))
    tab_to(page, ".kw-choices input[type=radio]")
    for choice in [*choices[1:], choices[0]]:
        page.keyboard.press("ArrowRight")
        expect(panels(page)).to_have_attribute("aria-label", choice)
        assert page.evaluate(FOCUS_IS_SEEN)


@every_view
def test_no_page_is_wider_than_the_window(show, name):
    page = show(VIEWS[name].page())
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        open_details(page)
        assert page.locator("body").evaluate(STICKS_OUT) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") == width


@every_view
def test_a_large_view_is_for_a_projector_and_still_fits(show, name):
    page = show(VIEWS[name].large().page())
    size = page.locator(".kw p, .kw li").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 20
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


@every_view
def test_where_styles_are_stripped_every_row_is_seen(show, name):
    bare = re.sub(r"<style>.*?</style>", "", VIEWS[name].page(), flags=re.DOTALL)
    page = show(bare.replace("<details", "<details open"), java_script_enabled=False)
    rows = page.locator("[data-row]")
    assert rows.count()
    expect(rows.filter(visible=True)).to_have_count(rows.count())


def test_in_jupyterlab_every_view_answers_without_its_kernel_and_shuts_nobody_out(page, lab):
    cells = [nbformat.v4.new_code_cell("import kwlesson\n\nlesson = kwlesson.load()")]
    cells += [nbformat.v4.new_code_cell(call) for call in CALLS.values()]
    path = lab.work / "notebooks" / "views.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
    lab.open(page, path, simple=True, wait_for=page.locator(".jp-CodeCell").last)
    lab.run_all(page)
    areas = output(page)
    expect(areas).to_have_count(len(CALLS))
    lab.stop_kernel(path)
    for area, name in zip(areas.all(), VIEWS, strict=True):
        area.scroll_into_view_if_needed()
        if name not in SWITCHED:
            continue
        shown = VIEWS[name].switch().panels
        assert labels(switch(area)) == [panel.label for panel in shown]
        for choice in (shown[-1].label, shown[0].label):
            before = area.inner_text()
            choose(switch(area), choice)
            page.wait_for_function(
                "([area, before]) => area.innerText != before", arg=[area.element_handle(), before]
            )
    assert grave_violations(page, ".jp-OutputArea-output:has(.kw)") == []


def test_in_jupyterlab_a_timeline_is_drawn_by_plotly_above_its_table(page, lab):
    cells = [nbformat.v4.new_code_cell("import kwlesson\n\nkwlesson.load().timeline()")]
    path = lab.work / "notebooks" / "timeline.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
    lab.open(page, path, simple=True, wait_for=page.locator(".jp-CodeCell").last)
    lab.run_all(page)
    lab.stop_kernel(path)
    figure = page.locator(".kw-figure")
    expect(figure.locator(".legendtext")).not_to_have_count(0)
    # The second time nothing but the figure may come back: no picture of it that has no name.
    for choice in ("Undated", "Overview", "October 1950", "Overview", "October 1950"):
        choose(switch(page), choice)
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
