"""A change of any cell is noticed: by a check, or by somebody who looks at a view."""

from __future__ import annotations

import copy
import subprocess
import sys
from functools import cache
from pathlib import Path

import mutation
import pytest
from mutation import (
    CHECK,
    LETTER,
    NOBODY,
    PAGE,
    STORED,
    SWAP,
    TEXT,
    Cell,
    ChangedLesson,
    labs,
    report,
)

from kwlesson import paths
from kwlesson.tables.schema import binding

# The real lesson is large, so one cell of a column is tried there; `make mutate` tries them all.
TRIED = {"data": 1, "transfer": 3, "sample": 3}
# Ids and days in the marks of a page, and notes that wait until somebody has judged.
PAGE_ALONE = {"claims.id", "events.date", "notes.text", "quotes.editorial"}


@cache
def lab(name):
    return labs()[name]()


@cache
def noticed(name):
    return lab(name).noticed(TRIED[name])


def named(name, who):
    return [str(cell) for cell, one in noticed(name).items() if one == who]


@pytest.mark.parametrize("name", labs())
def test_a_change_of_any_cell_is_noticed(name):
    assert {cell.table for cell in noticed(name)} == set(binding())
    assert named(name, NOBODY) == []


@pytest.mark.parametrize("name", labs())
def test_what_no_text_says_is_known(name):
    alone = {f"{one.table}.{one.column}" for one, who in noticed(name).items() if who == PAGE}
    assert alone <= PAGE_ALONE


@pytest.mark.parametrize(("name", "stored"), [("data", True), ("sample", False)])
def test_the_text_that_notebooks_store_is_told_apart(name, stored):
    assert bool(named(name, STORED)) is stored
    assert named(name, TEXT)


def test_a_change_that_nobody_notices_would_be_found():
    cell = Cell("points", "number", 0, LETTER)
    assert lab("sample").who_notices(cell) == TEXT
    blind = copy.copy(lab("sample"))
    blind.calls = {}
    assert blind.who_notices(cell) == NOBODY
    assert "    nobody sees points.csv:2:number: a letter more" in report("x", {cell: NOBODY})
    assert blind.who_notices(Cell("points", "case", 0, LETTER)) == CHECK


@pytest.mark.parametrize("table", binding())
def test_a_cell_that_a_view_is_said_not_to_read_makes_no_difference(table):
    """Hold the tracing itself: what it leaves out is tried after all."""
    sample = lab("sample")
    cells = [one for one in noticed("sample") if one.table == table and one.kind == SWAP]
    for cell in cells[::4]:
        if noticed("sample")[cell] == CHECK:
            continue
        tables = sample.tables | {table: sample.changed(cell)}
        other = ChangedLesson(sample.lesson, sample.layout, tables, table)
        read = {name for at in (None, cell.index)
                for name in sample.readers[PAGE].get((table, at, cell.column), ())}  # fmt: skip
        for name, call in list(sample.calls[PAGE].items())[::5]:
            assert name in read or not sample.differs(PAGE, name, call, other), (cell, name)


def test_make_mutate_starts():
    program = Path(mutation.__file__)
    assert (
        program.relative_to(paths.CHECKOUT).as_posix() in (paths.CHECKOUT / "Makefile").read_text()
    )
    done = subprocess.run([sys.executable, program, "no lesson"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
