"""Everything that can be wrong with a lesson, for the people who change its tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kwlesson.authoring import verbatim
from kwlesson.errors import LessonError, Problem
from kwlesson.tables import edtf, rules, schema
from kwlesson.tables.reader import TableRows, read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCES = "references.json"
_TAG = re.compile(r"</?[A-Za-z!][^>]*>|&[A-Za-z#][A-Za-z0-9]*;")
_TEMPLATE = re.compile(r"\{\{|\{%")
_FORMULA = ("=", "+", "-", "@")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def check(folder: Path, sources: Path | None = None) -> list[Problem]:
    """Find everything that is wrong with a lesson.

    Parameters
    ----------
    folder : Path
        The lesson: datapackage.json, references.json and the tables.
    sources : Path, optional
        A folder with the base texts; with it every quotation is held against its paragraph.

    Returns
    -------
    list of Problem
        In the order of the tables; empty when all is well.

    Raises
    ------
    LessonError
        When the folder is no lesson, a text is missing, or the tools of `kwlesson[author]` are.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> check(SAMPLE, SAMPLE / "texts")
    []
    """
    layout, tables, found = read_folder(folder)
    found += _schema_overrides(folder)
    if len(tables) == len(layout):
        found += check_tables(folder, layout, tables, sources)
    found += _second_opinion_on_dates(layout, tables)
    if len(tables) == len(layout):
        named = {(problem.file, problem.row) for problem in found}
        whole_files = {problem.file for problem in found if problem.row <= 1}
        found += [
            problem
            for problem in _second_opinion(folder)
            if (problem.file, problem.row) not in named and problem.file not in whole_files
        ]
    order = {table.path: number for number, table in enumerate(layout.values())}
    return sorted(dict.fromkeys(found), key=lambda p: (order.get(p.file, -1), p.row))


def check_tables(
    folder: Path, layout: dict[str, schema.Table], tables: TableRows, sources: Path | None = None
) -> list[Problem]:
    """Find what is wrong with tables whose cells are of their types, without a second opinion.

    Parameters
    ----------
    folder : Path
        The lesson.
    layout : dict of str to Table
        The columns of each table.
    tables : dict of str to list of Row
        All tables.
    sources : Path, optional
        A folder with the base texts.

    Returns
    -------
    list of Problem

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> layout, tables, _ = read_folder(SAMPLE)
    >>> check_tables(SAMPLE, layout, tables)
    []
    """
    found = rules.validate(layout, tables)
    found += _unsafe(layout, tables)
    found += _leaked_names(tables)
    found += _references(folder, tables)
    if sources is not None:
        found += verbatim.problems(layout, tables, sources)
    return found


def _schema_overrides(folder: Path) -> Iterator[Problem]:
    """Find binding columns that the folder's own description changes."""
    declared = schema.read(Path(folder, schema.DESCRIPTOR).read_text(encoding="utf-8-sig"))
    for name, table in schema.binding().items():
        own = declared.get(name)
        if own is None:
            remedy = "table missing; take its description over from the lesson kwlesson came with"
            yield Problem(schema.DESCRIPTOR, 0, name, "", remedy)
            continue
        for column in table.columns.values():
            if own.columns.get(column.name) != column:
                remedy = "differs from the column every lesson has; put its description back"
                yield Problem(schema.DESCRIPTOR, 0, f"{name}.{column.name}", "", remedy)


def _unsafe(layout: dict[str, schema.Table], tables: TableRows) -> Iterator[Problem]:
    for name, rows in tables.items():
        for row in rows:
            for column, cell in row.items():
                remedy = _unsafe_remedy(column, cell)
                if remedy:
                    yield Problem(layout[name].path, row.number, column, cell, remedy)


def _unsafe_remedy(column: str, cell: str) -> str:
    if not cell:
        return ""
    if column == "url" and not _ADDRESS.fullmatch(cell):
        return "not an address; write it with https:// or http://"
    if cell.startswith(_FORMULA):
        return "a spreadsheet would take it for a formula; begin with a word"
    if _TAG.search(cell) or _TEMPLATE.search(cell):
        return "HTML and template signs show as they stand; write plain words"
    if cell != cell.strip() or "\n" in cell or "\t" in cell:
        return "has a line break, a tab or blanks at its ends; take them out"
    return ""


