"""A browser, a JupyterLab and a window of it, each started once for all tests of a worker."""

from __future__ import annotations

import contextlib
import os

import pytest
from answer_form import stage
from browser_support import (
    BROWSERS,
    Workbench,
    browser,
    document,
    find_browser,
    jupyterlab,
    window,
)


@pytest.fixture(scope="session")
def a_browser_is_there():
    if not find_browser():
        sentence = f"No browser is found (looked for {', '.join(BROWSERS)}), so nothing is clicked."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)


@pytest.fixture(scope="session")
def chromium(a_browser_is_there):  # noqa: ARG001 - asked for first
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium):
    """Open a window and nothing in it."""
    with window(chromium) as opened:
        yield opened


@pytest.fixture(scope="session")
def windows(chromium):
    """Keep a window for each kind: with JavaScript or without, for touch or for a mouse."""
    with contextlib.ExitStack() as opened:
        kept = {}

        def window_of(**kind):
            key = tuple(sorted(kind.items()))
            if key not in kept:
                kept[key] = opened.enter_context(window(chromium, **kind))
            return kept[key]

        yield window_of


@pytest.fixture
def show(windows, tmp_path):
    """Open a page face as a file, the way a double click does."""

    def open_page(face, width=1280, color_scheme="light", **kind):
        path = tmp_path / "page.html"
        path.write_text(document(face), encoding="utf-8")
        page = windows(**kind)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme=color_scheme)
        page.goto(path.as_uri())
        return page

    return open_page


@pytest.fixture(scope="session")
def _stage(chromium):
    with stage(chromium) as found:
        yield found


@pytest.fixture
def draw(_stage):
    """Draw activities as a notebook does, without a notebook; nothing may go wrong in the page."""
    draw, clear, wrong = _stage
    clear()
    yield draw
    assert wrong == []


@pytest.fixture(scope="session")
def server(a_browser_is_there, tmp_path_factory):  # noqa: ARG001 - asked for first
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def lab(server):
    """Hand out the server without the answers and the kernels of another test."""
    for path in server.work.rglob("answers*"):
        path.unlink()
    yield server
    server.stop_kernels()


@pytest.fixture(scope="session")
def bench(chromium, server):
    bench = Workbench(chromium, server)
    yield bench
    bench.close()
