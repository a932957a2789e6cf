"""Questions and the bar in JupyterLab: by keyboard, with a dead kernel, on a fresh server."""

from __future__ import annotations

import contextlib
import json
import re

import nbformat
import pytest
from browser_support import (
    FOCUS_IS_SEEN,
    STICKS_OUT,
    grave_violations,
    jupyterlab,
    tab_to,
    window,
)
from playwright.sync_api import TimeoutError as NotYet
from playwright.sync_api import expect

import kwlesson
from kwlesson.answers import workbook
from kwlesson.answers.widget import MessageHandler
from kwlesson.answers.workbook import Workbook
from kwlesson.views.kit import stylesheet

pytestmark = pytest.mark.slow

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
LESSON = kwlesson.load(kwlesson.SAMPLE)
ALL = ["who-saw", "which-words", "lamp-rating-1", "what-fog-hides", "guess-first"]
HOSTILE = '<img src=x onerror="window.hit = 1"><script>window.hit = 1</script>'
NOT_YET = "Kept on this page, not yet in your folder"
CHANGED = "Changed, not yet saved. Press the button to keep it."
STAYS = "Another answer is in your folder, and it stays."
# Widgets as a notebook draws them; Python hears what they send.
DRAW = """
    async ([loader, views]) => {
        const file = URL.createObjectURL(new Blob([loader], { type: "text/javascript" }));
        const { default: widget } = await import(file);
        window.lives = true;
        window.models = await Promise.all(views.map(async ({ modules, ...view }, place) => {
            const listeners = new Set();
            const say = said => listeners.forEach(listener => listener(said));
            const send = async (message, _, buffers = []) => {
                const parts = buffers.map(part => Array.from(new Uint8Array(part)));
                const said = await window.hear(place, message, parts);
                if (said) say(said);
            };
            const model = {
                get: name => ({ ...view, workbook_id: "one", modules: Object.keys(modules) })[name],
                widget_manager: { get_model: async key => ({ get: () => modules[key] }) },
                on: (name, listener) => listeners.add(listener),
                off: (name, listener) => listeners.delete(listener),
                send: (...told) => {
                    if (!window.lives) throw new Error("the kernel is dead");
                    send(...told);
                },
                say,
            };
            const el = document.body.appendChild(document.createElement("div"));
            await widget.render({ model, el });
            return model;
        }));
    }
"""


def impatient(code):
    """Shorten the time after which a page says that it has not heard from the kernel."""
    return code.replace("PATIENCE = 6000", "PATIENCE = 400")


def is_a_kernel(talk):
    return "/api/kernels/" in talk.url


class Sheet:
    """A notebook with the bar and questions, whose answers go into a folder of their own."""

    def __init__(self, lab, page, folder, name, questions, *others):
        self.lab, self.page, self.folder = lab, page, folder
        self.path = lab.work / "notebooks" / f"{name}.ipynb"
        calls = ["lesson.keep()", *(f"lesson.ask({question!r})" for question in questions), *others]
        start = (
            f'import os\n\nos.environ["KWLESSON_WORK"] = {str(folder)!r}\n'
            "import kwlesson\n\nlesson = kwlesson.load(kwlesson.SAMPLE)"
        )
        cells = [nbformat.v4.new_markdown_cell("# Questions")]
        cells += [nbformat.v4.new_code_cell(source) for source in (start, *calls)]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)
        nbformat.write(notebook, self.path)

    def open(self, page=None):
        self.page = page or self.page
        self.lab.open(
            self.page, self.path, simple=True, wait_for=self.page.locator(".jp-CodeCell").last
        )
        self.run()
        return self

    def run(self):
        self.lab.run_all(self.page)
        expect(self.bar.locator("[data-fill=where]")).not_to_be_empty()

    def one(self, question):
        row = f'[data-row="questions:{question}"]'
        return self.page.locator(".kw-live").filter(has=self.page.locator(row))

    @property
    def bar(self):
        return self.page.locator(".kw-live").filter(has=self.page.locator("[data-do=download]"))

    def status(self, question):
        return self.one(question).get_by_role("status")

    @property
    def answers(self):
        return Workbook(self.folder).answers

    def on_disk(self):
        return {p.name: p.read_bytes() for p in self.folder.iterdir() if p.is_file()}

    def save_file(self):
        with self.page.expect_download() as saved:
            self.bar.get_by_role("button", name="Download my work").click()
        return saved.value.path().read_bytes()

    def bring(self, content):
        file = self.folder.parent / "my-answers.json"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        self.bar.get_by_label("Bring work back").set_input_files(file)

    def stop_kernel(self):
        self.lab.stop_kernel(self.path)

    def start_kernel_and_run(self):
        """Run all cells twice: where a kernel was shut down, the first time only starts one."""
        page = self.page
        expect(page.locator("#jp-main-statusbar")).not_to_contain_text("| Idle")
        for _ in range(5):  # until JupyterLab knows that the kernel has gone, it starts none
            page.get_by_role("menuitem", name="Run", exact=True).click()
            with contextlib.suppress(NotYet):
                with page.expect_websocket(is_a_kernel, timeout=20_000) as started:
                    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
                started.value.wait_for_event("framereceived")
                break
        expect(page.locator(".kw-live")).to_have_count(0)
        self.run()


