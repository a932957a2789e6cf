"""The whole lesson as a learner does it who has no mouse, from notebook 00 to the download."""

from __future__ import annotations

import re

import nbformat
import pytest
from browser_support import FOCUS_IS_SEEN, NOTEBOOK, RUN_ALL, wait_for_kernel
from playwright.sync_api import expect

import kwlesson
from kwlesson import paths
from kwlesson.answers.workbook import Workbook

LESSONS = (kwlesson.load(), kwlesson.load(kwlesson.TRANSFER))
NOTEBOOKS = [
    path.relative_to(paths.NOTEBOOKS).as_posix()
    for folder in ("", "instructor/")
    for path in sorted(paths.NOTEBOOKS.glob(f"{folder}[!.]*.ipynb"))
]
WALKED = [name for name in NOTEBOOKS if re.match("0|10", name)]
NOT_WALKED = [name for name in NOTEBOOKS if name not in WALKED]
QUESTIONS = {
    row["id"]: row
    for lesson in LESSONS
    for row in lesson.records("questions")
    if row["notebook"] != "class"
}
CHOICES = [row for lesson in LESSONS for row in lesson.records("choices")]
CALL = re.compile(r'lesson\.(\w+)\((?:"([^"]+)")?')
# With its answers shown, a view asks nothing.
LIVE = re.compile(r"lesson\.(ask|keep|argue|look_back|corroborate)\((?!.*answers=True)")
WRONG = (
    '[data-mime-type="application/vnd.jupyter.error"], '
    '[data-mime-type="application/vnd.jupyter.stderr"]'
)
DEAD_WIDGET = "Error displaying widget"
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"
# Letters for which JupyterLab has commands, such as the two that delete a cell.
WORDS = "Because, d d, a b c, x y z 0 0, 字"
OPENED = """
    async () => {
        const panel = jupyterapp.shell.currentWidget;
        await Promise.all([panel.revealed, panel.context.ready, panel.sessionContext.ready]);
    }
"""
AFTER_TWO_FRAMES = """
    () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
        %s
    ))))
"""
LISTS_COMMANDS = AFTER_TWO_FRAMES % "document.activeElement.matches('.lm-CommandPalette-input')"
# After Enter in the list of commands; without the list, Enter goes into a cell.
RUNS = AFTER_TWO_FRAMES % "!document.activeElement.closest('.cm-editor, .lm-CommandPalette')"
# Whether the list comes to the command, before the focus is taken away from it.
FINDS_RUN_ALL = """
    () => new Promise(done => {
        const look = () => {
            const found = document.querySelector(
                ".lm-mod-active[data-command='notebook:run-all-cells']"
            );
            const isOpen = document.activeElement.matches(".lm-CommandPalette-input");
            if (found || !isOpen) done(Boolean(found && isOpen));
            else requestAnimationFrame(look);
        };
        look();
    })
"""
# Where the focus is, and whether a reader who looks at the screen can tell.
STOP = f"""
    selector => {{
        const element = document.activeElement;
        const box = element.getBoundingClientRect();
        const around = element.closest(".jp-WindowedPanel-outer") || document.documentElement;
        const screen = around.getBoundingClientRect();
        return {{
            isThere: element.matches(selector),
            isSeen: ({FOCUS_IS_SEEN})() && box.bottom > screen.top && box.top < screen.bottom
                || !element.closest(".kw"),
            what: element.outerHTML.slice(0, 300),
        }};
    }}
"""


