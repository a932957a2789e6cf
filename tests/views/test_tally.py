"""Hands are counted: a box and a bar for each choice of a question."""

from __future__ import annotations

from html_probe import Page


def test_there_is_a_box_and_a_bar_for_each_choice_of_each_question(lesson):
    for question in {row["question"]: None for row in lesson.records("choices")}:
        choices = [row["text"] for row in lesson.records("choices", question=question)]
        tally = lesson.tally(question)
        rows = tally.live().children[1:]
        assert [row.children[0].description for row in rows] == choices
        page = tally.page()
        for choice in choices:
            assert choice in Page(page).text
            assert choice.split()[0] in tally.text()
        assert page.count('<input type="number"') == len(choices)
