"""The argument and the path in a browser: written by keyboard, kept, made one page, printed."""

from __future__ import annotations

import re

import pytest
from answer_form import NotebookForm
from browser_support import FOCUS_IS_SEEN, STICKS_OUT, grave_violations, open_details, tab_to
from html_probe import Page, squeeze
from lessons import INVENTED
from lessons import REAL as LESSON
from playwright.sync_api import expect
from test_argue import CASES, answer_with

from kwlesson.answers.workbook import Workbook
from kwlesson.views.argue.view import UNSUPPORTED

ARGUMENT = LESSON.argue()
SMALL = INVENTED.argue()


@pytest.fixture
def start(draw, tmp_path):
    """Draw activities; the kernel may be dead, answers may be there."""

    def drawn(*views, answers=None, width=1280, color_scheme="light", **others):
        folder = tmp_path / "work"
        for question, answer in (answers or {}).items():
            Workbook(folder).record(question, answer)
        form = draw(folder, *views, **others)
        form.page.set_viewport_size({"width": width, "height": 900})
        form.page.emulate_media(media="screen", color_scheme=color_scheme)
        return form

    return drawn


READ = """
    () => {
        const text = (element) => element.innerText.trim();
        const lists = ["evidence", "against"].map((side) =>
            [...document.querySelectorAll(`[data-slot=${side}] li`)].map((item) => {
                const link = item.querySelector("sup a");
                const note = document.querySelector(link.getAttribute("href"));
                link.remove();
                return [text(item), text(note)];
            }),
        );
        const slots = [...document.querySelectorAll("p[data-slot]")];
        return {
            lines: lists.flat(),
            notes: document.querySelectorAll("[data-slot=notes] li").length,
            words: Object.fromEntries(slots.map((one) => [one.dataset.slot, text(one)])),
        };
    }
"""


def read_page(page, html):
    """Read a page as it is seen: each piece with the note that its link leads to, and our words."""
    page.set_content(html)
    return page.evaluate(READ)


def length(piece):
    return len(piece.words + piece.plain) + sum(len(part.text) for part in piece.note)


def longest(number):
    """Name the pieces that take most room: their words, and the sources that they cite."""
    room = {
        key: length(piece)
        + sum(len(ARGUMENT.sources[p.source].full) for p in piece.note if p.source)
        for key, piece in ARGUMENT.pieces.items()
    }
    return sorted(room, key=room.get, reverse=True)[:number]


def sheets(page, path, paper):
    """Print a page and count the sheets."""
    page.emulate_media(media="print")
    page.pdf(path=path, format=paper)
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


# What the page says

