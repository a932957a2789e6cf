"""The published pages in a browser: served from a subfolder, as files, and without a network."""

from __future__ import annotations

import contextlib
import functools
import http.server
import re
import threading

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
    window,
)
from playwright.sync_api import expect

from kwlesson import Workbook
from kwlesson.answers.answer_code import Codebook

# Whoever visits one page gets the others afterwards, without asking for them.
ALL_ARE_KEPT = """
    async wanted => {
        await navigator.serviceWorker.ready;
        for (;;) {
            const found = await Promise.all(wanted.map(page => caches.match(page)));
            if (found.every(Boolean)) return;
            await new Promise(done => setTimeout(done, 50));
        }
    }
"""
SIDES = re.compile(rb"/Type\s*/Page\b")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_said):
        """Say nothing."""


@contextlib.contextmanager
def serving(folder):
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def address(site):
    with serving(site.parents[1]) as root:
        yield f"{root}school/lesson/"


def open_page(page, address):
    """Open a page, and wait until all its forms are live."""
    page.goto(address)
    live(page)


def live(page):
    """Wait until all forms of a page are live."""
    expect(page.locator(".kw-live")).to_have_count(page.locator("script.kw-form").count())


def question(page, name):
    return page.locator(".kw-view-ask").filter(has=page.locator(f'[data-row="questions:{name}"]'))


def work(page):
    return page.locator(".kw-view-keep")


def forget_everything(page):
    work(page).locator(".kw-where > summary").click()
    work(page).locator("summary").filter(has_text="Forget everything").click()
    work(page).get_by_role("button", name="Remove all my answers now").click()
    expect(work(page).locator("[data-fill=kept]")).to_be_empty()


def test_answers_come_back_on_every_page_and_nothing_is_asked_of_another_host(page, address):
    asked, wrong = [], []
    page.context.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

    rating = question(page, "rating-1")
    open_page(page, f"{address}01-two-reports.html")
    choose(rating, "likely")
    rating.locator("textarea").fill("because the words suggest it")
    rating.get_by_role("button", name="Keep").click()
    open_page(page, f"{address}01-two-reports.html")
    expect(rating.locator(".kw-kept-rating")).to_contain_text("because the words suggest it")
    expect(rating.get_by_role("status")).to_have_text("Kept in this browser.")

    page.locator(".kw-way-on a").click()
    expect(page).to_have_url(f"{address}02-two-names.html")
    live(page)
    comparison = page.locator(".kw-view-compare")
    comparison.get_by_role("radio", name="differ").first.check()
    expect(comparison.locator(".kw-message")).to_have_text("Kept in this browser.")
    answered = question(page, "not-quoted-is-not-unsaid")
    answered.get_by_role("radio").first.check()
    answered.get_by_role("button", name="Check").click()
    expect(answered.locator(".kw-feedback").filter(visible=True)).to_have_count(1)

    step = page.locator(".kw-view-trace .kw-step").first
    open_page(page, f"{address}05-request-approval-sign-off.html")
    step.locator("[data-ask=happened] label").first.click()
    expect(page.locator(".kw-view-trace .kw-message")).to_contain_text("Kept in this")
    open_page(page, f"{address}05-request-approval-sign-off.html")
    expect(step.locator("[data-ask=happened] input").first).to_be_checked()

    open_page(page, f"{address}00-start-here.html")
    link = page.locator("[data-fill=place]")
    expect(link).to_have_attribute("href", "05-request-approval-sign-off.html")
    assert wrong == []
    assert {one for one in asked if not one.startswith((address, "blob:"))} == set()
    assert page.context.cookies() == []


def test_hands_are_put_in_order_and_a_source_is_set_aside_on_pages(page, address, lesson):
    route = lesson.records("hands", route="kovalev-1949")
    area = page.locator(".kw-view-follow").nth(1)
    open_page(page, f"{address}03-through-whose-hands.html")
    for hand in route:
        area.locator(f".kw-hands [data-step='{hand['step']}'] .kw-hand").click()
    expect(area.locator(".kw-way")).to_have_css("visibility", "visible")
    expect(area.get_by_role("status")).to_contain_text("Order: as ours.")
    open_page(page, f"{address}06-set-a-source-aside.html")
    guess = page.locator(".kw-view-set_aside")
    guess.locator("label:has([type=radio])").first.click()
    expect(guess.locator(".kw-without").filter(visible=True)).to_have_count(1)
    expect(guess.get_by_role("status")).to_contain_text("Kept in this browser.")


