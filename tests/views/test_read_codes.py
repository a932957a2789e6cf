"""Codes in a chat are read, named where they are mistyped, and shown as a class."""

from __future__ import annotations

from kwlesson.answers.answer_code import Codebook


def test_codes_in_a_chat_become_a_picture(invented):
    book = Codebook(invented)
    chat = f"Ada: {book.encode({'who-saw': 'keeper'})}\nBen: {book.encode({'who-saw': 'master'})}"
    board = invented.read_codes(chat + "\nCleo: KW1-0000-0000")
    assert board.context["learners"] == 2
    assert "line 3" in board.text()
    assert "line 3" in board.page()


def test_pasting_a_chat_shows_the_class(invented):
    board = invented.read_codes()
    box = board.live()
    area, button, shown = box.children[1:]
    area.value = f"hello {Codebook(invented).encode({'who-saw': 'keeper'})}"
    button.click()
    assert "1 code read" in shown.value
