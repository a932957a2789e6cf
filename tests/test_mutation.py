"""A change of any cell is noticed: by a check, or by somebody who looks at a view."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from mutation import LETTER, SWAP, Cell, labs, main

from kwlesson.schema import binding

MAKERS = "number of the row in the makers' file of evidence"
# Columns that no view shows, by design, each with the reason.
UNSEEN = {
    ("points", "number"): MAKERS,
    ("quotes", "number"): MAKERS,
    ("events", "number"): MAKERS,
    ("corroborations", "number"): MAKERS,
    ("supports", "event"): "joins a support to the timeline; a view shows the quotation and source",
    ("quotes", "event"): "joins a quotation to the timeline, for those who compute with the tables",
    ("claims", "paragraph"): "where the makers found it; held against the text where it is quoted",
    ("accounts", "source"): "counts where an account has a route only; the route names its source",
    ("accounts", "route"): "joins a report to its hands, for those who compute with the tables",
}
# Changes of one kind that some rows bear in silence, while others of the column show them.
SILENT = {
    ("points", "core", SWAP): "points from documents beyond the texts are under 'more' anyway",
    ("points", "order", SWAP): "turns nothing within a few points of documents",
    ("questions", "order", SWAP): "turns nothing where a notebook has few questions",
    ("claims", "source", SWAP): "of two documents beyond the texts, no view says which is meant",
    ("events", "date_words", SWAP): "gives way where the date says the same or was worked out",
    ("events", "after", SWAP): "two events that are both later may stand in the same place",
    ("events", "people", SWAP): "the same people in another order are the same people",
    ("notes", "about", SWAP): "some notes on events are read only on the card of their source",
    ("events", "date_words", LETTER): "held against the text, where the texts are there",
    ("accounts", "silence", LETTER): "said only where a point quotes nothing from this account",
}


@cache
def lab(name):
    return labs()[name]


def unseen(sampled):
    return [
        str(c)
        for c, who in sampled.items()
        if not who and (c.table, c.column, c.kind) not in SILENT
    ]


@pytest.mark.parametrize("table", binding())
@pytest.mark.parametrize("name", labs())
def test_a_change_of_a_cell_is_noticed(name, table):
    leave = {column for one, column in UNSEEN if one == table}
    sampled = lab(name).sampled(table, leave)
    assert sampled
    assert unseen(sampled) == []


def test_a_change_that_nobody_notices_would_be_found():
    cell = Cell("points", "number", 0, LETTER)
    assert lab("fictional").who_notices(cell) == ""
    assert unseen({cell: ""}) == ["points.csv:2:number: a letter more"]
    assert lab("fictional").who_notices(Cell("points", "question", 0, LETTER))
    assert lab("fictional").who_notices(Cell("points", "case", 0, LETTER)) == "check"


if __name__ == "__main__":
    main(sys.argv[1:])
