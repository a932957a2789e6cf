"""The command `kwlesson`."""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson import paths
from kwlesson.errors import LessonError, LessonWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kwlesson.authoring.fact_markers import Notebook


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
            return _check(chosen)
        if chosen.command == "refresh":
            return _refresh(chosen.notebooks)
        if chosen.command == "gather":
            return _gather(chosen)
        from kwlesson.jupyter import launch

        work = (paths.CHECKOUT or Path.cwd()) / "work" if chosen.command == "lab" else None
        teach = chosen.command == "lab" and chosen.teach
        launch.open_lab(paths.NOTEBOOKS, work, others, teach=teach)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kwlesson", description="A lesson in source criticism.")
    commands = parser.add_subparsers(dest="command", required=True)
    lab = commands.add_parser("lab", help="open the lesson; other words go to jupyter lab")
    lab.add_argument("--teach", action="store_true", help="open the teacher's notebooks, too")
    commands.add_parser("edit", help="open the original notebooks of a checkout")
    refresh = commands.add_parser("refresh", help="run notebooks and store what they show")
    refresh.add_argument("notebooks", nargs="*", type=Path, help="all of the lesson by default")
    gather = commands.add_parser("gather", help="show how a class answered, from its answer files")
    gather.add_argument("folder", type=Path, help="answer files: loose, in subfolders, in zips")
    gather.add_argument("--out", type=Path, metavar="FILE", help="the picture as a page")
    gather.add_argument("--csv", type=Path, metavar="FILE", help="the answers as a table")
    gather.add_argument("--written", type=Path, metavar="FILE", help="a page of written answers")
    gather.add_argument(
        "--lesson", type=Path, metavar="FOLDER", action="append",
        help="the lesson that was answered, else our own; once for each of several",
    )  # fmt: skip
    gather.add_argument("--names", action="store_true", help="show the names that learners gave")
    check = commands.add_parser("check", help="list everything wrong with a folder of tables")
    check.add_argument("folder", nargs="?", type=Path, default=paths.DATA)
    check.add_argument("--sources", type=Path, help="folder with <source id>.txt of the base texts")
    check.add_argument("--since", metavar="COMMIT", help="tell what changed since; else the last")
    check.add_argument("--against", type=Path, metavar="FOLDER", help="tell what differs from it")
    return parser


def _check(chosen: argparse.Namespace) -> int:
    from kwlesson.authoring import fact_markers
    from kwlesson.authoring.check import check

    folder: Path = chosen.folder
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always", LessonWarning)
        problems = check(folder, chosen.sources)
    for note in notes:
        print(note.message)
    beside = fact_markers.notebooks_beside(folder)
    if beside:
        notebooks = fact_markers.read_all(beside)
        problems += fact_markers.problems(folder, notebooks)
        _print_affected_sentences(folder, notebooks, chosen)
    for problem in problems:
        print(problem)
    if problems:
        print(f"{folder}: {len(problems)} to mend", file=sys.stderr)
        return 1
    print(f"{folder}: nothing to mend")
    return 0


def _print_affected_sentences(
    folder: Path, notebooks: list[Notebook], chosen: argparse.Namespace
) -> None:
    from kwlesson.authoring import fact_markers, table_diff

    before = (
        table_diff.older(folder, chosen.against)
        if chosen.against
        else table_diff.committed(folder, chosen.since)
    )
    affected = fact_markers.affected_sentences(folder, notebooks, before) if before else ()
    for change, sentences in affected:
        for one in sentences:
            place = f"notebooks/{one.notebook}, cell {one.cell}"
            print(f"{change}; it is told in: {place}: '{one.text}'")


def _refresh(notebooks: Sequence[Path]) -> int:
    from kwlesson.authoring.refresh import refresh_all

    def tell(line: str, is_stored: bool) -> None:  # noqa: FBT001 - called here below alone
        print(line, file=sys.stdout if is_stored else sys.stderr, flush=True)

    failed = refresh_all(notebooks or [paths.NOTEBOOKS], tell)
    if failed:
        print(f"{failed} not stored", file=sys.stderr)
    return 1 if failed else 0


def _gather(chosen: argparse.Namespace) -> int:
    from kwlesson.classroom.csv_export import to_csv
    from kwlesson.classroom.gather import gather
    from kwlesson.lesson import load
    from kwlesson.views.gather.view import ClassPicture

    lessons = [load(folder) for folder in chosen.lesson or (paths.DATA, paths.TRANSFER)]
    found = gather(chosen.folder, lessons)
    picture = ClassPicture(lessons, *found, names=chosen.names)
    _keep(chosen.out, picture.document)
    _keep(chosen.written, picture.written_document)
    # Spreadsheets take a table for UTF-8 only where it begins with this mark.
    _keep(chosen.csv, lambda: f"\ufeff{to_csv(lessons, found.learners, names=chosen.names)}")
    if not (chosen.out or chosen.written or chosen.csv):
        _say(picture.text())
    for file in found.skipped:
        print(f"{file.place}: {file.reason}", file=sys.stderr)
    for note in found.notes:
        print(f"Look: {note.reason}", file=sys.stderr)
    print(f"{chosen.folder}: {len(found.learners)} learners", file=sys.stderr)
    return 0


def _keep(path: Path | None, make: Callable[[], str]) -> None:
    if path is None:
        return
    try:
        path.write_bytes(make().encode("utf-8", "replace"))
    except OSError as error:
        raise LessonError(f"{path}: cannot be written ({error.strerror})") from None
    _say(f"{path}: written")


def _say(text: str) -> None:
    """Print what may hold letters that this terminal cannot show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))
