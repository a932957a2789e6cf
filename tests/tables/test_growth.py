"""Nothing grows faster than its rows; work is counted in lines of Python, not in seconds."""

from __future__ import annotations

import sys
from functools import cache
from itertools import product

import large_lesson
import pytest

import kwlesson
from kwlesson import paths
from kwlesson.authoring import every_view
from kwlesson.tables import edtf
from kwlesson.tables.reader import shared_terms

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

ROWS, ROWS_DRAWN = 4_000, 600
# Twice the rows, twice the work; a little more for what a lesson has only once.
AT_MOST = 2.2
OURS = str(paths.PACKAGE)


@cache
def lesson(shape, rows):
    return kwlesson.Lesson(large_lesson.LAYOUT, large_lesson.grow(rows, shape))


CALLS = every_view.calls(kwlesson.load(kwlesson.SAMPLE), most=1)
every_view = pytest.mark.parametrize("said", CALLS)
every_shape = pytest.mark.parametrize("shape", large_lesson.SHAPES)


def lines_run_by(action):
    """Count the lines of the package and of its templates that an action runs."""
    count = 0

    def each_line(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return each_line

    def each_call(frame, _event, _argument):
        return each_line if frame.f_code.co_filename.startswith(OURS) else None

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        action()
    finally:
        sys.settrace(before)
    return count


def assert_work_grows_with_rows(action, few, many):
    once, twice = (lines_run_by(lambda of=of: action(of)) for of in (few, many))
    assert once > 0
    assert twice <= AT_MOST * once, twice / once


def test_a_lesson_is_as_large_as_is_wanted():
    sizes = (ROWS_DRAWN, 2 * ROWS_DRAWN, ROWS, 2 * ROWS)
    for shape, rows in product(large_lesson.SHAPES, sizes):
        made = lesson(shape, rows)
        own = sum(len(made.records(table)) for table in made.table_names) - len(shared_terms())
        assert abs(own / rows - 1) < 0.12


@every_shape
def test_a_load_does_no_more_for_each_row_of_a_longer_lesson(tmp_path, shape):
    def load(folder):
        edtf.parse.cache_clear()
        kwlesson.load(folder)

    folders = [large_lesson.write(tmp_path / str(n), n * ROWS, shape) for n in (1, 2)]
    assert_work_grows_with_rows(load, *folders)


@every_view
@every_shape
def test_no_view_gathers_more_for_each_row_of_a_longer_lesson(said, shape):
    few, many = (lesson(shape, rows) for rows in (ROWS, 2 * ROWS))
    assert_work_grows_with_rows(CALLS[said], few, many)


@every_view
@every_shape
def test_no_view_draws_more_for_each_row_of_a_longer_lesson(said, shape):
    def draw(of):
        view = CALLS[said](of)
        return view.page(), view.text()

    few, many = (lesson(shape, rows) for rows in (ROWS_DRAWN, 2 * ROWS_DRAWN))
    assert_work_grows_with_rows(draw, few, many)


@every_shape
def test_work_that_grows_with_the_square_would_be_found(shape):
    few, many = (lesson(shape, rows) for rows in (ROWS, 2 * ROWS))
    source = "def find(of):\n for _ in of.by_id('links'):\n  for _ in of.by_id('links'): pass"
    exec(compile(source, f"{OURS}/spoilt.py", "exec"), names := {})  # noqa: S102 - as if it were ours
    with pytest.raises(AssertionError):
        assert_work_grows_with_rows(names["find"], few, many)
