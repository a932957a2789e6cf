"""Who is who, quotations and sources in a browser: opened, copied and looked up by hand."""

from __future__ import annotations

import re

import nbformat
import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    document,
    grave_violations,
    open_details,
    tab_to,
    window,
)
from playwright.sync_api import expect

import kwlesson

LESSON = kwlesson.load()
VIEWS = {
    "everybody": LESSON.who(),
    "one person": LESSON.who("Kim Il"),
    "several people": LESSON.who("Kim"),
    "a quotation": LESSON.quote("at-any-moment"),
    "a sensitive quotation": LESSON.quote("remark-about-looks"),
    "a source": LESSON.cite("shtykov-cable-1949-05-15"),
    "a base source": LESSON.cite("kraus-origins-of-korean-war"),
    "a cited source": LESSON.cite("kovalev-unread-end"),
}
every_view = pytest.mark.parametrize("what", VIEWS)
TERM = "details.kw-term > summary"


@pytest.fixture
def show(show):
    """Open the page face of one of the views."""
    return lambda what, **others: show(VIEWS[what].page(), **others)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
@every_view
def test_nothing_on_a_page_shuts_a_reader_out(show, what, width, scheme):
    page = show(what, width=width, color_scheme=scheme)
    assert grave_violations(page, "html") == []
    if what != "everybody":
        open_details(page)
        assert grave_violations(page, "html") == []


@pytest.mark.parametrize("width", [320, 400, 1280])
@every_view
def test_no_page_is_wider_than_the_window(show, what, width):
    page = show(what, width=width)
    page.locator(".kw").evaluate("e => e.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.locator("body").evaluate(STICKS_OUT) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_word_is_looked_up_by_keyboard(show):
    page = show("one person", java_script_enabled=False)
    meaning = page.locator("details.kw-term > span").first
    expect(meaning).not_to_be_visible()
    tab_to(page, TERM)
    assert page.evaluate(FOCUS_IS_SEEN)
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(meaning).to_be_visible()
        page.keyboard.press(key)
        expect(meaning).not_to_be_visible()


def test_a_word_is_looked_up_by_touch(show):
    page = show("one person", java_script_enabled=False, has_touch=True, width=400)
    meaning = page.locator("details.kw-term > span").first
    page.locator(TERM).first.tap()
    expect(meaning).to_be_visible()
    page.locator(TERM).first.tap()
    expect(meaning).not_to_be_visible()


@pytest.mark.parametrize("width", [400, 1280])
def test_the_passage_reads_on_around_a_word(show, width):
    page = show("one person", width=width)
    passage = page.locator(".kw-text").first
    height = passage.evaluate("e => e.clientHeight")
    bare = passage.evaluate(
        "e => { const c = e.cloneNode(); c.textContent = e.innerText; e.after(c);"
        " const h = c.clientHeight; c.remove(); return h; }"
    )
    assert height == bare


def test_the_sensitive_is_seen_only_after_its_caution_is_clicked(show):
    page = show("a sensitive quotation", java_script_enabled=False)
    quote = LESSON.get("quotes", "remark-about-looks")
    words = page.get_by_text(quote["words"])
    expect(words).not_to_be_visible()
    page.get_by_text(quote["caution"], exact=True).click()
    expect(words).to_be_visible()


def test_with_its_styles_stripped_a_page_still_has_every_row(show, tmp_path):
    page = show("one person")
    for what, view in VIEWS.items():
        bare = re.sub(r"<style>.*?</style>", "", view.page(), flags=re.DOTALL)
        path = tmp_path / "bare.html"
        path.write_text(document(bare.replace("<details", "<details open")), encoding="utf-8")
        page.goto(path.as_uri())
        rows = page.locator("[data-row]")
        expect(rows.filter(visible=True), what).to_have_count(rows.count())


def test_a_note_is_copied_by_keyboard_on_a_page(show):
    page = show("a source")
    copy_note(page)


def test_a_stored_card_answers_in_jupyterlab_before_anything_is_run(lab, chromium):
    path = lab.work / "notebooks" / "cards.ipynb"
    nbformat.write(notebook_of("a source"), path)
    lab.trust(path)
    with window(chromium) as page:
        lab.open(page, path, simple=True)
        copy_note(page)
        term = page.locator(TERM).first
        term.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details.kw-term > span").first).to_be_visible()
        assert grave_violations(page, ".kw") == []


def notebook_of(what):
    stored = {"text/plain": VIEWS[what].text(), "text/html": VIEWS[what].page()}
    output = nbformat.v4.new_output("display_data", stored)
    cell = nbformat.v4.new_code_cell("lesson", outputs=[output], execution_count=1)
    kernel = {"name": "python3", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})


def copy_note(page):
    """Copy the note by keyboard and paste it over itself twice: the same words, twice."""
    note = page.get_by_role("textbox", name="Note to copy")
    citation = LESSON.get("sources", "shtykov-cable-1949-05-15")["citation"]
    note.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+c")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("ControlOrMeta+v")
    expect(note).to_have_value(citation * 2)
