"""Bytes and seconds to the first toggle, on a slow line.

    python bench/door.py

Notebook 02 as `kwlesson lab` opens it, in Chromium with nothing kept, on a line of 1.6 Mbit/s and
150 ms: what the browser fetches, and the time from the address until a switch of the stored page
turns. Beside it the same without compression, as any JupyterLab serves it, and our page alone.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from yardstick import table

import kwlesson

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import NOTEBOOK, TOKEN, browser, document, jupyterlab, window

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 2e5}
BYTES, SECONDS = 4e6, 30.5  # allowed
TURNS = """() => {
    const radios = document.querySelectorAll(".kw-choices input[type=radio]");
    if (radios.length < 2) return false;
    radios[1].click();
    return radios[1].checked;
}"""


@contextlib.contextmanager
def page_alone() -> Iterator[str]:
    """Serve the page face of the toggle as a file."""
    with tempfile.TemporaryDirectory() as folder:
        face = kwlesson.load().compare("kim-il-1949").page()
        Path(folder, "index.html").write_text(document(face), encoding="utf-8")
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()


@contextlib.contextmanager
def lab(*, compressed: bool) -> Iterator[str]:
    """Serve the notebook as a learner gets it."""
    plain = "--ServerApp.tornado_settings={}"
    with (
        tempfile.TemporaryDirectory() as folder,
        jupyterlab(Path(folder), *([] if compressed else [plain])) as running,
    ):
        yield f"{running.url}lab/tree/notebooks/{NOTEBOOK}?token={TOKEN}"


def opened(running: object, address: str, **kind: str) -> tuple[int, int, float]:
    """Return bytes, requests and seconds until a switch turns."""
    with window(running, **kind) as page:
        page.set_default_timeout(300_000)
        line = page.context.new_cdp_session(page)
        fetched: list[int] = []
        line.on(
            "Network.loadingFinished", lambda one: fetched.append(int(one["encodedDataLength"]))
        )
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", LINE)
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        # A page may forbid itself what Playwright would poll with.
        while not page.evaluate(TURNS):
            page.wait_for_timeout(20)
        taken = time.perf_counter() - start
        page.wait_for_load_state("networkidle")
        return sum(fetched), len(fetched), taken


def main() -> int:
    """Return how many budgets are overdrawn."""
    found = {}
    with browser() as running:
        for name, door in {
            "kwlesson lab": lab(compressed=True),
            "the same, not compressed": lab(compressed=False),
            "our page alone": page_alone(),
        }.items():
            with door as address:
                found[name] = opened(running, address)
    most, slowest = found["the same, not compressed"][0], found["the same, not compressed"][2]
    rows = [
        [
            name,
            f"{size / 1e6:.2f}",
            requests,
            f"{taken:.1f}",
            f"{size / most:.2f}",
            f"{taken / slowest:.2f}",
        ]
        for name, (size, requests, taken) in found.items()
    ]
    print(table(["", "MB", "requests", "seconds", "MB, ratio", "seconds, ratio"], rows))
    size, _, taken = found["kwlesson lab"]
    return (size > BYTES) + (taken > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
