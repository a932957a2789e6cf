"""A class is counted: every choice of every question, every test, and every odd answer."""

from __future__ import annotations

import pytest

from kwlesson.classroom.gather import Learner
from kwlesson.classroom.summary import summarise
from kwlesson.tables.schema import TESTS
from kwlesson.tables.store import questions_with_choices


def learners(question, answers):
    return [Learner("", "", {question: answer}) for answer in answers]


def test_every_choice_of_every_question_is_counted(lesson):
    wrap = {
        "scale": lambda one: {"choice": one, "reason": "because"},
        "evidence": lambda one: [one],
        "choice": lambda one: one,
    }
    questions = [one for one in questions_with_choices(lesson) if one["choices"]]
    assert {one["kind"] for one in questions} == set(wrap)
    for question in questions:
        given = [choice["id"] for choice in question["choices"]]
        answers = [wrap[question["kind"]](one) for one in (given[0], given[0], given[-1])]
        summary = summarise([lesson], learners(question["id"], [*answers, "no-such-choice"]))
        rounds = [
            (notebook, [row["bars"][column] for row in rating["rows"]])
            for rating in summary["ratings"]
            if rating["prompt"] == question["prompt"]
            for column, (notebook, _) in enumerate(rating["rounds"])
        ]
        rounds += [
            (one["notebook"], one["rows"])
            for one in summary["spreads"]
            if one["id"] == question["id"]
        ]
        counts = [row["count"] for row in dict(rounds)[question["notebook"]]]
        assert (counts[0], counts[-1], sum(counts)) == (2, 1, 3), question["id"]
        unknown = [one["unknown"] for one in summary["spreads"] if one["answered"]]
        assert unknown == ([] if question["kind"] == "scale" else [1])


@pytest.mark.parametrize("column", TESTS)
def test_the_answers_to_each_test_are_counted_beside_ours(column, lesson):
    rows = [row for row in lesson.records("corroborations") if row["other_speaker"]]
    odd = [{column: "<b>"}, {column: ["yes"]}, [column], "yes", None, {}]
    said = [{column: "yes"}, {column: "unclear"}, {column: "unclear"}, *odd]
    counts = [("yes", 1), ("no", 0), ("unclear", 2)]
    for row in rows:
        summary = summarise([lesson], learners(f"corroborations:{row['id']}", said))
        pieces = [piece for one in summary["judged"] for piece in one["pieces"]]
        assert [piece["id"] for piece in pieces] == [one["id"] for one in rows]
        for piece, ours in zip(pieces, rows, strict=True):
            for test, known in zip(piece["tests"], TESTS, strict=True):
                is_this = (piece["id"], known) == (row["id"], column)
                assert test["counts"] == (counts if is_this else [(one, 0) for one, _ in counts])
                assert test["ours"] == ours[known]