def _leaked_names(tables: TableRows) -> Iterator[Problem]:
    """Find rows that would give a reporter away while authors are hidden."""
    people = {row["id"]: row for row in tables["people"]}
    names: dict[str, set[str]] = {}
    for account in tables["accounts"]:
        person = people.get(account["reporter"], {"name": "", "also_known_as": ""})
        known = {account["label"], person["name"], *person["also_known_as"].split(";")} - {""}
        names.setdefault(account["case"], set()).update(known)
    accounts, points = (
        {row["id"]: row["case"] for row in tables[name]} for name in ("accounts", "points")
    )
    shown = [
        ("accounts", "retelling", "id", accounts),
        ("points", "question", "id", points),
        ("claims", "says", "point", points),
        ("claims", "hedge", "point", points),
        ("quotes", "words", "point", points),
        ("quotes", "plain", "point", points),
    ]
    for table, column, key, cases in shown:
        for row in tables[table]:
            if table == "quotes" and (row["sensitive"] == "yes" or not row["account"]):
                continue
            for name in sorted(names.get(cases.get(row[key], ""), ())):
                if re.search(rf"\b{re.escape(name)}\b", row[column]):
                    remedy = f"names {name} while authors are hidden; say it without the name"
                    yield Problem(f"{table}.csv", row.number, column, row[column], remedy)


def _references(folder: Path, tables: TableRows) -> Iterator[Problem]:
    try:
        items = json.loads(Path(folder, REFERENCES).read_text(encoding="utf-8-sig"))
        cited = [str(item["id"]) for item in items]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        remedy = "not there or not CSL-JSON; export the library again as CSL-JSON"
        yield Problem(REFERENCES, 0, "", "", remedy)
        return
    known = rules.ids(tables, "sources")
    for source in tables["sources"]:
        if source["id"] not in cited:
            remedy = f"has no item in {REFERENCES}; add it under this id"
            yield Problem("sources.csv", source.number, "id", source["id"], remedy)
    for number, key in enumerate(cited, start=1):
        if key not in known or key in cited[: number - 1]:
            remedy = "stands here twice or in no row of sources.csv; take it out or add the row"
            yield Problem(REFERENCES, number, "id", key, remedy)


def _second_opinion_on_dates(
    layout: dict[str, schema.Table], tables: TableRows
) -> Iterator[Problem]:
    oracle: Any = _author_tool("edtf")
    for name, rows in tables.items():
        for column in layout[name].columns.values():
            for row in rows if column.is_date else ():
                if row[column.name] and _accepted(row[column.name]):
                    try:
                        oracle.parse_edtf(row[column.name])
                    except ValueError:
                        yield Problem(
                            layout[name].path,
                            row.number,
                            column.name,
                            row[column.name],
                            edtf.REMEDY,
                        )


def _accepted(date: str) -> bool:
    try:
        edtf.parse(date)
    except ValueError:
        return False
    return True


def _second_opinion(folder: Path) -> Iterator[Problem]:
    frictionless: Any = _author_tool("frictionless")
    try:
        report = frictionless.Package(str(Path(folder, schema.DESCRIPTOR))).validate()
    except frictionless.FrictionlessException as failure:
        yield Problem(schema.DESCRIPTOR, 0, "", "", f"{failure.error.note}; mend the description")
        return
    for error in report.errors:
        yield Problem(schema.DESCRIPTOR, 0, "", "", f"{error.note}; mend the description")
    for task in report.tasks:
        blank = {error.row_number for error in task.errors if error.type == "blank-row"}
        for error in task.errors:
            if getattr(error, "row_number", 0) in blank:
                continue
            yield Problem(
                Path(task.place).name,
                getattr(error, "row_number", 0) or 0,
                getattr(error, "field_name", "") or "",
                getattr(error, "cell", "") or "",
                f"{error.note}; correct it",
            )


def _author_tool(name: str) -> object:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        message = f"the full check needs {name}: pip install 'kwlesson[author]'"
        raise LessonError(message) from None
