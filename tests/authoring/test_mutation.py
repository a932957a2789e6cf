"""A change of any cell is noticed: by a check, or by somebody who looks at a view."""

from __future__ import annotations

import copy
import sys
from functools import cache

import pytest
from mutation import LETTER, Cell, labs, main

from kwlesson.tables.schema import binding


@cache
def lab(name):
    return labs()[name]


def unseen(sampled):
    return [str(cell) for cell, who in sampled.items() if not who]


@pytest.mark.parametrize("table", binding())
@pytest.mark.parametrize("name", labs())
def test_a_change_of_a_cell_is_noticed(name, table):
    sampled = lab(name).sampled(table)
    assert sampled
    assert unseen(sampled) == []


def test_a_change_that_nobody_notices_would_be_found():
    cell = Cell("points", "number", 0, LETTER)
    assert lab("sample").who_notices(cell) == "compare harbour-light"
    blind = copy.copy(lab("sample"))
    blind.wide, blind.narrow = {}, {}
    assert blind.who_notices(cell) == ""
    assert unseen({cell: ""}) == ["points.csv:2:number: a letter more"]
    assert blind.who_notices(Cell("points", "case", 0, LETTER)) == "check"


if __name__ == "__main__":
    main(sys.argv[1:])
