"""Questions and the bar in JupyterLab: by keyboard alone, without a kernel, on a fresh server."""

from __future__ import annotations

import pytest
from answer_form import HURRY, NOT_YET, NotebookForm, choice
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    grave_violations,
    jupyterlab,
    resize,
    start_on_a_cell,
    tab_to,
    use_theme,
    window,
)
from lessons import INVENTED as LESSON
from lessons import REAL
from playwright.sync_api import expect

from kwlesson.answers.workbook import Workbook

ALL = ["who-saw", "which-words", "lamp-rating-1", "what-fog-hides", "guess-first"]
FOG, RATING = "what-fog-hides", "lamp-rating-1"
ALL_IS_SAVED = "() => [...kwlessonStores.values()].every(store => store.countUnsaved() === 0)"


def form_of(lab, folder, *questions, others=()):
    calls = ["lesson.keep()", *(f"lesson.ask({question!r})" for question in questions), *others]
    return NotebookForm(lab, folder / "work", folder.name, *calls)


def button(question):
    return f'.kw-live:has([data-row="questions:{question}"]) button'


def feedback(question, key):
    rows = LESSON.records("choices", question=question)
    return next(row["feedback"] for row in rows if row["id"] == key)


def rate(form, words):
    area = form.one(RATING)
    area.get_by_label("likely", exact=True).check()
    area.get_by_role("textbox").fill(words)
    area.get_by_role("button").click()


def test_each_kind_and_the_bar_are_worked_by_keyboard_alone(lab, bench, tmp_path):
    form = form_of(lab, tmp_path, *ALL).open_at(bench)
    page, keys = form.page, form.page.keyboard

    def reach(selector):
        tab_to(page, selector)
        assert page.evaluate(FOCUS_IS_SEEN)

    start_on_a_cell(page)
    reach(".kw-where > summary")
    keys.press("Enter")
    reach("input[type=file]")
    reach("input[name=name]")
    keys.type("Ada ../ 😀")
    keys.press("Enter")
    expect(form.bar.get_by_role("status")).to_contain_text("Your name is kept")

    reach(choice("who-saw", "keeper"))
    keys.press("Space")
    keys.press("ArrowDown")
    reach(button("who-saw"))
    keys.press("Enter")
    form.expect_saved("who-saw")
    expect(form.one("who-saw")).to_contain_text(feedback("who-saw", "master"))

    for key in ("clear", "dusk"):
        reach(choice("which-words", key))
        keys.press("Space")
    reach(button("which-words"))
    keys.press("Space")
    form.expect_saved("which-words")
    for key in ("clear", "wool", "dusk"):
        words = feedback("which-words", key)
        expect(form.one("which-words").get_by_text(words)).to_be_visible()

    reach(choice(RATING, "unlikely"))
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    reach("textarea")
    keys.type("I chose likely, b a dd.")
    reach(button(RATING))
    keys.press("Enter")
    form.expect_saved(RATING)

    reach("textarea")
    keys.type("He could be, j k x.")
    reach(button(FOG))
    keys.press("Enter")
    form.expect_saved(FOG)

    start_on_a_cell(page)
    with page.expect_download():
        reach("[data-do=download]")
        keys.press("Enter")

    assert form.answers == {
        "name": "Ada ../ 😀",
        "who-saw": "master",
        "which-words": ["clear", "dusk"],
        RATING: {"choice": "likely", "reason": "I chose likely, b a dd."},
        FOG: "He could be, j k x.",
    }
    assert page.locator(".jp-Cell").count() == len(ALL) + 2


def test_feedback_download_and_typing_outlive_the_kernel_and_the_next_one_saves(
    lab, bench, tmp_path
):
    judge = "kwlesson.load().corroborate('kim-il-1949')"
    form = form_of(lab, tmp_path, "who-saw", FOG, others=[judge]).open_at(bench)
    form.bring(b"x" * 4_000_000)
    expect(form.bar.get_by_role("status")).to_contain_text("no workbook")
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    form.box(FOG).press_sequentially("Half of it was ")
    form.stop_kernel()
    form.box(FOG).press_sequentially("typed without a kernel.")
    form.choose("who-saw", "master")
    expect(form.one("who-saw").get_by_text(feedback("who-saw", "master"))).to_be_visible()
    expect(form.status("who-saw")).to_contain_text(NOT_YET)
    piece = next(iter(REAL.corroborations.id))
    judged = form.page.locator(f'.kw-live [data-row="corroborations:{piece}"]')
    judged.locator("[name$=against_interest][value=yes]").check()
    expect(form.page.locator(".kw-view-corroborate [role=status]")).to_contain_text(NOT_YET)
    expect(form.bar).to_contain_text("1 answer not yet in your folder.")
    assert form.answers == {"who-saw": "keeper"}

    restored = Workbook(tmp_path / "other", form.lesson).restore(form.save_file())
    typed = {FOG: "Half of it was typed without a kernel."}
    assert restored.answers == {"who-saw": "master"} | typed

    form.start_kernel_and_run()
    form.expect_saved("who-saw")
    form.page.wait_for_function(ALL_IS_SAVED)
    expect(judged.locator("[name$=against_interest][value=yes]")).to_be_checked()
    expect(form.box(FOG)).to_have_value("Half of it was typed without a kernel.")
    assert form.answers == {"who-saw": "master"}
    # Another lesson's answers are in a file of their own.
    judgement = {f"corroborations:{piece}": {"against_interest": "yes"}}
    assert Workbook(form.folder).answers == judgement


