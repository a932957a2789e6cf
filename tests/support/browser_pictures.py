"""Draw the pictures of README.md anew: python tests/support/browser_pictures.py [folder]."""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from browser_support import browser, jupyterlab, wait_for_kernel, window
from playwright.sync_api import expect

import kwlesson

DOCS = Path(__file__).resolve().parents[2] / "docs"
QUALITY = 80  # of 100: letters are sharp, and a file half of a PNG's size
# What a picture is called, its notebook, what is chosen in it, and what stands at its top.
PICTURES = (
    ("choice", "00-start-here", ".kw-view-ask label", ".jp-Cell"),
    ("toggle", "02-two-names", ".kw-view-compare .kw-choices label:nth-of-type(2)", ".kw-choices"),
    ("hands", "03-through-whose-hands", ".kw-hands [data-step='1'] .kw-hand", ".kw-view-follow"),
    ("chain", "05-request-approval-sign-off", ".kw-step fieldset label", ".kw-chain"),
)


def picture(lab, page, notebook, chosen, top):
    """Show a view as a reader finds it after a first choice; nothing is run."""
    lab.open(page, lab.work / "notebooks" / f"{notebook}.ipynb")
    wait_for_kernel(page)
    page.locator(".jp-MarkdownOutput").last.wait_for()
    page.locator(".kw-live").first.wait_for()
    page.locator(chosen).first.click()
    # The pointer and the focus would both leave their marks on the picture.
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.locator(top).first.evaluate("top => top.scrollIntoView({block: 'start'})")
    for quote in kwlesson.load().records("quotes", sensitive="yes"):
        expect(page.locator("body")).not_to_contain_text(quote["words"], use_inner_text=True)
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    return base64.b64decode(shot["data"])


def main(folder=DOCS):
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        jupyterlab(Path(home)) as lab,
        browser() as running,
    ):
        for name, *where in PICTURES:
            with window(running, 1280, 720) as page:
                drawn = picture(lab, page, *where)
            (folder / f"{name}.webp").write_bytes(drawn)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
