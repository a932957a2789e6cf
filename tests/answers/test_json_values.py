"""An answer is kept as JSON keeps it, or refused in one sentence."""

from __future__ import annotations

import pytest

import kwlesson
from kwlesson.answers.json_values import format_ids, to_json


def nested(depth: int) -> object:
    value: object = "core"
    for _ in range(depth):
        value = [value]
    return value


def endless() -> list[object]:
    value: list[object] = []
    value.append(value)
    return value


def wide() -> object:
    value: object = "x"
    for _ in range(30):
        value = [value] * 10
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({1, 2}, "a set is no JSON value"),
        (b"bytes", "a bytes is no JSON value"),
        (float("nan"), "nan is no JSON number"),
        ([1.0, float("-inf")], "-inf is no JSON number"),
        ({1: "one"}, "a int is no JSON key"),
        (10**5000, "a number is too long"),
        ("x" * 250_001, "it is longer than 250,000 characters"),
        ({"k" * 250_001: 1}, "it is longer than 250,000 characters"),
        ([0] * 250_001, "it is longer than 250,000 characters"),
        (wide(), "it is longer than 250,000 characters"),
        (nested(33), "it is nested more than 32 deep"),
        (nested(10_000), "it is nested more than 32 deep"),
        (endless(), "it is nested more than 32 deep"),
    ],
    ids=range(13),
)
def test_what_is_no_answer_is_refused_in_one_sentence(value, reason):
    with pytest.raises(kwlesson.LessonError) as caught:
        to_json(value, "The answer to 'one'")
    assert str(caught.value) == f"The answer to 'one' cannot be kept: {reason}."


@pytest.mark.parametrize("value", [nested(32), "x" * 250_000, 2**1000 - 1], ids=range(3))
def test_an_answer_may_be_so_deep_and_so_long(value):
    assert to_json(value, "The answer") == value


def test_half_a_character_becomes_a_replacement_sign_and_two_halves_one_character():
    given = {"\udfff": "a\ud83d b \ud83d\ude00"}
    assert to_json(given, "The answer") == {"\ufffd": "a\ufffd b \U0001f600"}


def test_of_many_questions_the_first_are_named_and_long_ids_are_cut():
    named = [f"question-{number}" for number in range(20)]
    assert format_ids(named).endswith("'question-4' and 15 more")
    assert format_ids(["x" * 10_000]) == f"'{'x' * 60}...'"