class Kernel:
    """Writes for the pages what they ask; while it is busy, they wait."""

    def __init__(self, folder):
        self.handler, self.is_busy, self.held = MessageHandler(Workbook(folder)), False, []

    def hear(self, page, place, message, parts):
        if self.is_busy:
            self.held.append((page, place, message, parts))
            return None
        return self.handler.handle(message, [memoryview(bytes(part)) for part in parts])

    def free(self):
        self.is_busy = False
        held, self.held = self.held, []
        for page, place, *told in held:
            said = self.hear(page, place, *told)
            page.evaluate("([place, said]) => models[place].say(said)", [place, said])


class Desk(Sheet):
    """The bar and two questions in one window, without a JupyterLab."""

    def __init__(self, page, folder, *kernels):
        self.page, self.folder = page, folder
        self.kernels = kernels or (Kernel(folder),)
        page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
        page.expose_function("hear", self.hear)
        self.open()

    def hear(self, place, message, parts):
        return self.kernels[place % len(self.kernels)].hear(self.page, place, message, parts)

    def open(self):
        self.page.goto("http://lesson.invalid/")
        self.page.add_style_tag(content=str(stylesheet.sheet()))
        drawn = [LESSON.ask("what-fog-hides"), LESSON.ask("who-saw"), LESSON.keep()]
        views = [
            {
                "html": d.html,
                "context": d.context,
                "modules": [impatient(m.code) for m in d.modules],
            }
            for d in (v.live() for v in drawn)
        ]
        self.page.evaluate(DRAW, [drawn[0].live().get_state()["_esm"], views])
        if not any(kernel.is_busy for kernel in self.kernels):
            expect(self.bar.locator("[data-fill=where]")).not_to_be_empty()
        return self

    @property
    def box(self):
        return self.one("what-fog-hides").get_by_role("textbox")

    @property
    def told(self):
        return self.status("what-fog-hides")

    @property
    def offer(self):
        return self.bar.locator(".kw-offers")

    def hand_in(self, words):
        self.box.fill(words)
        self.one("what-fog-hides").get_by_role("button").click()

    def keep(self, words):
        self.hand_in(words)
        expect(self.told).to_have_text("Saved.")

    def keep_offline(self, words):
        self.page.evaluate("lives = false")
        self.hand_in(words)
        expect(self.told).to_contain_text(NOT_YET)

    def choose(self, key):
        self.one("who-saw").locator(choice("who-saw", key)).check()
        self.one("who-saw").get_by_role("button").click()

    def come_back(self):
        self.page.evaluate("lives = true; for (const one of models) one.send({ type: 'hello' })")


@pytest.fixture
def desk(page, tmp_path):
    return Desk(page, tmp_path / "work")


@pytest.fixture
def sheet(lab, page, tmp_path, request):
    name = re.sub(r"\W+", "-", request.node.name)
    return Sheet(lab, page, tmp_path / "work", name, getattr(request, "param", ALL)).open()


def only(*questions):
    return pytest.mark.parametrize("sheet", [list(questions)], indirect=True, ids=[questions[0]])


def start_on_a_cell(page):
    page.locator(".jp-MarkdownCell").first.focus()
    page.keyboard.press("Escape")


def choice(question, key):
    return f'[data-row="choices:{question}/{key}"] input'


def button(question):
    row = f'.kw-live:has([data-row="questions:{question}"])'
    return f"{row} button"


def feedback(lesson, question, key):
    rows = lesson.records("choices", question=question)
    return next(row["feedback"] for row in rows if row["id"] == key)


# By keyboard alone


def test_each_kind_is_answered_by_keyboard_alone(sheet):
    page, keys = sheet.page, sheet.page.keyboard
    start_on_a_cell(page)

    tab_to(page, choice("who-saw", "keeper"))
    assert page.evaluate(FOCUS_IS_SEEN)
    keys.press("Space")
    keys.press("ArrowDown")
    tab_to(page, button("who-saw"))
    assert page.evaluate(FOCUS_IS_SEEN)
    keys.press("Enter")
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    expect(sheet.one("who-saw")).to_contain_text(feedback(LESSON, "who-saw", "master"))
    expect(sheet.one("who-saw")).to_contain_text("He speaks with the most confidence.")

    for key in ("clear", "dusk"):
        tab_to(page, choice("which-words", key))
        assert page.evaluate(FOCUS_IS_SEEN)
        keys.press("Space")
    tab_to(page, button("which-words"))
    keys.press("Space")
    expect(sheet.status("which-words")).to_have_text("Saved.")
    for key in ("clear", "wool", "dusk"):
        expect(
            sheet.one("which-words").get_by_text(feedback(LESSON, "which-words", key))
        ).to_be_visible()

    tab_to(page, choice("lamp-rating-1", "unlikely"))
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    tab_to(page, "textarea")
    assert page.evaluate(FOCUS_IS_SEEN)
    keys.type("I chose likely, b a dd.")
    tab_to(page, button("lamp-rating-1"))
    keys.press("Enter")
    expect(sheet.status("lamp-rating-1")).to_have_text("Saved.")

    tab_to(page, "textarea")
    keys.type("He could be, j k x.")
    tab_to(page, button("what-fog-hides"))
    keys.press("Enter")
    expect(sheet.status("what-fog-hides")).to_have_text("Saved.")

    assert sheet.answers == {
        "who-saw": "master",
        "which-words": ["clear", "dusk"],
        "lamp-rating-1": {"choice": "likely", "reason": "I chose likely, b a dd."},
        "what-fog-hides": "He could be, j k x.",
    }
    assert page.locator(".jp-Cell").count() == len(ALL) + 3


