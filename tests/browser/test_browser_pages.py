"""Every view as a page: for every reader, by keyboard, on paper, without scripts or styles."""

from __future__ import annotations

import re

import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    choose,
    copy_note,
    grave_violations,
    labels,
    open_details,
    radios,
    tab_to,
)
from html_probe import Page
from lessons import INVENTED as SAMPLE
from lessons import REAL
from playwright.sync_api import expect

from kwlesson.answers.bundle import bundle

VIEWS = {
    **{f"compare {case}": REAL.compare(case) for case in REAL.cases.id},
    **{f"masked {case}": REAL.compare(case, masked=True) for case in REAL.cases.id},
    **{f"corroborate {case}": REAL.corroborate(case) for case in REAL.corroborations.case.unique()},
    "follow all": REAL.follow(),
    "follow one": REAL.follow("may-1950"),
    "where": REAL.where("may-1950"),
    "where all": REAL.where(),
    "trace": REAL.trace(),
    "trace answers": REAL.trace(answers=True),
    "trace whole": REAL.trace(whole=True),
    "set aside": REAL.set_aside(),
    "timeline": REAL.timeline(),
    "who": REAL.who(),
    "who is Filippov": REAL.who("Filippov"),
    "who is Kim": REAL.who("Kim"),
    "a quotation": REAL.quote("at-any-moment"),
    "a sensitive quotation": REAL.quote("remark-about-looks"),
    "a source": REAL.cite("kovalev-cable-1949-05-18"),
    "a base source": REAL.cite("kraus-origins-of-korean-war"),
    "a cited source": REAL.cite("kovalev-unread-end"),
    "an invented comparison": SAMPLE.compare("harbour-light"),
    "an invented comparison, masked": SAMPLE.compare("harbour-light", masked=True),
    "invented routes": SAMPLE.follow(),
}
SWITCHED = [name for name, view in VIEWS.items() if view.switch()]
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
# What sticks out in one panel after the other.
IN_EACH_PANEL = """
    (sticksOut => root => {
        const choices = [...root.querySelectorAll(".kw-switch > .kw-choices [type=radio]")];
        return (choices.length ? choices : [root]).flatMap(choice => {
            choice.click();
            return sticksOut(root);
        });
    })
"""
# The most closed lines that are in sight at once, in what JupyterLab leaves of 1366 x 768.
CLOSED_IN_SIGHT = """
    () => {
        const lines = [...document.querySelectorAll("details:not([open], .kw-term) > summary")];
        const tops = lines
            .filter(line => line.checkVisibility({ visibilityProperty: true }))
            .map(line => line.getBoundingClientRect().top);
        const under = top => tops.filter(other => other >= top && other < top + 647);
        return Math.max(0, ...tops.map(top => under(top).length));
    }
"""
MOST_CLOSED = 8
# Names on a map of which a part is cut off.
CUT_OFF = """
    () => [...document.querySelectorAll(".kw-map text")].filter(name => {
        const map = name.closest("svg").getBoundingClientRect();
        const box = name.getBoundingClientRect();
        const isInside = box.top > map.top - 3 && box.bottom < map.bottom + 3
            && box.left > map.left - 3 && box.right < map.right + 3;
        return name.checkVisibility() && !isInside && box.top < map.bottom;
    }).map(name => name.textContent)
"""

every_view = pytest.mark.parametrize("name", VIEWS)
every_switch = pytest.mark.parametrize("name", SWITCHED)


def switch(page):
    return page.locator(".kw-switch > .kw-choices")


def panels(page):
    return page.locator(".kw-panel").filter(visible=True)


