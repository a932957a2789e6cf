"""Whatever the first version wrote still reads: answer files whole and damaged, codes, a page.

The fixtures were written by that version, before anything of it was changed, and hold what it read
in each of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from html_probe import Page

from kwlesson.answers.answer_code import Codebook
from kwlesson.answers.file_format import dumps, loads
from kwlesson.answers.workbook import Workbook
from kwlesson.classroom.chat_parser import read_chat
from kwlesson.classroom.gather import Learner, gather
from kwlesson.views.gather.view import ClassPicture

FIXTURES = Path(__file__).parent / "fixtures"
WHOLE = (FIXTURES / "answers.json").read_bytes()
DAMAGED, LESSONS, ARGUMENTS = (
    json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("damaged", "codes", "arguments")
)
SOUND = ["", "ada", 3, {"one": ["left \u00e9", 1, False], "two": [["a", "b"], 2, False],
                        "three": [{"choice": "likely", "reason": "so"}, 3, True]}]  # fmt: skip


def reads(content):
    found = loads(content)
    entries = {question: list(entry) for question, entry in found.entries.items()}
    return [found.status, found.book, found.counter, entries]


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case["file"])
def test_every_file_that_was_read_is_read_alike_whatever_happened_to_it(case):
    content = case["text"].encode(case.get("encoding", "utf-8"))
    assert reads(content) == case.get("reads", SOUND)
    assert bool(loads(content).messages) is (loads(content).status != "")


def test_every_kind_of_answer_is_read_and_written_again_to_the_byte():
    stored = json.loads(WHOLE)
    expected = {question: list(entry.values()) for question, entry in stored["answers"].items()}
    assert reads(WHOLE) == ["", stored["book"], stored["counter"], expected]
    assert dumps(loads(WHOLE)).encode() == WHOLE


def test_of_a_file_that_is_cut_off_every_whole_line_is_read():
    lines = WHOLE.splitlines(keepends=True)
    questions = list(json.loads(WHOLE)["answers"])
    for kept in range(1, len(lines) - 1):
        found = loads(b"".join(lines[:kept]) + lines[kept][:9])
        assert list(found.entries) == questions[: kept - 1]


def test_answers_go_on_where_they_were_left(tmp_path):
    (tmp_path / "answers.json").write_bytes(WHOLE)
    work, before = Workbook(tmp_path), json.loads(WHOLE)
    assert work.record("rating-1", "another") == before["answers"]["rating-1"]["answer"]
    work.record("no-attacker-2", "new")
    assert work.snapshot()["book"] == before["book"]
    assert work.snapshot()["counter"] == before["counter"] + 1
    assert Workbook(tmp_path / "other").restore(WHOLE).answers.items() <= work.answers.items()


class Questions:
    """The questions of a lesson as they were when its codes were made."""

    def __init__(self, rows):
        self._rows = [{"id": question, "kind": kind} for question, kind, _ in rows]
        self._choices = {
            question: [{"id": one} for one in choices] for question, _, choices in rows
        }

    def records(self, _table):
        return self._rows

    def grouped(self, _table, _column):
        return self._choices


@pytest.mark.parametrize("name", LESSONS)
def test_every_code_reads_as_the_answers_it_was_made_of(name):
    books = {one: Codebook(Questions(kept["questions"])) for one, kept in LESSONS.items()}
    for code, answers in LESSONS[name]["codes"]:
        assert books[name].decode(code) == answers
        assert books[name].encode(answers) == code
        assert read_chat(f"Ada: {code.lower()}, thanks", books.values()) == ([answers], [])


@pytest.mark.parametrize("case", ARGUMENTS, ids=lambda case: case["case"])
def test_the_words_of_every_argument_are_shown_to_the_class(case, invented):
    shown = ClassPicture([invented], [Learner("", "", {"argument": case["answer"]})])
    claims = [one["claim"] for one in shown.facts["arguments"]]
    assert claims == [case["answer"]["claim"].strip()] * bool(case["answer"]["claim"])
    assert Page(shown.page()).unbalanced == []


def test_an_argument_page_is_named_among_handed_in_files_and_not_taken_for_answers():
    found = gather(FIXTURES / "my-argument.html")
    assert found.learners == []
    assert [(one.place, one.reason) for one in found.skipped] == [
        ("my-argument.html", "not an answer file: its name does not end in .json")
    ]