def test_the_bar_is_worked_by_keyboard_alone(sheet):
    page = sheet.page
    start_on_a_cell(page)
    with page.expect_download():
        tab_to(page, "[data-do=download]")
        assert page.evaluate(FOCUS_IS_SEEN)
        page.keyboard.press("Enter")
    tab_to(page, "input[type=file]")
    assert page.evaluate(FOCUS_IS_SEEN)
    tab_to(page, "input[name=name]")
    page.keyboard.type("Ada ../ 😀")
    page.keyboard.press("Enter")
    expect(sheet.bar.get_by_role("status")).to_contain_text("Your name is kept")
    assert sheet.answers == {"name": "Ada ../ 😀"}


# What each kind shows, and when


@only("who-saw")
def test_feedback_is_of_the_choice_that_was_checked_and_no_other(sheet):
    area = sheet.one("who-saw")
    told = {key: area.locator(f"[data-feedback={key}]") for key in ("keeper", "master")}
    model = area.get_by_text("The answer in full")
    for hidden in (*told.values(), model):
        expect(hidden).to_be_hidden()
    area.get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Choose an answer first.")
    assert sheet.answers == {}
    for chosen, other in (("master", "keeper"), ("keeper", "master")):
        area.locator(choice("who-saw", chosen)).check()
        area.get_by_role("button").click()
        expect(told[chosen]).to_be_visible()
        expect(told[other]).to_be_hidden()
        expect(sheet.status("who-saw")).to_have_text("Saved.")
        assert sheet.answers == {"who-saw": chosen}
    model.click()
    expect(area).to_contain_text(LESSON.get("questions", "who-saw")["also_accept"])


@only("lamp-rating-1")
def test_a_rating_is_kept_with_its_reason_and_for_ever(sheet):
    area, status = sheet.one("lamp-rating-1"), sheet.status("lamp-rating-1")
    keep = area.get_by_role("button", name="Keep my rating")
    keep.click()
    expect(status).to_have_text("Choose an answer first.")
    area.get_by_label("likely", exact=True).check()
    keep.click()
    expect(status).to_have_text(re.compile("^Write your reason first"))
    area.get_by_role("textbox").fill("<b>two</b>\nwords")
    keep.click()
    expect(status).to_have_text("Saved.")
    for gone in ("radio", "textbox", "button"):
        expect(area.get_by_role(gone)).to_have_count(0)
    assert sheet.page.evaluate("() => document.activeElement.className") == "kw-kept-rating"
    expect(area).to_contain_text("You chose: likely")
    expect(area).to_contain_text("<b>two</b>")
    sheet.run()
    expect(sheet.one("lamp-rating-1")).to_contain_text("This rating is kept as it is.")
    expect(sheet.one("lamp-rating-1").get_by_role("radio")).to_have_count(0)
    assert Workbook(sheet.folder).snapshot()["answers"]["lamp-rating-1"]["locked"] is True


@only("what-fog-hides")
def test_a_model_answer_opens_only_after_an_attempt(sheet):
    area, row = sheet.one("what-fog-hides"), LESSON.get("questions", "what-fog-hides")
    for empty in ("", "   \n"):
        area.get_by_role("textbox").fill(empty)
        area.get_by_role("button").click()
        expect(sheet.status("what-fog-hides")).to_have_text("Write something first.")
        expect(area.get_by_text(row["model_answer"])).to_be_hidden()
    area.get_by_role("textbox").fill("Yes, since fog hides a lamp.")
    area.get_by_role("button").click()
    expect(area.get_by_text(row["model_answer"])).to_be_visible()
    expect(area.get_by_text(row["also_accept"])).to_be_visible()


@only("guess-first")
def test_the_first_round_of_two_only_keeps_the_answer(sheet):
    area = sheet.one("guess-first")
    area.get_by_role("radio").last.check()
    area.get_by_role("button", name="Keep my answer").click()
    expect(sheet.status("guess-first")).to_have_text("Saved.")
    for row in LESSON.records("choices", question="guess-first"):
        expect(area).not_to_contain_text(row["feedback"])
    assert sheet.answers == {"guess-first": "two"}


# Evidence under three tests


PIECES = list(kwlesson.load().corroborations.id)


@pytest.fixture
def evidence(lab, page, tmp_path):
    case = "kwlesson.load().corroborate('kim-il-1949')"
    return Sheet(lab, page, tmp_path / "work", "evidence", [], case).open()


def under_test(sheet, piece):
    return sheet.page.locator(f'.kw-live [data-row="corroborations:{piece}"]')