CHOICES = {
    "nothing": ([], []),
    "one quotation": (["quotes:at-any-moment"], []),
    "both sides": (
        [
            "quotes:do-not-advise-attack",
            "links:stalin-confirms",
            "quotes:take-a-defensive-position",
        ],
        ["quotes:at-any-moment", "links:maos-sign-off"],
    ),
    "the same on both sides": (["quotes:at-any-moment"], ["quotes:at-any-moment"]),
    "unknown pieces": (["quotes:gone", "quotes:coordinating"], ["links:<i>gone</i>"]),
    "the longest": (longest(4), longest(6)[4:]),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_the_page_and_the_markdown_say_the_same(start, choice):
    answer = answer_with("My words.\nA second line.", *CHOICES[choice])
    form = start(ARGUMENT, answers={"argument": answer, "name": "Ada"})
    page = form.page
    name, html = form.download("Download the page")
    assert name == "my-argument.html"
    name, markdown = form.download("Download as Markdown")
    assert name == "my-argument.md"
    seen, told = read_page(page, html), re.sub(r"\\(.|\n)", r"\1", markdown)
    keys = [key for key in [*answer["evidence"], *answer["against"]] if key in ARGUMENT.pieces]
    assert seen["notes"] == len(seen["lines"]) == len(keys)
    for number, (key, (line, note)) in enumerate(zip(keys, seen["lines"], strict=True), 1):
        assert squeeze(ARGUMENT.pieces[key].words) in squeeze(line)
        assert f"- {squeeze(line)} (note {number})" in squeeze(told)
        assert f"{number}. {squeeze(note)}" in squeeze(told)
    unknown = {"quotes:gone", "links:<i>gone</i>"} & {*answer["evidence"], *answer["against"]}
    assert all(key in seen["words"]["missing"] for key in unknown)
    assert ("missing" in seen["words"]) == bool(unknown)
    assert ("unsupported" in seen["words"]) == (not {*answer["evidence"]} & {*ARGUMENT.pieces})
    assert seen["words"]["name"] == "By Ada"
    assert seen["words"]["claim"] == "My words.\nA second line."
    for words in seen["words"].values():
        assert squeeze(words) in squeeze(told)


def test_hostile_words_are_inert_in_the_page_and_the_form(start):
    page = start(SMALL).page
    page.get_by_text("Look at the page first").click()
    shown = "document.querySelectorAll('#view-0 *').length"

    def make(words):
        page.evaluate("name => void store.record('name', name)", words)
        answer = answer_with(words, ["quotes:lit-at-dusk"])
        page.evaluate("answer => void store.record('argument', answer)", answer)
        return Page(page.locator("iframe").get_attribute("srcdoc")), page.evaluate(shown)

    plain, elements = make("Ada")
    for case in CASES:
        made, drawn = make(case["words"])
        assert drawn == elements
        assert made.attributes == plain.attributes
        assert made.headings == plain.headings
        assert made.unbalanced == []
        assert made.text.count(squeeze(case["clean"])) == 4
    assert page.locator("#view-0").locator("script, img").count() == 0


def test_the_longest_argument_prints_on_one_sheet(start, tmp_path):
    words = " ".join(["considerable"] * 80)
    answer = answer_with(words, *CHOICES["the longest"]) | {
        "but": " ".join(["But nevertheless"] * 20),
        "why": " ".join(["confidence"] * 40),
    }
    for claim, is_one in ((words, True), (f"{words} " * 12, False)):
        form = start(ARGUMENT, answers={"argument": answer | {"claim": claim}, "name": "Ada"})
        form.page.set_content(form.download("Download the page")[1])
        for paper in ("A4", "Letter"):
            assert (sheets(form.page, tmp_path / "made.pdf", paper) == 1) == is_one, paper


def test_the_page_shuts_nobody_out(start):
    answer = answer_with("Words.", *CHOICES["both sides"])
    form = start(ARGUMENT, answers={"argument": answer})
    form.page.set_content(form.download("Download the page")[1])
    for width in (320, 1280):
        form.page.set_viewport_size({"width": width, "height": 900})
        assert grave_violations(form.page, "html") == []
        assert form.page.locator("body").evaluate(STICKS_OUT) == []


# The form


def test_from_the_claim_to_the_download_by_keyboard_alone(start):
    page = start(SMALL).page
    keys = page.keyboard
    tab_to(page, "textarea[name=claim]")
    keys.type("The lamp burned.")
    tab_to(page, "details[data-group] > summary")
    assert page.evaluate(FOCUS_IS_SEEN)
    keys.press("Enter")
    tab_to(page, "input[name=evidence]")
    assert page.evaluate(FOCUS_IS_SEEN)
    keys.press("Space")
    tab_to(page, "textarea[name=but]")
    keys.type("But fog hid it.")
    tab_to(page, "input[name=sure]")
    keys.press("ArrowDown")
    tab_to(page, "textarea[name=why]")
    keys.type("He stood beside it.")
    tab_to(page, "button[data-save=html]")
    assert page.evaluate(FOCUS_IS_SEEN)
    with page.expect_download() as coming:
        keys.press("Enter")
    made = coming.value.path().read_text(encoding="utf-8")
    answer = page.evaluate("store.get('argument')")
    first = next(iter(SMALL.pieces))
    assert answer == {
        "claim": "The lamp burned.",
        "evidence": [first],
        "against": [],
        "but": "But fog hid it.",
        "sure": "possible",
        "why": "He stood beside it.",
    }
    seen = read_page(page, made)
    assert seen["lines"][0][0].startswith(SMALL.pieces[first].words)
    assert seen["words"] == {
        "claim": "The lamp burned.",
        "but": "But fog hid it.",
        "sure": "It is possible.",
        "why": "He stood beside it.",
    }


def test_each_change_is_recorded_and_nothing_before_there_is_one(start):
    page = start(SMALL).page
    recorded = "sent.filter(one => one.type == 'record').map(one => one.answer)"
    claim = page.get_by_role("textbox", name="My claim", exact=True)
    claim.focus()
    claim.blur()
    assert page.evaluate(recorded) == []
    claim.fill("The lamp burned.")
    claim.blur()
    page.get_by_role("radio", name="It is probable").check()
    assert [one["claim"] for one in page.evaluate(recorded)] == ["The lamp burned."] * 2
    assert [one["sure"] for one in page.evaluate(recorded)] == ["", "probable"]
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert set(page.evaluate(recorded)[0]) == set(answer_with())


def test_words_being_typed_are_not_said_to_be_saved(start):
    page = start(SMALL).page
    claim, status = (
        page.get_by_role("textbox", name="My claim", exact=True),
        page.get_by_role("status"),
    )
    claim.press_sequentially("The lamp")
    expect(status).to_be_empty()
    claim.blur()
    expect(status).to_have_text("Saved.")
    claim.press_sequentially(" burned")
    expect(status).to_have_text("Changed, not yet saved. It is kept when you leave the box.")
    page.evaluate("store.record('who-saw', 'keeper')")
    page.wait_for_function("store.isSaved('who-saw')")
    expect(status).to_have_text("Changed, not yet saved. It is kept when you leave the box.")
    claim.blur()
    expect(status).to_have_text("Saved.")
    claim.press_sequentially("!")
    claim.press("Backspace")
    expect(status).to_have_text("Saved.")


def test_with_the_kernel_dead_the_argument_is_kept_on_the_page_made_and_sent_later(start):
    form = start(SMALL, lives=False)
    page = form.page
    page.get_by_role("textbox", name="My claim", exact=True).fill("The lamp burned.")
    page.get_by_role("radio", name="It is a guess").check()
    expect(page.get_by_role("status")).to_contain_text("Kept on this page, not yet in your folder")
    _, html = form.download("Download the page")
    assert "The lamp burned." in html
    page.evaluate("lives = true; for (const one of models) one.send({ type: 'hello' })")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert page.evaluate("sent.filter(one => one.type == 'record').at(-1).answer.claim") == (
        "The lamp burned."
    )


def test_what_was_kept_is_shown_again(start):
    answer = answer_with("The lamp burned.", ["quotes:lit-at-dusk"], ["quotes:thick-as-wool"])
    page = start(SMALL, answers={"argument": answer}).page
    expect(page.get_by_role("textbox", name="My claim", exact=True)).to_have_value(
        "The lamp burned."
    )
    expect(page.get_by_role("radio", name="It is probable")).to_be_checked()
    for side in ("evidence", "against"):
        ticked = page.locator(f"input[name={side}]:checked")
        assert ticked.evaluate_all("all => all.map(one => one.value)") == answer[side]
        expect(page.locator(f"[data-chosen={side}] li")).to_have_count(1)


def test_words_being_typed_are_not_lost_when_something_else_is_kept(start):
    form = start(SMALL)
    page = form.page
    claim = page.get_by_role("textbox", name="My claim", exact=True)
    claim.press_sequentially("Half a cl")
    page.evaluate("store.record('who-saw', 'keeper')")
    page.wait_for_function("store.isSaved('who-saw')")
    expect(claim).to_have_value("Half a cl")
    expect(claim).to_be_focused()
    form.open()
    expect(claim).to_have_value("Half a cl")


def test_a_fifth_piece_is_refused_in_words(start):
    page = start(ARGUMENT).page
    page.locator("details[data-group]").evaluate_all("all => all.map(one => { one.open = true })")
    for side, most in (("evidence", 4), ("against", 2)):
        boxes = page.locator(f"input[name={side}]")
        for place in range(most):
            boxes.nth(place).check()
        boxes.nth(most).click()
        expect(boxes.nth(most)).not_to_be_checked()
        expect(page.get_by_role("status")).to_have_text(
            f"At most {most} fit on the page. Take one out first."
        )
        assert len(page.evaluate(f"store.get('argument').{side}")) == most
        page.locator(f"[data-chosen={side}] button").first.click()
        assert len(page.evaluate(f"store.get('argument').{side}")) == most - 1
        expect(boxes.first).not_to_be_checked()


def test_a_claim_is_marked_unsupported_until_evidence_is_chosen(start):
    page = start(SMALL).page
    mark = page.locator(".kw-unsupported")
    expect(mark).not_to_be_visible()
    page.get_by_role("textbox", name="My claim", exact=True).fill("The lamp burned.")
    expect(mark).to_contain_text(UNSUPPORTED)
    page.locator("details[data-group] > summary").first.click()
    page.locator("input[name=against]").first.check()
    expect(mark).to_be_visible()
    page.locator("input[name=evidence]").first.check()
    expect(mark).not_to_be_visible()


def test_words_are_counted_in_any_language(start):
    page = start(SMALL).page
    counted = page.locator("[data-count]")
    for claim, number in (
        ("", "0"), ("One two, three.", "3"), ("毛泽东没有说", "[2-6]"), ("Mao n'a pas dit", "4"),
    ):  # fmt: skip
        page.get_by_role("textbox", name="My claim", exact=True).fill(claim)
        expect(counted, claim).to_have_text(re.compile(f"^{number}$"))


def test_the_filter_shows_what_has_the_words_and_all_when_emptied(start):
    page = start(SMALL).page
    search = page.get_by_role("searchbox")
    search.fill("WOOL")
    shown = page.locator("[data-piece]").filter(visible=True)
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("thick as wool")
    search.press("Enter")
    expect(shown).to_have_count(1)
    search.fill("supports my claim")
    expect(shown).to_have_count(0)
    search.fill("")
    expect(page.locator("[data-group]").filter(visible=True)).to_have_count(
        len(SMALL.context["groups"])
    )
    expect(shown).to_have_count(0)


def test_the_page_can_be_looked_at_first_and_follows_the_form(start):
    page = start(SMALL, answers={"argument": answer_with("<b>One</b>.")}).page
    page.get_by_text("Look at the page first").click()
    seen = page.frame_locator("iframe")
    expect(seen.locator("[data-slot=claim]")).to_have_text("<b>One</b>.")
    page.get_by_role("textbox", name="My claim", exact=True).fill("Two.")
    page.get_by_role("textbox", name="My claim", exact=True).blur()
    expect(seen.locator("[data-slot=claim]")).to_have_text("Two.")
    assert page.locator("iframe").get_attribute("sandbox") == ""


def test_the_form_and_the_path_shut_nobody_out(start):
    answer = answer_with("Words.", *CHOICES["both sides"]) | {"evidence": []}
    page = start(ARGUMENT, LESSON.look_back(), answers={"argument": answer}).page
    open_details(page.locator(".kw-argue"))
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert grave_violations(page, "#view-0", "#view-1") == []
        assert page.locator("body").evaluate(STICKS_OUT) == []


# The path


def test_a_rating_kept_elsewhere_on_the_page_appears_at_once(start):
    page = start(INVENTED.look_back()).page
    first, second = (page.locator(f"[data-rating=lamp-rating-{place}]") for place in (1, 2))
    expect(first).to_contain_text("Not yet.")
    page.evaluate(
        "store.record('lamp-rating-1', {choice: 'likely', reason: '<b>so</b>'}, {lock: true})"
    )
    expect(first).to_contain_text("likely")
    expect(first).to_contain_text("<b>so</b>")
    expect(second).to_contain_text("Not yet.")
    page.evaluate("store.record('what-fog-hides', 'A letter.')")
    expect(page.locator("[data-fill=after]")).to_have_text("A letter.")


def test_with_the_kernel_dead_the_path_is_shown_all_the_same(start):
    page = start(INVENTED.look_back(), lives=False).page
    page.evaluate(
        "store.record('lamp-rating-2', {choice: 'unlikely', reason: 'fog'}, {lock: true})"
    )
    second = page.locator("[data-rating=lamp-rating-2]")
    expect(second).to_contain_text("unlikely")
    expect(second).to_contain_text("fog")


def test_a_rating_of_another_kind_leaves_its_place_empty(start):
    page = start(INVENTED.look_back()).page
    place = page.locator("[data-rating=lamp-rating-1]")
    for rating in ({"choice": "likely"}, None, 7, "likely", [], {"choice": 1}, {"reason": "r"}, {}):
        page.evaluate("rating => void store.record('lamp-rating-1', rating)", rating)
        is_one = rating == {"choice": "likely"}
        expect(place).to_contain_text("likely" if is_one else "Not yet.")


def test_an_argument_of_another_kind_leaves_the_form_empty(start):
    form = start(SMALL)
    for answer in (None, 7, "claim", [], {"claim": 1, "evidence": "quotes:x"}):
        Workbook(form.folder).record("argument", answer)
        form.open()
        claim = form.page.get_by_role("textbox", name="My claim", exact=True)
        expect(claim).to_have_value("")


# In JupyterLab


def test_in_jupyterlab_the_keys_belong_to_the_form_and_the_argument_outlives_its_kernel(
    lab, bench, tmp_path
):
    calls = ("lesson.argue()", "lesson.look_back()", "lesson.keep()")
    notebook = NotebookForm(lab, tmp_path / "work", "argue", *calls).open_at(bench)
    page, keys, form = notebook.page, notebook.page.keyboard, notebook.page.locator(".kw-argue")
    claim = form.locator("textarea[name=claim]")
    claim.focus()
    keys.type("A claim, dd and all: x y z 0 0.")  # keys that JupyterLab has commands for
    expect(claim).to_have_value("A claim, dd and all: x y z 0 0.")
    form.locator("details[data-group] > summary").first.focus()
    keys.press("Enter")
    box = form.locator("input[name=evidence]").first
    expect(box).to_be_visible()
    box.focus()
    keys.press("Space")
    expect(box).to_be_checked()
    form.locator("input[name=sure]").first.focus()
    keys.press("ArrowDown")
    expect(form.locator("input[name=sure]").nth(1)).to_be_checked()
    expect(form.get_by_role("status")).to_have_text("Saved.")
    kept = notebook.answers["argument"]
    assert kept["claim"] == "A claim, dd and all: x y z 0 0."
    assert kept["evidence"] == [next(iter(SMALL.pieces))]
    notebook.stop_kernel()
    claim.fill("Changed with no kernel.")
    with page.expect_download() as coming:
        form.get_by_role("button", name="Download the page").click()
    assert "Changed with no kernel." in coming.value.path().read_text(encoding="utf-8")
    assert grave_violations(page, ".kw-argue", ".kw-rating-history") == []
