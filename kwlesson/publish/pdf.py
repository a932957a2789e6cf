"""The sheets as PDF, on A4 and on Letter, printed by a Chromium where there is one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson.console import say
from kwlesson.errors import LessonError
from kwlesson.publish.paper import FOLDER, SHEETS

if TYPE_CHECKING:
    from kwlesson.lesson import Lesson

SIZES = ("A4", "Letter")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_SECONDS = 120


def build(lesson: Lesson, notebooks: Path, out: Path) -> None:  # noqa: ARG001 - as every part
    """Print the sheets; without a Chromium say so, and leave it to whoever opens them.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    notebooks : Path
        The folder of its notebooks, of which nothing is needed.
    out : Path
        The folder of the site, in which the sheets are.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        say(
            f"No PDF is made, since no browser that prints is found (looked for "
            f"{', '.join(PROGRAMS)}): open {FOLDER}/*.html in any browser and print them there.",
            error=True,
        )
        return
    for name in SHEETS:
        page = (out / FOLDER / f"{name}.html").read_text(encoding="utf-8")
        for size in SIZES:
            pdf = _print(program, page.replace("@page {", f"@page {{ size: {size};", 1))
            (out / FOLDER / f"{name}-{size.lower()}.pdf").write_bytes(pdf)


def _print(program: str, page: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        html, pdf = Path(folder, "page.html"), Path(folder, "page.pdf")
        html.write_text(page, encoding="utf-8")
        # Chromium's own sandbox cannot be made for root; the page is ours and has no script.
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        done = subprocess.run(  # noqa: S603 - the browser itself
            [
                program,
                "--headless",
                *(["--no-sandbox"] if is_root else []),
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={pdf}",
                html.as_uri(),
            ],
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
        if not pdf.is_file():
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise LessonError(f"{program} prints no PDF: {''.join(last) or 'it says nothing'}")
        return _undated(pdf.read_bytes())


def _undated(pdf: bytes) -> bytes:
    """Give a PDF the same date every time: the same words are the same bytes."""
    return re.sub(
        rb"(/(?:CreationDate|ModDate) \(D:)\d{14}",
        lambda found: found[1] + b"20000101000000",
        pdf,
    )