def test_what_is_chosen_under_a_test_is_kept_at_once_and_is_there_after_a_reload(evidence):
    piece, other = (under_test(evidence, key) for key in PIECES[:2])
    for column, answers in (("other_speaker", ["yes"]), ("other_channel", ["unclear", "no"])):
        for answer in answers:
            piece.locator(f"[name={column}][value={answer}]").check()
            expect(piece.get_by_role("status")).to_have_text("Saved.")
            assert evidence.answers[f"corroborations:{PIECES[0]}"][column] == answer
    expect(evidence.bar).to_contain_text("1 answer so far")
    expect(other.get_by_role("status")).to_be_empty()
    expect(other.locator("input:checked")).to_have_count(0)
    kept = {f"corroborations:{PIECES[0]}": {"other_speaker": "yes", "other_channel": "no"}}
    assert evidence.answers == kept
    evidence.page.reload()
    evidence.page.locator(".jp-CodeCell").last.wait_for()
    evidence.run()
    expect(piece.locator("input:checked")).to_have_count(2)
    expect(piece.locator("[name=other_channel][value=no]")).to_be_checked()
    expect(piece.get_by_role("status")).to_have_text("Saved.")


def test_what_is_chosen_under_a_test_without_a_kernel_is_in_the_download(evidence):
    piece = under_test(evidence, PIECES[0])
    evidence.stop_kernel()
    piece.locator("[name=against_interest][value=yes]").check()
    expect(piece.get_by_role("status")).to_contain_text(NOT_YET)
    restored = Workbook(evidence.folder.parent / "other").restore(evidence.save_file())
    assert restored.answers == {f"corroborations:{PIECES[0]}": {"against_interest": "yes"}}


def test_a_spoiled_answer_under_a_test_chooses_nothing_and_can_be_given_anew(evidence):
    old = Workbook(evidence.folder.parent / "old")
    for answer in (HOSTILE, ["yes"], {"other_speaker": HOSTILE, "value": "yes"}, 7):
        old.record(f"corroborations:{PIECES[0]}", answer)
        evidence.bring(old.path.read_bytes())
        expect(evidence.bar.get_by_role("status")).to_have_text(re.compile("brought|already"))
        expect(under_test(evidence, PIECES[0]).locator("input:checked")).to_have_count(0)
    assert evidence.page.evaluate("() => window.hit") is None
    under_test(evidence, PIECES[0]).locator("[name=other_speaker][value=no]").check()
    expect(under_test(evidence, PIECES[0]).get_by_role("status")).to_have_text("Saved.")
    assert evidence.answers == {f"corroborations:{PIECES[0]}": {"other_speaker": "no"}}


# What is said to be saved


def test_words_that_differ_from_the_kept_answer_are_never_said_to_be_saved(desk):
    desk.box.fill("short")
    expect(desk.told).to_be_empty()
    desk.keep("short")
    desk.box.fill("short, and twenty minutes more")
    expect(desk.told).to_have_text(CHANGED)
    desk.open()
    expect(desk.box).to_have_value("short, and twenty minutes more")
    expect(desk.told).to_have_text(CHANGED)
    desk.box.fill("short")
    expect(desk.told).to_have_text("Saved.")
    desk.keep("short, and twenty minutes more")
    assert desk.answers == {"what-fog-hides": "short, and twenty minutes more"}


def test_another_choice_is_not_said_to_be_saved_before_it_is_handed_in(desk):
    desk.choose("keeper")
    expect(desk.status("who-saw")).to_have_text("Saved.")
    desk.one("who-saw").locator(choice("who-saw", "master")).check()
    expect(desk.status("who-saw")).to_have_text(CHANGED)
    desk.one("who-saw").locator(choice("who-saw", "keeper")).check()
    expect(desk.status("who-saw")).to_have_text("Saved.")


# What is newer stays


def test_a_download_from_before_never_overwrites_what_was_saved_later(desk):
    desk.keep("v0")
    for words in ("v1", "v2", "v3"):
        desk.keep_offline(words)
    desk.box.fill("typed, not handed in")
    old = desk.save_file()
    desk.box.fill("v3")
    desk.come_back()
    expect(desk.told).to_have_text("Saved.")
    desk.keep("v4")
    desk.bring(old)
    expect(desk.bar.get_by_role("status")).to_contain_text("are newer here and stay")
    assert desk.answers == {"what-fog-hides": "v4"}


def test_a_browsers_copy_is_not_offered_over_what_was_saved_later(desk):
    desk.keep("v0")
    for words in ("v1", "v2", "v3"):
        desk.keep_offline(words)
    desk.open()
    expect(desk.offer).to_contain_text("with 1 answer that your folder does not have")
    desk.keep("v4")
    expect(desk.offer).to_be_empty()


def test_a_message_that_comes_late_never_overwrites_its_successor(page, tmp_path):
    kernels = [Kernel(tmp_path / "work") for _ in range(2)]
    desk = Desk(page, tmp_path / "work", *kernels)
    desk.keep("first")
    for kernel in kernels:
        kernel.is_busy = True
    desk.hand_in("old")
    expect(desk.told).to_contain_text(NOT_YET)
    kernels[0].free()
    expect(desk.told).to_have_text("Saved.")
    desk.keep("new")
    assert kernels[1].held
    kernels[1].free()
    expect(desk.told).to_have_text("Saved.")
    expect(desk.box).to_have_value("new")
    assert desk.answers == {"what-fog-hides": "new"}


