"""What works in a Jupyter that is not ours: each in a fresh environment with the wheel.

    python bench/everywhere.py lab         JupyterLab, with none of our settings
    python bench/everywhere.py notebook    Notebook 7
    python bench/everywhere.py voila       Voila, with two visitors
    python bench/everywhere.py bare        a server without widgets and without kwlesson

It installs packages, takes minutes, and prints what was looked for and whether it was seen.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from browser_support import TOKEN, browser, window

ROOT = Path(__file__).parents[1]
NOTEBOOK = "02-two-names.ipynb"
PACKAGES = {"lab": ["jupyterlab"], "notebook": ["notebook"], "voila": ["voila"]}
PATHS = {
    "lab": "lab/tree/{}?token={}",
    "bare": "lab/tree/{}?token={}",
    "notebook": "notebooks/{}?token={}",
    "voila": "voila/render/{}",
}
PATIENCE = 120_000  # milliseconds


def environment(folder: Path, *packages: str) -> Path:
    """Make a fresh environment; return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def wheel(folder: Path) -> str:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return str(next(folder.glob("*.whl")))


@contextlib.contextmanager
def serving(kind: str, python: Path, root: Path, **more: str):
    """Run the server in a home of its own, and yield its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    program = {
        "voila": ["voila", str(root), "--Voila.ip=127.0.0.1"],
        "notebook": ["notebook", f"--ServerApp.root_dir={root}", "--allow-root"],
    }.get(kind, ["jupyterlab", f"--ServerApp.root_dir={root}", "--allow-root"])
    token = [] if kind == "voila" else [f"--IdentityProvider.token={TOKEN}"]
    kept = {name: one for name, one in os.environ.items() if not name.startswith("JUPYTER")}
    with tempfile.TemporaryDirectory() as home, (root / "log").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", *program, "--no-browser", f"--port={port}", *token],
            env={**kept, "HOME": home, "PATH": f"{python.parent}:{kept['PATH']}", **more},
            cwd=home, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(  # noqa: S310 - our own server
                        url + ("" if kind == "voila" else "api"), timeout=60
                    )
                    break
                time.sleep(0.2)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:  # it waits for a kernel that is just starting
                server.kill()
                server.wait()


def turns(page) -> bool:
    """Return whether the switch of the comparison turns."""
    sides = [page.locator(f".kw-view-compare .kw-side-{one}").first for one in (1, 2)]
    before = [side.is_visible() for side in sides]
    page.locator(".kw-view-compare .kw-choices input[type=radio]").nth(1).check()
    return before == [True, False] and [side.is_visible() for side in sides] == [False, True]


def run_all(page) -> None:
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()


def answer(page) -> None:
    question = page.locator(".kw-view-ask").nth(1)
    question.locator("input[type=radio]").first.check()
    question.get_by_role("button").first.click()
    page.locator(".kw-view-keep").first.get_by_text("1 answer so far").wait_for()


def in_jupyter(kind: str, page, url: str, root: Path) -> dict[str, bool]:
    page.goto(url + PATHS[kind].format(NOTEBOOK, TOKEN))
    live = page.locator(".kw-view-compare.kw-live, .kw-view-compare .kw-live").first
    live.wait_for()
    seen = {"it toggles before anything is run": turns(page)}
    run_all(page)
    page.locator(".jp-OutputPrompt").get_by_text("[7]:").wait_for(state="attached")
    answer(page)
    for _ in range(100):
        if list(root.rglob("answers.json")):
            break
        page.wait_for_timeout(200)
    seen["an answer stands in a file once all is run"] = bool(list(root.rglob("answers.json")))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(5000)
    saved = (root / NOTEBOOK).read_text(encoding="utf-8")
    seen["it is saved without a dead widget"] = "widget-view" not in saved
    page.reload()
    live.wait_for()
    seen["reopened, it toggles"] = turns(page)
    return seen


def in_bare_server(page, url: str) -> dict[str, bool]:
    page.goto(url + PATHS["bare"].format(NOTEBOOK, TOKEN))
    page.locator(".kw-printed").first.wait_for()
    radios = page.locator(".jp-OutputArea-output input[type=radio]")
    note = page.locator(".kw-printed").first.inner_text()
    seen = {
        "not trusted, nothing can be chosen": radios.first.is_disabled(),
        "and the first line says what to do": "run all cells" in note,
    }
    run_all(page)
    page.get_by_text("This Jupyter server shows no widgets").first.wait_for()
    seen["once run, the page says that the server has no widgets"] = True
    page.locator(".kw-view-compare .kw-live").first.wait_for()
    return seen | {"and toggles": turns(page)}


def in_voila(page, other, url: str, root: Path) -> dict[str, bool]:
    for one in (page, other):
        one.goto(url + PATHS["voila"].format(NOTEBOOK))
        one.locator(".kw-live").first.wait_for()
    seen = {"it toggles": turns(page)}
    answer(page)
    other.reload()
    other.locator(".kw-live").first.wait_for()
    kept = other.locator(".kw-view-keep [data-fill=kept]").first
    kept.wait_for(state="attached")
    page.reload()
    page.locator(".kw-view-keep").first.get_by_text("1 answer so far").wait_for()
    return seen | {
        "one visitor's answer is not the other's": not kept.inner_text(),
        "and is there after a reload": True,
        "nothing is written in the folder": not list(root.rglob("answers.json")),
        "nobody is told to run cells": "Run All" not in page.locator("body").inner_text(),
    }


def main(kind: str) -> int:
    """Return how much was not seen."""
    with tempfile.TemporaryDirectory() as name:
        folder, more = Path(name), {}
        (root := folder / "root").mkdir()
        ours = environment(folder / "ours", wheel(folder), *PACKAGES.get(kind, ["ipykernel"]))
        shutil.copy(
            next(folder.glob(f"ours/lib/*/site-packages/kwlesson/notebooks/{NOTEBOOK}")), root
        )
        python = ours
        if kind == "bare":  # the kernel has kwlesson, and the server has not
            python = environment(folder / "bare", "jupyterlab")
            kernel = {
                "argv": [str(ours), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Python 3",
                "language": "python",
            }
            spec = folder / "kernels" / "python3" / "kernel.json"
            spec.parent.mkdir(parents=True)
            spec.write_text(json.dumps(kernel))
            more = {"JUPYTER_PATH": str(folder)}
        with (
            serving(kind, python, root, **more) as url, browser() as running,
            window(running) as page, window(running) as other,
        ):  # fmt: skip
            page.set_default_timeout(PATIENCE)
            if kind == "voila":
                seen = in_voila(page, other, url, root)
            elif kind == "bare":
                seen = in_bare_server(page, url)
            else:
                seen = in_jupyter(kind, page, url, root)
    for what, is_seen in seen.items():
        print(f"{'seen    ' if is_seen else 'NOT SEEN'} {kind}: {what}")
    return sum(not is_seen for is_seen in seen.values())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
