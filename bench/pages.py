"""A published page beside nbconvert's page of the same notebook, on a slow line.

    python bench/pages.py [node_modules]

Notebook 02 as `kwlesson publish` makes it and as nbconvert does, both from a server that
compresses, in Chromium with nothing kept, on a line of 1.6 Mbit/s and 150 ms. Bytes and requests
are what the browser fetches until nothing more comes; seconds go from the address until a switch
turns, over several rounds in turn. nbconvert's page asks another host for RequireJS and MathJax; a
folder with the npm packages `requirejs` and `mathjax@2` stands for that host, at no distance, and
without it neither their bytes nor their time count. What the service worker fetches afterwards,
page by page, is given apart.

A tenth of nbconvert's bytes was wished for, 11 kB: of 02 the text with its markup alone takes
9.5 kB compressed, before style, forms and their script. A quarter of its time, 0.17 s, is one
round trip of 150 ms and 4 kB on this line. Neither is reached.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from door import opened
from nbconvert import HTMLExporter
from yardstick import ratios, spread, table

from kwlesson import paths
from kwlesson.publish.site import publish

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import NOTEBOOK, browser

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 5
PAGE, CLASS, SECONDS = 150e3, 200e3, 1  # allowed


class Compressing(http.server.SimpleHTTPRequestHandler):
    """A server of files as a host of pages is one: it compresses, and writes no log."""

    def do_GET(self):
        """Send a file, compressed."""
        path = self.translate_path(self.path)
        if not Path(path).is_file():
            self.send_error(404)
            return
        body = gzip.compress(Path(path).read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(path)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    handler = functools.partial(Compressing, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def main() -> int:
    """Return how many budgets are overdrawn."""
    ours, theirs = NOTEBOOK.replace(".ipynb", ".html"), "nbconvert.html"
    names = {"kwlesson publish": ours, "nbconvert": theirs, "the class's page": "room.html"}
    found: dict[str, list[tuple[int, int, float]]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder, serving(Path(*sys.argv[1:], ".")) as host:
        site = Path(folder, "site")
        publish(site)
        elsewhere = {
            "require_js_url": f"{host}requirejs/require.js",
            "mathjax_url": f"{host}mathjax/MathJax.js",
        }
        exporter = HTMLExporter(**elsewhere if sys.argv[1:] else {})
        html, _ = exporter.from_filename(str(paths.NOTEBOOKS / NOTEBOOK))
        (site / theirs).write_text(html, encoding="utf-8")
        others = [one for one in site.glob("*.html") if one.name not in {*names.values()}]
        later = sum(len(gzip.compress(one.read_bytes(), 6)) for one in others)
        with browser() as running, serving(site) as root:
            for _ in range(ROUNDS):
                for name, file in names.items():
                    address = f"{root}{file}"
                    found[name].append(opened(running, address, service_workers="block"))
    rows = [
        [name, f"{rounds[0][0] / 1e3:.0f}", rounds[0][1], spread([one[2] for one in rounds], 2)]
        for name, rounds in found.items()
    ]
    print(table(["", "kB", "requests", "seconds to the first toggle"], rows))
    mine, other = found["kwlesson publish"], found["nbconvert"]
    of_bytes = mine[0][0] / other[0][0]
    of_time = median(ratios([one[2] for one in mine], [one[2] for one in other]))
    print(f"\nOurs to nbconvert's: {of_bytes:.2f} of the bytes, {of_time:.2f} of the time.")
    print(f"The {len(others)} other pages, fetched afterwards and once: {later / 1e3:.0f} kB.")
    return (
        (mine[0][0] > PAGE)
        + (found["the class's page"][0][0] > CLASS)
        + (median(one[2] for one in mine) > SECONDS)
    )


if __name__ == "__main__":
    sys.exit(main())
