"""The rules of merging, case by case: the page's JavaScript runs the same cases under Node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kwlesson.answers.file_format import (
    Entry,
    ParsedWorkbook,
    as_dict,
    as_revision,
    dumps,
)
from kwlesson.answers.merge_rules import merge_newer
from kwlesson.answers.workbook import ConflictError, Workbook

CASES = json.loads(Path(__file__).with_name("merge_cases.json").read_text(encoding="utf-8"))


def cases(rule):
    return pytest.mark.parametrize("case", CASES[rule], ids=lambda case: case["name"])


def book(given):
    """Make a workbook of the short form in which the cases write answers."""
    entries = {question: Entry(*entry) for question, entry in given["answers"].items()}
    return ParsedWorkbook(entries, given.get("book", ""), given["counter"])


def workbook(path, given):
    """Write a workbook as its file; one that is empty has none yet."""
    found = Workbook(path)
    if given.entries:
        found.path.parent.mkdir()
        found.path.write_text(dumps(given), encoding="utf-8")
    return found


@cases("revision")
def test_only_a_count_is_taken_for_a_revision(case):
    assert (as_revision(case["written"]) or 0) == case["revision"]


@cases("newer")
def test_of_two_copies_the_newer_answers_stand(case):
    assert merge_newer(book(case["here"]), book(case["there"])) == book(case["merged"])


@cases("restore")
def test_a_file_brings_what_is_missing_here(case, tmp_path):
    here = workbook(tmp_path / "here", book(case["here"]))
    before = here.snapshot()["answers"]
    restored = here.restore(dumps(book(case["there"])))
    after = here.snapshot()
    wanted = as_dict(book(case["restored"]))
    assert (after["counter"], after["answers"]) == (wanted["counter"], wanted["answers"])
    # A workbook without a token gets one of its own when it is written.
    assert after["book"] == case["restored"].get("book", after["book"])
    brought = [
        question
        for question, entry in after["answers"].items()
        if question not in before
        or json.dumps({**entry, "n": 0}) != json.dumps({**before[question], "n": 0})
    ]
    assert sorted(brought) == case["brought"]
    assert any("brought back" in sentence for sentence in restored.messages) == bool(brought)


@cases("record")
def test_an_answer_takes_only_the_place_of_what_its_page_had_seen(case, tmp_path):
    stands = {"a": case["stands"]} if case["stands"] else {}
    counter = case["stands"][1] if case["stands"] else 0
    found = workbook(tmp_path / "here", book({"book": "aa", "counter": counter, "answers": stands}))
    base = case["seen"][1] if case["seen"] else 0
    given = {"revision": base + len(case["given"]), "base_revision": base}
    try:
        found.record("a", case["given"][-1], **given)
    except ConflictError:
        status = "conflict"
    else:
        status = "recorded"
    assert status == case["status"]
    wanted = as_dict(book({"counter": 0, "answers": {"a": case["after"]}}))
    assert found.snapshot()["answers"] == wanted["answers"]
    if case.get("page", {}).get("resends"):
        found.record("a", case["given"][-1], base_revision=case["stands"][1])
        assert found.answers == {"a": case["page"]["shows"]}
