"""A quotation is held letter by letter against its paragraph."""

from __future__ import annotations

import pytest
from lesson_folder import TEXTS

import kwlesson
from kwlesson.authoring.check import check


def test_one_changed_letter_in_an_invented_quotation_is_found(fiction):
    for index, quote in enumerate(fiction.rows("quotes")):
        fiction.change("quotes", index, words="x" + quote["words"][1:])
        found = check(fiction.path, TEXTS)
        assert [(p.file, p.row, p.column) for p in found] == [("quotes.csv", index + 2, "words")]
        fiction.change("quotes", index, words=quote["words"])
    assert check(fiction.path, TEXTS) == []


@pytest.mark.parametrize(
    ("table", "index", "cells", "column"),
    [
        ("quotes", 0, {"paragraph": "1"}, "words"),
        ("quotes", 0, {"paragraph": "99"}, "paragraph"),
        ("quotes", 0, {"paragraph": ""}, "paragraph"),
        ("quotes", 0, {"paragraph": "1;3"}, "words"),
        ("quotes", 0, {"paragraph": "1;99"}, "paragraph"),
        ("claims", 2, {"hedge": "perhaps"}, "hedge"),
        ("events", 0, {"date_words": "in March"}, "date_words"),
        ("points", 0, {"note": "He said “never again” twice."}, "note"),
        ("events", 0, {"summary": "So on the fourth of March a boat struck the rocks."}, "summary"),
    ],
)  # fmt: skip
def test_a_misquotation_anywhere_is_found(fiction, table, index, cells, column):
    fiction.change(table, index, **cells)
    assert [(p.file, p.row, p.column) for p in check(fiction.path, TEXTS)] == [
        (f"{table}.csv", index + 2, column)
    ]


NEAR = {
    "one word": (
        "I put the flame to it at dust,",
        ": 'flame to it at dust,' for 'flame to it at dusk,';",
    ),
    "another paragraph": (None, ", but in paragraph"),
    "words of nobody": (
        "Nobody ever said a thing like that",
        "of harbour-book; copy it to the letter",
    ),
}


@pytest.mark.parametrize("what", NEAR)
def test_a_misquotation_shows_where_the_text_differs(fiction, what):
    words, said = NEAR[what]
    fiction.change("quotes", 0, **({"words": words} if words else {"paragraph": "1"}))
    [problem] = check(fiction.path, TEXTS)
    assert said in problem.remedy


def test_words_that_are_in_no_text_show_the_nearest(fiction):
    fiction.change("points", 0, note="He said “I put the flame to it at dawn,” and left.")
    [problem] = check(fiction.path, TEXTS)
    assert ": 'flame to it at dawn,' for 'flame to it at dusk,'; correct" in problem.remedy


def test_a_missing_text_is_named(fiction, tmp_path):
    with pytest.raises(kwlesson.LessonError, match=r"harbour-book\.txt"):
        check(fiction.path, tmp_path)