def test_an_answer_that_waited_lets_the_newer_one_of_another_window_stand(page, tmp_path):
    folder = tmp_path / "work"
    one = Desk(page, folder)
    one.keep("first")
    other = Desk(page.context.new_page(), folder)
    one.kernels[0].is_busy = True
    for words in ("waits", "waits for long"):
        one.hand_in(words)
        expect(one.told).to_contain_text(NOT_YET)
    other.keep("newer")
    one.kernels[0].free()
    expect(one.told).to_have_text(f"{STAYS} {CHANGED}")
    expect(one.box).to_have_value("waits for long")
    expect(one.bar.locator("[data-show=unsaved]")).to_be_hidden()
    assert one.answers == {"what-fog-hides": "newer"}
    one.open()
    expect(one.box).to_have_value("waits for long")
    expect(one.told).to_have_text(CHANGED)
    one.keep("waits for long")
    assert one.answers == {"what-fog-hides": "waits for long"}


def test_the_pages_own_earlier_answer_does_not_stand_in_its_way(desk):
    desk.kernels[0].is_busy = True
    for words in ("first", "second", "third"):
        desk.hand_in(words)
    desk.kernels[0].free()
    expect(desk.told).to_have_text("Saved.")
    assert desk.answers == {"what-fog-hides": "third"}


def test_what_the_folder_lost_is_sent_again_before_it_is_said_to_be_saved(desk, monkeypatch):
    desk.keep("first")
    old = desk.on_disk()["answers.json"]
    desk.choose("keeper")
    expect(desk.status("who-saw")).to_have_text("Saved.")
    desk.keep("second")
    monkeypatch.setattr(workbook, "_WRITTEN", {})
    Workbook(desk.folder).path.write_bytes(old)
    desk.come_back()
    desk.page.wait_for_function("[...kwlessonStores.values()][0].countUnsaved() == 0")
    expect(desk.told).to_have_text("Saved.")
    assert desk.answers == {"what-fog-hides": "second", "who-saw": "keeper"}


# When the kernel is gone


@only("who-saw", "what-fog-hides")
def test_feedback_and_download_outlive_the_kernel(sheet):
    area = sheet.one("who-saw")
    area.locator(choice("who-saw", "keeper")).check()
    area.get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    sheet.stop_kernel()
    area.locator(choice("who-saw", "master")).check()
    area.get_by_role("button").click()
    expect(area.get_by_text(feedback(LESSON, "who-saw", "master"))).to_be_visible()
    expect(sheet.status("who-saw")).to_contain_text(NOT_YET)
    other = sheet.one("what-fog-hides").get_by_role("textbox")
    other.fill("typed, and not handed in")
    expect(sheet.bar).to_contain_text("1 answer not yet in your folder.")
    assert sheet.answers == {"who-saw": "keeper"}

    restored = Workbook(sheet.folder.parent / "other").restore(sheet.save_file())
    wanted = {"who-saw": "master", "what-fog-hides": "typed, and not handed in"}
    assert restored.answers == wanted
    assert restored.messages == ("2 answers were brought back.",)


@only("what-fog-hides", "who-saw")
def test_what_was_typed_while_the_kernel_died_is_saved_by_the_next_one(sheet):
    box = sheet.one("what-fog-hides").get_by_role("textbox")
    box.press_sequentially("Half of it was ")
    sheet.stop_kernel()
    box.press_sequentially("typed without a kernel.")
    sheet.one("what-fog-hides").get_by_role("button").click()
    expect(sheet.status("what-fog-hides")).to_contain_text(NOT_YET)
    sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
    assert sheet.answers == {}
    sheet.start_kernel_and_run()
    expect(sheet.status("what-fog-hides")).to_have_text("Saved.")
    assert sheet.answers == {"what-fog-hides": "Half of it was typed without a kernel."}
    expect(sheet.one("what-fog-hides").get_by_role("textbox")).to_have_value(
        "Half of it was typed without a kernel."
    )
    expect(sheet.one("who-saw").locator(choice("who-saw", "keeper"))).to_be_checked()


@only("what-fog-hides")
def test_a_folder_that_takes_nothing_is_said_so_and_the_answer_goes_in_later(sheet):
    sheet.folder.mkdir(exist_ok=True)
    blocked = sheet.folder / "answers.json"
    blocked.mkdir()
    area = sheet.one("what-fog-hides")
    area.get_by_role("textbox").fill("kept all the same")
    area.get_by_role("button").click()
    expect(sheet.status("what-fog-hides")).to_contain_text(f"{NOT_YET}: The answer is not saved in")
    assert b"kept all the same" in sheet.save_file()
    blocked.rmdir()
    sheet.bar.get_by_role("button", name="Try again").click()
    expect(sheet.status("what-fog-hides")).to_have_text("Saved.")
    assert sheet.answers == {"what-fog-hides": "kept all the same"}


# Later, and elsewhere


