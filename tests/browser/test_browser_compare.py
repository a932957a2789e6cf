"""The toggle in a window: one screen, lines that change in place, ours after a judgement."""

from __future__ import annotations

import pytest
from browser_support import choose, grave_violations, labels, radios
from lessons import REAL as LESSON
from playwright.sync_api import expect

VIEW = LESSON.compare("kim-il-1949")
# What JupyterLab leaves of 1366 x 768: how wide an output is, and how high the notebook.
LAB = {"width": 1240, "height": 647}
SMALL = {"width": 1180, "height": 768}
PHONE = {"width": 390, "height": 844}
TOPS = "() => [...document.querySelectorAll('.kw-core .kw-row')].map(row => row.offsetTop)"
# From the head of the view, and from the switch, to the end of the last core row.
HEIGHTS = """
    () => {
        const top = name => document.querySelector(name).getBoundingClientRect().top;
        const end = [...document.querySelectorAll(".kw-core .kw-row")].pop();
        const { bottom } = end.getBoundingClientRect();
        return [bottom - top(".kw"), bottom - top(".kw-choices")];
    }
"""

# The row in the window has come to rest.
SETTLED = """
    place => {
        const rows = document.querySelector(".kw-core");
        return Math.abs(rows.scrollTop - place * rows.clientHeight) < 3;
    }
"""


def mark_every_row(page, place):
    page.locator(".kw-core .kw-judged fieldset").evaluate_all(
        "(all, place) => all.forEach(one => one.querySelectorAll('input')[place].click())", place
    )


@pytest.mark.parametrize(
    ("size", "most", "sides"),
    [(LAB, 647, 3), (SMALL, 700, 3), (PHONE, 1190, 2)],
    ids=["laptop", "small", "phone"],
)
def test_switch_and_core_points_fit_and_neither_turning_nor_marking_moves_a_row(
    show, size, most, sides
):
    page = show(VIEW.page(), java_script_enabled=False, width=size["width"])
    page.set_viewport_size(size)
    tops = page.evaluate(TOPS)
    assert len(tops) == len(VIEW.context["core"]) + len(VIEW.context["whole"])
    for choice in [*labels(page)[:sides], labels(page)[0]]:
        choose(page, choice)
        assert page.evaluate(TOPS) == tops
    for row in page.locator(".kw-core .kw-judged fieldset").all():
        row.locator("input").last.check()
    assert page.evaluate(TOPS) == tops
    from_head, from_switch = page.evaluate(HEIGHTS)
    assert from_head <= most
    assert from_switch <= size["height"] * (1.25 if size == PHONE else 1)


def test_turning_between_one_report_and_both_moves_no_row_at_any_width(show):
    page = show(VIEW.page(), java_script_enabled=False)
    first, _, both = labels(page)
    moved = {}
    for width in (1366, 1280, 1100, 1024, 860, 800, 683, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 768})
        tops = []
        for choice in (first, both):
            choose(page, choice)
            tops.append([page.locator(".kw-choices").bounding_box()["y"], *page.evaluate(TOPS)])
        moved[width] = [after - before for before, after in zip(*tops, strict=True)]
    on_a_phone = moved.pop(PHONE["width"])
    assert {width: one for width, one in moved.items() if any(one)} == {}
    # There a long line among short ones may make its own row taller, and no more than that.
    assert on_a_phone[:2] == [0, 0]
    assert max(on_a_phone) < 60


def test_without_scripts_ours_is_seen_after_the_learner_s_judgement_and_not_before(show):
    page = show(VIEW.page(), java_script_enabled=False)
    asked = page.locator(".kw-core .kw-judged:has(fieldset)")
    expect(asked).to_have_count(len(VIEW.context["core"]) - 1)
    for row in asked.all():
        ours = row.locator(".kw-ours p")
        expect(ours).not_to_be_visible()
        row.locator("input").first.check()
        expect(ours).to_be_visible()


def test_without_scripts_our_tests_are_seen_after_all_three_answers(show):
    page = show(LESSON.corroborate("kim-il-1949").page(), java_script_enabled=False)
    piece = page.locator(".kw-evidence").first
    ours = piece.locator(".kw-ours p"), piece.locator(".kw-judgement > div")
    for place, test in enumerate(piece.locator("fieldset").all()):
        for words in ours:
            expect(words.first).not_to_be_visible()
        test.locator("input").nth(place).check()
    for words in ours:
        expect(words.first).to_be_visible()
    said = [piece.locator(f".kw-{how}").filter(visible=True).count() for how in ("same", "differ")]
    assert said == [1, 2]


def test_a_projector_has_one_row_at_a_time_turned_by_the_arrow_keys(show):
    page = show(VIEW.page())
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("checkbox", name="Project").check()
    rows = page.locator(".kw-core .kw-row")
    page.get_by_role("region", name="The points").focus()
    for place in (0, 1, 2):
        page.wait_for_function(SETTLED, arg=place)
        expect(rows.nth(place).locator("h3")).to_be_in_viewport(ratio=1)
        expect(rows.nth(place + 1).locator("h3")).not_to_be_in_viewport()
        page.keyboard.press("ArrowDown")
    choose(page, labels(page)[-1])
    expect(rows.nth(3).locator(".kw-side-2")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_judged_comparison_shuts_nobody_out(show, scheme):
    page = show(VIEW.page(), color_scheme=scheme)
    mark_every_row(page, 1)
    radios(page).last.check()
    assert grave_violations(page, "html") == []
