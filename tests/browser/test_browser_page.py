"""What a browser shows of a page face: with no server, no kernel and mostly no JavaScript."""

from __future__ import annotations

import re

import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    choose,
    grave_violations,
    labels,
    open_details,
    radios,
    tab_to,
)
from playwright.sync_api import expect

import kwlesson
from kwlesson import paths
from kwlesson.answers.bundle import bundle

LESSONS = {"real": kwlesson.load(), "invented": kwlesson.load(paths.SAMPLE)}
CASES = [(name, case) for name, lesson in LESSONS.items() for case in lesson.cases.id]
FACES = [(name, case, masked) for name, case in CASES for masked in (False, True)]
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)

pytestmark = pytest.mark.slow
every_case = pytest.mark.parametrize(("name", "case"), CASES)
every_real_case = pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name, case in CASES if name == "real"]
)
every_face = pytest.mark.parametrize(("name", "case", "masked"), FACES)


def face_of(name, case, *, masked=False):
    return LESSONS[name].compare(case, masked=masked).page()


def panels(page):
    return page.locator(".kw-panel").filter(visible=True)


def row(table, record):
    return f'[data-row="{table}:{record["id"]}"]'


def rows_of(name, case, masked):
    """List what a page must show, from the tables alone.

    While masked: the core points, but for those on which only others have judged; the ids of
    claims and quotations would give their accounts away.
    """
    lesson = LESSONS[name]
    points = lesson.records("points", case=case)
    claims = lesson.grouped("claims", "point")
    if masked:
        judged = {key for key, own in claims.items() if {c["status"] for c in own} == {"inferred"}}
        core = [point["id"] for point in points if point["core"] == "yes"]
        return {f"points:{point}" for point in core if point not in judged}
    shown = {point["id"] for point in points}
    quotes = [quote for quote in lesson.records("quotes") if quote["point"] in shown]
    return {
        *(f"points:{point}" for point in shown),
        *(f"claims:{claim['id']}" for point in shown for claim in claims.get(point, ())),
        *(f"quotes:{quote['id']}" for quote in quotes),
    }


# Without JavaScript


@every_face
def test_each_choice_shows_its_own_panel_and_no_other(show, name, case, masked):
    page = show(face_of(name, case, masked=masked), java_script_enabled=False)
    label = "masked_label" if masked else "label"
    accounts = [account[label] for account in LESSONS[name].records("accounts", case=case)]
    choices = labels(page)
    assert choices[:-1] == accounts
    expect(radios(page).first).to_be_checked()
    for choice in [*choices, choices[0]]:
        choose(page, choice)
        expect(panels(page)).to_have_count(1)
        expect(panels(page)).to_have_attribute("aria-label", choice)


@every_case
def test_sensitive_words_are_seen_only_after_their_caution_is_clicked(show, name, case):
    lesson = LESSONS[name]
    page = show(face_of(name, case), java_script_enabled=False)
    points = {point["id"] for point in lesson.records("points", case=case)}
    for quote in lesson.records("quotes", sensitive="yes"):
        if quote["point"] not in points:
            continue
        for choice in labels(page):
            choose(page, choice)
            words = page.locator(row("quotes", quote)).filter(visible=True)
            expect(words).to_have_count(0)
            expect(page.locator("body")).not_to_contain_text(quote["words"], use_inner_text=True)
            caution = panels(page).get_by_text(quote["caution"], exact=True)
            if panels(page).locator(row("quotes", quote)).count():
                caution.click()
                expect(words).to_have_count(1)
                expect(words).to_contain_text(quote["words"], use_inner_text=True)
                caution.click()
                expect(words).to_have_count(0)


@every_face
def test_where_styles_are_stripped_every_row_is_seen(show, name, case, masked):
    face = face_of(name, case, masked=masked)
    bare = STYLE.sub("", face)
    assert "{" not in bare
    assert " style=" not in bare
    page = show(bare.replace("<details", "<details open"), java_script_enabled=False)
    rows = page.locator("[data-row]")
    found = {found.get_attribute("data-row") for found in rows.all()}
    assert rows_of(name, case, masked) <= found
    assert {f"cases:{case}"} <= found
    expect(rows.filter(visible=True)).to_have_count(rows.count())
    expect(panels(page)).to_have_count(len(labels(page)))