def test_after_a_reload_all_answers_are_there_and_the_next_kernel_keeps_what_none_had_kept(
    lab, bench, tmp_path
):
    form = form_of(lab, tmp_path, "who-saw", RATING, FOG)
    Workbook(form.folder, form.lesson).record(
        RATING, {"choice": "likely", "reason": "so"}, lock=True
    )
    form.open_at(bench)
    form.write(FOG, "Fog hides.")
    form.expect_saved(FOG)
    form.choose("who-saw", "keeper")
    form.expect_saved("who-saw")
    form.stop_kernel()
    form.choose("who-saw", "master")
    expect(form.status("who-saw")).to_contain_text(NOT_YET)

    form.open_stored()
    expect(form.one(RATING)).to_contain_text("You chose: likely")
    expect(form.box(FOG)).to_have_value("Fog hides.")
    expect(form.one("who-saw").locator(choice("who-saw", "master"))).to_be_checked()
    assert form.answers["who-saw"] == "keeper"
    form.run()
    form.expect_saved("who-saw")
    expect(form.one("who-saw").locator(choice("who-saw", "master"))).to_be_checked()
    expect(form.one("who-saw").locator("[data-feedback=master]")).to_be_visible()
    expect(form.one(RATING)).to_contain_text("You chose: likely")
    expect(form.box(FOG)).to_have_value("Fog hides.")
    expect(form.bar).to_contain_text(
        "3 answers so far, saved in work/answers-kwlesson-sample.json."
    )
    expect(form.offer).to_be_empty()
    assert form.answers["who-saw"] == "master"


def test_on_a_fresh_server_all_answers_come_back_from_the_file(
    chromium, lab, bench, tmp_path_factory
):
    old, new = (tmp_path_factory.mktemp(name) for name in ("old", "new"))
    words = {"choice": "likely", "reason": "Wörter, “so”, 字, 😀"}
    with window(chromium) as page:
        with jupyterlab(old) as dying:
            form = form_of(dying, old / "answers", "who-saw", RATING, FOG).open(page)
            form.choose("who-saw", "keeper")
            rate(form, words["reason"])
            form.expect_saved(RATING)
            page.evaluate(HURRY)
        dialog = page.locator(".jp-Dialog")
        page.add_locator_handler(dialog, dialog.get_by_role("button").last.click)
        form.write(FOG, "after the server died")
        expect(form.status(FOG)).to_contain_text(NOT_YET)
        content = form.save_file()

    form = form_of(lab, new, "who-saw", RATING, FOG).open_at(bench)
    assert form.answers == {}
    form.bring(content)
    expect(form.bar.get_by_role("status")).to_have_text("3 answers were brought back.")
    assert form.answers == {"who-saw": "keeper", RATING: words, FOG: "after the server died"}
    expect(form.one("who-saw").locator(choice("who-saw", "keeper"))).to_be_checked()
    expect(form.one(RATING)).to_contain_text(words["reason"])
    expect(form.one(RATING).get_by_role("radio")).to_have_count(0)
    expect(form.box(FOG)).to_have_value("after the server died")


@pytest.fixture
def answered(lab, bench, tmp_path):
    """Open a form of which some is answered."""

    def make():
        form = form_of(lab, tmp_path, *ALL).open_at(bench)
        form.choose("who-saw", "master")
        form.choose("which-words", "dusk")
        form.write(FOG, "Yes.")
        form.bar.locator(".kw-where > summary").click()
        expect(form.bar).to_contain_text("3 answers so far")
        return form

    return bench.keep("answered", make)


def test_no_face_shuts_a_reader_out(answered):
    page = answered.page
    try:
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            use_theme(page, theme)
            assert grave_violations(page, ".jp-OutputArea-output:has(.kw)") == []
    finally:
        use_theme(page, "JupyterLab Light")
    for width in (400, 1280):
        resize(page, width)
        for area in page.locator(".jp-OutputArea-output:has(.kw)").all():
            assert area.evaluate(STICKS_OUT) == []
    for area in page.locator(".kw-live").all():
        assert area.get_by_role("status").count() == 1


def test_escape_leads_from_a_control_to_its_cell_and_the_arrows_go_on(answered):
    page = answered.page
    cells = page.locator(".jp-Cell")
    bar = page.locator(".jp-Cell").filter(has=page.locator("[data-do=download]"))
    for control in ("[data-do=download]", "input[name=name]", ".kw summary"):
        bar.locator(control).first.focus()
        page.keyboard.press("Escape")
        expect(bar).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cells.nth(2)).to_be_focused()
