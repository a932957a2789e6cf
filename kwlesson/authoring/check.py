"""Everything that can be wrong with a lesson, for the people who change its tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from kwlesson.authoring import verbatim
from kwlesson.errors import Problem
from kwlesson.tables import rules, schema
from kwlesson.tables.reader import Row, TableRows, read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCES = "references.json"
_TAG = re.compile(r"</?[A-Za-z!][^>]*>|&[A-Za-z#][A-Za-z0-9]*;")
_TEMPLATE = re.compile(r"\{\{|\{%")
# A number, or a date of a year before ours.
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?|-[0-9]{4}[-0-9T:/.~?%]*")
_FORMULA = ("=", "+", "-", "@")
_WORD = re.compile(r"\w+")
_WORD_END = re.compile(r"\b")
_MASKED = (
    ("cases", "id", "title", "question"),
    ("accounts", "id", "retelling", "silence"),
    ("points", "id", "question"),
    ("claims", "point", "says", "brief", "hedge"),
    ("quotes", "point", "words", "plain"),
)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def check(folder: Path, sources: Path | None = None) -> list[Problem]:
    """Find everything that is wrong with a lesson.

    Parameters
    ----------
    folder : Path
        The lesson: its tables, references.json where it has one, a datapackage.json where it adds.
    sources : Path, optional
        A folder with the base texts; with it every quotation is held against its paragraph.

    Returns
    -------
    list of Problem
        In the order of the tables; empty when all is well.

    Raises
    ------
    LessonError
        When the folder is no lesson, or a text is missing.

    Examples
    --------
    >>> from kwlesson.paths import SAMPLE
    >>> check(SAMPLE, SAMPLE / "texts")
    []
    """
    layout, _, blocking, others = check_folder(folder, sources)
    order = {table.path: number for number, table in enumerate(layout.values())}
    found = dict.fromkeys(blocking + others)
    return sorted(found, key=lambda p: (order.get(p.file, -1), p.row))


def check_folder(
    folder: Path, sources: Path | None = None
) -> tuple[dict[str, schema.Table], TableRows, list[Problem], list[Problem]]:
    """Read a lesson, and find what keeps it from loading and what else is wrong.

    Parameters
    ----------
    folder : Path
        The lesson.
    sources : Path, optional
        A folder with the base texts.

    Returns
    -------
    layout : dict of str to Table
        The columns of each table.
    tables : dict of str to list of Row
        All tables that could be read.
    blocking, others : list of Problem
        What keeps the lesson from loading, and what does not.
    """
    layout, tables, blocking = read_folder(folder)
    others = list(_schema_overrides(schema.added(folder)))
    if len(tables) == len(layout):
        # Where a row or an id was not read, others point to nothing through no fault of theirs.
        unread = tuple(f"no such id in {p.file}" for p in blocking if p.column in {"", "id"})
        broken = rules.validate(layout, tables)
        blocking += [p for p in broken if not (unread and p.remedy.startswith(unread))]
        others += _beyond_rules(folder, layout, tables, sources)
    return layout, tables, blocking, others


def check_tables(
    folder: Path, layout: dict[str, schema.Table], tables: TableRows, sources: Path | None = None
) -> list[Problem]:
    """Find what is wrong with tables whose cells are of their types.

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
    return rules.validate(layout, tables) + _beyond_rules(folder, layout, tables, sources)


def _beyond_rules(
    folder: Path, layout: dict[str, schema.Table], tables: TableRows, sources: Path | None
) -> list[Problem]:
    found = list(_unsafe(layout, tables))
    found += _leaked_names(tables)
    found += _references(folder, tables)
    if sources is not None:
        found += verbatim.problems(layout, tables, sources)
    return found


def _schema_overrides(own: dict[str, schema.Table]) -> Iterator[Problem]:
    """Find columns that every lesson has and that the folder describes otherwise."""
    for name, table in schema.binding().items():
        for column in own[name].columns.values() if name in own else ():
            if column != table.columns.get(column.name, column):
                remedy = "differs from the column that every lesson has; take it out"
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
    if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return "a spreadsheet would take it for a formula; begin with a word"
    if _TAG.search(cell) or _TEMPLATE.search(cell):
        return "HTML and template signs show as they stand; write plain words"
    if cell != cell.strip() or "\n" in cell or "\t" in cell:
        return "has a line break, a tab or blanks at its ends; take them out"
    return ""


def _leaked_names(tables: TableRows) -> Iterator[Problem]:
    """Find rows that would give a reporter away while authors are hidden."""
    people = {row["id"]: row for row in tables["people"]}
    names: dict[str, dict[int, set[str]]] = {}  # by case, then by length
    for account in tables["accounts"]:
        person = people.get(account["reporter"], {"name": "", "also_known_as": ""})
        of_case = names.setdefault(account["case"], {})
        for name in (account["label"], person["name"], *person["also_known_as"].split(";")):
            if name:
                of_case.setdefault(len(name), set()).add(name)
    for table, row, column, case in masked_cells(tables):
        for name in _names_in(row[column], names.get(case, {})):
            remedy = f"names {name} while authors are hidden; say it without the name"
            yield Problem(f"{table}.csv", row.number, column, row[column], remedy)


def masked_cells(tables: TableRows) -> Iterator[tuple[str, Row, str, str]]:
    """Find what is shown while authors are hidden.

    Parameters
    ----------
    tables : dict of str to list of Row
        The tables of a lesson.

    Yields
    ------
    tuple of str, Row, str and str
        The table, the row, the column and the case that it is of.
    """
    cases = {row["id"]: row["case"] for name in ("accounts", "points") for row in tables[name]}
    cases |= {row["id"]: row["id"] for row in tables["cases"]}
    for table, key, *columns in _MASKED:
        for row in tables[table]:
            if table == "quotes" and (row["sensitive"] == "yes" or not row["account"]):
                continue
            for column in columns:
                yield table, row, column, cases.get(row[key], "")


def _names_in(text: str, names: dict[int, set[str]]) -> list[str]:
    """Return which names stand in a text as words of their own; they are given by length."""
    found = {
        text[start:end]
        for start in (word.start() for word in _WORD.finditer(text) if names)
        for end in (start + length for length in names)
        if text[start:end] in names[end - start] and _WORD_END.match(text, end)
    }
    return sorted(found)


def _references(folder: Path, tables: TableRows) -> Iterator[Problem]:
    if not Path(folder, REFERENCES).exists():
        return
    try:
        items = json.loads(Path(folder, REFERENCES).read_text(encoding="utf-8-sig"))
        cited = [str(item["id"]) for item in items]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        remedy = "not CSL-JSON; export the library again as CSL-JSON, or take it out"
        yield Problem(REFERENCES, 0, "", "", remedy)
        return
    known = rules.ids(tables, "sources")
    has_item = set(cited)
    for source in tables["sources"]:
        if source["id"] not in has_item:
            remedy = f"has no item in {REFERENCES}; add it under this id"
            yield Problem("sources.csv", source.number, "id", source["id"], remedy)
    seen: set[str] = set()
    for number, key in enumerate(cited, start=1):
        if key not in known or key in seen:
            remedy = "stands here twice or in no row of sources.csv; take it out or add the row"
            yield Problem(REFERENCES, number, "id", key, remedy)
        seen.add(key)
