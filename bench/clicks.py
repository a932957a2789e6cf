"""From a click to painted text: ours beside `interact` and `observe`, which people would pick.

    python bench/clicks.py

The same panels of the invented lesson in one notebook, in Chromium and JupyterLab: our live view,
`interact` that displays HTML, and radio buttons whose `observe` sets an HTML widget; and our page
as a file. Each is clicked once a round. Time runs in the page, from the click until the words of
the panel are visible and one more frame has passed. Then all again behind a proxy that adds 75 ms
each way. A ratio is theirs to our live view's.
"""

from __future__ import annotations

import contextlib
import queue
import re
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from yardstick import in_turn, ratios, spread, table

import kwlesson

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import browser, document, jupyterlab, wait_for_kernel, window

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 30
EACH_WAY = 0.075  # seconds
CELLS = {
    "our live view": "view",
    "`interact`": (
        "def show(account):\n    display(HTML(panels[account]))\n"
        "_ = interact(show, account=RadioButtons(options=list(panels)))"
    ),
    "`observe` and HTML": (
        "choice, shown = RadioButtons(options=list(panels)), HTMLWidget(first)\n"
        "def turn(change):\n    shown.value = panels[change.new]\n"
        'choice.observe(turn, "value")\nVBox([choice, shown])'
    ),
}
SETUP = """import kwlesson
from IPython.display import HTML, display
from ipywidgets import HTML as HTMLWidget, RadioButtons, VBox, interact
view = kwlesson.load(kwlesson.SAMPLE).compare("harbour-light")
panels = {panels!r}
first = next(iter(panels.values()))
"""
KERNEL = {"kernelspec": {"display_name": "Python 3", "name": "python3", "language": "python"}}
CLICK = """([area, choice, words]) => new Promise(done => {
    const radio = area.querySelectorAll('input[type="radio"]')[choice];
    const start = performance.now();
    const look = () => area.innerText.replace(/\\s+/g, " ").includes(words)
        ? requestAnimationFrame(() => done(performance.now() - start))
        : requestAnimationFrame(look);
    radio.click();
    requestAnimationFrame(look);
})"""


def own_words(panels: list[str]) -> list[str]:
    """Return for each panel the first five words in a row that no other has."""
    said = [" ".join(re.sub(r"<[^>]*>", "\n", panel).split()) for panel in panels]
    found = []
    for text in said:
        words = text.split()
        runs = (" ".join(words[at : at + 5]) for at in range(len(words)))
        found.append(next(run for run in runs if sum(run in other for other in said) == 1))
    return found


def carry(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes, in its order and so much later."""
    waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()

    def hand_on() -> None:
        chunk = b"."
        while chunk:
            due, chunk = waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            with contextlib.suppress(OSError):
                sink.sendall(chunk) if chunk else sink.shutdown(socket.SHUT_WR)

    threading.Thread(target=hand_on, daemon=True).start()
    chunk = b"."
    while chunk:
        try:
            chunk = source.recv(65536)
        except OSError:
            chunk = b""
        waiting.put((time.monotonic() + EACH_WAY, chunk))


@contextlib.contextmanager
def slow_line(port: int) -> Iterator[int]:
    """Pass bytes on to a port, each way later; the new port is yielded."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", port))
                for ends in ((near, far), (far, near)):
                    ends[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    with listener:
        yield listener.getsockname()[1]


def clicker(page, area, words: list[str]):
    """Return a measure that clicks the other choice and tells the seconds until it is painted."""
    element, state = area.element_handle(), [0]

    def click() -> float:
        state[0] = 1 - state[0]
        page.wait_for_timeout(60)  # what the last click set off has come to rest
        return page.evaluate(CLICK, [element, state[0], words[state[0]]]) / 1000

    return click


def measure(lab, running, path: Path, view, words: list[str]) -> dict[str, list[float]]:
    with window(running) as page, window(running) as plain:
        file = path.with_suffix(".html")
        file.write_text(document(view.page()), encoding="utf-8")
        plain.goto(file.as_uri())
        lab.open(page, path, wait_for=page.locator(".jp-Cell").first)
        wait_for_kernel(page)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        areas = page.locator(".jp-Cell-outputArea").filter(has=page.get_by_role("radio"))
        areas.nth(len(CELLS) - 1).get_by_role("radio").first.wait_for()
        wait_for_kernel(page)
        measures = {name: clicker(page, areas.nth(at), words) for at, name in enumerate(CELLS)}
        measures["our page, as a file"] = clicker(plain, plain.locator("body"), words)
        return in_turn(measures, ROUNDS)


def main() -> None:
    view = kwlesson.load(kwlesson.SAMPLE).compare("harbour-light")
    lines = re.findall(r'<p class="kw-side kw-side-(\d)"[^>]*>(.*?)</p>', view.body(), re.DOTALL)
    panels = {
        account["label"]: "<p>".join(line for side, line in lines if side == str(account["side"]))
        for account in view.context["accounts"]
    }
    words = own_words(list(panels.values()))
    setup = SETUP.replace("{panels!r}", repr(panels))
    cells = [nbformat.v4.new_code_cell(source) for source in (setup, *CELLS.values())]
    found = []
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder)) as lab:
        path = lab.work / "notebooks" / "clicks.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), path)
        near = int(lab.url.rstrip("/").rpartition(":")[2])
        with browser() as running, slow_line(near) as far:
            found.append(measure(lab, running, path, view, words))
            lab.url = lab.url.replace(str(near), str(far))
            found.append(measure(lab, running, path, view, words))
    rows = []
    for name in found[0]:
        row = [name]
        for times in found:
            row.append(spread([1000 * one for one in times[name]], 0))
            row.append(spread(ratios(times[name], times["our live view"])))
        rows.append(row)
    columns = ["clicked", "ms", "to ours", "ms at 150 ms", "to ours at 150 ms"]
    print(table(columns, rows))


if __name__ == "__main__":
    main()
