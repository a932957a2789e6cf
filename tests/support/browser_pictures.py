"""Draw the pictures of README.md anew: python tests/browser_pictures.py [folder]."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser_support import NOTEBOOK, browser, choose, jupyterlab, window
from playwright.sync_api import expect

import kwlesson

DOCS = Path(__file__).resolve().parents[2] / "docs"
# How wide, where the notebook is scrolled to, and the last point that is seen.
PICTURES = ((1280, ".kw h2", "taken-whole"), (400, ".kw-choices", "timing"))


def picture(lab, page, lesson, top, last):
    """Show the live toggle as a reader finds it after choosing the second report."""
    lab.open(page, lab.work / "notebooks" / NOTEBOOK)
    area = lab.run_all(page)
    chosen = lesson.get("accounts", "kovalev")["label"]
    choose(area, chosen)
    # The pointer and the focus would both leave their marks on the picture.
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    area.locator(top).first.evaluate("top => top.scrollIntoView({block: 'start'})")
    page.locator(".jp-WindowedPanel-outer").evaluate("notebook => notebook.scrollBy(0, -6)")

    point = area.locator(f'[data-row="points:{last}"]').filter(visible=True)
    end = point.evaluate("point => point.getBoundingClientRect().bottom")
    below = page.locator("#jp-bottom-panel").bounding_box()["height"]
    page.set_viewport_size({**page.viewport_size, "height": int(end + below)})
    for seen in (area.get_by_role("radio", name=chosen), point):
        expect(seen).to_be_in_viewport(ratio=0.95)
    for quote in lesson.records("quotes", sensitive="yes"):
        expect(page.locator("body")).not_to_contain_text(quote["words"], use_inner_text=True)
    return page.screenshot(animations="disabled")


def main(folder=DOCS):
    lesson = kwlesson.load()
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        jupyterlab(Path(home)) as lab,
        browser() as running,
    ):
        for width, top, last in PICTURES:
            with window(running, width) as page:
                drawn = picture(lab, page, lesson, top, last)
            (folder / f"toggle-{width}.png").write_bytes(drawn)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