@every_view
def test_nothing_on_a_page_shuts_a_reader_out(show, name):
    page = show(VIEWS[name].page())
    for place, width, scheme in ((-1, 1280, "light"), (0, 400, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if name in SWITCHED:
            choose(switch(page), labels(switch(page))[place])
        open_details(page)
        assert grave_violations(page, "html") == [], (width, scheme)


@every_switch
def test_without_javascript_each_choice_shows_its_panel_and_no_other(show, name):
    page = show(VIEWS[name].page(), java_script_enabled=False)
    choices = labels(switch(page))
    assert choices == [panel.label for panel in VIEWS[name].switch().panels]
    expect(radios(switch(page)).first).to_be_checked()
    for choice in [*choices, choices[0]]:
        choose(switch(page), choice)
        expect(panels(page)).to_have_count(1)
        expect(panels(page)).to_have_attribute("aria-label", choice)


@every_switch
def test_arrow_keys_reach_every_choice_and_enter_leaves_the_page_where_it_is(show, name):
    page = show(VIEWS[name].page())
    address, choices = page.url, labels(switch(page))
    tab_to(page, ".kw-choices input[type=radio]")
    page.keyboard.press("Enter")
    for key, choice in (
        *(("ArrowRight", choice) for choice in [*choices[1:], choices[0]]),
        ("ArrowDown", choices[1]),
        ("ArrowUp", choices[0]),
        ("ArrowLeft", choices[-1]),
    ):
        page.keyboard.press(key)
        expect(panels(page)).to_have_attribute("aria-label", choice)
        assert page.evaluate(FOCUS_IS_SEEN)
    assert page.url == address


@every_view
def test_no_page_is_wider_than_the_window_or_full_of_closed_lines(show, name):
    page = show(VIEWS[name].page())
    assert page.evaluate(CLOSED_IN_SIGHT) <= MOST_CLOSED
    open_details(page)
    for width in (1280, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("body").evaluate(f"{IN_EACH_PANEL}({STICKS_OUT})") == [], width
        assert page.evaluate("document.documentElement.scrollWidth") == width
        # How much of a map a phone shows is set for the places of this lesson.
        assert "invented" in name or page.evaluate(CUT_OFF) == [], width


@every_view
def test_a_large_view_is_for_a_projector_and_still_fits(show, name):
    page = show(VIEWS[name].large().page())
    size = page.locator(".kw p, .kw li").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 20
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


@every_view
def test_where_styles_are_stripped_every_row_is_seen(show, name):
    bare = STYLE.sub("", VIEWS[name].page())
    assert "{" not in bare
    assert " style=" not in bare.replace("<i style=", "<i ")
    page = show(bare.replace("<details", "<details open"), java_script_enabled=False)
    rows = page.locator("[data-row]")
    assert rows.count() == len(Page(bare).rows) > 0
    expect(rows.filter(visible=True)).to_have_count(rows.count())
    if name in SWITCHED:
        expect(panels(page)).to_have_count(len(labels(page.locator(".kw-choices"))))


@every_switch
def test_a_printed_page_has_every_panel_in_dark_ink_and_no_choice(show, name):
    for scheme in ("light", "dark"):
        page = show(VIEWS[name].page(), color_scheme=scheme)
        choices = labels(switch(page))
        page.emulate_media(media="print", color_scheme=scheme)
        expect(panels(page)).to_have_count(len(choices))
        expect(radios(switch(page)).filter(visible=True)).to_have_count(0)
        ink = page.locator(".kw").evaluate("e => getComputedStyle(e).color")
        assert all(int(part) < 80 for part in re.findall(r"\d+", ink)), ink


# Comparisons

CASES = [(REAL, case) for case in REAL.cases.id] + [(SAMPLE, case) for case in SAMPLE.cases.id]
every_case = pytest.mark.parametrize(("lesson", "case"), CASES, ids=[case for _, case in CASES])


@every_case
def test_sensitive_words_are_seen_only_after_their_caution_is_clicked(show, lesson, case):
    page = show(lesson.compare(case).page(), java_script_enabled=False)
    points = {point["id"] for point in lesson.records("points", case=case)}
    for quote in lesson.records("quotes", sensitive="yes"):
        row = f'[data-row="quotes:{quote["id"]}"]'
        for choice in labels(page) if quote["point"] in points else []:
            choose(page, choice)
            words = page.locator(row).filter(visible=True)
            expect(words).to_have_count(0)
            expect(page.locator("body")).not_to_contain_text(quote["words"], use_inner_text=True)
            caution = panels(page).get_by_text(quote["caution"], exact=True)
            if panels(page).locator(row).count():
                caution.click()
                expect(words).to_have_count(1)
                expect(words).to_contain_text(quote["words"], use_inner_text=True)
                caution.click()
                expect(words).to_have_count(0)


@every_case
def test_a_masked_page_shows_no_reporters_name(show, lesson, case):
    people = lesson.by_id("people")
    secret = set()
    for account in lesson.records("accounts", case=case):
        person = people[account["reporter"]]
        secret |= {account["label"], person["name"], *person["also_known_as"].split(";")} - {""}
    page = show(lesson.compare(case, masked=True).page(), java_script_enabled=False)
    open_details(page)
    for choice in labels(page):
        choose(page, choice)
        seen = page.locator("body").inner_text()
        assert choice in seen
        assert [name for name in secret if name in seen] == []
    assert [name for name in secret if name in page.content()] == []


@every_case
def test_enter_and_space_open_and_close_what_is_folded(show, lesson, case):
    page = show(lesson.compare(case).page())
    tab_to(page, "summary")
    assert page.evaluate(FOCUS_IS_SEEN)
    folded = page.locator("details:has(> summary:focus)")
    was_open = folded.get_attribute("open") is not None
    for key in ("Enter", "Enter", "Space", "Space"):
        page.keyboard.press(key)
        was_open = not was_open
        expect(folded).to_have_js_property("open", was_open)


# Routes, in drawings

ROUTES = [(lesson, route) for lesson in (REAL, SAMPLE) for route in lesson.routes.id]
# Where letters are drawn: their size on the screen, and whether any lies outside the drawing.
LETTERS = """
    svg => [...svg.querySelectorAll("text")].map(text => {
        const box = text.getBoundingClientRect(), frame = svg.getBoundingClientRect();
        const scale = frame.width / svg.viewBox.baseVal.width;
        const inside = box.left >= frame.left - 1 && box.right <= frame.right + 1
            && box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
        return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * scale, inside];
    })
"""


@pytest.mark.parametrize(("lesson", "route"), ROUTES, ids=[route for _, route in ROUTES])
def test_a_map_stands_beside_the_hands_and_can_be_read_on_a_telephone(show, lesson, route):
    page = show(lesson.follow(route).page())
    drawing, hands = page.locator(".kw-map"), page.locator(".kw-hands")
    for width in (1280, 400, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for words, size, inside in drawing.evaluate(LETTERS):
            assert size >= 12, (words, width)
            assert inside or width < 1280, (words, width)
        first, second = drawing.bounding_box(), hands.bounding_box()
        side, start = ("width", "x") if width == 1280 else ("height", "y")
        assert first[start] + first[side] <= second[start]


# Evidence under three tests


def test_answers_are_given_by_keyboard_without_scripts_and_each_piece_keeps_its_own(show):
    page = show(REAL.corroborate("kim-il-1949").page(), java_script_enabled=False)
    for number in (0, 1):
        choose(switch(page), str(number + 1))
        form = page.locator(".kw-evidence").nth(number)
        form.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        tests = form.locator("fieldset")
        expect(tests.first.get_by_role("radio", name="no", exact=True)).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        expect(tests.nth(1).get_by_role("radio", name="no", exact=True)).to_be_checked()
    assert page.locator(".kw-tests input:checked").count() == 4
    assert page.url.endswith("page.html")


def test_focus_is_seen_and_tab_reaches_our_judgement(show):
    page = show(REAL.corroborate("kim-il-1949").page())
    tab_to(page, ".kw-tests input")
    assert page.evaluate(FOCUS_IS_SEEN)
    choose(switch(page), labels(switch(page))[-1])
    page.evaluate("document.activeElement.blur()")
    tab_to(page, ".kw-judgement > summary")
    assert page.evaluate(FOCUS_IS_SEEN)
    page.keyboard.press("Enter")
    expect(page.locator(".kw-judgement").filter(visible=True)).to_have_attribute("open", "")


# Cards

TERM = "details.kw-term > summary"


@pytest.mark.parametrize("kind", [{}, {"has_touch": True}], ids=["by keyboard", "by touch"])
def test_a_word_is_looked_up(show, kind):
    page = show(REAL.who("Kim Il").page(), java_script_enabled=False, **kind)
    meaning = page.locator("details.kw-term > span").first
    expect(meaning).not_to_be_visible()
    if kind:
        turns = [page.locator(TERM).first.tap] * 2
    else:
        tab_to(page, TERM)
        assert page.evaluate(FOCUS_IS_SEEN)
        turns = [lambda key=key: page.keyboard.press(key) for key in ("Enter", "Space") * 2]
    for turn, opened in zip(turns, (True, False) * 2, strict=False):
        turn()
        expect(meaning).to_be_visible(visible=opened)


@pytest.mark.parametrize("width", [400, 1280])
def test_the_passage_reads_on_around_a_word(show, width):
    page = show(REAL.who("Kim Il").page(), width=width)
    passage = page.locator(".kw-text").first
    height = passage.evaluate("e => e.clientHeight")
    bare = passage.evaluate(
        "e => { const c = e.cloneNode(); c.textContent = e.innerText; e.after(c);"
        " const h = c.clientHeight; c.remove(); return h; }"
    )
    assert height == bare


def test_a_sensitive_quotation_is_seen_only_after_its_caution_is_clicked(show):
    page = show(VIEWS["a sensitive quotation"].page(), java_script_enabled=False)
    quote = REAL.get("quotes", "remark-about-looks")
    words = page.get_by_text(quote["words"])
    expect(words).not_to_be_visible()
    page.get_by_text(quote["caution"], exact=True).click()
    expect(words).to_be_visible()


def test_a_note_is_copied_by_keyboard_on_a_page(show):
    source = "kovalev-cable-1949-05-18"
    copy_note(show(REAL.cite(source).page()), REAL.get("sources", source)["citation"])


# Scripts in pages


def test_joined_modules_run_in_a_page_that_was_opened_as_a_file(show, tmp_path):
    (tmp_path / "part.js").write_text('export const words = "joined";\n', encoding="utf-8")
    entry = tmp_path / "entry.js"
    code = 'import { words } from "./part.js";\ndocument.title = words;\nexport default words;\n'
    entry.write_text(code, encoding="utf-8")
    expect(show(f'<script type="module">{bundle(entry)}</script>')).to_have_title("joined")
