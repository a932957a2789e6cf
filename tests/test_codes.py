"""An answer code carries choices alone, comes back as it went, and is refused when mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kwlesson
from kwlesson.codes import PREFIX, Codebook, read_chat

LESSONS = {"the lesson": kwlesson.load(), "the invented lesson": kwlesson.load(kwlesson.FICTIONAL)}
BOOKS = {name: Codebook(lesson) for name, lesson in LESSONS.items()}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=200)


@pytest.fixture(params=BOOKS.values(), ids=list(BOOKS))
def book(request):
    return request.param


def answers_to(book):
    """Any answers to some of the questions."""
    one = {
        place.question: st.lists(st.sampled_from(place.choices), unique=True).map(
            lambda ticked, all_of=place.choices: [one for one in all_of if one in ticked]
        )
        if place.kind == "evidence"
        else st.sampled_from(place.choices)
        for place in book.places
    }
    return st.fixed_dictionaries({}, optional=one)


@pytest.mark.parametrize("name", BOOKS)
@STEADY
@given(data=st.data())
def test_a_code_read_gives_the_answers_written(name, data):
    book = BOOKS[name]
    answers = data.draw(answers_to(book))
    assert book.decode(book.encode(answers)) == answers


@pytest.mark.parametrize("name", BOOKS)
@STEADY
@given(data=st.data())
def test_any_one_wrong_character_is_refused(name, data):
    book = BOOKS[name]
    code = book.encode(data.draw(answers_to(book)))
    place = data.draw(st.sampled_from([at for at, sign in enumerate(code) if sign != "-"]))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != code[place]]))
    with pytest.raises(kwlesson.LessonError):
        book.decode(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("name", BOOKS)
@STEADY
@given(data=st.data())
def test_any_swap_of_neighbours_is_refused(name, data):
    book = BOOKS[name]
    code = book.encode(data.draw(answers_to(book))).replace("-", "")
    pairs = [at for at in range(len(code) - 1) if code[at] != code[at + 1]]
    at = data.draw(st.sampled_from(pairs))
    with pytest.raises(kwlesson.LessonError):
        book.decode(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def test_every_single_slip_in_one_code_is_refused(book):
    code = book.encode({place.question: place.choices[:1] for place in book.places})
    slips = [
        code[:at] + wrong + code[at + 1 :]
        for at, sign in enumerate(code)
        for wrong in ALPHABET
        if sign not in {"-", wrong}
    ]
    read = read_chat("\n".join(slips), [book])
    assert read.answers == []
    assert len(slips) > 200
    # Even where the slip is in the prefix, the teacher is told of the code and its line.
    assert [line.split(":")[0] for line in read.refused] == [
        f"line {number}" for number in range(1, len(slips) + 1)
    ]


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_a_code_cut_off_is_refused(book, cut):
    with pytest.raises(kwlesson.LessonError, match=r"mistyped|other questions"):
        book.decode(book.encode({})[:-cut])


def test_small_letters_blanks_and_lookalikes_are_read_as_meant(book):
    answers = {place.question: place.choices[-1] for place in book.places if place.kind == "choice"}
    code = book.encode(answers)
    sloppy = PREFIX.lower() + code[3:].lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert book.decode(sloppy) == answers


def test_a_code_holds_choices_and_ratings_and_never_words_or_a_name(book):
    answers = {place.question: place.choices[0] for place in book.places if place.kind == "scale"}
    spoken = {key: {"choice": choice, "reason": "because"} for key, choice in answers.items()}
    written = {"name": "Ada", "argument": {"claim": "mine"}}
    assert book.encode(spoken | written) == book.encode(answers)
    assert book.decode(book.encode(spoken | written)) == answers


def test_a_code_takes_at_most_four_characters_a_question(book):
    assert len(book.encode({})) <= max(4 * len(book.places), 16)


@pytest.mark.parametrize("odd", [None, 7, "no-such-choice", {"choice": ["x"]}, ["no-such"], {}])
def test_an_odd_answer_makes_no_code_fail(book, odd):
    code = book.encode({place.question: odd for place in book.places})
    ticked_nothing = {
        place.question: []
        for place in book.places
        if place.kind == "evidence" and odd == ["no-such"]
    }
    assert book.decode(code) == ticked_nothing


def test_a_code_of_other_questions_is_refused_with_its_reason():
    first, second = BOOKS.values()
    with pytest.raises(kwlesson.LessonError, match="other questions"):
        second.decode(first.encode({}))
    assert read_chat(first.encode({}), [second, first]).answers == [{}]


def test_a_chat_is_read_with_its_chatter():
    book = BOOKS["the invented lesson"]
    first, second = book.encode({"who-saw": "keeper"}), book.encode({"who-saw": "master"})
    chat = f"""[10:31] Ada L.: mine is {first}!
    Ben (he/him): lol; see https://example.org/a-b-c-d and well-known state-of-the-art words
    Ben (he/him): {second.lower()} , sorry I mean ({first})
    Cleo: {second[:-1]}{"0" if second[-1] != "0" else "1"}
    """
    read = read_chat(chat, BOOKS.values())
    assert [one["who-saw"] for one in read.answers] == ["keeper", "master", "keeper"]
    assert len(read.refused) == 1
    assert read.refused[0].startswith("line 4: ")
    assert "mistyped" in read.refused[0]
