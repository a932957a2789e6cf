"""The command `kwlesson`."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kwlesson import paths
from kwlesson.atomic_file import permissions, read_at_most, write_atomic
from kwlesson.console import say
from kwlesson.errors import LessonError, visible

_FAILED, _CLOSED, _INTERRUPTED = 1, 128 + 13, 128 + 2  # the last two as a shell counts signals
_HEAD_BYTES = 200  # by which a file is known that this command wrote before

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
        0 when all is well, 1 when something has to be mended; 141 when nobody reads on, and 130
        when it was interrupted.

    Examples
    --------
    >>> main(["check", "no/such/folder"])
    1
    """
    written = warnings.formatwarning
    warnings.formatwarning = _as_sentence  # type: ignore[assignment]
    try:
        try:
            return _run(arguments)
        finally:
            warnings.formatwarning = written
            if sys.stdout is not None:
                sys.stdout.flush()
    except LessonError as error:
        say(*str(error).rsplit("\n", 1 if len(error.problems) > 1 else 0), error=True)
        return _FAILED
    except BrokenPipeError:
        _stop_printing()
        return _CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        say(f"{error.filename or 'The output'}: {error.strerror or error}", error=True)
        _stop_printing()
        return _FAILED


def _as_sentence(message: Warning | str, *_where: object) -> str:
    """Write a warning without the line of Python that gave it."""
    return "".join(f"{visible(line)}\n" for line in str(message).splitlines())


