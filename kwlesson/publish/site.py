"""The site: all doors of a lesson, built beside the old one and then put in its place."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from functools import partial
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.answers.bundle import strip
from kwlesson.errors import LessonError
from kwlesson.lesson import load
from kwlesson.publish import colab, lite, pages, paper, pdf, quizzes, room
from kwlesson.publish.notebook_parts import learners
from kwlesson.translation import _, later, speaking
from kwlesson.views.kit.attribution import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# Where a part leaves this, the index leads there.
DOORS = {
    room.FILE: {"title": later("In class"), "says": later("a class of 50 minutes on one page")},
    "paper/index.html": {
        "title": later("On paper"),
        "says": later("what to print for a class without devices"),
    },
    "quizzes/moodle.xml": {
        "title": later("Questions for Moodle"),
        "says": later("with the key, for teachers"),
    },
    "quizzes/qti.zip": {
        "title": later("Questions as QTI"),
        "says": later("for Canvas, Blackboard and others"),
    },
    "lite/start.html": {
        "title": later("Notebooks"),
        "says": later("with Python, in the browser alone"),
    },
    "colab/index.html": {
        "title": later("Notebooks for Colab"),
        "says": later("for a class with Google accounts"),
    },
}
# What takes longer, or needs what is not installed with kwlesson: made when it is asked for.
WANTED = {"pdf": pdf.build, "lite": lite.build}
_MARK = '<meta name="generator" content="kwlesson">'


def publish(
    out: Path,
    wanted: Collection[str] = (),
    *,
    address: str = "",
    word: str = room.WORD,
    folder: Path | None = None,
) -> None:
    """Build the site of a lesson, the same bytes every time.

    Parameters
    ----------
    out : Path
        Its folder: a new one, an empty one, or one that this command made before. It changes in
        one moment, and not at all when something fails.
    wanted : collection of str, optional
        Names of `WANTED`.
    address : str, optional
        Where it will be on the web: the class's page then shows it as a QR code, and Colab takes
        the lesson from there; by default the `homepage` of the lesson.
    word : str, optional
        What opens the names on the class's page.
    folder : Path, optional
        A lesson of one's own, its tables in `data` and its notebooks beside them.

    Raises
    ------
    LessonError
        When something else lies there, or a notebook cannot be made a page.
    """
    from tqdm import tqdm

    out = out.resolve()
    if not _is_ours(out):
        raise LessonError(f"{out}: this holds something else than a site; name another folder")
    if address and not ADDRESS.fullmatch(address):
        raise LessonError(f"{address}: this is no address of the web; begin it with https://")
    lesson = load(folder)
    notebooks = paths.notebooks_in(folder) if folder else paths.NOTEBOOKS
    # Each writes below the folder of the site.
    parts = {
        "pages": pages.build,
        "room": partial(room.build, address=address, word=word),
        "paper": paper.build,
        "quizzes": quizzes.build,
        "colab": partial(colab.build, address=address or pages.about_site(notebooks)["homepage"]),
    } | {name: build for name, build in WANTED.items() if name in wanted}
    token = secrets.token_hex(4)
    new, old = (out.with_name(f".{out.name}-{token}.{kind}") for kind in ("new", "old"))
    new.mkdir(parents=True)
    try:
        with (
            speaking(lesson.lang),
            tqdm(parts.items(), disable=None, unit="part", leave=False) as bar,
        ):
            for name, build in bar:
                bar.set_description(name)
                build(lesson, notebooks, new)
            _write_index(notebooks, new)
        _write_keeper(new)
        _swap(new, out, old)
    finally:
        for one in (new, old):
            shutil.rmtree(one, ignore_errors=True)


def _swap(new: Path, out: Path, old: Path) -> None:
    if not out.exists():
        new.rename(out)
        return
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise


def _is_ours(out: Path) -> bool:
    """Return whether nothing stands there, or what this command made before."""
    if not out.exists():
        return True
    if not out.is_dir():
        return False
    index = out / "index.html"
    return not any(out.iterdir()) or (
        index.is_file() and _MARK in index.read_text(encoding="utf-8", errors="replace")
    )


def _write_index(notebooks: Path, out: Path) -> None:
    site = pages.about_site(notebooks)
    whole = pages.Page("index.html", site["title"], "", 0)
    body = pages.draw(
        "index.html",
        title=site["title"],
        pages=[pages.about_page(one) for one in learners(notebooks)],
        doors=[
            {"file": file} | {key: _(words) for key, words in door.items()}
            for file, door in DOORS.items()
            if (out / file).exists()
        ],
    )
    html = pages.draw_page(
        body, title=site["title"], metadata=pages.describe(whole, site), home=False
    )
    (out / "index.html").write_text(html, encoding="utf-8", newline="\n")


def _write_keeper(out: Path) -> None:
    """Write what keeps the pages in a browser; its version changes when one of them does."""
    files = sorted(out.glob("*.html"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    names = [file.name for file in files]
    others = [name for name in names if name in DOORS]
    site = {
        "version": digest[:12],
        "pages": [name for name in names if name not in others],
        "others": others,
    }
    code = strip((pages.FOLDER / "service_worker.js").read_text(encoding="utf-8"))
    text = f"self.SITE = {json.dumps(site)};\n{code}\n"
    (out / "sw.js").write_text(text, encoding="utf-8", newline="\n")
