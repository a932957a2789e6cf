"""The rules of merging, case by case: the page's JavaScript runs the same cases under Node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from test_file_format import OFTEN, alike, workbooks

from kwlesson.answers.file_format import MAX_REVISION, Entry, ParsedWorkbook, as_revision
from kwlesson.answers.merge_rules import ConflictError, merge_answer, merge_newer, merge_restored

CASES = json.loads(Path(__file__).with_name("merge_cases.json").read_text(encoding="utf-8"))
ANOTHER = "The file is of another workbook than the one here, so it only fills gaps."
NOTHING = "Nothing in the file is newer than what is here."


def cases(rule):
    return pytest.mark.parametrize("case", CASES[rule], ids=lambda case: case["name"])


def book(given):
    """Make a workbook of the short form in which the cases write answers."""
    entries = {question: Entry(*entry) for question, entry in given["answers"].items()}
    return ParsedWorkbook(entries, given.get("book", ""), given["counter"])


@cases("revision")
def test_only_a_count_is_taken_for_a_revision(case):
    assert (as_revision(case["written"]) or 0) == case["revision"]


@cases("newer")
def test_of_two_copies_the_newer_answers_stand(case):
    assert merge_newer(book(case["here"]), book(case["there"])) == book(case["merged"])


@cases("restore")
def test_a_file_brings_what_is_missing_here(case):
    here = book(case["here"])
    merged, messages = merge_restored(here, book(case["there"]))
    assert alike(merged, book(case["restored"]))
    brought = [
        question
        for question, entry in sorted(merged.entries.items())
        if not alike(entry[::2], here.entries.get(question, ())[::2])
    ]
    assert brought == case["brought"]
    assert any("brought back" in message for message in messages) is bool(case["brought"])


@cases("record")
def test_an_answer_takes_only_the_place_of_what_its_page_had_seen(case):
    stands = {"a": Entry(*case["stands"])} if case["stands"] else {}
    here = ParsedWorkbook(stands, "aa", case["stands"][1] if case["stands"] else 0)
    base = case["seen"][1] if case["seen"] else 0
    given = Entry(case["given"][-1], base + len(case["given"]))
    try:
        merged = merge_answer(here, "a", given, base)
    except ConflictError:
        status, merged = "conflict", here
    else:
        status = "recorded"
    assert (status, merged.entries["a"]) == (case["status"], Entry(*case["after"]))
    if case.get("page", {}).get("resends"):
        again = merge_answer(merged, "a", given, case["stands"][1])
        assert again.answers == {"a": case["page"]["shows"]}


@pytest.mark.parametrize(
    ("token", "there", "messages"),
    [
        ("ada", {"one": ("new", 5)}, ["1 answer was brought back."]),
        ("ada", {"one": ("new", 5), "more": ("x", 6)}, ["2 answers were brought back."]),
        ("ada", {"one": ("mine", 9)}, [NOTHING]),
        (
            "ada",
            {"one": ("old", 1), "more": ("x", 3)},
            ["1 answer was brought back.", "These answers are newer here and stay: 'one'."],
        ),
        (
            "bob",
            {"one": ("theirs", 99)},
            [ANOTHER, NOTHING, "These answers differ and stay as they are here: 'one'."],
        ),
        (
            "ada",
            {"locked": ("second", 999)},
            [NOTHING, "These answers stay as they were first given: 'locked'."],
        ),
        (
            "bob",
            {"locked": ("second", 999)},
            [ANOTHER, NOTHING, "These answers stay as they were first given: 'locked'."],
        ),
    ],
    ids=range(7),
)
def test_what_came_and_what_stayed_is_said(token, there, messages):
    here = {"one": Entry("mine", 2), "locked": Entry("first", 1, locked=True)}
    found = {question: Entry(*entry) for question, entry in there.items()}
    _, said = merge_restored(ParsedWorkbook(here, "ada", 2), ParsedWorkbook(found, token))
    assert said == tuple(messages)


@pytest.mark.parametrize(
    ("counter", "revisions"), [(1, [2, 3]), (MAX_REVISION, [MAX_REVISION] * 2)]
)
def test_another_workbooks_answers_are_numbered_in_their_order(counter, revisions):
    here = ParsedWorkbook({"one": Entry("mine", 1)}, "ada", counter)
    found = ParsedWorkbook({"two": Entry("b", 50), "x": Entry("a", 40)}, "bob", 50)
    merged, _ = merge_restored(here, found)
    assert [(one, merged.entries[one].revision) for one in ("x", "two")] == [
        *zip(("x", "two"), revisions, strict=True)
    ]
    assert (merged.entries["one"], merged.book) == (Entry("mine", 1), "ada")
    assert merged.counter == revisions[-1]


@OFTEN
@given(whole=workbooks)
def test_into_an_empty_workbook_a_file_comes_whole_and_twice_is_once(whole):
    merged, _ = merge_restored(ParsedWorkbook({}), whole)
    assert alike(merged, whole)
    assert merge_restored(merged, whole) == (merged, (NOTHING,))


def test_an_answer_gets_no_lower_revision_than_the_page_gave_it_and_none_beyond_the_last():
    merged = merge_answer(ParsedWorkbook({}), "one", Entry("left", 7))
    merged = merge_answer(merged, "two", Entry("up", 3))
    assert [entry.revision for entry in merged.entries.values()] == [7, 8]
    last = merge_answer(merged._replace(counter=MAX_REVISION), "one", Entry("right"))
    assert (last.entries["one"].revision, last.counter) == (MAX_REVISION, MAX_REVISION)


def test_without_a_base_an_answer_takes_the_place_of_any_that_is_not_locked():
    here = ParsedWorkbook({"one": Entry("left", 5)}, "ada", 5)
    assert merge_answer(here, "one", Entry("right")).answers == {"one": "right"}
    locked = merge_answer(here, "one", Entry("left", locked=True))
    assert locked.entries["one"] == Entry("left", 6, locked=True)
    assert merge_answer(locked, "one", Entry("right", locked=True)) is locked


def test_the_same_answer_again_changes_nothing_and_one_and_true_are_two():
    here = ParsedWorkbook({"one": Entry(answer=True, revision=1)}, "ada", 1)
    assert merge_answer(here, "one", Entry(answer=True, revision=9)) is here
    assert merge_answer(here, "one", Entry(1)).answers["one"] is not True
