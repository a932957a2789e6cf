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

# Coverage would follow the same lines for each cell.
pytestmark = pytest.mark.no_cover
# The real lesson is large, so one cell of a column is tried there; `make mutate` tries them all.
TRIED = {"data": 1, "transfer": 3, "sample": 3}
# Ids, days and languages in the marks of a page, what is drawn, and what waits until somebody has
# judged.
PAGE_ALONE = {
    "claims.id", "events.date", "names.language", "notes.text", "quotes.editorial", "links.says",
    "outlines.credit", "outlines.kind", "outlines.name", "outlines.points", "people.decider",
    "places.latitude", "places.longitude", "supports.bearing", "supports.note", "supports.number",
    "terms.term",
}  # fmt: skip
# A key that nothing points to tells rows apart. Of the acts and kinds that come with kwlesson a
# lesson names some: tests/tables/test_wording.py tries the others.
UNSEEN = {"outlines.id", "terms.alone", "terms.plural", "terms.sense", "terms.sentence"}


@cache
def lab(name):
    return labs()[name]()


@cache
def noticed(name):
    return lab(name).noticed(TRIED[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", labs())
def test_a_change_of_any_cell_is_noticed(name):
    assert {cell.table for cell in noticed(name)} == set(binding())
    unseen = {f"{one.table}.{one.column}" for one, who in noticed(name).items() if who == NOBODY}
    assert unseen <= UNSEEN


@pytest.mark.slow
@pytest.mark.parametrize("name", labs())
def test_what_no_text_says_is_known(name):
    alone = {f"{one.table}.{one.column}" for one, who in noticed(name).items() if who == PAGE}
    assert alone <= PAGE_ALONE


@pytest.mark.slow
def test_the_text_that_notebooks_store_is_told_apart():
    assert set(noticed("data").values()) >= {CHECK, STORED, TEXT}
    assert STORED not in noticed("sample").values()


def test_a_change_that_nobody_notices_would_be_found():
    cell = Cell("points", "number", 0, LETTER)
    assert lab("sample").who_notices(cell) == TEXT
    blind = copy.copy(lab("sample"))
    blind.calls = {}
    assert blind.who_notices(cell) == NOBODY
    assert "    nobody sees points.csv:2:number: a letter more" in report("x", {cell: NOBODY})
    assert blind.who_notices(Cell("points", "case", 0, LETTER)) == CHECK


@pytest.mark.slow
def test_a_view_that_is_said_not_to_read_a_cell_does_not_depend_on_it():
    """Hold the tracing itself: some of what it leaves out is tried after all."""
    sample = lab("sample")
    views = list(sample.calls[PAGE].items())
    seen = [cell for cell, who in noticed("sample").items() if who != CHECK and cell.kind == SWAP]
    for number, cell in enumerate(seen):
        tables = sample.tables | {cell.table: sample.changed(cell)}
        other = ChangedLesson(sample.lesson, sample.layout, tables, cell.table)
        cells = [(cell.table, at, cell.column) for at in (None, cell.index)]
        read = {name for one in cells for name in sample.readers[PAGE].get(one, ())}
        for name, call in views[number % 7 :: 7]:
            assert name in read or not sample.differs(PAGE, name, call, other), (cell, name)


def test_make_mutate_starts():
    program = Path(mutation.__file__)
    assert (
        program.relative_to(paths.CHECKOUT).as_posix() in (paths.CHECKOUT / "Makefile").read_text()
    )
    done = subprocess.run([sys.executable, program, "no lesson"], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
