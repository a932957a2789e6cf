"""Begin a lesson: a folder with tables and a notebook, from the starter or from a workbook."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kwlesson import paths
from kwlesson.atomic_file import write_atomic
from kwlesson.authoring import excel
from kwlesson.authoring.check import check
from kwlesson.errors import LessonError, LessonWarning
from kwlesson.tables import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOK = "01-accounts.ipynb"


def begin(folder: Path, workbook: Path | None = None, *, again: bool = False) -> None:
    """Make a lesson that passes `check` and runs as it stands.

    Parameters
    ----------
    folder : Path
        Where `data` and `notebooks` are made; it is missing, or empty.
    workbook : Path, optional
        An Excel workbook with a sheet a table; by default an invented lesson to change.
    again : bool, optional
        Take the tables of a lesson that is there anew from the workbook; its notebooks stay.

    Raises
    ------
    LessonError
        When the folder is not empty or cannot be written, or when the workbook is no lesson: then
        nothing is written.
    """
    files = excel.read(workbook) if workbook else _starter()
    again = again and workbook is not None and paths.tables_in(folder) != folder
    try:
        if not again and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise LessonError(f"{folder}: is not empty; name a folder that is not there yet")
        files.setdefault(schema.DESCRIPTOR, _written({"name": schema.identity(folder)}))
        _refuse_what_is_no_lesson(files)
        notebooks = {} if again else {f"notebooks/{NOTEBOOK}": _written(_notebook(files))}
        data = {f"{paths.DATA.name}/{name}": text for name, text in files.items()}
        for path in paths.tables_in(folder).glob("*.csv") if again else ():
            if path.name not in files:
                path.unlink()
        for name, text in (data | notebooks).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, text.encode(), mode=0o644)
    except OSError as error:
        raise LessonError(f"{folder}: cannot be written ({error.strerror})") from None


def _starter() -> dict[str, str]:
    tables = paths.list_files(paths.STARTER, "*.csv")
    return {path.name: path.read_text(encoding="utf-8") for path in tables}


def _refuse_what_is_no_lesson(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as trial:
        for name, text in files.items():
            Path(trial, name).write_text(text, encoding="utf-8", newline="")
        known = {table.path for table in schema.layout(Path(trial)).values()}
        for name in files:
            if name.endswith(".csv") and name not in known:
                sheet = name.removesuffix(".csv")
                raise LessonError(f"sheet '{sheet}': no such table; rename it, or take it out")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LessonWarning)  # said by whoever loads the lesson
            problems = check(Path(trial))
    if problems:
        raise LessonError.from_problems(problems)


def _written(content: dict[str, Any]) -> str:
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n"


def _notebook(files: dict[str, str]) -> dict[str, Any]:
    """Make a notebook that sets the accounts of each case side by side, names hidden first."""
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, source) in enumerate(_cells(files), start=1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cells(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    load = f'import kwlesson\n\nlesson = kwlesson.load("{paths.BESIDE}")'
    for number, case in enumerate(csv.DictReader(io.StringIO(files["cases.csv"]))):
        heading = "##" if number else "#"
        yield "markdown", f"{heading} {case['title']}\n\n**{case['question']}**"
        if not number:
            yield "code", load
        yield "markdown", f"{heading}# Who reports is hidden\n\nWhat does each report say?"
        yield "code", f'lesson.compare("{case["id"]}", masked=True)'
        yield "markdown", f"{heading}# Now the names\n\nHow do the accounts stand to each other?"
        yield "code", f'lesson.compare("{case["id"]}")'
    yield "markdown", "## Where it is written"
    yield "code", "lesson.cite()"
    yield "code", "lesson.keep()"
