"""The chain, what it rests on and through whose hands: the learner first, then ours."""

from __future__ import annotations

import pytest
from browser_support import STICKS_OUT, tab_to
from lessons import REAL as LESSON
from playwright.sync_api import expect

LINKS = LESSON.records("links", spine="yes")
# What plain JupyterLab leaves of a projector's 1280 x 720; the lesson's frame leaves more.
WIDTH, HEIGHT = 1224, 599
PLACES = """
    all => all.map(one => Math.round(
        one.getBoundingClientRect().bottom - one.closest(".kw").getBoundingClientRect().top
    ))
"""
OURS = """
    [...document.querySelectorAll("[data-ours]")]
        .map(one => getComputedStyle(one, "::after").content)
"""


@pytest.fixture
def chain(draw, tmp_path):
    return draw(tmp_path / "work", LESSON.trace(), LESSON.keep())


def sort(step, happened, said):
    for name, value in (("happened", happened), ("said", said)):
        step.locator(f"[data-ask={name}] label:has([value={value}])").click()


def test_all_steps_are_in_one_screen_before_and_after_they_are_sorted(chain):
    page, steps = chain.page, chain.page.locator(".kw-step")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    before = steps.evaluate_all(PLACES)
    assert len(before) == len(LINKS)
    assert max(before) <= HEIGHT
    for number, step in enumerate(steps.all()):
        sort(step, "shown", ("paper", "listener")[number % 2])
    expect(page.locator(".kw-view-trace").get_by_role("status")).to_contain_text("All sorted")
    assert steps.evaluate_all(PLACES) == before
    for width in (1186, 1100, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.locator(".kw-view-trace").evaluate(STICKS_OUT) == []


def test_ours_waits_for_both_answers_of_its_own_step_and_the_choice_is_kept(chain):
    page, link = chain.page, LINKS[3]
    step = page.locator(f'[data-row="links:{link["id"]}"]')
    answer = step.locator(".kw-answer")
    step.locator(".kw-title").click()
    expect(answer).not_to_be_visible()
    step.locator("[data-ask=happened] label").first.click()
    assert set(page.evaluate(OURS)) == {"none"}
    expect(answer).not_to_be_visible()
    sort(step, "shown", "paper")
    assert [one for one in page.evaluate(OURS) if one != "none"] == ['"ours"'] * 2
    expect(answer).to_have_attribute("open", "")
    expect(answer).to_contain_text(link["says"])
    expect(page.locator(".kw-view-trace").get_by_role("status")).to_contain_text("Saved. Ours:")
    assert chain.answers == {f"links:{link['id']}": {"happened": "shown", "said": "paper"}}
    chain.open()
    expect(step.locator("fieldset :checked")).to_have_count(2)


def test_without_scripts_choices_by_keyboard_show_ours_and_the_words_of_one_step(show):
    page = show(LESSON.trace().page(), width=WIDTH, java_script_enabled=False)
    first, second = page.locator(".kw-step").all()[:2]
    expect(page.locator(".kw-reading").filter(visible=True)).to_have_count(0)
    tab_to(page, ".kw-title input")
    for key, step in (("Space", first), ("ArrowDown", second)):
        page.keyboard.press(key)
        expect(step.locator(".kw-reading")).to_be_visible()
        expect(page.locator(".kw-reading").filter(visible=True)).to_have_count(1)
    for _ in range(2):
        expect(second.locator(".kw-answer")).not_to_be_visible()
        page.keyboard.press("Tab")
        tab_to(page, ".kw-step:nth-child(2) fieldset input")
        page.keyboard.press("Space")
    expect(second.locator(".kw-answer")).to_be_visible()
    expect(second.locator(".kw-answer > :not(summary)").first).not_to_be_visible()


def test_the_first_source_set_aside_is_the_guess_and_stays(draw, tmp_path):
    form = draw(tmp_path / "work", LESSON.set_aside(), LESSON.keep())
    area = form.page.locator(".kw-view-set_aside")
    without = area.locator(".kw-without").filter(visible=True)
    expect(without).to_have_count(0)
    for key in ("kovalev-cable-1949-05-18", "mao"):
        area.locator(f"label:has([value={key}])").click()
        expect(without).to_have_count(1)
        expect(area.get_by_role("status")).to_contain_text("Your guess: Kovalev")
    expect(without).to_contain_text("we would no longer know", use_inner_text=True)
    expect(area.get_by_role("status")).to_contain_text("Saved.")
    assert form.answers == {"set-aside": "kovalev-cable-1949-05-18"}
    form.open()
    expect(area.locator("[value=kovalev-cable-1949-05-18]")).to_be_checked()


def test_hands_are_put_in_order_by_clicks_or_numbers_and_the_map_draws_the_way(draw, tmp_path):
    route = "kovalev-1949"
    form = draw(tmp_path / "work", LESSON.follow(route), LESSON.keep())
    area = form.page.locator(".kw-view-follow")
    steps = [hand["step"] for hand in LESSON.records("hands", route=route)]
    way, ours = area.locator(".kw-way"), area.locator(".kw-answer")
    expect(way).to_have_css("visibility", "hidden")
    for step in steps[:-1]:
        area.locator(f".kw-hands [data-step='{step}'] .kw-hand").click()
    expect(way).to_have_css("visibility", "visible")
    expect(ours).not_to_have_attribute("open", "")
    area.locator(".kw-hands [data-step='3'] [type=checkbox]").check()
    last = area.locator(f".kw-hands [data-step='{steps[-1]}'] [type=number]")
    last.fill(str(len(steps)))
    last.press("Tab")
    expect(ours).to_have_attribute("open", "")
    expect(area.get_by_role("status")).to_contain_text("Order: as ours.")
    presumed = [h["step"] for h in LESSON.records("hands", route=route, status="presumed")]
    expect(area.get_by_role("status")).to_contain_text(f"differ at {presumed[1]}")
    kept = {"order": list(map(str, steps)), "presumed": ["3"]}
    assert form.answers == {f"routes:{route}": kept}
    form.open()
    expect(area.get_by_role("status")).to_contain_text("Order: as ours.")