def test_work_goes_from_a_page_to_a_notebook_and_back(page, address, tmp_path, lesson):
    open_page(page, f"{address}09-your-argument.html")
    argument = page.locator(".kw-view-argue")
    argument.get_by_label("My claim", exact=True).fill("Mao was asked.")
    argument.locator("summary").first.click()
    argument.get_by_role("checkbox", name="supports my claim").first.check()
    argument.get_by_text("Look at the page first").click()
    expect(page.frame_locator("iframe").locator("[data-slot=claim]")).to_have_text("Mao was asked.")
    answered = question(page, "after")
    answered.get_by_role("radio").first.check()
    answered.get_by_role("button").click()
    first = next(iter(lesson.records("choices", question="after")))["id"]
    code = work(page).locator("[data-fill=code]")
    expect(code).to_contain_text("KW1-")
    assert Codebook(lesson).decode(code.inner_text()) == {"after": first}
    with page.expect_download() as taken:
        work(page).get_by_role("button", name="Download", exact=True).click()
    workbook = Workbook(tmp_path / "answers.json")
    workbook.restore(taken.value.path().read_bytes())
    assert workbook.answers["argument"]["claim"] == "Mao was asked."
    assert len(workbook.answers["argument"]["evidence"]) == 1
    workbook.record("without-maos-yes", "Written in a notebook.")

    forget_everything(page)
    work(page).locator("input[type=file]").set_input_files(workbook.path)
    expect(work(page).get_by_role("status")).to_contain_text("brought back")
    expect(argument.get_by_label("My claim", exact=True)).to_have_value("Mao was asked.")
    open_page(page, f"{address}05-request-approval-sign-off.html")
    box = question(page, "without-maos-yes").locator("textarea")
    expect(box).to_have_value("Written in a notebook.")
    work(page).locator(".kw-where > summary").click()
    expect(work(page)).not_to_contain_text(re.compile("folder|kernel"), use_inner_text=True)


def test_a_page_on_a_stick_turns_and_keeps_answers(page, site):
    place = (site / "02-two-names.html").as_uri()
    open_page(page, place)
    for choice in labels(page.locator(".kw-view-compare .kw-choices")):
        choose(page.locator(".kw-view-compare .kw-choices"), choice)
    page.locator(".kw-judged").get_by_role("radio", name="conflict").or_(
        page.locator(".kw-judged").get_by_role("radio", name="differ")
    ).first.check()
    open_page(page, place)
    expect(page.locator(".kw-judged :checked").first).to_be_attached()
    page.locator(".kw-way-on a").click()
    expect(page).to_have_url((site / "03-through-whose-hands.html").as_uri())


def test_without_scripts_a_page_turns_and_says_what_is_missing(chromium, address):
    with window(chromium, java_script_enabled=False) as page:
        page.goto(f"{address}02-two-names.html")
        lines = page.locator(".kw-view-compare .kw-core .kw-side").filter(visible=True)
        seen = []
        for choice in labels(page.locator(".kw-view-compare .kw-choices")):
            choose(page.locator(".kw-view-compare .kw-choices"), choice)
            seen.append(lines.filter(visible=True).all_inner_texts())
        assert len({tuple(one) for one in seen}) == 3
        # This browser was told of it too late to draw what stands there.
        assert "JavaScript is off" in page.locator("noscript").text_content()
        # The class goes on where the teacher says so.
        page.goto(f"{address}room.html")
        page.get_by_text("Go on when your teacher says so").click()
        expect(page.locator("#part-02 .kw-view-compare")).to_be_visible()


