"""The command `kwlesson`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson import places
from kwlesson.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command `kwlesson`.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after `kwlesson`; by default those of the command line.

    Returns
    -------
    int
        0 when all is well, 1 when something has to be mended.

    Examples
    --------
    >>> main(["check", "no/such/folder"])
    1
    """
    parser = _parser()
    chosen, others = parser.parse_known_args(arguments)
    if others and chosen.command not in {"lab", "edit"}:
        parser.error(f"unknown: {' '.join(others)}")
    try:
        if chosen.command == "check":
            return _check(chosen.folder, chosen.sources)
        if chosen.command == "refresh":
            return _refresh(chosen.notebooks)
        from kwlesson import lab

        work = (places.CHECKOUT or Path.cwd()) / "work" if chosen.command == "lab" else None
        lab.open_lab(places.NOTEBOOKS, work, others)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kwlesson", description="A lesson in source criticism.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("lab", help="open the lesson; other words go to jupyter lab")
    commands.add_parser("edit", help="open the original notebooks of a checkout")
    refresh = commands.add_parser("refresh", help="run notebooks and store what they show")
    refresh.add_argument("notebooks", nargs="*", type=Path, help="all of the lesson by default")
    check = commands.add_parser("check", help="list everything wrong with a folder of tables")
    check.add_argument("folder", nargs="?", type=Path, default=places.DATA)
    check.add_argument("--sources", type=Path, help="folder with <source id>.txt of the base texts")
    return parser


def _check(folder: Path, sources: Path | None) -> int:
    from kwlesson.check import check

    problems = check(folder, sources)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{folder}: {len(problems)} to mend", file=sys.stderr)
        return 1
    print(f"{folder}: nothing to mend")
    return 0


def _refresh(notebooks: Sequence[Path]) -> int:
    from kwlesson.refresh import refresh

    for path in notebooks or sorted(places.NOTEBOOKS.rglob("[!.]*.ipynb")):
        print(f"{path}: {'stored anew' if refresh(path) else 'unchanged'}", flush=True)
    return 0
