"""What two windows, a busy kernel and several visitors do to answers, and what forgetting does."""

from __future__ import annotations

import os
from pathlib import Path

from answer_form import HURRY, NotebookForm
from browser_support import window
from playwright.sync_api import expect

import kwlesson
from kwlesson import Workbook

RATING, CHOICE = "lamp-rating-1", "who-saw"
CALLS = ("lesson.keep()", f"lesson.ask({CHOICE!r})", f"lesson.ask({RATING!r})")
# Keeps all of the kernel busy, what hears the page too, until somebody writes into a pipe. What it
# has said so far, that it is busy, is on its way by then.
KEEP_BUSY = """
    pipe => {
        const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
        const lines = [
            "import ctypes, sys",
            "sys.stdout.flush()",
            `open("${pipe}-begun", "w").close()`,
            `ctypes.PyDLL(None).open(b"${pipe}", 0)`,
        ];
        kernel.requestExecute({ code: lines.join("\\n") });
    }
"""
CLOSE_NOTEBOOK = "() => jupyterapp.shell.currentWidget.dispose()"
COPIES = "Object.keys(localStorage).filter(key => key.startsWith('kwlesson:copy:'))"


def kept(form):
    return Workbook(form.folder, kwlesson.load(kwlesson.SAMPLE).id).answers


def keep_busy(form, pipe):
    begun = pipe.with_name(f"{pipe.name}-begun")
    form.page.evaluate(KEEP_BUSY, str(pipe))
    while not begun.exists():
        form.page.wait_for_timeout(100)
    begun.unlink()
    expect(form.page.locator("#jp-main-statusbar")).to_contain_text("| Busy")


def rate(form, label, words):
    area = form.one(RATING)
    area.get_by_label(label, exact=True).check()
    area.get_by_role("textbox").fill(words)
    area.get_by_role("button").click()


def test_nothing_false_is_said_between_two_windows_and_a_busy_kernel(
    chromium, lab, bench, tmp_path
):
    first = NotebookForm(lab, tmp_path / "work", "first", *CALLS).open_at(bench)
    page = first.page
    with window(chromium) as another:
        second = NotebookForm(lab, tmp_path / "work", "second", *CALLS).open(another)

        # Two windows rate at once.
        rate(first, "likely", "What I wrote first.")
        first.expect_saved(RATING)
        rate(second, "unlikely", "What I wrote here.")
        expect(second.status(RATING)).to_contain_text("Another window kept an answer to this first")
        expect(second.status(RATING)).to_contain_text("You wrote here: “What I wrote here.”")
        expect(second.one(RATING)).to_contain_text("What I wrote first.")

        # A busy kernel is waited for.
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        keep_busy(first, pipe)
        page.evaluate(HURRY)
        first.choose(CHOICE, "keeper")
        expect(first.status(CHOICE)).to_contain_text("the kernel is busy")
        expect(first.status(CHOICE)).not_to_contain_text("Run all")
        pipe.write_text("free")
        first.expect_saved(CHOICE)

        # A notebook that closes while its answer is being saved: its kernel is interrupted and
        # ends, and writes it or not; the next one has it.
        keep_busy(first, pipe)
        first.choose(CHOICE, "master")
        page.evaluate(CLOSE_NOTEBOOK)
        third = NotebookForm(lab, tmp_path / "work", "third", *CALLS)
        page.evaluate(
            "path => jupyterapp.commands.execute('docmanager:open', { path }).then(() => null)",
            third.path.relative_to(lab.work).as_posix(),
        )
        page.locator(".jp-Notebook").wait_for()
        third.page = page
        third.run()
        third.expect_saved(CHOICE)
        assert kept(third)[CHOICE] == "master"

        # Everything is forgotten, in the other window too.
        third.bar.locator(".kw-where > summary").click()
        third.bar.get_by_text("Forget everything").click()
        third.bar.get_by_role("button", name="Remove all my answers now").click()
        expect(third.bar.get_by_role("status")).to_contain_text("Everything is removed")
        expect(third.one(RATING)).not_to_contain_text("What I wrote first.")
        expect(third.one(CHOICE).locator(":checked")).to_have_count(0)
        assert kept(third) == {}
        assert page.evaluate(COPIES) == []
        second.choose(CHOICE, "keeper")
        second.expect_saved(CHOICE)
        expect(second.one(RATING)).not_to_contain_text("What I wrote")
        assert kept(second) == {CHOICE: "keeper"}
    assert "What I wrote" not in "".join(map(str, third.on_disk().values()))


def test_two_visitors_of_a_dashboard_see_nothing_of_each_other(chromium, lab, bench):
    """They share a notebook and a kernel, which is more than Voila lets its visitors share."""
    ada = NotebookForm(lab, Path("browser"), "dashboard", *CALLS)
    ada.page = page = bench.open(ada.path, wait_for=".jp-Notebook")
    lab.run_all(page)
    ada.bar.locator(".kw-where > summary").click()
    ada.bar.get_by_label("Your name, if you like").fill("Ada Lovelace")
    ada.bar.get_by_role("button", name="Keep").click()
    expect(ada.bar.get_by_role("status")).to_have_text("Kept in this browser.")
    ada.choose(CHOICE, "keeper")
    expect(ada.status(CHOICE)).to_have_text("Kept in this browser.")
    expect(ada.bar).to_contain_text("1 answer so far. Kept in this browser.")
    expect(ada.bar.locator("[data-fill=where]")).to_contain_text("in this browser alone")
    with window(chromium) as another:
        ben = NotebookForm(lab, Path("browser"), "dashboard", *CALLS)
        lab.open(another, ben.path, wait_for=another.locator(".jp-Notebook"))
        ben.page = another
        lab.run_all(another)
        expect(ben.bar.locator("[data-fill=kept]")).to_be_empty()
        ben.choose(CHOICE, "master")
        expect(ben.status(CHOICE)).to_have_text("Kept in this browser.")
        assert "Lovelace" not in another.content()
        assert "Lovelace" not in another.evaluate("JSON.stringify({ ...localStorage })")
    assert list(lab.work.rglob("answers*")) == []

    lab.stop_kernels()
    lab.open(page, ada.path, wait_for=page.locator(".jp-Notebook"))
    lab.run_all(page)
    expect(ada.bar.get_by_label("Your name, if you like")).to_have_value("Ada Lovelace")
    expect(ada.one(CHOICE).locator("[data-feedback=keeper]")).to_be_visible()
