"""A browser, and a JupyterLab that is started as a learner starts it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import urllib.error
import urllib.request
from urllib.parse import quote

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from server_support import PATIENCE, serving

from kwlesson import paths

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Chromium's own sandbox cannot be made inside a container; the rest keeps it from calling home.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOTEBOOK = "02-two-names.ipynb"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
TOKEN = "token-of-the-tests"  # noqa: S105 - of a server that lives as long as the tests
OPEN = (
    "import sys; from pathlib import Path;"
    "from kwlesson import paths; from kwlesson.jupyter import launch;"
    "launch.open_lab(paths.NOTEBOOKS, Path(sys.argv[1]), sys.argv[2:])"
)
# In what a browser reports, focus is seen where a line of two pixels or more is drawn around it.
FOCUS_IS_SEEN = """
    () => [document.activeElement, document.activeElement.closest("label")].some(element => {
        const style = element && getComputedStyle(element);
        return style && style.outlineStyle != "none" && parseFloat(style.outlineWidth) >= 2;
    })
"""
# What sticks out of the window, where the reader would have to scroll sideways.
STICKS_OUT = """
    root => [...root.querySelectorAll("*")].filter(element => {
        const box = element.getBoundingClientRect();
        const shown = box.width && element.checkVisibility();
        const scrolls = element.scrollWidth > element.clientWidth + 1
            && ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
        return shown && (box.right > root.getBoundingClientRect().right + 1 || scrolls);
    }).map(element => `${element.tagName} ${element.className} ${element.textContent}`.trim())
"""
# What axe-core has against a page, in a line for each element; and how many of its rules it keeps.
# It takes long over contrast, which is the same for all that looks the same: one of each is enough.
AXE = """
    async include => {
        document.body.style.minHeight = "100vh";  // in JupyterLab's of no height, axe sees no text
        const colors = ["color", "background-color", "background-image", "opacity"];
        const looks = new Map([[null, ""]]), firsts = new Map();
        const look = one => {
            if (!looks.has(one)) {
                const style = getComputedStyle(one);
                const names = [...colors, "font-size", "font-weight"];
                const own = names.map(name => style.getPropertyValue(name));
                looks.set(one, [look(one.parentElement), ...own].join());
            }
            return looks.get(one);
        };
        for (const one of document.querySelectorAll(include.map(part => `${part} *`).join())) {
            const says = one.matches("input, select, textarea")
                || [...one.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
            const seen = { visibilityProperty: true, contentVisibilityAuto: true };
            if (says && one.checkVisibility(seen) && !firsts.has(look(one)))
                firsts.set(look(one), one);
        }
        const all = [
            [{ include: [...firsts.values(), document.head] }, { runOnly: ["color-contrast"] }],
            [{ include }, { rules: { "color-contrast": { enabled: false } } }],
        ];
        const grave = [];
        let passed = 0;
        for (const [where, what] of all) {
            const found = await axe.run(where, { ...what, resultTypes: ["violations"] });
            passed += found.passes.length;
            for (const { id, impact, nodes } of found.violations)
                if (["serious", "critical"].includes(impact)) grave.push(...nodes.map(
                    node => `${id} (${impact}): ${node.html} ${node.failureSummary}`
                ));
        }
        return [passed, grave];
    }
"""
# JupyterLab's own commands do what a click would, and say when it is done.
OPEN_NOTEBOOK = """
    async path => {
        const panel = await jupyterapp.commands.execute("docmanager:open", { path });
        await panel.context.ready;
        await panel.revealed;
    }
"""
RUN_ALL = """
    async () => {
        await jupyterapp.shell.currentWidget.sessionContext.ready;
        await jupyterapp.commands.execute("notebook:run-all-cells");
    }
"""
# JupyterLab spends the first Run All Cells on starting a kernel, once it knows that there is none.
START_A_KERNEL = """
    async () => {
        await jupyterapp.serviceManager.sessions.refreshRunning();
        await jupyterapp.commands.execute("notebook:run-all-cells");
    }
"""
CLOSE_ALL = """
    () => {
        for (const widget of [...jupyterapp.shell.widgets("main")]) widget.dispose();
        for (const key of Object.keys(localStorage)) {
            if (key.startsWith("kwlesson")) localStorage.removeItem(key);
        }
        // Forms belong to the first workbook of a window, and each test has one of its own.
        window.kwlessonStores?.clear();
        window.setTimeout = window.patient ?? window.setTimeout;
    }
"""


def find_browser():
    """Name the browser's program, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def browser():
    """Run a browser without a window."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 500)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find_browser(), args=SWITCHES)
        try:
            yield running
        finally:
            running.close()


@contextlib.contextmanager
def window(running, width=1280, height=900, **others):
    """Open a window that remembers nothing of another one."""
    context = running.new_context(viewport={"width": width, "height": height}, **others)
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()


def document(page_face):
    """Make a page face a document, such as a folder of pages would hold."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>A page of the lesson</title>
</head>
<body><main><h1>A page of the lesson</h1>
{page_face}
</main></body>
</html>
"""


def labels(area):
    """List the choices of the switch in an area."""
    return radios(area).evaluate_all("all => all.map(one => one.labels[0].textContent.trim())")


def radios(area):
    """Find the choices of a switch, and not what a learner judges."""
    return area.locator("input[type=radio]:not(fieldset:not(.kw-choices) *)")


def choose(area, label):
    area.get_by_role("radio", name=label, exact=True).check()


def open_details(area):
    """Open everything that is folded, as clicks on every line would."""
    area.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


def start_on_a_cell(page):
    """Put the focus where a learner without a mouse has it: on a cell, in command mode."""
    page.locator(".jp-Cell").first.focus()
    page.keyboard.press("Escape")


def resize(page, width):
    """Give JupyterLab's window another width, and wait until it has laid itself out."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        "Math.abs(innerWidth - document.querySelector('.jp-NotebookPanel').clientWidth) < 17"
    )