@only("who-saw", "lamp-rating-1", "what-fog-hides")
def test_after_a_reload_every_answer_is_there_again(sheet):
    Workbook(sheet.folder).record("who-saw", "master")
    Workbook(sheet.folder).record("lamp-rating-1", {"choice": "likely", "reason": "so"}, lock=True)
    sheet.run()
    sheet.one("what-fog-hides").get_by_role("textbox").fill("Fog hides.")
    sheet.one("what-fog-hides").get_by_role("button").click()
    expect(sheet.status("what-fog-hides")).to_have_text("Saved.")
    sheet.page.reload()
    sheet.page.locator(".jp-CodeCell").last.wait_for()
    sheet.run()
    expect(sheet.one("who-saw").locator(choice("who-saw", "master"))).to_be_checked()
    expect(sheet.one("who-saw").locator("[data-feedback=master]")).to_be_visible()
    expect(sheet.one("lamp-rating-1")).to_contain_text("You chose: likely")
    expect(sheet.one("what-fog-hides").get_by_role("textbox")).to_have_value("Fog hides.")
    expect(sheet.bar).to_contain_text("3 answers so far, saved in work/answers.json.")


def test_on_a_fresh_server_all_answers_come_back_from_the_file(chromium, tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    with window(chromium) as page:
        with jupyterlab(old) as lab:
            sheet = Sheet(lab, page, old / "answers" / "work", "class", ALL).open()
            sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
            sheet.one("who-saw").get_by_role("button").click()
            sheet.one("lamp-rating-1").get_by_label("likely", exact=True).check()
            sheet.one("lamp-rating-1").get_by_role("textbox").fill("Wörter, “so”, 字, 😀")
            sheet.one("lamp-rating-1").get_by_role("button").click()
            expect(sheet.status("lamp-rating-1")).to_have_text("Saved.")
        dialog = page.locator(".jp-Dialog")
        page.add_locator_handler(dialog, dialog.get_by_role("button").last.click)
        sheet.one("what-fog-hides").get_by_role("textbox").fill("after the server died")
        sheet.one("what-fog-hides").get_by_role("button").click()
        expect(sheet.status("what-fog-hides")).to_contain_text(NOT_YET)
        content = sheet.save_file()
    wanted = {
        "who-saw": "keeper",
        "lamp-rating-1": {"choice": "likely", "reason": "Wörter, “so”, 字, 😀"},
        "what-fog-hides": "after the server died",
    }
    with jupyterlab(new) as lab, window(chromium) as page:
        sheet = Sheet(lab, page, new / "answers" / "work", "class", ALL).open()
        assert sheet.answers == {}
        sheet.bring(content)
        expect(sheet.bar.get_by_role("status")).to_have_text("3 answers were brought back.")
        assert sheet.answers == wanted
        expect(sheet.one("who-saw").locator(choice("who-saw", "keeper"))).to_be_checked()
        expect(sheet.one("lamp-rating-1")).to_contain_text("Wörter, “so”, 字, 😀")
        expect(sheet.one("lamp-rating-1").get_by_role("radio")).to_have_count(0)
        expect(sheet.one("what-fog-hides").get_by_role("textbox")).to_have_value(
            "after the server died"
        )


@only("who-saw")
def test_a_file_may_be_dropped_on_the_bar(sheet, tmp_path):
    old = Workbook(tmp_path / "old")
    old.record("who-saw", "master")
    drop = sheet.page.evaluate_handle(
        """text => {
            const carried = new DataTransfer();
            carried.items.add(new File([text], "my-answers.json"));
            return carried;
        }""",
        old.path.read_text(encoding="utf-8"),
    )
    sheet.bar.locator(".kw-restore").dispatch_event("drop", {"dataTransfer": drop})
    expect(sheet.bar.get_by_role("status")).to_have_text("1 answer was brought back.")
    assert sheet.answers == {"who-saw": "master"}


@only("who-saw")
def test_files_that_are_none_get_their_sentence_and_change_nothing(sheet):
    Workbook(sheet.folder).record("who-saw", "keeper")
    before = sheet.on_disk()
    status = sheet.bar.get_by_role("status")
    whole = Workbook(sheet.folder).path.read_bytes()
    other = whole.replace(b'"lesson": "kwlesson"', b'"lesson": "geometry"')
    for content, sentence in (
        (b"PK\x03\x04 a zip", "no workbook"),
        (other, "another lesson"),
        (b" " * 50_000_001, "larger than"),
        (b"x" * 4_000_000, "no workbook"),
    ):
        sheet.bring(content)
        expect(status).to_contain_text(sentence)
        assert sheet.on_disk() == before
    sheet.stop_kernel()
    sheet.bring(whole)
    expect(status).to_contain_text("No kernel is running")


# The browser's copy


@only("who-saw", "what-fog-hides")
def test_the_browser_offers_its_copy_on_a_fresh_folder_and_says_whose_it_is(lab, sheet, tmp_path):
    page = sheet.page
    sheet.bar.get_by_label("Your name").fill("Ada")
    sheet.bar.get_by_role("button", name="Keep my name").click()
    sheet.one("who-saw").locator(choice("who-saw", "master")).check()
    sheet.one("who-saw").get_by_role("button").click()
    sheet.one("what-fog-hides").get_by_role("textbox").fill("of the old folder")
    sheet.one("what-fog-hides").get_by_role("button").click()
    expect(sheet.bar).to_contain_text("2 answers so far, saved in")
    expect(sheet.bar.locator(".kw-offers")).to_be_empty()

    fresh = Sheet(lab, page, tmp_path / "fresh" / "work", "fresh", ["who-saw", "what-fog-hides"])
    fresh.open()
    offer = fresh.bar.locator(".kw-offers")
    expect(offer).to_contain_text("a copy of Ada's work from ")
    expect(offer).to_contain_text("with 2 answers that your folder does not have")
    fresh.one("who-saw").locator(choice("who-saw", "keeper")).check()
    fresh.one("who-saw").get_by_role("button").click()
    expect(offer).to_contain_text("with 1 answer that")
    expect(fresh.status("who-saw")).to_have_text("Saved.")
    assert fresh.answers == {"who-saw": "keeper"}
    offer.get_by_role("button").click()
    expect(fresh.bar.get_by_role("status")).to_contain_text("brought back")
    assert fresh.answers == {
        "who-saw": "keeper",
        "what-fog-hides": "of the old folder",
        "name": "Ada",
    }
    expect(offer).to_be_empty()


@only("who-saw")
def test_an_answer_that_never_reached_the_folder_is_offered_after_a_reload(sheet):
    area, page = sheet.one("who-saw"), sheet.page
    area.locator(choice("who-saw", "keeper")).check()
    area.get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    sheet.stop_kernel()
    area.locator(choice("who-saw", "master")).check()
    area.get_by_role("button").click()
    expect(sheet.status("who-saw")).to_contain_text(NOT_YET)
    page.reload()
    page.locator(".jp-CodeCell").last.wait_for()
    sheet.run()
    expect(area.locator(choice("who-saw", "keeper"))).to_be_checked()
    offer = sheet.bar.locator(".kw-offers")
    expect(offer).to_contain_text("with 1 answer that your folder does not have")
    offer.get_by_role("button").click()
    expect(area.locator(choice("who-saw", "master"))).to_be_checked()
    expect(offer).to_be_empty()
    assert sheet.answers == {"who-saw": "master"}


@only("who-saw")
def test_one_click_clears_the_copy_and_leaves_the_folder(lab, sheet, tmp_path):
    page = sheet.page
    sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
    sheet.one("who-saw").get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    count = "() => Object.keys(localStorage).filter(key => key.startsWith('kwlesson')).length"
    assert page.evaluate(count) == 1
    sheet.bar.get_by_text("Where your work is").click()
    sheet.bar.get_by_role("button", name="Clear this browser's copy").click()
    assert page.evaluate(count) == 0
    assert sheet.answers == {"who-saw": "keeper"}
    fresh = Sheet(lab, page, tmp_path / "fresh" / "work", "cleared", ["who-saw"]).open()
    expect(fresh.bar.locator(".kw-offers")).to_be_empty()
    expect(fresh.one("who-saw").locator(choice("who-saw", "keeper"))).not_to_be_checked()


def test_what_only_the_copy_holds_outlives_what_another_window_writes(page, tmp_path):
    one = Desk(page, tmp_path / "work")
    one.choose("keeper")
    expect(one.status("who-saw")).to_have_text("Saved.")
    other = Desk(page.context.new_page(), tmp_path / "work")
    one.keep_offline("long, and never on disk")
    other.choose("master")
    expect(other.status("who-saw")).to_have_text("Saved.")
    for _ in range(2):
        one.open()
        expect(one.offer.get_by_role("button")).to_have_count(1)
    one.offer.get_by_role("button").click()
    expect(one.told).to_have_text("Saved.")
    assert one.answers == {"who-saw": "master", "what-fog-hides": "long, and never on disk"}


def test_a_draft_outlives_what_another_window_writes(page, tmp_path):
    one = Desk(page, tmp_path / "work")
    one.choose("keeper")
    expect(one.status("who-saw")).to_have_text("Saved.")
    other = Desk(page.context.new_page(), tmp_path / "work")
    one.box.fill("being typed")
    other.choose("master")
    expect(other.status("who-saw")).to_have_text("Saved.")
    one.open()
    expect(one.box).to_have_value("being typed")


def test_words_typed_before_anything_was_kept_are_offered_after_a_reload(desk):
    desk.box.fill("twenty minutes of typing")
    desk.open()
    expect(desk.box).to_have_value("")
    expect(desk.offer).to_contain_text("with 1 answer that your folder does not have")
    desk.offer.get_by_role("button").click()
    expect(desk.box).to_have_value("twenty minutes of typing")
    expect(desk.offer).to_be_empty()
    assert desk.answers == {}
    desk.open()
    expect(desk.offer.get_by_role("button")).to_have_count(1)


def test_a_copy_that_is_accepted_brings_its_drafts_too(page, tmp_path):
    old = Desk(page, tmp_path / "old")
    old.choose("keeper")
    expect(old.status("who-saw")).to_have_text("Saved.")
    old.box.fill("twenty minutes of typing")
    Workbook(tmp_path / "new").record("which-words", ["wool"])
    new = Desk(page.context.new_page(), tmp_path / "new")
    expect(new.offer).to_contain_text("with 2 answers that your folder does not have")
    new.offer.get_by_role("button").click()
    expect(new.bar.get_by_role("status")).to_contain_text("is in its box again")
    expect(new.box).to_have_value("twenty minutes of typing")
    assert new.answers == {"which-words": ["wool"], "who-saw": "keeper"}
    new.open()
    expect(new.box).to_have_value("twenty minutes of typing")


@pytest.mark.parametrize(
    "spoiled",
    ["{", "[]", '{"answers": {"a": null, "b": 3}}', '{"answers": 7}', '{"drafts": {"a": 7}}'],
)
def test_a_spoiled_copy_breaks_nothing(lab, page, tmp_path, spoiled):
    page.add_init_script(f"localStorage.setItem('kwlesson:copy:x', {json.dumps(spoiled)})")
    sheet = Sheet(lab, page, tmp_path / "work", "spoiled", ["who-saw"]).open()
    sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
    sheet.one("who-saw").get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    expect(sheet.bar.locator(".kw-offers")).to_be_empty()


def test_a_browser_that_forbids_copies_keeps_answers_all_the_same(lab, page, tmp_path):
    page.add_init_script(
        """Storage.prototype.setItem = new Proxy(Storage.prototype.setItem, {
            apply(set, store, [key, value]) {
                if (key.startsWith("kwlesson")) throw new Error("full");
                return set.call(store, key, value);
            },
        });"""
    )
    sheet = Sheet(lab, page, tmp_path / "work", "forbidden", ["who-saw"]).open()
    sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
    sheet.one("who-saw").get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    assert b"keeper" in sheet.save_file()


def test_a_hostile_file_or_name_is_text_in_the_page(sheet, tmp_path):
    old = Workbook(tmp_path / "old")
    old.record("name", HOSTILE)
    old.record("lamp-rating-1", {"choice": HOSTILE, "reason": HOSTILE}, lock=True)
    old.record("what-fog-hides", HOSTILE)
    old.record("who-saw", {"not": ["what", "is", "asked"]})
    old.record("which-words", HOSTILE)
    old.record("__proto__", HOSTILE)
    sheet.bring(old.path.read_bytes())
    expect(sheet.bar.get_by_role("status")).to_contain_text("brought back")
    expect(sheet.one("lamp-rating-1")).to_contain_text(HOSTILE)
    expect(sheet.one("what-fog-hides").get_by_role("textbox")).to_have_value(HOSTILE)
    sheet.run()
    expect(sheet.one("lamp-rating-1")).to_contain_text(HOSTILE)
    assert sheet.page.evaluate("() => window.hit") is None
    sheet.one("who-saw").locator(choice("who-saw", "keeper")).check()
    sheet.one("who-saw").get_by_role("button").click()
    expect(sheet.status("who-saw")).to_have_text("Saved.")
    assert sheet.answers["who-saw"] == "keeper"


# For every reader


def test_no_face_shuts_a_reader_out(sheet):
    page = sheet.page
    for question, key in (("who-saw", "master"), ("which-words", "dusk")):
        sheet.one(question).locator(choice(question, key)).check()
        sheet.one(question).get_by_role("button").click()
    sheet.one("what-fog-hides").get_by_role("textbox").fill("Yes.")
    sheet.one("what-fog-hides").get_by_role("button").click()
    sheet.bar.get_by_text("Where your work is").click()
    expect(sheet.bar).to_contain_text("3 answers so far")
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        if theme.endswith("Dark"):
            page.get_by_role("menuitem", name="Settings", exact=True).click()
            for step in ("Theme", theme):
                page.locator(".lm-Menu-itemLabel").get_by_text(step, exact=True).click()
            page.wait_for_function("() => document.body.dataset.jpThemeLight == 'false'")
        assert grave_violations(page, ".jp-OutputArea-output:has(.kw)") == []
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for area in page.locator(".jp-OutputArea-output:has(.kw)").all():
            assert area.evaluate(STICKS_OUT) == []
    for area in page.locator(".kw-live").all():
        assert area.get_by_role("status").count() == 1


@pytest.mark.parametrize("key", ALL)
def test_a_page_without_a_kernel_shuts_no_reader_out(show, key):
    page = show(LESSON.ask(key).page() + LESSON.keep().page(), java_script_enabled=True)
    for width, scheme in ((1280, "light"), (400, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert grave_violations(page, "html") == []
        assert page.locator("main").evaluate(STICKS_OUT) == []


@pytest.mark.parametrize("key", ALL)
def test_a_page_without_styles_or_javascript_still_asks(show, key):
    bare = re.sub(r"<style>.*?</style>", "", LESSON.ask(key).page(), flags=re.DOTALL)
    page = show(bare, java_script_enabled=False)
    for row in LESSON.records("choices", question=key):
        expect(page.get_by_text(row["text"]).first).to_be_visible()
    boxes = page.locator("input, textarea")
    assert boxes.count()
    for box in boxes.all():
        expect(box).to_be_visible()
        expect(box).to_be_enabled()
