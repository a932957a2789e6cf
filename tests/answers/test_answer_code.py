"""An answer code carries choices alone, comes back as it went, and is refused when mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson.answers.answer_code import PREFIX, Codebook

LESSONS = {"the lesson": kwlesson.load(), "the invented lesson": kwlesson.load(kwlesson.SAMPLE)}
BOOKS = {name: Codebook(lesson) for name, lesson in LESSONS.items()}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MANY = settings(max_examples=60)


@pytest.fixture(params=BOOKS.values(), ids=list(BOOKS))
def book(request):
    return request.param


def answers_to(book):
    """Any answers to some of the questions."""
    each = {
        one.id: st.lists(st.sampled_from(one.choices), unique=True).map(
            lambda ticked, all_of=one.choices: [each for each in all_of if each in ticked]
        )
        if one.kind == "evidence"
        else st.sampled_from(one.choices)
        for one in book.questions
    }
    return st.fixed_dictionaries({}, optional=each)


def test_the_codes_of_another_lesson_are_refused_though_its_questions_are_the_same(
    fiction, invented
):
    describe = fiction.path / "datapackage.json"
    describe.write_text('{"name": "another-name"}')
    code = Codebook(kwlesson.load(fiction.path)).encode({"who-saw": "keeper"})
    with pytest.raises(kwlesson.LessonError, match="belongs to other questions"):
        Codebook(invented).decode(code)


@pytest.mark.parametrize("name", BOOKS)
@MANY
@given(data=st.data())
def test_a_code_read_gives_the_answers_written(name, data):
    book = BOOKS[name]
    answers = data.draw(answers_to(book))
    assert book.decode(book.encode(answers)) == answers


@pytest.mark.parametrize("name", BOOKS)
@MANY
@given(data=st.data())
def test_any_one_wrong_character_is_refused(name, data):
    book = BOOKS[name]
    code = book.encode(data.draw(answers_to(book)))
    place = data.draw(st.sampled_from([at for at, sign in enumerate(code) if sign != "-"]))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))
    with pytest.raises(kwlesson.LessonError):
        book.decode(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("name", BOOKS)
@MANY
@given(data=st.data())
def test_any_swap_of_neighbours_is_refused(name, data):
    book = BOOKS[name]
    code = book.encode(data.draw(answers_to(book))).replace("-", "")
    pairs = [at for at in range(len(code) - 1) if code[at] != code[at + 1]]
    at = data.draw(st.sampled_from(pairs))
    with pytest.raises(kwlesson.LessonError):
        book.decode(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_a_code_cut_off_is_refused(book, cut):
    with pytest.raises(kwlesson.LessonError, match=r"mistyped|other questions"):
        book.decode(book.encode({})[:-cut])


def test_small_letters_blanks_and_lookalikes_are_read_as_meant(book):
    answers = {one.id: one.choices[-1] for one in book.questions if one.kind == "choice"}
    code = book.encode(answers)
    sloppy = PREFIX.lower() + code[3:].lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert book.decode(sloppy) == answers


def test_a_code_holds_choices_and_ratings_and_never_words_or_a_name(book):
    answers = {one.id: one.choices[0] for one in book.questions if one.kind == "scale"}
    spoken = {key: {"choice": choice, "reason": "because"} for key, choice in answers.items()}
    written = {"name": "Ada", "argument": {"claim": "mine"}}
    assert book.encode(spoken | written) == book.encode(answers)
    assert book.decode(book.encode(spoken | written)) == answers


def test_a_code_takes_at_most_four_characters_a_question(book):
    assert len(book.encode({})) <= max(4 * len(book.questions), 16)


@pytest.mark.parametrize("odd", [None, 7, "no-such-choice", {"choice": ["x"]}, ["no-such"], {}])
def test_an_odd_answer_makes_no_code_fail(book, odd):
    code = book.encode({one.id: odd for one in book.questions})
    ticked_nothing = {
        one.id: [] for one in book.questions if one.kind == "evidence" and odd == ["no-such"]
    }
    assert book.decode(code) == ticked_nothing


def test_a_code_of_other_questions_is_refused_with_its_reason():
    first, second = BOOKS.values()
    with pytest.raises(kwlesson.LessonError, match="other questions"):
        second.decode(first.encode({}))