def test_once_a_page_was_visited_all_open_with_the_server_switched_off(page, site):
    pages = sorted(one.name for one in site.glob("*.html") if one.name != "room.html")
    with serving(site.parents[1]) as root:
        address = f"{root}school/lesson/"
        page.goto(f"{address}02-two-names.html")
        page.evaluate(ALL_ARE_KEPT, [f"{address}{name}" for name in pages])
    open_page(page, f"{address}02-two-names.html")
    page.goto(address)
    page.get_by_role("link", name="10 Two texts").click()
    expect(page.locator("h1")).to_contain_text("10")
    expect(page.locator(".kw-live").first).to_be_attached()


def test_nothing_shuts_a_reader_out_and_no_page_is_wider_than_the_window(page, site, address):
    for name in sorted(one.name for one in site.glob("*.html")):
        page.set_viewport_size({"width": 390, "height": 844})
        open_page(page, f"{address}{name}")
        open_details(page.locator("main > details"))
        assert page.evaluate("document.documentElement.scrollWidth") == 390, name
        assert page.locator("body").evaluate(STICKS_OUT) == [], name
    for name, width, scheme in (
        ("room.html", 390, "dark"),
        ("index.html", 1280, "light"),
        ("09-your-argument.html", 1280, "dark"),
    ):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        open_page(page, f"{address}{name}")
        assert grave_violations(page, "html") == [], name


def test_a_page_is_turned_by_keyboard_alone(page, address):
    open_page(page, f"{address}02-two-names.html")
    choices = radios(page.locator(".kw-view-compare .kw-choices"))
    tab_to(page, ".kw-view-compare .kw-choices input")
    page.keyboard.press("ArrowRight")
    expect(choices.nth(1)).to_be_checked()
    assert page.evaluate(FOCUS_IS_SEEN)
    tab_to(page, ".kw-judged input")
    page.keyboard.press("Space")
    expect(page.locator(".kw-view-compare .kw-message")).to_have_text("Kept in this browser.")
    tab_to(page, ".kw-way-on a", at_most=200)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}03-through-whose-hands.html")


@pytest.mark.parametrize("name", ["01-two-reports", "02-two-names"])
def test_a_page_is_printed_on_four_sides_without_what_only_a_screen_has(page, address, name):
    open_page(page, f"{address}{name}.html")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("nav, footer, button, .kw-choices").filter(visible=True)).to_have_count(0)
    assert len(SIDES.findall(page.pdf(format="A4"))) <= 4


def test_a_class_waits_for_the_word_and_the_speaker_turns_its_page(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}room.html")
    names = page.locator("#part-02")
    word = page.get_by_label("The word that your teacher gives")
    word.fill("open")
    word.press("Enter")
    expect(page.get_by_text("That is not the word.")).to_be_visible()
    expect(names).not_to_be_visible()

    page.get_by_text("For whoever teaches").click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the speaker's view").click()
    speaker = opened.value
    speaker.get_by_role("button", name="01").first.click()
    expect(page.locator("#part-01")).to_be_in_viewport()
    expect(names).not_to_be_visible()
    speaker.get_by_role("button", name="Start the clock").click()
    expect(speaker.locator("tr[aria-current]")).to_contain_text("0-2")
    speaker.get_by_role("button", name="03").first.click()
    expect(page.locator("#part-03")).to_be_in_viewport()
    assert grave_violations(speaker, "html") == []
    said = "Kovalev reports that Mao advised against it."
    question(page, "exit-sentence").locator("textarea").fill(said)
    page.get_by_role("button", name="Save").click()
    given = speaker.get_by_text("The word:").inner_text().removeprefix("The word: ")
    speaker.close()

    # It is kept for a reload, and goes with all else that is forgotten.
    page.reload()
    live(page)
    expect(names).to_be_visible()
    sentence = question(page, "exit-sentence").locator("textarea")
    expect(sentence).to_have_value(said)
    with page.expect_download() as taken:
        work(page).get_by_role("button", name="Download", exact=True).click()
    assert said in taken.value.path().read_text(encoding="utf-8")
    forget_everything(page)
    page.reload()
    expect(word).to_be_visible()
    expect(names).not_to_be_visible()
    word.fill(given.upper())
    word.press("Enter")
    expect(names).to_be_visible()