def code_cells(name):
    notebook = nbformat.read(paths.NOTEBOOKS / name, as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def run_all_from_the_commands(page):
    """Find the command by its name; a notebook that still opens may take the focus away again."""
    page.evaluate(OPENED)
    for _ in range(50):
        page.keyboard.press("Control+Shift+C")
        if page.evaluate(LISTS_COMMANDS):
            page.keyboard.insert_text("run all cells")
            if page.evaluate(FINDS_RUN_ALL):
                page.keyboard.press("Enter")
                if page.evaluate(RUNS):
                    return
        page.keyboard.press("Escape")
    pytest.fail("The commands do not open.")


def mark_stored(page):
    """Mark what is live without a kernel, and gives way to what a run draws."""
    page.locator(f"{SHOWN} .kw-live").evaluate_all(
        "all => all.forEach(one => one.classList.add('is-stored'))"
    )


def wait_until_live(page, sources):
    """Wait for everything that only a kernel draws: before, the stored page is there."""
    shown = page.locator(SHOWN)
    expect(shown.locator(".is-stored")).to_have_count(0)
    for place, text in enumerate(sources):
        if LIVE.search(text):
            expect(shown.locator(".jp-CodeCell").nth(place).locator(".kw-live")).to_be_visible()
    expect(shown.get_by_text("Loading widget...")).to_have_count(0)


def what_went_wrong(page):
    """List every error, every warning and every widget that is dead."""
    shown = page.locator(SHOWN)
    return [
        *shown.locator(WRONG).all_inner_texts(),
        *shown.get_by_text(DEAD_WIDGET).all_inner_texts(),
    ]


# Where nobody answers: what the walk leaves out, and what would go wrong


def test_run_all_passes_before_any_answer_exists(bench, lab):
    sources = [text for name in NOT_WALKED for text in code_cells(name)]
    page = bench.open(lab.write("anew.ipynb", *sources), wait_for=f"{SHOWN} .jp-Cell >> nth=-1")
    page.evaluate(RUN_ALL)
    wait_until_live(page, sources)
    made = page.locator(f"{SHOWN} .jp-CodeCell:has(.jp-OutputArea-output)")
    expect(made.or_(page.locator(WRONG))).to_have_count(len(sources))
    assert what_went_wrong(page) == []
    expect(made).to_have_count(len(sources))
    assert not list(lab.work.glob("answers*"))


def test_an_error_and_a_warning_would_be_seen(bench, lab):
    path = lab.write("wrong.ipynb", "import warnings", 'warnings.warn("Careful")', "1 / 0")
    page = bench.open(path, wait_for=".jp-CodeCell >> nth=-1")
    page.evaluate(RUN_ALL)
    expect(page.locator(WRONG)).to_have_count(2)
    warning, error = what_went_wrong(page)
    assert "Careful" in warning
    assert "ZeroDivisionError" in error


ENDS = """
    () => {
        const panel = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
        const cells = [...panel.querySelectorAll(".jp-Cell")];
        return {
            scrolled: panel.querySelector(".jp-WindowedPanel-outer").scrollTop,
            active: cells.findIndex(cell => cell.classList.contains("jp-mod-active")),
        };
    }
"""


def test_a_reader_who_went_elsewhere_meanwhile_is_not_taken_away(bench, lab):
    path = lab.copy("elsewhere.ipynb")
    path.write_bytes((paths.NOTEBOOKS / NOTEBOOK).read_bytes())
    page = bench.open(path)
    third = page.locator(f"{SHOWN} .jp-Cell").nth(2)
    page.evaluate(
        """() => {
            const seen = new MutationObserver(() => {
                const cells = document.querySelectorAll(".jp-Cell");
                if (cells[cells.length - 1].classList.contains("jp-mod-active")) {
                    cells[2].focus();
                    seen.disconnect();
                }
            });
            const options = { attributes: true, subtree: true };
            seen.observe(document.querySelector(".jp-Notebook"), options);
        }"""
    )
    mark_stored(page)
    run_all_from_the_commands(page)
    wait_until_live(page, code_cells(NOTEBOOK))
    expect(third).to_be_focused()
    assert page.evaluate(ENDS)["active"] == 2


# By keyboard alone


class Walk:
    """A learner without a mouse; every method only presses keys, and looks."""

    def __init__(self, page):
        self.page, self.keys, self.answers, self.told = page, page.keyboard, {}, ""

    def reach(self, selector, key="Tab", at_most=90):
        """Press Tab until what has the focus matches; each stop of ours must be seen."""
        for _ in range(at_most):
            self.keys.press(key)
            stop = self.page.evaluate(STOP, selector)
            assert stop["isSeen"], f"Focus is not seen: {stop['what']}"
            if stop["isThere"]:
                return
        pytest.fail(f"{key} does not reach {selector}")

    def run_all(self):
        """Press the page's own button; there are no menus."""
        wait_for_kernel(self.page)
        mark_stored(self.page)
        self.reach("jp-button[data-command='kwlesson:run-all']", "Shift+Tab")
        self.keys.press("Enter")

    def go_on(self, name):
        """Follow the link to the next notebook."""
        self.reach(f'{SHOWN} .kw-view-go_on a[href*="/{name}"]')
        self.keys.press("Enter")
        self.page.wait_for_url(f"**/tree/notebooks/{name}")
        self.page.evaluate(OPENED)
        expect(self.page.locator(f"{SHOWN} .kw-view-go_on")).to_be_attached()
        expect(self.page.locator(SHOWN)).to_have_count(1)

    def do(self, verb, name):
        """Do what a cell asks for, and nothing where it only shows."""
        if verb == "keep":
            if "name" not in self.answers:
                self.say_who()
        elif verb in {"ask", "follow"}:
            getattr(self, verb)(name)
        elif verb in {"argue", "compare", "corroborate", "set_aside", "trace"}:
            getattr(self, verb)()

    def turn(self):
        """Turn the toggle with an arrow, and see that it is turned."""
        self.reach(f"{SHOWN} .kw-view-compare .kw-choices input")
        self.keys.press("ArrowDown")
        area = self.page.locator(f"{SHOWN} .kw-view-compare")
        expect(area.locator(".kw-choices input").nth(1)).to_be_checked()
        expect(area.locator(".kw-side-1:visible")).to_have_count(0)
        expect(area.locator(".kw-side-2:visible")).not_to_have_count(0)

    def choose(self, view, *selectors):
        """Choose with Space, once in each place; it is kept at once."""
        for selector in selectors:
            self.reach(f"{SHOWN} .kw-view-{view} {selector}")
            self.keys.press("Space")
        status = self.page.locator(f"{SHOWN} .kw-view-{view} .kw-message").first
        expect(status).to_contain_text(self.told)
        return self.value()

    def compare(self):
        self.turn()
        if self.page.locator(f"{SHOWN} .kw-judged input").count():
            value = self.choose("compare", ".kw-judged input")
            self.answers[self.focused("[name]", "name")] = value

    def corroborate(self):
        """Put the first piece of evidence to the first test."""
        value = self.choose("corroborate", ".kw-evidence input")
        self.answers[self.focused("[data-row]", "data-row")] = {"other_speaker": value}

    def set_aside(self):
        self.answers["set-aside"] = self.choose("set_aside", "input[name=aside]")

    def trace(self):
        """Open the first step and sort it."""
        self.choose("trace", "input[name=open]", "[data-ask=happened] input")
        happened = self.value()
        said = self.choose("trace", "[data-ask=said] input")
        row = self.focused(".kw-step", "data-row")
        self.answers[row] = {"happened": happened, "said": said}

    def follow(self, route):
        """Say of a hand that it came first."""
        row = f'[data-row="routes:{route}"]' if route else ".kw-follow"
        self.reach(f"{SHOWN} {row} [type=number]")
        self.keys.type("1")
        step = self.focused("[data-step]", "data-step")
        row = self.focused(".kw-follow", "data-row")
        self.keys.press("Tab")
        status = self.page.locator(f'{SHOWN} .kw-follow[data-row="{row}"] .kw-message')
        expect(status).to_contain_text(self.told)
        self.answers[row] = {"order": [step], "presumed": []}

    def ask(self, question):
        """Answer a question with its first choice, or its first two, and with words."""
        kind, words = QUESTIONS[question]["kind"], f"{WORDS}: {question}"
        keys = [choice["id"] for choice in CHOICES if choice["question"] == question]
        boxes = [f'[data-row="choices:{question}/{key}"] input' for key in keys]
        area = f'.kw-live:has(.kw-ask):has([data-row="questions:{question}"])'
        if kind != "text":
            self.reach(boxes[0])
            self.keys.press("Space")
        if kind == "scale":
            self.keys.press("ArrowDown")
            assert self.page.evaluate(STOP, boxes[1])["isThere"]
        if kind == "evidence":
            self.reach(boxes[1])
            self.keys.press("Space")
        if kind in {"text", "scale"}:
            self.reach(f"{area} textarea")
            self.keys.type(words)
        self.reach(f"{area} button")
        self.keys.press("Enter" if kind in {"choice", "text"} else "Space")
        expect(self.page.locator(area).get_by_role("status")).to_have_text(self.told)
        if kind == "scale":
            self.answers[question] = {"choice": keys[1], "reason": words}
        else:
            (self.answers[question],) = {
                "choice": keys[:1],
                "evidence": [keys[:2]],
                "text": [words],
            }[kind]

    def say_who(self):
        self.reach(f"{SHOWN} .kw-live:has([data-do=download]) details > summary")
        self.keys.press("Enter")
        self.reach(f"{SHOWN} .kw-name input")
        self.keys.type("Ada")
        self.reach(f"{SHOWN} .kw-name button")
        self.keys.press("Enter")
        bar = self.page.locator(f"{SHOWN} .kw-live:has([data-do=download])")
        expect(bar.get_by_role("status")).to_have_text(self.told)
        self.answers["name"] = "Ada"

    def argue(self):
        """Write the argument and take its page away."""
        self.reach(".kw-argue textarea[name=claim]")
        self.keys.type(f"{WORDS}: claim")
        self.reach(".kw-argue details[data-group] > summary")
        self.keys.press("Enter")
        self.reach(".kw-argue fieldset[data-piece] input[name=evidence]")
        self.keys.press("Space")
        first = self.value()
        self.reach(".kw-argue fieldset[data-piece] ~ fieldset[data-piece] input[name=against]")
        self.keys.press("Space")
        second = self.value()
        self.reach(".kw-argue textarea[name=but]")
        self.keys.type(f"{WORDS}: but")
        self.reach(".kw-argue input[name=sure]")
        self.keys.press("Space")
        self.keys.press("ArrowDown")
        sure = self.value()
        self.reach(".kw-argue textarea[name=why]")
        self.keys.type(f"{WORDS}: why")
        self.reach(".kw-argue button[data-save=html]")
        status = self.page.locator(".kw-argue").get_by_role("status")
        expect(status).to_have_text("Saved.")
        self.answers["argument"] = {
            "claim": f"{WORDS}: claim",
            "evidence": [first],
            "against": [second],
            "but": f"{WORDS}: but",
            "sure": sure,
            "why": f"{WORDS}: why",
        }
        made = self.download("Enter").decode()
        assert f"{WORDS}: claim" in made
        assert "By Ada" in made

    def value(self):
        return self.focused("*", "value")

    def focused(self, selector, name):
        """Read an attribute of what has the focus, or of what it stands in."""
        return self.page.evaluate(
            "([selector, name]) => document.activeElement.closest(selector).getAttribute(name)",
            [selector, name],
        )

    def download(self, key):
        """Press a key on the button that has the focus, and read the file that comes."""
        with self.page.expect_download() as coming:
            self.keys.press(key)
        return coming.value.path().read_bytes()


def run_and_download(walk, lab, empty):
    """Run a page: all answers so far are in the folder then, and in the file to download."""
    walk.run_all()
    bar = walk.page.locator(f"{SHOWN} .kw-view-keep")
    given = len(walk.answers.keys() - {"name"})
    expect(bar).to_contain_text(f"{given} answers so far, saved in")
    assert Workbook(lab.work).answers == walk.answers
    walk.reach(f"{SHOWN} [data-do=download]")
    content = walk.download("Space")
    assert Workbook(empty).restore(content).answers == walk.answers


def test_the_whole_lesson_is_done_by_keyboard_alone(page, lab, tmp_path):
    walk = Walk(page)
    lab.open(page, lab.work / "notebooks" / WALKED[0])
    for name in WALKED:
        if name != WALKED[0]:
            walk.go_on(name)
        wait_for_kernel(page)  # until then JupyterLab lays cells out anew, and the focus with them
        calls = [CALL.search(text).groups() for text in code_cells(name)]
        walk.told = "Kept in this browser."
        if ("argue", None) in calls:  # which nothing shows before it is run
            assert Workbook(lab.work).answers == {}
            run_and_download(walk, lab, tmp_path / "nine")
            wait_until_live(page, code_cells(name))
            walk.told = "Saved."
        for call in calls:
            walk.do(*call)
        assert what_went_wrong(page) == []
    assert walk.answers.keys() >= QUESTIONS.keys() | {"name", "argument", "set-aside"}
    run_and_download(walk, lab, tmp_path / "ten")


@pytest.mark.parametrize(
    ("where", "style"),
    [("kw", "outline: none"), ("kw", "position: fixed; top: -99px"), ("", "outline: none")],
    ids=["no line", "off the screen", "not of the lesson"],
)
def test_the_walk_stops_where_the_focus_of_the_lesson_is_not_seen(page, where, style):
    page.set_content(f'<div class="{where}"><button style="{style}">One</button></div><a href=#>2')
    if where:
        with pytest.raises(AssertionError, match="Focus is not seen"):
            Walk(page).reach("a")
    else:
        Walk(page).reach("a")