def _run(arguments: Sequence[str] | None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    for word in words:
        try:
            os.fsencode(word)
        except UnicodeEncodeError as error:
            raise LessonError(f"{word}: no file can have this name here") from error
    parser = _parser()
    chosen, others = parser.parse_known_args(words)
    if chosen.command in {"lab", "edit"}:
        return _open(chosen, others)
    if others:
        parser.error(f"unknown: {' '.join(others)}")
    run = {
        "check": _check,
        "export": _export,
        "forget": _forget,
        "gather": _gather,
        "new": _new,
        "publish": _publish,
        "refresh": _refresh,
    }
    return run[chosen.command](chosen)


def _open(chosen: argparse.Namespace, others: list[str]) -> int:
    """Open the lesson in JupyterLab, or that of a folder, where the first of the words names one.

    A folder is no argument of the parser's, which would take a word behind another option for it.
    """
    from kwlesson.jupyter import launch

    own = None if not others or others[0].startswith("-") else Path(others.pop(0))
    home = own or paths.CHECKOUT or Path.cwd()
    work = home / "work" if chosen.command == "lab" else None
    notebooks = own / paths.NOTEBOOKS.name if own else paths.NOTEBOOKS
    launch.open_lab(notebooks, work, others, teach=work is not None and chosen.teach)
    return 0


def _new(chosen: argparse.Namespace) -> int:
    from kwlesson.authoring.new_lesson import begin

    try:
        begin(chosen.folder, chosen.workbook, again=chosen.again)
    except LessonError as error:
        if not error.problems:
            raise
        say(*map(str, error.problems), error=True)  # there is no folder yet to check
        say(f"{chosen.workbook}: {len(error.problems)} to mend; nothing is written", error=True)
        return _FAILED
    say(f"{chosen.folder}: made; `kwlesson lab {chosen.folder}` opens it")
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from kwlesson.authoring import bibtex, excel

    folder = paths.tables_in(chosen.folder)
    if chosen.file.suffix == ".bib":
        _write_outputs({"FILE": (chosen.file, bibtex.read(folder))}, {})
        return 0
    excel.write(folder, chosen.file)
    say(f"{chosen.file}: written")
    return 0


def _stop_printing() -> None:
    """Let Python find nothing to print when it ends: whoever read has gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        say(f"{self.prog}: error: {message}", error=True)
        raise SystemExit(2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kwlesson", description="A lesson in source criticism.")
    parser.add_argument("--version", action="version", version=version("kwlesson"))
    commands = parser.add_subparsers(dest="command", required=True)
    others = (
        "FOLDER is a lesson of your own. Other words go to jupyter lab: --no-browser, --port 8890."
    )
    lab = commands.add_parser(
        "lab",
        help="open the lesson, or that of a FOLDER named first; other words go to jupyter lab",
        usage="kwlesson lab [FOLDER] [--teach] [option of jupyter lab ...]",
        epilog=others,
    )
    lab.add_argument("--teach", action="store_true", help="open the teacher's notebooks, too")
    commands.add_parser(
        "edit",
        help="open the original notebooks, of a checkout or of a FOLDER",
        usage="kwlesson edit [FOLDER] [option of jupyter lab ...]",
        epilog=others,
    )
    new = commands.add_parser("new", help="begin a lesson of your own: tables and a notebook")
    new.add_argument("folder", type=Path, help="a folder that is not there yet, or empty")
    new.add_argument(
        "--from", type=Path, dest="workbook", metavar="FILE", help="a workbook with a sheet a table"
    )
    new.add_argument("--again", action="store_true", help="take only the tables anew from it")
    export = commands.add_parser("export", help="write a lesson's tables, or its references")
    export.add_argument("folder", type=Path, help="the lesson")
    export.add_argument(
        "file", type=Path, metavar="FILE", help="lesson.xlsx for a workbook, sources.bib for BibTeX"
    )
    commands.add_parser("forget", help="remove the answers in the work folder, and all copies")
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
    publish = commands.add_parser("publish", help="build the lesson as a site of pages")
    publish.add_argument("out", type=Path, metavar="OUT", help="its folder, replaced whole")
    publish.add_argument("--lesson", type=Path, metavar="FOLDER", help="a lesson of your own")
    publish.add_argument(
        "--address",
        default="",
        metavar="URL",
        help="where it will be: a QR code on the class's page, and notebooks for Colab",
    )
    publish.add_argument("--pdf", action="store_true", help="print the sheets, with Chromium")
    publish.add_argument("--lite", action="store_true", help="add notebooks that need no server")
    publish.add_argument("--word", help="what opens the names on the class's page (no secret)")
    check = commands.add_parser("check", help="list everything wrong with a folder of tables")
    check.add_argument(
        "folder", nargs="?", type=Path, default=paths.DATA, help="the lesson's own by default"
    )
    check.add_argument("--sources", type=Path, help="folder with <source id>.txt of the base texts")
    check.add_argument("--since", metavar="COMMIT", help="tell what changed since; else the last")
    check.add_argument("--against", type=Path, metavar="FOLDER", help="tell what differs from it")
    return parser


def _check(chosen: argparse.Namespace) -> int:
    from kwlesson.authoring import fact_markers
    from kwlesson.authoring.report import check

    report = check(chosen.folder, chosen.sources)
    say(*str(report).split("\n")[:-1])
    beside = fact_markers.notebooks_beside(report.folder)
    if beside:
        _print_affected_sentences(report.folder, beside, chosen)
    say(report.summary, error=not report.is_sound)
    return 0 if report.is_sound else _FAILED


def _print_affected_sentences(folder: Path, beside: Path, chosen: argparse.Namespace) -> None:
    from kwlesson.authoring import fact_markers, table_diff

    before = (
        table_diff.older(folder, chosen.against)
        if chosen.against
        else table_diff.committed(folder, chosen.since)
    )
    if not before:
        return
    notebooks = fact_markers.read_all(beside)
    for change, sentences in fact_markers.affected_sentences(folder, notebooks, before):
        for one in sentences:
            place = f"notebooks/{one.notebook}, cell {one.cell}"
            say(f"{change}; it is told in: {place}: '{one.text}'")


def _refresh(chosen: argparse.Namespace) -> int:
    from kwlesson.authoring.refresh import refresh_all

    def tell(line: str, is_stored: bool) -> None:  # noqa: FBT001 - called here below alone
        say(line, error=not is_stored)

    own = [paths.notebooks_in(path) for path in chosen.notebooks]
    failed = refresh_all(own or [paths.NOTEBOOKS], tell)
    if failed:
        say(f"{failed} not stored", error=True)
    return 1 if failed else 0


def _publish(chosen: argparse.Namespace) -> int:
    from kwlesson.publish.room import WORD
    from kwlesson.publish.site import WANTED, publish

    wanted = [name for name in WANTED if getattr(chosen, name)]
    word = chosen.word or WORD
    publish(chosen.out, wanted, address=chosen.address, word=word, folder=chosen.lesson)
    say(f"{chosen.out}: published")
    return 0


def _gather(chosen: argparse.Namespace) -> int:
    from kwlesson.classroom.csv_export import to_csv
    from kwlesson.classroom.gather import gather
    from kwlesson.lesson import load
    from kwlesson.views.gather.view import ClassPicture

    ours = [folder for folder in (paths.DATA, paths.TRANSFER) if folder.is_dir()]
    folders = [*map(paths.tables_in, chosen.lesson or ours)]
    lessons = [load(folder) for folder in folders]
    found = gather(chosen.folder, lessons)
    picture = ClassPicture(lessons, *found, names=chosen.names)

    def table() -> str:
        # Spreadsheets take a table for UTF-8 only where it begins with this mark.
        return f"\ufeff{to_csv(lessons, found.learners, names=chosen.names)}"

    files = {
        "--out": (chosen.out, picture.document),
        "--written": (chosen.written, picture.written_document),
        "--csv": (chosen.csv, table),
    }
    wanted = {option: (path, make()) for option, (path, make) in files.items() if path}
    read = dict.fromkeys(folders, "it is of the lesson") | {chosen.folder: "somebody handed it in"}
    _write_outputs(wanted, read)
    if not wanted:
        say(*picture.text().split("\n"))
    for file in found.skipped:
        say(f"{file.place}: {file.reason}", error=True)
    for note in found.notes:
        say(f"Look: {note.reason}", error=True)
    say(f"{chosen.folder}: {len(found.learners)} learners", error=True)
    return 0


def _write_outputs(outputs: dict[str, tuple[Path, str]], read: dict[Path, str]) -> None:
    """Write files, each whole or not at all, and none over what others wrote where it was read."""
    contents = {option: text.encode("utf-8", "replace") for option, (_, text) in outputs.items()}
    options: dict[str, str] = {}
    for option, (path, _) in outputs.items():
        place = os.path.realpath(path)
        if place in options:
            raise LessonError(f"{path}: {options[place]} and {option} are one file; name two")
        options[place] = option
        for folder, whose in read.items():
            inside = Path(place).is_relative_to(os.path.realpath(folder))
            if inside and not _is_own(Path(place), contents[option]):
                raise LessonError(f"{path}: {whose}; name another file for {option}")
    for option, (path, _) in outputs.items():
        try:
            write_atomic(path, contents[option], mode=permissions(path))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise LessonError(f"{path}: cannot be written ({why})") from None
        say(f"{path}: written")


def _is_own(path: Path, content: bytes) -> bool:
    """Return whether nothing stands there, or what this command wrote before."""
    try:
        before = read_at_most(path, _HEAD_BYTES)
    except OSError:
        return True  # which writing finds out and says
    return before is None or before[:_HEAD_BYTES] == content[:_HEAD_BYTES]


def _forget(_: argparse.Namespace) -> int:
    from kwlesson.answers.workbook import Workbook

    workbook = Workbook()
    found = workbook.forget()
    if found:
        say(f"{workbook.path.parent}: removed the answers in {', '.join(sorted(found))}")
    else:
        say(f"{workbook.path.parent}: there are no answers")
    say("A browser drops its copy as soon as the lesson is opened in it again.")
    return 0