@every_case
def test_a_masked_page_shows_no_reporters_name(show, name, case):
    lesson = LESSONS[name]
    people = lesson.by_id("people")
    secret = set()
    for account in lesson.records("accounts", case=case):
        person = people[account["reporter"]]
        secret |= {account["label"], person["name"], *person["also_known_as"].split(";")} - {""}
    page = show(face_of(name, case, masked=True), java_script_enabled=False)
    for choice in labels(page):
        choose(page, choice)
        open_details(page)
        seen = page.locator("body").inner_text()
        assert choice in seen
        assert [name for name in secret if name in seen] == []
    assert [name for name in secret if name in page.content()] == []


# By keyboard


@every_case
def test_tab_and_arrow_keys_turn_a_page(show, name, case):
    page = show(face_of(name, case))
    choices = labels(page)
    tab_to(page, "input[type=radio]")
    for key, choice in (
        ("ArrowRight", choices[1]),
        ("ArrowLeft", choices[0]),
        ("ArrowDown", choices[1]),
        ("ArrowUp", choices[0]),
        ("ArrowUp", choices[-1]),
    ):
        page.keyboard.press(key)
        expect(panels(page)).to_have_attribute("aria-label", choice)
        assert page.evaluate(FOCUS_IS_SEEN)


@every_case
def test_enter_and_space_open_and_close_what_is_folded(show, name, case):
    page = show(face_of(name, case))
    tab_to(page, "summary")
    assert page.evaluate(FOCUS_IS_SEEN)
    folded = page.locator("details:has(> summary:focus)")
    was_open = folded.get_attribute("open") is not None
    for key in ("Enter", "Enter", "Space", "Space"):
        page.keyboard.press(key)
        was_open = not was_open
        expect(folded).to_have_js_property("open", was_open)


def test_enter_on_a_choice_leaves_the_page_where_it_is(show):
    page = show(face_of(*CASES[0]))
    address = page.url
    tab_to(page, "input[type=radio]")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(panels(page)).to_have_attribute("aria-label", labels(page)[1])
    assert page.url == address


# For every reader


@pytest.mark.parametrize("which", [0, -1], ids=["first panel", "last panel"])
@every_real_case
def test_nothing_on_a_page_shuts_a_reader_out(show, name, case, which):
    page = show(face_of(name, case))
    choose(page, labels(page)[which])
    open_details(page)
    for width, scheme in ((1280, "light"), (400, "dark"), (400, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert grave_violations(page, "html") == [], (width, scheme)


@every_real_case
def test_no_page_is_wider_than_the_window(show, name, case):
    page = show(face_of(name, case))
    for choice in labels(page):
        choose(page, choice)
        open_details(page)
        for width in (1280, 400, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator("body").evaluate(STICKS_OUT) == [], (choice, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every_case
def test_a_printed_page_has_every_panel_in_dark_ink(show, name, case, scheme):
    page = show(face_of(name, case), color_scheme=scheme)
    choices = labels(page)
    page.emulate_media(media="print", color_scheme=scheme)
    expect(panels(page)).to_have_count(len(choices))
    expect(radios(page).filter(visible=True)).to_have_count(0)
    ink = page.locator(".kw").evaluate("e => getComputedStyle(e).color")
    assert all(int(part) < 80 for part in re.findall(r"\d+", ink)), ink


def test_joined_modules_run_in_a_page_that_was_opened_as_a_file(show, tmp_path):
    (tmp_path / "part.js").write_text('export const words = "joined";\n', encoding="utf-8")
    entry = tmp_path / "entry.js"
    code = 'import { words } from "./part.js";\ndocument.title = words;\nexport default words;\n'
    entry.write_text(code, encoding="utf-8")
    expect(show(f'<script type="module">{bundle(entry)}</script>')).to_have_title("joined")
