"""The site: all doors of a lesson, built beside the old one and then put in its place."""

from __future__ import annotations

import secrets
import shutil
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.errors import LessonError
from kwlesson.lesson import load
from kwlesson.publish import pages

if TYPE_CHECKING:
    from pathlib import Path

# Each writes below the folder of the site.
PARTS = {"pages": pages.build}
_MARK = '<meta name="generator" content="kwlesson">'


def publish(out: Path, folder: Path | None = None) -> None:
    """Build the site of a lesson, the same bytes every time.

    Parameters
    ----------
    out : Path
        Its folder: a new one, an empty one, or one that this command made before. It changes in
        one moment, and not at all when something fails.
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
    lesson = load(folder)
    notebooks = paths.notebooks_in(folder) if folder else paths.NOTEBOOKS
    token = secrets.token_hex(4)
    new, old = (out.with_name(f".{out.name}-{token}.{kind}") for kind in ("new", "old"))
    new.mkdir(parents=True)
    try:
        with tqdm(PARTS.items(), disable=None, unit="part", leave=False) as bar:
            for name, build in bar:
                bar.set_description(name)
                build(lesson, notebooks, new)
        (new / "index.html").write_text(f"<!doctype html>\n{_MARK}\n", encoding="utf-8")
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            old.rename(out)
            raise
    finally:
        for one in (new, old):
            shutil.rmtree(one, ignore_errors=True)


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