def use_theme(page, name):
    page.evaluate(
        "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
    )
    light = str("Light" in name).lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight == '{light}'")


def tab_to(page, selector, at_most=80):
    """Press Tab until what has the focus matches; never use the mouse."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def copy_note(page, citation):
    """Copy a note by keyboard and paste it over itself twice: the same words, twice."""
    from playwright.sync_api import expect

    note = page.get_by_role("textbox", name="Note to copy")
    note.focus()
    for key in ("a", "c", "End", "v"):
        page.keyboard.press(f"ControlOrMeta+{key}")
    expect(note).to_have_value(citation * 2)


def grave_violations(page, *selectors):
    """Ask axe-core what shuts readers out; one line for each element concerned."""
    from axe_playwright_python.base import AXE_SCRIPT

    for selector in selectors:
        assert page.locator(selector).count(), selector
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    passed, grave = page.evaluate(AXE, selectors)
    assert passed
    return grave


class Lab:
    """A JupyterLab that runs: its address, its folder, and how to ask its server."""

    def __init__(self, url, work, data):
        self.url, self.work, self.data = url, work, data

    def ask(self, path, method="GET", body=None):
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode() if body else None,
            method=method,
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def copy(self, name):
        """Make one more copy of the notebook, with its toggle and without questions; trust it."""
        path = self.work / "notebooks" / name
        notebook = nbformat.read(paths.NOTEBOOKS / NOTEBOOK, as_version=4)
        others = re.compile(r"lesson\.(?!compare\()")
        notebook.cells = [cell for cell in notebook.cells if not others.match(cell.source)]
        nbformat.write(notebook, path)
        self.trust(path)
        return path

    def write(self, name, *sources):
        """Write a notebook of code, and of words with a heading; nothing of it is run."""
        path = self.work / "notebooks" / name
        new = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
        cells = [new[source.startswith("# ")](source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
        nbformat.write(notebook, path)
        return path

    def open(self, page, path, *, wait_for=None):
        """Open a notebook in a workspace of its own, and wait until its outputs are drawn."""
        here = quote(path.relative_to(self.work).as_posix())
        page.goto(f"{self.url}doc/tree/{here}?token={TOKEN}&reset")
        if wait_for is None:
            output(page).first.wait_for()
        else:
            wait_for.wait_for(state="attached")  # a cell of code alone is not shown

    def run_all(self, page, wait_for=None):
        """Run all cells, once there is a kernel to run them, and wait for the live faces."""
        wait_for_kernel(page)
        page.evaluate(RUN_ALL)
        live = output(page).filter(has=page.locator(".kw-live")) if wait_for is None else wait_for
        live.last.wait_for()
        return live

    def kernel(self, path):
        """Name the kernel of a notebook, or None."""
        here = path.relative_to(self.work).as_posix()
        sessions = self.ask("api/sessions")
        return next((one["kernel"]["id"] for one in sessions if one["path"] == here), None)

    def stop_kernel(self, path):
        self.ask(f"api/kernels/{self.kernel(path)}", "DELETE")
        assert self.kernel(path) is None

    def stop_kernels(self):
        try:
            kernels = self.ask("api/kernels")
        except urllib.error.HTTPError:  # one ended while the server listed them
            kernels = self.ask("api/kernels")
        for kernel in kernels:
            with contextlib.suppress(urllib.error.HTTPError):  # JupyterLab has ended it itself
                self.ask(f"api/kernels/{kernel['id']}", "DELETE")

    def trust(self, path):
        """Sign a notebook that a test changed."""
        with NotebookNotary(data_dir=str(self.data)) as notary:
            notary.sign(nbformat.read(path, as_version=4))


class Workbench:
    """A JupyterLab in a window that stays open: loading one takes longer than most tests."""

    def __init__(self, chromium, lab):
        self.chromium, self.lab = chromium, lab
        self.windows, self.page, self.kept = contextlib.ExitStack(), None, (None, None)

    @property
    def window(self):
        """The window, opened anew where none is open or a test has left a question open in it."""
        if self.page and self.page.locator(".jp-Dialog").count():
            self.close()
        if not self.page:
            self.page = self.windows.enter_context(window(self.chromium))
            self.page.goto(f"{self.lab.url}doc?token={TOKEN}&reset")
            self.page.wait_for_function("window.jupyterapp?.shell")
            self.page.evaluate("jupyterapp.restored.then(() => null)")
        return self.page

    def open(self, path, wait_for=None):
        """Close what is open, open a notebook, and wait until its outputs are drawn."""
        page, self.kept = self.window, (None, None)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate(CLOSE_ALL)
        page.evaluate(OPEN_NOTEBOOK, path.relative_to(self.lab.work).as_posix())
        if wait_for is None:
            output(page).first.wait_for()
        else:
            page.locator(wait_for).wait_for(state="attached")  # a cell of code alone is not shown
        return page

    def keep(self, name, make):
        """Make what several tests look at, or hand it out again if nothing was opened since."""
        if self.kept[0] != name:
            self.kept = name, make()
        return self.kept[1]

    def close(self):
        self.windows.close()
        self.page, self.kept = None, (None, None)


def wait_for_kernel(page):
    from playwright.sync_api import expect

    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")


def listen(page):
    """Collect what kernels and a page tell each other from now on, message by message."""
    frames = []

    def collect(frame):
        frames.append(frame.encode() if isinstance(frame, str) else frame)

    def open_line(line):
        if "/api/kernels/" in line.url:
            line.on("framereceived", collect)
            line.on("framesent", collect)

    page.on("websocket", open_line)
    return frames


def save(page):
    """Press the keys that save until a save is answered; while one goes on, they do nothing."""
    from playwright.sync_api import TimeoutError as NotYet

    def kept(answer):
        return answer.request.method == "PUT" and "/api/contents/" in answer.url

    for _ in range(10):
        with contextlib.suppress(NotYet):
            with page.expect_response(kept, timeout=PATIENCE * 100) as answered:
                page.keyboard.press("Control+s")
            assert answered.value.ok
            return
    pytest.fail("Nothing is saved.")


def output(page):
    """Find the outputs of a notebook that are views of the lesson."""
    return page.locator(".jp-Notebook .jp-OutputArea-output").filter(has=page.locator(".kw"))


@contextlib.contextmanager
def jupyterlab(folder, *more):
    """Run `kwlesson lab` in an empty folder, with an empty home, on a port that is free."""
    home, work = folder / "home", folder / "work"
    home.mkdir()
    ours = ("JUPYTER", "KWLESSON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = {
        **kept,
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        # Else a checkout keeps the answers in its own folder of work.
        "KWLESSON_WORK": str(work),
    }
    # With its app at hand, a test need not guess when JupyterLab is done.
    options = [f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]
    arguments = ["-c", OPEN, str(work), *options, *more]
    with serving(arguments, home, environment, folder) as url:
        yield Lab(url, work, home / "data")
