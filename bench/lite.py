"""Notebooks without a server: bytes, seconds, and whether every notebook runs.

    python bench/lite.py [02 05 ...]

`kwlesson publish --lite`, served by a server that compresses, in Chromium with nothing kept and no
other host within reach: bytes until the first switch of the stored page turns and until everything
ran, and the same in seconds. An answer given before Python was there must be there after a reload,
and, brought back from the file that was saved, with another browser, before Python and with it.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import sys
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from yardstick import table

from kwlesson import paths
from kwlesson.publish.lite import APP
from kwlesson.publish.notebook_parts import learners
from kwlesson.publish.site import publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import browser, window

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE, FIRST = 45e6, 15e6  # bytes allowed: of the folder, and before the first switch turns
ANSWERED = "02"  # the notebook in which an answer is given
JUDGED = ".kw-judged :checked"
STATE = """() => {
    const { content, sessionContext } = jupyterapp.shell.currentWidget;
    const cells = [...content.model.cells].filter(cell => cell.type === "code");
    const outputs = cells.flatMap(cell => cell.outputs.toJSON());
    return {
        ran: cells.length > 0 && cells.every(cell => cell.executionCount !== null)
            && sessionContext.session?.kernel?.status === "idle",
        wrong: outputs.filter(one => one.output_type === "error").map(one => one.evalue),
    };
}"""
TURNS = """() => {
    const radios = document.querySelectorAll(".kw-live input[type=radio]");
    if (radios.length < 2) return false;
    radios[1].click();
    return radios[1].checked;
}"""


SENT: list[int] = []  # bytes of each answer since the last newcomer


@cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files compressed, as a web server does."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with a file that is compressed once."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        body = compressed(path)
        SENT.append(len(body))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)


@contextlib.contextmanager
def served() -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        publish(site, wanted=["lite"])
        handler = functools.partial(Handler, directory=site)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield site, f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()


def bring_back(running: object, url: str, file: Path, *, runs: bool) -> None:
    """Bring a file back as a newcomer; what it holds must show."""
    with window(running) as page:
        page.set_default_timeout(300_000)
        page.goto(url)
        page.wait_for_function(TURNS, polling=100)
        if runs:
            page.get_by_text("Run All Cells", exact=True).click()
            page.wait_for_function(f"() => ({STATE})().ran", polling=500)
        page.locator("input[type=file]").first.set_input_files(file)
        page.wait_for_selector(JUDGED, state="attached")


def run(running: object, base: str, notebook: Path, faults: list[str]) -> list[str]:
    """Open a notebook as a newcomer, answer, run it, come back; return a row of the table."""
    with window(running) as page:
        page.set_default_timeout(300_000)
        SENT.clear()
        asked: list[str] = []
        page.context.on("request", lambda request: asked.append(request.url))
        start = time.perf_counter()
        address = f"{base}lite/{APP}{notebook.name}"
        page.goto(address)
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.content?.model?.cells?.length"
        )
        has_switch = notebook.name.startswith(ANSWERED)
        if has_switch:
            page.wait_for_function(TURNS, polling=100)
            page.locator(".kw-judged label").first.click()
        first = (sum(SENT), time.perf_counter() - start) if has_switch else None
        page.get_by_text("Run All Cells", exact=True).click()
        page.wait_for_function(f"() => ({STATE})().ran", polling=500)
        ran = time.perf_counter() - start
        faults += [f"{notebook.name}: {one}" for one in page.evaluate(STATE)["wrong"]]
        whole = sum(SENT)
        if has_switch:
            page.reload()
            page.wait_for_selector(JUDGED, state="attached")
            with page.expect_download() as coming:
                page.locator("[data-do=download]").first.click()
            for runs in (False, True):
                bring_back(running, address, coming.value.path(), runs=runs)
            if first[0] > FIRST:
                faults.append(f"{first[0]} bytes before the first switch turns")
        others = {url for url in asked if not url.startswith((base, "data:", "blob:"))}
        faults += [f"{notebook.name} asks {url}" for url in sorted(others)]
    row = [f"{first[0] / 1e6:.1f} MB, {first[1]:.1f} s" if first else "", f"{whole / 1e6:.1f} MB"]
    return [notebook.stem, *row, f"{ran:.1f} s"]


def main(wanted: list[str]) -> int:
    """Return how many budgets are overdrawn."""
    faults: list[str] = []
    with served() as (site, base), browser() as running:
        files = [path for path in (site / "lite").rglob("*") if path.is_file()]
        whole = sum(path.stat().st_size for path in files)
        chosen = [one for one in learners(paths.NOTEBOOKS) if not wanted or one.name[:2] in wanted]
        rows = [run(running, base, notebook, faults) for notebook in chosen]
    if whole > WHOLE:
        faults.append(f"{whole} bytes in all")
    print(table(["notebook", "first switch turns", "all ran: bytes", "all ran"], rows))
    print(f"\nThe folder: {len(files)} files, {whole / 1e6:.1f} MB as they lie.")
    print(*faults, sep="\n")
    return len(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
